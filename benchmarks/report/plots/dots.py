"""One row of dots for each platform, on a logarithmic abscissa."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from pynn_backprop.plots.style import BLUE, GREY, VERMILION

from ...rows import ESTIMATED, INFERENCE, MEASURED, TRAINING
from ..published import PUBLISHED
from .drawing import drawing, grid, key, logarithmic, point, rows_from_the_top
from .plot import named

_KINDS = {MEASURED: "measured", ESTIMATED: "CPU time × power", PUBLISHED: "published"}


@dataclass(frozen=True)
class Dot:
    """A value of training or inference, how it is known, and from where to where it reaches."""

    of: str
    kind: str
    value: float
    low: float
    high: float


def dot_plot(rows: Mapping[str, Sequence[Dot]], label: str, text: Callable[[float], str]) -> Figure:
    """One row of dots for each name, which may have none."""
    figure = drawing(0.9 + 0.24 * len(rows))
    axes = figure.subplots()
    for height, dots in enumerate(rows.values()):
        for dot in dots:
            style = _style(dot.of, dot.kind)
            axes.plot([dot.low, dot.high], [height, height], color=style["color"], lw=2, solid_capstyle="butt")
            axes.plot(dot.value, height, **style)
    rows_from_the_top(axes, [named(name) for name in rows])
    axes.set_xlabel(label)
    logarithmic(axes, text)
    grid(axes, "x")
    axes.tick_params(axis="y", length=0)
    every = [dot for dots in rows.values() for dot in dots]
    if any(dot.of == INFERENCE for dot in every):
        key(figure, "upper right", handles=[_entry(of, of, MEASURED) for of in (TRAINING, INFERENCE)])
    elif any(dot.kind != MEASURED for dot in every):
        kinds = {dot.kind for dot in every}
        there = [_entry(word, TRAINING, kind) for kind, word in _KINDS.items() if kind in kinds]
        key(figure, "upper right", handles=there)
    return figure


def _style(of: str, kind: str) -> dict[str, Any]:
    if kind == PUBLISHED:
        return point("D", GREY, filled=False)
    return point("o", BLUE, filled=kind == MEASURED) if of == TRAINING else point("^", VERMILION, filled=False)


def _entry(label: str, of: str, kind: str) -> Line2D:
    return Line2D([], [], label=label, **_style(of, kind))


def spoken(rows: Mapping[str, Sequence[Dot]], text: Callable[[float], str]) -> str:
    """What the dots say, for who can't see them."""
    return "; ".join(
        f"{name}: " + ", ".join(f"{dot.of} {text(dot.value)}" for dot in dots) for name, dots in rows.items() if dots
    )
