r"""Pair-based STDP as a rule of Loihi's learning engine.

PyNN's SpikePairRule with AdditiveWeightDependence changes a weight by :math:`A_+ w_{max} e^{-\Delta t/\tau_+}` when the
postsynaptic neuron fires :math:`\Delta t` after the presynaptic one, and by :math:`-A_- w_{max} e^{-\Delta t/\tau_-}`
in the other order, for all pairs.  On the chip the exponentials are traces of 7 bits, and :math:`A_\pm` a mantissa of 3
bits times a power of two.  Both neurons' spikes are seen in the step in which they fire; a delay acts on what the
synapse hands on.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from pynn_backprop.errors import InputError

from ...integers import Grid, Rounding, check_rounding, relative_error
from .network import PairRule
from .ranges import LEARNING_MANTISSA, MIXED, PAIR_SCALE, TRACE_IMPULSE, UNITY
from .weights import HeldWeights

SMALLEST, LARGEST = -20, 8
"""Powers of two that a factor may have, in units of the weight mantissa for one unit of a trace."""


def pair_rule(projection: Any, weights: HeldWeights, scale: np.ndarray, grid: Grid) -> tuple[PairRule, list[Rounding]]:
    """The rule of a projection that learns by pairs.

    Parameters
    ----------
    projection
        Of this backend.
    weights
        As they are held.
    scale
        How many units of the resolution a weight of 1 is, float (n_synapses,).
    grid
        Timestep and tolerance.

    Raises
    ------
    InputError
        If a parameter makes no sense, or if the cells differ so that a weight means different things.
    """
    label, given = projection.label, projection.attributes
    if len(np.unique(scale)) > 1:
        raise InputError(f"{label!r} learns, so its postsynaptic cells must have the same tau_m, tau_syn and cm")
    one = float(scale[0]) / 2.0**weights.exponent if scale.size else 1.0
    for name in ("tau_plus", "tau_minus"):
        if not given[name] > 0:
            raise InputError(f"{name} of {label!r} is {given[name]:g} but must be positive")
    for name in ("A_plus", "A_minus"):
        if given[name] < 0:
            raise InputError(f"{name} of {label!r} is {given[name]:g} but must not be negative")
    if not given["w_min"] < given["w_max"]:
        raise InputError(f"w_min of {label!r} is {given['w_min']:g} but must be below w_max, {given['w_max']:g}")
    w_max = given["w_max"] * one
    kept, roundings = {}, []
    for name, tau in (("keep_x", "tau_plus"), ("keep_y", "tau_minus")):
        kept[name] = int(np.rint(UNITY * np.exp(-grid.timestep / given[tau])))
        with np.errstate(divide="ignore"):
            held = -grid.timestep / np.log(kept[name] / UNITY)
        lost, wanted = 1 - kept[name] / UNITY, -np.expm1(-grid.timestep / given[tau])
        roundings.append(_noted(label, tau, "ms", given[tau], float(held), abs(lost / wanted - 1), grid))
    for name, amplitude in (("plus", "A_plus"), ("minus", "A_minus")):
        wanted = given[amplitude] * abs(w_max) / TRACE_IMPULSE
        kept[name] = _factor(wanted)
        held = kept[name] / PAIR_SCALE / abs(w_max) * TRACE_IMPULSE
        error = float(relative_error(np.array([given[amplitude]]), np.array([held]))[0])
        roundings.append(_noted(label, amplitude, "of w_max", given[amplitude], held, error, grid))
    low, high = sorted(MIXED.step * int(np.rint(given[name] * one / MIXED.step)) for name in ("w_min", "w_max"))
    return PairRule(**kept, w_min=low, w_max=high), roundings


def _factor(wanted: float) -> int:
    """The nearest product of a mantissa and a power of two, in units of 1 / PAIR_SCALE."""
    mantissas = np.arange(LEARNING_MANTISSA.low, LEARNING_MANTISSA.high + 1)
    products = np.outer(mantissas, 2.0 ** np.arange(SMALLEST, LARGEST + 1)).ravel()
    products = np.append(0.0, products[products >= 1 / PAIR_SCALE])
    return int(np.rint(products[np.abs(products - wanted).argmin()] * PAIR_SCALE))


def _noted(label: str, name: str, unit: str, value: float, held: float, error: float, grid: Grid) -> Rounding:
    one, other, off = (np.array([number]) for number in (value, held, error))
    return check_rounding(
        label, name, unit, one, other, off, grid.computed,
        "a factor has 3 bits and a power of two, a decay is a multiple of 1/4096 in a step", grid.strict,
    )  # fmt: skip
