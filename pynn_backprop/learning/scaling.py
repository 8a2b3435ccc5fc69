"""Features of any range become values from 0 to 1, which is what a network is shown."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..checks import check_choice
from ..data.dataset import check_values
from ..errors import InputError

MINMAX = "minmax"


@dataclass(frozen=True, eq=False)
class Scaling:
    """How far each feature reached in training; the lowest value becomes 0, the highest 1.

    Parameters
    ----------
    data_min_, data_max_ : numpy.ndarray, shape (n_features,)
        As scikit-learn's MinMaxScaler calls them.
    """

    data_min_: np.ndarray
    data_max_: np.ndarray

    def __call__(self, x: np.ndarray) -> np.ndarray:
        """Values from 0 to 1, of the same shape and type; what is beyond those of training is cut off.

        Parameters
        ----------
        x : numpy.ndarray of float, shape (n, n_features)
            Finite.
        """
        # Halves: the difference of two numbers may be larger than any.
        low, span = self.data_min_ / 2, self.data_max_ / 2 - self.data_min_ / 2
        low, span = low.astype(x.dtype), np.where(span > 0, span, 0.5).astype(x.dtype)
        with np.errstate(over="ignore"):
            scaled = (x / 2 - low) / span
        return np.asarray(np.clip(scaled, 0, 1))


def learnt_scaling(scale: object, x: np.ndarray) -> Scaling | None:
    """What a classifier's argument `scale` asks for, from the samples that it learns.

    Parameters
    ----------
    scale : str or None
        :data:`MINMAX`, or None for values that are from 0 to 1 already.
    x : numpy.ndarray of float, shape (n, n_features)
        The samples.

    Raises
    ------
    InputError
        If `scale` is something else.
    """
    if scale is None:
        return None
    try:
        check_choice("scale", scale, [MINMAX])
    except InputError as error:
        raise InputError(f"{error}, or None") from None
    return Scaling(x.min(axis=0), x.max(axis=0))


def shares(x: np.ndarray, scaling: Scaling | None) -> np.ndarray:
    """Values from 0 to 1, of the same shape and type.

    Parameters
    ----------
    x : numpy.ndarray of float, shape (n, n_features)
        Finite.
    scaling : Scaling or None
        How; None for values that are from 0 to 1 already, but for rounding errors.

    Raises
    ------
    InputError
        If they are not.
    """
    if scaling is not None:
        return scaling(x)
    check_values("values", x)
    return np.asarray(np.clip(x, 0, 1))
