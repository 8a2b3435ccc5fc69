"""How the arrows of a circuit's diagram run: each takes the cheapest of many ways past the boxes and the others.

Ways go straight across a gap, slanting, or round the side of a column.  A way through a box is not taken; length,
corners, crossings, and nearness to another arrow cost.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from .diagram_arrows import Arrow
from .diagram_layout import Box, Layout, Point

_PORT = 0.05
"""Distance between places at an edge where an arrow may begin or end, in inches."""

_CORNER, _CROSSING, _SLANT, _OFF_MIDDLE = 0.5, 0.45, 0.15, 0.3
"""What they cost in inches: a corner, a crossing, not to run along an axis, an inch from the middle of the edges."""

_NEAR, _TOUCHING = 0.09, 3.0
"""Arrows side by side are at least so far apart, or pay for it."""

_CLEAR = 0.03
"""Between an arrow and a box that it passes, in inches."""

_ABOVE = 0.09
"""From a level arrow to the middle of its label, in inches."""

_LABEL, _SHARES = (0.17, 0.07), (0.5, 0.35, 0.65, 0.25, 0.75)
"""Half of the width and height of a label, in inches, and where along its arrow it may be."""


@dataclass(frozen=True)
class Course:
    """Where one arrow runs.

    Parameters
    ----------
    arrow : Arrow
        Which.
    points : tuple of tuple of float
        Its ends and corners, in inches.
    share : float
        How far along its longest part its label is.
    """

    arrow: Arrow
    points: tuple[Point, ...]
    share: float = 0.5

    @property
    def label_at(self) -> Point:
        """The middle of its label: on a slanting arrow, but above a level one, which may be short."""
        start, end = max(itertools.pairwise(self.points), key=lambda pair: math.dist(*pair))
        x, y = (one + self.share * (other - one) for one, other in zip(start, end, strict=True))
        return x, y + (_ABOVE if start[1] == end[1] else 0)


def courses_of(layout: Layout, arrows: Sequence[Arrow]) -> list[Course]:
    """Find a way for each arrow, one after the other.

    Parameters
    ----------
    layout : Layout
        Where the boxes stand.
    arrows : sequence of Arrow
        In the order in which they choose.

    Returns
    -------
    list of Course
        In that order; ends lie on the edges of boxes and frames.
    """
    places = {**layout.boxes, **layout.frames}
    found: list[Course] = []
    for arrow in sorted(arrows, key=lambda arrow: (not arrow.label, _distance(places[arrow.pre], places[arrow.post]))):
        ways = _ways(places[arrow.pre], places[arrow.post], layout)
        costs = sorted((_own_cost(points, places[arrow.pre], places[arrow.post]), points) for points in ways)
        blocked = _blocked(layout, arrow)
        best, least = Course(arrow, costs[0][1]), np.inf
        for own, points in costs:
            if own >= least:
                break
            for share in _SHARES if arrow.label else _SHARES[:1]:
                course = Course(arrow, points, share)
                fixed = own + abs(share - 0.5)
                cost = fixed + _cost_among(course, blocked, found, least - fixed)
                if cost < least:
                    best, least = course, cost
        found.append(best)
    return found


def _distance(one: Box, other: Box) -> float:
    return math.dist(one.middle, other.middle)


def _blocked(layout: Layout, arrow: Arrow) -> list[Box]:
    """What the arrow may not run through or along: all boxes, and the frames that it neither begins nor ends at."""
    ends = {arrow.pre, arrow.post}
    frames = [box for frame, box in layout.frames.items() if not {frame, *layout.members[frame]} & ends]
    inside = {member for end in ends for member in layout.members.get(end, ())}
    others = [box for name, box in layout.boxes.items() if name not in inside | ends]
    own = [box.wider(-0.01) for name, box in layout.boxes.items() if name in ends]
    return [*own, *(box.wider(_CLEAR) for box in [*frames, *others])]


# -- ways --------------------------------------------------------------------------------------------------------------


def _ways(pre: Box, post: Box, layout: Layout) -> Iterator[tuple[Point, ...]]:
    """Ways from box to box, whatever lies between."""
    left, right = max(pre.left, post.left), min(pre.right, post.right)
    low, high = max(pre.bottom, post.bottom), min(pre.top, post.top)
    up, across = _facing(pre, post)
    for x in _ports(left, right):
        yield (x, up[0]), (x, up[1])
    for y in _ports(low, high):
        yield (across[0], y), (across[1], y)
    if high <= low:  # one above the other: slanting, from edges that face each other
        for one, other in itertools.product(_ports(pre.left, pre.right), _ports(post.left, post.right)):
            yield (one, up[0]), (other, up[1])
    if right <= left:
        for one, other in itertools.product(_ports(pre.bottom, pre.top), _ports(post.bottom, post.top)):
            yield (across[0], one), (across[1], other)
    yield from _round(pre, post, layout)


def _round(pre: Box, post: Box, layout: Layout) -> Iterator[tuple[Point, ...]]:
    """Ways round a side of both boxes, and ways with one corner."""
    for side in ("left", "right"):
        sign = 1 if side == "right" else -1
        start, end = getattr(pre, side), getattr(post, side)
        outermost = max(sign * start, sign * end)
        for away in np.arange(0.1, 0.6, _PORT).tolist():
            x = sign * (outermost + away)
            for one, other in itertools.product(_ports(pre.bottom, pre.top), _ports(post.bottom, post.top)):
                yield (start, one), (x, one), (x, other), (end, other)
        for one, x in itertools.product(_ports(pre.bottom, pre.top), _ports(post.left, post.right)):
            if sign * (x - start) > 0.05 and not post.bottom <= one <= post.top:
                yield (start, one), (x, one), (x, post.bottom if one < post.bottom else post.top)


def _facing(pre: Box, post: Box) -> tuple[Point, Point]:
    """The edges that face each other, if one box is above the other, and if it is beside it."""
    up = (pre.top, post.bottom) if post.middle[1] > pre.middle[1] else (pre.bottom, post.top)
    across = (pre.right, post.left) if post.middle[0] > pre.middle[0] else (pre.left, post.right)
    return up, across


def _ports(low: float, high: float) -> list[float]:
    """Places along an edge, its middle among them; none if it has no length."""
    room = (high - low) / 2 - 0.04
    if room < 0:
        return [(low + high) / 2] if high > low else []
    steps = int(room / _PORT)
    return [(low + high) / 2 + step * _PORT for step in range(-steps, steps + 1)]


# -- costs -------------------------------------------------------------------------------------------------------------


def _own_cost(points: tuple[Point, ...], pre: Box, post: Box) -> float:
    parts = [(end[0] - start[0], end[1] - start[1]) for start, end in itertools.pairwise(points)]
    cost = sum(math.hypot(*part) for part in parts) + _CORNER * (len(parts) - 1)
    cost += _SLANT * sum(min(abs(across), abs(up)) > 1e-6 for across, up in parts)
    for point, box in ((points[0], pre), (points[-1], post)):
        on_side = point[0] in (box.left, box.right)
        cost += _OFF_MIDDLE * abs(point[on_side] - box.middle[on_side])
        # From column to column arrows use the sides; what lies above and below is needed within the column.
        cost += 0 if on_side else max(pre.left - post.right, post.left - pre.right, 0)
    return cost


def _cost_among(own: Course, blocked: Sequence[Box], found: Sequence[Course], most: float) -> float:
    """What boxes and other arrows add; more than `most` is as good as infinite."""
    parts = list(itertools.pairwise(own.points))
    if any(_through(*part, box) for part in parts for box in blocked):
        return float("inf")
    cost, box = 0.0, _label_box(own) if own.arrow.label else None
    if box:
        cost += 2 * sum(box.meets(other) for other in blocked)
    for other in found:
        if cost >= most:
            return float("inf")
        others = list(itertools.pairwise(other.points))
        for one, two in itertools.product(parts, others):
            if _crosses(one, two):
                cost += _CROSSING
            elif _apart(one, two) < _NEAR:
                cost += _TOUCHING
        if other.arrow.label:
            label = _label_box(other)
            cost += 2 * (any(_through(*part, label) for part in parts) + bool(box and box.meets(label)))
        if box:
            cost += 2 * any(_through(*part, box) for part in others)
    return cost


def _label_box(course: Course) -> Box:
    (x, y), (half, up) = course.label_at, _LABEL
    return Box(x - half, y - up, x + half, y + up)


def _through(start: Point, end: Point, box: Box) -> bool:
    """Whether a line passes through the inside of a box."""
    (x0, y0), (x1, y1) = start, end
    first, last = 0.0, 1.0
    for origin, way, low, high in ((x0, x1 - x0, box.left, box.right), (y0, y1 - y0, box.bottom, box.top)):
        if abs(way) < 1e-12:
            if not low < origin < high:
                return False
            continue
        enter, leave = sorted(((low - origin) / way, (high - origin) / way))
        first, last = max(first, enter), min(last, leave)
    return last - first > 1e-9


def _crosses(one: tuple[Point, Point], other: tuple[Point, Point]) -> bool:
    def side(start: Point, end: Point, point: Point) -> float:
        return (end[0] - start[0]) * (point[1] - start[1]) - (end[1] - start[1]) * (point[0] - start[0])

    return side(*one, other[0]) * side(*one, other[1]) < -1e-12 and side(*other, one[0]) * side(*other, one[1]) < -1e-12


def _apart(one: tuple[Point, Point], other: tuple[Point, Point]) -> float:
    """Least distance of an end of one line from the other line; those far apart are not measured."""
    for axis in (0, 1):
        low, high = sorted((one[0][axis], one[1][axis]))
        first, last = sorted((other[0][axis], other[1][axis]))
        if max(low - last, first - high) > _NEAR:
            return float("inf")
    return min([_from(point, other) for point in one] + [_from(point, one) for point in other])


def _from(point: Point, line: tuple[Point, Point]) -> float:
    (x, y), ((x0, y0), (x1, y1)) = point, line
    length = (x1 - x0) ** 2 + (y1 - y0) ** 2
    share = min(max(((x - x0) * (x1 - x0) + (y - y0) * (y1 - y0)) / length, 0), 1) if length else 0.0
    return math.hypot(x - x0 - share * (x1 - x0), y - y0 - share * (y1 - y0))
