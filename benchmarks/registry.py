"""Finds what is registered by being a file of a folder."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Mapping
from types import ModuleType
from typing import Any, TypeVar

from pynn_backprop.checks import check_choice
from pynn_backprop.errors import InputError

Kind = TypeVar("Kind")

KINDS = ("base", "case", "graded_case", "peer", "spiking")
"""Modules that say what a case or a platform is, and are none."""


def found_in(package: ModuleType, attribute: str, kind: type[Any]) -> dict[str, Any]:
    """What the modules of `package` hold under the name `attribute`, by its own ``name``, in the order of the files.

    Raises
    ------
    InputError
        If a module lacks it, it is not a `kind`, or two have the same name.
    """
    found: dict[str, Any] = {}
    for module in sorted(info.name for info in pkgutil.iter_modules(package.__path__) if info.name not in KINDS):
        held = getattr(importlib.import_module(f"{package.__name__}.{module}"), attribute, None)
        if not isinstance(held, kind):
            raise InputError(f"{package.__name__}.{module} has no {attribute} of the type {kind.__name__}")
        if held.name in found:
            raise InputError(f"{package.__name__}.{module} is a second {attribute} of the name {held.name!r}")
        found[held.name] = held
    return found


def named(what: str, name: str, registered: Mapping[str, Kind]) -> Kind:
    """One of `registered`; an :class:`~pynn_backprop.errors.InputError` that lists all names if there is none."""
    return registered[check_choice(what, name, registered)]
