"""Energies: of the runs, by models, published by others, and the models themselves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ...measure.energy_model import models
from ...rows import INFERENCE, OLDER, TRAINING, apart_in, platform_in
from ..against_published import compare_row, published_networks
from ..numbers import significant, with_prefix
from ..published import PUBLISHED, SOURCE, TABLE
from ..summary import Line, counts_in, same_counts
from .table import NOTHING, Cell, Column, Table, energy_cell, words


def estimates_table(case: str, lines: Sequence[Line]) -> Table | None:
    """What the energy models say of the networks of a case; None if nothing was counted."""
    names = list(models())
    columns = (
        words("network"),
        words("of"),
        *(Column(name) for name in names),
        words("counted on", long=True),
    )
    rows = []
    for of in (TRAINING, INFERENCE):
        for group in same_counts(lines, of):
            first = group[0]
            found = {energy.by: energy for energy in first.energies if energy.model and energy.of == of}
            cells = (
                Cell(with_prefix(found[n].joule, "J"), value=found[n].joule) if n in found else Cell(NOTHING)
                for n in names
            )
            circuit = ", ".join(filter(None, (apart_in(first.first)[what] for what in ("form", "rule", "code"))))
            on = Cell(", ".join(dict.fromkeys(line.name for line in group)))
            rows.append((Cell(first.sizes, circuit), Cell(of), *cells, on))
    note = (
        "Each of these energies is estimated, for a sample, from counts alone, by the model that heads the column: of "
        "the device that the model is of, not of the simulator that ran. Platforms that fired the same spikes share a "
        "row."
    )
    return Table(f"Energy estimated by model: {case}", columns, tuple(rows), note) if rows else None


def metered_table(lines: Sequence[Line]) -> Table | None:
    """Energies of the runs themselves; None if there are none."""
    columns = (
        words("platform"),
        words("case"),
        words("network"),
        words("of"),
        Column("energy a sample"),
        Column("energy x time"),
        words("by"),
        words("covers", long=True),
    )
    rows = []
    for line in lines:
        for of in (TRAINING, INFERENCE):
            energy, product = line.metered(of), line.joule_seconds(of)
            if energy is not None:
                value, delay = energy_cell(energy), Cell(NOTHING)
                if product:
                    delay = Cell(with_prefix(product, "J s"), kind=energy.kind, value=product)
                names = (Cell(line.name), Cell(line.case), Cell(line.sizes), Cell(of))
                rows.append((*names, value, delay, Cell(energy.by), Cell(energy.covers)))
    note = "Energy of the computer while it ran the samples, whatever it simulates; building is not in it."
    return Table("Energy of the runs", columns, tuple(rows), note) if rows else None


def against_published_table(rows: Sequence[Mapping[str, Any]]) -> Table | None:
    """Estimates of the published network, in each form, beside the published energies; None if it was not counted."""
    found = published_networks(rows)
    if not found:
        return None
    columns = (
        words("form"),
        words("of"),
        words("model"),
        Column("estimated, mJ"),
        Column("published, mJ"),
        Column("estimated / published"),
        words("why they differ", long=True),
    )
    cells = tuple(
        (
            Cell({**OLDER, **row}["form"]),
            Cell(one.of),
            Cell(one.model),
            Cell(significant(one.estimated_mJ), value=one.estimated_mJ),
            Cell(f"{one.published_mJ:g}", value=one.published_mJ),
            Cell(significant(one.ratio, 2), value=one.ratio),
            Cell(one.reason),
        )
        for row in found
        for one in compare_row(row)
    )
    told = "; ".join(
        f"{ {**OLDER, **row}['form'] } form from {platform_in(row)}, "
        f"{counts_in(row, TRAINING).get('counted_samples', 0):,} training samples counted"
        for row in found
    )
    note = (
        f"400-400-10 on MNIST, Loihi, energy of a sample. Counts: {told}. Published, in the published form: {SOURCE}."
    )
    return Table("The published network: estimated and published", columns, cells, note)


def published_table() -> Table:
    """What others published."""
    columns = (
        words("publication"),
        words("hardware"),
        words("method"),
        words("network"),
        Column("mJ a sample"),
        Column("ms a sample"),
        Column("energy x time"),
        Column("right"),
        words("remark", long=True),
    )
    rows = tuple(
        (
            Cell(row.publication, kind=PUBLISHED),
            Cell(row.hardware),
            Cell(row.method),
            Cell(row.network),
            Cell(f"{row.mJ:f}".rstrip("0")),
            Cell(NOTHING if row.ms is None else f"{row.ms:g}"),
            Cell(NOTHING)
            if row.joule_seconds is None
            else Cell(with_prefix(row.joule_seconds, "J s"), value=row.joule_seconds),
            Cell(f"{row.accuracy:.1%}"),
            Cell(row.note),
        )
        for row in TABLE
    )
    note = f"From {SOURCE}, MNIST. None of these was measured here; energy x time is the product of its two columns."
    return Table("Published by others", columns, rows, note)


def models_tables() -> list[Table]:
    """Every energy model: its constants, and what it covers, assumes and leaves out."""
    columns = (
        words("part"),
        Column("energy"),
        words("for each", long=True),
        words("source", long=True),
    )
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
