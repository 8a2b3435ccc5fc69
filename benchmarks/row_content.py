"""What the nested values of a row must be, so that whatever makes tables and plots of it can rely on them."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from typing import Any

from pynn_backprop.errors import InputError

NAME = re.compile(r"[A-Za-z0-9._+-]*")
"""Of cases, platforms and variants: they become parts of names of files and of ids in a page."""

PARTS = ("training", "inference")
KINDS = ("measured", "estimated")
DEEPEST = 8

Check = Callable[[str, Any], None]
"""Takes the name and the value, and raises an InputError."""


def check_content(row: Mapping[str, Any], source: str) -> None:
    """Check the nested values of a row that has all fields.

    Parameters
    ----------
    row : Mapping
        The row.
    source : str
        What to call it.

    Raises
    ------
    InputError
        Names `source`, the value's place, the value and what is allowed.
    """
    for name, check in _CHECKS.items():
        try:
            if name in row:
                check(name, row[name])
        except InputError as error:
            raise InputError(f"{source}: {error}") from None


def _refuse(name: str, value: Any, allowed: str) -> None:
    shown = repr(value)
    raise InputError(f"{name} is {shown if len(shown) <= 80 else shown[:77] + '...'} but must be {allowed}")


def _number(name: str, value: Any) -> None:
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not abs(value) < math.inf:
        _refuse(name, value, "a finite number")
    elif abs(value) > 1e300:
        _refuse(name, value, "a number that fits a double")


def _amount(name: str, value: Any) -> None:
    _number(name, value)
    if value < 0:
        _refuse(name, value, "a number of at least 0")


def _share(name: str, value: Any) -> None:
    _number(name, value)
    if not 0 <= value <= 1:
        _refuse(name, value, "a number from 0 to 1")


def _count(name: str, value: Any) -> None:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value < 2**63:
        _refuse(name, value, "a whole number of at least 0")


def _or_none(check: Check) -> Check:
    def either(name: str, value: Any) -> None:
        if value is not None:
            check(name, value)

    return either


def _text(name: str, value: Any) -> None:
    if not isinstance(value, str):
        _refuse(name, value, "text")


def _name(name: str, value: Any) -> None:
    if not isinstance(value, str) or not NAME.fullmatch(value):
        _refuse(name, value, "a name of letters, digits and . _ + -")


def _one_of(*allowed: str) -> Check:
    def check(name: str, value: Any) -> None:
        if value not in allowed:
            _refuse(name, value, f"one of {', '.join(allowed)}")

    return check


def _list_of(check: Check, least: int = 0) -> Check:
    def each(name: str, value: Any) -> None:
        if not isinstance(value, list) or len(value) < least:
            _refuse(name, value, f"a list of at least {least}" if least else "a list")
        for number, item in enumerate(value):
            check(f"{name}[{number}]", item)

    return each


def _by_name(check: Check, **own: Check) -> Check:
    """An object whose values are checked by their names, or all alike."""

    def each(name: str, value: Any) -> None:
        if not isinstance(value, dict):
            _refuse(name, value, "an object")
        for key, item in value.items():
            own.get(key, check)(f"{name}.{key}", item)

    return each


def _numbers(name: str, value: Any, depth: int = 0) -> None:
    """Numbers in objects and lists."""
    if depth > DEEPEST:
        _refuse(name, value, "nested less deeply")
    if isinstance(value, dict):
        for key, item in value.items():
            _numbers(f"{name}.{key}", item, depth + 1)
    elif isinstance(value, list):
        for number, item in enumerate(value):
            _numbers(f"{name}[{number}]", item, depth + 1)
    elif value is not None:
        _number(name, value)


def _with(check: Check, *needed: str) -> Check:
    def whole(name: str, value: Any) -> None:
        check(name, value)
        lacking = [key for key in needed if key not in value]
        if lacking:
            raise InputError(f"{name} lacks {', '.join(lacking)}")

    return whole


def _plain(name: str, value: Any) -> None:
    if value is not None and not isinstance(value, (str, bool)):
        _number(name, value)


def _stretch(name: str, value: Any) -> None:
    _list_of(_count)(name, value)
    if value and (len(value) != 2 or value[0] >= value[1]):
        _refuse(name, value, "empty, or a first sample and a later one")


_OF_SPIKES: dict[str, Check] = {
    "spikes_per_sample": _by_name(_amount),
    "spikes_by_phase": _by_name(_list_of(_amount)),
    "counted_on": _by_name(_plain),
}
_OF_METRICS: dict[str, Check] = {
    "ClassificationAccuracy": _or_none(_share),
    "SynapticOperations": _or_none(_by_name(_or_none(_number))),
}
_OF_ENERGY: dict[str, Check] = {
    "kind": _one_of(*KINDS),
    "of": _one_of(*PARTS),
    "by": _text,
    "covers": _text,
    "joule_per_sample": _number,
}
_ENERGY = _with(_by_name(_numbers, leaves_out=_list_of(_text), **_OF_ENERGY), *_OF_ENERGY)
_CHECKS: dict[str, Check] = {
    **dict.fromkeys(("case", "platform", "variant"), _name),
    **dict.fromkeys(("seed", "samples", "test_samples", "epochs", "repeats", "threads"), _count),
    **dict.fromkeys(("form", "rule"), _name),
    "validation": _count,
    "whole_training": _by_name(_count),
    "stretch": _stretch,
    "until": _share,
    "curve": _list_of(_with(_by_name(_or_none(_amount), shown=_count, right=_share), "shown", "right")),
    "rates": _by_name(_numbers),
    "layer_sizes": _list_of(_count, 2),
    "time_limit": _amount,
    "repeat_seconds": _by_name(_list_of(_amount)),
    "warm_up_seconds": _or_none(_amount),
    "peak_memory_MB": _or_none(_amount),
    "correct": _by_name(_plain),
    "metrics": _by_name(_numbers, training=_or_none(_by_name(_numbers, **_OF_METRICS)), **_OF_METRICS),
    "counts": _by_name(_numbers, inference=_or_none(_by_name(_numbers, **_OF_SPIKES)), **_OF_SPIKES),
    "energy": _list_of(_ENERGY),
    "host": _by_name(_plain),
    "versions": _by_name(_text),
}
