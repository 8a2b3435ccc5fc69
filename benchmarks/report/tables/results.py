"""What came of the runs: accuracy, time, counts, memory and energy of each platform, and what failed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from ...row_files import Unreadable
from ...rows import BUILD, INFERENCE, OK, TRAIN, TRAINING, apart_in, platform_in, sizes_in
from ..groups import Group
from ..numbers import with_prefix
from ..summary import Energy, Line
from .table import NOTHING, Cell, Column, Table, energy_cell, share_cell, spread_cell, words

MODEL = "loihi-sweep"
"""The energy model of the published chip that comes nearest to the published figure (docs/energy.md)."""


def results_table(group: Group) -> Table:
    """Accuracy, time, counts, memory and energy of what learnt the same; columns without any value are left out."""
    columns = (
        words("platform"),
        Column("right"),
        words("= the rule"),
        Column("ms a training sample"),
        Column("ms a test sample"),
        Column("build", minor=True),
        Column("spikes"),
        Column("synaptic events"),
        Column("weight changes"),
        Column("MB", minor=True),
        Column("energy of the run"),
        Column(f"energy, {MODEL}", minor=True),
    )
    rows = tuple(map(_result, group.lines))
    title = f"Results: {group.title}" + (f" ({group.common})" if group.common else "")
    return Table(title, columns, rows, _results_note(group)).without_empty()


def _result(line: Line) -> tuple[Cell, ...]:
    seeds = f"{len(line.rows)} seeds" if len(line.rows) > 1 else ""
    build = line.seconds(BUILD)
    return (
        Cell(line.name, seeds),
        share_cell(line.accuracy),
        _equal(line),
        spread_cell(line.ms_per_sample(TRAINING)),
        spread_cell(line.ms_per_sample(INFERENCE)),
        Cell(NOTHING) if build is None else Cell(with_prefix(build.median, "s"), value=build.median),
        spread_cell(line.count("all_spikes_per_sample")),
        spread_cell(line.count("synaptic_events_per_sample")),
        spread_cell(line.count("plastic_updates_per_sample")),
        replace(spread_cell(line.over_seeds(lambda row: row["peak_memory_MB"])), detail=""),
        _metered(line.metered(TRAINING)),
        _modelled(line),
    )


def _equal(line: Line) -> Cell:
    """Whether weights and answers are the rule's; a dash where that was not asked."""
    return {None: Cell(NOTHING), True: Cell("yes"), False: Cell("no", kind="differs")}[line.equal]


def _metered(energy: Energy | None) -> Cell:
    if energy is None:
        return Cell(NOTHING)
    value = energy_cell(energy)
    return replace(value, detail=value.detail or energy.by)


def _modelled(line: Line) -> Cell:
    found = (one for one in line.energies if one.model and one.of == TRAINING and one.by == MODEL)
    return next(map(energy_cell, found), Cell(NOTHING))


def _results_note(group: Group) -> str:
    lines = group.lines
    repeats = sorted({len(row["repeat_seconds"].get(TRAIN) or ()) for line in lines for row in line.rows})
    threads = sorted({row["threads"] for line in lines for row in line.rows})
    stretches = any(line.first.get("stretch") for line in lines)
    part = (
        "Where samples are named, the platform itself showed only these of the training and the rule all others: times "
        "and counts are of them, and the weights after them are compared. "
    )
    return (
        f"Tested with {group.first['test_samples']:,} samples. Medians, and from where to where the values reach. Each "
        f"time is of {_listed(repeats)} repeats of each seed, with {_listed(threads)} "
        f"{'thread' if threads == [1] else 'threads'}; warming up and building are not in it. "
        f"{part if stretches else ''}"
        "Right: test samples whose class fired most. = the rule: weights and answers equal those of the integer rule, "
        "to the last one. Spikes of neurons, synaptic events (spikes x synapses reached, of spikes from outside too), "
        f"weight changes and energy are per training sample; {MODEL} is an estimate for a Loihi chip, not for what ran."
    )


def _listed(values: Sequence[Any]) -> str:
    return " or ".join(map(str, values)) or "no"


def failures_table(rows: Iterable[Mapping[str, Any]]) -> Table | None:
    """What has no result, and why; None if everything has one."""
    columns = (
        words("case"),
        words("platform"),
        words("network"),
        Column("seed"),
        words("status"),
        words("why", long=True),
    )
    failed = tuple(
        (
            Cell(row["case"]),
            Cell(", ".join([platform_in(row), *filter(None, apart_in(row).values())])),
            Cell(sizes_in(row)),
            Cell(str(row["seed"])),
            Cell(row["status"], kind=row["status"]),
            Cell(row["why"]),
        )
        for row in rows
        if row["status"] != OK
    )
    return Table("Without a result", columns, failed) if failed else None


def unreadable_table(lines: Sequence[Unreadable]) -> Table | None:
    """Lines of the file that are no rows, and why; None if all are."""
    columns = (Column("line"), words("status"), words("why", long=True))
    rows = tuple((Cell(str(one.line)), Cell("unreadable", kind="failed"), Cell(one.why)) for one in lines)
    return Table("Unreadable", columns, rows) if rows else None
