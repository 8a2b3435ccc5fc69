"""Accuracy against energy."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

from pynn_backprop.plots.style import GREY

from ...measure.energy_model import models
from ...rows import ESTIMATED, MEASURED, TRAINING
from ..groups import Group
from ..numbers import with_prefix
from ..published import CASE as PUBLISHED_CASE
from ..published import PUBLISHED, TABLE, THIS_CIRCUIT
from ..summary import Line, same_counts
from .drawing import drawing, grid, key, logarithmic, point, shares
from .plot import COLOURS, Plot, named, tick

CIRCLES = "opP"
"""Of metered energies; the second and the third when the colours begin anew."""

LEAST_ACCURACY_RANGE = 0.06
"""Of the ordinate, so that it never magnifies what is chance."""


def accuracy_and_energy(group: Group) -> Plot | None:
    """Test accuracy against the energy of a training sample; None if no energy is known."""
    series = [
        *_metered_series(group.lines),
        *_model_series(group.lines),
        *(_published_series() if group.whole and group.case == PUBLISHED_CASE else []),
    ]
    if not any(one.kind != PUBLISHED for one in series):
        return None
    figure = drawing(3.2, entries=len(series))
    axes = figure.subplots()
    for one in series:
        axes.plot(one.x, one.y, label=named(one.label), clip_on=False, **point(one.marker, one.colour, one.filled))
    logarithmic(axes, lambda value: tick(value, "J"))
    axes.set_xlabel("energy of a training sample")
    axes.set_ylabel("test samples right")
    low, high = axes.get_ylim()
    middle, half = (low + high) / 2, max(high - low, LEAST_ACCURACY_RANGE) / 2
    axes.set_ylim(max(0.0, middle - half), min(1.0, middle + half))
    shares(axes)
    grid(axes)
    key(figure, "lower left")
    caption = (
        f"Test accuracy against the energy of a training sample: {group.title}. Circles: the computer's energy while "
        "it ran the platform, filled where a meter measured it, open where it is processor time × a declared power. "
        "Open squares: estimated by model from counts, for the device that the model is of; equal spikes give equal "
        "estimates, so the squares of one network stand in a row."
    )
    if any(one.kind == PUBLISHED for one in series):
        caption += " Grey diamonds: published by others for other networks and conditions, not measured here."
    text = "; ".join(f"{one.label}: {_first(one)}" for one in series)
    return Plot(f"accuracy-energy-{group.name}", group.case, figure, caption, text)


@dataclass(frozen=True)
class _Series:
    label: str
    kind: str
    marker: str
    x: list[float]
    y: list[float]
    colour: str
    filled: bool


def _first(one: _Series) -> str:
    return f"{with_prefix(one.x[0], 'J')}, {one.y[0]:.1%} right"


def _metered_series(lines: Sequence[Line]) -> list[_Series]:
    found = []
    looks = itertools.product(CIRCLES, COLOURS)
    for line, (marker, colour) in zip(lines, looks, strict=False):
        energy, accuracy = line.metered(TRAINING), line.accuracy
        if energy is not None and energy.joule > 0 and accuracy is not None:
            measured = energy.kind == MEASURED
            label = f"{line.name}, {'measured' if measured else 'CPU time'}"
            found.append(_Series(label, energy.kind, marker, [energy.joule], [accuracy.median], colour, measured))
    return found


def _model_series(lines: Sequence[Line]) -> list[_Series]:
    found = []
    counted = same_counts(lines, TRAINING)
    alone = [line for line in lines if not any(line in group for group in counted)]
    for name, colour in zip(models(), itertools.cycle(COLOURS), strict=False):
        points = {
            (energy.joule, line.accuracy.median)
            for line in [*(group[0] for group in counted), *alone]
            if line.accuracy is not None
            for energy in line.energies
            if energy.model and energy.by == name and energy.of == TRAINING
        }
        if points:
            x, y = zip(*sorted(points), strict=True)
            found.append(_Series(f"{name}, estimated", ESTIMATED, "s", list(x), list(y), colour, False))
    return found


def _published_series() -> list[_Series]:
    ours = THIS_CIRCUIT[TRAINING]
    others = [row for row in TABLE if row.of == TRAINING and row is not ours]
    x, y = [row.mJ * 1e-3 for row in others], [row.accuracy for row in others]
    return [
        _Series("this circuit, published", PUBLISHED, "D", [ours.mJ * 1e-3], [ours.accuracy], GREY, True),
        _Series("others, published", PUBLISHED, "D", x, y, GREY, False),
    ]
