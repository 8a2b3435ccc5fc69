"""Translates a PyNN network into the integers of a chip.

Populations become compartments (:mod:`.neurons`), numbered through the network so that cells with equal decays follow
each other and are one group; neurons of spike sources become inputs.  Each projection becomes synapses
(:mod:`.synaptic_weights`).  A PyNN delay of d steps is a delay of d - 1 on the chip, where a spike acts in the next
step at the earliest.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np

from pynn_backprop.errors import InputError

from ..rounding import Grid, Rounding, RoundingReport, check_rounding, relative_error
from .network import Compartments, DiscreteNetwork, Part, Rule, Synapses
from .neurons import Cells, discretize_cells, forgets
from .weights import HeldWeights, hold_weights

SOURCE_PARAMETER = "spike_times"
"""By which spike sources are known."""

RULE = ("eta", "w_max")
"""Parameters of the rule, in the unit of the weights."""


@dataclass(frozen=True)
class HeldProjection:
    """A projection on the chip.

    Parameters
    ----------
    parts
        The numbers of its :class:`~hardware.lava.translation.network.Synapses`, each with the places of its synapses in
        the projection: two if it starts from an assembly of spike sources and cells.
    weights
        As the chip holds them at first.
    scale
        How many units of the resolution a weight of 1 is, float (n_synapses,).
    """

    parts: tuple[tuple[int, np.ndarray], ...]
    weights: HeldWeights
    scale: np.ndarray


@dataclass(frozen=True)
class Discretization:
    """A network in the chip's integers, and how it is found there.

    Parameters
    ----------
    network
        What is run.
    report
        Rounding error of every parameter.
    number
        Of every PyNN neuron, by its ID, among the compartments or the inputs, int (n_neurons,).
    is_input
        Which of them are inputs, bool (n_neurons,).
    origin
        The potential in mV at which v of a compartment is 0, float (n_compartments,).
    in_mv
        Whether weights to a neuron are in mV, and not in nA, bool (n_neurons,).
    projections
        In the order of the PyNN projections.
    """

    network: DiscreteNetwork
    report: RoundingReport
    number: np.ndarray
    is_input: np.ndarray
    origin: np.ndarray
    in_mv: np.ndarray
    projections: tuple[HeldProjection, ...]

    @property
    def neuron(self) -> np.ndarray:
        """The ID of every compartment's PyNN neuron, int (n_compartments,)."""
        ids = np.flatnonzero(~self.is_input)
        return ids[np.argsort(self.number[ids])]

    @property
    def forgets(self) -> np.ndarray:
        """Which compartments keep nothing from step to step, bool (n_compartments,)."""
        groups = self.network.compartments
        parts = [np.full(g.size, forgets(np.array(g.du), np.array(g.dv))) for g in groups]
        return np.concatenate([np.zeros(0, bool), *parts])


def discretize(populations: Sequence[Any], projections: Sequence[Any], grid: Grid) -> Discretization:
    """Translate a network.

    Parameters
    ----------
    populations, projections
        Of this backend, all of them, in the order of their creation.
    grid
        Timestep, resolution and tolerance.

    Raises
    ------
    InputError
        If something can't be held; names what and where, and the nearest value.
    """
    cells = {p: discretize_cells(p.label, p.parameters, grid) for p in populations if not is_source(p)}
    numbering = _number(populations, cells)
    groups = _groups(cells, numbering)
    roundings = [rounding for each in cells.values() for rounding in each.roundings]
    synapses: list[Synapses] = []
    held = []
    for projection in projections:
        found, parts, worst = _synapses(projection, numbering, grid, len(synapses))
        synapses += parts
        held.append(found)
        roundings += worst
    return Discretization(
        DiscreteNetwork(int(numbering.is_input.sum()), groups, tuple(synapses), _parts(cells, numbering.number)),
        RoundingReport(tuple(roundings)),
        numbering.number,
        numbering.is_input,
        numbering.origin,
        numbering.in_mv,
        tuple(held),
    )


def is_source(population: Any) -> bool:
    """Whether its neurons are spike sources and become inputs."""
    return SOURCE_PARAMETER in population.celltype.default_parameters


# --- compartments


@dataclass(frozen=True)
class _Numbering:
    """Arrays by the ID of the PyNN neuron, (n_neurons,), but for the origin, which is by compartment."""

    number: np.ndarray
    is_input: np.ndarray
    scale: np.ndarray
    lateness: np.ndarray
    in_mv: np.ndarray
    origin: np.ndarray


def _number(populations: Sequence[Any], cells: dict[Any, Cells]) -> _Numbering:
    is_input = np.concatenate([np.zeros(0, bool), *(np.full(p.size, p not in cells) for p in populations)])
    number = np.zeros(len(is_input), np.int64)
    number[is_input] = np.arange(is_input.sum())
    scale, late, in_mv = np.ones(len(number)), np.zeros(len(number), np.int64), np.ones(len(number), bool)
    order = np.argsort(_sort_key(cells), kind="stable")
    number[np.flatnonzero(~is_input)[order]] = np.arange(len(order))
    for population, each in cells.items():
        ids = population.ids
        scale[ids], late[ids], in_mv[ids] = each.weight_scale, each.lateness, each.lateness == 0
    origin = np.concatenate([np.zeros(0), *(each.origin for each in cells.values())])[order]
    return _Numbering(number, is_input, scale, late, in_mv, origin)


def _sort_key(cells: dict[Any, Cells]) -> np.ndarray:
    """Equal for cells that share their decays, int (n_compartments,), in the order of the PyNN neurons."""
    parts = [each.du * 2**16 + each.dv for each in cells.values()]
    return np.concatenate([np.zeros(0, np.int64), *parts])


def _groups(cells: dict[Any, Cells], numbering: _Numbering) -> tuple[Compartments, ...]:
    keys = _sort_key(cells)
    order = np.argsort(keys, kind="stable")
    owner = np.repeat(np.arange(len(cells)), [p.size for p in cells])
    names = [p.label for p in cells]

    def gathered(name: str) -> np.ndarray:
        return np.concatenate([np.zeros(0, np.int64), *(getattr(each, name) for each in cells.values())])[order]

    fields = {name: gathered(name) for name in ("threshold", "bias_mantissa", "bias_exponent")}
    du, dv = gathered("du"), gathered("dv")
    groups = []
    for first, last in _stretches(np.diff(keys[order], prepend=-1) != 0):
        members = dict.fromkeys(names[k] for k in owner[order[first:last]])
        part = {name: values[first:last] for name, values in fields.items()}
        groups.append(Compartments(", ".join(members), first, last - first, int(du[first]), int(dv[first]), **part))
    return tuple(groups)


def _stretches(begins: np.ndarray) -> list[tuple[int, int]]:
    """First and last + 1 of what lies between places where something begins, bool (n,)."""
    places = [*np.flatnonzero(begins).tolist(), len(begins)]
    return list(pairwise(places))


def _parts(cells: dict[Any, Cells], number: np.ndarray) -> tuple[Part, ...]:
    """The populations, in pieces where their cells' decays differ, in the order of their compartments."""
    parts = []
    for population in cells:
        numbers = number[population.ids]
        for first, last in _stretches(np.diff(numbers, prepend=-2) != 1):
            parts.append(Part(population.label, int(numbers[first]), last - first, first))
    return tuple(sorted(parts, key=lambda part: part.first))


# --- synapses


def _synapses(
    projection: Any, numbering: _Numbering, grid: Grid, first: int
) -> tuple[HeldProjection, list[Synapses], list[Rounding]]:
    """A projection's synapses, with those from inputs and those from compartments apart."""
    pre, post = projection.pre_ids, projection.post_ids
    scale = numbering.scale[post] / grid.resolution
    weights, rounding = _weights(projection, projection.attributes["weight"], scale, numbering.in_mv, grid)
    delay, late = _delays(projection, numbering.lateness[post], grid)
    rule, changes = _rule(projection, weights, scale, delay, numbering, grid)
    from_input = numbering.is_input[pre]
    parts: list[tuple[int, np.ndarray]] = []
    synapses = []
    for kind in (True, False):
        places = np.flatnonzero(from_input == kind)
        if places.size or (not kind and not parts):
            parts.append((first + len(parts), places))
            synapses.append(
                Synapses(
                    projection.label or "projection",
                    kind,
                    numbering.number[pre[places]],
                    numbering.number[post[places]],
                    weights.mantissa[places],
                    weights.exponent,
                    delay[places],
                    rule,
                )
            )
    return HeldProjection(tuple(parts), weights, scale), synapses, [rounding, late, *changes]


def _weights(
    projection: Any,
    values: np.ndarray,
    scale: np.ndarray,
    in_mv: np.ndarray,
    grid: Grid,
    like: HeldWeights | None = None,
) -> tuple[HeldWeights, Rounding]:
    exact = bool(in_mv[projection.post_ids].all())
    rule = None
    if is_plastic(projection):
        if projection.attributes["w_max"] <= 0:
            raise InputError(
                f"w_max of {projection.label!r} is {projection.attributes['w_max']:g} but must be positive"
            )
        rule = tuple(projection.attributes[name] * float(scale.max(initial=0.0)) for name in RULE)
    return hold_weights(
        projection.label,
        values * scale,
        "mV" if exact else "nA",
        scale,
        grid.exact if exact else grid.computed,
        rule,
        like,
    )


def _delays(projection: Any, lateness: np.ndarray, grid: Grid) -> tuple[np.ndarray, Rounding]:
    """Delays of the chip, int (n_synapses,)."""
    wanted = projection.attributes["delay"]
    steps = np.maximum(np.rint(grid.steps(wanted)), 1)
    error = relative_error(grid.steps(wanted), steps)
    rounding = check_rounding(
        projection.label, "delay", "ms", wanted, steps * grid.timestep, np.where(error <= 1e-6, 0.0, error), grid.exact,
        f"a delay is a multiple of the timestep, {grid.timestep:g} ms, and at least that",
    )  # fmt: skip
    return steps.astype(np.int64) - 1 + lateness, rounding


def is_plastic(projection: Any) -> bool:
    """Whether it learns."""
    return hasattr(projection.synapse_type, "reinforcement")


def _rule(
    projection: Any, weights: HeldWeights, scale: np.ndarray, delay: np.ndarray, numbering: _Numbering, grid: Grid
) -> tuple[Rule | None, list[Rounding]]:
    if not is_plastic(projection):
        return None, []
    label = projection.label
    neuron = int(projection.synapse_type.reinforcement.all_cells[0])
    if numbering.is_input[neuron]:
        raise InputError(
            f"reinforcement of {label!r} is a spike source, but must be a cell: let the source drive a cell, which "
            "fires one delay later"
        )
    if not numbering.in_mv[projection.post_ids].all() or delay.any():
        raise InputError(
            f"{label!r} learns, so its delay must be one timestep and its postsynaptic cells IF_curr_delta: Loihi's "
            "learning connections have no delays"
        )
    # A mantissa of a plastic synapse stays even.
    unit = 2.0 * 2.0**weights.exponent / (scale[0] if scale.size else 1.0)
    found, roundings = {}, []
    for name in RULE:
        wanted = np.array([projection.attributes[name]], float)
        held = np.rint(wanted / unit)
        roundings.append(
            check_rounding(
                label, name, "mV", wanted, held * unit, relative_error(wanted, held * unit), grid.exact,
                f"a plastic weight is a multiple of {unit:g} mV, as a finer or coarser resolution can change",
            )
        )  # fmt: skip
        found[name] = 2 * int(held[0])
    return Rule(int(numbering.number[neuron]), **found), roundings


def hold_again(
    projection: Any, weights: np.ndarray, held: HeldProjection, in_mv: np.ndarray, grid: Grid
) -> HeldWeights:
    """Hold a projection's new weights with the exponent and the signs that the chip's synapses were made with."""
    return _weights(projection, weights, held.scale, in_mv, grid, held.weights)[0]
