"""What changed between two files of benchmark rows, and whether by more than the noise."""

from __future__ import annotations

import pytest
from benchmark_rows import job, row

from benchmarks import changes as change
from benchmarks import rows as results
from benchmarks.changes import CHANGED, ELSEWHERE, SAME, UNKNOWN, WITHIN
from benchmarks.cli import main
from benchmarks.rows import FAILED

TRAINING = "ms a training sample"


def verdicts(before, after) -> dict[str, str]:
    return {one.what: one.verdict for one in change.compare([before], [after]).changes}


def test_medians_further_apart_than_both_ranges_are_a_change_and_nearer_ones_are_noise():
    assert verdicts(row(train=[2.0, 2.2, 2.4]), row(train=[2.3, 2.5, 2.7]))[TRAINING] == WITHIN
    assert verdicts(row(train=[2.0, 2.2, 2.4]), row(train=[2.7, 2.75, 2.8]))[TRAINING] == CHANGED
    assert verdicts(row(train=[2.7, 2.75, 2.8]), row(train=[2.0, 2.2, 2.4]))[TRAINING] == CHANGED


def test_repeats_that_scatter_widely_are_noise_even_if_they_do_not_overlap():
    assert verdicts(row(train=[2.0, 2.2, 3.0]), row(train=[3.1, 3.2, 4.0]))[TRAINING] == WITHIN


def test_a_change_says_how_probable_it_is_by_chance():
    found = change.compare([row(train=[1.0, 1.1, 1.2])], [row(train=[2.0, 2.1, 2.2])])
    timed = next(one for one in found.changes if one.what == TRAINING)
    assert timed.chance == pytest.approx(1 / 10)
    assert timed.ratio == pytest.approx(2.1 / 1.1)


def test_one_repeat_says_nothing_about_noise():
    assert verdicts(row(train=[1.0]), row(train=[9.0, 9.1, 9.2]))[TRAINING] == UNKNOWN


@pytest.mark.parametrize("condition", [{"processor": "another"}, {"jobs_at_once": 2}])
def test_times_under_other_conditions_are_not_judged(condition):
    other = row(train=[9.0, 9.1, 9.2])
    other["host"].update(condition)
    assert verdicts(row(), other)[TRAINING] == ELSEWHERE


def test_what_is_counted_changes_by_any_difference():
    found = verdicts(row(accuracy=0.9), row(accuracy=0.9001))
    assert found["metrics.ClassificationAccuracy"] == CHANGED
    other = row()
    other["counts"]["spikes_by_phase"]["h"] = [3.5, 0]
    assert verdicts(row(), other)["counts.spikes_by_phase.h"] == CHANGED


def test_another_version_of_a_library_is_no_change_of_a_count():
    other = row()
    other["counts"]["counted_on"]["numpy"] = "2"
    assert verdicts(row(), other)["everything that is counted"] == SAME


def test_the_same_rows_have_not_changed():
    assert not change.compare([row(), row(seed=1)], [row(), row(seed=1)]).any


def test_counts_are_reported_as_the_same_even_if_times_changed():
    found = verdicts(row(train=[1.0, 1.1, 1.2]), row(train=[2.0, 2.1, 2.2]))
    assert found[TRAINING] == CHANGED
    assert found["everything that is counted"] == SAME


def test_rows_match_whatever_their_number_of_repeats():
    assert verdicts(row(repeats=3), row(repeats=5))[TRAINING] == WITHIN


def test_a_row_that_came_or_went_or_broke_is_a_change():
    found = change.compare([row(), row(seed=1)], [row(seed=1), row(seed=2)])
    assert len(found.only_before) == len(found.only_after) == 1
    assert "seed 0" in found.only_before[0]
    assert found.any
    assert verdicts(row(), job().row(FAILED, "it broke")) == {"status": CHANGED}


@pytest.mark.parametrize(("after", "status"), [([2.0, 2.1, 2.2], 0), ([3.0, 3.1, 3.2], 1)])
def test_the_command_says_by_its_status_whether_something_changed(tmp_path, capsys, after, status):
    for name, train in (("a", [2.0, 2.1, 2.2]), ("b", after)):
        results.append(tmp_path / f"{name}.jsonl", row(train=train))
    assert main(["compare", str(tmp_path / "a.jsonl"), str(tmp_path / "b.jsonl")]) == status
    assert ("nothing changed" in capsys.readouterr().out) == (status == 0)
