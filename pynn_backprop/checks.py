"""Checks of what users give, one line each where they are needed.

Every function returns the value in its canonical type, or raises :class:`~pynn_backprop.errors.InputError` with the
argument's name, its value and what is allowed.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable

import numpy as np

from .errors import InputError


def check_count(name: str, value: object, minimum: int = 1, maximum: int | None = None) -> int:
    """A whole number within limits.

    Parameters
    ----------
    name : str
        What the argument is called.
    value : object
        What was given.  Truth values and floats are no whole numbers.
    minimum : int
        The least that is allowed.
    maximum : int or None
        The most that is allowed; without limit if None.

    Returns
    -------
    int

    Raises
    ------
    InputError
        If `value` is no whole number or beyond the limits.
    """
    allowed = (
        f"a whole number of at least {minimum}" if maximum is None else (f"a whole number from {minimum} to {maximum}")
    )
    if isinstance(value, (bool, np.bool_)) or not isinstance(value, (int, np.integer)):
        raise InputError(f"{name} is {value!r} but must be {allowed}")
    if value < minimum or (maximum is not None and value > maximum):
        raise InputError(f"{name} is {value!r} but must be {allowed}")
    return int(value)


def check_choice(name: str, value: object, allowed: Iterable[str]) -> str:
    """One of some names.

    Parameters
    ----------
    name : str
        What the argument is called.
    value : object
        What was given.
    allowed : iterable of str
        The names.

    Returns
    -------
    str

    Raises
    ------
    InputError
        If `value` is none of the names; the error suggests the nearest one.
    """
    choices = list(allowed)
    if value in choices:
        return str(value)
    near = difflib.get_close_matches(str(value), choices, n=1)
    hint = f" (did you mean {near[0]!r}?)" if near else ""
    raise InputError(f"{name} is {value!r} but must be one of {', '.join(choices)}{hint}")


def checked_samples(x: np.ndarray, n_in: int) -> np.ndarray:
    """Which input neurons fire.

    Parameters
    ----------
    x : array_like of bool, shape (n_samples, n_in)
        What was given.
    n_in : int
        Number of input neurons.

    Returns
    -------
    numpy.ndarray of bool, shape (n_samples, n_in)
        C-contiguous.

    Raises
    ------
    InputError
        If `x` is not bool, or has another shape.
    """
    x = np.asarray(x)
    if x.dtype != bool or x.ndim != 2 or x.shape[1] != n_in:
        raise InputError(f"x is {x.dtype} of shape {x.shape} but must be bool of shape (n, {n_in})")
    return np.ascontiguousarray(x)


def checked_labels(labels: np.ndarray, n_samples: int, n_out: int) -> np.ndarray:
    """Labels of samples.

    Parameters
    ----------
    labels : array_like of int, shape (n_samples,)
        What was given.
    n_samples : int
        How many there must be.
    n_out : int
        Number of classes; labels are 0 to n_out - 1.

    Returns
    -------
    numpy.ndarray of int64, shape (n_samples,)

    Raises
    ------
    InputError
        If `labels` are not integers, have another shape, or one is out of range.
    """
    labels = np.asarray(labels)
    if labels.shape != (n_samples,) or labels.dtype.kind not in "iu":
        raise InputError(
            f"labels are {labels.dtype} of shape {labels.shape} but must be integers of shape ({n_samples},)"
        )
    if n_samples and not 0 <= labels.min() <= labels.max() < n_out:
        raise InputError(f"labels run from {labels.min()} to {labels.max()} but must lie within 0 and {n_out - 1}")
    return np.ascontiguousarray(labels, dtype=np.int64)


def checked_targets(targets: np.ndarray, n_samples: int, n_units: int, n: int = 1) -> np.ndarray:
    """Which target neurons fire.

    Parameters
    ----------
    targets : array_like of bool, shape (n_samples, n_units * n), or of int, shape (n_samples,)
        That itself; or labels: all neurons of this unit fire and no others.
    n_samples : int
        How many there must be.
    n_units, n : int
        Output units, and neurons of each.

    Returns
    -------
    numpy.ndarray of bool, shape (n_samples, n_units * n)
        C-contiguous.

    Raises
    ------
    InputError
        If `targets` are neither.
    """
    targets = np.asarray(targets)
    if targets.dtype != bool or targets.ndim != 2:
        labels = checked_labels(targets, n_samples, n_units)
        return np.repeat(np.arange(n_units) == labels[:, None], n, axis=1)
    if targets.shape != (n_samples, n_units * n):
        raise InputError(
            f"targets have shape {targets.shape} but must be bool of shape ({n_samples}, {n_units * n}), or labels"
        )
    return np.ascontiguousarray(targets)


def rounding(dtype: np.dtype) -> float:
    """How far numbers of a type may be beyond 0 or 1 by rounding alone; 0 for whole numbers.

    Parameters
    ----------
    dtype : numpy.dtype
        Of the numbers.  Those of double precision may have been computed in single.
    """
    return max(1e-6, 4 * float(np.finfo(dtype).eps)) if dtype.kind == "f" else 0.0
