"""Every run: its times, the command that repeats it, and the machines and versions of all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ...rows import OK, TEST, TRAIN, platform_in, sizes_in
from ..numbers import significant
from .table import NOTHING, Cell, Column, Table, words


def machines_table(rows: Sequence[Mapping[str, Any]]) -> Table:
    """On what everything ran, each different machine and set of versions once."""
    columns = (
        words("machine", long=True),
        words("versions", long=True),
        words("platforms", long=True),
    )
    found: dict[tuple[str, str], dict[str, None]] = {}
    for row in rows:
        if row["status"] == OK:
            key = (_pairs(row["host"]), _pairs(row["versions"]))
            found.setdefault(key, {})[platform_in(row)] = None
    cells = tuple((Cell(host), Cell(versions), Cell(", ".join(names))) for (host, versions), names in found.items())
    return Table("Machine and versions", columns, cells)


def _pairs(values: Mapping[str, Any]) -> str:
    return ", ".join(f"{name} {value}" for name, value in values.items())


def runs_table(rows: Sequence[Mapping[str, Any]]) -> Table:
    """Every row with all its repeats and the command that repeats it."""
    columns = (
        words("run"),
        Column("seed"),
        words("started"),
        Column("warm-up, s"),
        words("training, s, each repeat", long=True),
        words("test, s, each repeat", long=True),
        words("command", long=True),
    )
    cells = tuple(
        (
            Cell(f"{row['case']}, {platform_in(row)}", sizes_in(row)),
            Cell(str(row["seed"])),
            Cell(row["started"]),
            Cell(NOTHING if row["warm_up_seconds"] is None else significant(row["warm_up_seconds"])),
            Cell(_seconds(row, TRAIN)),
            Cell(_seconds(row, TEST)),
            Cell(row["command"]),
        )
        for row in rows
    )
    return Table("Every run", columns, cells)


def _seconds(row: Mapping[str, Any], stage: str) -> str:
    return ", ".join(significant(seconds) for seconds in row["repeat_seconds"].get(stage) or ()) or NOTHING
