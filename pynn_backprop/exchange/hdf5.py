"""HDF5 files of strangers as nested dictionaries: data only, of this file only, and no more than was allowed.

HDF5 can do much more than hold numbers: links lead into other files or back to where they came from, values lie
elsewhere, filters are libraries that are loaded, and a few kB of a compressed array are GB in memory.  Nothing of that
is followed: whatever is no plain array or text is refused by its name before any of it is read.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import numpy as np

from ..errors import InputError
from ..extras import require
from ..resources import available_memory, in_words

Tree = dict[str, Any]
"""Groups as dictionaries; arrays, numbers and text."""

MOST_BYTES, SHARE_OF_MEMORY = 2**30, 4
"""What a file may hold at most: this, and a quarter of what is free."""

MOST_OBJECTS, DEEPEST = 10_000, 16
"""Groups and arrays of a file, and how deep they may be nested."""

FILTERS = (1, 2, 3, 4, 5, 6, 32000)
"""Those that HDF5 and h5py bring with them (gzip, shuffle, checksum, szip, n-bit, scale-offset, lzf); another one would
be a library that HDF5 loads."""


def read_tree(path: str | os.PathLike[str], most_bytes: int | None = None) -> Tree:
    """Read all of a file.

    Parameters
    ----------
    path : str or os.PathLike
        The file.
    most_bytes : int, optional
        What it, and all of its arrays together, may have; :data:`MOST_BYTES`, or a share of the free memory, if None.

    Returns
    -------
    dict
        By name: a dict for a group, a numpy array, a number, or text.

    Raises
    ------
    InputError
        If it is no HDF5 file, is damaged, or holds what is no data of its own or too much; names what.
    PlatformError
        If h5py is not installed.
    """
    h5py = require("h5py", "an HDF5 file", "nir")
    if not Path(path).is_file():
        raise InputError(f"{path} is not a file")
    limit = _limit() if most_bytes is None else most_bytes
    if os.path.getsize(path) > limit:
        raise InputError(f"{path} has {in_words(os.path.getsize(path))} but may have {in_words(limit)} at most")
    try:
        with h5py.File(path, "r") as file:
            return _Reader(h5py, path, limit).group(file, 0)
    except (InputError, MemoryError):
        raise
    except Exception as error:  # a damaged file makes HDF5 and h5py raise whatever they come to
        raise InputError(f"{path} is not a whole HDF5 file: {error}") from error


def _limit() -> int:
    free = available_memory()
    return MOST_BYTES if free is None else min(MOST_BYTES, free // SHARE_OF_MEMORY)


class _Reader:
    """Reads a file and counts what it has read."""

    def __init__(self, h5py: Any, path: str | os.PathLike[str], limit: int) -> None:
        self.h5py, self.path, self.limit = h5py, path, limit
        self.left, self.objects = limit, 0

    def group(self, group: Any, depth: int) -> Tree:
        if depth > DEEPEST:
            raise InputError(f"{self.path}: {group.name} is nested deeper than {DEEPEST} groups")
        return {name: self._member(group, name, depth) for name in group}

    def _member(self, group: Any, name: str, depth: int) -> Any:
        where = f"{group.name.rstrip('/')}/{name}"
        self.objects += 1
        if self.objects > MOST_OBJECTS:
            raise InputError(f"{self.path} holds more than {MOST_OBJECTS:,} groups and arrays")
        if not isinstance(group.get(name, getlink=True), self.h5py.HardLink):
            raise InputError(f"{self.path}: {where} is a link to another place, which is not followed")
        member = group[name]
        if isinstance(member, self.h5py.Group):
            return self.group(member, depth + 1)
        if not isinstance(member, self.h5py.Dataset):
            raise InputError(f"{self.path}: {where} is a {type(member).__name__} but must be an array or a group")
        return self._value(member, where)

    def _value(self, dataset: Any, where: str) -> Any:
        self._check_own(dataset, where)
        if self.h5py.check_string_dtype(dataset.dtype) is not None:
            return self._text(dataset, where)
        if dataset.dtype.kind not in "biuf":
            raise InputError(f"{self.path}: {where} holds {dataset.dtype} but must hold numbers or text")
        self._take(dataset.size * dataset.dtype.itemsize, where)
        value = dataset[()]
        return value if np.ndim(value) else value.item()

    def _check_own(self, dataset: Any, where: str) -> None:
        if dataset.shape is None:
            raise InputError(f"{self.path}: {where} is empty")
        if dataset.is_virtual or dataset.external:
            raise InputError(f"{self.path}: {where} has its values in another file, which is not read")
        plan = dataset.id.get_create_plist()
        for number in (plan.get_filter(k)[0] for k in range(plan.get_nfilters())):
            if number not in FILTERS:
                raise InputError(f"{self.path}: {where} is packed by the filter {number}, which is not loaded")

    def _text(self, dataset: Any, where: str) -> Any:
        """Text; of an array one row after the other, since many entries may share one long text."""
        if not dataset.shape:
            return self._decoded(dataset[()], where)
        self._take(dataset.size * dataset.dtype.itemsize, where)
        rows = [[self._decoded(text, where) for text in np.ravel(dataset[k])] for k in range(len(dataset))]
        return np.array(rows, dtype=object).reshape(dataset.shape)

    def _decoded(self, text: Any, where: str) -> str:
        self._take(len(text), where)
        return text.decode("utf-8") if isinstance(text, bytes) else str(text)

    def _take(self, n_bytes: int, where: str) -> None:
        self.left -= n_bytes
        if self.left < 0:
            raise InputError(f"{self.path}: with {where} it holds more than {in_words(self.limit)}")
