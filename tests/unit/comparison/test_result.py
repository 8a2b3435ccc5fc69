"""What results say in numbers, by value."""

from __future__ import annotations

import numpy as np
import pytest

from pynn_backprop.comparison.result import ArrayComparison, Pair, Pass, SpikeComparison

ONE = np.array([[3, -2], [0, 7]])


@pytest.mark.parametrize(("samples", "expected"), [(40, 12.5), (1, 500), (0, 500)])
def test_the_time_of_a_sample_is_in_milliseconds(samples, expected):
    nothing = np.zeros((samples, 2), bool)
    assert Pass(samples, {}, nothing, None, 0, build_seconds=9.0, seconds=0.5).ms_per_sample == expected


@pytest.mark.parametrize(
    ("other", "expected"),
    [
        (ONE, (4, 0, 0)),
        (ONE + np.array([[0, 5], [0, -6]]), (4, 2, 6)),
        (ONE[:1], (0, 0, 0)),
        (None, (0, 0, 0)),
    ],
    ids=["equal", "two differ", "cut short", "missing"],
)
def test_arrays_are_compared_number_by_number(other, expected):
    found = ArrayComparison.of(ONE, other)
    assert (found.compared, found.differing, found.largest) == expected


def test_truth_values_that_differ_are_apart_by_one():
    assert ArrayComparison.of(np.array([True, False]), np.array([False, True])) == ArrayComparison(2, 2, 1)


FOUND = ArrayComparison(3)
SAME = SpikeComparison(5, {"h": 0})


def pair(**changes: object) -> Pair:
    usual = {"training": SAME, "inference": SAME, "weights": {"W1": FOUND}} | dict.fromkeys(
        ("training_outputs", "outputs", "potentials"), FOUND
    )
    return Pair("a", "b", **{**usual, **changes})  # type: ignore[arg-type]


def test_two_platforms_are_equal_if_nothing_differs_and_nothing_is_left_out():
    assert pair().equal
    assert pair().spikes == 10


@pytest.mark.parametrize(
    "changes",
    [
        {"training": SpikeComparison(5, {"h": 1})},
        {"inference": SpikeComparison(5, {"h": 0, "o": 2})},
        {"weights": {"W1": FOUND, "W2": ArrayComparison(3, 1, 2)}},
        {"outputs": ArrayComparison(3, 1, 1)},
        {"potentials": ArrayComparison(0)},
        {"failures": ("b: copies differ",)},
    ],
    ids=str,
)
def test_any_difference_or_gap_makes_them_unequal(changes):
    assert not pair(**changes).equal
