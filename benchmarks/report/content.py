"""The tables of the report as data, for the terminal and for HTML."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from ..measure.circuits import circuit_of
from ..measure.energy import INFERENCE, TRAINING, models
from ..measure.meters import ESTIMATED, MEASURED
from ..rows import BUILD, OK
from .against_published import compare_row, published_network
from .published import PUBLISHED, SOURCE, TABLE
from .summary import Energy, Line, counts_in, percent_text, same_counts, significant, spread_text, with_prefix

MARKED = (MEASURED, ESTIMATED, PUBLISHED)
"""The kinds of cells whose word is written beside the value."""


@dataclass(frozen=True)
class Cell:
    """One cell.

    Parameters
    ----------
    text
        What it says.
    detail
        A second, smaller line, for example a range.
    kind
        ``measured``, ``estimated`` or ``published`` where that must be marked, a row's status, or empty.
    """

    text: str
    detail: str = ""
    kind: str = ""


@dataclass(frozen=True)
class Column:
    """A column.

    Parameters
    ----------
    heading
        What is in it.
    number
        Whether it holds numbers, which stand to the right.
    long
        Whether its texts may break into lines.
    minor
        Whether it is left out in the terminal, which is narrow.
    """

    heading: str
    number: bool = True
    long: bool = False
    minor: bool = False


@dataclass(frozen=True)
class Table:
    """A table.

    Parameters
    ----------
    title
        What is in it.
    columns
        Its headings; the first column names the row.
    rows
        As many cells each as there are columns.
    note
        What a reader must know to read it, in sentences.
    """

    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    note: str = ""


def _text(heading: str, long: bool = False) -> Column:
    return Column(heading, number=False, long=long)


def _spread(line: Line, name: str) -> Cell:
    return Cell(*spread_text(line.count(name)))


def results_table(case: str, lines: Sequence[Line]) -> Table:
    """Accuracy, time, counts, memory and metered energy of one case."""
    columns = (
        _text("platform"),
        _text("network"),
        Column("samples", minor=True),
        Column("right"),
        _text("= the rule"),
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
        Cell("–" if (build := line.seconds(BUILD)) is None else with_prefix(build.median, "s")),
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
    return Cell("yes" if True in found else "–")


def _metered(energy: Energy | None) -> Cell:
    if energy is None:
        return Cell("–", "no meter")
    value = _energy(energy)
    return replace(value, detail=value.detail or energy.by)


def _energy(energy: Energy) -> Cell:
    if energy.joule <= 0:
        return Cell("–", f"too short for {energy.by}")
    return Cell(with_prefix(energy.joule, "J"), kind=energy.kind)


def _results_note(lines: Sequence[Line]) -> str:
    repeats = sorted({len(row["repeat_seconds"].get("train") or ()) for line in lines for row in line.rows})
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
        _text("case"),
        _text("platform"),
        _text("network"),
        Column("seed"),
        _text("status"),
        _text("why", long=True),
    )
    failed = tuple(
        (
            Cell(row["case"]),
            Cell(f"{row['platform']} {row['variant']}".strip()),
            Cell("-".join(map(str, row["layer_sizes"]))),
            Cell(str(row["seed"])),
            Cell(row["status"], kind=row["status"]),
            Cell(row["why"]),
        )
        for row in rows
        if row["status"] != OK
    )
    return Table("Without a result", columns, failed) if failed else None


def estimates_table(case: str, lines: Sequence[Line]) -> Table | None:
    """What the energy models say of the networks of a case; None if nothing was counted."""
    names = list(models())
    columns = (_text("network"), _text("of"), *(Column(name) for name in names), _text("counted on", long=True))
    rows = []
    for of in (TRAINING, INFERENCE):
        for group in same_counts(lines, of):
            found = {energy.by: energy for energy in group[0].energies if energy.model and energy.of == of}
            cells = (Cell(with_prefix(found[n].joule, "J") if n in found else "–") for n in names)
            rows.append((Cell(group[0].sizes), Cell(of), *cells, Cell(", ".join(line.name for line in group))))
    note = (
        "Each of these energies is estimated, for a sample, from counts alone, by the model that heads the column: of "
        "the device that the model is of, not of the simulator that ran. Platforms that fired the same spikes share a "
        "row."
    )
    return Table(f"Energy estimated by model: {case}", columns, tuple(rows), note) if rows else None


def metered_table(lines: Sequence[Line]) -> Table | None:
    """Energies of the runs themselves; None if there are none."""
    columns = (
        _text("platform"),
        _text("case"),
        _text("network"),
        _text("of"),
        Column("energy a sample"),
        Column("energy x time"),
        _text("by"),
        _text("covers", long=True),
    )
    rows = []
    for line in lines:
        for of in (TRAINING, INFERENCE):
            energy, product = line.metered(of), line.joule_seconds(of)
            if energy is not None:
                value = _energy(energy)
                delay = Cell(with_prefix(product, "J s"), kind=energy.kind) if product else Cell("–")
                names = (Cell(line.name), Cell(line.case), Cell(line.sizes), Cell(of))
                rows.append((*names, value, delay, Cell(energy.by), Cell(energy.covers)))
    note = "Energy of the computer while it ran the samples, whatever it simulates; building is not in it."
    return Table("Energy of the runs", columns, tuple(rows), note) if rows else None


def against_published_table(rows: Sequence[Mapping[str, Any]]) -> Table | None:
    """Estimates of the published network beside the published energies; None if it was not counted."""
    row = published_network(rows)
    if row is None:
        return None
    columns = (
        _text("of"),
        _text("model"),
        Column("estimated, mJ"),
        Column("published, mJ"),
        Column("estimated / published"),
        _text("why they differ", long=True),
    )
    cells = tuple(
        (
            Cell(one.of),
            Cell(one.model),
            Cell(significant(one.estimated_mJ)),
            Cell(f"{one.published_mJ:g}"),
            Cell(significant(one.ratio, 2)),
            Cell(one.reason),
        )
        for one in compare_row(row)
    )
    where = f"{row['platform']} {row['variant']}".strip()
    counted = counts_in(row, TRAINING).get("counted_samples")
    note = (
        f"400-400-10 on MNIST, Loihi, energy of a sample. Counts from {where}, {row['samples']:,} training samples"
        + (f", {counted:,} of them counted" if counted else "")
        + f"; published in {SOURCE}."
    )
    return Table("The published network: estimated and published", columns, cells, note)


def published_table() -> Table:
    """What others published."""
    columns = (
        _text("publication"),
        _text("hardware"),
        _text("method"),
        _text("network"),
        Column("mJ a sample"),
        Column("ms a sample"),
        Column("energy x time"),
        Column("right"),
        _text("remark", long=True),
    )
    rows = tuple(
        (
            Cell(row.publication, kind=PUBLISHED),
            Cell(row.hardware),
            Cell(row.method),
            Cell(row.network),
            Cell(f"{row.mJ:g}" if row.mJ >= 1e-4 else f"{row.mJ:f}".rstrip("0")),
            Cell("–" if row.ms is None else f"{row.ms:g}"),
            Cell("–" if row.joule_seconds is None else with_prefix(row.joule_seconds, "J s")),
            Cell(f"{row.accuracy:.1%}"),
            Cell(row.note),
        )
        for row in TABLE
    )
    note = f"From {SOURCE}, MNIST. None of these was measured here; energy x time is the product of its two columns."
    return Table("Published by others", columns, rows, note)


_NEUROBENCH = ("ClassificationAccuracy", "Footprint", "ConnectionSparsity", "ActivationSparsity", "MembraneUpdates")
_OPERATIONS = ("Effective_ACs", "Effective_MACs", "Dense")


def neurobench_table(lines: Sequence[Line]) -> Table | None:
    """NeuroBench's metrics of the answering and of the learning network; None if no row has any."""
    columns = (_text("platform"), _text("case"), _text("network"), _text("of"), *map(Column, _NEUROBENCH + _OPERATIONS))
    rows = []
    for line in lines:
        for of in (INFERENCE, TRAINING):
            metrics = line.first["metrics"] if of == INFERENCE else line.first["metrics"].get(TRAINING) or {}
            operations = metrics.get("SynapticOperations") or {}
            values = [metrics.get(name) for name in _NEUROBENCH] + [operations.get(name) for name in _OPERATIONS]
            if any(value is not None for value in values):
                cells = (Cell("–" if value is None else significant(value, 4)) for value in values)
                rows.append((Cell(line.name), Cell(line.case), Cell(line.sizes), Cell(of), *cells))
    note = (
        "Names and definitions are NeuroBench's (Yik et al. 2025), of the first seed: operations and updates per "
        "sample, footprint in bytes, sparsities as shares."
    )
    return Table("NeuroBench's metrics", columns, tuple(rows), note) if rows else None


def spikes_tables(case: str, lines: Sequence[Line]) -> list[Table]:
    """Spikes of each population in each phase, one table for each network whose spikes were counted by phase."""
    tables = []
    for of in (TRAINING, INFERENCE):
        for group in same_counts(lines, of):
            phases = counts_in(group[0].first, of).get("spikes_by_phase")
            if phases:
                tables.append(_spike_table(case, of, group, phases))
    return tables


def _spike_table(case: str, of: str, group: Sequence[Line], phases: Mapping[str, Sequence[float]]) -> Table:
    length = max(map(len, phases.values()))
    circuit = circuit_of(group[0].first, of)
    gates = {population.name for population in circuit.populations if population.role == "gate"}
    columns = (_text("population"), *(Column(str(phase)) for phase in range(length)), Column("a sample"))
    rows = tuple(
        (
            Cell(name),
            *(Cell(significant(value, 2) if value else "") for value in values),
            Cell(significant(sum(values))),
        )
        for name, values in phases.items()
        if sum(values) and name not in gates
    )
    where = ", ".join(line.name for line in group)
    note = (
        f"Spikes in each phase of the cycle, per sample; the same on {where}. Each gate fires once, in its own phase."
    )
    return Table(f"Spikes by population and phase: {case}, {group[0].sizes}, {of}", columns, rows, note)


def models_tables() -> list[Table]:
    """Every energy model: its constants, and what it covers, assumes and leaves out."""
    columns = (_text("part"), Column("energy"), _text("for each", long=True), _text("source", long=True))
    tables = []
    for model in models().values():
        rows = tuple(
            (
                Cell(term.part),
                Cell(f"{term.value:g} {term.unit}"),
                Cell(
                    _COUNT_WORDS[term.count] + (f", times {term.times:g}: {term.why_times}" if term.why_times else "")
                ),
                Cell(term.source),
            )
            for term in model.terms
        )
        note = f"Covers {model.covers}. Assumes: {'; '.join(model.assumes)}. Leaves out: {'; '.join(model.leaves_out)}."
        tables.append(Table(f"{model.name}: {model.title}", columns, rows, note))
    return tables


_COUNT_WORDS = {
    "neuron_updates": "neuron and step",
    "active_updates": "neuron and step at which a spike arrives",
    "spikes": "spike of a neuron",
    "synaptic_events": "spike and synapse that it reaches",
    "plastic_updates": "plastic synapse whose two neurons fire together",
    "plastic_sweeps": "plastic synapse and step",
    "messages": "message: a spike to one core that holds a target",
    "dense_operations": "synapse and step",
}


def machines_table(rows: Sequence[Mapping[str, Any]]) -> Table:
    """On what everything ran, each different machine and set of versions once."""
    columns = (_text("machine", long=True), _text("versions", long=True), _text("platforms", long=True))
    found: dict[tuple[str, str], dict[str, None]] = {}
    for row in rows:
        if row["status"] == OK:
            key = (_pairs(row["host"]), _pairs(row["versions"]))
            found.setdefault(key, {})[f"{row['platform']} {row['variant']}".strip()] = None
    cells = tuple((Cell(host), Cell(versions), Cell(", ".join(names))) for (host, versions), names in found.items())
    return Table("Machine and versions", columns, cells)


def _pairs(values: Mapping[str, Any]) -> str:
    return ", ".join(f"{name} {value}" for name, value in values.items())


def runs_table(rows: Sequence[Mapping[str, Any]]) -> Table:
    """Every row with all its repeats and the command that repeats it."""
    columns = (
        _text("run"),
        Column("seed"),
        _text("started"),
        Column("warm-up, s"),
        _text("training, s, each repeat", long=True),
        _text("test, s, each repeat", long=True),
        _text("command", long=True),
    )
    cells = tuple(
        (
            Cell(f"{row['case']}, {row['platform']} {row['variant']}".strip(), "-".join(map(str, row["layer_sizes"]))),
            Cell(str(row["seed"])),
            Cell(row["started"]),
            Cell("–" if row["warm_up_seconds"] is None else significant(row["warm_up_seconds"])),
            Cell(_seconds(row, "train")),
            Cell(_seconds(row, "test")),
            Cell(row["command"]),
        )
        for row in rows
    )
    return Table("Every run", columns, cells)


def _seconds(row: Mapping[str, Any], stage: str) -> str:
    return ", ".join(significant(seconds) for seconds in row["repeat_seconds"].get(stage) or ()) or "–"
