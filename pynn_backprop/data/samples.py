"""A data set as a network takes it: which input neurons fire."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from ..checks import check_count
from . import datasets


@dataclass(frozen=True)
class Samples:
    """Encoded samples of a data set.

    Parameters
    ----------
    x_train, x_test
        Bool, shape (n, n_in): which input neurons fire.
    y_train, y_test
        Labels, int64, shape (n,).
    n_classes
        Number of output neurons.
    input_mean
        Mean value of each feature in training, shape (n_features,), or None if it is not known.
    """

    x_train: np.ndarray
    y_train: np.ndarray
    x_test: np.ndarray
    y_test: np.ndarray
    n_classes: int
    input_mean: np.ndarray | None = None

    @property
    def fingerprint(self) -> str:
        """Changes when any sample or label does."""
        digest = hashlib.sha256()
        for array in (self.x_train, self.y_train, self.x_test, self.y_test):
            digest.update(str(array.shape).encode() + np.ascontiguousarray(array).tobytes())
        return digest.hexdigest()

    def units(self, hidden: int) -> tuple[int, ...]:
        """Neurons of the layers of a network for these samples, input first; no hidden layer if `hidden` is 0."""
        middle = (hidden,) if check_count("hidden", hidden, 0) else ()
        return (self.x_train.shape[1], *middle, self.n_classes)


def load_samples(
    data: str,
    crop: int | None = None,
    levels: int | None = None,
    samples: int | None = None,
    test_samples: int | None = None,
    encode: Callable[[np.ndarray, int], np.ndarray] = datasets.encode,
) -> Samples:
    """Load and encode a data set.

    Parameters
    ----------
    data, crop, levels, samples, test_samples
        As in :class:`pynn_backprop.runs.config.RunConfig`.
    encode : callable
        Takes values and levels, and says which input neurons fire.
    """
    dataset = datasets.load(data, crop)
    levels = dataset.default_levels if levels is None else levels
    for name, wanted, there in (
        ("samples", samples, len(dataset.x_train)),
        ("test_samples", test_samples, len(dataset.x_test)),
    ):
        if wanted is not None:
            check_count(name, wanted, 1, there)
    return Samples(
        encode(dataset.x_train[:samples], levels),
        dataset.y_train[:samples],
        encode(dataset.x_test[:test_samples], levels),
        dataset.y_test[:test_samples],
        dataset.n_classes,
        np.mean(dataset.x_train[:samples], axis=0),
    )
