"""Figures are written whole, in the formats that there are; and what counts as legible."""

from __future__ import annotations

import matplotlib
import numpy as np
import pytest
from legible import check_legible, words
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure

from pynn_backprop import plots
from pynn_backprop.circuit.parameters import Parameters
from pynn_backprop.circuit.training import training_circuit
from pynn_backprop.errors import InputError
from pynn_backprop.figures.decision import AREAS
from pynn_backprop.plots import parts, style
from pynn_backprop.plots.diagram_arrows import COLOURS, INHIBITS, PLASTIC
from pynn_backprop.simulation.backends.registry import written


def test_overlapping_texts_are_seen():
    figure = Figure()
    for n in range(11):
        figure.text(0.1, 0.05 + n / 12, f"line {n}", fontsize=9)
    check_legible(figure)
    figure.text(0.12, 0.06, "over it")
    with pytest.raises(AssertionError, match=r"'line 0' lies on 'over it'"):
        check_legible(figure)


@pytest.mark.parametrize("suffix", [".png", ".pdf", ".svg"])
def test_figures_are_written_whole(tmp_path, suffix):
    path = tmp_path / f"circuit{suffix}"
    path.write_text("old")
    plots.save(plots.draw_circuit(training_circuit((4, 2))), path)
    start = {".png": b"\x89PNG", ".pdf": b"%PDF", ".svg": b"<?xml"}[suffix]
    assert path.read_bytes().startswith(start)
    assert list(tmp_path.iterdir()) == [path]


def test_a_figure_that_can_not_be_drawn_leaves_the_old_file(tmp_path, monkeypatch):
    figure, path = Figure(), tmp_path / "figure.png"
    path.write_text("old")
    monkeypatch.setattr(figure, "savefig", lambda *args, **kwargs: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        plots.save(figure, path)
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("name", ["figure.docx", "figure"])
def test_an_unknown_format_is_refused(tmp_path, name):
    with pytest.raises(InputError, match="the format of the figure"):
        plots.save(Figure(), tmp_path / name)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("suffix", ["svg", "pdf", "png"])
def test_the_same_figure_is_written_as_the_same_bytes(tmp_path, suffix):
    for name in ("one", "two"):
        plots.save(plots.draw_circuit(training_circuit((4, 2))), tmp_path / f"{name}.{suffix}")
    assert (tmp_path / f"one.{suffix}").read_bytes() == (tmp_path / f"two.{suffix}").read_bytes()


def test_text_stays_text_in_svg(tmp_path):
    plots.save(plots.draw_circuit(training_circuit((4, 2))), tmp_path / "circuit.svg")
    drawn = (tmp_path / "circuit.svg").read_text()
    assert ">output layer</text>" in drawn
    assert "#DejaVuSans-" not in drawn  # what glyphs drawn as paths would be called


def test_figures_are_180_mm_wide_or_as_wide_as_is_asked_for():
    assert [figure.get_figwidth() * 25.4 for figure in (style.new_figure(50), style.new_figure(50, 120))] == [
        pytest.approx(180),
        pytest.approx(120),
    ]


@pytest.mark.parametrize("width", [119.9, 1001, float("nan"), "180", True])
def test_a_width_without_room_for_text_is_refused(width):
    with pytest.raises(InputError, match=r"width is .* but must be a number from 120 to 1000"):
        style.new_figure(50, width)


@pytest.mark.parametrize("dpi", [19, 2401, float("inf")])
def test_a_resolution_that_can_not_be_meant_is_refused(tmp_path, dpi):
    with pytest.raises(InputError, match=r"dpi is .* but must be a number from 20 to 2400"):
        plots.save(Figure(), tmp_path / "figure.png", dpi)
    assert not list(tmp_path.iterdir())


def test_styled_drawing_leaves_the_settings_of_others_alone():
    before = matplotlib.rcParams["svg.fonttype"], matplotlib.rcParams["font.size"]
    assert style.styled(lambda: matplotlib.rcParams["font.size"])() == style.MIDDLE
    assert (matplotlib.rcParams["svg.fonttype"], matplotlib.rcParams["font.size"]) == before


def brightness(colour: str) -> float:
    """As of a grey picture, 0 to 1."""
    return float(np.dot(to_rgb(colour), (0.299, 0.587, 0.114)))


def test_plastic_weights_and_errors_differ_and_inhibition_is_neither():
    assert len({COLOURS[PLASTIC], COLOURS[INHIBITS], parts.ROLES["error"][0]}) == 3


def test_potentiation_and_depression_can_be_told_apart_in_grey():
    (plus, *_), (minus, *_) = parts.LEARNING
    assert brightness(plus) - brightness(minus) > 0.05


def test_who_wins_can_be_told_apart_in_grey():
    steps = np.diff([brightness(colour) for colour in AREAS])
    assert np.all(steps > 0.2)


def test_a_circuit_that_thins_says_what_its_rotor_does():
    circuit = training_circuit((20, 12, 4), Parameters(thinning=4))
    shown = words(plots.draw_circuit(circuit))
    assert "1 of 4 learns" in shown
    assert "lifts λ" not in shown


@pytest.mark.parametrize(
    ("name", "shown"),
    [("nest", "NEST"), ("brian2:numpy", "Brian2:numpy"), ("pyNN.nest", "NEST"), ("reference", "reference")],
)
def test_simulators_are_written_as_their_makers_write_them(name, shown):
    assert written(name) == shown
