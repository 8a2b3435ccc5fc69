"""How fast each platform learns, and what it was checked to follow."""

from __future__ import annotations

import pytest
from benchmark_rows import made, main_group, whole
from table_cells import by_heading, column, long, numbers

from benchmarks.report.tables.learning import followed_table, target_table
from benchmarks.rows import Row

PEER = {"weights_equal_reference": None, "answers_equal_reference": None}


def ended(platform: str, shown: int, seconds: float | None, right: float, **changes: object) -> Row:
    """A row whose training was to end at 90 %; after half of it 60 % were right."""
    row = made(platform, "v", validation=9, until=0.9, **changes)
    half = {"shown": shown // 2, "seconds": seconds and seconds / 2, "right": 0.6}
    return row | {"curve": [half, {"shown": shown, "seconds": seconds, "right": right}]}


def test_samples_and_time_to_the_score_are_held_against_the_first_simulator():
    rows = [
        ended("reference", 20, 0.001, 0.95),
        ended("nest", 20, 0.4, 0.95),
        ended("scikit-learn", 40, 0.1, 0.92, correct=PEER, rates={"chosen": 0.01, "tried": {"0.01": 0.9}}),
        ended("snntorch", 40, 9.0, 0.7, correct=PEER),
    ]
    table = target_table(main_group(rows))
    assert table.title == "Time to 90%: digits, 4-3-2"
    assert by_heading(table, 2) == {
        "platform": "scikit-learn v",
        "samples": "40",
        "epochs": "1.00",
        "time": "100 ms",
        "time / nest v": "0.25",
        "ms a training sample": "2",
        "right on test samples": "90.0%",
        "learning rate": "0.01 | 0.01: 90.0%",
    }
    assert by_heading(table, 3) == {
        "platform": "snntorch v",
        "samples": "not after 40 | at best 70.0%",
        "epochs": "–",
        "time": "–",
        "time / nest v": "–",
        "ms a training sample": "2",
        "right on test samples": "90.0%",
        "learning rate": "–",
    }
    assert column(table, "samples")[:2] == ["20", "20"]
    assert column(table, "epochs")[:2] == ["0.50", "0.50"]
    assert column(table, "time")[:2] == ["1.00 ms", "400 ms"]
    assert column(table, "time / nest v")[:2] == ["0.0025", "1.0"]
    assert (numbers(table), long(table)) == ([one.heading for one in table.columns[1:]], [])
    assert table.note.startswith("Training ends as soon as 90% of 9 training samples that are held out are answered ")
    assert [cell.value for cell in table.rows[2][1:]] == pytest.approx([40, 1.0, 0.1, 0.25, 2.0, 0.9, 0.01])


def test_a_share_equal_to_the_score_has_reached_it():
    table = target_table(main_group([ended("nest", 20, 0.4, 0.9)]))
    assert (column(table, "samples"), column(table, "time")) == (["20"], ["400 ms"])


def test_samples_and_time_to_the_score_are_medians_over_the_seeds():
    rows = [ended("nest", shown, seconds, 0.95, seed=shown) for shown, seconds in ((20, 0.4), (60, 0.5), (80, 0.9))]
    found = by_heading(target_table(main_group(rows)))
    assert (found["samples"], found["epochs"], found["time"]) == ("60", "1.50", "500 ms")


def test_times_are_held_against_a_simulator_whose_time_is_known():
    rows = [ended("lava", 20, None, 0.95), ended("nest", 20, 0.4, 0.95), ended("brian2", 20, 0.8, 0.95)]
    table = target_table(main_group(rows))
    assert column(table, "time") == ["–", "400 ms", "800 ms"]
    assert column(table, "time / nest v") == ["–", "1.0", "2.0"]
    # Without one there is nothing to hold them against.
    alone = target_table(main_group([ended("reference", 20, 0.4, 0.95), ended("peer", 20, 0.4, 0.95, correct=PEER)]))
    assert [one.heading for one in alone.columns][3:5] == ["time", "ms a training sample"]


def test_the_best_share_may_have_been_before_the_end():
    table = target_table(main_group([ended("nest", 40, 0.8, 0.5)]))
    assert column(table, "samples") == ["not after 40 | at best 60.0%"]


def test_what_learnt_without_a_curve_did_not_reach_the_score():
    never = made("lava", "v", until=0.9, validation=9, repeat_seconds={}) | {"curve": []}
    table = target_table(main_group([ended("nest", 20, 0.4, 0.95), never]))
    assert column(table, "samples") == ["20", "not after 0 | at best 0.0%"]


def test_a_score_that_a_seed_did_not_reach_was_not_reached():
    table = target_table(main_group([ended("nest", 20, 0.4, 0.95), ended("nest", 40, 0.8, 0.7, seed=1)]))
    assert column(table, "samples") == ["not after 40 | at best 95.0%"]


def test_a_training_to_its_end_has_no_such_table():
    assert target_table(main_group([made("nest", "compiled")])) is None


def test_what_each_platform_showed_itself_of_a_whole_training_is_named():
    rows = whole([made("reference", "oracle"), made("nest", "compiled", stretch=[10, 30])])
    rows[1]["correct"]["weights_equal_reference"] = False
    table = followed_table([main_group(rows)])
    assert column(table, "samples of its own") == ["0 to 40", "10 to 30"]
    assert column(table, "weights compared") == ["18", "18"]
    assert column(table, "= the rule") == ["yes", "no"]
    assert column(table, "training") == ["digits, 4-3-2, 40 samples"] * 2
    assert (numbers(table), long(table)) == (["weights compared"], ["training"])
    assert followed_table([main_group([made("nest", "compiled")])]) is None


def test_only_circuits_follow_the_rule_and_they_do_it_in_all_epochs():
    rows = whole([made("nest", "compiled", epochs=3), made("peer", "v", epochs=3, correct=PEER)])
    table = followed_table([main_group(rows)])
    assert column(table, "platform") == ["nest compiled"]
    assert column(table, "samples of its own") == ["0 to 120"]


def test_a_graded_network_has_weights_from_each_copy_to_each():
    (row,) = whole([made("reference", "oracle", counts={}, joule=None)])
    table = followed_table([main_group([row | {"code": {"kind": "graded", "n": 3}}])])
    assert column(table, "weights compared") == ["162"]  # 18 of 3 x 3
