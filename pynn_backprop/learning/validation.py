"""What a classifier is given: features and labels as scikit-learn takes them, or an error that names what is wrong."""

from __future__ import annotations

import copy
import math
from typing import Any

import numpy as np
from scipy import sparse
from sklearn.utils.multiclass import type_of_target
from sklearn.utils.validation import column_or_1d, validate_data

from ..checks import as_array, checked_hidden, described, shown
from ..errors import InputError, InputTypeError

SEEN = ("n_features_in_", "feature_names_in_")
"""What scikit-learn notes of the features that a classifier learnt from."""


def checked_features(estimator: Any, x: Any, first: bool) -> tuple[np.ndarray, dict[str, Any]]:
    """A table of finite numbers, of a floating type, shape (n, n_features).

    Parameters
    ----------
    estimator : BackpropClassifier
        Who is given them.  It is not changed.
    x : array_like or DataFrame, shape (n, n_features)
        What was given.
    first : bool
        Whether these are the first ones; if not, number and names must be those from which `estimator` has learnt.

    Returns
    -------
    x : numpy.ndarray
    seen : dict
        Number and, of a DataFrame, names of the features, by the names of :data:`SEEN`.

    Raises
    ------
    InputError
        If they can't be used; an InputTypeError if they are sparse, or hold what is no number.
    """
    shell = copy.copy(estimator)
    if first:
        for name in SEEN:
            vars(shell).pop(name, None)
    if not sparse.issparse(x) and not np.ndim(alone := as_array("x", x)):
        raise InputError(f"x is {described(alone)} but must be a table of numbers, of shape (n, n_features)")
    try:
        table = validate_data(shell, x, reset=first, dtype="numeric", ensure_all_finite=False)
    except TypeError as error:
        raise InputTypeError(f"x must be a table of numbers, of shape (n, n_features): {error}") from error
    except ValueError as error:
        raise InputError(f"x must be a table of numbers, of shape (n, n_features): {error}") from error
    if table.dtype.kind != "f":
        table = table.astype(np.float64)
    if not np.isfinite(table).all():
        sample, feature = np.argwhere(~np.isfinite(table))[0]
        raise InputError(
            f"x[{sample}, {feature}] is {table[sample, feature]} but must be finite: neither NaN nor infinity (inf) "
            "can be shown to a network"
        )
    return table, {name: getattr(shell, name) for name in SEEN if hasattr(shell, name)}


def checked_classes(y: Any, n_samples: int) -> np.ndarray:
    """Labels of samples, shape (n,): text, whole numbers or truth values, all of one kind.

    Parameters
    ----------
    y : array_like, shape (n,)
        What was given.
    n_samples : int
        How many there must be.

    Raises
    ------
    InputError
        If they are no labels, or not of these samples.
    """
    if y is None:
        raise InputError("y is None: this classifier requires y to be passed, but the target y is None")
    needed = f"but must have one label for each of the {n_samples} samples of x"
    given = as_array("y", y)
    try:
        labels = column_or_1d(given, warn=True)
    except ValueError as error:
        raise InputError(f"y is {described(given)} {needed}") from error
    if labels.shape != (n_samples,):
        raise InputError(f"y is {described(labels)} {needed}")
    _check_present(labels)
    kind = type_of_target(labels, input_name="y")
    if kind not in ("binary", "multiclass"):
        odd = (
            next((label for label in labels.tolist() if label != int(label)), labels[0]) if kind == "continuous" else ""
        )
        hint = f"y holds {odd}, among {len(np.unique(labels))} different values" if kind == "continuous" else "y"
        raise InputError(f"Unknown label type: {kind}. {hint}: labels must be text, whole numbers or truth values")
    return np.asarray(labels)


def _check_present(labels: np.ndarray) -> None:
    """Refuse missing labels, and labels of which some are text and some numbers."""
    missing = [n for n, label in enumerate(labels.tolist()) if _is_missing(label)]
    if missing:
        raise InputError(f"y[{missing[0]}] is {labels[missing[0]]}, which is no label: y must hold no NaN and no None")
    kinds = sorted({"text" if isinstance(label, str) else "numbers" for label in labels.tolist()})
    if len(kinds) > 1:
        raise InputError("y holds text and numbers, but labels must be of one kind")


def _is_missing(label: Any) -> bool:
    """NaN alone is not itself, and pandas' NA does not even say so."""
    try:
        return label is None or bool(label != label)
    except (TypeError, ValueError):
        return True


def known_classes(labels: np.ndarray, classes: Any, before: np.ndarray | None) -> np.ndarray:
    """The classes that labels are among, sorted, shape (n_classes,).

    Parameters
    ----------
    labels : numpy.ndarray, shape (n,)
        What :func:`checked_classes` returned.
    classes : array_like, optional
        The classes, if they were given.
    before : numpy.ndarray, optional
        Those that were learnt before.

    Raises
    ------
    InputError
        If there is but one, a label is not among them, or they are not those of before.
    """
    if classes is not None:
        given = as_array("classes", classes)
        if given.ndim != 1:
            raise InputError(f"classes is {described(given)} but must be a list of all labels, shape (n_classes,)")
        if before is not None and not np.array_equal(np.unique(given), before):
            raise InputError(f"classes is {shown(classes)} but was {before.tolist()} when it first learnt")
    known = before if before is not None else np.unique(labels if classes is None else given)
    if len(known) < 2:
        raise InputError(f"y holds one class only, {known.tolist()[0]!r}, but there must be at least two")
    unknown = np.setdiff1d(labels, known)
    if len(unknown):
        raise InputError(
            f"y holds {unknown.tolist()[0]!r}, which is none of the classes {', '.join(map(repr, known.tolist()))}"
        )
    return known


def checked_image_shape(given: object, n_features: int) -> tuple[int, ...]:
    """Height and width of the images whose pixels are the features.

    Parameters
    ----------
    given : sequence of int or None
        What was given; a square if None.
    n_features : int
        How many pixels there are.

    Returns
    -------
    tuple of int
        Height and width; the number of features alone if nothing was given and they are no square.

    Raises
    ------
    InputError
        If images of this shape have other numbers of pixels.
    """
    if given is None:
        side = math.isqrt(n_features)
        return (side, side) if side**2 == n_features else (n_features,)
    shape = checked_hidden("image_shape", given)
    if len(shape) != 2 or math.prod(shape) != n_features:
        raise InputError(f"image_shape is {shown(given)} but must be height and width of images of {n_features} pixels")
    return shape
