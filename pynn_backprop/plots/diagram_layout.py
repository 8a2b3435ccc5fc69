"""Where the boxes of a circuit's diagram stand.

Nothing is placed by name: a population stands in the column of its layer, in the lane of what it does there, which
follows from its role and its projections.  So any depth and any form has a place for everything.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from ..circuit.circuit import Circuit
from ..circuit.parts import Population
from .parts import ROLES

Point = tuple[float, float]

BACK, CARRIER, MASK, MEMORY = "back", "carrier", "mask", "memory"
LAYER, ERROR, BELOW, SOURCE, CONTROL = "layer", "error", "below", "source", "control"

_LANES = ((BACK, CARRIER), (MASK, MEMORY), (LAYER,))
_STACKED = (ERROR, BELOW, SOURCE)
"""From the top: the backward pass, what is remembered, the forward pass; and below that, as near to it as each column
allows, the error, what it is compared with, and what comes from outside."""

_SPAN = {BACK: (0.08, 1.4), CARRIER: (-1.4, -0.4), MASK: (-1.4, -0.1), MEMORY: (0.42, 1.4)}
"""From where to where what has a place of its own in its lane goes, from the middle of the column."""

_HALF, _SHARED, _BETWEEN, _SINGLE = 1.4, 1.65, 0.14, 0.62
"""Half of the width of a layer, of one in several populations, the gap between these, and half of a small box."""

_PITCH, _CONTROL = 4.1, 3.3
"""From layer to layer, and from the last layer to what belongs to none."""

HEIGHT = 0.29
"""Of a box, in inches."""

_GAPS, _STACK = (0.3, 0.36), 0.34
"""Below each lane, in inches."""

_FRAME = 0.06
"""Between a frame and the boxes in it, in inches."""


@dataclass(frozen=True)
class Box:
    """A rectangle of the diagram, in inches.

    Parameters
    ----------
    left, bottom, right, top : float
        Its edges.
    """

    left: float
    bottom: float
    right: float
    top: float

    @property
    def middle(self) -> Point:
        """Its centre."""
        return (self.left + self.right) / 2, (self.bottom + self.top) / 2

    def wider(self, margin: float) -> Box:
        """With so much more on each side."""
        return Box(self.left - margin, self.bottom - margin, self.right + margin, self.top + margin)

    def meets(self, other: Box) -> bool:
        """Whether they share more than an edge."""
        return (
            min(self.right, other.right) - max(self.left, other.left) > 1e-9
            and min(self.top, other.top) - max(self.bottom, other.bottom) > 1e-9
        )


@dataclass(frozen=True)
class Layout:
    """Where everything stands.

    Parameters
    ----------
    boxes : mapping of str to Box
        By name of the population; gates and what starts them are left out.
    frames : mapping of str to Box
        Around populations that stand in for each other, by the frame's name.
    members : mapping of str to tuple of str
        The populations in each frame, from left to right.
    columns : tuple of float
        The middle of each layer's column.
    """

    boxes: Mapping[str, Box]
    frames: Mapping[str, Box]
    members: Mapping[str, tuple[str, ...]]
    columns: tuple[float, ...]

    @property
    def whole(self) -> Box:
        """What holds all of them."""
        return around([*self.boxes.values(), *self.frames.values()])


def part_of(circuit: Circuit, population: Population) -> str:
    """What a population does in its layer, from its role and its projections.

    Parameters
    ----------
    circuit : pynn_backprop.circuit.circuit.Circuit
        To which it belongs.
    population : pynn_backprop.circuit.parts.Population
        Which.

    Returns
    -------
    str
        The name of its place in a lane.
    """
    into = [p for p in circuit.projections if p.post == population.name and p.matrix]
    out = [p for p in circuit.projections if p.pre == population.name]
    if population.layer is None:
        return CONTROL
    if population.role in ("source", "memory"):
        opens = any((p.weight or 0) >= circuit.parameters.high for p in out)
        return SOURCE if population.role == "source" else MASK if opens else MEMORY
    if population.role == "error":
        if any(p.transpose for p in into):
            return BACK
        return CARRIER if any(p.matrix and p.transpose for p in out) else ERROR
    return LAYER if population.role == "data" and (into or population.layer == 0) else BELOW


def shown(circuit: Circuit) -> list[Population]:
    """The populations that have a box.

    The ring is drawn above the table of phases, and sources of random levels are rows of the table alone.
    """
    hidden = noise_of(circuit) | ring_of(circuit)
    return [population for population in circuit.populations if population.name not in hidden]


def ring_of(circuit: Circuit) -> set[str]:
    """The gates that open phases, and what starts them; a rotor, which feeds itself, is none of them."""
    rotors = {projection.pre for projection in circuit.projections if projection.post == projection.pre}
    return {p.name for p in circuit.populations if p.role == "gate" or p.name == "start"} - rotors


def noise_of(circuit: Circuit) -> set[str]:
    """The sources of random spikes that the circuit's code has."""
    names = {name for population in circuit.populations for name, _ in circuit.code.noise(population.name, 1)}
    return names & {population.name for population in circuit.populations}


def layout_of(circuit: Circuit, unit: float) -> Layout:
    """Place the populations of a circuit.

    Parameters
    ----------
    circuit : pynn_backprop.circuit.circuit.Circuit
        Any.
    unit : float
        Inches of a unit across; a column is 2.8 wide.

    Returns
    -------
    Layout
        The upper edge of the highest lane is at ordinate 0.
    """
    places: dict[tuple[str, int | None], list[str]] = {}
    for population in shown(circuit):
        places.setdefault((part_of(circuit, population), population.layer), []).append(population.name)
    heights = _heights(places)
    columns = tuple(unit * (_HALF + _PITCH * layer) for layer in range(circuit.depth + 1))
    boxes, members = dict[str, Box](), dict[str, tuple[str, ...]]()
    for (part, layer), names in places.items():
        if layer is None:
            first = (ERROR if (ERROR, circuit.depth) in heights else LAYER, circuit.depth)
            names = sorted(names, key=lambda name: list(ROLES).index(circuit[name].role))
            boxes |= _controls(names, columns[-1] + unit * _CONTROL, unit, heights[first][1])
            continue
        ordered = _ordered(circuit, names) if part in (LAYER, ERROR) else names
        for name, (left, right) in zip(ordered, _spans(part, len(names)), strict=True):
            low, top = heights[part, layer]
            boxes[name] = Box(columns[layer] + unit * left, low, columns[layer] + unit * right, top)
        if len(names) > 1 and part in (LAYER, ERROR):
            members[f"{part} {layer}"] = tuple(ordered)
    frames = {name: around(boxes[member] for member in inside).wider(_FRAME) for name, inside in members.items()}
    return Layout(boxes, frames, members, columns)


def units_across(circuit: Circuit) -> float:
    """How many units a circuit takes across."""
    control = any(population.layer is None for population in shown(circuit))
    return _HALF + _PITCH * circuit.depth + (_CONTROL + _SINGLE if control else _SHARED)


def _heights(places: Iterable[tuple[str, int | None]]) -> dict[tuple[str, int | None], tuple[float, float]]:
    """Lower and upper edge of what stands in each column; lanes that nothing stands in take no room."""
    there, top, found = set(places), 0.0, dict[tuple[str, int | None], tuple[float, float]]()
    for lane, gap in zip(_LANES, (*_GAPS, _STACK), strict=True):
        inside = {place for place in there if place[0] in lane}
        if inside or lane == (LAYER,):
            found |= dict.fromkeys(inside, (top - HEIGHT, top))
            top -= HEIGHT + gap
    for layer in {layer for _, layer in there}:
        stacked = [(part, layer) for part in _STACKED if (part, layer) in there]
        for number, place in enumerate(stacked):
            high = top - number * (HEIGHT + _STACK)
            found[place] = (high - HEIGHT, high)
    return found


def _spans(part: str, n: int) -> list[tuple[float, float]]:
    """From where to where n boxes of a lane go."""
    if part in _SPAN and n == 1:
        return [_SPAN[part]]
    half = _SHARED if n > 1 else _HALF if part == LAYER else _SINGLE
    width = (2 * half - _BETWEEN * (n - 1)) / n
    return [(left, left + width) for left in (-half + (width + _BETWEEN) * place for place in range(n))]


def _controls(names: Sequence[str], middle: float, unit: float, top: float) -> dict[str, Box]:
    """What belongs to no layer, one above the other, with room for a word below each."""
    half, found = unit * _SINGLE, dict[str, Box]()
    for place, name in enumerate(names):
        high = top - place * (HEIGHT + _STACK)
        found[name] = Box(middle - half, high - HEIGHT, middle + half, high)
    return found


def _ordered(circuit: Circuit, names: Sequence[str]) -> Sequence[str]:
    """From left to right, each as near as can be to the masks, memories and errors that it is joined to."""
    wishes = [_wish(circuit, name) for name in names]
    places = np.linspace(-1, 1, len(names))

    def away(order: Sequence[int]) -> float:
        return sum(abs(place - wishes[number]) for number, place in zip(order, places, strict=True))

    return [names[number] for number in min(itertools.permutations(range(len(names))), key=away)]


def _wish(circuit: Circuit, name: str) -> float:
    """The mean place of what a population is joined to in its own column, from -1 at the left to 1."""
    layer = circuit[name].layer
    sides = dict[str, float]()
    errors = [p.name for p in circuit.populations if p.layer == layer and part_of(circuit, p) == ERROR]
    sides |= dict(zip(errors, np.linspace(-1, 1, len(errors)).tolist(), strict=True)) if len(errors) > 1 else {}
    sides |= {p.name: -1.0 for p in circuit.populations if part_of(circuit, p) == MASK}
    sides |= {p.name: 1.0 for p in circuit.populations if part_of(circuit, p) == MEMORY}
    joined = {p.post for p in circuit.projections if p.pre == name}
    return float(np.mean([sides[other] for other in sorted(joined & set(sides))] or [0.0]))


def around(boxes: Iterable[Box]) -> Box:
    """The smallest box that holds some boxes, at least one."""
    edges = np.array([(box.left, box.bottom, box.right, box.top) for box in boxes])
    return Box(*edges[:, :2].min(axis=0).tolist(), *edges[:, 2:].max(axis=0).tolist())
