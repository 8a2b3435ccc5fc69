"""Learning curves: how good a network is after how many samples, and after how much time."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from typing import Any

from matplotlib.axes import Axes

from pynn_backprop.plots.style import INK

from ...rows import OLDER
from ..groups import Group
from ..numbers import significant
from ..summary import Line
from .drawing import drawing, grid, key, labelled, shares
from .plot import COLOURS, Plot, named, tick, whole

_X = {"shown": "training samples shown", "seconds": "time of learning"}

_STROKES = ("-", "--", ":")
"""The next one when the colours begin anew."""


def learning_curves(group: Group) -> Plot | None:
    """Share of right validation samples against samples shown and against time; None where no curve was taken."""
    drawn = [line for line in group.lines if _curves(line)]
    if not drawn:
        return None
    figure = drawing(2.7, entries=len(drawn))
    left, right = figure.subplots(1, 2, sharey=True)
    until = group.first["until"]
    for axes, what in ((left, "shown"), (right, "seconds")):
        for line, look in zip(drawn, itertools.cycle(itertools.product(_STROKES, COLOURS)), strict=False):
            for number, curve in enumerate(_curves(line)):
                _draw(axes, curve, what, look, named(line.name) if number == 0 and axes is left else None)
        axes.set_xscale("log")
        axes.set_xlabel(_X[what])
        grid(axes)
        if until:
            axes.axhline(until, color=INK, lw=0.8, ls=":")
    labelled(left.xaxis, whole)
    labelled(right.xaxis, lambda value: tick(value, "s"))
    left.set_ylabel("validation samples right")
    shares(left)
    low, _ = left.get_ylim()
    left.set_ylim(max(0.0, low), 1.0)
    key(figure, "lower left")
    caption = (
        f"Learning curves: {group.title}. Share of {group.first['validation']:,} training samples that are held out, "
        "on the left against samples shown, on the right against the time that learning took; a line a seed."
    )
    return Plot(f"curves-{group.name}", group.case, figure, caption, "; ".join(map(_spoken, drawn)))


def _curves(line: Line) -> list[Sequence[Mapping[str, Any]]]:
    """Of all seeds that have one."""
    return [curve for row in line.rows if (curve := {**OLDER, **row}["curve"])]


def _draw(axes: Axes, curve: Sequence[Mapping[str, Any]], what: str, look: tuple[str, str], label: str | None) -> None:
    points = [(point[what], point["right"]) for point in curve if point.get(what)]
    stroke, colour = look
    if points:
        axes.plot(*zip(*points, strict=True), f"o{stroke}", markevery=[-1], color=colour, lw=1.2, ms=3.5, label=label)


def _spoken(line: Line) -> str:
    last = _curves(line)[0][-1]
    seconds = f" in {significant(last['seconds'])} s" if last.get("seconds") else ""
    return f"{line.name}: {last['right']:.1%} after {last['shown']:,} samples{seconds}"
