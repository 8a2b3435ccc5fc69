"""The spikes of two platforms around the first one in which they differ."""

from __future__ import annotations

import numpy as np
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from ..circuit.circuit import Circuit
from ..errors import InputError
from ..simulation.backends.registry import written
from ..spikes import Difference, Spikes
from .bands import LEFT, RIGHT, Band, bands_of, draw_layers, draw_phases, draw_spikes, firing, name_band, top_of
from .parts import title_of
from .style import BLUE, LARGE, MIDDLE, MM, SMALL, VERMILION, inches, new_figure, styled, write

_BOTH = "#BBBBBB"
_ABOVE, _BELOW = 0.78, 0.55
"""Inches above and below the axes."""


@styled
def difference(
    circuit: Circuit,
    first: Difference,
    around: tuple[Spikes, Spikes],
    names: tuple[str, str],
    width: float | None = None,
) -> Figure:
    """Draw two recordings over each other.

    Spikes that both have are grey, those of one alone coloured, and the first of these has a ring around it.

    Parameters
    ----------
    circuit : pynn_backprop.circuit.parts.Circuit
        What both ran.
    first : pynn_backprop.spikes.Difference
        The first difference.
    around : tuple of dict of str to numpy.ndarray of int64, shape (n_spikes, 2)
        The spikes of both in a few cycles around it: step in ms and neuron, by population.
    names : tuple of str
        What the two are called.
    width : float, optional
        Of the figure, in mm; 180 if None.

    Returns
    -------
    matplotlib.figure.Figure

    Raises
    ------
    InputError
        If there are no spikes around it, or the width is not from 120 to 1000.
    """
    one, other = around
    length, names = circuit.schedule.length, (written(names[0]), written(names[1]))
    steps = np.concatenate([table[:, 0] for side in around for table in side.values()])
    if not len(steps):
        raise InputError("there are no spikes around the first difference to draw")
    start, stop = int(steps.min()) // length * length, (int(steps.max()) // length + 1) * length
    bands = bands_of(circuit, {first.population, *firing(one), *firing(other)})
    wide, height = inches(width), _ABOVE + top_of(bands) + _BELOW
    across = wide - LEFT - RIGHT
    figure = new_figure(height / MM, width)
    heading = f"{title_of(circuit)}: {names[0]} and {names[1]}\n{first}"
    figure.suptitle(heading, x=LEFT / wide, y=1 - 0.06 / height, ha="left", va="top", fontsize=LARGE - 1)
    axes = figure.add_axes((LEFT / wide, _BELOW / height, across / wide, top_of(bands) / height))
    axes.set(xlim=(start - 0.5, stop - 0.5), ylim=(0, top_of(bands)), yticks=[])
    draw_phases(axes, circuit.schedule, range(start, stop), across / (stop - start))
    for cycle in range(start // length, stop // length):
        place, above = (cycle + 0.5) * length - 0.5, 1 + 0.26 / top_of(bands)
        write(axes, place, above, f"sample {cycle - 1}", MIDDLE, transform=axes.get_xaxis_transform(), va="bottom")
    layers = ((_both(one, other), _BOTH, 0.5), (_only(one, other), BLUE, 3.0), (_only(other, one), VERMILION, 3.0))
    for band in bands:
        name_band(axes, band)
        for spikes, colour, thinnest in layers:
            draw_spikes(axes, band, spikes, colour, thinnest)
    draw_layers(axes, bands, circuit.depth)
    axes.plot(first.step, _height(bands, first), "o", ms=8, mfc="none", mec="black", mew=0.9, zorder=5)
    _draw_key(figure, names)
    return figure


def _both(one: Spikes, other: Spikes) -> Spikes:
    return {name: _table(_set(one[name]) & _set(other[name])) for name in one}


def _only(one: Spikes, other: Spikes) -> Spikes:
    return {name: _table(_set(one[name]) - _set(other[name])) for name in one}


def _set(table: np.ndarray) -> set[tuple[int, int]]:
    return set(map(tuple, table.tolist()))


def _table(spikes: set[tuple[int, int]]) -> np.ndarray:
    return np.array(sorted(spikes), np.int64).reshape(-1, 2)


def _height(bands: list[Band], first: Difference) -> float:
    """Where the neuron that differs first is drawn."""
    for band in bands:
        before = 0
        for population in band.members:
            if population.name == first.population:
                return band.low + (band.high - band.low) * (before + first.neuron + 0.5) / band.size
            before += population.size
    raise InputError(f"the spikes of {first.population!r} are not among those to draw")


def _draw_key(figure: Figure, names: tuple[str, str]) -> None:
    handles: list[Patch | Line2D] = [
        Patch(color=_BOTH, label="on both"),
        Patch(color=BLUE, label=f"only on {names[0]}"),
        Patch(color=VERMILION, label=f"only on {names[1]}"),
        Line2D([], [], ls="none", marker="o", ms=6, mfc="none", mec="black", label="the first difference"),
    ]
    figure.legend(handles=handles, loc="lower right", ncols=4, frameon=False, fontsize=SMALL)
