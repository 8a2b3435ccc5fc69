"""Where the package keeps what it can make again: compiled extensions and downloaded data."""

from __future__ import annotations

import os
from pathlib import Path

import platformdirs


def cache_folder() -> Path:
    """The package's cache folder: ``PYNN_BACKPROP_CACHE`` if set, else the platform's place for user caches."""
    chosen = os.environ.get("PYNN_BACKPROP_CACHE")
    return Path(chosen) if chosen else Path(platformdirs.user_cache_dir("pynn_backprop", appauthor=False))
