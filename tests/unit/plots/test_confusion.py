"""Confusion matrices: counts, shares and a column for silence."""

from __future__ import annotations

import numpy as np
import pytest
from legible import check_legible
from matplotlib.axes import Axes

from pynn_backprop import plots
from pynn_backprop.errors import InputError
from pynn_backprop.learning.evaluation import Evaluation


def evaluation_of(answers: list[int], potentials: list[int], n_out: int) -> Evaluation:
    """Spikes of the neurons in `answers` (none where -1), and the largest potential at those in `potentials`."""
    classes = np.arange(n_out)
    return Evaluation(
        np.array(answers)[:, None] == classes, -5 * (np.array(potentials)[:, None] != classes).astype(int), 1.0
    )


def cells(axes: Axes) -> dict[tuple[int, int], str]:
    """The texts in the cells by row and column."""
    return {(round(y), round(x)): text.get_text() for text in axes.texts for x, y in [text.get_position()]}


LABELS = np.array([0, 0, 0, 1, 1, 2, 2, 2, 2])
ANSWERED = evaluation_of([0, 0, 1, 1, -1, 2, -1, -1, 0], [0, 0, 1, 1, 1, 2, 2, 1, 2], 3)


def test_confusion_counts_the_answers_to_each_label():
    left, right, _ = plots.confusion(ANSWERED, LABELS).axes
    assert cells(left) == {
        (0, 0): "2", (0, 1): "1", (1, 1): "1", (1, 3): "1", (2, 0): "1", (2, 2): "1", (2, 3): "2",
    }  # fmt: skip
    assert cells(right) == {(0, 0): "2", (0, 1): "1", (1, 1): "2", (2, 1): "1", (2, 2): "3"}
    assert left.get_title() == "by output spikes: 44.44% right"
    assert right.get_title() == "by potential: 77.78% right"


def test_confusion_tells_silence_in_a_column_of_its_own():
    left, right, _ = plots.confusion(ANSWERED, LABELS).axes
    assert [tick.get_text() for tick in left.get_xticklabels()] == ["0", "1", "2", "none"]
    assert left.get_xticks()[-1] == 3
    for axis in (left.yaxis, right.xaxis, right.yaxis):
        assert [tick.get_text() for tick in axis.get_ticklabels()] == ["0", "1", "2"]


def test_confusion_colours_the_shares_of_the_rows():
    (left, right, _) = plots.confusion(ANSWERED, LABELS).axes
    assert np.allclose(left.images[0].get_array(), [[2 / 3, 1 / 3, 0, 0], [0, 0.5, 0, 0.5], [0.25, 0, 0.25, 0.5]])
    assert np.allclose(right.images[0].get_array(), [[2 / 3, 1 / 3, 0], [0, 1, 0], [0, 0.25, 0.75]])


def test_confusion_takes_the_first_of_several_answers():
    outputs, potentials = np.array([[False, True, True]]), np.array([[-3, -2, -1]])
    left, right, _ = plots.confusion(Evaluation(outputs, potentials, 1.0), np.array([1])).axes
    assert (cells(left), cells(right)) == ({(1, 1): "1"}, {(1, 2): "1"})


@pytest.mark.parametrize("n_samples", [200, 20_000])
@pytest.mark.parametrize("n_out", [1, 3, 10, 20, 21, 101])
def test_confusion_is_legible(n_out, n_samples):
    generator = np.random.default_rng(5)
    labels, answers = generator.integers(0, n_out, n_samples), generator.integers(-1, n_out, n_samples)
    figure = plots.confusion(evaluation_of(answers.tolist(), labels.tolist(), n_out), labels)
    check_legible(figure)
    left, right, _ = figure.axes
    # The numbers stay within their cells.
    room = left.transData.transform((1, 0))[0] - left.transData.transform((0, 0))[0]
    counts = [text for axes in (left, right) for text in axes.texts]
    assert all(text.get_window_extent().width < room for text in counts)
    assert bool(counts) == (n_out <= 21)


@pytest.mark.parametrize("labels", [[0], [0, 3], [-1, 0], [[0, 1]], [0.0, 1.0]])
def test_confusion_refuses_labels_that_do_not_fit(labels):
    with pytest.raises(InputError, match="labels must be 2 integers from 0 to 2, one for each answer"):
        plots.confusion(evaluation_of([0, 1], [0, 1], 3), np.array(labels))
