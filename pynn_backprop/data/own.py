"""A user's own data, from an ``.npz`` file."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np

from ..errors import InputError
from ..files import read_npz
from .dataset import ROLES, check_not_empty, check_range


def read(path: Path) -> tuple[dict[str, np.ndarray], int]:
    """Read the four arrays of a data set.

    Parameters
    ----------
    path : pathlib.Path
        The file.

    Returns
    -------
    arrays : dict of str to numpy.ndarray
        By role: ``x_train``, ``y_train``, ``x_test``, ``y_test``.
    divisor : int
        By which the values must be divided so that they lie within 0 and 1: 255 for grey values, else 1.

    Raises
    ------
    InputError
        If there is no such file, an array is missing, or the types of the values do not fit.
    """
    if not os.path.exists(path):
        raise InputError(f"data set {path} does not exist")
    arrays = read_npz(path, ROLES)
    try:
        return arrays, _divisor(arrays["x_train"], arrays["x_test"])
    except InputError as error:
        raise InputError(f"data set {path.stem!r}: {error}") from None


def _divisor(train: np.ndarray, test: np.ndarray) -> int:
    for name, x in (("x_train", train), ("x_test", test)):
        if x.ndim not in (2, 3):
            raise InputError(f"{name} has shape {x.shape} but must be (n, features) or (n, height, width)")
        check_not_empty(name, x)
        if x.dtype.kind not in "biuf":
            raise InputError(f"{name} holds {x.dtype} but must hold floats from 0 to 1 or integers from 0 to 255")
    if train.shape[1:] != test.shape[1:]:
        raise InputError(f"a sample of x_train has the shape {train.shape[1:]} but one of x_test {test.shape[1:]}")
    kinds = {train.dtype.kind, test.dtype.kind}
    if kinds == {"f"}:
        return 1
    mixed = f"x_train holds {train.dtype} but x_test {test.dtype}: "
    if "f" in kinds:
        raise InputError(mixed + "both must hold floats, or both integers")
    for name, x in (("x_train", train), ("x_test", test)):
        check_range(name, x, 255, "integers from 0 to 255, or floats from 0 to 1")
    # Zeros and ones are already binary; taken as grey values they would all be black.
    if max(train.max(), test.max()) <= 1:
        return 1
    if "b" in kinds:
        raise InputError(mixed + "beside truth values, integers must be 0 or 1")
    return 255
