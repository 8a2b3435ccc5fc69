"""Shifts: where pixels go, what comes in at the edge, and that nothing but seed, epoch and number decides them."""

from __future__ import annotations

import numpy as np
import pytest

from pynn_backprop.data import datasets
from pynn_backprop.data.samples import load_around, load_samples
from pynn_backprop.data.shift import Shift
from pynn_backprop.errors import InputError

SHAPE = (4, 5)
ALL = np.arange(200)


@pytest.fixture
def x() -> np.ndarray:
    return np.random.default_rng(0).random((200, 4 * 5 * 2 + 3)) < 0.4


def moved_by_hand(image: np.ndarray, down: int, right: int) -> np.ndarray:
    """One image of shape (height, width, neurons), pixel after pixel."""
    result = np.zeros_like(image)
    for row in range(image.shape[0]):
        for column in range(image.shape[1]):
            to_row, to_column = row + down, column + right
            if 0 <= to_row < image.shape[0] and 0 <= to_column < image.shape[1]:
                result[to_row, to_column] = image[row, column]
    return result


@pytest.mark.parametrize("pixels", [1, 3])
def test_each_image_is_moved_by_its_own_offset_and_silence_comes_in(x, pixels):
    shift = Shift(pixels, SHAPE, seed=3, neurons=2)
    offsets = shift.offsets(7, len(x))
    assert set(offsets.ravel()) == set(range(-pixels, pixels + 1))
    shown = shift.shown(x, 7, ALL)
    for image, moved, (down, right) in zip(x, shown, offsets, strict=True):
        expected = moved_by_hand(image[:40].reshape(*SHAPE, 2), down, right)
        np.testing.assert_array_equal(moved[:40].reshape(*SHAPE, 2), expected)
    np.testing.assert_array_equal(shown[:, 40:], x[:, 40:], "what is no pixel stays")


def test_a_sample_is_moved_alike_whichever_are_shown_with_it_and_anew_in_each_epoch(x):
    shift = Shift(1, SHAPE, seed=3, neurons=2)
    whole = shift.shown(x, 2, ALL)
    some = np.array([150, 3, 77])
    np.testing.assert_array_equal(shift.shown(x, 2, some), whole[some])
    assert (shift.shown(x, 3, ALL) != whole).any()
    assert (Shift(1, SHAPE, seed=4, neurons=2).shown(x, 2, ALL) != whole).any()


def test_what_surrounds_a_cropped_image_comes_in(tmp_path):
    images = np.random.default_rng(1).integers(0, 256, (60, 8, 8)).astype(np.uint8)
    path = tmp_path / "images.npz"
    labels = np.arange(60) % 3
    np.savez(path, x_train=images, y_train=labels, x_test=images, y_test=labels)
    around = load_around(str(path), crop=6, border=2, levels=2)
    assert around.shape == (60, 10, 10, 2)
    inside = load_samples(str(path), crop=6, levels=2).x_train
    np.testing.assert_array_equal(around[:, 2:8, 2:8].reshape(60, -1), inside)
    whole = datasets.encode(datasets.load(str(path)).x_train, 2).reshape(60, 8, 8, 2)
    np.testing.assert_array_equal(around[:, 1:9, 1:9], whole)
    assert not around[:, [0, 9]].any(), "beyond the image there is silence"
    shift = Shift(2, (6, 6), seed=0, neurons=2, around=around)
    shown = shift.shown(inside, 0, np.arange(60)).reshape(60, 6, 6, 2)
    for number, (down, right) in enumerate(shift.offsets(0, 60)):
        np.testing.assert_array_equal(shown[number], around[number, 2 - down : 8 - down, 2 - right : 8 - right])


def test_other_samples_than_those_whose_surroundings_are_known_are_refused(x):
    shift = Shift(1, SHAPE, neurons=2, around=np.zeros((5, 6, 7, 2), bool))
    with pytest.raises(InputError, match="shift knows what surrounds 5 samples, but there are 200"):
        shift.shown(x, 0, ALL)


def test_fewer_inputs_than_pixels_are_refused(x):
    with pytest.raises(InputError, match="images of 4 x 5 pixels with 3 neurons each, but there are 43 inputs"):
        Shift(1, SHAPE, neurons=3).shown(x, 0, ALL)
