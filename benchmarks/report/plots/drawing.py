"""Figures, points, axes and keys of the plots of the report, drawn alike in all of them.

Each is as wide as all figures of the package.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any, Literal

from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.figure import Figure
from matplotlib.ticker import LogLocator, NullFormatter, PercentFormatter

from pynn_backprop.plots.style import WIDTH

MOST_TICKS = 5
"""On a logarithmic axis; ``100 nJ s`` is a wide label."""

KEY_COLUMNS, KEY_ROW = 3, 0.16
"""Entries of a key that stand beside each other, and inches that a row of them takes."""


def drawing(height: float, entries: int = 0, columns: int = KEY_COLUMNS) -> Figure:
    """An empty figure, of so many inches and what the entries of a key take in so many columns."""
    return Figure(figsize=(WIDTH, height + KEY_ROW * math.ceil(entries / columns)), layout="constrained")


def point(marker: str, colour: str, filled: bool) -> dict[str, Any]:
    """How a point is drawn, in a plot and in its key."""
    return {"marker": marker, "color": colour, "mfc": colour if filled else "none", "ms": 6, "mew": 1.5, "ls": ""}


def key(figure: Figure, where: str, columns: int = KEY_COLUMNS, **more: Any) -> None:
    """What is what: an entry for every label, or for the ``handles`` that are given."""
    figure.legend(loc=f"outside {where}", ncols=columns, **more)


def grid(axes: Axes, axis: Literal["x", "both"] = "both") -> None:
    """Lines fainter than what is drawn on them."""
    axes.grid(axis=axis, alpha=0.25)


def rows_from_the_top(axes: Axes, names: Sequence[str]) -> None:
    """Rows 0, 1, ... of the ordinate, the first at the top, with their names."""
    axes.set_yticks(range(len(names)), names)
    axes.set_ylim(len(names) - 0.5, -0.5)


def shares(axes: Axes) -> None:
    """The ordinate in per cent."""
    axes.yaxis.set_major_formatter(PercentFormatter(1, decimals=0))


def labelled(axis: Axis, text: Callable[[float], str]) -> None:
    """What stands at the ticks of an axis; there is nothing at those between."""
    axis.set_major_formatter(lambda value, _: text(value))
    axis.set_minor_formatter(NullFormatter())


def decade(low: float, high: float) -> tuple[float, float]:
    """The limits of a logarithmic axis, more than a decade apart, so that there are two ticks or more."""
    return min(low, high / 20), max(high, low * 20)


def logarithmic(axes: Axes, text: Callable[[float], str]) -> None:
    """A logarithmic abscissa of quantities."""
    axes.set_xscale("log")
    axes.set_xlim(decade(*axes.get_xlim()))
    axes.xaxis.set_major_locator(LogLocator(numticks=MOST_TICKS))
    labelled(axes.xaxis, text)
