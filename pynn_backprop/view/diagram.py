"""The diagram of a page: that of :mod:`pynn_backprop.plots.diagram`, as SVG whose boxes and arrows scripts find."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

import numpy as np

from ..circuit.circuit import Circuit
from ..plots.diagram_arrows import COLOURS, INHIBITS, KINDS, OPENS, Arrow, arrows_of, folded, kind_of
from ..plots.diagram_courses import Course, courses_of
from ..plots.diagram_layout import Box, Layout, Point, layout_of, shown, units_across
from ..plots.parts import colour_of, layer_word
from ..plots.style import WIDTH

_SCALE = 100.0
"""Units of the drawing for an inch of the layout."""

_MARGIN, _HEADING = 12.0, 34.0
_UNIT = (0.3, 0.5)
"""Least and most inches of a unit of the layout."""

_HEAD, _HEAD_OF_MATRIX, _BAR = 6.0, 9.0, 5.0
"""Length of an arrow's head, and half of the bar that ends an inhibiting one."""


@dataclass(frozen=True)
class Diagram:
    """A drawing, and what its arrows stand for.

    Parameters
    ----------
    svg : str
        Boxes have the attribute ``data-population``, arrows ``data-arrow``: numbers.
    width : float
        In its own units.
    arrows : list of list of int
        The projections of each arrow, by their numbers in the circuit.
    """

    svg: str
    width: float
    arrows: list[list[int]]


def diagram_of(circuit: Circuit) -> Diagram:
    """Draw the populations and projections of a circuit; what gates open is not drawn.

    Parameters
    ----------
    circuit : pynn_backprop.circuit.circuit.Circuit
        Any form and depth.

    Returns
    -------
    Diagram
    """
    unit = float(np.clip(WIDTH / units_across(circuit), *_UNIT))
    layout = layout_of(circuit, unit)
    courses = courses_of(layout, arrows_of(circuit, layout.members))
    canvas = _Canvas(layout, courses)
    parts = [canvas.heading(layer_word(k, circuit.depth), x) for k, x in enumerate(layout.columns)]
    parts += [canvas.frame(frame) for frame in layout.frames.values()]
    parts += [canvas.arrow(number, course) for number, course in enumerate(courses)]
    index = {population.name: place for place, population in enumerate(circuit.populations)}
    for population in shown(circuit):
        box = layout.boxes[population.name]
        parts.append(canvas.box(index[population.name], population.name, population.size, colour_of(population), box))
    size = f"0 0 {canvas.width:.0f} {canvas.height:.0f}"
    head = f'<svg id="diagram" viewBox="{size}" role="group" aria-label="The circuit" style="--w:{canvas.width:.0f}px">'
    arrows = [_projections(circuit, layout, course.arrow) for course in courses]
    return Diagram("\n".join([head, *parts, "</svg>"]), canvas.width, arrows)


def _projections(circuit: Circuit, layout: Layout, arrow: Arrow) -> list[int]:
    pres, posts = (layout.members.get(end, (end,)) for end in (arrow.pre, arrow.post))
    return [
        number
        for number, projection in enumerate(circuit.projections)
        if projection.pre in pres
        and projection.post in posts
        and folded(circuit, projection) is None
        and kind_of(circuit, projection) == (arrow.kind, arrow.label)
    ]


class _Canvas:
    """Turns inches of a layout, upward, into units of the drawing, downward."""

    def __init__(self, layout: Layout, courses: Sequence[Course]) -> None:
        points = [point for course in courses for point in course.points]
        whole = layout.whole
        self._left = min([whole.left, *(x for x, _ in points)])
        self._top = max([whole.top, *(y for _, y in points)])
        right, bottom = max([whole.right, *(x for x, _ in points)]), min([whole.bottom, *(y for _, y in points)])
        self.width = (right - self._left) * _SCALE + 2 * _MARGIN
        self.height = (self._top - bottom) * _SCALE + _HEADING + 2 * _MARGIN

    def at(self, point: Point) -> Point:
        """A point of the layout in the drawing."""
        x, y = point
        return (x - self._left) * _SCALE + _MARGIN, (self._top - y) * _SCALE + _HEADING

    def heading(self, text: str, x: float) -> str:
        """The name of a layer above its column."""
        return f'<text class="heading" x="{self.at((x, 0))[0]:.1f}" y="16">{escape(text)}</text>'

    def _rectangle(self, box: Box) -> str:
        x, y = self.at((box.left, box.top))
        width, height = (box.right - box.left) * _SCALE, (box.top - box.bottom) * _SCALE
        return f'x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}" rx="4"'

    def frame(self, box: Box) -> str:
        """What stands around populations that share arrows."""
        return f'<rect class="frame" {self._rectangle(box)}/>'

    def box(self, number: int, name: str, size: int, colour: str, box: Box) -> str:
        """A population; the number of neurons gives way to that of spikes."""
        x, y = self.at(box.middle)
        return (
            f'<g class="population" data-population="{number}" tabindex="0" role="button" style="--c:{colour}" '
            f'aria-label="{escape(name)}"><rect {self._rectangle(box)}/>'
            f'<text class="name" x="{x:.1f}" y="{y - 3:.1f}">{escape(name)}</text>'
            f'<text class="count" x="{x:.1f}" y="{y + 10:.1f}">{size:,}</text></g>'
        )

    def arrow(self, number: int, course: Course) -> str:
        """One arrow with its head, and with its label if it is a matrix."""
        arrow, points = course.arrow, [self.at(point) for point in course.points]
        head, points[-1] = _head(points[-2], points[-1], arrow.kind == INHIBITS, bool(arrow.label))
        way = "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in points)
        dashed = ' stroke-dasharray="5 3"' if arrow.kind == OPENS else ""
        text = f"{arrow.pre} to {arrow.post}: {arrow.label} {KINDS[arrow.kind]}"
        parts = [
            f'<g class="arrow{" matrix" * bool(arrow.label)}" data-arrow="{number}" style="--c:{COLOURS[arrow.kind]}">',
            f'<title>{escape(text)}</title><path class="way" d="{way}"{dashed}/><path class="head" d="{head}"/>',
        ]
        if arrow.label:
            x, y = self.at(course.label_at)
            parts.append(f'<text class="label" x="{x:.1f}" y="{y + 4:.1f}">{escape(arrow.label)}</text>')
        return "".join([*parts, "</g>"])


def _head(before: Point, tip: Point, inhibits: bool, matrix: bool) -> tuple[str, Point]:
    """The path of a head, a triangle or the bar of an inhibiting arrow, and where the line ends."""
    way = np.subtract(tip, before)
    along = way / np.hypot(*way)
    across = np.array([-along[1], along[0]])
    if inhibits:
        end = np.subtract(tip, 3 * along)
        corners = [end + _BAR * across, end - _BAR * across]
    else:
        length = _HEAD_OF_MATRIX if matrix else _HEAD
        end = np.subtract(tip, length * along)
        corners = [np.array(tip), end + length / 2 * across, end - length / 2 * across, np.array(tip)]
    return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in corners), (float(end[0]), float(end[1]))
