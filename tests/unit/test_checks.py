"""Checks return the canonical value, or name the argument, its value and what is allowed."""

from __future__ import annotations

import re

import numpy as np
import pytest

from pynn_backprop.checks import check_choice, check_count, checked_labels, checked_samples, checked_targets
from pynn_backprop.errors import InputError


@pytest.mark.parametrize("value", [1, 5, np.int64(3), np.uint8(2)])
def test_a_count_is_returned_as_an_int(value):
    checked = check_count("n", value, 1, 5)
    assert checked == value
    assert type(checked) is int


@pytest.mark.parametrize("value", [0, -1, 6, 2.0, np.float64(2), "2", None, True, np.True_, [2], float("nan")])
def test_what_is_no_count_is_named_with_what_is_allowed(value):
    with pytest.raises(InputError, match=re.escape(f"n is {value!r} but must be a whole number from 1 to 5")):
        check_count("n", value, 1, 5)


def test_a_count_without_a_maximum_says_so():
    assert check_count("n", 10**12) == 10**12
    with pytest.raises(InputError, match=r"n is 0 but must be a whole number of at least 1$"):
        check_count("n", 0)


def test_a_choice_suggests_the_nearest():
    assert check_choice("the simulator", "nest", ["nest", "brian2"]) == "nest"
    with pytest.raises(InputError, match=r"the simulator is 'nset' but must be one of nest, brian2 .*'nest'"):
        check_choice("the simulator", "nset", ["nest", "brian2"])


@pytest.mark.parametrize("value", ["zzzzz", "", None, 3])
def test_a_choice_that_is_like_none_suggests_nothing(value):
    with pytest.raises(InputError, match=r"must be one of nest, brian2$"):
        check_choice("the simulator", value, ["nest", "brian2"])


# --- samples, labels, targets


def test_samples_are_bool_and_contiguous():
    x = np.asfortranarray([[True, False, True], [False, False, True]])
    checked = checked_samples(x, 3)
    assert checked.flags["C_CONTIGUOUS"]
    assert checked.tolist() == x.tolist()
    assert checked_samples(np.zeros((0, 3), bool), 3).shape == (0, 3)


@pytest.mark.parametrize(
    ("x", "found"),
    [
        (np.zeros((2, 4), bool), r"bool of shape \(2, 4\)"),
        (np.zeros(3, bool), r"bool of shape \(3,\)"),
        (np.zeros((2, 3)), r"float64 of shape \(2, 3\)"),
        (np.zeros((2, 3), int), r"int64 of shape \(2, 3\)"),
    ],
)
def test_samples_of_another_shape_or_type_are_refused(x, found):
    with pytest.raises(InputError, match=rf"^x is {found} but must be bool of shape \(n, 3\)$"):
        checked_samples(x, 3)


@pytest.mark.parametrize("dtype", [np.uint8, np.int32, np.int64])
def test_labels_become_int64(dtype):
    checked = checked_labels(np.array([2, 0, 1], dtype), 3, 3)
    assert (checked.dtype, checked.tolist()) == (np.int64, [2, 0, 1])
    assert checked_labels(np.zeros(0, dtype), 0, 3).shape == (0,)
    assert checked_labels(np.array([1, 1], dtype), 2, 3).tolist() == [1, 1]


@pytest.mark.parametrize(
    ("labels", "fault"),
    [
        ([0, 1, 3], "labels run from 0 to 3 but must lie within 0 and 2"),
        ([-1, 1, 2], "labels run from -1 to 2 but must lie within 0 and 2"),
        ([0, 1], r"labels are int64 of shape \(2,\) but must be integers of shape \(3,\)"),
        ([[0], [1], [2]], r"labels are int64 of shape \(3, 1\)"),
        ([0.0, 1.0, 2.0], "labels are float64"),
        ([True, False, True], "labels are bool"),
    ],
)
def test_labels_that_do_not_fit_are_refused(labels, fault):
    with pytest.raises(InputError, match=fault):
        checked_labels(np.array(labels), 3, 3)


def test_a_label_stands_for_all_neurons_of_its_unit():
    expected = [[False, False, True, True, False, False], [True, True, False, False, False, False]]
    assert checked_targets(np.array([1, 0]), 2, 3, 2).tolist() == expected


def test_targets_are_taken_as_they_are():
    targets = np.array([[True, True, False], [False, False, False]])
    assert checked_targets(np.asfortranarray(targets), 2, 3).tolist() == targets.tolist()
    assert checked_targets(np.asfortranarray(targets), 2, 3).flags["C_CONTIGUOUS"]
    graded = np.array([[True, False, True, True]])
    assert checked_targets(graded, 1, 2, 2).tolist() == graded.tolist()


@pytest.mark.parametrize("targets", [np.zeros((2, 3), int), np.zeros(2, bool)], ids=["integers", "one dimension"])
def test_targets_that_are_neither_bool_in_two_dimensions_nor_labels_are_refused(targets):
    with pytest.raises(InputError, match=rf"labels are {targets.dtype} of shape .* must be integers of shape \(2,\)"):
        checked_targets(targets, 2, 3)


@pytest.mark.parametrize("shape", [(2, 3), (2, 7), (3, 6)])
def test_targets_of_another_shape_are_refused(shape):
    fault = rf"targets have shape {re.escape(str(shape))} but must be bool of shape \(2, 6\), or labels"
    with pytest.raises(InputError, match=fault):
        checked_targets(np.zeros(shape, bool), 2, 3, 2)
