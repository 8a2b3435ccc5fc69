"""Every figure: legible, and the same when drawn again from its file."""

from __future__ import annotations

import neo
import numpy as np
import pytest
from figure_blocks import MAKERS, NOT_RANDOM, SLOW_TO_WRITE, block_for
from legible import check_legible, words
from matplotlib.figure import Figure
from sources import ROOT

from pynn_backprop.circuit.chain import chain_circuit
from pynn_backprop.circuit.training import training_circuit
from pynn_backprop.cli import figures as figures_command
from pynn_backprop.codes.graded import Graded
from pynn_backprop.errors import InputError
from pynn_backprop.figures import copy, recorded, table
from pynn_backprop.recording import blocks as recording


def drawn(figure: Figure) -> str:
    """All that can be seen, as text."""
    lines = [line.get_xydata() for axes in figure.axes for line in axes.lines]
    bars = [path.vertices for axes in figure.axes for found in axes.collections for path in found.get_paths()]
    return repr([words(figure), *(np.round(data, 6).tolist() for data in (*lines, *bars))])


# --- every figure


def test_there_is_a_test_for_every_figure_and_the_command_knows_all():
    assert tuple(MAKERS) == tuple(table.FIGURES) == figures_command.NAMES


def test_the_pages_about_the_paper_have_the_command_of_every_figure():
    pages = "".join(page.read_text(encoding="utf-8") for page in (ROOT / "docs").glob("paper*.md"))
    assert [name for name in figures_command.NAMES if f"figures {name} " not in pages] == []


@pytest.mark.parametrize("name", MAKERS)
def test_every_figure_is_180_mm_wide_and_no_text_lies_on_another(name):
    figure = table.FIGURES[name].draw(block_for(name))
    assert figure.get_figwidth() * 25.4 == pytest.approx(180)
    check_legible(figure)


WIDTHS = [(name, width) for name, recipe in table.FIGURES.items() for width in (recipe.least, 240) if name != "circuit"]
QUICK = (("fig1", 150), ("contrast", 150), ("mean-field", 150))
"""One whose legend, one whose words, and one whose heads have no room there as they are at 180 mm."""


@pytest.mark.parametrize(
    ("name", "width"), [pytest.param(*each, marks=[] if each in QUICK else pytest.mark.slow) for each in WIDTHS]
)
def test_no_text_lies_on_another_at_another_width(name, width):
    figure = table.FIGURES[name].draw(block_for(name), width)
    assert figure.get_figwidth() * 25.4 == pytest.approx(width)
    check_legible(figure)


def test_the_quick_cases_are_among_the_narrowest():
    assert set(QUICK) <= set(WIDTHS)


def test_a_figure_is_not_written_narrower_than_it_can_be_read(tmp_path):
    with pytest.raises(InputError, match=r"width is 149 mm but must be at least 150 mm for the figure fig2"):
        table.write_figure("fig2", block_for("fig2"), tmp_path, width=149)
    assert not list(tmp_path.iterdir())


def test_samples_whose_words_need_more_width_say_how_much():
    with pytest.raises(
        InputError, match=r"width is 120 mm but must be at least 1\d\d mm for the words '.* synaptic events'"
    ):
        table.FIGURES["contrast"].draw(block_for("contrast"), 120)


def test_a_drawing_that_needs_more_width_says_how_much():
    with pytest.raises(InputError, match=r"width is 150 mm but must be at least 173 mm for this circuit"):
        table.FIGURES["circuit"].draw(block_for("circuit"), 150)


@pytest.mark.parametrize("name", [pytest.param(name, marks=SLOW_TO_WRITE.get(name, ())) for name in MAKERS])
def test_files_are_written_and_the_same_figure_can_be_drawn_from_the_recording(name, tmp_path):
    files = table.write_figure(name, block_for(name), tmp_path)
    assert [path.name for path in files] == [f"{name}{suffix}" for suffix in (".png", ".svg", ".nix", ".txt")]
    assert sorted(tmp_path.iterdir()) == sorted(files)
    assert "<svg" in files[1].read_text()
    assert "</text>" in files[1].read_text()
    recipe, again = table.FIGURES[name], table.redrawn(name, files[2])
    assert files[3].read_text() == recipe.caption(again) + "\n"
    assert drawn(recipe.draw(again)) == drawn(recipe.draw(block_for(name)))


@pytest.mark.parametrize("name", MAKERS)
def test_the_caption_names_the_platform(name):
    platform = block_for(name).annotations["platform"]
    assert f"on {platform}" in table.FIGURES[name].caption(block_for(name))


@pytest.mark.parametrize("name", [name for name in MAKERS if name not in NOT_RANDOM])
def test_the_caption_names_the_seed(name):
    assert f"seed {block_for(name).annotations['seed']}" in table.FIGURES[name].caption(block_for(name))


# --- blocks


def test_a_block_describes_the_circuit_with_its_code():
    assert recorded.circuit_of(block_for("fig2")) == training_circuit((4, 3), code=Graded(32), form="published")
    chain = chain_circuit(1, copy.POPULATIONS, Graded(32, "rotating"), copy.ROUTES)
    assert recorded.circuit_of(block_for("copy")) == chain
    assert recorded.described(block_for("cycle")) == "3-3-1 with 32 neurons a unit"


def test_signals_come_back_in_their_shape_after_a_file(tmp_path):
    values = np.arange(24.0).reshape(2, 3, 4)
    block = neo.Block()
    block.segments = [neo.Segment(name="numbers")]
    recorded.add_signals(block.segments[0], np.array([0, 5]), 7, {"numbers": values})
    recording.save(block, tmp_path / "file.nix")
    segment = recording.load(tmp_path / "file.nix").segments[0]
    shown, found = recorded.signal_of(segment, "numbers")
    assert shown.tolist() == [0, 5]
    np.testing.assert_array_equal(found, values)
    with pytest.raises(InputError, match="has no signal 'others'; it has numbers"):
        recorded.signal_of(segment, "others")
