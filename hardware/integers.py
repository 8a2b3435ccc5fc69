"""A chip computes with integers: which of them it has, and how well they hold what a user asks for.

What is a step or a unit stands in :class:`Grid`, what a chip has in :class:`Range`.  Rounding a parameter gives a
:class:`Rounding`, or a refusal that names the nearest value where the error is too large.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from pynn_backprop.errors import InputError

EXACT = 1e-9
"""Relative error that floating-point numbers make in what is meant to be exact."""

ROUND_OFF = 1e-6
"""How far from a whole number of steps, in steps, a time may be by the errors of floating-point numbers."""

TOLERANCE = 0.01
"""Relative error that is accepted, unless the user says otherwise, of what integers can hardly ever hold exactly."""


@dataclass(frozen=True)
class Range:
    """Whole numbers from `low` to `high`, both included."""

    low: int
    high: int

    def holds(self, values: ArrayLike) -> np.ndarray:
        """Which of the values are within, bool of the same shape."""
        values = np.asarray(values)
        return (self.low <= values) & (values <= self.high)

    def __str__(self) -> str:
        """For messages."""
        return f"a whole number from {self.low:,} to {self.high:,}"


@dataclass(frozen=True)
class Grid:
    """What one step and one unit of the integers mean, and how far from them a value may lie.

    Parameters
    ----------
    timestep
        One step, in ms.
    resolution
        One unit of what a user gives in mV, in mV; a chip may have finer units for what it computes from that.
    tolerance
        Largest relative rounding error of a parameter.  If None, :data:`EXACT` for what the user gives in mV and
        :data:`TOLERANCE` for what has to be computed: decays, and the weights and biases that follow from currents.
    strict
        Whether a larger error is refused at once, and not only noted.
    """

    timestep: float
    resolution: float = 1.0
    tolerance: float | None = None
    strict: bool = True

    def __post_init__(self) -> None:
        for name in ("timestep", "resolution"):
            value = getattr(self, name)
            if not (_is_number(value) and 0 < value < math.inf):
                raise InputError(f"{name} is {value!r} but must be a positive number")
        if self.tolerance is not None and not (_is_number(self.tolerance) and 0 <= self.tolerance < 1):
            raise InputError(
                f"tolerance is {self.tolerance!r} but must be None or a number from 0 to below 1: it is the largest "
                "rounding error that is accepted, relative to a value"
            )

    @property
    def exact(self) -> float:
        """Tolerance of values in mV."""
        return EXACT if self.tolerance is None else max(EXACT, self.tolerance)

    @property
    def computed(self) -> float:
        """Tolerance of decays, and of what follows from currents."""
        return TOLERANCE if self.tolerance is None else max(EXACT, self.tolerance)

    def steps(self, time: np.ndarray) -> np.ndarray:
        """Times in ms as numbers of steps, not rounded."""
        return np.asarray(time) / self.timestep


def _is_number(value: object) -> bool:
    return isinstance(value, (int, float, np.integer, np.floating)) and not isinstance(value, bool)


@dataclass(frozen=True)
class Rounding:
    """The worst rounding of one parameter of one population or projection.

    Parameters
    ----------
    where
        Label of the population or projection.
    parameter, unit
        Its name in PyNN, and the unit of the two values.
    value, held
        What was asked for, and what the integers hold instead.
    error
        Relative to the value, or to what the documentation of the parameter says.
    tolerance
        What is accepted.
    advice
        What the user can do about it.
    """

    where: str
    parameter: str
    unit: str
    value: float
    held: float
    error: float
    tolerance: float = field(default=math.inf, compare=False, repr=False)
    advice: str = field(default="", compare=False, repr=False)

    @property
    def is_accepted(self) -> bool:
        """Whether the error is no larger than the tolerance."""
        return self.error <= self.tolerance

    @property
    def refusal(self) -> str:
        """What is said if it is not accepted; names the nearest value."""
        return (
            f"{self.parameter} of {self.where!r} is {self.value:.7g} {self.unit}, which the chip's integers can't "
            f"hold: the nearest value is {self.held:.7g} {self.unit}, {_percent(self.error)} off, and "
            f"{_accepted(self.tolerance)} is accepted{'; ' if self.advice else ''}{self.advice}"
        )

    def __str__(self) -> str:
        """One line of a table."""
        return (
            f"{self.where}: {self.parameter} {self.value:.6g} {self.unit} is held as {self.held:.6g} {self.unit}, "
            f"error {self.error:.2%}"
        )


@dataclass(frozen=True)
class RoundingReport:
    """The roundings of a whole network."""

    roundings: tuple[Rounding, ...]

    def __iter__(self) -> Iterator[Rounding]:
        return iter(self.roundings)

    def __len__(self) -> int:
        return len(self.roundings)

    @property
    def largest_error(self) -> float:
        """Of all; 0 if everything is held exactly."""
        return max((rounding.error for rounding in self.roundings), default=0.0)

    def as_dict(self) -> list[dict[str, Any]]:
        """One dictionary for each parameter, for JSON."""
        names = ("where", "parameter", "unit", "value", "held", "error")
        return [{name: getattr(rounding, name) for name in names} for rounding in self.roundings]

    @property
    def beyond(self) -> tuple[Rounding, ...]:
        """Those whose error is larger than what is accepted, the largest first."""
        return tuple(sorted((r for r in self.roundings if not r.is_accepted), key=lambda each: -each.error))

    def __str__(self) -> str:
        rounded = [each for each in self.roundings if each.error > EXACT]
        lines = [f"{len(self) - len(rounded)} of {len(self)} parameters are held exactly"]
        lines += map(str, sorted(rounded, key=lambda each: -each.error))
        return "\n".join(lines)


def relative_error(value: np.ndarray, held: np.ndarray, full: np.ndarray | None = None) -> np.ndarray:
    """``abs(held - value)`` relative to `full` (or to the value); 0 if equal, 1 where there is no scale."""
    with np.errstate(invalid="ignore", divide="ignore"):
        error = np.abs(held - value) / np.abs(value if full is None else full)
    return np.where(held == value, 0.0, np.where(np.isfinite(error), error, 1.0))


def check_rounding(
    where: str,
    parameter: str,
    unit: str,
    value: np.ndarray,
    held: np.ndarray,
    error: np.ndarray,
    tolerance: float,
    advice: str = "",
    strict: bool = True,
) -> Rounding:
    """The worst rounding of the elements of an array.

    Parameters
    ----------
    where, parameter, unit
        See :class:`Rounding`.
    value, held, error
        What was asked for, what it was rounded to, and the relative error; arrays of equal shape.
    tolerance
        Largest relative error that is accepted.
    advice
        What the user can do about it, for the message.
    strict
        Whether a larger error is refused here, and not only noted.

    Raises
    ------
    InputError
        If an error is larger, and `strict`; names the nearest value.
    """
    if not np.size(error):
        return Rounding(where, parameter, unit, 0.0, 0.0, 0.0)
    worst = int(np.argmax(error))
    one, nearest, off = (float(np.ravel(array)[worst]) for array in (value, held, error))
    found = Rounding(where, parameter, unit, one, nearest, off, tolerance, advice)
    if strict and not found.is_accepted:
        raise InputError(found.refusal)
    return found


def _percent(error: float) -> str:
    return f"{100 * error:.2g} %"


def _accepted(tolerance: float) -> str:
    return "nothing" if tolerance <= EXACT else f"no more than {_percent(tolerance)} (tolerance in setup())"
