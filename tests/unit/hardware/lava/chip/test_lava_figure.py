"""The picture of how full the cores are, by value: what is drawn where, how high, in which colour, with which words."""

from __future__ import annotations

import functools
from typing import Any

import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import to_hex
from matplotlib.figure import Figure
from matplotlib.image import imread
from matplotlib.patches import Rectangle
from matplotlib.text import Text

from hardware.lava.chip.demand import Need
from hardware.lava.chip.figure import mapping_figure
from hardware.lava.chip.placement import Core, Placement
from pynn_backprop import plots
from pynn_backprop.plots import style

GREY, ORANGE, BLUE, GREEN = (to_hex(colour) for colour in (style.GREY, style.ORANGE, style.BLUE, style.GREEN))


def core(first: int, populations: tuple[tuple[str, int], ...], axons: int = 0, **changes: Any) -> Core:
    values = {name: 0 for name in ("static_synapses", "plastic_synapses", "static_bits", "plastic_bits", "input_axons")}
    values |= {"room": 1024, "formats": 0, "thresholds": 1, "decays": 1, "decays_clash": False}
    size = sum(share for _, share in populations)
    return Core(first, Need(compartments=size, **(values | changes)), axons, populations, "")


CORES = (
    core(
        0,
        (("a", 256), ("b", 256)),
        2048,
        static_bits=2**18,
        plastic_bits=2**19,
        input_axons=1024,
        plastic_synapses=9000,
    ),
    core(512, (("b", 512),), 1024, static_bits=2**17, input_axons=512, room=512, static_synapses=1_000),
    core(1024, (("c", 128),), static_bits=2**10),
)
PLACEMENT = Placement(CORES, 77, 1024)
MANY = Placement(tuple(core(k, (("a", 1),), axons=k) for k in range(200)), 0, 1)


@functools.cache
def drawn(placement: Placement = PLACEMENT, title: str = "") -> Figure:
    return mapping_figure(placement, title)


def bars(axes: Any) -> list[tuple[float, float, float, float, str]]:
    """Left, width, bottom, height and colour of the rectangles."""
    rectangles = [patch for patch in axes.patches if isinstance(patch, Rectangle)]
    sizes = [(bar.get_x(), bar.get_width(), bar.get_y(), bar.get_height()) for bar in rectangles]
    return [(*np.round(size, 4), to_hex(bar.get_facecolor())) for size, bar in zip(sizes, rectangles, strict=True)]


def words(axes: Any) -> list[tuple[str, tuple[float, float]]]:
    return [(text.get_text(), text.get_position()) for text in axes.texts if text.get_text()]


# --- the whole


def test_it_is_180_mm_wide_and_has_a_row_for_each_thing():
    figure = drawn()
    assert (figure.get_size_inches() * 25.4).tolist() == [pytest.approx(180), pytest.approx(112.5)]
    assert (figure.get_size_inches() * figure.dpi).tolist() == [pytest.approx(1600), pytest.approx(1000)]
    places = [axes.get_position().bounds for axes in figure.axes]
    bottoms, heights = (np.round([place[k] * 1000 for place in places], 6).tolist() for k in (1, 3))
    assert bottoms == [855, 650, 450, 300, 150, 70]
    assert heights == [36, 160, 160, 110, 110, 40]
    assert {(round(left * 1600), round((left + width) * 1600)) for left, _, width, _ in places} == {(250, 1565)}
    assert not any(axes.spines[side].get_visible() for axes in figure.axes for side in ("top", "right"))


def test_the_words_around_it():
    said = [(text.get_text(), np.round(text.get_position(), 3).tolist(), text.get_fontsize()) for text in drawn().texts]
    assert said == [
        ("3 of the 128 cores of a chip", [0.156, 0.965], style.LARGE),
        ("1,152 compartments, 77 inputs, 10,000 synapses, 9,000 of them learning", [0.156, 0.932], style.MIDDLE),
        (
            "Computed from the network; nothing has run on a chip. Percentages are of what a core has (dashed line).",
            [0.156, 0.02],
            style.SMALL,
        ),
    ]
    assert drawn(title="A network").texts[0].get_text() == "A network: 3 of the 128 cores of a chip"
    static = Placement(CORES[1:], 7, 1024)
    assert drawn(static).texts[1].get_text() == "640 compartments, 7 inputs, 1,000 synapses"


def test_each_row_has_its_name_and_what_its_bars_are_shares_of():
    names = [[text for text, place in words(axes) if place[0] == -0.054] for axes in drawn().axes]
    assert names == [
        ["cores in use", "of 128 a chip"],
        ["compartments", "of 512 to 1,024"],
        ["synaptic memory", "of 128 KB"],
        ["input axons", "of 4,096"],
        ["output axons", "of 4,096"],
        ["populations"],
    ]


# --- the chips


def test_the_cores_in_use_are_filled_and_the_others_grey():
    cells = bars(drawn().axes[0])
    assert cells == [(k, 1, 0, 1, BLUE if k < 3 else "#e4e4e4") for k in range(128)]
    assert drawn().axes[0].get_xlim() == (0, 128)


def test_chips_are_told_apart():
    axes = drawn(MANY).axes[0]
    assert len(bars(axes)) == 2 * 128
    (lines,) = axes.collections
    assert [segment[0][0] for segment in lines.get_segments()] == [0, 128, 256]
    (marks,) = drawn(MANY).axes[1].collections
    assert [segment[0][0] for segment in marks.get_segments()] == [128]


# --- what the cores hold


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        (1, [(0.08, 0, 0.5, GREY), (1.08, 0, 1.0, GREY), (2.08, 0, 0.125, GREY)]),
        (
            2,
            [
                (0.08, 0, 0.5, ORANGE), (1.08, 0, 0, ORANGE), (2.08, 0, 0, ORANGE),
                (0.08, 0.5, 0.25, BLUE), (1.08, 0, 0.125, BLUE), (2.08, 0, 0.001, BLUE),
            ],
        ),
        (3, [(0.08, 0, 0.25, GREEN), (1.08, 0, 0.125, GREEN), (2.08, 0, 0, GREEN)]),
        (4, [(0.08, 0, 0.5, GREEN), (1.08, 0, 0.25, GREEN), (2.08, 0, 0, GREEN)]),
    ],
)  # fmt: skip
def test_bars_are_shares_of_what_a_core_has(row, expected):
    found = bars(drawn().axes[row])
    assert [(left, bottom, height, colour) for left, _, bottom, height, colour in found] == expected
    assert {width for _, width, _, _, _ in found} == {0.84}


def test_the_amounts_stand_above_the_bars():
    amounts = [[text.get_text() for text in axes.texts if text.get_text() and text.get_position()[0] >= 0] for axes in (
        drawn().axes[1:5]
    )]  # fmt: skip
    amounts = [[text for text in row if text[0].isdigit()] for row in amounts]
    assert amounts == [["512", "512", "128"], ["96", "16", "0"], ["1,024", "512", "0"], ["2,048", "1,024", "0"]]
    above = [(text.xy[0], round(text.xy[1], 4)) for text in drawn().axes[2].texts if hasattr(text, "xy")]
    assert above == [(0.5, 0.75), (1.5, 0.125), (2.5, 0.001)]


@pytest.mark.parametrize(
    ("bits", "top", "labels"),
    [
        (2**20, 1.0, ["0%", "50%", "100%"]),
        (2**19, 0.5, ["0%", "25%", "50%"]),
        (2**19 + 1, 1.0, ["0%", "50%", "100%"]),
        (2**16, 0.1, ["0%", "5%", "10%"]),
        (2**12, 0.01, ["0.0%", "0.5%", "1.0%"]),
    ],
)
def test_an_axis_ends_where_all_bars_can_be_read(bits, top, labels):
    axes = drawn(Placement((core(0, (("a", 1),), static_bits=bits),), 0, 1024)).axes[2]
    assert axes.get_ylim() == (0, pytest.approx(1.19 * top))
    assert [label.get_text() for label in axes.get_yticklabels()] == labels


def test_a_line_shows_what_a_core_has_and_a_legend_what_learns():
    for row in range(1, 5):
        (line,) = drawn().axes[row].lines
        assert list(line.get_ydata()) == [1, 1]
    legends = [axes.get_legend() for axes in drawn().axes]
    assert [legend is not None for legend in legends] == [False, False, True, False, False, False]
    keys = [
        (text.get_text(), to_hex(patch.get_facecolor()))
        for text, patch in zip(legends[2].get_texts(), legends[2].get_patches(), strict=True)
    ]
    assert keys == [("plastic synapses", ORANGE), ("static synapses", BLUE)]


# --- the populations


def test_a_population_is_a_band_from_its_first_to_its_last_compartment():
    axes = drawn().axes[5]
    assert bars(axes) == [
        (0, 0.5, 0, 1, "#dce6ee"), (0.5, 1.5, 0, 1, "#f2ebdd"), (2, 1, 0, 1, "#dce6ee"),
    ]  # fmt: skip
    assert [(text, place) for text, place in words(axes) if place[0] >= 0] == [
        ("a", (0.25, 0.48)), ("b", (1.25, 0.48)), ("c", (2.5, 0.48)),
    ]  # fmt: skip
    assert axes.get_xlabel() == "core"
    assert axes.get_xlim() == (0, 3)
    assert [(label.get_text(), label.get_position()[0]) for label in axes.get_xticklabels()] == [
        ("0", 0.5), ("1", 1.5), ("2", 2.5),
    ]  # fmt: skip


def test_a_name_is_left_out_where_it_does_not_fit():
    cores = (core(0, (("a very long name indeed", 1), ("b", 99))), *(core(k, (("c", 1),)) for k in range(1, 8)))
    found = [text for text, place in words(drawn(Placement(cores, 0, 1024)).axes[5]) if place[0] >= 0]
    assert found == ["b", "c"]


def test_many_cores_stand_without_gaps_or_numbers():
    axes = drawn(MANY).axes
    assert {width for _, width, _, _, _ in bars(axes[4])} == {1}
    assert [text for text, place in words(axes[4]) if place[0] >= 0] == []
    assert [label.get_text() for label in axes[5].get_xticklabels()] == [str(k) for k in range(0, 200, 10)]
    assert len(axes[5].collections) == 0
    assert len(drawn().axes[5].collections) == 1


def test_it_can_be_written_as_png_and_svg(tmp_path):
    plots.save(mapping_figure(PLACEMENT), tmp_path / "map.png")
    assert imread(tmp_path / "map.png").shape[1] == 1600
    plots.save(mapping_figure(PLACEMENT, width=240), tmp_path / "map.svg")
    assert "<svg" in (tmp_path / "map.svg").read_text()


def shown(figure: Figure) -> list[tuple[str, Any]]:
    """The texts that a reader sees, and where they are."""
    canvas = FigureCanvasAgg(figure)
    canvas.draw()
    hidden = {
        label
        for axes in figure.axes
        for axis in (axes.xaxis, axes.yaxis)
        for label in axis.get_ticklabels()
        if not axes.axison or (axis is axes.xaxis and not axis.get_tick_params()["labelbottom"])
    }
    texts = [text for text in figure.findobj(Text) if text.get_visible() and text.get_text() and text not in hidden]
    return [(text.get_text(), text.get_window_extent(canvas.get_renderer())) for text in texts]


def busy(n_cores: int) -> Placement:
    """Cores of different fullness, each with three populations, of which neighbours share one."""
    amounts = np.linspace(1, 0, n_cores)
    return Placement(
        tuple(
            core(
                300 * k,
                ((f"pop{k}", 100), ("h_low", 150), (f"pop{k + 1}", 50)),
                int(4096 * amount),
                static_bits=int(2**19 * amount),
                plastic_bits=int(2**19 * amount),
                input_axons=int(4096 * amount),
                plastic_synapses=1000,
            )
            for k, amount in enumerate(amounts)
        ),
        411,
        1024,
    )


@pytest.mark.parametrize("n_cores", [6, 81, 200])
def test_no_text_lies_on_another_or_beyond_the_edge(n_cores):
    figure = mapping_figure(busy(n_cores), "Training circuit 400-400-10")
    texts = shown(figure)
    whole = figure.bbox
    for place, (text, box) in enumerate(texts):
        assert whole.x0 <= box.x0 <= box.x1 <= whole.x1, text
        assert whole.y0 <= box.y0 <= box.y1 <= whole.y1, text
        for other, over in texts[place + 1 :]:
            assert not box.shrunk(0.9, 0.8).overlaps(over.shrunk(0.9, 0.8)), (text, other)
