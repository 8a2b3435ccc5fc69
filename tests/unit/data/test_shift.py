"""Images moved at random, as codes and presentations show them, and which offsets these are."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pynn_backprop.codes.graded import Graded
from pynn_backprop.data.datasets import encode
from pynn_backprop.data.shift import Shift
from pynn_backprop.errors import InputError
from pynn_backprop.learning.presentation import Presentation


class Moved(Shift):
    """All images by one pixel down."""

    def offsets(self, epoch: int, samples: int) -> np.ndarray:
        return np.array([[1, 0]] * samples)


@pytest.mark.parametrize("neurons", [1, 3])
def test_moving_values_and_encoding_them_is_the_same(neurons):
    values = np.random.default_rng(0).random((5, 12))
    shifted = np.zeros((5, 3, 4))
    shifted[:, 1:] = values.reshape(5, 3, 4)[:, :-1]
    found = Moved(2, (3, 4), neurons=neurons).shown(encode(values, neurons), 0, np.arange(5))
    np.testing.assert_array_equal(found, encode(shifted.reshape(5, 12), neurons))


def test_the_bias_unit_of_a_graded_code_stays():
    code, values = Graded(4), np.random.default_rng(0).random((5, 12))
    shifted = np.zeros((5, 3, 4))
    shifted[:, 1:] = values.reshape(5, 3, 4)[:, :-1]
    found = Moved(2, (3, 4), neurons=4).shown(code.inputs(values, 1), 0, np.arange(5))
    np.testing.assert_array_equal(found, code.inputs(shifted.reshape(5, 12), 1))
    assert found[:, -4:].all()


@given(seed=st.integers(0, 2**32), epoch=st.integers(0, 99), samples=st.integers(1, 50), more=st.integers(0, 50))
@settings(deadline=None)
def test_the_shift_of_a_sample_depends_on_seed_epoch_and_its_number_alone(seed, epoch, samples, more):
    shift = Shift(2, (5, 5), seed)
    np.testing.assert_array_equal(shift.offsets(epoch, samples + more)[:samples], shift.offsets(epoch, samples))


def test_every_shift_occurs_about_equally_often_and_anew_in_each_epoch():
    shift = Shift(1, (5, 5), seed=3)
    offsets = shift.offsets(0, 9000)
    found, counts = np.unique(offsets, axis=0, return_counts=True)
    assert found.tolist() == [[down, right] for down in (-1, 0, 1) for right in (-1, 0, 1)]
    assert 850 < counts.min() <= counts.max() < 1150
    assert (shift.offsets(1, 9000) != offsets).any()
    assert (Shift(1, (5, 5), seed=4).offsets(0, 9000) != offsets).any()


def test_the_shifts_are_those_that_they_were():
    """A change of them is a change of what users have published."""
    assert Shift(1, (5, 5), seed=7).offsets(2, 4).tolist() == [[0, 1], [-1, 0], [0, 0], [0, -1]]


def test_a_presentation_shows_any_part_of_an_epoch_as_it_shows_the_whole():
    x = np.random.default_rng(0).random((20, 25)) < 0.5
    shown = Presentation(3, 5, shift=Shift(1, (5, 5), 5))
    order = shown.order(20, 1)
    whole = shown.shown(x, 1, order)
    np.testing.assert_array_equal(shown.shown(x, 1, order[7:12]), whole[7:12])
    assert (whole != x[order]).any()
    np.testing.assert_array_equal(Presentation(3, 5).shown(x, 1, order), x[order])


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ((0, (5, 5)), "shift is 0 but must be a whole number from 1 to 4"),
        ((5, (5, 9)), "shift is 5 but must be a whole number from 1 to 4"),
        ((1, (25,)), r"shift is 1 but only images can be shifted, and a sample has the shape \(25,\)"),
        ((1, (5, 5), -1), "seed is -1"),
        ((1, (5, 5), 0, 0), "neurons is 0"),
    ],
    ids=str,
)
def test_a_shift_that_can_not_be_is_refused(arguments, words):
    with pytest.raises(InputError, match=words):
        Shift(*arguments)
