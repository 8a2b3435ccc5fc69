"""Which rows a report can show: one that breaks a table is left out of all, and shown as what can't be read."""

from __future__ import annotations

from ..row_files import Reading, Unreadable
from ..rows import Row
from .content import sections


def readable(reading: Reading) -> Reading:
    """What a file holds, with the rows that can't be shown among the lines that can't be read.

    Parameters
    ----------
    reading : Reading
        What was read.
    """
    rows, lines, unreadable = [], [], list(reading.unreadable)
    for row, line in zip(reading.rows, reading.lines, strict=True):
        why = _why_not(row)
        if why:
            unreadable.append(Unreadable(line, f"the row can't be shown: {why}", b""))
        else:
            rows.append(row)
            lines.append(line)
    return Reading(rows, sorted(unreadable, key=lambda one: one.line), reading.doubles, lines)


def _why_not(row: Row) -> str:
    """What goes wrong in a report of this row alone; empty if nothing does."""
    try:
        sections([row])
    except Exception as error:  # whatever a value that nobody thought of comes to in some table
        return f"{type(error).__name__}: {error}"
    return ""
