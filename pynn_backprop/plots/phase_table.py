"""The table of who is open in which phase, below the ring of the gates.

Coordinates are inches; phases go from left to right, populations from the input down.
"""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass

from matplotlib.axes import Axes
from matplotlib.patches import FancyArrowPatch, FancyBboxPatch, Rectangle
from matplotlib.path import Path

from ..circuit.circuit import Circuit
from ..circuit.parts import Population
from .diagram_arrows import opener
from .diagram_layout import ring_of
from .parts import colour_of, reading_order, tints
from .style import BLACK, GREEN, GREY, MIDDLE, PALE, SMALL, VERMILION, text_inches, write

_LEFT, _ROW, _LABEL = 0.1, 0.145, 23
"""Of the table, in inches; height of a row; and characters of a line of a phase's name."""

_CELL = (0.185, 0.5)
"""Least and most inches of a phase."""

_RING, _KEY_LINE = 0.94, 0.15
"""What is above the table, and a line of its key."""

_KEY = {
    "½": "may fire; opened so that it fires when its drive exceeds θ/2",
    "0": "the same, when its drive exceeds 0",
    "1": "the same, when its drive exceeds θ",
    "(½)": "the same as ½, opened neuron by neuron",
    "": "may fire, and needs no gate",
    "⊣": "inhibited, since weights drive it here",
}


_ONLY = ("only after an error: e opens these phases", "only after an error, by e", "by e")
"""Above the phases that e opens: the longest that has room."""


@dataclass(frozen=True)
class _Grid:
    """Where rows and phases are."""

    left: float
    top: float
    cell: float
    rows: int

    @property
    def bottom(self) -> float:
        return self.top - self.rows * _ROW

    def middle(self, phase: float) -> float:
        return self.left + (phase + 0.5) * self.cell

    def low(self, row: int) -> float:
        return self.top - (row + 1) * _ROW


def width_of(circuit: Circuit) -> float:
    """How many inches across :func:`draw_table` needs at least."""
    return _left_of(circuit) + _CELL[0] * circuit.schedule.length + _LEFT


def height_of(circuit: Circuit) -> float:
    """How many inches up :func:`draw_table` needs."""
    return _RING + _ROW * (len(rows_of(circuit)) + 1) + _below(circuit)


def rows_of(circuit: Circuit) -> list[Population]:
    """The populations that are no part of the ring, in reading order."""
    ring = ring_of(circuit)
    return [population for population in reading_order(circuit) if population.name not in ring]


def draw_table(axes: Axes, circuit: Circuit) -> None:
    """Draw the ring of the gates, the table and its key.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
        Where to: its coordinates are inches, as many as :func:`width_of` and :func:`height_of` say, or more across.
    circuit : pynn_backprop.circuit.circuit.Circuit
        What is drawn.
    """
    rows, left, length = rows_of(circuit), _left_of(circuit), circuit.schedule.length
    cell = min((axes.get_xlim()[1] - left - _LEFT) / length, _CELL[1])
    grid = _Grid(left, axes.get_ylim()[1] - _RING - _ROW, cell, len(rows))
    _draw_ring(axes, circuit, grid)
    _draw_phases(axes, circuit, grid)
    _draw_rows(axes, circuit, rows, grid)
    _draw_key(axes, circuit, grid)


def _left_of(circuit: Circuit) -> float:
    """Where the phases begin, right of the names."""
    return _LEFT + max(text_inches(population.name, MIDDLE) for population in rows_of(circuit)) + 0.3


def _names(circuit: Circuit) -> list[str]:
    """The names of the phases, in lines."""
    return ["\n".join(textwrap.wrap(label, _LABEL)) for label in circuit.schedule.labels]


def _label_height(circuit: Circuit) -> float:
    return max(text_inches(name, SMALL) for name in _names(circuit)) + 0.06


def _below(circuit: Circuit) -> float:
    return _label_height(circuit) + 0.12 + 3 * _KEY_LINE


# -- the ring ----------------------------------------------------------------------------------------------------------


def _draw_ring(axes: Axes, circuit: Circuit, grid: _Grid) -> None:
    """The gates in a row, each above the phase that it opens, and their way round."""
    length, y, half = circuit.schedule.length, grid.top + 0.49, 0.11
    conditional = opened_if_error(circuit)
    write(axes, _LEFT, grid.top + _RING, _heading(conditional), MIDDLE, ha="left", va="bottom")
    opening = {p.pre for p in circuit.projections if circuit[p.pre].role == "gate" and not _in_ring(circuit, p.post)}
    for phase in range(length):
        x, name = grid.middle(phase), f"g{(phase - 1) % length}"
        wide = min(0.42 * grid.cell, 0.12)
        box = FancyBboxPatch(
            (x - wide, y - half), 2 * wide, 2 * half, "round,pad=0,rounding_size=0.03", fc="white", ec=GREEN
        )
        box.set(lw=0.8, zorder=3)
        axes.add_patch(box)
        upright = text_inches(name, SMALL, bold=True) > 2 * wide
        write(axes, x, y, name, SMALL, color=GREEN, weight="bold", zorder=4, rotation=90 * upright)
        if name in opening:
            _draw_link(axes, GREY, (x, y - half), (x, grid.top + _ROW + 0.14 * (phase in conditional) + 0.01))
        if phase:
            _draw_link(axes, GREEN, (grid.middle(phase - 1) + wide, y), (x - wide, y))
    first, last, top = grid.middle(0), grid.middle(length - 1), y + 0.31
    _draw_link(axes, GREEN, (last, y + half), (last, top), (first, top), (first, y + half))
    frame = {"boxstyle": "round,pad=0.15", "facecolor": "white", "edgecolor": GREY, "linewidth": 0.6}
    x = grid.middle(1)
    write(axes, x, y + 0.235, "start", SMALL, color=GREY, ha="left", bbox=frame)
    _draw_link(axes, GREY, (x + 0.04, y + 0.18), (x + 0.04, y + half))
    if conditional:
        _draw_conditional(axes, grid, conditional)


def _heading(conditional: Sequence[int]) -> str:
    text = "Who is open when: each gate of the ring opens the phase below it"
    return f"{text}, but what lies behind e is opened by e, if there is an error" if conditional else text


def _in_ring(circuit: Circuit, name: str) -> bool:
    return circuit[name].role == "gate"


def opened_if_error(circuit: Circuit) -> list[int]:
    """The phases in which something is opened by the neuron that fires if there is an error, in order.

    Parameters
    ----------
    circuit : pynn_backprop.circuit.circuit.Circuit
        Any; only the error-gated form has such a neuron.

    Returns
    -------
    list of int
    """
    length = circuit.schedule.length
    return sorted(
        {
            (phase + projection.latency) % length
            for projection in circuit.projections
            if opener(circuit, circuit[projection.pre]) and circuit[projection.pre].role != "gate"
            for phase in circuit[projection.pre].phases
            if phase + projection.latency < length
        }
    )


def _draw_conditional(axes: Axes, grid: _Grid, phases: Sequence[int]) -> None:
    left, right, low = grid.middle(phases[0] - 0.5), grid.middle(phases[-1] + 0.5), grid.top + _ROW + 0.02
    axes.add_patch(Rectangle((left, low), right - left, 0.12, facecolor=VERMILION, lw=0, zorder=2))
    words = next(text for text in _ONLY if text_inches(text, SMALL, bold=True) < right - left or text == _ONLY[-1])
    write(axes, (left + right) / 2, low + 0.055, words, SMALL, color="white", weight="bold", zorder=4)
    axes.vlines(left, grid.bottom, low, color=VERMILION, lw=1.2, zorder=4)


def _draw_link(axes: Axes, colour: str, *points: tuple[float, float]) -> None:
    arrow = FancyArrowPatch(path=Path(points), color=colour, arrowstyle="-|>", mutation_scale=4, lw=0.7)
    arrow.set_zorder(2)
    axes.add_patch(arrow)


# -- the table ---------------------------------------------------------------------------------------------------------


def _draw_phases(axes: Axes, circuit: Circuit, grid: _Grid) -> None:
    for phase, (tint, _) in tints(circuit.schedule).items():
        low = grid.bottom
        axes.add_patch(
            Rectangle((grid.middle(phase - 0.5), low), grid.cell, grid.top + _ROW - low, facecolor=tint, zorder=0)
        )
    write(axes, grid.left - 0.06, grid.top + _ROW / 2, "phase", SMALL, ha="right", weight="bold")
    for phase, name in enumerate(_names(circuit)):
        write(axes, grid.middle(phase), grid.top + _ROW / 2, str(phase), SMALL, weight="bold")
        style = {"rotation": 90, "va": "top", "linespacing": 1.0, "multialignment": "right"}
        write(axes, grid.middle(phase), grid.bottom - 0.05, name, SMALL, **style)
        axes.vlines(grid.middle(phase - 0.5), grid.bottom, grid.top, color="#DDDDDD", lw=0.4, zorder=1)


def _draw_rows(axes: Axes, circuit: Circuit, rows: Sequence[Population], grid: _Grid) -> None:
    length, marks, layer = circuit.schedule.length, marks_of(circuit), rows[0].layer
    for row, population in enumerate(rows):
        y = grid.low(row)
        line, width = ("#DDDDDD", 0.4) if population.layer == layer else (PALE, 0.7)
        axes.hlines(y + _ROW, _LEFT, grid.middle(length - 0.5), color=line, lw=width, zorder=1)
        colour, layer = colour_of(population), population.layer
        write(axes, grid.left - 0.06, y + _ROW / 2, population.name, MIDDLE, ha="right", color=colour)
        for phase in range(length):
            fill = colour if phase in population.phases else None
            _draw_cell(axes, grid.middle(phase), y, grid.cell, fill, marks.get((population.name, phase), ""))


def _draw_cell(axes: Axes, x: float, y: float, width: float, fill: str | None, mark: str) -> None:
    if fill:
        axes.add_patch(
            Rectangle((x - 0.46 * width, y + 0.08 * _ROW), 0.92 * width, 0.84 * _ROW, facecolor=fill, zorder=2)
        )
    write(axes, x, y + 0.47 * _ROW, mark, SMALL, color="white" if fill else "#666666", zorder=3)


def _draw_key(axes: Axes, circuit: Circuit, grid: _Grid) -> None:
    used, top = {"", *marks_of(circuit).values()}, grid.bottom - _label_height(circuit) - 0.16
    for place, mark in enumerate(mark for mark in _KEY if mark in used):
        column, line = divmod(place, 3)
        x, y = _LEFT + 0.12 + 3.3 * column, top - _KEY_LINE * line
        _draw_cell(axes, x, y - _ROW / 2, 0.24, None if mark == "⊣" else BLACK, mark)
        write(axes, x + 0.2, y, _KEY[mark], SMALL, ha="left")


def marks_of(circuit: Circuit) -> dict[tuple[str, int], str]:
    """What opens or inhibits a population in a phase.

    Parameters
    ----------
    circuit : pynn_backprop.circuit.circuit.Circuit
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
            if opener(circuit, pre):
                found[projection.post, arrival] = sign
            # Whoever opens others in its forward phase does so in its replays too, in vain.
            elif arrival in circuit[projection.post].phases:
                found[projection.post, arrival] = f"({sign})"
    return found
