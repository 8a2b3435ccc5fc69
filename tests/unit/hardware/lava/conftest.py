"""A simulator that describes but does not run, for the tests of what becomes of a network."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

import hardware.lava as sim


@pytest.fixture
def described() -> Iterator[None]:
    """`hardware.lava`, set up with a timestep of 1 ms and no engine, so that no Lava is needed."""
    sim.setup(timestep=1.0, engine=None, strict=True, resolution=1.0)
    yield
    sim.end()
