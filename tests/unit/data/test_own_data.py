"""Your own data from an ``.npz`` file: floats as they are, grey values scaled, everything else refused."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from pynn_backprop.data.datasets import load
from pynn_backprop.errors import InputError


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
