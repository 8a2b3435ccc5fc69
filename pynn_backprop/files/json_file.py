"""JSON files."""

from __future__ import annotations

import json
import os
from typing import Any

from ..errors import InputError
from .whole import written_whole

MOST_BYTES = 64 * 10**6
"""No file of ours comes near; a larger one is something else, and is not read."""


def write_json(path: str | os.PathLike[str], value: Any) -> None:
    """Write a file of indented JSON.

    Parameters
    ----------
    path : str or os.PathLike
        The file.
    value : object
        What JSON knows: dicts, lists, texts, numbers, truth values, None.

    Raises
    ------
    InputError
        If the file can't be written.
    ValueError
        If a number is NaN or infinite.
    """
    text = json.dumps(value, indent=2, allow_nan=False) + "\n"
    with written_whole(path) as temporary:
        temporary.write_text(text, encoding="utf-8")


def read_json(path: str | os.PathLike[str]) -> Any:
    """Read a JSON file.

    Parameters
    ----------
    path : str or os.PathLike
        The file.

    Returns
    -------
    object
        What it holds.

    Raises
    ------
    InputError
        If the file is missing, broken, nested too deeply or far too large; it names the file.
    """
    try:
        with open(path, encoding="utf-8") as stream:
            text = stream.read(MOST_BYTES + 1)
    except OSError as error:
        raise InputError(f"{path} can't be read: {error.strerror or error}") from error
    except ValueError as error:
        raise InputError(f"{path} is not a JSON file: {error}") from error
    if len(text) > MOST_BYTES:
        raise InputError(f"{path} is not read: it has more than {MOST_BYTES:,} characters")
    return parse_json(text, os.fspath(path))


def parse_json(text: str, source: str) -> Any:
    """What a JSON text says.

    Parameters
    ----------
    text : str
        The text.
    source : str
        Where it is from.

    Raises
    ------
    InputError
        If it is no JSON, or nested too deeply; it names the source.
    """
    try:
        return json.loads(text)
    except ValueError as error:
        raise InputError(f"{source} is not a JSON file: {error}") from error
    except RecursionError as error:
        raise InputError(f"{source} is not read: it is nested too deeply") from error
