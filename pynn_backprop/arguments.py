"""Checks of what the public interface is called with: one decorator, which reads the annotations.

What must be said once of every argument - that it is a circuit, a code, a list of names - follows from its annotation.
What has bounds or a shape, numbers and arrays, is checked in one go where it is used (:mod:`~pynn_backprop.checks`).
"""

from __future__ import annotations

import collections.abc
import functools
import inspect
import os
import types
import typing
from collections.abc import Callable, Mapping
from typing import Any, ParamSpec, TypeVar

import numpy as np

from .checks import shown
from .errors import InputError

P = ParamSpec("P")
R = TypeVar("R")

SAID = "in_words"
"""Attribute of a class with what to call an object of it in a message, if not by the name of the class."""


def checked(function: Callable[P, R]) -> Callable[P, R]:
    """A function, or a method, that refuses arguments which are not what their annotations say.

    In lists, whole numbers may be numpy's and truth values are none; text is no list.

    Raises
    ------
    InputError
        Names the argument, its value and what is allowed.
    """
    signature = inspect.signature(function)

    @functools.wraps(function)
    def checking(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            bound = signature.bind(*args, **kwargs)
        except TypeError:
            return function(*args, **kwargs)
        check_arguments(function, bound.arguments)
        return function(*args, **kwargs)

    return checking


def checked_class(cls: type[R]) -> type[R]:
    """A class whose ``__init__``, also one that :func:`dataclasses.dataclass` made, is :func:`checked`."""
    setattr(cls, "__init__", checked(cls.__init__))  # noqa: B010 - mypy lets nobody assign to a method
    return cls


def check_arguments(function: Callable[..., Any], values: Mapping[str, Any]) -> None:
    """Check values that a function is to be called with.

    Parameters
    ----------
    function : callable
        Its annotations count.
    values : Mapping of str to object
        Values by the names of its arguments.

    Raises
    ------
    InputError
        Names the argument, its value and what is allowed.
    """
    hints = _hints(inspect.unwrap(function))
    for name, value in values.items():
        if name in hints and not _is_number(hints[name]) and not _fits(value, hints[name]):
            raise InputError(f"{name} is {shown(value)} but must be {_in_words(hints[name])}")


@functools.lru_cache(maxsize=1024)
def _hints(function: Callable[..., Any]) -> dict[str, Any]:
    """Annotations of the arguments, but for those that only a type checker can resolve."""
    found = {}
    for name, text in getattr(function, "__annotations__", {}).items():
        if name != "return":
            try:
                found[name] = eval(text, getattr(function, "__globals__", {})) if isinstance(text, str) else text
            except (NameError, AttributeError, TypeError):
                continue
    return found


def _fits(value: Any, hint: Any) -> bool:
    if hint is Any:  # a class from Python 3.11 on, which has no instances
        return True
    origin, inner = typing.get_origin(hint), typing.get_args(hint)
    if origin in (typing.Union, types.UnionType):
        return any(_fits(value, one) for one in inner)
    if origin is not None:
        return _fits_generic(value, origin, inner)
    if hint is None or hint is type(None):
        return value is None
    if hint is int:
        return isinstance(value, (int, np.integer)) and not isinstance(value, (bool, np.bool_))
    if hint is float:
        number = isinstance(value, (int, float, np.integer, np.floating)) and not isinstance(value, (bool, np.bool_))
        return number and _is_finite(value)
    if hint is bool:
        return isinstance(value, (bool, np.bool_))
    if hint is np.ndarray:
        return not isinstance(value, (str, bytes, Mapping)) and value is not None
    if isinstance(hint, type) and not getattr(hint, "_is_protocol", False):
        return isinstance(value, hint)
    return _offers(value, hint)


def _is_number(hint: Any) -> bool:
    """Whether it is a whole number, whose bounds only the function knows: it says all in one message."""
    return hint is int or hint == int | None


def _is_finite(value: Any) -> bool:
    try:
        return bool(np.isfinite(float(value)))
    except OverflowError:
        return False


def _fits_generic(value: Any, origin: Any, inner: tuple[Any, ...]) -> bool:
    if origin is np.ndarray:
        return _fits(value, np.ndarray)
    if origin is os.PathLike:
        return isinstance(value, os.PathLike)
    if origin is collections.abc.Callable:
        return callable(value)
    if origin is type:
        return isinstance(value, type)
    if issubclass(origin, collections.abc.Mapping):
        # A caller that maps names to anything is told more by the function itself.
        return isinstance(value, Mapping) and all(_fits(key, inner[0]) for key in value)
    if isinstance(value, (str, bytes, Mapping)) or not isinstance(value, collections.abc.Iterable):
        return False
    if origin is not collections.abc.Iterable and not isinstance(value, (collections.abc.Sequence, np.ndarray)):
        return False
    if not isinstance(value, collections.abc.Collection):  # a generator can be gone through only once
        return True
    return all(_fits(item, inner[0]) for item in value)


def _offers(value: Any, hint: Any) -> bool:
    """Whether a value has all that a Protocol names; whatever else a hint is, it is not looked at."""
    if not getattr(hint, "_is_protocol", False):
        return True
    names = [name for name in {**vars(hint), **getattr(hint, "__annotations__", {})} if not name.startswith("_")]
    return all(hasattr(value, name) for name in names) and not isinstance(value, type)


_WORDS: dict[Any, str] = {
    int: "a whole number",
    float: "a number",
    bool: "True or False",
    str: "text",
    bytes: "bytes",
    np.ndarray: "an array",
    type(None): "None",
    None: "None",
    types.ModuleType: "an imported module",
}


_PLURAL = {
    "a whole number": "whole numbers",
    "a number": "numbers",
    "text": "names",
    "something that can be called": "functions",
}


def _in_words(hint: Any) -> str:
    origin, inner = typing.get_origin(hint), typing.get_args(hint)
    if origin in (typing.Union, types.UnionType):
        return " or ".join(dict.fromkeys(map(_in_words, inner)))
    if origin is np.ndarray:
        return _WORDS[np.ndarray]
    if origin is os.PathLike:
        return "a path"
    if origin is collections.abc.Callable:
        return "something that can be called"
    if origin is not None and issubclass(origin, collections.abc.Mapping):
        return "a mapping by name"
    if origin is not None and inner:
        each = _in_words(inner[0])
        return f"a list of {_PLURAL.get(each, f'{each} each')}"
    if isinstance(hint, collections.abc.Hashable) and hint in _WORDS:
        return _WORDS[hint]
    said = getattr(hint, SAID, None)
    return str(said) if isinstance(said, str) else f"a {getattr(hint, '__name__', hint)}"
