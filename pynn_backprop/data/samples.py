"""A data set as a network takes it: which input neurons fire."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from ..checks import check_count, checked_hidden
from . import datasets
from .silence import warn_if_silent
from .split import hold_out


@dataclass(frozen=True)
class Samples:
    """Encoded samples of a data set.

    Parameters
    ----------
    x_train, x_test : numpy.ndarray of bool, shape (n, n_in)
        Which input neurons fire.
    y_train, y_test : numpy.ndarray of int64, shape (n,)
        Labels.
    n_classes : int
        Number of output neurons.
    input_mean
        Mean value of each feature in training, shape (n_features,), or None if it is not known.
    shape : tuple of int
        Shape of one sample before it was flattened; empty if it is not known.
    x_validation, y_validation : numpy.ndarray, optional
        Samples of the training set that are held out, and are not among `x_train`; None if there are none.
    learnt : numpy.ndarray of int64, optional
        Numbers in the training set of those that are learnt; None if all are.
    """

    x_train: np.ndarray
    y_train: np.ndarray
    x_test: np.ndarray
    y_test: np.ndarray
    n_classes: int
    input_mean: np.ndarray | None = None
    shape: tuple[int, ...] = ()
    x_validation: np.ndarray | None = None
    y_validation: np.ndarray | None = None
    learnt: np.ndarray | None = None

    @property
    def fingerprint(self) -> str:
        """Changes when any sample or label does."""
        digest = hashlib.sha256()
        held_out = (self.x_validation, self.y_validation)
        for array in (self.x_train, self.y_train, self.x_test, self.y_test, *held_out):
            if array is None:
                continue
            digest.update(str(array.shape).encode() + np.ascontiguousarray(array).tobytes())
        return digest.hexdigest()

    def units(self, hidden: int | Sequence[int]) -> tuple[int, ...]:
        """Units of the layers of a network for these samples.

        Parameters
        ----------
        hidden : int or sequence of int
            Units of each hidden layer; there is none if 0.

        Returns
        -------
        tuple of int
            Input first.
        """
        return (self.x_train.shape[1], *checked_hidden("hidden", hidden), self.n_classes)


def load_samples(
    data: str,
    crop: int | None = None,
    levels: int | None = None,
    samples: int | None = None,
    test_samples: int | None = None,
    encode: Callable[[np.ndarray, int], np.ndarray] = datasets.encode,
    label: str | None = None,
    validation: float = 0.0,
    seed: int = 0,
) -> Samples:
    """Load and encode a data set.

    Parameters
    ----------
    data : str
        Name or path of a data set, see :func:`~pynn_backprop.data.datasets.load`.
    crop : int or None
        Side of the central square that is kept of square images, in pixels; the whole image if None.
    levels : int or None
        Input neurons per value, see :func:`~pynn_backprop.data.datasets.encode`; the data set's default if None.
    samples, test_samples : int or None
        How many samples of the training and of the test set, the first ones, are kept; all if None.
    encode : callable
        Takes values and levels, and says which input neurons fire.
    label : str, optional
        Name of the column of labels in a ``.csv`` file; the last one if None.
    validation : float
        Share of the training samples of each class that is held out; none if 0.
    seed : int
        Decides which are held out.

    Returns
    -------
    Samples

    Raises
    ------
    InputError
        If there is no such data set, or a number does not fit it.
    DataNotFoundError
        If the files of the data set are nowhere to be had.
    """
    dataset = datasets.load(data, crop, label)
    levels = dataset.default_levels if levels is None else levels
    for name, wanted, there in (
        ("samples", samples, len(dataset.x_train)),
        ("test_samples", test_samples, len(dataset.x_test)),
    ):
        if wanted is not None:
            check_count(name, wanted, 1, there)
    fires = encode(dataset.x_train[:samples], levels)
    warn_if_silent(
        f"data set {dataset.name!r}",
        fires,
        dataset.x_train[:samples],
        "integers are read as grey values from 0 to 255: divide others by their own maximum (docs/data.md)",
    )
    labels, values = dataset.y_train[:samples], dataset.x_train[:samples]
    held: dict[str, np.ndarray] = {}
    if validation:
        learnt, held_out = hold_out(labels, validation, seed, "validation")
        held = {"x_validation": fires[held_out], "y_validation": labels[held_out], "learnt": learnt}
        fires, labels, values = fires[learnt], labels[learnt], values[learnt]
    return Samples(
        fires,
        labels,
        encode(dataset.x_test[:test_samples], levels),
        dataset.y_test[:test_samples],
        dataset.n_classes,
        np.mean(values, axis=0),
        dataset.shape,
        **held,
    )


def load_around(
    data: str,
    crop: int,
    border: int,
    levels: int | None = None,
    samples: int | None = None,
    encode: Callable[[np.ndarray, int], np.ndarray] = datasets.encode,
) -> np.ndarray:
    """Load the training images of a data set with a border of what surrounds the central square.

    Parameters
    ----------
    data, crop, levels, samples, encode
        See :func:`load_samples`.
    border : int
        Pixels on each side; what lies beyond the image is silent.

    Returns
    -------
    numpy.ndarray of bool, shape (samples, crop + 2 border, crop + 2 border, neurons of a pixel)
        Which input neurons fire.

    Raises
    ------
    InputError
        As :func:`load_samples` does.
    """
    dataset = datasets.load(data)
    check_count("crop", crop, 1, min(dataset.shape))
    x = encode(dataset.x_train[:samples], dataset.default_levels if levels is None else levels)
    pixels = math.prod(dataset.shape)
    images = x[:, : x.shape[1] // pixels * pixels].reshape(len(x), *dataset.shape, -1)
    first, stop = (dataset.shape[0] - crop) // 2, (dataset.shape[0] + crop) // 2 + 2 * border
    return np.pad(images, ((0, 0), (border, border), (border, border), (0, 0)))[:, first:stop, first:stop]
