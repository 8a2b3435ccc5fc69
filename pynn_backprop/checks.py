"""Checks of what users give, one line each where they are needed.

Every function returns the value in its canonical type, or raises :class:`~pynn_backprop.errors.InputError` with the
argument's name, its value and what is allowed.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from .errors import InputError

LONGEST = 120
"""Characters of a value that a message shows."""


def shown(value: object) -> str:
    """A value as a message shows it: in a line, not too long, whatever it is."""
    try:
        text = repr(value)
    except Exception:  # an integer of too many digits, an object whose own text fails
        return f"a {type(value).__name__} that can't be shown"
    text = " ".join(text.split())
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 3]}..."


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
        raise InputError(f"{name} is {shown(value)} but must be {allowed}")
    if value < minimum or (maximum is not None and value > maximum):
        raise InputError(f"{name} is {shown(value)} but must be {allowed}")
    return int(value)


def checked_hidden(name: str, value: object) -> tuple[int, ...]:
    """Units of the hidden layers of a network.

    Parameters
    ----------
    name : str
        What the argument is called.
    value : int or sequence of int
        What was given: a number for each hidden layer, or one number for one layer; 0, or nothing, for none.

    Returns
    -------
    tuple of int
        One number a layer, from the input on.

    Raises
    ------
    InputError
        If a number is no whole number, or one of several is not positive.
    """
    several = isinstance(value, (Sequence, np.ndarray)) and not isinstance(value, (str, bytes))
    layers: Sequence[object] = value if several else (value,)  # type: ignore[assignment]
    if len(layers) == 1:
        only = check_count(name, layers[0], 0)
        return (only,) if only else ()
    return tuple(check_count(f"{name}[{index}]", size) for index, size in enumerate(layers))


def check_bound(name: str, value: int, most: int, why: str) -> int:
    """A whole number that no machine could do anything with if it were larger.

    Parameters
    ----------
    name : str
        What the argument is called.
    value : int
        What was given.
    most : int
        The most that is allowed.
    why : str
        What more would need: an estimate of memory or time.

    Returns
    -------
    int

    Raises
    ------
    InputError
        If `value` is larger.
    """
    if value > most:
        raise InputError(f"{name} is {shown(value)} but must be at most {most:,}: {why}")
    return value


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
    if isinstance(value, str) and value in choices:
        return value
    near = difflib.get_close_matches(value, choices, n=1) if isinstance(value, str) else []
    hint = f" (did you mean {near[0]!r}?)" if near else ""
    raise InputError(f"{name} is {shown(value)} but must be one of {', '.join(choices)}{hint}")


def as_array(name: str, value: object) -> np.ndarray:
    """Anything array-like as an array.

    Parameters
    ----------
    name : str
        What the argument is called.
    value : object
        What was given.

    Returns
    -------
    numpy.ndarray

    Raises
    ------
    InputError
        If numpy can make none of it, as of lists of different lengths.
    """
    try:
        return np.asarray(value)
    except Exception as error:  # whatever an object's own conversion raises
        raise InputError(f"{name} is {shown(value)} but must be an array: {error}") from error


def described(values: np.ndarray) -> str:
    """An array as a message shows it: type and shape, or the one value that it is."""
    return f"{values.dtype} of shape {values.shape}" if values.ndim else shown(values.item())


def checked_samples(x: object, n_in: int, name: str = "x") -> np.ndarray:
    """Which input neurons fire.

    Parameters
    ----------
    x : array_like of bool, shape (n_samples, n_in)
        What was given.
    n_in : int
        Number of input neurons.
    name : str
        What the argument is called.

    Returns
    -------
    numpy.ndarray of bool, shape (n_samples, n_in)
        C-contiguous.

    Raises
    ------
    InputError
        If `x` is not bool, or has another shape.
    """
    table = as_array(name, x)
    if table.dtype != bool or table.ndim != 2 or table.shape[1] != n_in:
        raise InputError(f"{name} is {described(table)} but must be bool of shape (n, {n_in})")
    return np.ascontiguousarray(table)


def checked_sources(sources: Mapping[str, object], sizes: Mapping[str, int]) -> None:
    """Which neurons of each source fire.

    Parameters
    ----------
    sources : Mapping of str to array_like of bool, shape (n_samples, size)
        What was given.
    sizes : Mapping of str to int
        Neurons of each source that there is.

    Raises
    ------
    InputError
        If there is none, one is unknown or of another shape, or they are not of equally many samples.
    """
    if not sources:
        raise InputError(f"sources is {shown(sources)} but must name at least one of {', '.join(sizes)}")
    tables = {
        name: checked_samples(fires, sizes[check_choice("a source", name, sizes)], f"sources[{name!r}]")
        for name, fires in sources.items()
    }
    lengths = {len(table) for table in tables.values()}
    if len(lengths) > 1:
        raise InputError(f"sources have {', '.join(map(str, sorted(lengths)))} samples but must have equally many")


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
    labels = as_array("labels", labels)
    if labels.shape != (n_samples,) or labels.dtype.kind not in "iu":
        raise InputError(f"labels are {described(labels)} but must be integers of shape ({n_samples},)")
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
    targets = as_array("labels", targets)
    if targets.dtype != bool or targets.ndim != 2:
        labels = checked_labels(targets, n_samples, n_units)
        return np.repeat(np.arange(n_units) == labels[:, None], n, axis=1)
    if targets.shape != (n_samples, n_units * n):
        raise InputError(
            f"targets have shape {targets.shape} but must be bool of shape ({n_samples}, {n_units * n}), or labels"
        )
    return np.ascontiguousarray(targets)
