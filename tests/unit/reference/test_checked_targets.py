"""Checks of samples, labels and targets that all platforms share."""

from __future__ import annotations

import numpy as np
import pytest

from pynn_backprop.checks import checked_labels, checked_samples, checked_targets
from pynn_backprop.errors import InputError


def test_samples_are_returned_in_one_piece():
    x = np.asfortranarray(np.eye(3, dtype=bool))
    assert checked_samples(x, 3).flags.c_contiguous
    np.testing.assert_array_equal(checked_samples(x.tolist(), 3), x)


def test_labels_are_returned_as_int64():
    labels = checked_labels(np.array([0, 2, 1], np.uint8), 3, 3)
    assert (labels.dtype, labels.tolist()) == (np.int64, [0, 2, 1])
    assert checked_labels(np.zeros(0, int), 0, 3).shape == (0,)


@pytest.mark.parametrize(
    ("labels", "message"),
    [
        (np.array([0, 3]), "labels run from 0 to 3 but must lie within 0 and 2"),
        (np.array([-1, 2]), "labels run from -1 to 2 but must lie within 0 and 2"),
        (np.array([0.0, 1.0]), r"labels are float64 of shape \(2,\) but must be integers of shape \(2,\)"),
        (np.array([True, False]), "labels are bool"),
        (np.array([0]), r"shape \(1,\) but must be integers of shape \(2,\)"),
        (np.array([[0, 1]]), r"shape \(1, 2\)"),
    ],
)
def test_labels_of_no_unit_are_refused(labels, message):
    with pytest.raises(InputError, match=message):
        checked_labels(labels, 2, 3)


def test_a_label_is_a_target_whose_unit_alone_fires():
    assert checked_targets(np.array([2, 0]), 2, 3).tolist() == [[False, False, True], [True, False, False]]
    assert checked_targets(np.array([1]), 1, 2, n=2).tolist() == [[False, False, True, True]]
    targets = np.asfortranarray(np.array([[True, True], [False, False], [True, False]]))
    assert checked_targets(targets, 3, 1, n=2).flags.c_contiguous
    np.testing.assert_array_equal(checked_targets(targets, 3, 1, n=2), targets)
