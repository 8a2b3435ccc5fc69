"""What was counted: NeuroBench's metrics, and spikes by population and phase."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ...measure.circuits import circuit_of
from ...rows import INFERENCE, TRAINING
from ..numbers import significant
from ..summary import Line, counts_in, same_counts
from .table import NOTHING, Cell, Column, Table, words

_NEUROBENCH = ("ClassificationAccuracy", "Footprint", "ConnectionSparsity", "ActivationSparsity", "MembraneUpdates")
_OPERATIONS = ("Effective_ACs", "Effective_MACs", "Dense")


def neurobench_table(lines: Sequence[Line]) -> Table | None:
    """NeuroBench's metrics of the answering and of the learning network; None if no row has any."""
    columns = (
        words("platform"),
        words("case"),
        words("network"),
        words("of"),
        *map(Column, _NEUROBENCH + _OPERATIONS),
    )
    rows = []
    for line in lines:
        for of in (INFERENCE, TRAINING):
            metrics = line.first["metrics"] if of == INFERENCE else line.first["metrics"].get(TRAINING) or {}
            operations = metrics.get("SynapticOperations") or {}
            values = [metrics.get(name) for name in _NEUROBENCH] + [operations.get(name) for name in _OPERATIONS]
            if any(value is not None for value in values):
                cells = (Cell(NOTHING if value is None else significant(value, 4)) for value in values)
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
            if counts_in(group[0].first, of).get("spikes_by_phase"):
                tables.append(_spike_table(case, of, group))
    return tables


def _spike_table(case: str, of: str, group: Sequence[Line]) -> Table:
    first = group[0]
    phases: Mapping[str, Sequence[float]] = counts_in(first.first, of)["spikes_by_phase"]
    length = max(map(len, phases.values()))
    circuit = circuit_of(first.first, of)
    gates = {population.name for population in circuit.populations if population.role == "gate"}
    columns = (words("population"), *(Column(str(phase)) for phase in range(length)), Column("a sample"))
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
    return Table(f"Spikes by population and phase: {case}, {first.sizes}, {of}", columns, rows, note)
