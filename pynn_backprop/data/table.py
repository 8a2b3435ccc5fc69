"""A table of features in a ``.csv`` file, with a column of labels."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from ..checks import check_choice, shown
from ..errors import InputError
from .split import split

if TYPE_CHECKING:
    import pandas

REMEDY = "pip install 'pynn_backprop[tables]'"


def read(path: Path, label: str | None = None) -> dict[str, np.ndarray]:
    """Read a table and split it into training and test samples, class by class.

    Parameters
    ----------
    path : pathlib.Path
        The file: a row of names, then one row a sample.
    label : str, optional
        Name of the column of labels; the last one if None.

    Returns
    -------
    dict of str to numpy.ndarray
        By role: ``x_train``, ``y_train``, ``x_test``, ``y_test``.  Each feature is scaled so that its values in
        training lie from 0 to 1; in the test samples what is beyond is cut off.  Classes are numbered in the order of
        their labels.

    Raises
    ------
    InputError
        If pandas is not installed, there is no such file or column, a cell is empty, or a feature holds no numbers.
    """
    if label is not None and not isinstance(label, str):
        raise InputError(f"label is {shown(label)} but must be the name of a column")
    table = _table(path)
    names = [str(name) for name in table.columns]
    if len(names) < 2 or not len(table):
        raise InputError(f"{path} has {len(table)} rows and {len(names)} columns, but must have features and labels")
    chosen = names[-1] if label is None else check_choice("label", label, names)
    place = names.index(chosen)
    features = [_numbers(path, names[k], table.iloc[:, k]) for k in range(len(names)) if k != place]
    labels = table.iloc[:, place]
    _check_filled(path, chosen, labels)
    classes, y = np.unique(labels.to_numpy().astype(str) if labels.dtype == object else labels, return_inverse=True)
    if len(classes) > len(labels) / 2:
        raise InputError(
            f"{path}: column {chosen!r} has {len(classes)} different values in {len(labels)} rows, which are no "
            "classes; another column can be named (label)"
        )
    try:
        parts = split(np.column_stack(features), y)
    except InputError as error:
        raise InputError(f"{path}: {error}") from None
    return _scaled(parts)


def _table(path: Path) -> pandas.DataFrame:
    try:
        import pandas
    except ImportError as error:
        raise InputError(f"{path} can't be read without pandas: {REMEDY}") from error
    if not path.is_file():
        raise InputError(f"data set {path} does not exist")
    try:
        return pandas.read_csv(path, skipinitialspace=True)
    except (ValueError, OSError) as error:  # what pandas raises on a broken file are ValueErrors
        raise InputError(f"{path} can't be read as a table: {error}") from error


def _numbers(path: Path, name: str, column: Any) -> np.ndarray:
    _check_filled(path, name, column)
    try:
        return np.asarray(column, dtype=float)
    except (TypeError, ValueError) as error:
        raise InputError(
            f"{path}: column {name!r} holds {column.iloc[0]!r} but features must be numbers; if it holds the "
            "labels, name it (label)"
        ) from error


def _check_filled(path: Path, name: str, column: Any) -> None:
    empty = np.flatnonzero(column.isna().to_numpy())
    if len(empty):
        # The first line holds the names, and people count from 1.
        raise InputError(f"{path}: column {name!r} is empty in line {empty[0] + 2}")


def _scaled(parts: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    low, high = parts["x_train"].min(axis=0), parts["x_train"].max(axis=0)
    span = np.where(high > low, high - low, 1)
    return {
        role: np.clip((values - low) / span, 0, 1) if role.startswith("x") else values for role, values in parts.items()
    }
