"""How a choice of a run is stated, once: its default, its words, its place on the command line and its check."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import Field, dataclass, field, fields
from typing import Any

from ..checks import check_choice
from ..errors import InputError

Check = Callable[[str, Any], object]
"""Takes the name and the value of a field, and raises an InputError."""

IN_ALL_FILES = object()
"""Of a choice that every configuration file has."""


@dataclass(frozen=True)
class Choice:
    """What a field is to a user.

    Parameters
    ----------
    group : str
        The group of options in which the command line has it; it has it nowhere if empty.
    help : str
        What it decides; of a truth value, what it is to have not its default.
    kind : type
        Of its value on the command line: ``int``, ``float``, ``str``, ``bool``, or ``tuple`` for several names or
        numbers.
    check : callable, optional
        None where something that is made of the field checks it.
    metavar : str, optional
        What stands for the value in the help.
    shown : str, optional
        What the help shows as the default: the value itself if None, nothing if empty.
    each : type
        Of several, what each one is.
    older : object
        What files mean that were written before there was such a choice; all files have it if :data:`IN_ALL_FILES`.
    """

    group: str
    help: str
    kind: type
    check: Check | None = None
    metavar: str | None = None
    shown: str | None = None
    each: type = str
    older: Any = IN_ALL_FILES

    def words(self, default: Any) -> str:
        """What it decides, as a phrase; of a truth value, about the one that is not the default."""
        return f"if {not default}, {self.help}" if self.kind is bool else self.help


def choice(default: Any, group: str, help: str, *, kind: type | None = None, **more: Any) -> Any:
    """A field of a dataclass with this default; `kind` is its type, or int for None, and the rest as in `Choice`."""
    usual = int if default is None else type(default)
    return field(default=default, metadata={"choice": Choice(group, help, kind or usual, **more)})


def choice_of(stated: Field[Any]) -> Choice:
    """What was said of a field that :func:`choice` made."""
    found: Choice = stated.metadata["choice"]
    return found


def check_all(choices: Any) -> None:
    """Check every field of a dataclass.

    Raises
    ------
    InputError
        Names the first field that can't be used, its value and what is allowed.
    """
    for stated in fields(choices):
        check = choice_of(stated).check
        if check is not None:
            check(stated.name, getattr(choices, stated.name))


def explained(cls: type) -> type:
    """The same dataclass, with its fields in its docstring."""
    sections = [
        f"    {stated.name} : {stated.type}\n        {choice_of(stated).words(stated.default)}."
        for stated in fields(cls)
    ]
    cls.__doc__ = f"{cls.__doc__}\n\n    Parameters\n    ----------\n" + "\n".join(sections)
    return cls


# -- checks ------------------------------------------------------------------------------------------------------------


def text(name: str, value: object) -> None:
    """Text."""
    if not isinstance(value, str):
        raise InputError(f"{name} is {value!r} but must be text")


def flag(name: str, value: object) -> None:
    """True or False."""
    if not isinstance(value, bool):
        raise InputError(f"{name} is {value!r} but must be true or false")


def share(name: str, value: object) -> None:
    """A number from 0 on that is below 1."""
    if isinstance(value, bool) or not (isinstance(value, (int, float)) and 0 <= value < 1):
        raise InputError(f"{name} is {value!r} but must be a number from 0 on that is below 1")


def names(name: str, value: object) -> None:
    """A list of names."""
    if not isinstance(value, (tuple, list)) or not all(isinstance(word, str) for word in value):
        raise InputError(f"{name} is {value!r} but must be a list of names")


def one_of(allowed: tuple[str, ...]) -> Check:
    """One of these names."""
    return lambda name, value: check_choice(name, value, allowed)


def optional(check: Check) -> Check:
    """None, or what `check` lets through."""
    return lambda name, value: None if value is None else check(name, value)
