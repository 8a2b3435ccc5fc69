"""An engine of Lava's, made for a test and closed after it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np

from hardware.lava.engines.engine import Engine
from hardware.lava.engines.registry import make_engine
from hardware.lava.translation.network import DiscreteNetwork


@contextmanager
def running(name: str, network: DiscreteNetwork, spikes: Any = (), potentials: Any = ()) -> Iterator[Engine]:
    """The engine of this name, recording spikes and potentials of these compartments."""
    engine = make_engine(name, network, np.array(spikes, int), np.array(potentials, int))
    try:
        yield engine
    finally:
        engine.close()
