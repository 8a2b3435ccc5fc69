"""Weights of a projection as mantissas with one exponent.

A chip's synapse has a mantissa of 8 bits: 0 to 255 in a projection whose weights are all excitatory, -255 to 0 where
all are inhibitory, and the even numbers from -256 to 254 where both signs occur or, in a plastic synapse, may occur.
The exponent, one for all synapses of a projection, is the smallest with which the largest weight fits.

Exponent -1 halves the even mantissas of both signs, so that odd weights are held too; since every sum of even
mantissas is even, the halving of the sum in Lava loses nothing.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from pynn_backprop.errors import InputError

from ...integers import EXACT, Rounding, check_rounding, relative_error
from .ranges import MIXED, WEIGHT_EXPONENT, SignMode, sign_mode

EXPONENTS = range(WEIGHT_EXPONENT.high + 1)
"""Of the chip's exponents those that lose nothing below the resolution."""

HALVED = -1
"""Exponent for mantissas that are all even."""


@dataclass(frozen=True)
class HeldWeights:
    """Weights as the chip holds them.

    Parameters
    ----------
    mantissa
        Int32 (n_synapses,).
    exponent
        One unit of the mantissa is 2**exponent times the resolution.
    mode
        The signs that occur or, in a plastic synapse, may occur.
    """

    mantissa: np.ndarray
    exponent: int
    mode: SignMode

    @property
    def units(self) -> np.ndarray:
        """The weights held, as multiples of the resolution, float (n_synapses,)."""
        return self.mantissa * 2.0**self.exponent


def hold_weights(
    label: str,
    units: np.ndarray,
    unit: str,
    scale: np.ndarray,
    tolerance: float,
    rule: tuple[float, float] | None = None,
    like: HeldWeights | None = None,
    strict: bool = True,
) -> tuple[HeldWeights, Rounding]:
    """Find mantissas and the exponent.

    Parameters
    ----------
    label
        Of the projection, for messages.
    units
        The weights as multiples of the resolution, float (n_synapses,).
    unit, scale
        PyNN's unit of the weights and its size in units, float (n_synapses,) or (), for messages.
    tolerance
        Largest error that is accepted, relative to the largest weight of the projection.
    rule
        Of plastic synapses the change and the largest weight, eta and w_max, as multiples of the resolution.
    like
        What the projection was held as before: the exponent and the signs must stay.
    strict
        Whether a larger error is refused, and not only noted.

    Raises
    ------
    InputError
        If the weights can't be held.
    """
    reach = rule[1] if rule else 0.0
    extremes = np.array([units.min(initial=-reach), units.max(initial=reach)])
    if like is None:
        mode = sign_mode(extremes, rule is not None)
        exponent = _exponent(label, np.append(units, rule or ()), extremes, mode, unit, scale)
        chosen = "fits the largest weight"
    else:
        _check_range(label, extremes, like, unit, scale)
        mode, exponent = like.mode, like.exponent
        chosen = "was chosen for the first run"
    held = HeldWeights(_mantissas(units, exponent, mode).astype(np.int32), exponent, mode)
    rounding = check_rounding(
        label, "weight", unit, units / scale, held.units / scale,
        relative_error(units, held.units, np.abs(extremes).max()), tolerance,
        f"weights that are {mode.name} are mantissas of 8 bits with one exponent for the projection, and {exponent}, "
        f"which {chosen}, makes them multiples of {mode.step * 2.0**exponent:g} times the resolution",
        strict,
    )  # fmt: skip
    return held, rounding


def _mantissas(units: np.ndarray, exponent: int, mode: SignMode) -> np.ndarray:
    """The nearest ones, whether they fit or not."""
    return mode.step * np.rint(units / (mode.step * 2.0**exponent))


def _fit(units: np.ndarray, exponent: int, mode: SignMode) -> bool:
    return bool(mode.weights.holds(_mantissas(units, exponent, mode)).all())


def _exponent(label: str, units: np.ndarray, extremes: np.ndarray, mode: SignMode, unit: str, scale: np.ndarray) -> int:
    """The smallest with which all weights fit; -1 only if it holds them better than 0."""
    exponent = next((each for each in EXPONENTS if _fit(extremes, each, mode)), None)
    if exponent is None:
        one = float(np.max(scale, initial=0.0)) or 1.0
        most = max(abs(mode.weights.low), mode.weights.high) - mode.step * (mode is MIXED)
        raise InputError(
            f"weight of {label!r} is, or may become, {np.abs(extremes).max() / one:.7g} {unit}, which is too large for "
            f"a synapse: the largest value is {most * 2.0 ** EXPONENTS[-1] / one:.7g} {unit}; a coarser resolution in "
            "setup() allows more"
        )
    if exponent == 0 and mode is MIXED and _fit(extremes, HALVED, mode):
        even = np.abs(_mantissas(units, 0, mode) - units) <= EXACT
        return 0 if even.all() else HALVED
    return exponent


def _check_range(label: str, extremes: np.ndarray, like: HeldWeights, unit: str, scale: np.ndarray) -> None:
    """New weights must go with the exponent and the signs that the chip's synapses were made with."""
    if not _fit(extremes, like.exponent, like.mode):
        one = 2.0**like.exponent / float(np.max(scale))
        raise InputError(
            f"the weights of {label!r} must stay between {like.mode.weights.low * one:.7g} and "
            f"{like.mode.weights.high * one:.7g} {unit}, since their exponent and signs were chosen for the first run; "
            "reset() lets them be chosen anew"
        )
