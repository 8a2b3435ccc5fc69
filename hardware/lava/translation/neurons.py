r"""PyNN's cells in the integers of a LIF compartment.

With :math:`V` the membrane potential, :math:`R = \tau_m / c_m` and :math:`P = e^{-\Delta t / \tau_m}`, PyNN's cells
make in a step of :math:`\Delta t`, exactly,

.. math::

    V - V_{rest} \leftarrow P\,(V - V_{rest}) + (1 - P) R\,I_{offset} + \text{synaptic input},

fire if :math:`V > V_{thresh}`, and start again from :math:`V_{reset}`.  A compartment starts again from 0.  So its v
counts from the *reset* potential, :math:`v = 64\,(V - V_{reset}) / \text{resolution}`, and what V_rest differs from it
becomes a part of the bias:

.. math::

    v \leftarrow v\,(4096 - \delta_v)/4096 + u + b, \qquad
    b = \frac{64}{\text{resolution}} \cdot \frac{\delta_v}{4096}\,(V_{rest} - V_{reset} + R\,I_{offset}), \qquad
    \delta_v = 4096\,(1 - P).

The bias is computed with the :math:`\delta_v` that is held, so the potential that v settles at is right.  In a
*memoryless* cell, whose :math:`\tau_m` is so short that :math:`\delta_v = 4096`, nothing is left of v, and
:math:`V = V_{rest} + R\,I_{offset} + \sum w`.  Then v is a multiple of the unit of the weights, and *every* threshold
is held exactly, by the largest multiple that is not above it.

**IF_curr_delta.** A weight in mV is added to V at once: :math:`\delta_u = 4096`, nothing is left of u.

**IF_curr_exp.** The synaptic current decays with :math:`\tau_s`, and a current :math:`I` raises V in the step by
:math:`P_{21} I` (:mod:`.decays`).  So :math:`u = P_{21} I` is what a compartment needs, with :math:`\delta_u = 4096\,(1
- e^{-\Delta t/\tau_s})` and a weight in nA times :math:`P_{21}`.  In the exact integration that NEST does, a current
that begins with an arriving spike is seen by V one step later: the delay on the chip is one step longer.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from pynn_backprop.errors import InputError

from ...integers import Grid, Rounding, check_rounding, relative_error
from .decays import cut_off, hold_decay, response
from .ranges import BIAS_EXPONENT, BIAS_MANTISSA, FINER, THRESHOLD, UNITY

POSITIVE = ("tau_m", "cm", "tau_syn_E", "tau_syn_I")

BETWEEN = 1e-6
"""A threshold that is as close as this to a multiple of the resolution, relative to it, is that multiple."""


@dataclass(frozen=True)
class Cells:
    """The cells of one population in a chip's integers.

    Parameters
    ----------
    du, dv, threshold, bias_mantissa, bias_exponent
        Of each cell as in :class:`~hardware.lava.translation.network.Compartments`, int (size,) each.
    origin
        The potential in mV at which v is 0, float (size,).
    weight_scale
        How many mV a weight of 1 (mV or nA) adds to u, float (size,).
    lateness
        How many steps later than in PyNN's other simulators u would see a spike without a longer delay: 0 or 1.
    roundings
        Of all parameters.
    """

    du: np.ndarray
    dv: np.ndarray
    threshold: np.ndarray
    bias_mantissa: np.ndarray
    bias_exponent: np.ndarray
    origin: np.ndarray
    weight_scale: np.ndarray
    lateness: int
    roundings: tuple[Rounding, ...]


def discretize_cells(label: str, parameters: Mapping[str, np.ndarray], grid: Grid) -> Cells:
    """Translate the cells of a population.

    Parameters
    ----------
    label
        Of the population, for messages.
    parameters
        Of IF_curr_delta or IF_curr_exp in PyNN's units, float (size,) each.
    grid
        Timestep, resolution and tolerance.

    Raises
    ------
    InputError
        If a parameter can't be held; names the nearest value.
    """
    p = {name: np.asarray(values, float) for name, values in parameters.items()}
    _check_what_a_compartment_has(label, p, grid)
    exponential = "tau_syn_E" in p
    # Without any decay of v, what is cut off from u in every step would add up for ever.
    decay_v, tau_m = hold_decay(label, "tau_m", p["tau_m"], grid, lowest=int(exponential))
    if exponential:
        decay_u, tau_syn = hold_decay(label, "tau_syn_E", p["tau_syn_E"], grid, lowest=1)
        scale, taus = response(p["tau_m"], p["tau_syn_E"], p["cm"], grid.timestep), [tau_m, tau_syn]
    else:
        decay_u, scale, taus = np.full_like(decay_v, UNITY), np.ones(len(decay_v)), [tau_m]
    mantissa, exponent, bias = _bias(label, p, decay_v, grid, exponential)
    steady = (decay_u == UNITY) & (decay_v == UNITY) & ((mantissa << exponent) % FINER == 0)
    threshold, rounding = _threshold(label, p, steady, grid, exponential)
    lost = cut_off(label, decay_u, decay_v, p["v_thresh"] - p["v_reset"], grid)
    return Cells(
        du=decay_u - 1,
        dv=decay_v,
        threshold=threshold,
        bias_mantissa=mantissa,
        bias_exponent=exponent,
        origin=p["v_reset"],
        weight_scale=scale,
        lateness=int(exponential),
        roundings=(*taus, bias, rounding, lost),
    )


def _check_what_a_compartment_has(label: str, p: Mapping[str, np.ndarray], grid: Grid) -> None:
    """No refractory time, one synaptic time constant, and numbers that make sense."""
    for name, values in p.items():
        positive = name in POSITIVE
        bad = np.isnan(values) | (positive & ~(values > 0))
        if bad.any():
            kind = "a positive number" if positive else "a number"
            raise InputError(f"{name} of {label!r} is {values[bad][0]:g} but must be {kind}")
    blocked = np.rint(grid.steps(p["tau_refrac"]))
    if blocked.any():
        raise InputError(
            f"tau_refrac of {label!r} is {p['tau_refrac'][blocked != 0][0]:g} ms, but Lava's fixed-point LIF has no "
            "refractory time: the nearest value is 0 ms"
        )
    low = p["v_thresh"] <= p["v_reset"]
    if low.any():
        raise InputError(
            f"v_thresh of {label!r} is {p['v_thresh'][low][0]:g} mV, but must be above v_reset, which is "
            f"{p['v_reset'][low][0]:g} mV"
        )
    if "tau_syn_E" in p and (p["tau_syn_E"] != p["tau_syn_I"]).any():
        at = int(np.flatnonzero(p["tau_syn_E"] != p["tau_syn_I"])[0])
        raise InputError(
            f"tau_syn_I of {label!r} is {p['tau_syn_I'][at]:g} ms, but a compartment has one synaptic current: the "
            f"nearest value is that of tau_syn_E, {p['tau_syn_E'][at]:g} ms"
        )


def _bias(
    label: str, p: Mapping[str, np.ndarray], decay: np.ndarray, grid: Grid, exponential: bool
) -> tuple[np.ndarray, np.ndarray, Rounding]:
    """Mantissas and exponents of the bias, int (size,) each."""
    with np.errstate(invalid="ignore"):
        driven = np.where(np.isinf(p["tau_m"]), grid.timestep / p["cm"], decay / UNITY * p["tau_m"] / p["cm"])
    wanted = decay / UNITY * (p["v_rest"] - p["v_reset"]) + driven * p["i_offset"]
    units = wanted * FINER / grid.resolution
    rounded = np.rint(units / 2.0 ** np.arange(BIAS_EXPONENT.high + 1)[:, np.newaxis])
    fits = BIAS_MANTISSA.holds(rounded)
    fits[-1] = True
    exponent = fits.argmax(axis=0)
    nearest = np.clip(rounded[exponent, np.arange(len(units))], BIAS_MANTISSA.low, BIAS_MANTISSA.high)
    mantissa = nearest.astype(np.int64)
    held = (mantissa << exponent) * grid.resolution / FINER
    simple = not exponential and (decay == UNITY).all() and not p["i_offset"].any()
    return mantissa, exponent, check_rounding(
        label, "the bias (from v_rest - v_reset and i_offset)", "mV", wanted, held, relative_error(wanted, held),
        grid.exact if simple else grid.computed, "a finer resolution in setup() may help",
    )  # fmt: skip


def _threshold(
    label: str, p: Mapping[str, np.ndarray], steady: np.ndarray, grid: Grid, exponential: bool
) -> tuple[np.ndarray, Rounding]:
    """Mantissas of the threshold.

    It is held exactly where v can only be a multiple of the resolution, and also where v can't reach it: then the
    largest mantissa will do, which v, clipped at 24 bits, passes by less than a unit.
    """
    wanted = p["v_thresh"] - p["v_reset"]
    units = wanted / grid.resolution
    mantissa = np.where(steady, np.floor(units + BETWEEN), np.rint(units))
    beyond = mantissa > THRESHOLD.high
    mantissa[beyond] = THRESHOLD.high
    held = np.where(steady | beyond, wanted, mantissa * grid.resolution)
    out_of_reach = ", beyond the range of v" if beyond.any() else ""
    rounding = check_rounding(
        label, "v_thresh" + out_of_reach, "mV", p["v_thresh"], held + p["v_reset"], relative_error(wanted, held),
        grid.computed if exponential else grid.exact,
        f"a threshold is a multiple of {grid.resolution:g} mV, which setup(resolution=...) can change",
    )  # fmt: skip
    return mantissa.astype(np.int64), rounding
