"""How the parts of a circuit look in every figure, and what they are called: roles, layers, phases that learn."""

from __future__ import annotations

from collections.abc import Collection

from matplotlib.patches import Patch

from ..circuit.circuit import Circuit
from ..circuit.parts import Population
from ..circuit.schedule import Schedule, TrainingSchedule
from .style import BLACK, BLUE, GREEN, GREY, ORANGE, PURPLE, VERMILION, tint_key

ROLES = {
    "source": (GREY, "input from outside"),
    "data": (BLACK, "activation and its edges"),
    "memory": (BLUE, "memory"),
    "error": (VERMILION, "error"),
    "probe": (GREY, "probe"),
    "reinforcement": (PURPLE, "reinforcement"),
    "gate": (GREEN, "gates"),
}
"""Colour and words for each role, in reading order."""

LEARNING = (("#DCEFFA", "potentiation", "+"), ("#F7DA9E", "depression", "−"))
"""Tint, word and sign: blue and yellow are what the most frequent kinds of colour blindness can tell apart, and the
second is darker, so that both can be told apart in grey."""

DITHER_LOOKS = {"rotating": (BLUE, "-", "o"), "fixed": (VERMILION, "--", "s"), "noise": (ORANGE, "-.", "^")}
"""Colour, line and marker of each dither: they can be told apart without the colour."""


def colour_of(population: Population) -> str:
    """The colour of a population's role."""
    return ROLES[population.role][0]


def role_keys(roles: Collection[str]) -> list[Patch]:
    """Entries of a legend: the colour of each role.

    Parameters
    ----------
    roles : collection of str
        Which; the others are left out.

    Returns
    -------
    list of matplotlib.patches.Patch
        In reading order.
    """
    return [Patch(color=colour, label=words) for role, (colour, words) in ROLES.items() if role in roles]


def learning_keys() -> list[Patch]:
    """Entries of a legend: the tints of the phases in which a matrix learns."""
    return [tint_key(tint, f"{word} ({sign})") for tint, word, sign in LEARNING]


def title_of(circuit: Circuit) -> str:
    """What kind of circuit it is, and its sizes."""
    kind = "Training" if circuit.schedule.training else "Inference"
    form = f", {circuit.schedule.form} form" if circuit.schedule.form else ""
    return f"{kind} circuit {circuit.code.titled(units_text(circuit))}{form}"


def units_text(circuit: Circuit) -> str:
    """Units of the layers, input first, as text: ``400-400-10``."""
    return "-".join(map(str, circuit.units))


def layer_word(layer: int | None, depth: int) -> str:
    """The name of a layer.

    Parameters
    ----------
    layer : int or None
        Number of the layer, 0 for the input; None for what belongs to none.
    depth : int
        Number of the output layer.

    Returns
    -------
    str
        ``control`` for what belongs to no layer.
    """
    if layer is None:
        return "control"
    if 0 < layer < depth:
        return "hidden layer" if depth == 2 else f"hidden layer {layer}"
    return "input layer" if layer == 0 else "output layer"


def reading_order(circuit: Circuit) -> list[Population]:
    """Populations by layer from the input on, within a layer by role; those of no layer come last, gates at the end."""
    roles, end = list(ROLES), circuit.depth + 1
    return sorted(circuit.populations, key=lambda p: (end if p.layer is None else p.layer, roles.index(p.role)))


def tints(schedule: Schedule) -> dict[int, tuple[str, str]]:
    """Tint and short name of each phase in which a matrix learns.

    Parameters
    ----------
    schedule : pynn_backprop.circuit.schedule.Schedule
        The phases of a circuit.

    Returns
    -------
    dict of int to tuple of str
        By phase.
    """
    if not isinstance(schedule, TrainingSchedule):
        return {}
    return {
        phase: (tint, f"W{matrix}{sign}")
        for matrix in range(1, schedule.depth + 1)
        for phase, (tint, _, sign) in zip(schedule.learning(matrix), LEARNING, strict=True)
    }
