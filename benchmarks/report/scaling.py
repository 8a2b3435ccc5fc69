"""How the time of a sample grows with the hidden layer."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from ..rows import TRAINING
from .summary import Line

FEWEST_SIZES = 3
"""Fewer points than this have no slope worth a line."""


@dataclass(frozen=True)
class Fit:
    """A straight line through the logarithms of size and time.

    Parameters
    ----------
    name : str
        The platform.
    hidden, ms : tuple[int, ...] and tuple[float, ...]
        Sizes in rising order, and the time of a training sample at each.
    slope, intercept : float
        log(ms) = slope log(hidden) + intercept, by least squares.
    """

    name: str
    hidden: tuple[int, ...]
    ms: tuple[float, ...]
    slope: float
    intercept: float

    def at(self, hidden: float) -> float:
        """The line's time at a size, in ms."""
        return math.exp(self.intercept + self.slope * math.log(hidden))


def fits(lines: Iterable[Line]) -> list[Fit]:
    """A fit for each platform that ran at least :data:`FEWEST_SIZES` hidden sizes of a case.

    Parameters
    ----------
    lines : Iterable[Line]
        Of one case.  Lines with and without the same input and output layers are never mixed.
    """
    points: dict[tuple[object, ...], dict[int, float]] = {}
    for line in lines:
        time, layers = line.ms_per_sample(TRAINING), line.first["layer_sizes"]
        if line.hidden is not None and time is not None:
            key = (line.name, layers[0], layers[-1], line.first["threads"])
            points.setdefault(key, {})[line.hidden] = time.median
    return [_fit(str(key[0]), sorted(found.items())) for key, found in points.items() if len(found) >= FEWEST_SIZES]


def _fit(name: str, points: Sequence[tuple[int, float]]) -> Fit:
    hidden, ms = zip(*points, strict=True)
    slope, intercept = np.polyfit(np.log(hidden), np.log(ms), 1)
    return Fit(name, hidden, ms, float(slope), float(intercept))
