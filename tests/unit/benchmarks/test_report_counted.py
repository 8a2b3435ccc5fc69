"""The tables of what was counted, and of every run."""

from __future__ import annotations

import pytest
from benchmark_rows import lost, made, main_group, mixed
from table_cells import by_heading, column, headings, long, numbers

from benchmarks.report.summary import lines_of
from benchmarks.report.tables.counted import neurobench_table, spikes_tables
from benchmarks.report.tables.runs import machines_table, runs_table
from benchmarks.rows import INFERENCE, TRAINING


@pytest.fixture
def rows():
    return mixed()


# --- NeuroBench


def test_every_metric_stands_under_its_name():
    table = neurobench_table(lines_of([made("nest", "compiled"), made("brian2", "cython", metrics={})]))
    assert table.title == "NeuroBench's metrics"
    assert by_heading(table) == {
        "platform": "nest compiled",
        "case": "digits",
        "network": "4-3-2",
        "of": INFERENCE,
        "ClassificationAccuracy": "0.9000",
        "Footprint": "1,001",
        "ConnectionSparsity": "0.2500",
        "ActivationSparsity": "0.8750",
        "MembraneUpdates": "1,002",
        "Effective_ACs": "1,004",
        "Effective_MACs": "0",
        "Dense": "1,004",
    }
    assert by_heading(table, 1) == {
        **by_heading(table),
        "of": TRAINING,
        "ClassificationAccuracy": "–",
        "Footprint": "2,001",
        "MembraneUpdates": "2,002",
        "Effective_ACs": "2,004",
        "Dense": "2,004",
    }
    assert len(table.rows) == 2
    assert numbers(table) == headings(table)[4:]
    assert long(table) == []
    assert table.note == (
        "Names and definitions are NeuroBench's (Yik et al. 2025), of the first seed: operations and updates per "
        "sample, footprint in bytes, sparsities as shares."
    )


def test_the_metrics_are_those_of_the_first_seed():
    rows = [made("nest", "compiled", accuracy=accuracy, seed=seed) for seed, accuracy in enumerate((0.9, 0.8))]
    assert by_heading(neurobench_table(lines_of(rows)))["ClassificationAccuracy"] == "0.9000"


def test_one_known_metric_is_enough_for_a_row():
    (line,) = lines_of([made("nest", "compiled", metrics={"training": {"SynapticOperations": {"Dense": 99}}})])
    table = neurobench_table([line])
    assert column(table, "of") == [TRAINING]
    assert (column(table, "Dense"), column(table, "Footprint")) == (["99.00"], ["–"])
    assert neurobench_table(lines_of([made("nest", "compiled", metrics={"training": None})])) is None


# --- spikes


def test_spikes_stand_in_their_phase_and_gates_and_silent_populations_are_left_out(rows):
    training, inference = spikes_tables("mnist", main_group(rows).lines)
    assert training.title == "Spikes by population and phase: mnist, 4-3-2, training"
    assert headings(training) == ["population", *map(str, range(12)), "a sample"]
    assert numbers(training) == headings(training)[1:]
    assert training.note == (
        "Spikes in each phase of the cycle, per sample; the same on nest compiled, brian2 cython, reference oracle. "
        "Each gate fires once, in its own phase."
    )
    # All but the twelve gates; population 4 (h) fires 5 times in phase 4, population 13 (m_x) 14 times in phase 1.
    assert len(training.rows) == 31 - 12
    found = {cells[0].text: [cell.text for cell in cells[1:]] for cells in training.rows}
    assert found["h"] == [*[""] * 4, "5.0", *[""] * 7, "5.00"]
    assert found["m_x"] == ["", "14", *[""] * 10, "14.0"]
    assert inference.title == "Spikes by population and phase: mnist, 4-3-2, inference"
    assert column(inference, "population") == ["input", "start", "x", "h", "o"]
    rows[0]["counts"]["spikes_by_phase"]["h"] = [0.0] * 12
    assert "h" not in column(spikes_tables("mnist", lines_of(rows))[0], "population")


def test_platforms_that_fired_otherwise_have_a_table_of_their_own(rows):
    rows[2]["counts"]["spikes_per_sample"]["h"] += 0.01
    tables = spikes_tables("mnist", main_group(rows).lines)
    assert [table.note.partition("same on ")[2].partition(". ")[0] for table in tables] == [
        "nest compiled, reference oracle",
        "brian2 cython",
        "nest compiled, brian2 cython, reference oracle",
    ]


def test_what_was_not_counted_by_phase_has_no_table():
    one = made("nest", "compiled")
    del one["counts"]["spikes_by_phase"]
    assert [table.title[-9:] for table in spikes_tables("digits", lines_of([one]))] == ["inference"]


# --- runs and machines


def test_every_run_stands_under_its_headings_with_all_its_repeats(rows):
    table = runs_table(rows)
    assert table.title == "Every run"
    assert len(table.rows) == len(rows)
    assert by_heading(table, 1) == {
        "run": "mnist, nest compiled | 4-3-2",
        "seed": "1",
        "started": "2026-01-02T03:04:05+00:00",
        "warm-up, s": "1.50",
        "training, s, each repeat": "0.216, 0.240, 0.288",
        "test, s, each repeat": "1.00, 1.10, 1.30",
        "command": "run nest",
    }
    assert by_heading(table, 8) == {
        "run": "mnist, lava stock | 4-3-2",
        "seed": "0",
        "started": "2026-01-02T03:04:05+00:00",
        "warm-up, s": "–",
        "training, s, each repeat": "–",
        "test, s, each repeat": "–",
        "command": "run lava",
    }
    assert numbers(table) == ["seed", "warm-up, s"]
    assert long(table) == ["training, s, each repeat", "test, s, each repeat", "command"]


def test_each_machine_and_set_of_versions_is_named_once_with_what_ran_there():
    rows = [
        made("nest", "compiled", host={"cpu": "one", "cores": 2}, versions={"numpy": "1", "nest": "3.10"}),
        made("brian2", "cython", host={"cpu": "other"}, versions={"numpy": "1"}),
        made("lava", "fast", host={"cpu": "one", "cores": 2}, versions={"numpy": "1", "nest": "3.10"}),
        made("nest", "compiled", host={"cpu": "one", "cores": 2}, versions={"numpy": "1", "nest": "3.10"}, seed=1),
        lost("missing", "not there") | {"host": {"cpu": "third"}},
    ]
    table = machines_table(rows)
    assert table.title == "Machine and versions"
    assert column(table, "machine") == ["cpu one, cores 2", "cpu other"]
    assert column(table, "versions") == ["numpy 1, nest 3.10", "numpy 1"]
    assert column(table, "platforms") == ["nest compiled, lava fast", "brian2 cython"]
    assert long(table) == headings(table)
