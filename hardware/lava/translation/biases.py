r"""Biases: what a cell gets in every step from V_rest, i_offset and injected currents.

In a step of v that counts from the reset potential the bias is

.. math::

    b = \frac{64}{\text{resolution}} \frac{\delta_v}{4096}\,(V_{rest} - V_{reset} + R\,I)

with the :math:`\delta_v` that is held.  The first term is rounded such that a cell that rests at V_rest stays there,
whatever the chip cuts off in every step.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from pynn_backprop.errors import InputError

from ...integers import Grid
from .ranges import BIAS_EXPONENT, BIAS_MANTISSA, FINER, UNITY

LARGEST = BIAS_MANTISSA.high << BIAS_EXPONENT.high
"""In units of v."""


def resting_bias(p: Mapping[str, np.ndarray], decay: np.ndarray, grid: Grid) -> np.ndarray:
    """What keeps v at V_rest, in units of v, float (size,)."""
    rest = np.rint((p["v_rest"] - p["v_reset"]) * FINER / grid.resolution)
    exact = (p["v_rest"] - p["v_reset"]) * FINER / grid.resolution * (decay / UNITY)
    kept = np.floor(np.abs(rest) * (UNITY - decay) / UNITY)
    return np.where(decay == UNITY, exact, np.sign(rest) * (np.abs(rest) - kept))


def per_nanoampere(p: Mapping[str, np.ndarray], decay: np.ndarray, grid: Grid) -> np.ndarray:
    """What a current of 1 nA adds to v in a step, in units of v, float (size,)."""
    with np.errstate(invalid="ignore"):
        driven = np.where(np.isinf(p["tau_m"]), grid.timestep / p["cm"], decay / UNITY * p["tau_m"] / p["cm"])
    return np.asarray(driven * FINER / grid.resolution)


def hold_bias(units: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Mantissas and exponents nearest to biases in units of v, int of the same shape each; the largest if none fits."""
    flat = np.ravel(units)
    rounded = np.rint(flat / 2.0 ** np.arange(BIAS_EXPONENT.high + 1)[:, np.newaxis])
    fits = BIAS_MANTISSA.holds(rounded)
    fits[-1] = True
    exponent = fits.argmax(axis=0)
    nearest = np.clip(rounded[exponent, np.arange(len(flat))], BIAS_MANTISSA.low, BIAS_MANTISSA.high)
    return nearest.astype(np.int64).reshape(np.shape(units)), exponent.reshape(np.shape(units))


def check_biases(label: str, what: str, units: np.ndarray, per_unit: np.ndarray | float, unit: str) -> None:
    """Refuse biases that are too large for the chip.

    Parameters
    ----------
    label, what
        The population and the parameter, for the message.
    units
        Biases in units of v.
    per_unit, unit
        The size of the user's unit in units of v, and its name.

    Raises
    ------
    InputError
        Names the value and the largest.
    """
    beyond = ~BIAS_MANTISSA.holds(np.rint(np.asarray(units) / 2.0**BIAS_EXPONENT.high))
    if beyond.any():
        size = np.broadcast_to(per_unit, np.shape(units))[beyond][0]
        value = np.asarray(units)[beyond][0] / size
        raise InputError(
            f"{what} of {label!r} is {value:.6g} {unit}, but a bias can be no more than {LARGEST / size:.6g} {unit} at "
            "this resolution; a coarser resolution in setup() allows more"
        )
