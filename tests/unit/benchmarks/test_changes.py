"""What changed between two files of benchmark rows, and whether by more than the noise."""

from __future__ import annotations

import pytest
from benchmark_rows import job, row

from benchmarks import row_files
from benchmarks.changes import CHANGED, ELSEWHERE, SAME, UNKNOWN, WITHIN, Change, compare
from benchmarks.cli import main
from benchmarks.rows import FAILED, MISSING

TRAINING, TEST, BUILD, MEMORY = "ms a training sample", "ms a test sample", "s to build", "MB of memory at most"
COUNTED = "everything that is counted"
NAME = "digits 192-20-10 on reference oracle, published form, margin rule, 40x1+20 samples, seed 0"


def changes(before, after) -> dict[str, Change]:
    return {one.what: one for one in compare([before], [after]).changes}


def verdicts(before, after) -> dict[str, str]:
    return {what: one.verdict for what, one in changes(before, after).items()}


# --- what was timed


def test_every_time_is_compared_in_its_unit():
    before, after = row(train=[2.0, 2.2, 2.4], epochs=2), row(train=[3.0, 3.2, 3.4], epochs=2)
    after["repeat_seconds"] |= {"test": [3.0, 3.1, 3.2], "build": [0.6, 0.7, 0.9], "build_test": [9.0] * 3}
    name = "digits 192-20-10 on reference oracle, published form, margin rule, 40x2+20 samples, seed 0"
    assert list(changes(before, after).values()) == [
        # 80 training samples, 20 test samples; what is built takes seconds whatever the number of samples.
        Change(name, TRAINING, pytest.approx(27.5), pytest.approx(40), CHANGED, pytest.approx(0.1)),
        Change(name, TEST, pytest.approx(55), pytest.approx(155), CHANGED, pytest.approx(0.1)),
        Change(name, BUILD, 0.5, 0.7, WITHIN, None),
        Change(name, COUNTED, "", "", SAME, None),
        Change(name, MEMORY, 200.0, 200.0, UNKNOWN, None),
    ]


def test_medians_further_apart_than_both_ranges_are_a_change_and_nearer_ones_are_noise():
    assert verdicts(row(train=[2.0, 2.2, 2.4]), row(train=[2.3, 2.5, 2.7]))[TRAINING] == WITHIN
    assert verdicts(row(train=[2.0, 2.2, 2.4]), row(train=[2.7, 2.75, 2.8]))[TRAINING] == CHANGED
    assert verdicts(row(train=[2.7, 2.75, 2.8]), row(train=[2.0, 2.2, 2.4]))[TRAINING] == CHANGED


def test_repeats_that_scatter_widely_are_noise_even_if_they_do_not_overlap():
    assert verdicts(row(train=[2.0, 2.2, 3.0]), row(train=[3.1, 3.2, 4.0]))[TRAINING] == WITHIN


def test_the_widths_of_both_ranges_are_added():
    # 0.4 and 0.4 wide: medians 0.8 apart are noise (in eighths, so that nothing is rounded), a little more is a change.
    assert verdicts(row(train=[2.0, 2.25, 2.5]), row(train=[3.0, 3.25, 3.5]))[TRAINING] == WITHIN
    assert verdicts(row(train=[2.0, 2.25, 2.5]), row(train=[3.0, 3.375, 3.5]))[TRAINING] == CHANGED
    assert verdicts(row(train=[2.0, 2.25, 2.5]), row(train=[2.75, 2.875, 2.9375]))[TRAINING] == WITHIN


@pytest.mark.parametrize(("repeats", "chance"), [(3, 1 / 10), (5, 1 / 126)])
def test_a_change_says_how_probable_it_is_by_chance(repeats, chance):
    before, after = ([first + 0.01 * k for k in range(repeats)] for first in (1.0, 2.0))
    timed = changes(row(train=before), row(train=after))[TRAINING]
    assert timed.chance == pytest.approx(chance)
    assert timed.ratio == pytest.approx(after[repeats // 2] / before[repeats // 2])


@pytest.mark.parametrize(
    ("before", "after", "ratio"), [(2, 3.0, 1.5), (0, 3, None), ("ok", "failed", None), (1, "", None)]
)
def test_a_ratio_is_that_of_two_numbers(before, after, ratio):
    assert Change("a row", "a thing", before, after, CHANGED).ratio == ratio


def test_fewer_than_three_repeats_say_nothing_about_noise():
    for few in ([1.0], [1.0, 1.1]):
        found = changes(row(train=few), row(train=[9.0, 9.1, 9.2]))[TRAINING]
        assert (found.row, found.verdict, found.chance) == (NAME, UNKNOWN, None)
        assert verdicts(row(train=[9.0, 9.1, 9.2]), row(train=few))[TRAINING] == UNKNOWN


def test_a_stage_that_one_of_them_lacks_is_not_compared():
    other = row()
    other["repeat_seconds"] = {"train": [2.0, 2.1, 2.2], "test": None}
    assert list(changes(row(), other)) == [TRAINING, COUNTED, MEMORY]
    assert list(changes(other, row())) == [TRAINING, COUNTED, MEMORY]


@pytest.mark.parametrize("condition", [{"processor": "another"}, {"cores": 1000}, {"jobs_at_once": 2}])
def test_times_under_other_conditions_are_not_judged(condition):
    other = row(train=[9.0, 9.1, 9.2])
    other["host"].update(condition)
    found = changes(row(), other)[TRAINING]
    assert found == Change(NAME, TRAINING, pytest.approx(52.5), pytest.approx(227.5), ELSEWHERE)


def test_another_host_of_the_same_kind_is_no_other_condition():
    other = row()
    other["host"]["memory_GB"] = 1.0
    assert verdicts(row(), other)[TRAINING] == WITHIN


# --- what was counted


def test_what_is_counted_changes_by_any_difference():
    found = changes(row(accuracy=0.9), row(accuracy=0.9001))
    assert found["metrics.ClassificationAccuracy"] == Change(
        NAME, "metrics.ClassificationAccuracy", 0.9, 0.9001, CHANGED, None
    )
    assert COUNTED not in found
    other = row()
    other["counts"]["spikes_by_phase"]["h"] = [3.5, 0]
    assert verdicts(row(), other)["counts.spikes_by_phase.h"] == CHANGED


@pytest.mark.parametrize("part", ["metrics", "counts", "correct"])
def test_what_only_one_of_them_counted_is_a_change(part):
    other = row()
    other[part]["new"] = 7
    for before, after in ((row(), other), (other, row())):
        assert changes(before, after)[f"{part}.new"] == Change(
            NAME, f"{part}.new", before[part].get("new"), after[part].get("new"), CHANGED, None
        )


def test_another_version_of_a_library_is_no_change_of_a_count():
    other = row()
    other["counts"]["counted_on"]["numpy"] = "2"
    assert verdicts(row(), other)[COUNTED] == SAME


def test_the_same_rows_have_not_changed():
    assert not compare([row(), row(seed=1)], [row(), row(seed=1)]).any


def test_counts_are_reported_as_the_same_even_if_times_changed():
    found = verdicts(row(train=[1.0, 1.1, 1.2]), row(train=[2.0, 2.1, 2.2]))
    assert found[TRAINING] == CHANGED
    assert found[COUNTED] == SAME


def test_rows_match_whatever_their_number_of_repeats():
    assert verdicts(row(repeats=3), row(repeats=5))[TRAINING] == WITHIN


@pytest.mark.parametrize(
    ("change", "name"),
    [
        ({"case": "mnist", "hidden": 30}, NAME.replace("digits 192-20-10", "mnist 400-30-10")),
        ({"platform": "nest", "variant": "dopamine"}, NAME.replace("reference oracle", "nest dopamine")),
        ({"seed": 3}, NAME.replace("seed 0", "seed 3")),
        ({"samples": 50, "epochs": 2}, NAME.replace("40x1+20", "50x2+20")),
        ({"test_samples": 30}, NAME.replace("40x1+20", "40x1+30")),
        ({"threads": 2}, NAME.replace("margin rule", "margin rule, 2 threads")),
        ({"form": "compact", "rule": "published"}, NAME.replace("published", "compact").replace("margin", "published")),
        ({"code": {"kind": "graded", "n": 4}}, NAME.replace("192", "65").replace("rule,", "rule, graded code of 4,")),
        ({"stretch": (10, 20)}, NAME.replace("margin rule", "margin rule, samples 10 to 20")),
        ({"validation": 7}, NAME.replace("seed", "7 held out, seed")),
        ({"validation": 7, "until": 0.9}, NAME.replace("seed", "7 held out, until 0.9, seed")),
    ],
)
def test_a_row_that_came_or_went_is_named_and_a_change(change, name):
    found = compare([row()], [row(**change)])
    assert (found.only_before, found.only_after, found.changes) == ((NAME,), (name,), ())
    assert found.any
    assert compare([row(), row(**change)], [row()]).any
    assert compare([row()], [row(), row(**change)]).any


def test_a_row_that_broke_is_a_change_and_nothing_else_is_said_of_it():
    broken, missing = job().row(FAILED, "it broke"), job().row(MISSING, "not there")
    assert list(changes(row(), broken).values()) == [Change(NAME, "status", "ok", "failed", CHANGED)]
    assert list(changes(broken, missing).values()) == [Change(NAME, "status", "failed", "missing", CHANGED)]
    assert changes(broken, job().row(FAILED, "it broke otherwise")) == {}
    assert not compare([broken], [broken]).any


@pytest.mark.parametrize(("after", "status"), [([2.0, 2.1, 2.2], 0), ([3.0, 3.1, 3.2], 1)])
def test_the_command_says_by_its_status_whether_something_changed(tmp_path, capsys, after, status):
    for name, train in (("a", [2.0, 2.1, 2.2]), ("b", after)):
        row_files.append(tmp_path / f"{name}.jsonl", row(train=train))
    assert main(["compare", str(tmp_path / "a.jsonl"), str(tmp_path / "b.jsonl")]) == status
    assert ("nothing changed" in capsys.readouterr().out) == (status == 0)
