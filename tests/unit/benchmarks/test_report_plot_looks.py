"""How the plots look: what can be read, what stands where, and what is fainter than what."""

from __future__ import annotations

from collections.abc import Iterator

import matplotlib
import pytest
from benchmark_rows import made, main_group
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.legend import Legend
from matplotlib.transforms import Bbox

from benchmarks.report.plots.accuracy_energy import accuracy_and_energy
from benchmarks.report.plots.curves import learning_curves
from benchmarks.report.plots.dots import Dot, dot_plot
from benchmarks.report.plots.drawing import KEY_ROW, MOST_TICKS, decade, drawing, logarithmic
from benchmarks.report.plots.energy_delay import energy_delay
from benchmarks.report.plots.plot import RC, Plot
from benchmarks.report.plots.scaling import scaling
from benchmarks.report.plots.spikes import spikes_by_layer
from benchmarks.report.plots.time import time_per_sample
from benchmarks.report.summary import lines_of
from benchmarks.rows import MEASURED, TRAINING, Row
from pynn_backprop.plots.style import WIDTH


def curved(platform: str, **changes: object) -> Row:
    """A row with a learning curve."""
    points = [{"shown": shown, "seconds": shown / 100, "right": right} for shown, right in ((20, 0.5), (60, 0.8))]
    return made(platform, "v", validation=9, joule=None, **changes) | {"curve": points}


def curves(number: int) -> Plot:
    return learning_curves(main_group([curved(f"p{k}") for k in range(number)]))


def grown(platforms: int, depths: bool = False) -> Plot:
    sizes = [[4, *[6] * (depth - 1), 2] for depth in (1, 2, 3)] if depths else [[4, n, 2] for n in (10, 30, 90)]
    rows = [
        made(f"p{k}", "v", 0.3 * sum(size), layer_sizes=size, form="compact", joule=None)
        for k in range(platforms)
        for size in sizes
    ]
    (plot,) = scaling("mnist", lines_of(rows))
    return plot


@pytest.fixture(scope="module")
def plots() -> Iterator[dict[str, Plot]]:
    """A plot of each kind, of few rows, with everything in its place."""
    group = main_group([made("nest", "compiled", 5.0, kind="measured"), made("lava", "fast", 9.0, joule=0.003)])
    with matplotlib.rc_context(RC):
        found = {
            "time": time_per_sample(group),
            "energy x time": energy_delay(group),
            "spikes": spikes_by_layer(main_group([made("nest", "compiled")])),
            "accuracy": accuracy_and_energy(group),
            "curves": curves(4),
            "scaling": grown(2),
        }
        for plot in found.values():
            plot.figure.draw_without_rendering()
        yield found


ALL = ("time", "energy x time", "spikes", "accuracy", "curves", "scaling")


def the_key(plot: Plot) -> Legend:
    (found,) = plot.figure.legends
    return found


def boxes(legend: Legend) -> list[Bbox]:
    return [text.get_window_extent() for text in legend.get_texts()]


# --- figures and panels


@pytest.mark.parametrize("name", ALL)
def test_a_plot_is_as_wide_as_all_figures_and_its_key_lies_beside_the_panels(plots, name):
    figure, legend = plots[name].figure, the_key(plots[name])
    assert figure.get_figwidth() == WIDTH
    there = legend.get_window_extent()
    assert figure.bbox.padded(1).contains(*there.min)
    assert figure.bbox.padded(1).contains(*there.max)
    assert not [axes for axes in figure.axes if axes.get_tightbbox().overlaps(there)]


@pytest.mark.parametrize(
    ("name", "least", "most"),
    [("accuracy", 1 / 3, 1 / 2), ("curves", 1 / 2, 1), ("scaling", 1, 3 / 2), ("spikes", 1 / 4, 1 / 2)],
)
def test_panels_are_neither_flat_nor_tall(plots, name, least, most):
    for axes in plots[name].figure.axes:
        assert least < axes.bbox.height / axes.bbox.width < most


def test_a_longer_key_makes_the_figure_taller():
    assert drawing(2.0).get_size_inches() == pytest.approx((WIDTH, 2.0))
    assert [drawing(2.0, n).get_figheight() for n in (1, 3, 4)] == pytest.approx([2 + KEY_ROW * k for k in (1, 1, 2)])
    assert drawing(2.0, 3, columns=1).get_figheight() == pytest.approx(2 + KEY_ROW * 3)


def many(number: int) -> Plot:
    return accuracy_and_energy(main_group([made(f"p{k}", "v", counts={}) for k in range(number)]))


@pytest.mark.parametrize(("plot", "full_row"), [(curves, 3), (grown, 1), (many, 3)])
def test_what_has_many_entries_in_its_key_is_taller(plot, full_row):
    few, more = (plot(number).figure.get_figheight() for number in (full_row, full_row + 1))
    assert more - few == pytest.approx(KEY_ROW)


def test_a_row_of_the_key_is_as_tall_as_one_more_makes_the_figure(plots):
    first, *_, last = (box.y0 for box in boxes(the_key(plots["scaling"])))
    assert (first - last) / plots["scaling"].figure.dpi == pytest.approx(KEY_ROW, abs=0.02)


@pytest.mark.parametrize(("number", "least", "most"), [(3, 2.5, 4), (9, 2, 3)])
def test_rows_of_dots_stand_about_as_far_apart_however_many_there_are(number, least, most):
    dot, line_of_text = Dot(TRAINING, MEASURED, 2.0, 1.0, 3.0), 8 / 72
    with matplotlib.rc_context(RC):
        figure = dot_plot({f"p{k}": [dot] for k in range(number)}, "x", str)
        figure.draw_without_rendering()
    apart = figure.axes[0].bbox.height / figure.dpi / number
    assert least < apart / line_of_text < most


@pytest.mark.parametrize("bars", [1, 3])
def test_bars_of_spikes_do_not_touch_and_stand_as_far_apart_however_many_there_are(bars):
    rows = [made(f"p{k}", "v") for k in range(bars)]
    for k, row in enumerate(rows):
        row["counts"] = {**row["counts"], "inference": {}, "spikes_per_sample": {"h": 5.0 + k}}
    plot = spikes_by_layer(main_group(rows))
    axes = plot.figure.axes[0]
    assert plot.figure.get_figheight() == pytest.approx(1.5 + 0.55 * bars)
    assert len(axes.get_yticks()) == bars
    assert len(the_key(plot).get_texts()) == 4
    assert {round(bar.get_height(), 9) for bar in axes.patches} == {0.6}


# --- the key


@pytest.mark.parametrize(
    ("name", "rows", "columns"),
    [
        ("time", 1, 2),
        ("energy x time", 1, 2),
        ("spikes", 1, 4),
        ("accuracy", 3, 3),
        ("curves", 2, 3),
        ("scaling", 2, 1),
    ],
)
def test_entries_of_a_key_stand_beside_each_other_where_there_is_room(plots, name, rows, columns):
    found = boxes(the_key(plots[name]))
    assert (len({round(box.y0) for box in found}), len({round(box.x0) for box in found})) == (rows, columns)


def test_the_key_has_no_frame_and_smaller_words(plots):
    for plot in plots.values():
        assert not the_key(plot).get_frame_on()
        assert {text.get_fontsize() for text in the_key(plot).get_texts()} == {7}


# --- axes


def lines_of_the_grid(axis: Axis) -> list[float]:
    """How strong those are that are drawn."""
    return [line.get_alpha() for line in axis.get_gridlines() if line.get_visible()]


@pytest.mark.parametrize("name", ALL)
def test_the_grid_is_faint_and_behind_what_is_drawn(plots, name):
    for axes in plots[name].figure.axes:
        assert axes.get_axisbelow() is True
        assert lines_of_the_grid(axes.xaxis)
        of_values = name in ("accuracy", "curves", "scaling")
        assert bool(lines_of_the_grid(axes.yaxis)) is of_values
        assert all(alpha < 0.5 for axis in (axes.xaxis, axes.yaxis) for alpha in lines_of_the_grid(axis))


@pytest.mark.parametrize("name", ALL)
def test_axes_are_open_and_only_round_values_are_labelled(plots, name):
    for axes in plots[name].figure.axes:
        assert not axes.spines["top"].get_visible()
        assert not axes.spines["right"].get_visible()
        between = [text for axis in (axes.xaxis, axes.yaxis) for text in axis.get_ticklabels(minor=True)]
        assert not any(text.get_text() for text in between)
        assert {text.get_fontsize() for text in (axes.xaxis.label, axes.title)} == {8}


def test_shares_are_whole_per_cents(plots):
    for name in ("accuracy", "curves"):
        assert plots[name].figure.axes[0].yaxis.get_major_formatter()(0.926) == "93%"


def test_names_of_rows_have_no_ticks(plots):
    for name in ("time", "energy x time"):
        (axes,) = plots[name].figure.axes
        assert axes.yaxis.get_tick_params()["length"] == 0
        assert axes.xaxis.get_tick_params().get("length") != 0


@pytest.mark.parametrize(
    ("limits", "wanted"),
    [((1.0, 1000.0), (1.0, 1000.0)), ((2.0, 20.0), (1.0, 40.0)), ((1.0, 1.0), (0.05, 20.0))],
)
def test_a_logarithmic_axis_covers_more_than_a_decade(limits, wanted):
    assert decade(*limits) == pytest.approx(wanted)


@pytest.mark.parametrize("most", [1.1, 1e12])
def test_a_logarithmic_axis_has_few_ticks_but_more_than_one(most):
    axes: Axes = drawing(2.0).subplots()
    axes.plot([1.0, most], [0, 0])
    logarithmic(axes, str)
    low, high = axes.get_xlim()
    assert 2 <= sum(low <= tick <= high for tick in axes.get_xticks()) <= MOST_TICKS


# --- what is drawn


def test_a_range_ends_where_its_bar_does_and_is_narrower_than_its_point(plots):
    (axes,) = plots["time"].figure.axes
    bar, dot = axes.lines[:2]
    assert bar.get_solid_capstyle() == "butt"
    assert 1 < bar.get_linewidth() < dot.get_markersize() / 2


def test_lines_are_thinner_than_points_and_of_their_colour(plots):
    points, fitted, limit, *_ = plots["scaling"].figure.axes[0].lines
    assert 0 < fitted.get_linewidth() == limit.get_linewidth() < points.get_markersize() / 2
    assert points.get_color() == fitted.get_color() == limit.get_color()
    curve = plots["curves"].figure.axes[0].lines[0]
    assert 0.5 < curve.get_linewidth() < curve.get_markersize() / 2 < points.get_markersize() / 2


def test_an_open_point_can_be_told_from_a_full_one_and_is_whole_at_the_edge(plots):
    for point in plots["accuracy"].figure.axes[0].lines:
        assert 1 <= point.get_markeredgewidth() <= point.get_markersize() / 3
        assert not point.get_clip_on()


def test_the_sum_of_spikes_fits_beside_the_longest_bar_though_the_last_layer_is_silent():
    with matplotlib.rc_context(RC):
        row = made("nest", "compiled")
        row["counts"]["spikes_per_sample"] = {"h": 123_456.0}
        plot = spikes_by_layer(main_group([row]))
        plot.figure.draw_without_rendering()
    (axes,) = plot.figure.axes
    text, there = axes.texts[0].get_window_extent(), axes.bbox
    bar = max(patch.get_window_extent().x1 for patch in axes.patches)
    assert bar + 2 < text.x0
    assert text.x1 < there.x1
    assert bar > there.x0 + 0.75 * there.width
    assert (text.y0 + text.y1) / 2 == pytest.approx(axes.transData.transform((0, 0))[1], abs=2)


def test_sizes_stand_upright_where_they_may_be_long_and_between_them_are_no_ticks(plots):
    upright, level = plots["scaling"].figure.axes[0], grown(1, depths=True).figure.axes[0]
    assert {text.get_rotation() for text in upright.get_xticklabels()} == {90}
    assert {text.get_rotation() for text in level.get_xticklabels()} == {0}
    assert list(upright.xaxis.get_minorticklocs()) == []


def test_what_is_not_known_of_memory_is_left_out_of_its_panel_only():
    rows = [made("p", "v", 0.3 * n, layer_sizes=[4, n, 2], joule=None, peak_memory_MB=None) for n in (10, 30, 90)]
    (plot,) = scaling("mnist", lines_of(rows))
    assert [len(axes.lines) for axes in plot.figure.axes] == [3, 0, 2]
    assert len(the_key(plot).get_texts()) == 1
    assert plot.figure.axes[1].yaxis.get_major_formatter()(1234.0) == "1,234"
