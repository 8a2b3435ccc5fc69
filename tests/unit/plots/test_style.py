"""Figures are written whole, in the formats that there are; and what counts as legible."""

from __future__ import annotations

import pytest
from legible import check_legible
from matplotlib.figure import Figure

from pynn_backprop import plots
from pynn_backprop.circuit.training import training_circuit
from pynn_backprop.errors import InputError


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
