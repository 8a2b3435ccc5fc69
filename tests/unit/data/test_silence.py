"""Samples that make no input neuron fire are warned of, where most of them do."""

from __future__ import annotations

import warnings

import numpy as np
import pytest

from pynn_backprop.data.samples import load_samples
from pynn_backprop.data.silence import SilentInputWarning


def saved(path, x: np.ndarray) -> str:
    y = np.arange(len(x)) % 2
    np.savez(path, x_train=x, y_train=y, x_test=x[:2], y_test=y[:2])
    return str(path)


def test_integers_that_end_at_15_are_warned_of_since_255_is_white(tmp_path):
    x = np.random.default_rng(0).integers(0, 16, (20, 5))
    with pytest.warns(SilentInputWarning, match=r"'small': none of the samples .* divide others by their own maximum"):
        load_samples(saved(tmp_path / "small.npz", x))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        load_samples(saved(tmp_path / "scaled.npz", x / 15))


@pytest.mark.parametrize(("blank", "warned"), [(9, False), (10, False), (11, True), (20, True)])
def test_some_blank_samples_are_no_mistake_but_most_are(tmp_path, blank, warned):
    x = np.ones((20, 5))
    x[:blank] = 0.1
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        load_samples(saved(tmp_path / "some.npz", x))
    assert [warning.category for warning in caught] == [SilentInputWarning] * warned


def test_rounding_errors_in_a_file_are_none(tmp_path):
    x = np.array([[1.0000000000000002, -1e-17], [0.5, 1.0]])
    loaded = load_samples(saved(tmp_path / "rounded.npz", x))
    assert loaded.x_train.tolist() == [[True, False], [False, True]]
