"""Many jobs and one file of rows: what is to run, what is there already, and what came of it."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from pynn_backprop.errors import InputError
from pynn_backprop.files import check_writable

from .. import row_files
from ..rows import OK, Row, key_of
from .job import Job

Report = Callable[[Job, Row], None]
"""Is told every job that is done, and its row."""


def without_doubles(jobs: Iterable[Job]) -> list[Job]:
    """The jobs in order, each key once."""
    return list({job.key: job for job in jobs}.values())


def open_file(path: Path, resume: bool = False, retry: bool = False) -> list[Row]:
    """Prepare the file of rows before anything long starts; returns the rows that stay in it.

    Parameters
    ----------
    path : Path
        The JSON Lines file.
    resume : bool
        Keep the rows that are there.
    retry : bool
        Of these, remove those that are not ok, so that they are run again.

    Raises
    ------
    InputError
        If the file can't be written, holds something else, or holds rows and `resume` is False.
    """
    check_writable(path)
    there = _there(path) if path.exists() else []
    if there and not resume:
        raise InputError(
            f"{path} holds {len(there)} rows: choose another folder (--out), add what is missing (--resume), or do "
            "what failed again too (--retry)"
        )
    kept = [row for row in there if row["status"] == OK] if retry else there
    if len(kept) != len(there):
        row_files.write(path, kept)
    return kept


def _there(path: Path) -> list[Row]:
    """The rows of a file; what a killed process left at its end is set aside with a word, and doubles are merged."""
    rows, reading = row_files.read(path), row_files.examine(path)
    beside = row_files.set_aside(path, reading)
    if beside is not None:
        lines = ", ".join(str(one.line) for one in reading.damaged_end)
        print(f"{path}: the damaged end (line {lines}) is now in {beside}", file=sys.stderr)
    for double in reading.doubles:
        print(f"{path}: {double}; one of them is kept", file=sys.stderr)
    return rows


def open_jobs(jobs: Sequence[Job], rows: Iterable[Row]) -> list[Job]:
    """The jobs that have no row yet."""
    there = {key_of(row) for row in rows}
    return [job for job in without_doubles(jobs) if job.key not in there]


def collect(path: Path, jobs: Sequence[Job], done: Iterable[tuple[Job, Row]], report: Report) -> list[Row]:
    """Append each row to the file as soon as it is there.

    Parameters
    ----------
    path : Path
        The JSON Lines file.
    jobs : Sequence[Job]
        What is running; every one of them must come back, once.
    done : Iterable[tuple[Job, Row]]
        Yields jobs with their rows in any order.
    report : Report
        See :data:`Report`.

    Raises
    ------
    InputError
        If a row comes back for which there was no job, or a second time.
    """
    waiting = {job.key for job in jobs}
    rows: list[Row] = []
    for job, row in done:
        key = key_of(row)
        if key not in waiting:
            raise InputError(f"a row came back that nobody waits for: {key}")
        waiting.discard(key)
        row_files.append(path, row)
        rows.append(row)
        report(job, row)
    if waiting:
        raise InputError(f"{len(waiting)} jobs did not come back, the first of them {min(waiting)}")
    return rows
