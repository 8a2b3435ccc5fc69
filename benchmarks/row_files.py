"""Rows in files: one JSON Lines file that is added to."""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pynn_backprop.errors import InputError
from pynn_backprop.files import written_whole
from pynn_backprop.files.json_file import parse_json

from .rows import OK, Row, check_row, key_of

_NO_END = "the line has no end"

ROWS = "results.jsonl"


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


@dataclass(frozen=True)
class Unreadable:
    """A line that is no row.

    Parameters
    ----------
    line : int
        Its number, counted from 1.
    why : str
        What is wrong with it.
    content : bytes
        The line itself.
    """

    line: int
    why: str
    content: bytes


@dataclass(frozen=True)
class Reading:
    """What a file of rows holds.

    Parameters
    ----------
    rows : list[Row]
        In order, none of them twice.
    unreadable : list[Unreadable]
        Lines that are no rows; among them the half one that a killed process or a full disk left at the end.
    doubles : list[str]
        What was merged, in words.
    lines : list[int]
        The line of each row.
    """

    rows: list[Row]
    unreadable: list[Unreadable]
    doubles: list[str]
    lines: list[int]

    @property
    def damaged_end(self) -> list[Unreadable]:
        """The unreadable lines behind which no row follows."""
        last = len(self.rows) + len(self.doubles) + len(self.unreadable)
        found: list[Unreadable] = []
        for one in reversed(self.unreadable):
            if one.line != last - len(found):
                break
            found.insert(0, one)
        return found


def examine(path: str | os.PathLike[str]) -> Reading:
    """All that a file holds, whatever its lines are.

    Of several rows of the same by :func:`key_of`, as two runs at once would leave, the first that is ok stays.

    Raises
    ------
    InputError
        If the file can't be read.
    """
    try:
        lines = Path(path).read_bytes().split(b"\n")
    except OSError as error:
        raise InputError(f"{os.fspath(path)} can't be read: {error.strerror or error}") from error
    rows: dict[str, tuple[Row, int]] = {}
    unreadable, doubles = [], []
    for number, line in enumerate(lines, 1):
        if number == len(lines):
            if line:
                unreadable.append(Unreadable(number, _NO_END, line))
            break
        try:
            row = check_row(_parsed(line), "the row")
        except InputError as error:
            unreadable.append(Unreadable(number, str(error), line))
            continue
        key = key_of(row)
        if key in rows:
            doubles.append(f"line {number} is a second row of {key}")
        if key not in rows or (rows[key][0]["status"] != OK and row["status"] == OK):
            rows[key] = row, number
    return Reading([row for row, _ in rows.values()], unreadable, doubles, [line for _, line in rows.values()])


def _parsed(line: bytes) -> Any:
    try:
        return parse_json(line.decode(), "the line")
    except UnicodeDecodeError as error:
        raise InputError(f"the line is not text: {error}") from error


def read(path: str | os.PathLike[str]) -> list[Row]:
    """The rows of a file, in order.  Damaged lines at its end are the trace of a killed process and are left out.

    Raises
    ------
    InputError
        If the file can't be read, or another line is no row.
    """
    reading = examine(path)
    for one in reading.unreadable[: len(reading.unreadable) - len(reading.damaged_end)]:
        raise InputError(f"{os.fspath(path)}, line {one.line}: {one.why}")
    if not reading.rows and reading.damaged_end and reading.damaged_end[0].why != _NO_END:
        raise InputError(f"{os.fspath(path)}, line {reading.damaged_end[0].line}: {reading.damaged_end[0].why}")
    return reading.rows


def set_aside(path: str | os.PathLike[str], reading: Reading) -> Path | None:
    """Move the damaged end of a file to another one beside it, and merge its doubles.

    Returns
    -------
    Path or None
        Where the damaged lines are now; None if there were none.
    """
    damaged = reading.damaged_end
    beside = Path(path).with_suffix(".damaged")
    if damaged:
        with open(beside, "ab") as stream:
            stream.write(b"".join(one.content + b"\n" for one in damaged))
    if damaged or reading.doubles:
        write(path, reading.rows)
    return beside if damaged else None


def write(path: str | os.PathLike[str], rows: Iterable[Row]) -> None:
    """Write rows to a new file, whole or not at all."""
    lines = [json.dumps(check_row(row), allow_nan=False) + "\n" for row in rows]
    with written_whole(path) as temporary:
        temporary.write_text("".join(lines), encoding="utf-8")
