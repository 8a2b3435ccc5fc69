"""Learning curves: how good a network is after how many samples, and after how much time."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, PercentFormatter

from ...rows import OLDER
from ..groups import Group
from ..numbers import significant
from ..summary import Line
from .plot import COLOURS, WIDTH, Plot, named, tick

_X = {"shown": "training samples shown", "seconds": "time of learning"}

_STROKES = ("-", "--", ":")
"""The next one when the colours begin anew."""


def learning_curves(group: Group) -> Plot | None:
    """Share of right validation samples against samples shown and against time; None where no curve was taken."""
    drawn = [line for line in group.lines if any(_curve(row) for row in line.rows)]
    if not drawn:
        return None
    figure = Figure(figsize=(WIDTH, 2.7 + 0.16 * ((len(drawn) + 2) // 3)), layout="constrained")
    left, right = figure.subplots(1, 2, sharey=True)
    until = group.first["until"]
    for axes, what in ((left, "shown"), (right, "seconds")):
        for line, look in zip(drawn, itertools.cycle(itertools.product(_STROKES, COLOURS)), strict=False):
            for number, row in enumerate(line.rows):
                _draw(axes, _curve(row), what, look, named(line.name) if number == 0 and axes is left else None)
        axes.set_xscale("log")
        axes.set_xlabel(_X[what])
        axes.grid(alpha=0.25)
        if until:
            axes.axhline(until, color="#333333", lw=0.8, ls=":")
    left.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.0f}"))
    right.xaxis.set_major_formatter(FuncFormatter(lambda value, _: tick(value, "s")))
    left.set_ylabel("validation samples right")
    left.yaxis.set_major_formatter(PercentFormatter(1, decimals=0))
    low, _ = left.get_ylim()
    left.set_ylim(max(0.0, low), 1.0)
    figure.legend(loc="outside lower left", ncols=3, handletextpad=0.5, columnspacing=1.2)
    caption = (
        f"Learning curves: {group.title}. Share of {group.first['validation']:,} training samples that are held out, "
        "on the left against samples shown, on the right against the time that learning took; a line a seed."
    )
    return Plot(f"curves-{group.name}", group.case, figure, caption, "; ".join(map(_spoken, drawn)))


def _curve(row: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
    found: Sequence[Mapping[str, Any]] = {**OLDER, **row}["curve"]
    return found


def _draw(axes: Axes, curve: Sequence[Mapping[str, Any]], what: str, look: tuple[str, str], label: str | None) -> None:
    points = [(point[what], point["right"]) for point in curve if point.get(what)]
    x, y = zip(*points, strict=True) if points else ((), ())
    stroke, colour = look
    axes.plot(x, y, stroke, color=colour, lw=1.2, label=label)
    axes.plot(x[-1:], y[-1:], "o", color=colour, ms=3.5)


def _spoken(line: Line) -> str:
    last = _curve(line.first)[-1] if _curve(line.first) else {}
    if not last:
        return line.name
    seconds = f" in {significant(last['seconds'])} s" if last.get("seconds") else ""
    return f"{line.name}: {last['right']:.1%} after {last['shown']:,} samples{seconds}"
