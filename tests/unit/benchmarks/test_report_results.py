"""The tables of results and of what has none: every value under its heading."""

from __future__ import annotations

import pytest
from benchmark_rows import DECLARED, METER, OF_A_PEER, lost, made, main_group, mixed
from table_cells import by_heading, column, long, numbers, text_of

from benchmarks.report.groups import groups_of
from benchmarks.report.numbers import with_prefix
from benchmarks.report.summary import lines_of
from benchmarks.report.tables.results import failures_table, results_table, unreadable_table
from benchmarks.row_files import Unreadable
from benchmarks.rows import INFERENCE, TRAINING


@pytest.fixture
def rows():
    return mixed()


@pytest.fixture
def table(rows):
    return results_table(main_group(rows))


def test_every_value_of_a_platform_stands_under_its_heading(table):
    assert table.title == "Results: mnist, 4-3-2, 40 samples (published form, margin rule)"
    assert by_heading(table) == {
        "platform": "nest compiled | 2 seeds",
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
        # The same as of the other platforms; its constants are tested with the models.
        "energy, loihi-sweep": text_of(table.rows[1][-1]),
    }


def test_the_energy_by_a_model_is_that_of_training(rows, table):
    of_a_line = lines_of(rows)[0].energies
    (training,) = (one for one in of_a_line if one.model and one.of == TRAINING and one.by == "loihi-sweep")
    (inference,) = (one for one in of_a_line if one.model and one.of == INFERENCE and one.by == "loihi-sweep")
    assert with_prefix(training.joule, "J") != with_prefix(inference.joule, "J")
    assert column(table, "energy, loihi-sweep")[0].startswith(with_prefix(training.joule, "J"))


def test_what_is_not_known_is_a_dash_and_a_column_without_any_value_is_left_out():
    bare = made("nest", "compiled", joule=None, counts={}, energy=[], metrics={}, repeat_seconds={})
    bare |= {"correct": {"means": "equal"}, "peak_memory_MB": None}
    assert by_heading(results_table(main_group([bare]))) == {"platform": "nest compiled"}
    found = by_heading(results_table(main_group([bare, made("lava", "fast")])))
    assert set(found.values()) == {"nest compiled", "–"}
    assert len(found) == 12


def test_build_and_memory_are_medians_without_a_range(rows):
    rows[1]["peak_memory_MB"] = 300.0
    found = by_heading(results_table(main_group(rows)))
    assert (found["MB"], found["build"]) == ("250", "600 ms")


def test_the_title_says_how_much_was_learnt():
    table = results_table(main_group([made("nest", "compiled", samples=60_000, epochs=2)]))
    assert table.title == "Results: digits, 4-3-2, 2 epochs of 60,000 samples (published form, margin rule)"


def test_every_platform_of_the_same_training_has_a_row_and_no_other(rows, table):
    assert column(table, "platform")[1:] == ["brian2 cython", "reference oracle", "scikit-learn batch1"]
    assert column(table, "spikes") == ["490"] * 3 + ["–"]
    titles = [results_table(group).title.split(" (")[0] for group in groups_of(lines_of(rows))]
    assert titles == [f"Results: mnist, 4-{hidden}-2, 40 samples" for hidden in (3, 6, 12, 24)]


@pytest.mark.parametrize("other", [{"samples": 41}, {"epochs": 2}, {"test_samples": 19}, {"validation": 3}])
def test_rows_of_another_training_or_test_are_never_beside_them(other):
    rows = [made("nest", "compiled"), made("lava", "fast", **other)]
    assert [column(results_table(group), "platform") for group in groups_of(lines_of(rows))] == [
        ["nest compiled"],
        ["lava fast"],
    ]


def test_what_tells_lines_of_one_platform_apart_stands_in_their_names():
    rows = [made("nest", "compiled"), made("nest", "compiled", form="compact"), made("nest", "compiled", threads=2)]
    assert column(results_table(main_group(rows)), "platform") == [
        "nest compiled, published form",
        "nest compiled, compact form",
        "nest compiled, published form, 2 threads",
    ]


def test_the_energy_of_a_run_says_how_it_is_known(table):
    assert column(table, "energy of the run")[:3] == [
        f"300 mJ | {METER} | measured",
        f"30.0 mJ | {DECLARED} | estimated",
        "–",
    ]


def test_an_energy_too_small_for_the_meter_is_not_shown_as_nothing():
    table = results_table(main_group([made("reference", "oracle", joule=0.0)]))
    assert by_heading(table)["energy of the run"] == f"– | too short for {DECLARED}"


@pytest.mark.parametrize("which", ["weights_equal_reference", "answers_equal_reference"])
def test_a_platform_that_differs_from_the_rule_is_shown_to(rows, which):
    rows[1]["correct"][which] = False
    table = results_table(main_group(rows))
    assert column(table, "= the rule")[:2] == ["no | differs", "yes"]


def test_a_peer_follows_no_rule():
    table = results_table(main_group([made("nest", "compiled"), made("scikit-learn", "batch1", correct=OF_A_PEER)]))
    assert column(table, "= the rule") == ["yes", "–"]


def test_numbers_stand_to_the_right_and_a_narrow_terminal_shows_the_main_ones(table):
    assert numbers(table) == [
        "right",
        "ms a training sample",
        "ms a test sample",
        "build",
        "spikes",
        "synaptic events",
        "weight changes",
        "MB",
        "energy of the run",
        "energy, loihi-sweep",
    ]
    assert [one.heading for one in table.columns if one.minor] == ["build", "MB", "energy, loihi-sweep"]
    assert long(table) == []


def test_the_note_says_of_what_the_times_are(rows, table):
    assert table.note == (
        "Tested with 20 samples. Medians, and from where to where the values reach. Each time is of 3 repeats of each "
        "seed, with 1 thread; warming up and building are not in it. Right: test samples whose class fired most. = the "
        "rule: weights and answers equal those of the integer rule, to the last one. Spikes of neurons, synaptic "
        "events (spikes x synapses reached, of spikes from outside too), weight changes and energy are per training "
        "sample; loihi-sweep is an estimate for a Loihi chip, not for what ran."
    )
    rows[0]["threads"], rows[2]["repeat_seconds"] = 2, {"train": [1.0]}
    assert "of 1 or 3 repeats of each seed, with 1 or 2 threads;" in results_table(main_group(rows)).note
    for row in rows:
        row["repeat_seconds"] = {}
    assert "of 0 repeats of each seed" in results_table(main_group(rows)).note


# --- what has no result


def test_what_has_no_result_says_what_it_was_and_why(rows):
    table = failures_table([*rows, lost("missing", "lava is not installed") | {"seed": 3}])
    assert table.title == "Without a result"
    assert by_heading(table) == {
        "case": "mnist",
        "platform": "lava stock, published form, margin rule",
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


def test_what_can_not_be_read_says_its_line_and_why():
    table = unreadable_table([Unreadable(3, "the line has no end", b"{"), Unreadable(7, "it lacks a case", b"{}")])
    assert table.title == "Unreadable"
    assert by_heading(table) == {"line": "3", "status": "unreadable | failed", "why": "the line has no end"}
    assert column(table, "line") == ["3", "7"]
    assert (numbers(table), long(table)) == (["line"], ["why"])
    assert unreadable_table([]) is None
