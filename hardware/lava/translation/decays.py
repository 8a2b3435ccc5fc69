r"""Time constants in the integers of a LIF compartment: what is lost in a step, and what that does to a current.

A compartment loses :math:`\delta/4096` of its v and of its u in every step, with :math:`\delta = 4096\,(1 - e^{-\Delta
t/\tau})`.  Rounding :math:`\delta` errs by up to 1/8192 of 1.  Cutting off the fractions of v and u in every step adds
up to less than :math:`4096/\delta_v` and :math:`4096/\delta_u \cdot 4096/\delta_v` of a 64th of the resolution.

A synaptic current :math:`I` that decays with :math:`\tau_s` raises the potential in a step by :math:`P_{21} I`, with

.. math::

    P_{21} = \frac{1}{c_m}\,\frac{\tau_m \tau_s}{\tau_m - \tau_s}
             \left(e^{-\Delta t/\tau_m} - e^{-\Delta t/\tau_s}\right)

(:math:`\Delta t\, e^{-\Delta t/\tau} / c_m` if both are equal).  This is the exact integration that NEST does (Rotter
and Diesmann, Biol Cybern 81:381, 1999).
"""

from __future__ import annotations

import math

import numpy as np

from pynn_backprop.errors import InputError

from ...integers import Grid, Rounding, check_rounding, relative_error
from .ranges import FINER, UNITY


def hold_decay(label: str, name: str, tau: np.ndarray, grid: Grid, lowest: int) -> tuple[np.ndarray, Rounding]:
    """The decay of a time constant.

    Parameters
    ----------
    label, name
        Of the population and the time constant, for messages.
    tau
        The time constant in ms, float (size,).
    grid
        Timestep and tolerance.
    lowest
        The decay is at least this.

    Returns
    -------
    decay
        In 4096ths a step, int (size,).
    rounding
        Its error is that of the share that is lost.

    Raises
    ------
    InputError
        If the error is too large; names the nearest time constant.
    """
    lost = -np.expm1(-grid.timestep / tau)
    decay = np.maximum(np.rint(UNITY * lost), lowest).astype(np.int64)
    with np.errstate(divide="ignore"):
        held = -grid.timestep / np.log1p(-(decay / UNITY))  # the sign of 0 makes it +inf where nothing is lost
    return decay, check_rounding(
        label, name, "ms", tau, held, relative_error(lost, decay / UNITY), grid.computed,
        "the decay in a step is a multiple of 1/4096", grid.strict,
    )  # fmt: skip


def response(tau_m: np.ndarray, tau_s: np.ndarray, cm: np.ndarray, timestep: float) -> np.ndarray:
    """What a synaptic current of 1 nA adds to the potential in one step, in mV: P21, float (size,)."""
    # With x = dt/tau_s - dt/tau_m the fraction is exp(-dt/tau_s) (exp(x) - 1)/x, and nothing cancels for equal taus.
    x = timestep / tau_s - timestep / tau_m
    with np.errstate(invalid="ignore"):
        ratio = np.where(x == 0, 1.0, np.expm1(x) / x)
    return timestep / cm * np.exp(-timestep / tau_s) * ratio


def cut_off(label: str, decay_u: np.ndarray, decay_v: np.ndarray, full: np.ndarray, grid: Grid) -> Rounding:
    """What v can lose by the fractions that are cut off in every step.

    Parameters
    ----------
    label
        Of the population, for messages.
    decay_u, decay_v
        In 4096ths a step, int (size,).
    full
        The way from the reset potential to the threshold in mV, to which the error is relative, float (size,).
    grid
        Resolution and tolerance.

    Raises
    ------
    InputError
        If that is too much; names a resolution that is fine enough.
    """
    with np.errstate(divide="ignore"):
        of_v = np.where((decay_v == UNITY) | (decay_v == 0), 0.0, UNITY / decay_v)
        of_u = np.where(decay_u == UNITY, 0.0, UNITY / decay_u * UNITY / decay_v)
    lost = (of_v + of_u) / FINER * grid.resolution
    error = lost / full
    worst, advice = float(error.max()), ""
    if worst > grid.computed:
        enough = 2.0 ** math.floor(math.log2(grid.resolution * grid.computed / worst))
        advice = f"setup(resolution={enough:g}) is fine enough"
        if grid.strict:
            raise InputError(
                f"resolution is {grid.resolution:g} mV, which is too coarse for {label!r}: its potential can lose "
                f"{lost.max():.3g} mV, {worst:.1%} of v_thresh - v_reset, by the fractions that are cut off in every "
                f"step; {advice}"
            )
    return check_rounding(
        label, "v, by fractions cut off", "mV", 0 * lost, lost, error, grid.computed, advice, grid.strict
    )
