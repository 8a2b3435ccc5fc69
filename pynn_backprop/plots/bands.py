"""Populations as bands of a raster, one above the other, and the phases as its columns."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator

from ..circuit.circuit import Circuit
from ..circuit.parts import Population
from ..circuit.schedule import Schedule
from ..spikes import Spikes
from .diagram_arrows import lifted
from .diagram_layout import ring_of
from .parts import colour_of, layer_word, reading_order, tints
from .style import MIDDLE, PALE, PRINT_DPI, SMALL, figure_of, text_inches, write

LEFT, RIGHT = 1.3, 0.06
"""Inches left and right of the axes: for the names of bands and layers, and to the edge."""

ROOM_FOR_NUMBER = 0.1
"""Inches that a phase needs to bear its number."""

_ROOM_FOR_LINE, _ROOM_FOR_NAME = 0.03, 0.2
"""Inches that a phase needs to have edges, and to bear the short name of what it learns."""

_GAP, _LEAST, _DOUBLED = 0.5, 3.0, 0.5
"""Between neighbouring bands of a layer; the height of a band, and how much more it is for each doubling of size."""

_SCALE = 0.031
"""Inches of a unit of height: the lowest band has room for its name."""


@dataclass(frozen=True)
class Band:
    """Where the spikes of one population, or of all gates of the ring, go.

    Parameters
    ----------
    members : tuple of pynn_backprop.circuit.parts.Population
        Whose spikes, from the bottom up.
    low, high : float
        Ordinates of its edges, in inches.
    lifted : bool
        Whether its neurons are lifted to the levels of the code.
    """

    members: tuple[Population, ...]
    low: float
    high: float
    lifted: bool = False

    @property
    def size(self) -> int:
        """Neurons in the band."""
        return sum(population.size for population in self.members)


def firing(spikes: Spikes) -> list[str]:
    """The populations that fire at all: a band without a spike says less than a word does."""
    return [name for name, table in spikes.items() if len(table)]


def bands_of(circuit: Circuit, spikes: Iterable[str]) -> list[Band]:
    """One band per population from ordinate 0 up, and one for all gates of the ring; a rotor has its own.

    Parameters
    ----------
    circuit : pynn_backprop.circuit.parts.Circuit
        What was recorded.
    spikes : iterable of str
        Names of the populations.

    Returns
    -------
    list of Band
        In reading order, the input first.
    """
    recorded = [population for population in reading_order(circuit) if population.name in spikes]
    ring, marked = ring_of(circuit), lifted(circuit)
    grouped = itertools.groupby(recorded, key=lambda p: "gates" if p.role == "gate" and p.name in ring else p.name)
    groups = [tuple(group) for _, group in grouped]
    heights = _LEAST + _DOUBLED * np.log2([1 + sum(population.size for population in group) for group in groups])
    same = [True, *(below[0].layer == above[0].layer for below, above in itertools.pairwise(groups))]
    high = np.cumsum(heights + np.where(same, _GAP, 4 * _GAP))
    low = high - heights
    edges = zip((_SCALE * low).tolist(), (_SCALE * high).tolist(), strict=True)
    return [Band(group, *edge, group[0].name in marked) for group, edge in zip(groups, edges, strict=True)]


def top_of(bands: Sequence[Band]) -> float:
    """The upper end of the axes, in inches."""
    return bands[-1].high + _SCALE * _GAP


def draw_all(axes: Axes, bands: Sequence[Band], spikes: Spikes, depth: int) -> None:
    """Name bands and layers, and draw all spikes in the colours of their roles."""
    for band in bands:
        name_band(axes, band)
        draw_spikes(axes, band, spikes, colour_of(band.members[0]))
    draw_layers(axes, bands, depth)


def draw_phases(axes: Axes, schedule: Schedule, steps: range, across: float, time: bool = True) -> None:
    """Draw the phases as columns, with tints, edges and what has room above them.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
        Where to; a step is 1 wide.
    schedule : pynn_backprop.circuit.schedule.Schedule
        What happens in which phase.
    steps : range
        Which steps, in ms.
    across : float
        Width of a step, in inches.
    time : bool
        Whether the time stands below them.
    """
    tinted, above = tints(schedule), axes.get_xaxis_transform()
    inch = 1 / axes.get_ylim()[1]
    for step in steps:
        phase = step % schedule.length
        tint, name = tinted.get(phase, ("none", ""))
        axes.axvspan(step - 0.5, step + 0.5, color=tint, lw=0, zorder=0)
        if phase == 0:
            axes.axvline(step - 0.5, color="#222222", lw=min(1.0, 0.3 + 4 * across), zorder=1)
        elif across >= _ROOM_FOR_LINE:
            axes.axvline(step - 0.5, color="#DDDDDD", lw=0.4, zorder=1)
        if across >= ROOM_FOR_NUMBER:
            write(axes, step, 1 + 0.03 * inch, str(phase), SMALL, transform=above, va="bottom")
            # The sign alone is the end of the name.
            named = name if across >= _ROOM_FOR_NAME else name[-1:]
            write(axes, step, 1 + 0.14 * inch, named, SMALL, transform=above, va="bottom", weight="bold")
    axes.tick_params(axis="x", labelsize=SMALL, length=2, width=0.5, pad=1.5, bottom=time, labelbottom=time)
    for spine in axes.spines.values():
        spine.set_linewidth(0.6)
    if time:
        axes.set_xlabel("time (ms)", fontsize=MIDDLE, labelpad=1)
        axes.set_xticks(_times(steps, across))
        axes.ticklabel_format(axis="x", style="plain", useOffset=False)


def _times(steps: range, across: float) -> list[int]:
    """The times to write below the phases: none that would reach beyond the edge of the figure."""
    beyond = text_inches(str(steps.stop), SMALL) / 2 - RIGHT
    last = steps.stop - 0.5 - max(0.0, beyond / across)
    found = MaxNLocator(9, integer=True).tick_values(steps.start, steps.stop)
    return [int(time) for time in found if steps.start <= time <= last]


def name_band(axes: Axes, band: Band) -> None:
    """Write name and size of a band to its left."""
    first, *others = band.members
    size = band.size
    name = f"{first.name} … {others[-1].name}" if others else f"{first.name}  ({size:,})" if size > 1 else first.name
    name = f"λ {name}" if band.lifted else name
    x, place = axes.get_xlim()[0], (band.low + band.high) / 2
    axes.annotate(
        name,
        (x, place),
        (-2.5, 0),
        textcoords="offset points",
        fontsize=SMALL,
        ha="right",
        va="center",
        color=colour_of(first),
        annotation_clip=False,
    )


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
    dpi = PRINT_DPI
    width = min(max(0.9 * row * dpi, thinnest), 0.05 * dpi) * 72 / dpi
    lowest = band.low + row / 2
    for population in band.members:
        steps, neurons = spikes[population.name].T
        heights = lowest + neurons * row
        # Snapped to pixels, equal patterns would look different in bands of equal height.
        axes.hlines(heights, steps - 0.4, steps + 0.4, colors=colour, linewidths=width, zorder=3, snap=False)
        lowest += population.size * row


def draw_layers(axes: Axes, bands: Sequence[Band], depth: int, named: bool = True) -> None:
    """Draw a name for each layer, lines between its bands, and grey bars between the layers.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
        Where to.
    bands : sequence of Band
        From the bottom up.
    depth : int
        Number of the output layer.
    named : bool
        Whether names are drawn.
    """
    inch, top = 1 / (figure_of(axes).get_figwidth() * axes.get_position().width), 0.0
    place = axes.get_yaxis_transform()
    for layer, group in itertools.groupby(bands, key=lambda band: band.members[0].layer):
        members = list(group)
        for below, above in itertools.pairwise(members):
            axes.axhline((below.high + above.low) / 2, color="#BBBBBB", lw=0.4, zorder=1.5)
        low, high = members[0].low, members[-1].high
        if top:
            edge = (low - top) / 4
            axes.axhspan(top + edge, low - edge, color="#EEEEEE", lw=0, zorder=2)
        top = high
        if not named:
            continue
        x = (0.48 - LEFT) * inch
        axes.add_line(Line2D([x] * 2, [low, high], transform=place, color="#888888", lw=0.8, clip_on=False))
        word = layer_word(layer, depth)
        style: dict[str, Any] = {"transform": place, "ha": "right", "color": PALE, "linespacing": 1.0}
        if text_inches(word, MIDDLE) > high - low:  # beside few bands it lies, in two lines
            word, style["rotation"] = word.replace(" ", "\n", 1), 0
        write(axes, x - 0.03 * inch, (low + high) / 2, word, MIDDLE, **{"rotation": 90, **style})
