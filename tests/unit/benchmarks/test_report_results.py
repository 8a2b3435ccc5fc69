"""The tables of results and of what has none: every value under its heading."""

from __future__ import annotations

import pytest
from benchmark_rows import DECLARED, METER, lost, made, mixed
from table_cells import by_heading, column, long, numbers

from benchmarks.report.summary import lines_of
from benchmarks.report.tables.results import failures_table, results_table


@pytest.fixture
def rows():
    return mixed()


@pytest.fixture
def table(rows):
    return results_table("mnist", lines_of(rows))


def test_every_value_of_a_platform_stands_under_its_heading(table):
    assert table.title == "Results: mnist"
    assert by_heading(table) == {
        "platform": "nest compiled | 2 seeds",
        "network": "4-3-2",
        "samples": "40",
        "right": "92.0% | 90.0% to 94.0%",
        "= the rule": "yes",
        "ms a training sample": "5.70 | 4.50 to 7.20",
        "ms a test sample": "55.0 | 50.0 to 65.0",
        "build": "600 ms",
        # Populations 3 (x) to 30 (g11) of the circuit fire 4 to 31 times.
        "spikes": "490",
        "synaptic events": "41.5",
        "weight changes": "5.25",
        "MB": "200",
        "energy of the run": f"300 mJ | {METER} | measured",
    }


def test_what_is_not_known_is_a_dash(rows):
    bare = made("nest", "compiled", joule=None, counts={}, energy=[], metrics={}, repeat_seconds={})
    bare |= {"correct": {"means": "equal"}, "peak_memory_MB": None}
    assert by_heading(results_table("digits", lines_of([bare]))) == {
        "platform": "nest compiled",
        "network": "4-3-2",
        "samples": "40",
        "energy of the run": "– | no meter",
        **dict.fromkeys(("right", "= the rule", "ms a training sample", "ms a test sample", "build"), "–"),
        **dict.fromkeys(("spikes", "synaptic events", "weight changes", "MB"), "–"),
    }


def test_samples_have_commas_and_say_how_often_they_were_shown():
    table = results_table("mnist", lines_of([made("nest", "compiled", samples=60_000, epochs=2)]))
    assert by_heading(table)["samples"] == "60,000 | 2 epochs"
    assert by_heading(table)["platform"] == "nest compiled"


def test_every_platform_and_size_has_a_row(table):
    nest = "nest compiled"
    assert column(table, "platform")[1:] == ["brian2 cython", "reference oracle", "scikit-learn batch1", *[nest] * 3]
    assert column(table, "network") == ["4-3-2"] * 4 + ["4-6-2", "4-12-2", "4-24-2"]
    assert column(table, "spikes") == ["490"] * 3 + ["–"] + ["490"] * 3


def test_the_energy_of_a_run_says_how_it_is_known(table):
    assert column(table, "energy of the run")[:3] == [
        f"300 mJ | {METER} | measured",
        f"30.0 mJ | {DECLARED} | estimated",
        "– | no meter",
    ]


def test_an_energy_too_small_for_the_meter_is_not_shown_as_nothing():
    table = results_table("digits", lines_of([made("reference", "oracle", joule=0.0)]))
    assert by_heading(table)["energy of the run"] == f"– | too short for {DECLARED}"


@pytest.mark.parametrize("which", ["weights_equal_reference", "answers_equal_reference"])
def test_a_platform_that_differs_from_the_rule_is_shown_to(rows, which):
    rows[1]["correct"][which] = False
    table = results_table("mnist", lines_of(rows))
    assert column(table, "= the rule")[:2] == ["no | differs", "yes"]


def test_a_peer_follows_no_rule():
    nothing = {"weights_equal_reference": None, "answers_equal_reference": None}
    table = results_table("mnist", lines_of([made("scikit-learn", "batch1", correct=nothing)]))
    assert column(table, "= the rule") == ["–"]


def test_numbers_stand_to_the_right_and_a_narrow_terminal_shows_the_main_ones(table):
    assert numbers(table) == [
        "samples",
        "right",
        "ms a training sample",
        "ms a test sample",
        "build",
        "spikes",
        "synaptic events",
        "weight changes",
        "MB",
        "energy of the run",
    ]
    assert [one.heading for one in table.columns if one.minor] == ["samples", "build", "MB"]
    assert long(table) == []


def test_the_note_says_of_what_the_times_are(rows, table):
    assert table.note == (
        "Medians, and from where to where the values reach. Each time is of 3 repeats of each seed, with 1 thread; "
        "warming up and building are not in it. Right: test samples whose first output spike is of the right class. = "
        "the rule: weights and answers equal those of the integer rule, to the last one. Spikes of neurons, synaptic "
        "events (spikes x synapses reached, of spikes from outside too), weight changes and energy are per training "
        "sample."
    )
    rows[0]["threads"], rows[2]["repeat_seconds"] = 2, {"train": [1.0]}
    assert "of 1 or 3 repeats of each seed, with 1 or 2 threads;" in results_table("mnist", lines_of(rows)).note
    for row in rows:
        row["repeat_seconds"] = {}
    assert "of 0 repeats of each seed" in results_table("mnist", lines_of(rows)).note


# --- what has no result


def test_what_has_no_result_says_what_it_was_and_why(rows):
    table = failures_table([*rows, lost("missing", "lava is not installed") | {"seed": 3}])
    assert table.title == "Without a result"
    assert by_heading(table) == {
        "case": "mnist",
        "platform": "lava stock",
        "network": "4-3-2",
        "seed": "0",
        "status": "timeout | timeout",
        "why": "ended after 300 s",
    }
    assert column(table, "seed") == ["0", "3"]
    assert column(table, "case") == ["mnist", "digits"]
    assert numbers(table) == ["seed"]
    assert long(table) == ["why"]
    assert table.note == ""


def test_where_everything_has_a_result_there_is_no_such_table(rows):
    assert failures_table(rows[:3]) is None
