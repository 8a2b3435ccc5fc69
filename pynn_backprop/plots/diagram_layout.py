"""Where the boxes of a circuit's diagram stand, and how the arrows between them run."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

import numpy as np

from ..circuit.circuit import Circuit
from .phase_table import rows_of

COLUMN = 3.0
"""From layer to layer, in units of the diagram."""

Point = tuple[float, float]


@dataclass(frozen=True)
class Box:
    """A rectangle of the diagram.

    Parameters
    ----------
    x, y : float
        Its centre, in units of the diagram.
    width, height : float
        Its size, in the same units.
    """

    x: float
    y: float
    width: float = 1.0
    height: float = 0.5

    def at(self, across: float, up: float) -> Point:
        """The point at these shares of width and height."""
        return self.x + (across - 0.5) * self.width, self.y + (up - 0.5) * self.height

    def corner(self, sign: int) -> Point:
        """The lower left (-1) or upper right (1) corner."""
        return self.at((1 + sign) / 2, (1 + sign) / 2)


@dataclass(frozen=True)
class _Route:
    """How an arrow runs: between shares of the two boxes, or straight across the gap where they face each other."""

    start: Point | None = None
    end: Point | None = None
    bend: str = "arc3"


@dataclass(frozen=True)
class Course:
    """Where one arrow runs.

    Parameters
    ----------
    start, end : tuple of float
        Its ends, in units of the diagram.
    bend : str
        Connection style, as matplotlib calls it.
    """

    start: Point
    end: Point
    bend: str

    @property
    def middle(self) -> Point:
        """Half way between the ends."""
        return (self.start[0] + self.end[0]) / 2, (self.start[1] + self.end[1]) / 2


# Where populations stand, from the middle of the column of their layer: memory and backward pass on top, then the
# forward pass, and below it what it is compared with.
_PLACES = {
    "m_x": Box(0, 4.7),
    "x": Box(0, 3.0),
    "input": Box(0, 1.2),
    "r": Box(0, -0.6),
    "m_h": Box(-0.8, 4.7),
    "hT": Box(0.8, 4.7),
    "h": Box(0, 3.0),
    "h_high": Box(0, 2.35),
    "h_low": Box(0, 1.7),
    "c_h": Box(0, 0.4),
    "oT-": Box(0, 4.7),
    "o": Box(0, 3.0),
    "o_high": Box(0, 2.35),
    "o_low": Box(0, 1.7),
    "v_o": Box(0, 0.9),
    "t": Box(0, 0.4),
    "target": Box(0, -0.6),
    "d-": Box(2.3, 2.75, height=0.8),
    "d+": Box(2.3, 1.65, height=0.8),
}
_FRAMES = {"hidden": ("h", "h_high", "h_low"), "outputs": ("o", "o_high", "o_low"), "errors": ("d-", "d+")}


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


def frames_of(circuit: Circuit) -> dict[str, tuple[str, ...]]:
    """Populations that are drawn in one frame, by the frame's name."""
    names = {population.name for population in circuit.populations}
    return {frame: members for frame, members in _FRAMES.items() if names.issuperset(members)}


def boxes_of(circuit: Circuit) -> dict[str, Box]:
    """Where each population and each frame stands.

    Parameters
    ----------
    circuit : pynn_backprop.circuit.parts.Circuit
        What is drawn; layers stand side by side.

    Returns
    -------
    dict of str to Box
        By name; the gates are left out.
    """
    boxes = {}
    for population in rows_of(circuit):
        place = _PLACES[population.name]
        boxes[population.name] = replace(place, x=place.x + COLUMN * (population.layer or 0))
    for frame, members in frames_of(circuit).items():
        boxes[frame] = around([boxes[name] for name in members], 0.15)
    return boxes


def around(boxes: Iterable[Box], margin: float = 0.0) -> Box:
    """The smallest box that holds some boxes.

    Parameters
    ----------
    boxes : iterable of Box
        At least one.
    margin : float
        Space left free on each side, in units of the diagram.

    Returns
    -------
    Box
    """
    corners = np.array([box.corner(sign) for box in boxes for sign in (-1, 1)])
    low, high = corners.min(axis=0) - margin, corners.max(axis=0) + margin
    return Box(*((low + high) / 2).tolist(), *(high - low).tolist())


def course_of(boxes: Mapping[str, Box], pre: str, post: str) -> Course:
    """Where the arrow between two boxes runs.

    Parameters
    ----------
    boxes : mapping of str to Box
        As of :func:`boxes_of`.
    pre, post : str
        Where it begins and ends.

    Returns
    -------
    Course
        Its ends lie on the edges of the two boxes.
    """
    route, one, other = _ROUTES.get((pre, post), _Route()), boxes[pre], boxes[post]
    if route.start and route.end:
        return Course(one.at(*route.start), other.at(*route.end), route.bend)
    low = np.maximum(one.corner(-1), other.corner(-1))
    high = np.minimum(one.corner(1), other.corner(1))
    # The middle of the overlap in one direction and of the gap in the other; each end is the nearest point of its box.
    middle = (low + high) / 2
    start, end = (np.clip(middle, box.corner(-1), box.corner(1)) for box in (one, other))
    return Course(tuple(start), tuple(end), route.bend)
