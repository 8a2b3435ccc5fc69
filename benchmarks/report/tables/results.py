"""What came of the runs: accuracy, time, counts, memory and energy of each platform, and what failed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from ...row_files import Unreadable
from ...rows import BUILD, INFERENCE, OK, TRAIN, TRAINING, platform_in, sizes_in
from ..numbers import percent_text, spread_text, with_prefix
from ..summary import Energy, Line
from .table import NOTHING, Cell, Column, Table, energy_cell, words


def _spread(line: Line, name: str) -> Cell:
    return Cell(*spread_text(line.count(name)))


def results_table(case: str, lines: Sequence[Line]) -> Table:
    """Accuracy, time, counts, memory and metered energy of one case."""
    columns = (
        words("platform"),
        words("network"),
        Column("samples", minor=True),
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
    )
    return Table(f"Results: {case}", columns, tuple(map(_result, lines)), _results_note(lines))


def _result(line: Line) -> tuple[Cell, ...]:
    first = line.first
    epochs = f"{first['epochs']} epochs" if first["epochs"] > 1 else ""
    seeds = f"{len(line.rows)} seeds" if len(line.rows) > 1 else ""
    memory = line.over_seeds(lambda row: row["peak_memory_MB"])
    return (
        Cell(line.name, seeds),
        Cell(line.sizes),
        Cell(f"{first['samples']:,}", epochs),
        Cell(*percent_text(line.accuracy)),
        _correct(line),
        Cell(*spread_text(line.ms_per_sample(TRAINING))),
        Cell(*spread_text(line.ms_per_sample(INFERENCE))),
        Cell(NOTHING if (build := line.seconds(BUILD)) is None else with_prefix(build.median, "s")),
        _spread(line, "all_spikes_per_sample"),
        _spread(line, "synaptic_events_per_sample"),
        _spread(line, "plastic_updates_per_sample"),
        Cell(spread_text(memory)[0]),
        _metered(line.metered(TRAINING)),
    )


def _correct(line: Line) -> Cell:
    """Whether every seed came to the weights and answers of the integer rule; a dash where that was not asked."""
    found = [row["correct"].get("weights_equal_reference") for row in line.rows]
    found += [row["correct"].get("answers_equal_reference") for row in line.rows]
    if False in found:
        return Cell("no", kind="differs")
    return Cell("yes" if True in found else NOTHING)


def _metered(energy: Energy | None) -> Cell:
    if energy is None:
        return Cell(NOTHING, "no meter")
    value = energy_cell(energy)
    return replace(value, detail=value.detail or energy.by)


def _results_note(lines: Sequence[Line]) -> str:
    repeats = sorted({len(row["repeat_seconds"].get(TRAIN) or ()) for line in lines for row in line.rows})
    threads = sorted({row["threads"] for line in lines for row in line.rows})
    return (
        f"Medians, and from where to where the values reach. Each time is of {_listed(repeats)} repeats of each seed, "
        f"with {_listed(threads)} {'thread' if threads == [1] else 'threads'}; warming up and building are not in it. "
        "Right: test samples whose first output spike is of the right class. = the rule: weights and answers equal "
        "those of the integer rule, to the last one. Spikes of neurons, synaptic events (spikes x synapses reached, of "
        "spikes from outside too), weight changes and energy are per training sample."
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
            Cell(platform_in(row)),
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
