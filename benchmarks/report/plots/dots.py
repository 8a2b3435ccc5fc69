"""One row of dots for each platform, on a logarithmic abscissa."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import FuncFormatter, NullFormatter

from pynn_backprop.plots.style import BLUE, GREY, VERMILION

from ...rows import ESTIMATED, INFERENCE, MEASURED, TRAINING
from ..published import PUBLISHED
from .plot import WIDTH, named, wide_enough


@dataclass(frozen=True)
class Dot:
    """A value of training or inference, how it is known, and from where to where it reaches."""

    of: str
    kind: str
    value: float
    low: float
    high: float


def dot_plot(rows: Mapping[str, Sequence[Dot]], label: str, text: Callable[[float], str]) -> Figure | None:
    """One row of dots for each name; None if there are no dots."""
    if not any(rows.values()):
        return None
    figure = Figure(figsize=(WIDTH, 0.9 + 0.24 * len(rows)), layout="constrained")
    axes = figure.subplots()
    for height, dots in enumerate(rows.values()):
        for dot in dots:
            full = dot.kind == MEASURED and dot.of == TRAINING
            colour = GREY if dot.kind == PUBLISHED else BLUE if dot.of == TRAINING else VERMILION
            marker = "D" if dot.kind == PUBLISHED else "o" if dot.of == TRAINING else "^"
            axes.plot([dot.low, dot.high], [height, height], color=colour, lw=2, solid_capstyle="butt")
            axes.plot(dot.value, height, marker, color=colour, mfc=colour if full else "none", ms=6, mew=1.5)
    axes.set_xscale("log")
    axes.set_yticks(range(len(rows)), [named(name) for name in rows])
    axes.set_ylim(len(rows) - 0.5, -0.5)
    axes.set_xlabel(label)
    wide_enough(axes)
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: text(value)))
    axes.xaxis.set_minor_formatter(NullFormatter())
    axes.grid(axis="x", alpha=0.25)
    axes.tick_params(axis="y", length=0)
    every = [dot for dots in rows.values() for dot in dots]
    if any(dot.of == INFERENCE for dot in every):
        figure.legend(handles=_OF_KEY, loc="outside upper right", ncols=2)
    elif any(dot.kind != MEASURED for dot in every):
        kinds = [_KIND_KEY[kind] for kind in _KIND_KEY if any(dot.kind == kind for dot in every)]
        figure.legend(handles=kinds, loc="outside upper right", ncols=3, handletextpad=0.3, columnspacing=1.2)
    return figure


_OF_KEY = (
    Line2D([], [], color=BLUE, marker="o", ls="", ms=6, label="training"),
    Line2D([], [], color=VERMILION, marker="^", mfc="none", mew=1.5, ls="", ms=6, label="inference"),
)

_KIND_KEY = {
    MEASURED: Line2D([], [], color=BLUE, marker="o", ls="", ms=6, label="measured"),
    ESTIMATED: Line2D([], [], color=BLUE, marker="o", mfc="none", mew=1.5, ls="", ms=6, label="CPU time × power"),
    PUBLISHED: Line2D([], [], color=GREY, marker="D", mfc="none", mew=1.5, ls="", ms=6, label="published"),
}


def spoken(rows: Mapping[str, Sequence[Dot]], text: Callable[[float], str]) -> str:
    """What the dots say, for who can't see them."""
    return "; ".join(
        f"{name}: " + ", ".join(f"{dot.of} {text(dot.value)}" for dot in dots) for name, dots in rows.items() if dots
    )
