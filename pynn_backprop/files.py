"""Files are written whole or not at all, broken ones are named, and what can be made again has its folder.

Writing goes to a temporary name beside the target, which is then renamed.
"""

from __future__ import annotations

import contextlib
import json
import os
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import platformdirs

from .errors import InputError


def check_writable(path: str | os.PathLike[str]) -> None:
    """Refuse a file that can't be written, before the work whose result it is to hold.

    Parameters
    ----------
    path : str or os.PathLike
        The file.

    Raises
    ------
    InputError
        If the folder of `path` does not exist or may not be written to, or `path` is itself a folder.
    """
    folder = Path(path).parent
    if Path(path).is_dir():
        raise InputError(f"{path} can't be written: it is a folder")
    if not folder.is_dir():
        raise InputError(f"{path} can't be written: there is no folder {folder}")
    if not os.access(folder, os.W_OK | os.X_OK):
        raise InputError(f"{path} can't be written: you may not write to the folder {folder}")


@contextlib.contextmanager
def written_whole(path: str | os.PathLike[str]) -> Iterator[Path]:
    """Yield a temporary path with the suffix of `path`; on success it takes the place of `path`.

    Parameters
    ----------
    path : str or os.PathLike
        The file to write.  Its folder must exist.

    Yields
    ------
    pathlib.Path
        Where to write.  It is removed if the body of the ``with`` statement raises.

    Raises
    ------
    InputError
        If `path` can't be written.
    """
    target = Path(path)
    check_writable(target)
    handle, name = tempfile.mkstemp(prefix=f".{target.stem}-", suffix=target.suffix, dir=target.parent)
    os.close(handle)
    temporary = Path(name)
    try:
        yield temporary
        umask = os.umask(0)
        os.umask(umask)
        temporary.chmod(0o666 & ~umask)
        os.replace(temporary, target)
    finally:
        temporary.unlink(missing_ok=True)


def write_json(path: str | os.PathLike[str], value: Any) -> None:
    """Write a file of indented JSON.

    Parameters
    ----------
    path : str or os.PathLike
        The file.
    value : object
        What JSON knows: dicts, lists, texts, numbers, truth values, None.

    Raises
    ------
    InputError
        If the file can't be written.
    ValueError
        If a number is NaN or infinite.
    """
    text = json.dumps(value, indent=2, allow_nan=False) + "\n"
    with written_whole(path) as temporary:
        temporary.write_text(text, encoding="utf-8")


def read_json(path: str | os.PathLike[str]) -> Any:
    """Read a JSON file.

    Parameters
    ----------
    path : str or os.PathLike
        The file.

    Returns
    -------
    object
        What it holds.

    Raises
    ------
    InputError
        If the file is missing or broken; it names the file.
    """
    try:
        return json.loads(Path(path).read_text(encoding="utf-8"))
    except OSError as error:
        raise InputError(f"{path} can't be read: {error.strerror or error}") from error
    except ValueError as error:
        raise InputError(f"{path} is not a JSON file: {error}") from error


def write_npz(path: str | os.PathLike[str], arrays: dict[str, np.ndarray]) -> None:
    """Write named arrays as a compressed ``.npz``.

    Parameters
    ----------
    path : str or os.PathLike
        The file.
    arrays : dict of str to numpy.ndarray
        Arrays by name.

    Raises
    ------
    InputError
        If the file can't be written.
    """
    with written_whole(path) as temporary, open(temporary, "wb") as stream:
        np.savez_compressed(stream, **arrays)  # type: ignore[arg-type,unused-ignore]


def read_npz(path: str | os.PathLike[str], names: tuple[str, ...] | None = None) -> dict[str, np.ndarray]:
    """Read the arrays of an ``.npz`` file.

    Parameters
    ----------
    path : str or os.PathLike
        The file.
    names : tuple of str or None
        Arrays that must be there; all that the file holds are read if None.

    Returns
    -------
    dict of str to numpy.ndarray
        Arrays by name.

    Raises
    ------
    InputError
        If the file is missing, broken, truncated, holds Python objects, or lacks one of `names`.
    """
    if not Path(path).is_file():
        raise InputError(f"{path} is not a file")
    try:
        archive = np.load(path, allow_pickle=False)
        if not isinstance(archive, np.lib.npyio.NpzFile):
            raise InputError(f"{path} is a single array, not an .npz archive of named arrays")
        with archive:
            wanted = tuple(archive.files) if names is None else names
            missing = [name for name in wanted if name not in archive.files]
            if missing:
                found = ", ".join(archive.files) or "nothing"
                raise InputError(f"{path} lacks the arrays {', '.join(missing)}; it holds {found}")
            return {name: _array(path, name, archive[name]) for name in wanted}
    except InputError:
        raise
    except UNREADABLE as error:
        raise InputError(f"{path} is not a whole .npz file: {error}") from error


UNREADABLE = (
    OSError,
    ValueError,
    EOFError,
    KeyError,
    RuntimeError,  # an encrypted member, or a compression that this Python does not know
    zipfile.BadZipFile,
    zlib.error,
)


def _array(path: str | os.PathLike[str], name: str, value: Any) -> np.ndarray:
    if not isinstance(value, np.ndarray):
        raise InputError(f"{path} holds {name!r}, which is not an array")
    return value


def cache_folder() -> Path:
    """Where the package keeps what it can make again: compiled extensions and downloaded data.

    Returns
    -------
    pathlib.Path
        What the environment variable ``PYNN_BACKPROP_CACHE`` names, else ``pynn_backprop`` in the system's folder for
        user caches.  It need not exist yet.
    """
    chosen = os.environ.get("PYNN_BACKPROP_CACHE")
    return Path(chosen) if chosen else Path(platformdirs.user_cache_dir("pynn_backprop", appauthor=False))
