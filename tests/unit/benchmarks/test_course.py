"""A training as the rule goes through it: stretches of it, its curve, and its early end."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from benchmark_rows import job

from benchmarks.jobs.perform import perform, task_of
from benchmarks.platforms.kinds.course import checkpoints, course, few_of, shown, trained
from benchmarks.rows import OK, check_row
from pynn_backprop.platforms import ReferencePlatform


def task(**changes):
    return task_of(job(**{"hidden": 10, "samples": 60, "test_samples": 20, "epochs": 3, **changes}))


def test_a_stretch_ends_with_the_weights_of_the_whole_training_there():
    whole, part = course(task()), course(task(stretch=(70, 110)))
    assert (part.first, part.stop, part.total) == (70, 110, 180)
    ended = trained(ReferencePlatform(), task(stretch=(70, 110)), part.weights[70], 70, 110)
    for name, matrix in part.weights[110].items():
        assert np.array_equal(ended[name], matrix)
        assert np.array_equal(part.weights[180][name], whole.weights[180][name])
    assert np.array_equal(part.evaluation.outputs, whole.evaluation.outputs)


def test_samples_are_shown_in_the_order_of_the_training_over_the_border_of_an_epoch():
    one = task()
    x, labels = shown(one, 50, 70)
    first, second = shown(one, 0, 60), shown(one, 60, 120)
    assert np.array_equal(x, np.concatenate((first[0][50:], second[0][:10])))
    assert np.array_equal(labels, np.concatenate((first[1][50:], second[1][:10])))
    assert sorted(map(bytes, first[0])) == sorted(map(bytes, second[0]))


def test_a_training_is_scored_often_in_its_first_epoch_and_after_each_other_one():
    points = checkpoints(task())
    assert points[:2] == [2, 4]
    assert points[-2:] == [120, 180]
    assert len(points) == 29 + 3
    assert checkpoints(task(until=0.9, validation=20))[-2:] == [178, 180]


def test_it_ends_where_the_validation_samples_are_right_often_enough():
    wanted = course(task(validation=100, epochs=3))
    assert [shown for shown, _ in wanted.curve] == checkpoints(task())
    best = max(right for _, right in wanted.curve)
    ended = course(task(validation=100, until=best))
    assert ended.total == next(shown for shown, right in ended.curve if right >= best) <= 180
    never = course(task(validation=100, until=0.999))
    assert never.total == 180


def test_warming_up_shows_few_samples_once():
    few = few_of(task(validation=9, stretch=(5, 9)), 7)
    assert (len(few.samples.x_train), few.epochs, few.stretch, few.samples.x_validation) == (7, 1, (), None)


@pytest.mark.parametrize(
    "change", [{"stretch": (70, 110)}, {"samples": 300, "hidden": 20, "validation": 100, "until": 0.2}]
)
def test_a_platform_is_held_against_the_rule_there(change):
    row = check_row(
        perform(job(**{"hidden": 10, "samples": 60, "epochs": 3, "repeats": 1, "variant": "steps", **change}))
    )
    assert (row["status"], row["why"]) == (OK, "")
    assert row["correct"]["weights_equal_reference"] is row["correct"]["answers_equal_reference"] is True
    if "until" in change:
        assert row["curve"][-1]["right"] >= 0.2
        assert row["curve"][-1]["seconds"] > 0


def test_a_peer_chooses_its_rate_by_validation_samples_and_ends_at_the_score():
    one = job(platform="scikit-learn", variant="batch1", samples=300, validation=200, until=0.5, rates=(1e-5, 3e-3))
    row = check_row(perform(dataclasses.replace(one, repeats=1, epochs=3)))
    assert (row["status"], row["why"]) == (OK, "")
    assert row["rates"]["chosen"] == 3e-3
    assert set(row["rates"]["tried"]) == {"1e-05", "0.003"}
    assert row["curve"][-1]["right"] >= 0.5 > row["curve"][-2]["right"]
    assert row["curve"][-1]["shown"] < 900
