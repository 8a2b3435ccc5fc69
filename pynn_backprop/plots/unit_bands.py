"""Spikes of graded circuits: a band for each unit, a sub-population whose share of firing neurons is a number."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from ..circuit.circuit import Circuit
from ..circuit.parts import Population
from ..spikes import Spikes
from .style import colour_of, layer_word, write

SHADE = "#E9E9E9"
"""Behind the bands of memory populations; no tint, which would be taken for one of the learning phases."""

_BETWEEN_UNITS, _BETWEEN_POPULATIONS, _BETWEEN_LAYERS, _SINGLE = 0.12, 0.45, 1.1, 0.7
"""Gaps, and the height of a population of one neuron, in heights of a unit."""

_SHORT = 2.0
"""The name of a layer stands upright beside its bands, but beside lower ones than this it lies."""


@dataclass(frozen=True)
class UnitBands:
    """Where the units of one population go.

    Parameters
    ----------
    population : pynn_backprop.circuit.parts.Population
        Whose neurons they are.
    n : int
        Neurons of a unit.
    low : numpy.ndarray, shape (n_units,)
        Ordinates of the lower ends of the bands of the units.
    height : float
        Of each.
    """

    population: Population
    n: int
    low: np.ndarray
    height: float

    @property
    def bottom(self) -> float:
        """The lower end of all."""
        return float(self.low[0])

    @property
    def top(self) -> float:
        """The upper end of all."""
        return float(self.low[-1] + self.height)

    def heights(self, neurons: np.ndarray) -> np.ndarray:
        """The ordinates of neurons, by their numbers in the population."""
        unit, neuron = np.divmod(neurons, self.n)
        return np.asarray(self.low[unit] + (neuron + 0.5) * self.height / self.n)


def unit_bands(circuit: Circuit, populations: Sequence[Population]) -> list[UnitBands]:
    """Bands from ordinate 0 up; a gap is wider where the layer changes.

    Parameters
    ----------
    circuit : pynn_backprop.circuit.parts.Circuit
        To which the populations belong; its code says how many neurons a unit has.
    populations : sequence of pynn_backprop.circuit.parts.Population
        Which, from the bottom up.

    Returns
    -------
    list of UnitBands
        One for each population; a unit is 1 high, a population of one neuron lower.
    """
    bands: list[UnitBands] = []
    bottom = _BETWEEN_UNITS
    for population in populations:
        if bands:
            same = bands[-1].population.layer == population.layer
            bottom = bands[-1].top + (_BETWEEN_POPULATIONS if same else _BETWEEN_LAYERS)
        n, height = (1, _SINGLE) if population.size == 1 else (circuit.code.n, 1.0)
        low = bottom + np.arange(population.size // n) * (height + _BETWEEN_UNITS)
        bands.append(UnitBands(population, n, low, height))
    return bands


def draw_bands(axes: Axes, bands: Sequence[UnitBands]) -> None:
    """Set the ordinates, shade memories, and name populations and units to the left of the axes."""
    axes.set(ylim=(0, bands[-1].top + _BETWEEN_UNITS), yticks=[])
    for band in bands:
        colour, population = colour_of(band.population), band.population
        if population.role == "memory":
            margin = _BETWEEN_POPULATIONS / 3
            axes.axhspan(band.bottom - margin, band.top + margin, color=SHADE, lw=0, zorder=0.5)
        middle = (band.bottom + band.top) / 2
        place = axes.get_yaxis_transform()
        write(axes, -0.028, middle, population.name, 10.5, transform=place, ha="right", color=colour, weight="bold")
        if len(band.low) > 1:
            for unit, low in enumerate(band.low):
                write(axes, -0.008, low + band.height / 2, str(unit), 8.5, transform=place, ha="right", color=colour)
        for low in band.low[1:]:
            axes.axhline(low - _BETWEEN_UNITS / 2, color="#DDDDDD", lw=0.6, zorder=1)
    for below, above in itertools.pairwise(bands):
        if below.population.layer == above.population.layer:
            axes.axhline((below.top + above.bottom) / 2, color="#999999", lw=0.7, zorder=1.2)


def draw_layers(axes: Axes, bands: Sequence[UnitBands], depth: int, place: float = -0.085) -> None:
    """Name the layers to the left of everything, and put grey bars between them.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
        Where to.
    bands : sequence of UnitBands
        From the bottom up.
    depth : int
        Number of the output layer.
    place : float
        Where the names end, in shares of the axes to the left.
    """
    across, top = axes.get_yaxis_transform(), 0.0
    for layer, group in itertools.groupby(bands, key=lambda band: band.population.layer):
        members = list(group)
        low, high = members[0].bottom, members[-1].top
        if top:
            axes.axhspan(top + 0.45, low - 0.45, color="#B5B5B5", lw=0, zorder=2)
        top = high
        axes.add_line(Line2D([place] * 2, [low, high], transform=across, color="#888888", lw=1.5, clip_on=False))
        word, style = layer_word(layer, depth), {"ha": "right", "transform": across}
        if high - low < _SHORT:
            write(axes, place - 0.006, (low + high) / 2, word.replace(" ", "\n"), 10.5, **style)
        else:
            write(axes, place - 0.006, (low + high) / 2, word, 10.5, rotation=90, **style)


def draw_spikes(axes: Axes, bands: Sequence[UnitBands], spikes: Spikes, right: float = 0.4) -> None:
    """Draw a bar for each spike, so thin that those of neighbours stay apart.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
        Where to; a step is 1 wide.
    bands : sequence of UnitBands
        Where the neurons are.
    spikes : dict of str to numpy.ndarray of int64, shape (n_spikes, 2)
        Step in ms and neuron of each spike, by population.
    right : float
        How far a bar reaches to the right of its step.
    """
    low, high = axes.get_ylim()
    pixels = axes.bbox.height / (high - low)
    for band in bands:
        steps, neurons = spikes[band.population.name].T
        thickness = min(0.75 * pixels * band.height / band.n, 5.0) * 72 / axes.figure.dpi
        heights, colour = band.heights(neurons), colour_of(band.population)
        axes.hlines(heights, steps - 0.4, steps + right, colors=colour, linewidths=thickness, zorder=3, snap=False)


def draw_windows(axes: Axes, length: int, start: int, stop: int) -> None:
    """Draw a fine line at each gating window and a thick one at the end of each pass through the circuit.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
        Where to; its abscissa is set.
    length : int
        Steps of a pass.
    start, stop : int
        First step, and the one after the last, in ms.
    """
    axes.set_xlim(start - 0.5, stop - 0.5)
    for step in range(start, stop):
        first = step % length == 0
        axes.axvline(step - 0.5, color="#222222" if first else "#DADADA", lw=1.5 if first else 0.5, zorder=1.1)
    axes.axvline(stop - 0.5, color="#222222", lw=1.5, zorder=1.1)
