"""The tables of energies: of the runs, by models, published by others, and the models themselves."""

from __future__ import annotations

import pytest
from benchmark_rows import DECLARED, METER, made, main_group, mixed
from table_cells import by_heading, column, headings, long, numbers

from benchmarks.measure.energy_model import models
from benchmarks.report.published import TABLE
from benchmarks.report.summary import lines_of
from benchmarks.report.tables.energies import (
    against_published_table,
    estimates_table,
    metered_table,
    models_tables,
    published_table,
)
from benchmarks.rows import INFERENCE, TRAINING


@pytest.fixture
def rows():
    return mixed(rule="published")


# --- by models


def test_estimates_stand_under_the_name_of_their_model(rows):
    table = estimates_table("mnist", main_group(rows).lines)
    assert table.title == "Energy estimated by model: mnist"
    assert headings(table) == ["network", "of", *models(), "counted on"]
    # From 52 + 1 neurons, 293 synapses and 66 plastic ones, 12 steps: 636 updates of neurons, all active; 490 spikes,
    # 41.5 synaptic events, 5.25 weight changes, 792 visits of plastic synapses; every population lies on one core, so
    # a message goes with each spike through each projection: 2,022.
    assert by_heading(table) == {
        "network": "4-3-2 | published form, published rule",
        "of": TRAINING,
        "cpu-mac": "30.2 µJ",  # 293 * 12 * 8.6 nJ
        "gpu-mac": "1.05 µJ",  # 293 * 12 * 0.3 nJ
        "loihi-events": "82.6 nJ",  # 636 * 81 pJ + 41.5 * 23.6 pJ + 5.25 * 120 pJ + 2,022 * 14.575 pJ
        "loihi-silicon": "333 nJ",  # 636 * 72.8 pJ + 41.5 * 35.5 pJ + 490 * 69.3 pJ + 2,022 * 124.125 pJ
        "loihi-sweep": "177 nJ",  # 636 * 81 pJ + 41.5 * 23.6 pJ + 792 * 120 pJ + 2,022 * 14.575 pJ
        "spinnaker1": "17.1 µJ",  # 636 * 26 nJ + 41.5 * 13.3 nJ
        "spinnaker2": "1.41 µJ",  # 636 * 2.19 nJ + 41.5 * 0.45 nJ
        "counted on": "nest compiled, brian2 cython, reference oracle",
    }
    assert column(table, "of") == [TRAINING, INFERENCE]
    assert by_heading(table, 1)["cpu-mac"] == "1.24 µJ"  # 36 synapses, 4 steps
    assert long(table) == ["counted on"]
    assert numbers(table) == list(models())
    assert table.note == (
        "Each of these energies is estimated, for a sample, from counts alone, by the model that heads the column: of "
        "the device that the model is of, not of the simulator that ran. Platforms that fired the same spikes share a "
        "row."
    )


def test_an_estimate_of_a_model_that_lacks_a_count_is_a_dash(rows):
    one = made("nest", "compiled", rule="published")
    one["energy"] = [entry for entry in one["energy"] if entry["by"] == "cpu-mac"]
    assert by_heading(estimates_table("mnist", lines_of([one])))["gpu-mac"] == "–"
    assert by_heading(estimates_table("mnist", lines_of([one])))["cpu-mac"] == "30.2 µJ"


def test_where_nothing_was_counted_there_are_no_estimates(rows):
    assert estimates_table("mnist", lines_of([rows[4]])) is None


# --- of the runs


def test_every_energy_of_a_run_stands_under_its_heading(rows):
    table = metered_table(lines_of(rows))
    assert table.title == "Energy of the runs"
    assert by_heading(table) == {
        "platform": "nest compiled",
        "case": "mnist",
        "network": "4-3-2",
        "of": TRAINING,
        "energy a sample": "300 mJ | measured",
        "energy x time": "1.71 mJ s | measured",  # 0.3 J * 5.7 ms
        "by": METER,
        "covers": "the run",
    }
    assert by_heading(table, 3) == {
        "platform": "brian2 cython",
        "case": "mnist",
        "network": "4-3-2",
        "of": INFERENCE,
        "energy a sample": "15.0 mJ | estimated",
        "energy x time": "825 µJ s | estimated",  # 0.015 J * 55 ms
        "by": DECLARED,
        "covers": "the run",
    }
    # Two for each line but that of the reference, which had no meter.
    assert len(table.rows) == 2 * 6
    assert numbers(table) == ["energy a sample", "energy x time"]
    assert long(table) == ["covers"]
    assert table.note == (
        "Energy of the computer while it ran the samples, whatever it simulates; building is not in it."
    )


def test_an_energy_that_no_meter_saw_has_no_product():
    table = metered_table(lines_of([made("reference", "oracle", joule=0.0)]))
    assert column(table, "energy a sample") == [f"– | too short for {DECLARED}"] * 2
    assert column(table, "energy x time") == ["–"] * 2


def test_without_a_meter_there_is_no_such_table():
    assert metered_table(lines_of([made("reference", "oracle", joule=None)])) is None


# --- published by others


def test_published_rows_are_all_there_and_under_their_headings():
    table = published_table()
    assert table.title == "Published by others"
    assert by_heading(table) == {
        "publication": "Renner et al. 2024 | published",
        "hardware": "Loihi",
        "method": "backpropagation",
        "network": "400-400-10",
        "mJ a sample": "0.59",
        "ms a sample": "1.5",
        "energy x time": "885 nJ s",
        "right": "96.3%",
        "remark": "the circuit of this package; 97.5 % by output potential; 60 epochs, 3 runs",
    }
    assert len(table.rows) == len(TABLE) == 17
    assert " ".join(column(table, "mJ a sample")) == (
        "0.59 8.4 0.000366 0.000253 0.017 0.000015 0.553 0.00005 0.0025 2.47 0.000313 0.0084 0.0128 0.0017 0.00027 "
        "0.108 3.3"
    )
    assert " ".join(column(table, "ms a sample")) == "1.5 20 0.12 0.01 0.16 – – 0.001 0.17 10 0.12 0.048 – – 1 1 11"
    assert column(table, "energy x time")[4:9] == ["2.72 nJ s", "–", "–", "0.0500 pJ s", "425 pJ s"]
    assert " ".join(column(table, "right")) == (
        "96.3% 94.7% 95.3% 98.1% 89.0% 84.5% 96.4% 88.0% 96.3% 94.7% 97.5% 96.9% 96.4% 97.9% 92.7% 99.4% 95.0%"
    )
    assert all(cell.endswith(" | published") for cell in column(table, "publication"))
    assert numbers(table) == ["mJ a sample", "ms a sample", "energy x time", "right"]
    assert long(table) == ["remark"]
    assert table.note == (
        "From Renner et al., Nature Communications 15:9691, 2024, Table 1, MNIST. None of these was measured here; "
        "energy x time is the product of its two columns."
    )


def test_the_published_network_is_compared_where_it_was_counted(rows):
    assert against_published_table(rows) is None
    rows.append(made("reference", "steps", layer_sizes=[400, 400, 10]) | {"case": "mnist"})
    table = against_published_table(rows)
    assert table.title == "The published network: estimated and published"
    assert column(table, "of") == [TRAINING] * 3 + [INFERENCE] * 2
    assert column(table, "model") == [
        *("loihi-events", "loihi-sweep", "loihi-silicon"),
        *("loihi-events", "loihi-silicon"),
    ]
    assert column(table, "published, mJ") == ["0.59"] * 3 + ["0.0025"] * 2
    # 3,283 neurons in 12 steps at 81 pJ, and 6,000,000 visits at 120 pJ, make 0.723 mJ; the rest is little.
    assert column(table, "estimated, mJ")[1] == "0.723"
    assert column(table, "estimated / published")[1] == "1.2"
    assert [cell.value for cell in table.rows[1][3:6]] == pytest.approx([0.7233, 0.59, 0.7233 / 0.59], rel=1e-3)
    assert all(column(table, "why they differ"))
    assert long(table) == ["why they differ"]
    assert numbers(table) == ["estimated, mJ", "published, mJ", "estimated / published"]
    assert table.note == (
        "400-400-10 on MNIST, Loihi, energy of a sample. Counts: published form from reference steps, 6 training "
        "samples counted. Published, in the published form: Renner et al., Nature Communications 15:9691, 2024, "
        "Table 1."
    )
    assert column(table, "form") == ["published"] * 5
    del rows[-1]["counts"]["counted_samples"]
    assert "from reference steps, 0 training samples counted." in against_published_table(rows).note


# --- the models


def test_models_tables_give_constants_sources_and_what_is_left_out():
    tables = {table.title: table for table in models_tables()}
    assert list(tables)[2] == "loihi-events: Loihi before silicon, learning by events"
    assert [title.partition(":")[0] for title in tables] == list(models())
    table = tables["loihi-events: Loihi before silicon, learning by events"]
    paper = "Davies et al., IEEE Micro 38(1), 2018, Table 2 (simulated before silicon, at 0.75 V), doi "
    assert by_heading(table) == {
        "part": "synaptic events",
        "energy": "23.6 pJ",
        "for each": "spike and synapse that it reaches",
        "source": f"{paper}10.1109/MM.2018.112130359",
    }
    assert column(table, "for each")[4] == (
        "message: a spike to one core that holds a target, times 2.625: mean distance of two tiles drawn at random in "
        "the mesh of 8 x 4 tiles, east-west: (8 x 8 - 1) / (3 x 8)"
    )
    assert column(table, "energy") == ["23.6 pJ", "52 pJ", "29 pJ", "1.7 pJ", "3 pJ", "4 pJ", "120 pJ"]
    assert numbers(table) == ["energy"]
    assert long(table) == ["for each", "source"]
    assert table.note.startswith(
        "Covers synaptic events, neuron updates, messages and weight changes on the chip. Assumes: every neuron is "
        "updated in each step; a spike is one message to each core"
    )
    assert "; the learning engine touches a synapse only where its two neurons fire together. Leaves out: static " in (
        table.note
    )
    assert table.note.endswith("; visits of the learning engine to synapses that do not change.")


def test_every_count_of_a_model_is_said_in_words():
    found = {cell.partition(",")[0] for table in models_tables() for cell in column(table, "for each")}
    assert found == {
        "neuron and step",
        "neuron and step at which a spike arrives",
        "spike of a neuron",
        "spike and synapse that it reaches",
        "plastic synapse whose two neurons fire together",
        "plastic synapse and step",
        "message: a spike to one core that holds a target",
        "synapse and step",
    }
