r"""Where the synapses of a cell end on the chip: at the cell's own compartment, or at dendrites of it.

A compartment has one synaptic current.  So a cell whose two receptors decay alike needs one compartment; where they
differ, or where a current is recorded by itself, they get a dendrite each; and an alpha current always has one
(:mod:`.alpha`).  A dendrite passes its v on: with :math:`\delta_v = 4096` that is its u.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from ...integers import Grid, Rounding, check_rounding
from .alpha import alpha_error, alpha_scale
from .decays import hold_decay, response
from .ranges import UNITY

EXCITATORY, INHIBITORY = "excitatory", "inhibitory"
RECEPTORS = {EXCITATORY: "E", INHIBITORY: "I"}
"""PyNN's receptor types, and how the names of their parameters end."""

DELTA, EXPONENTIAL, ALPHA = "delta", "exponential", "alpha"
"""Shapes of the synaptic current."""

SOMA = 0
"""The place of the cell's own compartment; dendrites follow."""


@dataclass(frozen=True)
class Receptor:
    """Where the synapses of a receptor type end.

    Parameters
    ----------
    place
        SOMA, or 1 + the index of a dendrite.
    scale
        How many mV a weight of 1 adds to u there, float (size,).
    """

    place: int
    scale: np.ndarray


@dataclass(frozen=True)
class Dendrite:
    """Decays of a dendrite's u and v in 4096ths a step, int (size,) each."""

    decay_u: np.ndarray
    decay_v: np.ndarray


@dataclass(frozen=True)
class Receptors:
    """All that is synaptic of a population's cells.

    Parameters
    ----------
    by_type
        By PyNN's name.
    dendrites
        Those that there are.
    decay_u
        Of the cells' own compartments, in 4096ths a step, int (size,).
    slowest
        Of the currents, int (size,): the smallest decay in 4096ths a step.
    lateness
        How many steps later than on PyNN's other simulators u would see a spike without a longer delay: 0 or 1.
    roundings
        Of the parameters.
    """

    by_type: dict[str, Receptor]
    dendrites: tuple[Dendrite, ...]
    decay_u: np.ndarray
    slowest: np.ndarray
    lateness: int
    roundings: tuple[Rounding, ...]


def hold_receptors(
    label: str, p: Mapping[str, np.ndarray], decay_v: np.ndarray, shape: str, separate: bool, grid: Grid
) -> Receptors:
    """Translate the receptors of a population.

    Parameters
    ----------
    label
        Of the population, for messages.
    p
        Parameters in PyNN's units, float (size,) each.
    decay_v
        Of the cells, in 4096ths a step, int (size,).
    shape
        DELTA, EXPONENTIAL or ALPHA.
    separate
        Whether each receptor needs a dendrite of its own, so that it can be recorded.
    grid
        Timestep and tolerance.

    Raises
    ------
    InputError
        If a time constant can't be held and the grid is strict.
    """
    all_lost = np.full(len(decay_v), UNITY, np.int64)
    if shape == DELTA:
        both = Receptor(SOMA, np.ones(len(decay_v)))
        return Receptors(dict.fromkeys(RECEPTORS, both), (), all_lost, all_lost, 0, ())
    alike = not separate and bool((p["tau_syn_E"] == p["tau_syn_I"]).all())
    roundings: list[Rounding] = []
    decays: dict[str, np.ndarray] = {}
    scales: dict[str, np.ndarray] = {}
    for receptor, end in RECEPTORS.items():
        tau = p[f"tau_syn_{end}"]
        if alike and receptor == INHIBITORY:
            decays[receptor] = decays[EXCITATORY]
        else:
            decays[receptor], rounding = hold_decay(label, f"tau_syn_{end}", tau, grid, lowest=1)
            roundings.append(rounding)
            if shape == ALPHA:
                roundings.append(_shape_rounding(label, end, p, decay_v, decays[receptor], grid))
        scales[receptor] = _scale(p, end, decays[receptor], shape, grid)
    slowest = np.minimum(*decays.values())
    dendrites: tuple[Dendrite, ...]
    if shape == EXPONENTIAL and not separate:
        # The excitatory current is the cell's own, and the inhibitory one too if it decays alike.
        dendrites = () if alike else (Dendrite(decays[INHIBITORY], all_lost),)
        places, decay_u = {EXCITATORY: SOMA, INHIBITORY: len(dendrites)}, decays[EXCITATORY]
    else:
        own = [EXCITATORY] if alike else list(RECEPTORS)
        dendrites = tuple(Dendrite(decays[r], decays[r] if shape == ALPHA else all_lost) for r in own)
        places, decay_u = {EXCITATORY: 1, INHIBITORY: len(dendrites)}, all_lost
    by_type = {receptor: Receptor(places[receptor], scales[receptor]) for receptor in RECEPTORS}
    return Receptors(by_type, dendrites, decay_u, slowest, 1, tuple(roundings))


def _scale(p: Mapping[str, np.ndarray], end: str, decay: np.ndarray, shape: str, grid: Grid) -> np.ndarray:
    tau = p[f"tau_syn_{end}"]
    if shape == ALPHA:
        scale = alpha_scale(p["tau_m"], tau, p["cm"], decay, grid.timestep)
    else:
        scale = response(p["tau_m"], tau, p["cm"], grid.timestep)
    reversal = p.get(f"e_rev_{end}")
    # In place of a conductance: the current that it would let through at the resting potential.
    return scale if reversal is None else scale * (reversal - p["v_rest"])


def _shape_rounding(
    label: str, end: str, p: Mapping[str, np.ndarray], decay_v: np.ndarray, decay: np.ndarray, grid: Grid
) -> Rounding:
    """What the shape of the alpha current errs by, at the slowest and at the fastest of the cells."""
    tau = p[f"tau_syn_{end}"]
    worst = int(np.argmin(tau))
    error = alpha_error(
        float(p["tau_m"][worst]), float(tau[worst]), int(decay_v[worst]), int(decay[worst]), grid.timestep
    )
    one = np.array([tau[worst]])
    return check_rounding(
        label, f"the potential after a spike, by the shape of the current with tau_syn_{end}", "ms", one, one,
        np.array([error]), grid.computed, "a shorter timestep makes it smaller", grid.strict,
    )  # fmt: skip
