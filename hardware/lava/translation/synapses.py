"""A PyNN projection as a chip's synapses: weights, delays, and the rule of those that learn.

A PyNN delay of d steps is a delay of d - 1 on the chip, where a spike acts in the next step at the earliest.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from pynn_backprop.errors import InputError

from ...integers import ROUND_OFF, Grid, Rounding, check_rounding, relative_error
from .network import PairRule, Rule, Synapses
from .numbering import Numbering
from .pairs import pair_rule
from .ranges import DELAY, MIXED
from .weights import HeldWeights, hold_weights

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


def is_plastic(projection: Any) -> bool:
    """Whether it learns."""
    return hasattr(projection.synapse_type, "reinforcement") or learns_by_pairs(projection)


def learns_by_pairs(projection: Any) -> bool:
    """Whether it learns by pair-based STDP."""
    return "A_plus" in projection.attributes


def discretize_projection(
    projection: Any, numbering: Numbering, grid: Grid, first: int
) -> tuple[HeldProjection, list[Synapses], list[Rounding]]:
    """Translate a projection.

    Parameters
    ----------
    projection
        Of this backend.
    numbering
        Of the whole network.
    grid
        Timestep, resolution and tolerance.
    first
        Number of the first of its synapses in the network.

    Returns
    -------
    held
        How to find it again.
    synapses
        Those from inputs, and those from compartments, apart.
    roundings
        Of its parameters.

    Raises
    ------
    InputError
        If something can't be held; names the nearest value.
    """
    pre, post = projection.pre_ids, projection.post_ids
    ends = numbering.ends[projection.receptor_type]
    _check_targets(projection, ends.compartment[post])
    scale = ends.scale[post] / grid.resolution
    weights, rounding = _weights(projection, projection.attributes["weight"], scale, numbering.in_mv, grid)
    delay, late = _delays(projection, numbering.lateness[post], grid)
    rule, changes = _rule(projection, weights, scale, delay, numbering, grid)
    from_input = numbering.is_input[pre]
    # A projection without synapses counts as one from compartments.
    kinds = [kind for kind in (True, False) if (from_input == kind).any()] or [False]
    places = [np.flatnonzero(from_input == kind) for kind in kinds]
    synapses = [
        Synapses(
            projection.label or "projection",
            kind,
            numbering.number[pre[mine]],
            ends.compartment[post[mine]],
            weights.mantissa[mine],
            weights.exponent,
            delay[mine],
            rule,
        )
        for kind, mine in zip(kinds, places, strict=True)
    ]
    held = HeldProjection(tuple(enumerate(places, first)), weights, scale)
    return held, synapses, [rounding, late, *changes]


def hold_again(
    projection: Any, weights: np.ndarray, held: HeldProjection, in_mv: np.ndarray, grid: Grid
) -> HeldWeights:
    """Hold a projection's new weights with the exponent and the signs that the chip's synapses were made with."""
    return _weights(projection, weights, held.scale, in_mv, grid, held.weights)[0]


def _weights(
    projection: Any,
    values: np.ndarray,
    scale: np.ndarray,
    in_mv: np.ndarray,
    grid: Grid,
    like: HeldWeights | None = None,
) -> tuple[HeldWeights, Rounding]:
    exact = bool(in_mv[projection.post_ids].all())
    unit = "mV" if exact else "uS" if projection.post_conductances else "nA"
    rule = None
    if is_plastic(projection):
        if projection.attributes["w_max"] <= 0:
            raise InputError(
                f"w_max of {projection.label!r} is {projection.attributes['w_max']:g} but must be positive"
            )
        most = float(np.abs(scale).max(initial=0.0))
        w_max = projection.attributes["w_max"] * most
        # The changes of pairs are rounded at random, whatever they are.
        rule = (projection.attributes.get("eta", 0.0) * most or w_max), w_max
    return hold_weights(
        projection.label,
        values * scale,
        unit,
        scale,
        grid.exact if exact else grid.computed,
        rule,
        like,
        grid.strict,
    )


def _check_targets(projection: Any, compartments: np.ndarray) -> None:
    if (compartments < 0).any():
        raise InputError(
            f"{projection.label!r} has a spike source among its postsynaptic neurons, which takes no spikes"
        )


def _delays(projection: Any, lateness: np.ndarray, grid: Grid) -> tuple[np.ndarray, Rounding]:
    """Delays of the chip, int (n_synapses,)."""
    wanted = projection.attributes["delay"]
    steps = np.maximum(np.rint(grid.steps(wanted)), 1)
    longest = DELAY.high + 1 - lateness
    too_long = steps > longest
    if too_long.any():
        raise InputError(
            f"delay of {projection.label!r} is {wanted[too_long].max():.6g} ms, but the largest possible is "
            f"{longest[too_long].min() * grid.timestep:.6g} ms: a delay has up to {DELAY.high + 1} steps; a longer "
            "timestep allows more"
        )
    error = relative_error(grid.steps(wanted), steps)
    rounding = check_rounding(
        projection.label, "delay", "ms", wanted, steps * grid.timestep, np.where(error <= ROUND_OFF, 0.0, error),
        grid.exact, f"a delay is a multiple of the timestep, {grid.timestep:g} ms, and at least that", grid.strict,
    )  # fmt: skip
    return steps.astype(np.int64) - 1 + lateness, rounding


def _rule(
    projection: Any, weights: HeldWeights, scale: np.ndarray, delay: np.ndarray, numbering: Numbering, grid: Grid
) -> tuple[Rule | PairRule | None, list[Rounding]]:
    if not is_plastic(projection):
        return None, []
    if learns_by_pairs(projection):
        return pair_rule(projection, weights, scale, grid)
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
    unit = MIXED.step * 2.0**weights.exponent / (scale[0] if scale.size else 1.0)
    found, roundings = {}, []
    for name in RULE:
        wanted = np.array([projection.attributes[name]])
        held = np.rint(wanted / unit)
        roundings.append(
            check_rounding(
                label, name, "mV", wanted, held * unit, relative_error(wanted, held * unit), grid.exact,
                f"a plastic weight is a multiple of {unit:g} mV, as another resolution can change", grid.strict,
            )
        )  # fmt: skip
        found[name] = MIXED.step * int(held[0])
    return Rule(int(numbering.number[neuron]), **found), roundings
