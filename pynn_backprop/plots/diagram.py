"""The circuit as a diagram of its populations and projections, above the table of its phases."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import FancyArrowPatch, FancyBboxPatch, Rectangle
from matplotlib.path import Path

from ..circuit.circuit import Circuit
from ..circuit.parts import Population
from ..circuit.thinning import Thinning
from ..errors import InputError
from .diagram_arrows import COLOURS, INHIBITS, KINDS, OPENS, Arrow, arrows_of, lifted, opener
from .diagram_courses import Course, courses_of
from .diagram_layout import Box, Layout, layout_of, shown, units_across
from .parts import colour_of, layer_word, title_of
from .phase_table import draw_table, height_of, width_of
from .style import GREEN, INK, LARGE, MIDDLE, MM, PALE, SMALL, inches, new_figure, styled, text_inches, write

_MARGIN = 0.1
_KEY_COLUMNS, _KEY_WIDTH = 2, 3.3
"""Kinds of arrows in a line of the key, and inches of each."""

_ABOVE, _BELOW, _KEY_LINE = 0.72, 0.16, 0.14
"""Inches above the diagram for its headings, below it, and for a line of its key."""

_UNIT = (0.3, 0.5)
"""Least and most inches of a unit of the layout."""

_NOTES = {"reinforcement": "reinforcement", "error": "any error?", "gate": "lifts λ"}
"""Under a population that belongs to no layer, by role; of gates only rotors have a box."""

_OFF = 0.03
"""From the bar of an inhibiting arrow to the box, in inches."""

_MATRIX_WIDTH, _MATRIX_HEAD, _HEAD = 2.2, 11, 6.5
"""Of arrows, in points."""


@styled
def draw_circuit(circuit: Circuit, kinds: Mapping[str, str] = KINDS, width: float | None = None) -> Figure:
    """Draw a circuit: a diagram of its populations and projections, and a table of who is open in which phase.

    In the diagram layers stand side by side, the backward pass on top, what is remembered below it, then the forward
    pass, the error and the target.  Projections that reach all populations of a frame are one arrow to the frame,
    those that differ in latency alone are one arrow.  What the gates open is in the table, below their ring; so is
    what the neuron opens that tells whether there is an error.

    Parameters
    ----------
    circuit : pynn_backprop.circuit.circuit.Circuit
        For training or for inference, of any size, depth, form and code.
    kinds : mapping of str to str
        What the key says about each kind of arrow.
    width : float, optional
        Of the figure, in mm.  If None it is 180, or as many as a deep circuit needs.

    Returns
    -------
    matplotlib.figure.Figure
        Its height fits the circuit.

    Raises
    ------
    InputError
        If the circuit needs more than this width, or it is not from 120 to 1000.
    """
    wide = inches(width)
    unit = float(np.clip((wide - 2 * _MARGIN) / units_across(circuit), *_UNIT))
    layout = layout_of(circuit, unit)
    arrows = arrows_of(circuit, layout.members)
    courses = courses_of(layout, arrows)
    used = [kind for kind in kinds if any(arrow.kind == kind for arrow in arrows)]
    notes = _notes(circuit)
    below = _BELOW + _KEY_LINE * (-(-len(used) // _KEY_COLUMNS) + len(notes)) + 0.1
    low = min(y for course in courses for _, y in course.points) if courses else 0.0
    words = min((layout.boxes[p.name].bottom for p in shown(circuit) if p.layer is None), default=0.0) - 0.12
    bottom = min(layout.whole.bottom, low, words)
    diagram, table = _ABOVE - bottom + below, height_of(circuit)
    needed = max(layout.whole.right + 2 * _MARGIN, width_of(circuit), _KEY_COLUMNS * _KEY_WIDTH + 2 * _MARGIN)
    if width is not None and needed > wide:
        raise InputError(f"width is {width:g} mm but must be at least {math.ceil(needed / MM)} mm for this circuit")
    wide = max(wide, needed)
    figure = new_figure((diagram + table) / MM)
    figure.set_size_inches(wide, diagram + table)
    upper = _panel(figure, (table, diagram), (-_MARGIN, wide - _MARGIN), (bottom - below, _ABOVE))
    _draw_headings(upper, circuit, layout)
    _draw_boxes(upper, circuit, layout)
    for course in courses:
        _draw_course(upper, course)
    _draw_key(upper, used, notes, kinds, bottom - _BELOW)
    draw_table(_panel(figure, (0, table), (0, wide), (0, table)), circuit)
    return figure


def _panel(figure: Figure, up: tuple[float, float], across: tuple[float, float], limits: tuple[float, float]) -> Axes:
    """A part of the figure from an ordinate on, so many inches high; its coordinates are inches."""
    height = figure.get_figheight()
    axes = figure.add_axes((0, up[0] / height, 1, up[1] / height), xlim=across, ylim=limits)
    axes.axis("off")
    return axes


def _notes(circuit: Circuit) -> list[str]:
    """What the key says besides the kinds of arrows."""
    notes = []
    if circuit.schedule.training:
        notes += [
            "An arrow from or to a frame is one from or to each population in it. What gates open is in the table.",
            "A plastic synapse whose two neurons fire in the same step grows if r fires too, else it shrinks.",
        ]
    if any(opener(circuit, population) and population.role != "gate" for population in circuit.populations):
        notes.append("e opens everything behind it, as gates do: if it is silent, nothing happens after its phase.")
    if lifted(circuit):
        notes.append(
            "λ: lifted to the levels of the code, by the rotor or by sources of noise, which are rows of the table."
        )
    return notes


def _draw_headings(axes: Axes, circuit: Circuit, layout: Layout) -> None:
    count = circuit.count()
    plastic = f", {count.plastic_synapses:,} of them plastic" if count.plastic_synapses else ""
    numbers = f"{count.neurons:,} neurons, {count.synapses:,} synapses{plastic}; {circuit.schedule.length} phases"
    write(axes, 0, 0.6, title_of(circuit), LARGE, ha="left")
    write(axes, 0, 0.42, numbers, MIDDLE, ha="left", color=PALE)
    for layer, middle in enumerate(layout.columns):
        write(axes, middle, 0.16, layer_word(layer, circuit.depth), MIDDLE, color=PALE)


def _draw_boxes(axes: Axes, circuit: Circuit, layout: Layout) -> None:
    for frame in layout.frames.values():
        patch = Rectangle(
            (frame.left, frame.bottom), frame.right - frame.left, frame.top - frame.bottom, fc="#F4F4F4", ec="#999999"
        )
        axes.add_patch(patch)
        patch.set(lw=0.6, zorder=1)
    marked = lifted(circuit)
    for name, box in layout.boxes.items():
        population = circuit[name]
        _draw_box(axes, box, name, population.size, colour_of(population))
        if population.layer is None:
            write(axes, box.middle[0], box.bottom - 0.03, _note(circuit, population), SMALL, va="top", color=PALE)
        if name in marked:
            badge = {"boxstyle": "circle,pad=0.12", "facecolor": GREEN, "edgecolor": "white", "linewidth": 0.6}
            write(axes, box.right - 0.01, box.top, "λ", SMALL, color="white", weight="bold", zorder=7, bbox=badge)


def _note(circuit: Circuit, population: Population) -> str:
    """Under a population that belongs to no layer."""
    kept = [
        p.connectivity.k
        for p in circuit.projections
        if p.pre == population.name and isinstance(p.connectivity, Thinning)
    ]
    return f"1 of {kept[0]} learns" if kept else _NOTES[population.role]


def _draw_box(axes: Axes, box: Box, name: str, size: int, colour: str) -> None:
    patch = FancyBboxPatch(
        (box.left, box.bottom),
        box.right - box.left,
        box.top - box.bottom,
        "round,pad=0,rounding_size=0.035",
        fc="white",
        ec=colour,
        lw=1.0,
        zorder=3,
    )
    axes.add_patch(patch)
    x, y = box.middle
    fits = text_inches(name, MIDDLE, bold=True) < box.right - box.left
    write(axes, x, y + 0.065, name, MIDDLE if fits else SMALL, color=colour, weight="bold" if fits else None, zorder=5)
    write(axes, x, y - 0.068, f"{size:,}", SMALL, color=INK, zorder=5)


def _draw_course(axes: Axes, course: Course) -> None:
    _draw_arrow(axes, course.points, course.arrow)
    if course.arrow.label:
        blank = {"facecolor": "white", "edgecolor": "none", "pad": 0.6}
        write(axes, *course.label_at, course.arrow.label, MIDDLE, weight="bold", zorder=6, bbox=blank)


def _draw_arrow(axes: Axes, points: Sequence[tuple[float, float]], arrow: Arrow) -> None:
    thick = bool(arrow.label)
    if arrow.kind == INHIBITS:  # the bar stays off the edge of the box, on which it could not be seen
        way = np.subtract(points[-1], points[-2])
        points = (*points[:-1], tuple(np.subtract(points[-1], _OFF * way / np.hypot(*way)).tolist()))
    axes.add_patch(
        FancyArrowPatch(
            path=Path(list(points)),
            color=COLOURS[arrow.kind],
            zorder=4,
            arrowstyle="-[,widthB=0.55,lengthB=0" if arrow.kind == INHIBITS else "-|>",
            mutation_scale=_MATRIX_HEAD if thick else _HEAD,
            linewidth=_MATRIX_WIDTH if thick else 0.8,
            linestyle=(0, (3, 1.5)) if arrow.kind == OPENS else "-",
            joinstyle="round",
        )
    )


def _draw_key(axes: Axes, used: Iterable[str], notes: Iterable[str], kinds: Mapping[str, str], top: float) -> None:
    line = 0
    for place, kind in enumerate(used):
        line, column = divmod(place, _KEY_COLUMNS)
        x, y = _KEY_WIDTH * column, top - _KEY_LINE * line
        _draw_arrow(axes, ((x, y), (x + 0.3, y)), Arrow("", "", kind, "W" * (kind in ("plastic", "fixed"))))
        write(axes, x + 0.37, y, kinds[kind], SMALL, ha="left")
    for number, note in enumerate(notes):
        write(axes, 0, top - _KEY_LINE * (line + 1.3 + number), note, SMALL, ha="left", color=PALE)
