"""Choices of a run in a file: the ``config.json`` of another run, or one written by hand."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import fields, replace
from typing import Any

from ..checks import check_choice
from ..codes.code import code_of
from ..errors import InputError
from ..files import read_json
from .config import RunConfig

FORMAT = "format"
"""What a run's own file has and one written by hand does not."""

SIMULATOR = "simulator"


def config_of_file(path: str | os.PathLike[str], choices: Mapping[str, Any]) -> RunConfig:
    """The choices of a file, and before them others.

    A file that a run wrote means what it meant when it was written.  In one written by hand whatever is missing is the
    default, and a name that is no choice is refused.

    Parameters
    ----------
    path : str or os.PathLike
        A JSON object with fields of :class:`~pynn_backprop.runs.config.RunConfig`.
    choices : Mapping of str to object
        What goes before the file, by the names of the fields.

    Returns
    -------
    RunConfig

    Raises
    ------
    InputError
        If the file can't be read, or a choice can't be used; names the file.
    """
    stored = read_json(path)
    if not isinstance(stored, dict):
        raise InputError(f"{path} holds {stored!r} but must hold choices of a run by name, as config.json does")
    # The simulator alone has no default.
    first = {name: choices[name] for name in (SIMULATOR,) if name in choices}
    try:
        config = _of_run(stored) if FORMAT in stored else _by_hand({**stored, **first})
    except InputError as error:
        raise InputError(f"{path}: {error}") from error
    return replace(config, **choices)


def _of_run(stored: Mapping[str, Any]) -> RunConfig:
    if missing := RunConfig.needed().difference(stored):
        raise InputError(f"it lacks {', '.join(sorted(missing))}")
    return RunConfig.from_dict(stored)


def _by_hand(stored: Mapping[str, Any]) -> RunConfig:
    for name in stored:
        check_choice("the name of a choice", name, [field.name for field in fields(RunConfig)])
    if SIMULATOR not in stored:
        raise InputError("it names no simulator: give one there, or on the command line")
    values: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value for name, value in stored.items()
    }
    if "code" in values:
        values["code"] = code_of(values["code"])
    return RunConfig(**values)
