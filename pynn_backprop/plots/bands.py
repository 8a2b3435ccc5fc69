"""Populations as bands of a raster, one above the other, and the phases as its columns."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator

from ..circuit.circuit import Circuit
from ..circuit.parts import Population
from ..circuit.schedule import Schedule
from ..spikes import Spikes
from .style import DPI, colour_of, layer_word, reading_order, tints, write

LEFT = 0.105
"""Where the axes, the title and the key begin, as a share of the figure."""

ROOM_FOR_NUMBER = 18
"""Pixels that a phase needs to bear its number."""

_ROOM_FOR_LINE, _ROOM_FOR_NAME = 5, 30
"""Pixels that a phase needs to have edges, and to bear the short name of what it learns."""

_GAP = 0.6
"""Between neighbouring bands of a layer; a band is 2.5 high and 1 more for each doubling of its size."""


@dataclass(frozen=True)
class Band:
    """Where the spikes of one population, or of all gates, go.

    Parameters
    ----------
    members : tuple of pynn_backprop.circuit.parts.Population
        Whose spikes, from the bottom up.
    low, high : float
        Ordinates of its edges.
    """

    members: tuple[Population, ...]
    low: float
    high: float

    @property
    def size(self) -> int:
        """Neurons in the band."""
        return sum(population.size for population in self.members)


def bands_of(circuit: Circuit, spikes: Iterable[str]) -> list[Band]:
    """One band per recorded population from the bottom up, and one for all gates; together they fill 0 to 1.

    Parameters
    ----------
    circuit : pynn_backprop.circuit.parts.Circuit
        What was recorded.
    spikes : iterable of str
        Names of the recorded populations.

    Returns
    -------
    list of Band
        In reading order, the input first.
    """
    recorded = [population for population in reading_order(circuit) if population.name in spikes]
    grouped = itertools.groupby(recorded, key=lambda p: "gates" if p.role == "gate" else p.name)
    groups = [tuple(group) for _, group in grouped]
    heights = 2.5 + np.log2([1 + sum(population.size for population in group) for group in groups])
    same = [True, *(below[0].layer == above[0].layer for below, above in itertools.pairwise(groups))]
    high = np.cumsum(heights + np.where(same, _GAP, 4 * _GAP))
    low, total = high - heights, high[-1] + _GAP
    return [Band(*band) for band in zip(groups, (low / total).tolist(), (high / total).tolist(), strict=True)]


def draw_phases(axes: Axes, schedule: Schedule, steps: range, pixels: float) -> None:
    """Draw the phases as columns, with tints, edges and what has room above them.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
        Where to; a step is 1 wide.
    schedule : pynn_backprop.circuit.schedule.Schedule
        What happens in which phase.
    steps : range
        Which steps, in ms.
    pixels : float
        Width of a step.
    """
    tinted, above = tints(schedule), axes.get_xaxis_transform()
    for step in steps:
        phase = step % schedule.length
        tint, name = tinted.get(phase, ("none", ""))
        axes.axvspan(step - 0.5, step + 0.5, color=tint, lw=0, zorder=0)
        if phase == 0:
            axes.axvline(step - 0.5, color="#222222", lw=min(1.6, 0.4 + pixels / 12), zorder=1)
        elif pixels >= _ROOM_FOR_LINE:
            axes.axvline(step - 0.5, color="#DDDDDD", lw=0.6, zorder=1)
        if pixels >= ROOM_FOR_NUMBER:
            write(axes, step, 1.008, str(phase), 10, transform=above, va="bottom")
        if pixels >= _ROOM_FOR_NAME:
            write(axes, step, 1.032, name, 9, transform=above, va="bottom", weight="bold")
    axes.set_xlabel("time (ms)", fontsize=11)
    axes.tick_params(axis="x", labelsize=10)
    axes.xaxis.set_major_locator(MaxNLocator(9, integer=True))
    axes.ticklabel_format(axis="x", style="plain", useOffset=False)


def name_band(axes: Axes, band: Band) -> None:
    """Write name and size of a band to its left."""
    first, *others = band.members
    size = band.size
    name = f"{first.name} … {others[-1].name}" if others else f"{first.name}  ({size:,})" if size > 1 else first.name
    middle = (band.low + band.high) / 2
    write(axes, -0.006, middle, name, 10, transform=axes.transAxes, ha="right", color=colour_of(first))


def draw_spikes(axes: Axes, band: Band, spikes: Spikes, colour: str, thinnest: float = 0.5) -> None:
    """Draw a bar for each spike of a band.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
        Where to.
    band : Band
        Which.
    spikes : dict of str to numpy.ndarray of int64, shape (n_spikes, 2)
        Step in ms and neuron of each spike, by population; those of the members of `band` must be there.
    colour : str
        Of the bars.
    thinnest : float
        Least thickness of a bar in pixels; much thinner than half a pixel it would vanish.
    """
    row = (band.high - band.low) / band.size
    width = min(max(0.9 * axes.bbox.height * row, thinnest), 6.0) * 72 / DPI
    lowest = band.low + row / 2
    for population in band.members:
        steps, neurons = spikes[population.name].T
        heights = lowest + neurons * row
        # Snapped to pixels, equal patterns would look different in bands of equal height.
        axes.hlines(heights, steps - 0.4, steps + 0.4, colors=colour, linewidths=width, zorder=3, snap=False)
        lowest += population.size * row


def draw_layers(axes: Axes, bands: Sequence[Band], depth: int) -> None:
    """Draw a name for each layer, lines between its bands, and grey bars between the layers.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
        Where to.
    bands : sequence of Band
        From the bottom up.
    depth : int
        Number of the output layer.
    """
    place, top = axes.transAxes, 0.0
    for layer, group in itertools.groupby(bands, key=lambda band: band.members[0].layer):
        members = list(group)
        for below, above in itertools.pairwise(members):
            axes.axhline((below.high + above.low) / 2, color="#BBBBBB", lw=0.7, zorder=1.5)
        low, high = members[0].low, members[-1].high
        if top:
            edge = (low - top) / 4
            axes.axhspan(top + edge, low - edge, color="#EEEEEE", lw=0, zorder=2)
        top = high
        axes.add_line(Line2D([-0.088] * 2, [low, high], transform=place, color="#888888", lw=1.5, clip_on=False))
        write(axes, -0.093, (low + high) / 2, layer_word(layer, depth), 11, transform=place, rotation=90, ha="right")
