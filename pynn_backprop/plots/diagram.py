"""The circuit as a diagram of its populations and projections, beside the table of its phases."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import FancyArrowPatch, FancyBboxPatch, Rectangle

from ..circuit.circuit import Circuit
from .diagram_arrows import KINDS, Arrow, arrows_of
from .diagram_layout import COLUMN, Box, Course, around, boxes_of, course_of, frames_of
from .phase_table import CELL, draw_table, limits, rows_of
from .style import DPI, colour_of, layer_word, title_of, write

_UNIT = (98, 112)
"""Pixels of a unit of the diagram, across and up."""
_ROUNDED = "round,pad=0,rounding_size=0.08"
_LEAST_WIDTH = 7.6
"""What the key needs, in units."""


def draw_circuit(circuit: Circuit, kinds: Mapping[str, str] = KINDS) -> Figure:
    """Draw a circuit: a diagram of its populations and projections, and a table of who is open in which phase.

    In the diagram layers stand side by side.  Projections that reach all populations of a frame are one arrow to the
    frame, those that differ in latency alone are one arrow.  What the gates do is in the table, below their ring.

    Parameters
    ----------
    circuit : pynn_backprop.circuit.parts.Circuit
        For training or for inference, of any size.
    kinds : mapping of str to str
        What the key says about each kind of arrow.

    Returns
    -------
    matplotlib.figure.Figure
        Its size fits the circuit.
    """
    boxes, arrows = boxes_of(circuit), arrows_of(circuit)
    whole = around(boxes.values())
    (left, bottom), (right, top) = whole.corner(-1), whole.corner(1)
    sides = (left - 0.4, max(right + 0.4, left - 0.4 + _LEAST_WIDTH), bottom - 2.2, top + 1.65)
    figure = _side_by_side((sides, _UNIT), (limits(circuit), CELL))
    diagram, table = figure.axes
    _draw_headings(diagram, circuit, left, top)
    _draw_boxes(diagram, circuit, boxes)
    _draw_arrows(diagram, boxes, arrows)
    _draw_key(diagram, circuit, arrows.values(), kinds, left, bottom - 0.8)
    draw_table(table, circuit)
    return figure


def draw_box(axes: Axes, box: Box, name: str, size: int, colour: str) -> None:
    """Draw a population with its name and size.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
        The diagram.
    box : Box
        Where it stands.
    name : str
        What it is called.
    size : int
        How many neurons it has.
    colour : str
        Of edge and name.
    """
    axes.add_patch(
        FancyBboxPatch(box.corner(-1), box.width, box.height, _ROUNDED, fc="white", ec=colour, lw=1.8, zorder=3)
    )
    write(axes, box.x, box.y + 0.07, name, 11.5, color=colour, weight="bold", zorder=5)
    write(axes, box.x, box.y - 0.13, f"{size:,}", 9.5, color="#333333", zorder=5)


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
        write(axes, COLUMN * layer, top + 0.45, layer_word(layer, circuit.depth), 13, color="#555555")


def _draw_boxes(axes: Axes, circuit: Circuit, boxes: Mapping[str, Box]) -> None:
    for frame in frames_of(circuit):
        box = boxes[frame]
        axes.add_patch(Rectangle(box.corner(-1), box.width, box.height, fc="#F4F4F4", ec="#999999", lw=1, zorder=1))
    for population in rows_of(circuit):
        draw_box(axes, boxes[population.name], population.name, population.size, colour_of(population))
    if "r" in boxes:
        x, y = boxes["r"].at(1, 0.5)
        write(axes, x + 0.12, y, "reinforcement", 10, ha="left", color="#555555")


def _draw_arrows(axes: Axes, boxes: Mapping[str, Box], arrows: Mapping[tuple[str, str], Arrow]) -> None:
    for (pre, post), arrow in arrows.items():
        course = course_of(boxes, pre, post)
        _draw_arrow(axes, course, arrow)
        if arrow.label:
            blank = {"facecolor": "white", "edgecolor": "none", "pad": 1.5}
            write(axes, *course.middle, arrow.label, 12, weight="bold", zorder=6, bbox=blank)


def _draw_arrow(axes: Axes, course: Course, arrow: Arrow) -> None:
    axes.add_patch(
        FancyArrowPatch(
            course.start,
            course.end,
            connectionstyle=course.bend,
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


def _draw_key(
    axes: Axes, circuit: Circuit, arrows: Iterable[Arrow], kinds: Mapping[str, str], left: float, top: float
) -> None:
    used = {arrow.kind: arrow for arrow in reversed(list(arrows))}
    for place, kind in enumerate(kind for kind in kinds if kind in used):
        column, row = divmod(place, 3)
        x, y = left + 3.7 * column, top - 0.3 * row
        _draw_arrow(axes, Course((x, y), (x + 0.6, y), "arc3"), used[kind])
        write(axes, x + 0.75, y, kinds[kind], 10, ha="left")
    if circuit.schedule.training:
        text = (
            "An arrow from or to a frame is one from or to each population in it.\n"
            "A plastic synapse whose two neurons fire in one step grows if r fires too, else it shrinks."
        )
        write(axes, left, top - 0.8, text, 10, ha="left", va="top", linespacing=1.5)
