"""How time, memory and events of a sample grow with the hidden layer, and with the number of weight matrices."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from ..rows import OLDER, TRAINING, apart_in, platform_in
from .numbers import KILO, MICRO, Spread
from .summary import Line

FEWEST_SIZES = 3
"""Fewer points than this have no slope worth a line."""

LEAST_GROWTH = 0.05
"""A network that takes less than this share of what every process takes says nothing of how memory grows."""

HIDDEN, DEPTH = "hidden units", "weight matrices"
AXES: Mapping[str, Callable[[Line], int | None]] = MappingProxyType(
    {HIDDEN: lambda line: line.hidden, DEPTH: lambda line: line.depth}
)
"""What may grow, and how large it is in a line."""

TIME, MEMORY, EVENTS = "ms a training sample", "MB at most", "synaptic events a training sample"
QUANTITIES: Mapping[str, Callable[[Line], Spread | None]] = MappingProxyType(
    {
        TIME: lambda line: line.ms_per_sample(TRAINING),
        MEMORY: lambda line: line.over_seeds(lambda row: row["peak_memory_MB"]),
        EVENTS: lambda line: line.count("synaptic_events_per_sample"),
    }
)
"""What grows with it."""

_ALIKE = ("samples", "test_samples", "epochs", "validation", "until")
"""What lines of one series have in common besides platform, circuit, input and output."""


@dataclass(frozen=True)
class Fit:
    """A straight line through the logarithms of size and quantity.

    Parameters
    ----------
    sizes, values : tuple[int, ...] and tuple[float, ...]
        Sizes in rising order, and the quantity at each.
    slope, intercept : float
        log(value) = slope log(size) + intercept, by least squares.
    """

    sizes: tuple[int, ...]
    values: tuple[float, ...]
    slope: float
    intercept: float

    def at(self, size: float) -> float:
        """The line's value at a size."""
        return math.exp(self.intercept + self.slope * math.log(size))


@dataclass(frozen=True)
class Series:
    """Lines that differ in one size only.

    Parameters
    ----------
    along : str
        One of :data:`AXES`.
    lines : tuple[Line, ...]
        In rising order of the size.
    """

    along: str
    lines: tuple[Line, ...]

    @property
    def name(self) -> str:
        """The platform, and what else tells it from other series."""
        row = self.lines[0].first
        return ", ".join([platform_in(row), *filter(None, apart_in(row).values())])

    @property
    def sizes(self) -> tuple[int, ...]:
        """Their sizes."""
        return tuple(size for line in self.lines if (size := AXES[self.along](line)) is not None)

    def fit(self, quantity: str) -> Fit | None:
        """How one of :data:`QUANTITIES` grows; None if fewer than :data:`FEWEST_SIZES` lines know it."""
        found = self._known(quantity)
        if len(found) < FEWEST_SIZES:
            return None
        sizes, values = zip(*found.items(), strict=True)
        slope, intercept = np.polyfit(np.log(sizes), np.log(values), 1)
        return Fit(sizes, values, float(slope), float(intercept))

    @property
    def limit(self) -> tuple[float, tuple[tuple[int, float], ...]] | None:
        """The least time that an event took, in ns, and what a sample of each size would take at that, in ms.

        None if times or events are not known.
        """
        times, events = self._known(TIME), self._known(EVENTS)
        both = [size for size in times if size in events]
        if not both:
            return None
        least = min(times[size] / events[size] for size in both)
        return least / MICRO, tuple((size, least * events[size]) for size in both)

    @property
    def most_hidden(self) -> int | None:
        """Hidden units with which the machine's memory would be full; None if memory does not grow or is not known.

        By the line through the larger half of the sizes: below, what every process takes hides what the network takes.
        """
        found = list(self._known(MEMORY).items())
        there = self.lines[-1].first["host"].get("memory_GB")
        larger = found[len(found) // 2 :]
        if self.along != HIDDEN or not isinstance(there, (int, float)) or len(larger) < 2:
            return None
        sizes, memory = zip(*larger, strict=True)
        slope, start = np.polyfit(sizes, memory, 1)
        return int((there * KILO - start) / slope) if slope * larger[-1][0] > LEAST_GROWTH * start else None

    def _known(self, quantity: str) -> dict[int, float]:
        """Its median at each size at which there is any."""
        found = zip(self.sizes, map(QUANTITIES[quantity], self.lines), strict=True)
        return {size: value.median for size, value in found if value and value.median > 0}


def series_of(lines: Iterable[Line], along: str) -> list[Series]:
    """The series of at least :data:`FEWEST_SIZES` sizes among lines of one case.

    Parameters
    ----------
    lines : Iterable[Line]
        Of one case.  Lines with and without the same input and output layers are never mixed.
    along : str
        One of :data:`AXES`.
    """
    points: dict[str, dict[int, Line]] = {}
    shallow: list[tuple[str, Line]] = []
    for line in lines:
        size, row = AXES[along](line), {**OLDER, **line.first}
        layers = row["layer_sizes"]
        widths = set(layers[1:-1]) if along == DEPTH else set()
        if size is None or len(widths) > 1:
            continue
        about = repr((platform_in(row), apart_in(row), layers[0], layers[-1], [row[name] for name in _ALIKE]))
        if along == DEPTH and not widths:
            shallow.append((about, line))
        else:
            points.setdefault(f"{about} {widths}", {}).setdefault(size, line)
    for about, line in shallow:
        # A network without a hidden layer is the shallowest of those of every width.
        for key, some in points.items():
            if key.startswith(about):
                some.setdefault(line.depth, line)
    return [
        Series(along, tuple(some[size] for size in sorted(some)))
        for some in points.values()
        if len(some) >= FEWEST_SIZES
    ]
