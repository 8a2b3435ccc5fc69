"""What a data set is: labelled samples for training and for testing, checked as a whole."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from ..arguments import check_arguments
from ..checks import as_array, check_count, shown
from ..errors import InputError

ROLES = ("x_train", "y_train", "x_test", "y_test")
"""The arrays of a data set."""

_LABELLED = "labels must be 0 to n - 1, each of them in y_train"


@dataclass(frozen=True, eq=False)
class Dataset:
    """Labelled samples, for training and for testing.

    Parameters
    ----------
    name : str
        What to call it.
    x_train, x_test : numpy.ndarray, shape (n_train, n_features) and (n_test, n_features)
        Values from 0 to 1.  Kept as float32.
    y_train, y_test : numpy.ndarray of int, shape (n_train,) and (n_test,)
        Labels 0 to n_classes - 1.  Kept as int64.  Every class must be in `y_train`.
    shape : tuple of int
        Shape of one sample before it was flattened, for instance (28, 28).
    default_levels : int
        The number of levels per value that suits these data, see :func:`~pynn_backprop.data.datasets.encode`.

    Raises
    ------
    InputError
        If shapes or lengths don't fit together, a set is empty, a value is not finite or not in 0 to 1, or a label is
        not an integer, negative, beyond those of training, or one of its predecessors is missing.
    """

    name: str
    x_train: np.ndarray
    y_train: np.ndarray
    x_test: np.ndarray
    y_test: np.ndarray
    shape: tuple[int, ...]
    default_levels: int = 1

    def __post_init__(self) -> None:
        check_arguments(type(self).__init__, {"name": self.name, "shape": self.shape})
        try:
            self._check()
        except InputError as error:
            raise InputError(f"data set {self.name!r}: {error}") from None
        for role in ROLES:
            dtype = np.float32 if role.startswith("x") else np.int64
            object.__setattr__(self, role, getattr(self, role).astype(dtype, copy=False))

    def _check(self) -> None:
        check_count("default_levels", self.default_levels)
        for role in ROLES:
            object.__setattr__(self, role, as_array(role, getattr(self, role)))
        for part in ("train", "test"):
            x, y = getattr(self, f"x_{part}"), getattr(self, f"y_{part}")
            check_not_empty(f"x_{part}", x)
            check_not_empty(f"y_{part}", y)
            check_values(f"x_{part}", x)
            _check_labels(f"y_{part}", y)
            if len(x) != len(y):
                raise InputError(f"x_{part} has {len(x)} samples but y_{part} has {len(y)} labels")
        if self.x_train.shape[1] != self.x_test.shape[1]:
            raise InputError(f"x_train has {self.x_train.shape[1]} features but x_test has {self.x_test.shape[1]}")
        if math.prod(self.shape) != self.x_train.shape[1]:
            raise InputError(f"shape is {self.shape} but x_train has {self.x_train.shape[1]} features")
        _check_classes(self.y_train, self.y_test)

    @property
    def n_features(self) -> int:
        """Number of values of one sample."""
        return int(self.x_train.shape[1])

    @property
    def n_classes(self) -> int:
        """Number of classes: the highest label and one."""
        return int(self.y_train.max()) + 1


def check_not_empty(name: str, values: np.ndarray) -> None:
    """Refuse an array without a value.

    Parameters
    ----------
    name : str
        What it is called.
    values : numpy.ndarray
        The array.

    Raises
    ------
    InputError
        If it is empty.
    """
    if values.size == 0:
        raise InputError(f"{name} is empty: its shape is {values.shape}")


def check_values(name: str, values: np.ndarray) -> None:
    """Refuse what is no table of numbers from 0 to 1.

    Parameters
    ----------
    name : str
        What it is called.
    values : numpy.ndarray
        The array.

    Raises
    ------
    InputError
        If it has another shape than (n_samples, n_features), or a value is not finite or not in 0 to 1.
    """
    if values.ndim == 0:
        raise InputError(f"{name} is {shown(values.item())} but must be an array of shape (n_samples, n_features)")
    if values.ndim != 2:
        raise InputError(f"{name} has shape {values.shape} but must be (n_samples, n_features)")
    if values.dtype.kind not in "biuf":
        raise InputError(f"{name} holds {values.dtype} but must hold numbers from 0 to 1")
    if values.size:
        check_range(name, values, 1, "finite numbers from 0 to 1")


def check_range(name: str, values: np.ndarray, maximum: int, allowed: str) -> None:
    """Refuse numbers below 0 or above a maximum, and NaN.

    Parameters
    ----------
    name : str
        What they are called.
    values : numpy.ndarray
        The numbers, at least one.
    maximum : int
        The highest that is allowed.
    allowed : str
        What is allowed, in words.

    Raises
    ------
    InputError
        If a number is out of range; it names the first one and its place.
    """
    # Comparisons with NaN are false, and the extremes of an array with NaN are NaN: no masks as large as the data.
    if values.min() >= 0 and values.max() <= maximum:
        return
    place = np.unravel_index(np.argmin((values >= 0) & (values <= maximum)), values.shape)
    index = ", ".join(str(i) for i in place)
    raise InputError(f"{name}[{index}] is {values[place]} but the values must be {allowed}")


def _check_labels(name: str, labels: np.ndarray) -> None:
    if labels.ndim == 0:
        raise InputError(f"{name} is {shown(labels.item())} but must be an array of shape (n_samples,)")
    if labels.ndim != 1:
        raise InputError(f"{name} has shape {labels.shape} but must be (n_samples,)")
    if labels.dtype.kind not in "iu":
        raise InputError(f"{name} holds {labels.dtype} (first {labels[0]!s}) but labels must be of an integer type")
    if labels.min() < 0:
        first = int(np.argmax(labels < 0))
        raise InputError(f"{name}[{first}] is {labels[first]} but {_LABELLED}")


def _check_classes(y_train: np.ndarray, y_test: np.ndarray) -> None:
    present, first = np.unique(y_train, return_index=True)
    gaps = np.flatnonzero(present != np.arange(len(present)))
    if len(gaps):
        gap = int(gaps[0])
        raise InputError(f"y_train[{first[gap]}] is {present[gap]} but no label in y_train is {gap}; {_LABELLED}")
    beyond = np.flatnonzero(y_test > present[-1])
    if len(beyond):
        index = int(beyond[0])
        raise InputError(f"y_test[{index}] is {y_test[index]} but the labels in y_train end at {present[-1]}")
