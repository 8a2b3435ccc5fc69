"""What a network answers for which label."""

from __future__ import annotations

import math

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import PowerNorm
from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine
from matplotlib.ticker import PercentFormatter

from ..errors import InputError
from ..learning.evaluation import Evaluation, first_firing
from .style import GREY, LARGE, MIDDLE, SMALL, figure_of, new_figure, styled, text_inches, write

_HEIGHT, _MARGINS = 90.0, 1.55
"""Of the figure, in mm; and inches of its width that no cells take."""


@styled
def confusion(evaluation: Evaluation, labels: np.ndarray, width: float | None = None) -> Figure:
    """Draw the confusion matrices of the answers by output spikes and by potential.

    Rows are labels, columns answers; a column "none" counts the samples for which no output fires.  Colours show the
    share of the row.  The cells bear their counts, those of zero and those without room for them left out.

    Parameters
    ----------
    evaluation : pynn_backprop.learning.training.Evaluation
        The answers to n samples.
    labels : array_like of int, shape (n,)
        Labels 0 to n_out - 1.
    width : float, optional
        Of the figure, in mm; 180 if None.

    Returns
    -------
    matplotlib.figure.Figure

    Raises
    ------
    InputError
        If the labels do not fit the answers, or the width is not from 120 to 1000.
    """
    labels, (n_samples, n_out) = np.asarray(labels), evaluation.outputs.shape
    wrong = labels.shape != (n_samples,) or labels.dtype.kind not in "iu"
    if wrong or not np.isin(labels, np.arange(n_out)).all():
        raise InputError(f"labels must be {n_samples:,} integers from 0 to {n_out - 1}, one for each answer")

    layout = ConstrainedLayoutEngine(compress=True, w_pad=0.05, h_pad=0.05)
    figure = new_figure(_HEIGHT, width, layout=layout)
    figure.suptitle(f"Answers to {n_samples:,} samples", fontsize=LARGE)
    left, right = figure.subplots(1, 2, width_ratios=(n_out + 1, n_out))
    # Index -1, no output, is the last column.
    _draw_matrix(left, _counts(labels, first_firing(evaluation.outputs), n_out, n_out + 1))
    _draw_matrix(right, _counts(labels, evaluation.potentials.argmax(axis=1), n_out, n_out))
    left.axvline(n_out - 0.5, color=GREY, lw=1)
    score = evaluation.score(labels)
    left.set_title(f"by output spikes: {score.by_spikes:.2%} right")
    right.set_title(f"by potential: {score.by_potential:.2%} right")
    left.set_xlabel("first output that fires")
    right.set_xlabel("output with the largest potential")
    bar = figure.colorbar(right.images[0], ax=[left, right], ticks=[0, 0.01, 0.05, 0.2, 0.5, 1], shrink=0.8)
    bar.ax.yaxis.set_major_formatter(PercentFormatter(1, 0))
    bar.set_label("share of the samples with this label")
    return figure


def _counts(labels: np.ndarray, answers: np.ndarray, rows: int, columns: int) -> np.ndarray:
    """How many samples of each label (row) have each answer (column)."""
    counts = np.zeros((rows, columns), np.int64)
    np.add.at(counts, (labels, answers), 1)
    return counts


def _draw_matrix(axes: Axes, counts: np.ndarray) -> None:
    n, columns = counts.shape
    shares = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    # The root makes rare answers visible too.
    image = axes.imshow(shares, cmap="Blues", norm=PowerNorm(0.5, 0, 1))
    # A single digit is higher than wide.
    wide, longest = figure_of(axes).get_figwidth(), f"{max(counts.max(), 10):,}"
    cell = (wide - _MARGINS) / (2 * n + 1)
    size = next((size for size in (MIDDLE, SMALL) if text_inches(longest, size) + 0.02 < cell), 0)
    for row, column in zip(*np.nonzero(counts), strict=True) if size else ():
        colour = "white" if image.norm(shares[row, column]) > 0.6 else "black"
        write(axes, column, row, f"{counts[row, column]:,}", size, color=colour)
    step = 1 if n <= 15 else 5 * math.ceil(n / 100)
    ticks = list(range(0, n - step + 1, step))
    names = [str(tick) for tick in ticks]
    axes.set_yticks(ticks, names)
    axes.set_xticks(ticks + [n] * (columns > n), names + ["none"] * (columns > n))
    axes.set_ylabel("label")
