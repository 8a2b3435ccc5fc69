"""Arguments of the command line that are choices of a run, made from the fields of its configuration."""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import Field, fields
from typing import Any

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
        into.add_argument(option, nargs="+", type=choice.each, default=field.default, metavar=choice.metavar, help=help)
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
            found[name] = tuple(_one_by_one(getattr(options, name)))
        elif hasattr(options, name):
            found[name] = getattr(options, name)
    return found


def _one_by_one(values: Iterable[Any]) -> Iterator[Any]:
    """Names may also be joined by commas."""
    for value in values:
        yield from (word for word in value.split(",") if word) if isinstance(value, str) else (value,)
