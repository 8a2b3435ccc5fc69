"""Rows in files: one JSON Lines file that is added to, and a table made of it."""

from __future__ import annotations

import csv
import fcntl
import json
import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from pynn_backprop.errors import InputError
from pynn_backprop.files import written_whole

from .rows import Row, check_row, flat, key_of

ROWS, TABLE = "results.jsonl", "results.csv"


def append(path: str | os.PathLike[str], row: Row) -> None:
    """Add a row as one whole line; several processes may do so at the same time.

    The half line that a killed process or a full disk left at the end is removed first.

    Raises
    ------
    InputError
        If the row lacks a field or the file can't be written.
    """
    line = json.dumps(check_row(row), allow_nan=False).encode() + b"\n"
    try:
        handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o666)
    except OSError as error:
        raise InputError(f"{os.fspath(path)} can't be written: {error.strerror}") from error
    with os.fdopen(handle, "r+b") as stream:
        fcntl.flock(stream, fcntl.LOCK_EX)
        _to_end_of_last_line(stream)
        stream.write(line)
        stream.flush()
        os.fsync(stream.fileno())


def _to_end_of_last_line(stream: Any) -> None:
    """Cut off what follows the last newline, and go there."""
    end = whole = stream.seek(0, os.SEEK_END)
    while whole:
        first = max(0, whole - 65536)
        stream.seek(first)
        newline = stream.read(whole - first).rfind(b"\n")
        if newline >= 0:
            whole = first + newline + 1
            break
        whole = first
    if whole != end:
        stream.truncate(whole)
    stream.seek(whole)


def read(path: str | os.PathLike[str]) -> list[Row]:
    """The rows of a file, in order.  A last line without its end is the trace of a killed process and is left out.

    Raises
    ------
    InputError
        If the file can't be read, a line is no row, or two rows are the same by :func:`key_of`.
    """
    try:
        text = Path(path).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{os.fspath(path)} can't be read: {getattr(error, 'strerror', None) or error}") from error
    rows: dict[str, Row] = {}
    for number, line in enumerate(text.split("\n")[:-1], 1):
        source = f"{os.fspath(path)}, line {number}"
        try:
            row = check_row(json.loads(line), source)
        except json.JSONDecodeError as error:
            raise InputError(f"{source} is not JSON: {error}") from error
        if key_of(row) in rows:
            raise InputError(f"{source} is a second row of {key_of(row)}")
        rows[key_of(row)] = row
    return list(rows.values())


def write(path: str | os.PathLike[str], rows: Iterable[Row]) -> None:
    """Write rows to a new file, whole or not at all."""
    lines = [json.dumps(check_row(row), allow_nan=False) + "\n" for row in rows]
    with written_whole(path) as temporary:
        temporary.write_text("".join(lines), encoding="utf-8")


def write_csv(path: str | os.PathLike[str], rows: Iterable[Row]) -> None:
    """Write rows as a table with one column for each dotted name, empty where a row lacks it."""
    table = [flat(row) for row in rows]
    columns = list(dict.fromkeys(name for row in table for name in row))
    with written_whole(path) as temporary, open(temporary, "w", newline="", encoding="utf-8") as stream:
        writer = csv.DictWriter(stream, columns, restval="")
        writer.writeheader()
        writer.writerows(table)
