"""A data set as a whole: canonical types, and what is refused with its place."""

from __future__ import annotations

import numpy as np
import pytest

from pynn_backprop.data.dataset import Dataset
from pynn_backprop.errors import InputError


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
