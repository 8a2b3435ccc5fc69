"""Data sets by name or path, with values from 0 to 1, and how values become spikes of input neurons."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

import numpy as np

from ..arguments import checked
from ..checks import as_array, check_choice, check_count, shown
from ..errors import InputError
from . import find, own, pictures, table
from .dataset import Dataset as Dataset
from .dataset import check_values
from .levels import suitable_levels
from .split import split

DIGITS, DIGITS_LEVELS = "digits", 3
"""The 8 x 8 pixels have 17 values, of which a single level would leave too little."""

WRITTEN: Mapping[str, str] = MappingProxyType({DIGITS: "digits", "mnist": "MNIST", "fashion-mnist": "Fashion-MNIST"})
"""How those who made a data set write its name, by the name that :func:`load` knows."""

NAMES = tuple(WRITTEN)
"""What :func:`load` knows by name."""

NPZ, CSV = ".npz", ".csv"

__all__ = ["NAMES", "Dataset", "encode", "load"]


def load(name: str | os.PathLike[str], crop: int | None = None, label: str | None = None) -> Dataset:
    """Load a data set by name, or your own from a file or a folder.

    Parameters
    ----------
    name : str or os.PathLike
        ``digits`` (scikit-learn's, embedded), ``mnist`` or ``fashion-mnist`` (looked for on this machine, else
        downloaded), or a path: of an ``.npz`` file with the arrays ``x_train``, ``y_train``, ``x_test``, ``y_test``, of
        a ``.csv`` file (:mod:`pynn_backprop.data.table`), or of a folder of images by class
        (:mod:`pynn_backprop.data.pictures`).
    crop : int or None
        Side of the central square, in pixels, that is kept of square images; the whole image if None.  It must be even
        if the image's side is, and odd otherwise.
    label : str, optional
        Name of the column of labels in a ``.csv`` file; the last one if None.

    Returns
    -------
    Dataset
        The same samples in the same order each time.

    Raises
    ------
    InputError
        If there is no such data set, a file is damaged or holds what it must not, or `crop` does not fit.
    DataNotFoundError
        If the files are neither on this machine nor to be had from a mirror.  The message says what to do.
    """
    if not isinstance(name, (str, os.PathLike)):
        raise InputError(f"data set is {shown(name)} but must be a name or a path")
    path, kind = Path(name), Path(name).suffix.lower()
    if label is not None and kind != CSV:
        raise InputError(
            f"label is {shown(label)} but only a {CSV} file has a column of labels, and the data set is {path}"
        )
    if kind == NPZ:
        arrays, divisor = own.read(path)
        return _build(path.stem, arrays, divisor, crop)
    if kind == CSV:
        arrays = table.read(path, label)
        return _build(path.stem, arrays, 1, crop, levels=suitable_levels(arrays["x_train"].shape[1]))
    if is_own(os.fspath(name)):
        arrays = pictures.read(path)
        return _build(path.name, arrays, 255, crop, levels=suitable_levels(arrays["x_train"][0].size))
    try:
        known = check_choice("data set", os.fspath(name), NAMES)
    except InputError as error:
        raise InputError(
            f"{error}, or the path of a file that ends in {NPZ} or {CSV} or of a folder of images by class"
        ) from None
    if known == DIGITS:
        return _build(known, _digits(), 16, crop, levels=DIGITS_LEVELS)
    return _build(known, find.find(known), 255, crop)


def written(name: str) -> str:
    """A data set's name for readers, as its makers write it: MNIST and not mnist.

    Parameters
    ----------
    name : str
        What a user called it, as of :func:`load`.

    Returns
    -------
    str
        The same for data of one's own.
    """
    return WRITTEN.get(name, name)


def known_levels(name: str, label: str | None = None) -> int | None:
    """The number of levels per value that a data set has by default; None if its file is gone, which alone would say.

    Parameters
    ----------
    name : str
        Name or path, as of :func:`load`.
    label : str, optional
        Name of the column of labels.
    """
    if name in NAMES or Path(name).suffix.lower() == NPZ:
        return DIGITS_LEVELS if name == DIGITS else 1
    try:
        return load(name, label=label).default_levels
    except InputError:
        return None


def is_own(name: str) -> bool:
    """Whether this is the path of somebody's own data rather than a name."""
    return bool(name) and name not in NAMES and (Path(name).suffix.lower() in (NPZ, CSV) or Path(name).is_dir())


@checked
def encode(values: np.ndarray, levels: int = 1) -> np.ndarray:
    """Say which input neurons fire for each sample.

    Each value has `levels` neurons.  Neuron ``f * levels + k`` fires when value ``f`` exceeds
    ``(k + 1) / (levels + 1)``, for k from 0 to ``levels - 1``.  A value that equals a level does not exceed it.

    Parameters
    ----------
    values : array_like, shape (n_samples, n_features)
        Values from 0 to 1.
    levels : int
        Number of levels per value, equally spaced between 0 and 1.

    Returns
    -------
    numpy.ndarray of bool, shape (n_samples, n_features * levels)

    Raises
    ------
    InputError
        If `values` has another shape, or holds what is not a number from 0 to 1, or `levels` is not a positive integer.

    Examples
    --------
    >>> encode([[0.1, 0.5, 0.9]], levels=3).astype(int)
    array([[0, 0, 0, 1, 0, 0, 1, 1, 1]])
    """
    levels = check_count("levels", levels)
    values = as_array("values", values)
    check_values("values", values)
    if values.dtype.kind != "f":
        values = values.astype(np.float32)
    # Levels in the precision of the values: a third in float32 must equal the level of a third, not exceed it.
    thresholds = np.arange(1, levels + 1, dtype=values.dtype) / values.dtype.type(levels + 1)
    fires: np.ndarray = values[:, :, np.newaxis] > thresholds
    return fires.reshape(len(values), values.shape[1] * levels)


def _digits() -> dict[str, np.ndarray]:
    # Takes a second to import, which nobody should pay who has other data.
    from sklearn.datasets import load_digits

    digits = load_digits()
    return split(digits.images, digits.target, 360)


def _build(name: str, raw: dict[str, np.ndarray], divisor: int, crop: int | None, levels: int = 1) -> Dataset:
    # The crop comes first, while a value is still a byte.
    images = {role: _cropped(raw[role], crop) for role in ("x_train", "x_test")}
    return Dataset(
        name=name,
        x_train=_flat(images["x_train"], divisor),
        y_train=raw["y_train"],
        x_test=_flat(images["x_test"], divisor),
        y_test=raw["y_test"],
        shape=images["x_train"].shape[1:],
        default_levels=levels,
    )


def _cropped(images: np.ndarray, crop: int | None) -> np.ndarray:
    if crop is None:
        return images
    shape = images.shape[1:]
    if len(shape) != 2 or shape[0] != shape[1]:
        raise InputError(f"crop is {crop!r} but only square images can be cropped, and a sample has the shape {shape}")
    side = int(shape[0])
    crop = check_count("crop", crop, 1, side)
    edge, rest = divmod(side - crop, 2)
    if rest:
        parity = "odd" if side % 2 else "even"
        raise InputError(f"crop is {crop} but must be {parity}, as the image's side of {side} is, to keep the centre")
    return images[:, edge : edge + crop, edge : edge + crop]


def _flat(images: np.ndarray, divisor: int) -> np.ndarray:
    # Beyond float32 is infinite, which the data set's own check then reports.
    with np.errstate(over="ignore"):
        values = images.astype(np.float32, order="C", copy=False).reshape(len(images), -1)
    if divisor != 1:
        values /= np.float32(divisor)
    return values
