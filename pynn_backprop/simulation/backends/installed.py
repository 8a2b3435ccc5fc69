"""The entry points that installed packages have, read anew only when something was installed or removed."""

from __future__ import annotations

import functools
import os
import sys
from importlib.metadata import EntryPoint, distributions, entry_points


def installed(group: str) -> tuple[EntryPoint, ...]:
    """All entry points of a group."""
    return read(group, tuple(map(_state, sys.path)))


def _state(folder: str) -> tuple[str, int]:
    """A folder of packages, and when something was last put there or taken away."""
    try:
        return folder, os.stat(folder or ".").st_mtime_ns
    except OSError:
        return folder, 0


@functools.lru_cache(maxsize=8)
def read(group: str, folders: tuple[tuple[str, int], ...]) -> tuple[EntryPoint, ...]:
    """Read the descriptions of all packages, which takes 8 ms.

    ``entry_points`` reads only the first description of a package that it finds, which beside a checkout may be an old
    one, of before there were backends in it: then all descriptions are read.

    Parameters
    ----------
    group : str
        Of the entry points.
    folders : tuple of (str, int)
        Where packages are, and the state of each; it decides only whether what was read before still holds.
    """
    found = tuple(entry_points(group=group))
    if not found:
        found = tuple(entry for package in distributions() for entry in package.entry_points if entry.group == group)
    return found
