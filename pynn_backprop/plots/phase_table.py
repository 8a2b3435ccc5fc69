"""The table of who is open in which phase, below the ring of the gates.

Rows go from the top down to ordinate 0, phase p from p to p + 1 across; units are cells.
"""

from __future__ import annotations

from collections.abc import Sequence

from matplotlib.axes import Axes
from matplotlib.patches import FancyArrowPatch, Rectangle
from matplotlib.path import Path

from ..circuit.circuit import Circuit
from ..circuit.parts import Population
from .style import BLACK, GREEN, GREY, colour_of, reading_order, text_width, tints, write

CELL = (46, 27)
"""Pixels of a cell, across and up."""

_LEFT = -2.4
_KEY = {
    "½": "may fire; its gate lets it fire when its drive exceeds θ/2",
    "0": "the same, when its drive exceeds 0",
    "1": "the same, when its drive exceeds θ",
    "(½)": "the same as ½, opened by neurons that are no gate",
    "": "may fire, and needs no gate",
    "⊣": "inhibited by its gate, since weights drive it here",
}


def limits(circuit: Circuit) -> tuple[float, float, float, float]:
    """How much room :func:`draw_table` needs.

    Parameters
    ----------
    circuit : pynn_backprop.circuit.parts.Circuit
        What is drawn.

    Returns
    -------
    tuple of float
        Left, right, bottom and top, in cells.
    """
    right = max(circuit.schedule.length, 10) + 0.8
    return _LEFT - 0.2, right, _below_labels(circuit) - 6.5, len(rows_of(circuit)) + 5.3


def rows_of(circuit: Circuit) -> list[Population]:
    """The populations that are no part of the ring, in reading order."""
    return [p for p in reading_order(circuit) if p.role != "gate" and p.name != "start"]


def draw_table(axes: Axes, circuit: Circuit) -> None:
    """Draw the ring of the gates, the table and its key.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
        Where to; its limits are those of :func:`limits`.
    circuit : pynn_backprop.circuit.parts.Circuit
        What is drawn.
    """
    rows = rows_of(circuit)
    _draw_ring(axes, circuit.schedule.length, len(rows))
    _draw_phases(axes, circuit, len(rows))
    _draw_rows(axes, circuit, rows)
    used, top = {"", *marks_of(circuit).values()}, _below_labels(circuit)
    for place, mark in enumerate(mark for mark in _KEY if mark in used):
        _draw_cell(axes, _LEFT, top - 1 - place, None if mark == "⊣" else BLACK, mark)
        write(axes, _LEFT + 1.2, top - 0.5 - place, _KEY[mark], 9.5, ha="left")


def _below_labels(circuit: Circuit) -> float:
    """The ordinate below the names of the phases, which stand upright below the table."""
    return -0.5 - max(text_width(label, 9.5) for label in circuit.schedule.labels) / CELL[1]


def _draw_ring(axes: Axes, length: int, top: float) -> None:
    """The gates in a row, each above the phase that it opens, and their way round."""
    y, first, last = top + 1.75, 0.5, length - 0.5
    heading = "Who is open when: each gate of the ring opens the phase below it"
    write(axes, _LEFT, top + 4.3, heading, 11.5, ha="left")
    for phase in range(length):
        x = phase + 0.5
        axes.plot(x, y, "o", ms=21, mfc="white", mec=GREEN, mew=1.6, zorder=3)
        write(axes, x, y, f"g{(phase - 1) % length}", 8.5, color=GREEN, weight="bold", zorder=4)
        _draw_link(axes, "#888888", (x, y - 0.56), (x, top + 0.85))
        if phase:
            _draw_link(axes, GREEN, (x - 0.68, y), (x - 0.32, y))
    _draw_link(axes, GREEN, (last, y + 0.56), (last, y + 1.95), (first, y + 1.95), (first, y + 0.56))
    frame = {"boxstyle": "round,pad=0.2", "facecolor": "white", "edgecolor": GREY}
    write(axes, 1.5, y + 1.3, "start", 8.5, color=GREY, weight="bold", bbox=frame)
    _draw_link(axes, GREY, (1.5, y + 0.95), (1.5, y + 0.52))


def _draw_link(axes: Axes, colour: str, *points: tuple[float, float]) -> None:
    path = Path(points)
    axes.add_patch(FancyArrowPatch(path=path, color=colour, arrowstyle="-|>", mutation_scale=8, lw=1.3, zorder=2))


def _draw_phases(axes: Axes, circuit: Circuit, n_rows: int) -> None:
    for phase, (tint, _) in tints(circuit.schedule).items():
        axes.add_patch(Rectangle((phase, 0), 1, n_rows + 0.9, facecolor=tint, zorder=0))
    write(axes, -0.15, n_rows + 0.45, "phase", 10, ha="right", weight="bold")
    for phase, label in enumerate(circuit.schedule.labels):
        write(axes, phase + 0.5, n_rows + 0.45, str(phase), 10, weight="bold")
        write(axes, phase + 0.5, -0.2, label, 9.5, rotation=90, va="top")
        axes.vlines(phase, 0, n_rows, color="#DDDDDD", lw=0.6, zorder=1)


def _draw_rows(axes: Axes, circuit: Circuit, rows: Sequence[Population]) -> None:
    length, marks, layer = circuit.schedule.length, marks_of(circuit), rows[0].layer
    for y, population in zip(reversed(range(len(rows))), rows, strict=True):
        line, width = ("#DDDDDD", 0.6) if population.layer == layer else ("#555555", 1.0)
        axes.hlines(y + 1, _LEFT, length, color=line, lw=width, zorder=1)
        colour, layer = colour_of(population), population.layer
        write(axes, -0.15, y + 0.5, population.name, 10, ha="right", color=colour)
        for phase in range(length):
            fill = colour if phase in population.phases else None
            _draw_cell(axes, phase, y, fill, marks.get((population.name, phase), ""))


def _draw_cell(axes: Axes, x: float, y: float, fill: str | None, mark: str) -> None:
    if fill:
        axes.add_patch(Rectangle((x + 0.06, y + 0.08), 0.88, 0.84, facecolor=fill, zorder=2))
    write(axes, x + 0.5, y + 0.47, mark, 9.5, color="white" if fill else "#777777", zorder=3)


def marks_of(circuit: Circuit) -> dict[tuple[str, int], str]:
    """What opens or inhibits a population in a phase.

    Parameters
    ----------
    circuit : pynn_backprop.circuit.parts.Circuit
        The circuit.

    Returns
    -------
    dict of tuple of (str, int) to str
        A mark of the table's key, by name of the population and phase; nothing where nothing does.
    """
    strength, found = circuit.parameters, dict[tuple[str, int], str]()
    signs = {strength.half: "½", strength.low: "0", strength.high: "1", strength.inhibition: "⊣"}
    for projection in circuit.projections:
        sign, pre = signs.get(projection.weight or 0, ""), circuit[projection.pre]
        for phase in pre.phases if sign else ():
            arrival = (phase + projection.latency) % circuit.schedule.length
            if pre.role == "gate":
                found[projection.post, arrival] = sign
            # Whoever opens others in its forward phase does so in its replays too, in vain.
            elif arrival in circuit[projection.post].phases:
                found[projection.post, arrival] = f"({sign})"
    return found
