"""Spikes of graded circuits: a band for each unit, a sub-population whose share of firing neurons is a number."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.transforms import ScaledTranslation, Transform

from ..circuit.circuit import Circuit
from ..circuit.parts import Population
from ..spikes import Spikes
from .diagram_arrows import lifted
from .parts import colour_of, layer_word
from .style import GREEN, MIDDLE, SMALL, figure_of, text_inches, write

SHADE = "#E9E9E9"
"""Behind the bands of memory populations; no tint, which would be taken for one of the learning phases."""

_BETWEEN_UNITS, _BETWEEN_POPULATIONS, _BETWEEN_LAYERS, _SINGLE = 0.12, 0.45, 1.1, 0.7
"""Gaps, and the height of a population of one neuron, in heights of a unit."""

_UNIT_NAME, _NAME, _LAYER = 0.04, 0.17, 0.67
"""Inches to the left of the axes at which the numbers of units, the names of populations and those of layers end."""

LEFT = 27.0
"""Millimetres that all of these take."""

LEAST = 2.2
"""Millimetres of a unit that its number needs."""

_ROTOR_LINE = 0.8
"""Points of the one spike of a rotor, which could not be seen as thin as those of a full unit."""


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
    lifted : bool
        Whether the neurons are lifted to the levels of the code.
    """

    population: Population
    n: int
    low: np.ndarray
    height: float
    lifted: bool = False

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
    bottom, marked = _BETWEEN_UNITS, lifted(circuit)
    for population in populations:
        if bands:
            same = bands[-1].population.layer == population.layer
            bottom = bands[-1].top + (_BETWEEN_POPULATIONS if same else _BETWEEN_LAYERS)
        rotor = population.role == "gate"
        n, height = (1, _SINGLE) if population.size == 1 else (population.size if rotor else circuit.code.n, 1.0)
        low = bottom + np.arange(population.size // n) * (height + _BETWEEN_UNITS)
        bands.append(UnitBands(population, n, low, height, population.name in marked))
    return bands


def top_of(bands: Sequence[UnitBands]) -> float:
    """The upper end of the axes, in heights of a unit."""
    return bands[-1].top + _BETWEEN_UNITS


def lifted_key() -> Line2D:
    """An entry of a legend: what the mark beside some names means."""
    mark = {"ls": "", "marker": "$\\lambda$", "ms": 4.5, "color": GREEN, "mew": 0.2}
    return Line2D([], [], label="lifted to levels", **mark)  # type: ignore[arg-type]


def _left(axes: Axes, inches: float) -> Transform:
    """Across: so many inches to the left of the axes; up: data."""
    return axes.get_yaxis_transform() + ScaledTranslation(-inches, 0, figure_of(axes).dpi_scale_trans)


def draw_bands(axes: Axes, bands: Sequence[UnitBands], named: bool = True) -> None:
    """Set the ordinates, shade memories, and name populations and units to the left of the axes.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
        Where to.
    bands : sequence of UnitBands
        From the bottom up.
    named : bool
        Whether names are written.
    """
    axes.set(ylim=(0, top_of(bands)), yticks=[])
    for band in bands:
        if band.population.role == "memory":
            margin = _BETWEEN_POPULATIONS / 3
            axes.axhspan(band.bottom - margin, band.top + margin, color=SHADE, lw=0, zorder=0.5)
        if named:
            _name(axes, band)
        for low in band.low[1:]:
            axes.axhline(low - _BETWEEN_UNITS / 2, color="#DDDDDD", lw=0.3, zorder=1)
    for below, above in itertools.pairwise(bands):
        if below.population.layer == above.population.layer:
            axes.axhline((below.top + above.bottom) / 2, color="#999999", lw=0.4, zorder=1.2)


def _name(axes: Axes, band: UnitBands) -> None:
    """Write name and units of a population; what is lifted to levels has a mark."""
    colour, name, middle = colour_of(band.population), band.population.name, (band.bottom + band.top) / 2
    style = {"ha": "right", "color": colour}
    write(axes, 0, middle, name, MIDDLE, transform=_left(axes, _NAME), weight="bold", **style)
    if band.lifted:
        place = _left(axes, _NAME + text_inches(name, MIDDLE, bold=True) + 0.05)
        write(axes, 0, middle, "λ", SMALL, transform=place, ha="right", color=GREEN, weight="bold")
    if len(band.low) > 1:
        for unit, low in enumerate(band.low):
            write(axes, 0, low + band.height / 2, str(unit), SMALL, transform=_left(axes, _UNIT_NAME), **style)


def draw_layers(axes: Axes, bands: Sequence[UnitBands], depth: int, named: bool = True) -> None:
    """Name the layers to the left of everything, and put grey bars between them.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
        Where to; limits and size are set.
    bands : sequence of UnitBands
        From the bottom up.
    depth : int
        Number of the output layer.
    named : bool
        Whether names are written.
    """
    top, place, beyond = 0.0, _left(axes, _LAYER), _left(axes, _LAYER + 0.03)
    inch = axes.get_position().height * figure_of(axes).get_figheight() / top_of(bands)
    for layer, group in itertools.groupby(bands, key=lambda band: band.population.layer):
        members = list(group)
        low, high = members[0].bottom, members[-1].top
        if top:
            axes.axhspan(top + 0.45, low - 0.45, color="#B5B5B5", lw=0, zorder=2)
        top = high
        if not named:
            continue
        axes.add_line(Line2D([0, 0], [low, high], transform=place, color="#888888", lw=0.8, clip_on=False))
        word, middle = layer_word(layer, depth), (low + high) / 2
        if text_inches(word, MIDDLE) < (high - low) * inch:
            write(axes, 0, middle, word, MIDDLE, transform=beyond, ha="right", rotation=90)
        else:  # beside few bands it lies, in two lines
            write(axes, 0, middle, word.replace(" ", "\n", 1), SMALL, transform=beyond, ha="right", linespacing=1.0)


def draw_spikes(
    axes: Axes, bands: Sequence[UnitBands], spikes: Spikes, reach: tuple[float, float] = (0.4, 0.4)
) -> None:
    """Draw a bar for each spike, so thin that those of neighbours stay apart.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
        Where to; a step is 1 wide.
    bands : sequence of UnitBands
        Where the neurons are.
    spikes : dict of str to numpy.ndarray of int64, shape (n_spikes, 2)
        Step in ms and neuron of each spike, by population.
    reach : tuple of float
        How far a bar reaches to the left and to the right of its step.
    """
    low, high = axes.get_ylim()
    points = 72 * axes.get_position().height * figure_of(axes).get_figheight() / (high - low)
    for band in bands:
        steps, neurons = spikes[band.population.name].T
        thickness = min(0.75 * points * band.height / band.n, 2.5)
        if band.population.role == "gate":
            thickness = max(thickness, _ROTOR_LINE)
        heights, colour = band.heights(neurons), colour_of(band.population)
        axes.hlines(
            heights, steps - reach[0], steps + reach[1], colors=colour, linewidths=thickness, zorder=3, snap=False
        )


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
        axes.axvline(step - 0.5, color="#222222" if first else "#DADADA", lw=0.9 if first else 0.3, zorder=1.1)
    axes.axvline(stop - 0.5, color="#222222", lw=0.9, zorder=1.1)
