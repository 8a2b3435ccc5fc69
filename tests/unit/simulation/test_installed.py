"""Entry points are read once, and anew when a package comes or goes."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from importlib.metadata import EntryPoints
from pathlib import Path

import pytest

from pynn_backprop.simulation.backends import installed as module
from pynn_backprop.simulation.backends.installed import installed, read
from pynn_backprop.simulation.backends.registry import GROUP


@pytest.fixture(autouse=True)
def nothing_is_known() -> Iterator[None]:
    read.cache_clear()
    yield
    read.cache_clear()


def install(folder: Path, name: str) -> Path:
    description = folder / f"{name}-1.0.dist-info"
    description.mkdir(parents=True)
    (description / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
    (description / "entry_points.txt").write_text(f"[{GROUP}]\n{name} = {name}:BACKEND\n")
    return description


def names() -> set[str]:
    return {entry.name for entry in installed(GROUP)}


def test_they_are_read_once():
    first = installed(GROUP)
    assert {entry.name for entry in first} >= {"nest", "brian2", "lava"}
    assert installed(GROUP) is first
    assert read.cache_info().misses == 1
    assert installed("pynn_backprop.no_such_group") == ()


def test_a_package_that_is_installed_or_removed_meanwhile_is_seen(monkeypatch, tmp_path):
    before = names()
    monkeypatch.syspath_prepend(tmp_path)
    assert names() == before
    description = install(tmp_path, "abacus")
    assert names() == before | {"abacus"}
    shutil.rmtree(description)
    assert names() == before


def test_an_old_description_beside_a_checkout_does_not_hide_the_installed_one(monkeypatch):
    before = names()
    read.cache_clear()
    monkeypatch.setattr(module, "entry_points", lambda **choice: EntryPoints())
    assert names() == before
