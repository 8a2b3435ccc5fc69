"""Arguments of the command line that are choices of a run, made from the fields of its configuration."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping
from dataclasses import Field, fields
from types import MappingProxyType
from typing import Any

from ..codes.code import Code
from ..codes.graded import DITHERS, ROTATING, Graded
from ..errors import InputError
from ..runs.choice import choice_of
from ..runs.config import RunConfig


def add_group(parser: argparse.ArgumentParser, group: str, but: tuple[str, ...] = (), **default: str) -> Any:
    """Add all choices of a group, and return it.

    Parameters
    ----------
    parser : argparse.ArgumentParser
        Of the command.
    group : str
        One of the groups of :mod:`pynn_backprop.runs.config`.
    but : tuple of str
        Fields to leave out, which the command states in its own way.
    default : str
        What to call the default of a choice where it is another one than a run's.
    """
    into = parser.add_argument_group(group)
    for field in fields(RunConfig):
        if choice_of(field).group == group and field.name not in but:
            _add(into, field, default=default.get(field.name))
    return into


def add_choices(into: Any, *names: str, said: Mapping[str, str] | None = None) -> None:
    """Add some choices.

    Parameters
    ----------
    into : argparse.ArgumentParser or group of it
        Where to.
    names : str
        The fields of :class:`~pynn_backprop.runs.config.RunConfig`.
    said : Mapping of str to str, optional
        The whole help of a choice, where it means something else than in a run.
    """
    by_name = {field.name: field for field in fields(RunConfig)}
    for name in names:
        _add(into, by_name[name], help=(said or {}).get(name))


def add_code(parser: argparse.ArgumentParser, shown: str = "1") -> None:
    """Add what decides the code.

    Parameters
    ----------
    parser : argparse.ArgumentParser
        Of the command.
    shown : str
        What to call the default number of neurons.
    """
    into = parser.add_argument_group("code")
    into.add_argument("--neurons", type=int, metavar="N", help=f"neurons of each unit (default: {shown})")
    into.add_argument(
        "--dither",
        metavar="NAME",
        help=f"how the levels of a unit's neurons change: {', '.join(DITHERS)} (default: {ROTATING})",
    )


def code_chosen(options: argparse.Namespace) -> Code | None:
    """The code that the options of :func:`add_code` ask for; None if neither was given.

    Raises
    ------
    InputError
        If there is no such code.
    """
    if options.neurons is None and options.dither is None:
        return None
    if options.neurons is None:
        raise InputError(f"dither is {options.dither!r}, but with one neuron a unit there is none: give --neurons, too")
    return Graded(options.neurons, options.dither or ROTATING)


def _add(into: Any, field: Field[Any], default: str | None = None, help: str | None = None) -> None:
    choice = choice_of(field)
    if default is None:
        default = str(field.default) if choice.shown is None else choice.shown
    if help is None:
        help = f"{choice.help} (default: {default})" if default else choice.help
    option = f"--{field.name.replace('_', '-')}"
    if choice.kind is bool:
        into.add_argument(f"--no-{option[2:]}" if field.default else option, action="store_true", help=help)
    elif choice.kind is tuple:
        several = {"nargs": "+", "type": _SEVERAL[choice.each], "action": _Joined}
        into.add_argument(option, default=field.default, metavar=choice.metavar, help=help, **several)
    else:
        into.add_argument(option, type=choice.kind, default=field.default, metavar=choice.metavar, help=help)


def chosen(options: argparse.Namespace) -> dict[str, Any]:
    """The arguments of a :class:`~pynn_backprop.runs.config.RunConfig` that are among the options of a command."""
    found: dict[str, Any] = {}
    for field in fields(RunConfig):
        name, kind = field.name, choice_of(field).kind
        if kind is bool and hasattr(options, f"no_{name}"):
            found[name] = not getattr(options, f"no_{name}")
        elif kind is tuple and hasattr(options, name):
            found[name] = tuple(getattr(options, name))
        elif hasattr(options, name):
            found[name] = getattr(options, name)
    code = code_chosen(options) if hasattr(options, "neurons") else None
    return found if code is None else {**found, "code": code}


def given(options: argparse.Namespace) -> dict[str, Any]:
    """Those of :func:`chosen` that the command line says, and not a default."""
    said = {name.removeprefix("no_") for name in options.given} | {
        "code" for name in ("neurons", "dither") if name in options.given
    }
    return {name: value for name, value in chosen(options).items() if name in said}


def _words(text: str) -> list[str]:
    return [word for word in text.split(",") if word]


def _numbers(text: str) -> list[int]:
    """Numbers; ``2x12`` is twelve times 2, as a thinning of many epochs needs it."""
    try:
        pairs = [word.partition("x") for word in _words(text)]
        return [int(number) for number, times, count in pairs for _ in range(int(count) if times else 1)]
    except ValueError:
        raise argparse.ArgumentTypeError(f"invalid int value: {text!r}") from None


_SEVERAL: Mapping[type, Callable[[str], list[Any]]] = MappingProxyType({str: _words, int: _numbers})
"""What one argument of several holds: names and numbers may also be joined by commas, numbers repeated."""


class _Joined(argparse.Action):
    """Keeps one list of what the arguments hold."""

    def __call__(self, parser: Any, namespace: Any, values: Any, option_string: str | None = None) -> None:
        setattr(namespace, self.dest, [one for several in values for one in several])
