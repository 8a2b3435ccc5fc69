"""What this machine has left of memory, and whether something fits into it."""

from __future__ import annotations

import os
import resource
from pathlib import Path

from .errors import InputError

MEMORY = Path("/proc/meminfo")
PROCESS = Path("/proc/self/statm")
CONTAINER = (
    (Path("/sys/fs/cgroup/memory.max"), Path("/sys/fs/cgroup/memory.current")),
    (Path("/sys/fs/cgroup/memory/memory.limit_in_bytes"), Path("/sys/fs/cgroup/memory/memory.usage_in_bytes")),
)
"""The limit of a container and what it uses, in versions 2 and 1 of Linux' control groups."""


def available_memory() -> int | None:
    """Bytes that this process could still take; None where the system does not say."""
    known = [found for found in (_of_machine(), _of_limit(), *map(_of_container, CONTAINER)) if found is not None]
    return max(0, min(known)) if known else None


def _of_machine() -> int | None:
    try:
        for line in MEMORY.read_text(encoding="utf-8").splitlines():
            if line.startswith("MemAvailable:"):
                return int(line.split()[1]) * 1024
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (OSError, ValueError, IndexError):
        return None


def _of_limit() -> int | None:
    """What ``ulimit -v`` leaves."""
    soft, _ = resource.getrlimit(resource.RLIMIT_AS)
    if soft == resource.RLIM_INFINITY:
        return None
    try:
        held = int(PROCESS.read_text(encoding="utf-8").split()[0]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, ValueError, IndexError):
        held = 0
    return soft - held


def _of_container(files: tuple[Path, Path]) -> int | None:
    try:
        limit, used = (int(path.read_text(encoding="utf-8")) for path in files)
    except (OSError, ValueError):
        return None
    return limit - used


def check_memory(what: str, needed: int) -> None:
    """Refuse what does not fit into the memory, before any of it is taken.

    Parameters
    ----------
    what : str
        What would take it.
    needed : int
        How much it would take, in bytes.

    Raises
    ------
    InputError
        Names what it is, how much it needs and how much there is.
    """
    there = available_memory()
    if there is not None and needed > there:
        raise InputError(f"{what} needs about {in_words(needed)} of memory, but {in_words(there)} are free")


def in_words(n_bytes: int) -> str:
    """A number of bytes with a unit."""
    value, units = float(n_bytes), ["bytes", "kB", "MB", "GB", "TB", "PB", "EB"]
    while value >= 1000 and len(units) > 1:
        value, units = value / 1000, units[1:]
    return f"{value:,.0f} {units[0]}" if units[0] == "bytes" else f"{value:,.3g} {units[0]}"
