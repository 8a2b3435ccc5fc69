"""Checks of what users give, one line each where they are needed.

Every function returns the value in its canonical Python type, or raises :class:`~pynn_backprop.errors.InputError`
with the argument's name, its value and what is allowed.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable

import numpy as np

from .errors import InputError


def check_count(name: str, value: object, minimum: int = 1, maximum: int | None = None) -> int:
    """A whole number from `minimum` to `maximum` (without limit if None)."""
    allowed = (
        f"a whole number of at least {minimum}" if maximum is None else (f"a whole number from {minimum} to {maximum}")
    )
    if isinstance(value, (bool, np.bool_)) or not isinstance(value, (int, np.integer)):
        raise InputError(f"{name} is {value!r} but must be {allowed}")
    if value < minimum or (maximum is not None and value > maximum):
        raise InputError(f"{name} is {value!r} but must be {allowed}")
    return int(value)


def check_choice(name: str, value: object, allowed: Iterable[str]) -> str:
    """One of the names in `allowed`; the error suggests the nearest one."""
    choices = list(allowed)
    if value in choices:
        return str(value)
    near = difflib.get_close_matches(str(value), choices, n=1)
    hint = f" (did you mean {near[0]!r}?)" if near else ""
    raise InputError(f"{name} is {value!r} but must be one of {', '.join(choices)}{hint}")
