"""What the arrows of a circuit's diagram stand for: one for all projections between two boxes."""

from __future__ import annotations

from dataclasses import dataclass

from ..circuit.circuit import Circuit
from ..circuit.parts import Projection
from .diagram_layout import frames_of
from .phase_table import rows_of
from .style import GREEN, ORANGE, VERMILION

KINDS = {
    "plastic": "plastic weights, all to all",
    "fixed": "fixed weights, all to all",
    "excites": "one to one, excites",
    "inhibits": "one to one, inhibits",
    "opens": "one to one, opens as a gate does",
}
"""Words for each kind of arrow, in the order of the key."""

_MATRIX_COLOURS = {"W1": ORANGE, "W2": GREEN}


@dataclass(frozen=True)
class Arrow:
    """What all synapses that one arrow stands for have in common.

    Parameters
    ----------
    kind : str
        One of :data:`KINDS`.
    colour : str
        Of the arrow.
    label : str
        The weight matrix with its sign; only matrices have one.
    """

    kind: str
    colour: str = "#444444"
    label: str = ""


def arrows_of(circuit: Circuit) -> dict[tuple[str, str], Arrow]:
    """One arrow for all projections between two boxes, frames taking the place of their members where they can.

    Parameters
    ----------
    circuit : pynn_backprop.circuit.parts.Circuit
        What is drawn.  Its gates have no arrows: what they do is in the table of phases.

    Returns
    -------
    dict of tuple of str to Arrow
        By the names of the boxes or frames where it begins and ends.
    """
    drawn = {population.name for population in rows_of(circuit)}
    pairs_of: dict[Arrow, set[tuple[str, str]]] = {}
    for projection in circuit.projections:
        if projection.pre in drawn:
            pairs_of.setdefault(_arrow(circuit, projection), set()).add((projection.pre, projection.post))
    found = {}
    for arrow, pairs in pairs_of.items():
        for frame, members in frames_of(circuit).items():
            for box in {box for pair in pairs for box in pair}:
                to, fro = {(box, member) for member in members}, {(member, box) for member in members}
                if to <= pairs:
                    pairs = pairs - to | {(box, frame)}
                if fro <= pairs:
                    pairs = pairs - fro | {(frame, box)}
        found.update(dict.fromkeys(sorted(pairs), arrow))
    return found


def _arrow(circuit: Circuit, projection: Projection) -> Arrow:
    weight, strength, matrix = projection.weight or 0, circuit.parameters, projection.matrix
    if matrix:
        sign = "−" if projection.sign < 0 else "+" if projection.transpose else ""
        label = f"{sign}{matrix}{'ᵀ' if projection.transpose else ''}"
        return Arrow("plastic" if projection.plastic else "fixed", _MATRIX_COLOURS[matrix], label)
    if weight in (strength.half, strength.low, strength.high):
        return Arrow("opens")
    return Arrow("excites") if weight > 0 else Arrow("inhibits", VERMILION)
