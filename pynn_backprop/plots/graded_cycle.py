"""One learning cycle, close up."""

from __future__ import annotations

import neo
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from ..circuit.schedule import Schedule
from ..figures.recorded import circuit_of
from ..recording.blocks import samples_of, spikes_of
from ..spikes import Spikes
from .graded_raster import SHADE, UnitBands, draw_bands, draw_layers, draw_spikes, draw_windows, unit_bands
from .style import DPI, LEARNING, ROLES, colour_of, reading_order, tints, write

_RIGHT = 0.14
"""How far a spike reaches to the right of its step; what is left of the window is for the number."""


def cycle(block: neo.Block) -> Figure:
    """Draw the block of the figure ``cycle``: all populations, the number of spikes of each unit, memories shaded.

    Parameters
    ----------
    block
        What :func:`pynn_backprop.figures.cycle.record` returns.

    Returns
    -------
    matplotlib.figure.Figure
    """
    circuit, segment = circuit_of(block), block.segments[0]
    spikes, sample, length = spikes_of(segment), int(samples_of(segment)[0]), circuit.schedule.length
    start = (sample + 1) * length
    figure = Figure(figsize=(16, 13), dpi=DPI)
    axes = figure.add_axes((0.115, 0.075, 0.875, 0.815))
    draw_windows(axes, length, start, start + length)
    bands = unit_bands(circuit, [p for p in reading_order(circuit) if p.name in spikes and p.role != "gate"])
    draw_bands(axes, bands)
    draw_layers(axes, bands, circuit.depth)
    draw_spikes(axes, bands, spikes, _RIGHT)
    _write_numbers(axes, bands, spikes)
    _head_phases(axes, circuit.schedule, start)
    axes.set_xticks(range(start, start + length))
    axes.set_xlabel("time (ms)", fontsize=11)
    title = f"One learning cycle of {'-'.join(map(str, circuit.units))} units of {circuit.code.n} neurons"
    figure.suptitle(f"{title}, on {block.annotations['platform']}", x=0.115, y=0.987, ha="left", fontsize=15)
    roles = {band.population.role for band in bands}
    handles = [Patch(color=colour, label=words) for role, (colour, words) in ROLES.items() if role in roles]
    handles.append(Patch(facecolor=SHADE, edgecolor="#999999", lw=0.5, label="memory populations"))
    for tint, word, sign in LEARNING:
        handles.append(Patch(facecolor=tint, edgecolor="#999999", lw=0.5, label=f"{word} ({sign})"))
    figure.legend(handles=handles, loc="lower right", bbox_to_anchor=(0.99, 0.002), ncols=7, frameon=False, fontsize=10)
    return figure


def _write_numbers(axes: Axes, bands: list[UnitBands], spikes: Spikes) -> None:
    """Beside the spikes of a unit, how many they are."""
    for band in bands:
        table = spikes[band.population.name]
        if band.n == 1 or not len(table):
            continue
        places, counts = np.unique(np.column_stack((table[:, 0], table[:, 1] // band.n)), axis=0, return_counts=True)
        for (step, unit), count in zip(places, counts, strict=True):
            height = band.low[unit] + band.height / 2
            colour = colour_of(band.population)
            write(axes, step + 0.42, height, str(count), 8.5, ha="right", color=colour, weight="bold", zorder=4)


def _head_phases(axes: Axes, schedule: Schedule, start: int) -> None:
    above, tinted = axes.get_xaxis_transform(), tints(schedule)
    for phase, label in enumerate(schedule.labels):
        step = start + phase
        if phase in tinted:
            axes.axvspan(step - 0.5, step + 0.5, color=tinted[phase][0], lw=0, zorder=0)
        write(axes, step, 1.006, str(phase), 10, transform=above, va="bottom", weight="bold")
        words = label.replace(", ", " ").replace(" ", "\n")
        write(axes, step, 1.024, words, 9, transform=above, va="bottom", linespacing=1.05)
