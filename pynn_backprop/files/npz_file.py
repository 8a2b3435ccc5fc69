"""Named arrays in ``.npz`` files.  Only those that are wanted are read, and none before its size is known to fit."""

from __future__ import annotations

import math
import os
import re
import zipfile
from pathlib import Path
from typing import Any

import numpy as np

from ..errors import InputError
from ..resources import available_memory, in_words
from .whole import written_whole

_MAGIC = b"\x93NUMPY"
_ENDING = ".npy"


def write_npz(path: str | os.PathLike[str], arrays: dict[str, np.ndarray], compressed: bool = True) -> None:
    """Write named arrays as an ``.npz``.

    Parameters
    ----------
    path : str or os.PathLike
        The file.
    arrays : dict of str to numpy.ndarray
        Arrays by name.
    compressed : bool
        Whether time is given for room.

    Raises
    ------
    InputError
        If the file can't be written.
    """
    write = np.savez_compressed if compressed else np.savez
    with written_whole(path) as temporary, open(temporary, "wb") as stream:
        write(stream, **arrays)  # type: ignore[arg-type,unused-ignore]


def read_npz(
    path: str | os.PathLike[str],
    names: tuple[str, ...] | None = None,
    also: str | None = None,
    most_bytes: int | None = None,
) -> dict[str, np.ndarray]:
    """Read arrays of an ``.npz`` file; what else it holds is passed over.

    Parameters
    ----------
    path : str or os.PathLike
        The file.
    names : tuple of str or None
        Arrays that must be there; all that the file holds are read if None.
    also : str, optional
        Arrays whose whole names match this regular expression are read too.
    most_bytes : int, optional
        What all of them together may have; what the machine has in free memory if None.

    Returns
    -------
    dict of str to numpy.ndarray
        Arrays by name.

    Raises
    ------
    InputError
        If the file is missing, broken, truncated, holds Python objects, lacks one of `names`, or its arrays are too
        large, which is known before one is read.
    """
    if not Path(path).is_file():
        raise InputError(f"{path} is not a file")
    try:
        with open(path, "rb") as stream:
            if stream.read(len(_MAGIC)) == _MAGIC:
                raise InputError(f"{path} is a single array, not an .npz archive of named arrays")
        with zipfile.ZipFile(path) as archive:
            held = [name.removesuffix(_ENDING) for name in archive.namelist()]
            wanted = tuple(dict.fromkeys(held)) if names is None else names
            missing = [name for name in wanted if name not in held]
            if missing:
                found = ", ".join(held) or "nothing"
                raise InputError(f"{path} lacks the arrays {', '.join(missing)}; it holds {found}")
            if also is not None:
                wanted = tuple(dict.fromkeys([*wanted, *(name for name in held if re.fullmatch(also, name))]))
            _check_sizes(path, archive, wanted, most_bytes)
            return {name: _array(archive, name) for name in wanted}
    except (InputError, MemoryError):
        raise
    except Exception as error:  # a damaged file makes zipfile, zlib and numpy raise whatever they come to
        raise InputError(f"{path} is not a whole .npz file: {error}") from error


def _check_sizes(
    path: str | os.PathLike[str], archive: zipfile.ZipFile, names: tuple[str, ...], most_bytes: int | None
) -> None:
    """Refuse arrays that are not what the archive says, or together too large."""
    total = 0
    most = available_memory() if most_bytes is None else most_bytes
    for name in names:
        if name + _ENDING not in archive.NameToInfo:
            raise InputError(f"{path} holds {name!r}, which is not an array")
        with archive.open(name + _ENDING) as member:
            shape, dtype = _header(member)
            if dtype.hasobject:
                raise InputError(f"{path} is not a whole .npz file: {name!r} holds Python objects, which are not read")
            size = math.prod(shape) * dtype.itemsize
            if archive.getinfo(name + _ENDING).file_size != member.tell() + size:
                raise InputError(f"{path} is not a whole .npz file: {name!r} has not the {size:,} bytes of its shape")
        total += size
        if most is not None and total > most:
            raise InputError(
                f"{path} is not read: the arrays up to {name!r}, which has shape {shape}, take {in_words(total)} but "
                f"must take at most {in_words(most)}"
            )


def _header(member: Any) -> tuple[tuple[int, ...], np.dtype[Any]]:
    """Shape and type of the array that follows."""
    version = np.lib.format.read_magic(member)
    read = np.lib.format.read_array_header_1_0 if version == (1, 0) else np.lib.format.read_array_header_2_0
    shape, _, dtype = read(member)
    return tuple(map(int, shape)), dtype


def _array(archive: zipfile.ZipFile, name: str) -> np.ndarray:
    with archive.open(name + _ENDING) as member:
        array: np.ndarray = np.lib.format.read_array(member, allow_pickle=False)
        # Whatever follows is read too, so that the sum of the whole is checked.
        if member.read(1):
            raise ValueError(f"{name!r} is longer than its shape")
    return array
