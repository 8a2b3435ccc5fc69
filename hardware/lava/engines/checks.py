"""Checks of what an engine is given, before compiled code relies on it; narrower ranges of the chip are not checked."""

from __future__ import annotations

from typing import Any

import numpy as np

from pynn_backprop.checks import check_count
from pynn_backprop.errors import InputError

from ...integers import Range
from ..translation.network import Compartments, DiscreteNetwork, Rule, Synapses
from ..translation.ranges import STATE, WEIGHT_EXPONENT

VALUES = {
    "threshold": Range(-(2**25), 2**25 - 1),
    "bias_mantissa": Range(-(2**15), 2**15 - 1),
    "bias_exponent": Range(-15, 15),
    "v": Range(1 - STATE, STATE - 1),
    "u": Range(1 - STATE, STATE),
}
"""What Lava's arithmetic can hold in 32 bits, of each value of a compartment."""

PARAMETERS = ("threshold", "bias_mantissa", "bias_exponent")
"""Those that a network gives; the others are 0 at first."""

WEIGHT_LIMIT = 2**15 - 1
LONGEST_DELAY = 2**15


def integers(name: str, values: Any) -> np.ndarray:
    """`values` as int64, or an InputError."""
    values = np.asarray(values)
    if values.dtype.kind not in "iu" and values.size:
        raise InputError(f"{name} is of type {values.dtype} but must hold integers")
    return values.astype(np.int64)


def check_range(name: str, values: np.ndarray, allowed: Range) -> None:
    """An InputError if a value lies outside."""
    wrong = values[~allowed.holds(values)]
    if len(wrong):
        raise InputError(f"{name} holds {wrong[0]} but must lie within {allowed.low} and {allowed.high}")


def checked_members(name: str, values: np.ndarray, n_compartments: int) -> np.ndarray:
    """Compartments that are recorded, int64 (n,), each once."""
    values = integers(name, values).reshape(-1)
    check_range(name, values, Range(0, n_compartments - 1))
    if len(np.unique(values)) != len(values):
        raise InputError(f"{name} names a compartment twice")
    return values


def check_mantissas(label: str, weight: np.ndarray, exponent: int) -> None:
    """Mantissas must fit in 16 bits and be whole numbers of 2**6, the unit of what Lava's LIF takes."""
    check_range(f"{label}: weight", weight, Range(-WEIGHT_LIMIT, WEIGHT_LIMIT))
    check_whole(f"{label}: weight", weight, exponent)


def check_whole(name: str, values: np.ndarray, exponent: int) -> None:
    """With a negative exponent, Lava would round off the bits below 2**6: refuse values that have any."""
    unit = 2 ** max(0, -exponent)
    wrong = values[values % unit != 0]
    if len(wrong):
        raise InputError(
            f"{name} holds {wrong[0]} but must be a multiple of {unit} with the exponent {exponent}: Lava's neurons "
            "take whole units of 2**6"
        )


def check_network(network: DiscreteNetwork) -> None:
    """Check that all indices and shapes fit.

    Raises
    ------
    InputError
        Names the projection or group, and the value.
    """
    for group in network.compartments:
        _check_group(group)
    for synapses in network.synapses:
        _check_synapses(network, synapses)


def _check_group(group: Compartments) -> None:
    for name in PARAMETERS:
        values = integers(f"{name} of {group.label}", getattr(group, name))
        if values.shape != (group.size,):
            raise InputError(f"{name} of {group.label} has shape {values.shape} but must have ({group.size},)")
        check_range(f"{name} of {group.label}", values, VALUES[name])


def _check_synapses(network: DiscreteNetwork, synapses: Synapses) -> None:
    label, n_pre = synapses.label, network.n_inputs if synapses.from_input else network.n_compartments
    for name in ("post", "weight", "delay"):
        if np.shape(getattr(synapses, name)) != np.shape(synapses.pre):
            raise InputError(f"{label}: {name} and pre have different shapes")
    check_range(f"{label}: pre", integers("pre", synapses.pre), Range(0, n_pre - 1))
    check_range(f"{label}: post", integers("post", synapses.post), Range(0, network.n_compartments - 1))
    check_range(f"{label}: delay", integers("delay", synapses.delay), Range(0, LONGEST_DELAY))
    check_count(f"{label}: exponent", synapses.exponent, WEIGHT_EXPONENT.low, WEIGHT_EXPONENT.high)
    check_mantissas(label, integers("weight", synapses.weight), synapses.exponent)
    if isinstance(synapses.rule, Rule):
        check_count(f"{label}: reinforcement", synapses.rule.reinforcement, 0, network.n_compartments - 1)
        check_count(f"{label}: eta", synapses.rule.eta, 0, WEIGHT_LIMIT)
        check_count(f"{label}: w_max", synapses.rule.w_max, 0, WEIGHT_LIMIT)
        both = np.array([synapses.rule.eta, synapses.rule.w_max])
        check_whole(f"{label}: eta or w_max", both, synapses.exponent)
