"""Stretches of a graded circuit side by side: the units of its populations up, gating windows across."""

from __future__ import annotations

from collections.abc import Sequence

from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator
from matplotlib.transforms import ScaledTranslation

from ..circuit.circuit import Circuit
from ..circuit.schedule import Schedule
from ..spikes import Spikes, between
from .fitting import shrink_title
from .parts import LEARNING, learning_keys, role_keys, tints
from .style import LARGE, MM, PALE, SMALL, columns_of, figure_of, inches, new_figure, tint_key, write
from .unit_bands import (
    LEFT,
    SHADE,
    UnitBands,
    draw_bands,
    draw_layers,
    draw_spikes,
    draw_windows,
    lifted_key,
    top_of,
)

UNIT = 3.0
"""Millimetres of a unit: its number has room, and 32 neurons can be told apart."""

_RIGHT, _BETWEEN = 2.0, 4.0
"""Millimetres right of the last stretch, and between two."""

_KEY_LINE = 3.2
"""Millimetres of a line of a legend."""

TIME_BELOW = 8.0
"""Millimetres of the times and their name."""

PHASE_ABOVE, SIGN_ABOVE = 0.6, 3.0
"""Millimetres above the axes of the numbers of phases, and of what is learnt in them."""


def unit_raster(
    circuit: Circuit,
    bands: Sequence[UnitBands],
    stretches: Sequence[tuple[Spikes, int, int]],
    above: float,
    below: float,
    width: float | None = None,
    reach: tuple[float, float] = (0.4, 0.4),
    beside: float = 0.0,
) -> tuple[Figure, list[Axes]]:
    """Draw stretches of a recording side by side, with the same rows.

    Parameters
    ----------
    circuit : pynn_backprop.circuit.circuit.Circuit
        What was recorded.
    bands : sequence of UnitBands
        The rows.
    stretches : sequence of tuple of (Spikes, int, int)
        Spikes of each, its first step, and the one after its last, in ms.
    above, below : float
        Millimetres above and below the axes.
    width : float, optional
        Of the figure, in mm; 180 if None.
    reach : tuple of float
        How far a spike reaches to the left and to the right of its step; a step is 1 wide.
    beside : float
        More millimetres to the right of the last stretch.

    Returns
    -------
    figure : matplotlib.figure.Figure
        With an axes for each stretch, whose phases are numbered and tinted.
    axes : list of matplotlib.axes.Axes
        These.
    """
    up, wide = UNIT * top_of(bands), inches(width) / MM
    figure = new_figure(above + up + below, width)
    free = wide - LEFT - _RIGHT - beside - _BETWEEN * (len(stretches) - 1)
    step = free / sum(stop - start for _, start, stop in stretches)
    left, panels = LEFT, list[Axes]()
    for spikes, start, stop in stretches:
        across, height = step * (stop - start), above + up + below
        axes = figure.add_axes((left / wide, below / height, across / wide, up / height))
        draw_windows(axes, circuit.schedule.length, start, stop)
        draw_bands(axes, bands, named=not panels)
        draw_layers(axes, bands, circuit.depth, named=not panels)
        names = {band.population.name for band in bands}
        shown = {name: table for name, table in between(spikes, start, stop).items() if name in names}
        draw_spikes(axes, bands, shown, reach)
        number_phases(axes, circuit.schedule, start, stop)
        axes.xaxis.set_major_locator(MaxNLocator(max(2, int(across / 14)), integer=True))
        axes.xaxis.set_major_formatter("{x:,.0f}")
        axes.set_xlabel("time (ms)")
        panels.append(axes)
        left += across + _BETWEEN
    return figure, panels


def above_axes(axes: Axes, step: float, mm: float, text: str, size: float, **style: object) -> None:
    """Write a text so many millimetres above the axes, over a step; other parameters as of :func:`~.style.write`."""
    place = axes.get_xaxis_transform() + ScaledTranslation(0, mm * MM, figure_of(axes).dpi_scale_trans)
    write(axes, step, 1, text, size, transform=place, **{"va": "bottom", **style})


def number_phases(axes: Axes, schedule: Schedule, start: int, stop: int) -> None:
    """Number the phases above the axes, and tint those in which a matrix learns, with the sign of what they do."""
    tinted, signs = tints(schedule), {tint: sign for tint, _, sign in LEARNING}
    for step in range(start, stop):
        phase = step % schedule.length
        above_axes(axes, step, PHASE_ABOVE, str(phase), SMALL, color=PALE)
        if phase in tinted:
            tint, _ = tinted[phase]
            axes.axvspan(step - 0.5, step + 0.5, color=tint, lw=0, zorder=0)
            above_axes(axes, step, SIGN_ABOVE, signs[tint], SMALL, weight="bold")


def key_of(circuit: Circuit, bands: Sequence[UnitBands], *more: Artist) -> list[Artist]:
    """Entries of a legend that says what colours, tints and marks mean.

    Parameters
    ----------
    circuit : pynn_backprop.circuit.circuit.Circuit
        What is drawn.
    bands : sequence of UnitBands
        Its rows.
    more : matplotlib.artist.Artist
        Other entries.

    Returns
    -------
    list of matplotlib.artist.Artist
    """
    handles: list[Artist] = [*role_keys({band.population.role for band in bands})]
    if any(band.population.role == "memory" for band in bands):
        handles.append(tint_key(SHADE, "memory populations"))
    if circuit.schedule.training:
        handles += learning_keys()
    if any(band.lifted for band in bands):
        handles.append(lifted_key())
    return [*handles, *more]


def key_height(handles: Sequence[Artist], width: float | None) -> float:
    """Millimetres of a legend below a figure of this width."""
    return 2 + _KEY_LINE * -(-len(handles) // columns_of(handles, inches(width) / MM))


def write_title(figure: Figure, title: str) -> None:
    """Write a figure's title at the top, over the left edge of its spikes."""
    wide, high = figure.get_size_inches() / MM
    shrink_title(figure, figure.text(LEFT / wide, 1 - 1.5 / high, title, fontsize=LARGE, va="top"))


def add_key(figure: Figure, handles: Sequence[Artist]) -> None:
    """Put a legend below everything."""
    figure.legend(
        handles=handles,
        loc="lower center",
        bbox_to_anchor=(0.5, 0),
        borderaxespad=0.2,
        ncols=columns_of(handles, figure.get_figwidth() / MM),
        fontsize=SMALL,
        handlelength=1.6,
        handleheight=0.6,
        handletextpad=0.4,
        columnspacing=1.2,
    )
