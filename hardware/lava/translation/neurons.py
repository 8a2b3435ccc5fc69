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

**IF_curr_exp.** A synaptic current decays with :math:`\tau_s`, and a current :math:`I` raises V in the step by
:math:`P_{21} I` (:mod:`.decays`).  So :math:`u = P_{21} I` is what a compartment needs, with :math:`\delta_u = 4096\,(1
- e^{-\Delta t/\tau_s})` and a weight in nA times :math:`P_{21}`.  In the exact integration that NEST does, a current
that begins with an arriving spike is seen by V one step later: the delay on the chip is one step longer.

Two receptors that decay differently, and alpha currents, need dendrites (:mod:`.receptors`).  Substitutes for cells
with conductances are these, with weights times the driving force at rest.

**Refractory time.** A compartment that spikes in step s integrates again in step s + k; NEST with a refractory time of
r steps in step s + r + 1, so k = r + 1.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from pynn_backprop.errors import InputError

from ...integers import ROUND_OFF, Grid, Rounding, check_rounding, relative_error
from .biases import check_biases, hold_bias, per_nanoampere, resting_bias
from .decays import cut_off, hold_decay
from .ranges import FINER, REFRACTORY, THRESHOLD, UNITY
from .receptors import DELTA, EXCITATORY, EXPONENTIAL, Dendrite, Receptor, hold_receptors

POSITIVE = ("tau_m", "cm", "tau_syn_E", "tau_syn_I")

FAR = 2.0
"""A refractory time that is longer than this many times the longest is refused, and not only rounded."""

BETWEEN = 1e-6
"""A threshold that is as close as this to a multiple of the resolution, relative to it, is that multiple."""


@dataclass(frozen=True)
class Cells:
    """The cells of one population in a chip's integers.

    Parameters
    ----------
    du, dv, threshold, bias_mantissa, bias_exponent, refractory
        Of each cell as in :class:`~hardware.lava.translation.network.Compartments`, int (size,) each.
    origin
        The potential in mV at which v is 0, float (size,).
    receptors
        Where synapses end, by PyNN's receptor type.
    dendrites
        The compartments that a cell has besides its own.
    lateness
        How many steps later than in PyNN's other simulators u would see a spike without a longer delay: 0 or 1.
    roundings
        Of all parameters.
    resting, per_nanoampere
        The bias without any current, and what 1 nA adds to it, in units of v, float (size,) each.
    """

    du: np.ndarray
    dv: np.ndarray
    threshold: np.ndarray
    bias_mantissa: np.ndarray
    bias_exponent: np.ndarray
    refractory: np.ndarray
    origin: np.ndarray
    receptors: dict[str, Receptor]
    dendrites: tuple[Dendrite, ...]
    lateness: int
    roundings: tuple[Rounding, ...]
    resting: np.ndarray = field(repr=False)
    per_nanoampere: np.ndarray = field(repr=False)

    @property
    def weight_scale(self) -> np.ndarray:
        """How many mV an excitatory weight of 1 (mV, nA or uS) adds to u, float (size,)."""
        return self.receptors[EXCITATORY].scale


def discretize_cells(
    label: str, parameters: Mapping[str, np.ndarray], grid: Grid, shape: str | None = None, separate: bool = False
) -> Cells:
    """Translate the cells of a population.

    Parameters
    ----------
    label
        Of the population, for messages.
    parameters
        In PyNN's units, float (size,) each.
    grid
        Timestep, resolution and tolerance.
    shape
        Of the synaptic current: ``delta``, ``exponential`` or ``alpha``; if None, exponential if there is a tau_syn_E.
    separate
        Whether each receptor needs a current of its own, so that it can be recorded.

    Raises
    ------
    InputError
        If a parameter can't be held; names the nearest value.
    """
    p = {name: np.asarray(values, float) for name, values in parameters.items()}
    shape = shape or (EXPONENTIAL if "tau_syn_E" in p else DELTA)
    _check_numbers(label, p)
    with_currents = shape != DELTA
    # Without any decay of v, what is cut off from u in every step would add up for ever.
    decay_v, tau_m = hold_decay(label, "tau_m", p["tau_m"], grid, lowest=int(with_currents))
    synaptic = hold_receptors(label, p, decay_v, shape, separate, grid)
    resting, per_nA = resting_bias(p, decay_v, grid), per_nanoampere(p, decay_v, grid)
    mantissa, exponent, bias = _bias(label, p, decay_v, resting, per_nA, grid, with_currents)
    steady = (synaptic.slowest == UNITY) & (decay_v == UNITY) & ((mantissa << exponent) % FINER == 0)
    threshold, rounding = _threshold(label, p, steady, grid, with_currents)
    refractory, pause = _refractory(label, p["tau_refrac"], grid)
    lost = cut_off(label, synaptic.slowest, decay_v, p["v_thresh"] - p["v_reset"], grid)
    return Cells(
        du=synaptic.decay_u - 1,
        dv=decay_v,
        threshold=threshold,
        bias_mantissa=mantissa,
        bias_exponent=exponent,
        refractory=refractory,
        origin=p["v_reset"],
        receptors=synaptic.by_type,
        dendrites=synaptic.dendrites,
        lateness=synaptic.lateness,
        roundings=(tau_m, *synaptic.roundings, bias, rounding, pause, lost),
        resting=resting,
        per_nanoampere=per_nA,
    )


def _check_numbers(label: str, p: Mapping[str, np.ndarray]) -> None:
    """Refuse what makes no sense for any cell."""
    for name, values in p.items():
        positive = name in POSITIVE
        bad = np.isnan(values) | (positive & ~(values > 0))
        if bad.any():
            kind = "a positive number" if positive else "a number"
            raise InputError(f"{name} of {label!r} is {values[bad][0]:g} but must be {kind}")
    low = p["v_thresh"] <= p["v_reset"]
    if low.any():
        raise InputError(
            f"v_thresh of {label!r} is {p['v_thresh'][low][0]:g} mV, but must be above v_reset, which is "
            f"{p['v_reset'][low][0]:g} mV"
        )


def _refractory(label: str, wanted: np.ndarray, grid: Grid) -> tuple[np.ndarray, Rounding]:
    """Steps from a spike to the next integration, int (size,)."""
    longest = REFRACTORY.high - 1
    steps = np.clip(np.rint(grid.steps(wanted)), 0, longest)
    wrong = (wanted < 0) | (grid.steps(wanted) > FAR * longest)
    if wrong.any():
        raise InputError(
            f"tau_refrac of {label!r} is {wanted[wrong][0]:g} ms, but must be from 0 to "
            f"{longest * grid.timestep:.7g} ms: a compartment counts to {longest} steps; a longer timestep allows more"
        )
    error = np.abs(grid.steps(wanted) - steps) / np.maximum(grid.steps(wanted), 1)
    return steps.astype(np.int64) + 1, check_rounding(
        label, "tau_refrac", "ms", wanted, steps * grid.timestep, np.where(error <= ROUND_OFF, 0.0, error),
        grid.computed, f"it is a multiple of the timestep, {grid.timestep:g} ms, at most {longest}", grid.strict,
    )  # fmt: skip


def _bias(
    label: str,
    p: Mapping[str, np.ndarray],
    decay: np.ndarray,
    resting: np.ndarray,
    per_nA: np.ndarray,
    grid: Grid,
    with_currents: bool,
) -> tuple[np.ndarray, np.ndarray, Rounding]:
    """Mantissas and exponents of the bias, int (size,) each."""
    units = resting + per_nA * p["i_offset"]
    mantissa, exponent = hold_bias(units)
    held = (mantissa << exponent) * grid.resolution / FINER
    wanted = units * grid.resolution / FINER
    simple = not with_currents and (decay == UNITY).all() and not p["i_offset"].any()
    rounding = check_rounding(
        label, "the bias (from v_rest - v_reset and i_offset)", "mV", wanted, held, relative_error(wanted, held),
        grid.exact if simple else grid.computed, "a finer resolution in setup() may help", grid.strict,
    )  # fmt: skip
    check_biases(label, rounding.parameter, units, FINER / grid.resolution, "mV")
    return mantissa, exponent, rounding


def _threshold(
    label: str, p: Mapping[str, np.ndarray], steady: np.ndarray, grid: Grid, with_currents: bool
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
        grid.computed if with_currents else grid.exact,
        f"a threshold is a multiple of {grid.resolution:g} mV, which setup(resolution=...) can change", grid.strict,
    )  # fmt: skip
    return mantissa.astype(np.int64), rounding
