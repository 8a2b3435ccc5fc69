"""The folder of what can be made again."""

from __future__ import annotations

import os
from pathlib import Path

import platformdirs


def cache_folder() -> Path:
    """Where the package keeps what it can make again: compiled extensions and downloaded data.

    Returns
    -------
    pathlib.Path
        What the environment variable ``PYNN_BACKPROP_CACHE`` names, else ``pynn_backprop`` in the system's folder for
        user caches.  It need not exist yet.
    """
    chosen = os.environ.get("PYNN_BACKPROP_CACHE")
    if chosen:
        return Path(os.path.expanduser(chosen))
    return Path(platformdirs.user_cache_dir("pynn_backprop", appauthor=False))
