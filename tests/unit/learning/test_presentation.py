"""Epochs, orders, runs and recorded stretches, by themselves."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from pynn_backprop.errors import InputError
from pynn_backprop.learning.presentation import Presentation, Record, runs_of

N = 23


def test_each_epoch_shows_all_samples_in_an_order_of_its_own():
    orders = [Presentation(seed=seed).order(N, epoch) for epoch in range(3) for seed in range(3)]
    assert all(sorted(order) == list(range(N)) for order in orders)
    assert len({tuple(order) for order in orders}) == len(orders)


def test_the_order_depends_on_seed_and_epoch_alone():
    first = Presentation(seed=5).order(N, 2)
    np.random.default_rng(0).random(3)
    np.testing.assert_array_equal(Presentation(epochs=9, seed=5).order(N, 2), first)
    assert first.tolist() == np.random.default_rng([5, 2]).permutation(N).tolist()


def test_without_shuffling_the_order_is_the_given_one():
    assert Presentation(shuffle=False).order(4, 7).tolist() == [0, 1, 2, 3]


def test_a_presentation_can_not_be_changed():
    with pytest.raises(dataclasses.FrozenInstanceError):
        Presentation().epochs = 2  # type: ignore[misc]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"epochs": 0}, "epochs is 0 but must be a whole number of at least 1"),
        ({"epochs": 1.5}, "epochs is 1.5 but must be a whole number of at least 1"),
        ({"seed": -1}, "seed is -1 but must be a whole number of at least 0"),
        ({"shuffle": 1}, "shuffle is 1 but must be true or false"),
    ],
    ids=str,
)
def test_a_presentation_that_can_not_be_is_refused(change, message):
    with pytest.raises(InputError, match=f"^{message}$"):
        Presentation(**change)


@pytest.mark.parametrize("samples", [0, -1, 2.5])
def test_a_bad_number_of_recorded_samples_is_refused(samples):
    with pytest.raises(InputError, match=f"^the number of recorded samples is {samples} but must be"):
        Record(["o"], samples)


@pytest.mark.parametrize("populations", ["h", 5, None, ["h", 3]], ids=str)
def test_populations_that_are_no_list_of_names_are_refused(populations):
    with pytest.raises(InputError, match=r"^populations is .* but must be a list of names$"):
        Record(populations)


@pytest.mark.parametrize(
    ("samples", "shown", "legs"),
    [
        (4, 0, [(4, True), (16, False), (20, True)]),
        (4, 3, [(4, True), (16, False), (20, True)]),
        (4, 4, [(16, False), (20, True)]),
        (4, 17, [(20, True)]),
        (4, 20, []),
        (10, 0, [(20, True)]),
        (9, 0, [(9, True), (11, False), (20, True)]),
    ],
)
def test_the_legs_of_a_recorded_training_of_20_samples(samples, shown, legs):
    assert list(Record(["o"], samples).legs(shown, 20)) == legs


def test_a_training_without_a_recording_is_one_leg():
    assert list(Record(samples=4).legs(3, 20)) == [(20, False)]


@pytest.mark.parametrize(
    ("stops", "runs"),
    [
        ([], [(0, 2, 5), (1, 5, 9), (1, 9, 10), (2, 10, 12)]),
        ([8, 3, 2, 99], [(0, 2, 3), (0, 3, 5), (1, 5, 8), (1, 8, 10), (2, 10, 12)]),
    ],
)
def test_runs_end_at_epochs_at_stops_and_at_the_end(stops, runs):
    assert list(runs_of(2, 12, 5, 4, stops)) == runs
