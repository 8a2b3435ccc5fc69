"""Data sets by name, the code of input neurons, and the real files."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

import numpy as np
import pytest

from pynn_backprop.data.datasets import encode, load, written
from pynn_backprop.errors import InputError

REAL_DATA = os.environ.get("PYNN_BACKPROP_DATA")
needs_real_data = pytest.mark.skipif(not REAL_DATA, reason="PYNN_BACKPROP_DATA does not name a folder with MNIST")

# Of the content of x_test, y_test, x_train and y_train, one after the other.
SPLIT_OF_DIGITS = "3e81775f9246aa20d0f8361bb1fc7f30794a9fd7ea7ae90979c5f178fc2ae1dd"


class TestEncode:
    def test_one_level_is_one_half_and_equality_does_not_fire(self) -> None:
        above = np.nextafter(np.float32(0.5), np.float32(1))
        values = np.array([[0.0, 0.5, above, 1.0]], dtype=np.float32)
        spikes = encode(values)
        assert spikes.dtype == np.bool_
        assert spikes.tolist() == [[False, False, True, True]]

    def test_three_levels_side_by_side(self) -> None:
        values = np.array([[0.25, 0.5], [0.75, 0.8], [0.3, 0.0]], dtype=np.float32)
        expected = [[0, 0, 0, 1, 0, 0], [1, 1, 0, 1, 1, 1], [1, 0, 0, 0, 0, 0]]
        assert encode(values, 3).astype(int).tolist() == expected

    @pytest.mark.parametrize("dtype", [np.float32, np.float64])
    @pytest.mark.parametrize("levels", [1, 2, 3, 4, 6, 9, 16])
    def test_no_value_on_a_level_fires_for_it_in_either_precision(self, dtype: type, levels: int) -> None:
        values = np.arange(levels + 2, dtype=dtype).reshape(-1, 1) / dtype(levels + 1)
        np.testing.assert_array_equal(encode(values, levels).sum(axis=1), np.maximum(np.arange(levels + 2) - 1, 0))

    def test_a_grey_value_on_a_level_does_not_fire(self) -> None:
        assert encode(np.array([[85 / 255]], dtype=np.float32), 2).tolist() == [[False, False]]

    def test_binary_integers(self) -> None:
        assert encode(np.array([[0, 1]]), 2).tolist() == [[False, False, True, True]]

    def test_no_samples(self) -> None:
        assert encode(np.zeros((0, 3)), 2).shape == (0, 6)

    @pytest.mark.parametrize("levels", [0, -1, 1.0, True, None])
    def test_bad_levels(self, levels: object) -> None:
        with pytest.raises(InputError, match=r"levels is .* but must be a whole number of at least 1"):
            encode(np.zeros((1, 1)), levels)  # type: ignore[arg-type]

    @pytest.mark.parametrize(
        ("values", "message"),
        [
            (np.zeros(3), r"values has shape \(3,\) but must be \(n_samples, n_features\)"),
            (np.array([[0.0, np.nan]]), r"values\[0, 1\] is nan"),
            (np.array([[0, 200]], dtype=np.uint8), r"values\[0, 1\] is 200 but"),
        ],
    )
    def test_bad_values(self, values: np.ndarray, message: str) -> None:
        with pytest.raises(InputError, match=message):
            encode(values)


class TestDigits:
    def test_sizes(self) -> None:
        data = load("digits")
        assert (data.x_train.shape, data.x_test.shape) == ((1437, 64), (360, 64))
        assert (data.name, data.shape, data.n_classes, data.default_levels) == ("digits", (8, 8), 10, 3)
        assert data.x_train.max() == 1
        np.testing.assert_array_equal(data.x_train * 16, np.round(data.x_train * 16))

    def test_stratified(self) -> None:
        data = load("digits")
        share = np.bincount(data.y_test) / (np.bincount(data.y_test) + np.bincount(data.y_train))
        assert share.min() > 0.19
        assert share.max() < 0.21

    def test_the_split_is_the_one_that_published_numbers_rest_on(self) -> None:
        data = load("digits")
        content = data.x_test.tobytes() + data.y_test.tobytes() + data.x_train.tobytes() + data.y_train.tobytes()
        assert hashlib.sha256(content).hexdigest() == SPLIT_OF_DIGITS

    def test_crop(self) -> None:
        whole, cropped = load("digits"), load("digits", crop=4)
        assert cropped.shape == (4, 4)
        expected = whole.x_train.reshape(-1, 8, 8)[:, 2:6, 2:6].reshape(-1, 16)
        np.testing.assert_array_equal(cropped.x_train, expected)

    @pytest.mark.parametrize(
        ("crop", "message"),
        [
            (3, r"crop is 3 but must be even, as the image's side of 8 is"),
            (10, r"crop is 10 but must be a whole number from 1 to 8"),
            (0, r"crop is 0 but must be"),
            (4.0, r"crop is 4\.0 but must be"),
            (True, r"crop is True but must be"),
        ],
    )
    def test_bad_crop(self, crop: object, message: str) -> None:
        with pytest.raises(InputError, match=message):
            load("digits", crop=crop)  # type: ignore[arg-type]


class TestNames:
    def test_near_miss(self) -> None:
        message = r"data set is 'fashion_mnist' but .* \(did you mean 'fashion-mnist'\?\), or .* ends in \.npz"
        with pytest.raises(InputError, match=message):
            load("fashion_mnist")

    @pytest.mark.parametrize(
        ("name", "shown"),
        [
            ("digits", "digits"),
            ("mnist", "MNIST"),
            ("fashion-mnist", "Fashion-MNIST"),
            ("own/mnist.npz", "own/mnist.npz"),
        ],
    )
    def test_data_sets_are_written_as_their_makers_write_them(self, name: str, shown: str) -> None:
        assert written(name) == shown

    def test_all_names_are_said(self) -> None:
        with pytest.raises(InputError, match=r"'data/mine\.txt' but must be one of digits, mnist, fashion-mnist, or"):
            load(Path("data/mine.txt"))

    @pytest.mark.parametrize("name", [None, 3, np.zeros(2)])
    def test_neither_name_nor_path(self, name: object) -> None:
        with pytest.raises(InputError, match="but must be a name or a path"):
            load(name)  # type: ignore[arg-type]


@needs_real_data
@pytest.mark.parametrize(("name", "spikes"), [("mnist", 103.69), ("fashion-mnist", 246.69)])
class TestRealFiles:
    def test_whole(self, name: str, spikes: float, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("PYNN_BACKPROP_DATA", str(REAL_DATA))
        data = load(name)
        assert (data.x_train.shape, data.x_test.shape) == ((60_000, 784), (10_000, 784))
        assert (data.shape, data.n_classes, data.default_levels) == ((28, 28), 10, 1)
        assert encode(data.x_train).sum(axis=1).mean() == pytest.approx(spikes, abs=0.01)

    def test_central_20x20(self, name: str, spikes: float, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("PYNN_BACKPROP_DATA", str(REAL_DATA))
        whole, central = load(name), load(name, crop=20)
        assert (central.n_features, central.shape) == (400, (20, 20))
        expected = whole.x_test.reshape(-1, 28, 28)[:, 4:24, 4:24].reshape(-1, 400)
        np.testing.assert_array_equal(central.x_test, expected)
