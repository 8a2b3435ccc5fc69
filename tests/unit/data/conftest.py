"""Tests of data sets stay off the network, the user's folders and the system's."""

from __future__ import annotations

import hashlib
from pathlib import Path

import numpy as np
import pytest
from idx_files import Offline, idx_bytes, small_set

from pynn_backprop.data import find, published


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Keep every test off the network, the user's cache, Debian's folder and the user's own folder."""
    folder = tmp_path / "cache"
    monkeypatch.delenv("PYNN_BACKPROP_DATA", raising=False)
    monkeypatch.setenv("PYNN_BACKPROP_CACHE", str(folder))
    monkeypatch.setattr(find, "PACKAGED", {"fashion-mnist": ("Debian's package", tmp_path / "debian")})
    monkeypatch.setattr("pooch.HTTPDownloader", Offline)
    return folder


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> dict[str, dict[str, np.ndarray]]:
    """Give two small data sets, which pass for the published ones."""
    sets = {"mnist": small_set(1), "fashion-mnist": small_set(2)}
    for name, arrays in sets.items():
        sums = {role: hashlib.sha256(idx_bytes(values)).hexdigest() for role, values in arrays.items()}
        monkeypatch.setitem(published.SHA256, name, sums)
    return sets
