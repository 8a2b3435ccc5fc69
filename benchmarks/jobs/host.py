"""The machine and the versions that a row names."""

from __future__ import annotations

import functools
import os
import platform as machine
from importlib import metadata
from pathlib import Path
from typing import Any

from pynn_backprop.runs.versions import versions as package_versions

PEERS = ("torch", "snntorch", "norse", "bindsnet", "joblib", "distributed")
"""Distributions that :func:`pynn_backprop.runs.versions.versions` does not look for."""


def host() -> dict[str, Any]:
    """Processor, cores, memory in GB and system; no name and no address."""
    return {
        "processor": _processor(),
        "cores": os.cpu_count() or 0,
        "memory_GB": round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9, 1),
        "system": f"{machine.system()} {machine.release()}",
    }


def _processor() -> str:
    info = Path("/proc/cpuinfo")
    if info.is_file():
        for line in info.read_text(encoding="utf-8", errors="replace").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return machine.processor() or machine.machine()


def versions() -> dict[str, str]:
    """Versions of everything that decides a result."""
    return dict(_versions())


@functools.cache
def _versions() -> dict[str, str]:
    found = package_versions()
    for name in PEERS:
        try:
            found[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            continue
    return found
