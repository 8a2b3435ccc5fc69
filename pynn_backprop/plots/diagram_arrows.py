"""What the arrows of a circuit's diagram stand for: one for all projections of a kind between two boxes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ..circuit.circuit import Circuit
from ..circuit.connectivity import Levels, Ring
from ..circuit.parts import Population, Projection
from .diagram_layout import noise_of
from .style import GREEN, INK, ORANGE

PLASTIC, FIXED, EXCITES, INHIBITS, OPENS, GATHERS = "plastic", "fixed", "excites", "inhibits", "opens", "gathers"

KINDS = {
    PLASTIC: "plastic weights, all to all",
    FIXED: "fixed weights, all to all",
    EXCITES: "one to one, excites",
    INHIBITS: "one to one, inhibits",
    OPENS: "one to one, opens as a gate does",
    GATHERS: "all to one, any spike excites",
}
"""Words for each kind of arrow, in the order of the key."""

COLOURS = {PLASTIC: ORANGE, FIXED: INK, EXCITES: INK, INHIBITS: INK, OPENS: GREEN, GATHERS: INK}


@dataclass(frozen=True)
class Arrow:
    """What all synapses that one arrow stands for have in common.

    Parameters
    ----------
    pre, post : str
        The boxes or frames where it begins and ends.
    kind : str
        One of :data:`KINDS`.
    label : str
        The weight matrix with its sign; only matrices have one.
    """

    pre: str
    post: str
    kind: str
    label: str = ""


def arrows_of(circuit: Circuit, members: Mapping[str, tuple[str, ...]]) -> list[Arrow]:
    """One arrow for all projections of a kind between two boxes, frames taking the place of their members if they can.

    Parameters
    ----------
    circuit : pynn_backprop.circuit.circuit.Circuit
        What is drawn.  What :func:`folded` names has no arrows.
    members : mapping of str to tuple of str
        The populations in each frame.

    Returns
    -------
    list of Arrow
        Matrices first.
    """
    pairs_of: dict[tuple[str, str], set[tuple[str, str]]] = {}
    for projection in circuit.projections:
        if folded(circuit, projection) is None:
            pairs_of.setdefault(kind_of(circuit, projection), set()).add((projection.pre, projection.post))
    found = []
    for (kind, label), pairs in pairs_of.items():
        for frame, inside in members.items():
            for box in {box for pair in pairs for box in pair}:
                to, fro = {(box, member) for member in inside}, {(member, box) for member in inside}
                if to <= pairs:
                    pairs = pairs - to | {(box, frame)}
                if fro <= pairs:
                    pairs = pairs - fro | {(frame, box)}
        found += [Arrow(pre, post, kind, label) for pre, post in sorted(pairs)]
    return sorted(found, key=lambda arrow: not arrow.label)


def opener(circuit: Circuit, population: Population) -> bool:
    """Whether what a population does is told by the table of phases: a gate, or the neuron that opens as one.

    Parameters
    ----------
    circuit : pynn_backprop.circuit.circuit.Circuit
        To which it belongs.
    population : pynn_backprop.circuit.parts.Population
        Which.

    Returns
    -------
    bool
    """
    return population.role == "gate" or (population.layer is None and population.role == "error")


def folded(circuit: Circuit, projection: Projection) -> str | None:
    """Where a projection is told that has no arrow.

    Parameters
    ----------
    circuit : pynn_backprop.circuit.circuit.Circuit
        What is drawn.
    projection : pynn_backprop.circuit.parts.Projection
        One of its projections.

    Returns
    -------
    str or None
        ``"ring"`` for the ring itself and ``"table"`` for what it opens, both above and in the table of phases;
        ``"level"`` for what lifts a population to its levels, marked at its box; None if there is an arrow.
    """
    pre = circuit[projection.pre]
    if projection.pre == "start" or isinstance(projection.connectivity, Ring):
        return "ring"
    if isinstance(projection.connectivity, Levels) or projection.pre in noise_of(circuit):
        return "level"
    if opener(circuit, pre):
        return "ring" if circuit[projection.post].role == "gate" else "table"
    return None


def lifted(circuit: Circuit) -> set[str]:
    """The populations that are lifted to levels."""
    return {projection.post for projection in circuit.projections if folded(circuit, projection) == "level"}


def kind_of(circuit: Circuit, projection: Projection) -> tuple[str, str]:
    """One of :data:`KINDS`, and the label of an arrow: the matrix with its sign, or nothing."""
    weight, strength, matrix = projection.weight or 0, circuit.parameters, projection.matrix
    if matrix:
        sign = "−" if projection.sign < 0 else "+" if projection.transpose else ""
        label = f"{sign}{matrix}{'ᵀ' if projection.transpose else ''}"
        return PLASTIC if projection.plastic else FIXED, label
    if weight in (strength.half, strength.low, strength.high):
        return OPENS, ""
    if projection.connectivity.dense:
        return GATHERS, ""
    return EXCITES if weight > 0 else INHIBITS, ""
