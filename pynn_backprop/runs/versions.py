"""What decides a result besides the choices: versions and the machine."""

from __future__ import annotations

import platform
import sys
from importlib import metadata

from .. import __version__

PACKAGES = ("PyNN", "neo", "numpy", "numba", "scikit-learn", "nest-simulator", "brian2", "lava-nc")


def versions() -> dict[str, str]:
    """Versions of everything that decides a result, and the machine."""
    found = {"pynn_backprop": __version__, "python": sys.version.split()[0], "machine": platform.platform()}
    for name in PACKAGES:
        try:
            found[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            continue
    return found
