"""A training epoch by epoch: scores, error samples, and what the weights do."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FixedLocator, MaxNLocator, NullLocator

from ..learning.curve import UNKNOWN
from ..learning.progress import Progress
from .style import BLACK, BLUE, GREEN, INK, LARGE, ORANGE, VERMILION, new_figure, styled

_HEIGHT = 62.0
"""In mm."""

_SMALLEST = 0.1
"""Percent below which the axis of the shares is linear, so that 0 can be seen."""

_MOST_MARKED = 30
"""Of more epochs than these the markers would touch."""


@styled
def learning_curve(progress: Progress, title: str = "", width: float | None = None) -> Figure:
    """Draw what is told of the epochs that have ended.

    Parameters
    ----------
    progress : Progress
        Of a training of which an epoch has ended.
    title : str
        What was learnt, and where.
    width : float, optional
        Of the figure, in mm; 180 if None.

    Returns
    -------
    matplotlib.figure.Figure
    """
    ended, curve = progress.ended, progress.curve
    counted = curve.error_samples[:ended]
    errors = np.where(counted == UNKNOWN, np.nan, counted / progress.samples)
    figure = new_figure(_HEIGHT, width)
    figure.text(0.008, 0.985, title, fontsize=LARGE, va="top", color=INK)
    scores, shares = figure.add_axes((0.07, 0.16, 0.39, 0.62)), figure.add_axes((0.56, 0.16, 0.39, 0.62))
    _draw(scores, progress.right[:ended] / progress.samples, "training, while learning", BLUE, "o")
    _draw(scores, curve.validation[:ended], "validation, by spikes", GREEN, "s")
    _draw(shares, errors, "error samples", VERMILION, "o")
    _draw(shares, curve.weights_changed[:ended], "weights changed", BLACK, "^")
    _draw(shares, curve.weights_at_bound[:ended], "at the bound", ORANGE, "D")
    shares.set_yscale("symlog", linthresh=_SMALLEST, linscale=0.5)
    shares.set_ylim(-_SMALLEST / 6, 130)
    shares.yaxis.set_major_locator(FixedLocator([0, 0.1, 1, 10, 100]))
    shares.yaxis.set_minor_locator(NullLocator())
    shares.yaxis.set_major_formatter("{x:g}")
    for axes, what in ((scores, "right answers (%)"), (shares, "share (%)")):
        _finish(axes, what, ended)
    return figure


def _draw(axes: Axes, values: Sequence[float] | np.ndarray, label: str, colour: str, marker: str) -> None:
    """Shares by epoch, from 1; nothing where none is known."""
    if np.isnan(values).all():
        return
    marker = marker if len(values) <= _MOST_MARKED else ""
    epochs = np.arange(1, len(values) + 1)
    axes.plot(epochs, 100 * np.asarray(values), color=colour, marker=marker, ms=3, lw=1.1, label=label)


def _finish(axes: Axes, what: str, epochs: int) -> None:
    axes.set_xlim(0.5, epochs + 0.5)
    axes.xaxis.set_major_locator(MaxNLocator(integer=True, min_n_ticks=1))
    axes.set_xlabel("epoch")
    axes.set_ylabel(what)
    axes.spines[["top", "right"]].set_visible(False)
    axes.grid(axis="y")
    if not axes.get_lines():
        return
    axes.legend(
        ncols=3,
        loc="lower left",
        bbox_to_anchor=(-0.15, 1.0),
        columnspacing=1.2,
        handlelength=1.6,
    )
