"""Which phase is whose, for one and two weight matrices."""

from __future__ import annotations

import re

import numpy as np
import pytest

from pynn_backprop.circuit.compact import CompactSchedule
from pynn_backprop.circuit.published import PublishedSchedule
from pynn_backprop.circuit.schedule import InferenceSchedule, depth_of
from pynn_backprop.errors import InputError


def test_the_phases_of_one_weight_matrix():
    schedule = PublishedSchedule(1)
    assert schedule.length == 7
    assert [schedule.forward(layer) for layer in (0, 1)] == [1, 2]
    assert (schedule.output, schedule.error) == (2, 3)
    assert schedule.learning(1) == (4, 6)
    assert schedule.reinforced == (4,)
    assert schedule.memory(0) == 3


def test_the_phases_of_two_weight_matrices():
    schedule = PublishedSchedule(2)
    assert schedule.length == 12
    assert [schedule.forward(layer) for layer in (0, 1, 2)] == [1, 2, 3]
    assert (schedule.output, schedule.error) == (3, 4)
    assert schedule.learning(2) == (5, 9)
    assert schedule.learning(1) == (7, 11)
    assert schedule.hidden_error(1) == (6, 10)
    assert schedule.reinforced == (5, 7)
    assert [schedule.memory(layer) for layer in (0, 1)] == [6, 3]


@pytest.mark.parametrize(("depth", "length"), [(1, 3), (2, 4)])
def test_an_inference_cycle_ends_with_the_output(depth, length):
    schedule = InferenceSchedule(depth)
    assert schedule.length == length
    assert schedule.output == length - 1


def test_the_labels_say_what_happens():
    assert PublishedSchedule(1).labels == (
        "clear outputs", "input", "output and target", "output error", "W1 potentiation", "clear", "W1 depression",
    )  # fmt: skip
    assert PublishedSchedule(2).labels == (
        "clear outputs", "input", "hidden", "output and target", "output error", "W2 potentiation",
        "hidden error, positive part", "W1 potentiation", "clear", "W2 depression", "hidden error, negative part",
        "W1 depression",
    )  # fmt: skip
    assert InferenceSchedule(1).labels == ("rest", "input", "output")
    assert InferenceSchedule(2).labels == ("rest", "input", "hidden", "output")


def test_a_cycle_learns_unless_told_otherwise():
    assert PublishedSchedule(2).training
    assert PublishedSchedule(2) != InferenceSchedule(2)


@pytest.mark.parametrize("depth", [0, -1, 1.0, True, "2", None])
@pytest.mark.parametrize("schedule", [PublishedSchedule, CompactSchedule, InferenceSchedule])
def test_a_number_of_weight_matrices_that_is_none_is_refused(schedule, depth):
    with pytest.raises(InputError, match=rf"the number of weight matrices is {re.escape(repr(depth))} .* at least 1"):
        schedule(depth)


@pytest.mark.parametrize(
    ("units", "depth"), [((1, 1), 1), ((5, 4, 3), 2), ((5, 4, 4, 3), 3), (np.array([5, 4, 3]), 2), ([5, 4], 1)]
)
def test_the_depth_is_the_number_of_matrices_between_the_layers(units, depth):
    assert depth_of(units) == depth


@pytest.mark.parametrize("units", [(), (4,)])
def test_fewer_than_two_layers_are_refused(units):
    with pytest.raises(InputError, match=re.escape(f"units is {units} but must hold at least 2 numbers")):
        depth_of(units)


@pytest.mark.parametrize("size", [0, -1, 2.5, True, "3", None])
@pytest.mark.parametrize("position", range(3))
def test_a_size_that_is_no_positive_whole_number_is_named(size, position):
    sizes: list[object] = [4, 4, 4]
    sizes[position] = size
    with pytest.raises(InputError, match=rf"units\[{position}\] is {re.escape(repr(size))} "):
        depth_of(sizes)


def test_units_beyond_all_machines_are_refused_with_the_memory_that_they_would_take():
    with pytest.raises(InputError, match=r"^units\[0\] is .* its neurons alone would take at least 17\.6 TB$"):
        depth_of((2**40, 3))
