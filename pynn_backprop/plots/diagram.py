"""The circuit as a diagram of its populations and projections, beside the table of its phases."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import FancyArrowPatch, FancyBboxPatch, Rectangle

from ..circuit.circuit import Circuit
from ..circuit.parts import Projection
from .phase_table import CELL, draw_table, limits, rows_of
from .style import DPI, GREEN, ORANGE, VERMILION, colour_of, layer_word, title_of, write

_UNIT = (98, 112)
"""Pixels of a unit of the diagram, across and up."""
_COLUMN = 3.0
"""From layer to layer, in units."""
_ROUNDED = "round,pad=0,rounding_size=0.08"
_LEAST_WIDTH = 7.6
"""What the key needs, in units."""

_Point = tuple[float, float]


@dataclass(frozen=True)
class _Box:
    """A rectangle of the diagram by its centre."""

    x: float
    y: float
    width: float = 1.0
    height: float = 0.5

    def at(self, across: float, up: float) -> _Point:
        """The point at these shares of width and height."""
        return self.x + (across - 0.5) * self.width, self.y + (up - 0.5) * self.height

    def corner(self, sign: int) -> _Point:
        """The lower left (-1) or upper right (1) corner."""
        return self.at((1 + sign) / 2, (1 + sign) / 2)


# Where populations stand, from the middle of the column of their layer: memory and backward pass on top, then the
# forward pass, and below it what it is compared with.
_PLACES = {
    "m_x": _Box(0, 4.7),
    "x": _Box(0, 3.0),
    "input": _Box(0, 1.2),
    "r": _Box(0, -0.6),
    "m_h": _Box(-0.8, 4.7),
    "hT": _Box(0.8, 4.7),
    "h": _Box(0, 3.0),
    "h_high": _Box(0, 2.35),
    "h_low": _Box(0, 1.7),
    "c_h": _Box(0, 0.4),
    "oT-": _Box(0, 4.7),
    "o": _Box(0, 3.0),
    "o_high": _Box(0, 2.35),
    "o_low": _Box(0, 1.7),
    "v_o": _Box(0, 0.9),
    "t": _Box(0, 0.4),
    "target": _Box(0, -0.6),
    "d-": _Box(2.3, 2.75, height=0.8),
    "d+": _Box(2.3, 1.65, height=0.8),
}
_FRAMES = {"hidden": ("h", "h_high", "h_low"), "outputs": ("o", "o_high", "o_low"), "errors": ("d-", "d+")}


@dataclass(frozen=True)
class _Route:
    """How an arrow runs: between shares of the two boxes, or straight across the gap where they face each other."""

    start: _Point | None = None
    end: _Point | None = None
    bend: str = "arc3"


_ROUTES = {
    ("x", "m_x"): _Route((0.41, 1), (0.41, 0)),
    ("m_x", "x"): _Route((0.59, 0), (0.59, 1)),
    ("h", "m_h"): _Route((0.01, 1), (0.81, 0)),
    ("m_h", "h"): _Route((0.99, 0), (0.19, 1)),
    ("h_low", "c_h"): _Route((0.25, 0), (0.25, 1)),
    ("c_h", "hidden"): _Route((0.75, 1), (0.69, 0)),
    ("h_high", "c_h"): _Route((1, 0.5), (1, 0.5), "arc3,rad=-0.55"),
    ("o", "hT"): _Route((0.1, 1), (0.85, 0)),
    ("x", "v_o"): _Route((1, 0.3), (0, 0.5)),
    ("h", "v_o"): _Route((1, 0.3), (0, 0.5)),
    ("o", "d-"): _Route((1, 0.6), (0, 0.86)),
    ("o_high", "d-"): _Route((1, 0.5), (0, 0.62)),
    ("t", "d-"): _Route((1, 0.7), (0, 0.14)),
    ("o", "d+"): _Route((1, 0.3), (0, 0.8)),
    ("t", "d+"): _Route((1, 0.3), (0, 0.2)),
    ("errors", "outputs"): _Route((0.3, 1), (0.75, 1), "arc3,rad=0.45"),
    ("errors", "oT-"): _Route((0.6, 1), (1, 0.5), "angle,angleA=90,angleB=0,rad=12"),
}


@dataclass(frozen=True)
class _Arrow:
    """What all synapses that one arrow stands for have in common; only matrices have a label."""

    kind: str
    colour: str = "#444444"
    label: str = ""


_KINDS = {
    "plastic": "plastic weights, all to all",
    "fixed": "fixed weights, all to all",
    "excites": "one to one, excites",
    "inhibits": "one to one, inhibits",
    "opens": "one to one, opens as a gate does",
}
_MATRIX_COLOURS = {"W1": ORANGE, "W2": GREEN}


def draw_circuit(circuit: Circuit) -> Figure:
    """Draw a circuit: a diagram of its populations and projections, and a table of who is open in which phase.

    In the diagram layers stand side by side.  Projections that reach all populations of a frame are one arrow to the
    frame, those that differ in latency alone are one arrow.  What the gates do is in the table, below their ring.

    Parameters
    ----------
    circuit
        For training or for inference, of any size.

    Returns
    -------
    matplotlib.figure.Figure
        Its size fits the circuit.
    """
    boxes, arrows = boxes_of(circuit), _arrows(circuit)
    whole = _around(boxes.values())
    (left, bottom), (right, top) = whole.corner(-1), whole.corner(1)
    sides = (left - 0.4, max(right + 0.4, left - 0.4 + _LEAST_WIDTH), bottom - 2.2, top + 1.65)
    figure = _side_by_side((sides, _UNIT), (limits(circuit), CELL))
    diagram, table = figure.axes
    _draw_headings(diagram, circuit, left, top)
    _draw_boxes(diagram, circuit, boxes)
    _draw_arrows(diagram, boxes, arrows)
    _draw_key(diagram, circuit, arrows.values(), left, bottom - 0.8)
    draw_table(table, circuit)
    return figure


def _side_by_side(*panels: tuple[tuple[float, float, float, float], tuple[int, int]]) -> Figure:
    """A figure with an empty panel for each pair of limits and pixels per unit, as large as they need."""
    sizes = np.array([((x1 - x0) * across, (y1 - y0) * up) for (x0, x1, y0, y1), (across, up) in panels])
    whole, start = np.array([sizes[:, 0].sum(), sizes[:, 1].max()]), 0.0
    figure = Figure(figsize=tuple(whole / DPI), dpi=DPI)
    for ((x0, x1, y0, y1), _), (width, height) in zip(panels, (sizes / whole).tolist(), strict=True):
        figure.add_axes((start, 1 - height, width, height), xlim=(x0, x1), ylim=(y0, y1)).axis("off")
        start += width
    return figure


def _draw_headings(axes: Axes, circuit: Circuit, left: float, top: float) -> None:
    count = circuit.count()
    plastic = f", {count.plastic_synapses:,} of them plastic" if count.plastic_synapses else ""
    numbers = f"{count.neurons:,} neurons, {count.synapses:,} synapses{plastic}"
    write(axes, left, top + 1.4, title_of(circuit), 16, ha="left")
    write(axes, left, top + 1.13, numbers, 11, ha="left", color="#555555")
    for layer in range(circuit.depth + 1):
        write(axes, _COLUMN * layer, top + 0.45, layer_word(layer, circuit.depth), 13, color="#555555")


def _around(boxes: Iterable[_Box], margin: float = 0.0) -> _Box:
    """The smallest box that holds all, and a margin on each side."""
    corners = np.array([box.corner(sign) for box in boxes for sign in (-1, 1)])
    low, high = corners.min(axis=0) - margin, corners.max(axis=0) + margin
    return _Box(*((low + high) / 2).tolist(), *(high - low).tolist())


def _frames(circuit: Circuit) -> dict[str, tuple[str, ...]]:
    """Populations that are drawn in one frame, by the frame's name."""
    names = {population.name for population in circuit.populations}
    return {frame: members for frame, members in _FRAMES.items() if names.issuperset(members)}


def boxes_of(circuit: Circuit) -> dict[str, _Box]:
    """Where each population and each frame stands, by name."""
    boxes = {}
    for population in rows_of(circuit):
        place = _PLACES[population.name]
        boxes[population.name] = replace(place, x=place.x + _COLUMN * (population.layer or 0))
    for frame, members in _frames(circuit).items():
        boxes[frame] = _around([boxes[name] for name in members], 0.15)
    return boxes


def _draw_boxes(axes: Axes, circuit: Circuit, boxes: Mapping[str, _Box]) -> None:
    for frame in _frames(circuit):
        box = boxes[frame]
        axes.add_patch(Rectangle(box.corner(-1), box.width, box.height, fc="#F4F4F4", ec="#999999", lw=1, zorder=1))
    for population in rows_of(circuit):
        box, colour = boxes[population.name], colour_of(population)
        axes.add_patch(
            FancyBboxPatch(box.corner(-1), box.width, box.height, _ROUNDED, fc="white", ec=colour, lw=1.8, zorder=3)
        )
        write(axes, box.x, box.y + 0.07, population.name, 11.5, color=colour, weight="bold", zorder=5)
        write(axes, box.x, box.y - 0.13, f"{population.size:,}", 9.5, color="#333333", zorder=5)
    if "r" in boxes:
        x, y = boxes["r"].at(1, 0.5)
        write(axes, x + 0.12, y, "reinforcement", 10, ha="left", color="#555555")


def _arrows(circuit: Circuit) -> dict[tuple[str, str], _Arrow]:
    """One arrow for all projections between two boxes, frames taking the place of their members where they can."""
    drawn = {population.name for population in rows_of(circuit)}
    pairs_of: dict[_Arrow, set[tuple[str, str]]] = {}
    for projection in circuit.projections:
        if projection.pre in drawn:
            pairs_of.setdefault(_arrow(circuit, projection), set()).add((projection.pre, projection.post))
    found = {}
    for arrow, pairs in pairs_of.items():
        for frame, members in _frames(circuit).items():
            for box in {box for pair in pairs for box in pair}:
                to, fro = {(box, member) for member in members}, {(member, box) for member in members}
                if to <= pairs:
                    pairs = pairs - to | {(box, frame)}
                if fro <= pairs:
                    pairs = pairs - fro | {(frame, box)}
        found.update(dict.fromkeys(sorted(pairs), arrow))
    return found


def _arrow(circuit: Circuit, projection: Projection) -> _Arrow:
    weight, strength, matrix = projection.weight or 0, circuit.parameters, projection.matrix
    if matrix:
        sign = "−" if projection.sign < 0 else "+" if projection.transpose else ""
        label = f"{sign}{matrix}{'ᵀ' if projection.transpose else ''}"
        return _Arrow("plastic" if projection.plastic else "fixed", _MATRIX_COLOURS[matrix], label)
    if weight in (strength.half, strength.low, strength.high):
        return _Arrow("opens")
    return _Arrow("excites") if weight > 0 else _Arrow("inhibits", VERMILION)


def _draw_arrows(axes: Axes, boxes: Mapping[str, _Box], arrows: Mapping[tuple[str, str], _Arrow]) -> None:
    for (pre, post), arrow in arrows.items():
        route = _ROUTES.get((pre, post), _Route())
        start, end = _ends(boxes[pre], boxes[post], route)
        _draw_arrow(axes, start, end, arrow, route.bend)
        if arrow.label:
            x, y = (start[0] + end[0]) / 2, (start[1] + end[1]) / 2
            blank = {"facecolor": "white", "edgecolor": "none", "pad": 1.5}
            write(axes, x, y, arrow.label, 12, weight="bold", zorder=6, bbox=blank)


def _ends(pre: _Box, post: _Box, route: _Route) -> tuple[_Point, _Point]:
    if route.start and route.end:
        return pre.at(*route.start), post.at(*route.end)
    low = np.maximum(pre.corner(-1), post.corner(-1))
    high = np.minimum(pre.corner(1), post.corner(1))
    # The middle of the overlap in one direction and of the gap in the other; each end is the nearest point of its box.
    middle = (low + high) / 2
    start, end = (np.clip(middle, box.corner(-1), box.corner(1)) for box in (pre, post))
    return tuple(start), tuple(end)


def _draw_arrow(axes: Axes, start: _Point, end: _Point, arrow: _Arrow, bend: str = "arc3") -> None:
    axes.add_patch(
        FancyArrowPatch(
            start,
            end,
            connectionstyle=bend,
            color=arrow.colour,
            zorder=4,
            shrinkA=0,
            shrinkB=1,
            arrowstyle="-[,widthB=0.55,lengthB=0" if arrow.kind == "inhibits" else "-|>",
            mutation_scale=22 if arrow.label else 12,
            linewidth=4 if arrow.label else 1.4,
            linestyle="--" if arrow.kind == "opens" else "-",
        )
    )


def _draw_key(axes: Axes, circuit: Circuit, arrows: Iterable[_Arrow], left: float, top: float) -> None:
    used = {arrow.kind: arrow for arrow in reversed(list(arrows))}
    for place, kind in enumerate(kind for kind in _KINDS if kind in used):
        column, row = divmod(place, 3)
        x, y = left + 3.7 * column, top - 0.3 * row
        _draw_arrow(axes, (x, y), (x + 0.6, y), used[kind])
        write(axes, x + 0.75, y, _KINDS[kind], 10, ha="left")
    if circuit.schedule.training:
        text = (
            "An arrow from or to a frame is one from or to each population in it.\n"
            "A plastic synapse whose two neurons fire in one step grows if r fires too, else it shrinks."
        )
        write(axes, left, top - 0.8, text, 10, ha="left", va="top", linespacing=1.5)
