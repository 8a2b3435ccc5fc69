"""PyNN's functions for single neurons."""

from __future__ import annotations

from typing import Any

from pyNN import common
from pyNN.connectors import FixedProbabilityConnector

from . import simulator
from .populations import Population
from .projections import Projection
from .standardmodels.synapses import StaticSynapse

create = common.build_create(Population)
connect = common.build_connect(Projection, FixedProbabilityConnector, StaticSynapse)
set = common.set
record = common.build_record(simulator)


def record_gsyn(source: Any, filename: str) -> None:
    """Record the synaptic conductances to a file; there are some only where ``setup(substitute=True)`` put them."""
    record(["gsyn_exc", "gsyn_inh"], source, filename)


def record_v(source: Any, filename: str) -> None:
    """Record the membrane potential to a file."""
    record(["v"], source, filename)
