"""A PyNN backend that runs networks in the fixed-point arithmetic of Loihi, by Lava: ``import hardware.lava as sim``.

It has the functions and classes of the other PyNN simulators, and :func:`rounding_report` and :func:`mapping_report`,
which say how well a chip's integers hold the network and how it would sit on one.  What is translated to what, and what
is refused, stands in docs/lava.md.
"""

# What is imported here is the interface, for users.
# ruff: noqa: F401

from __future__ import annotations

from typing import NoReturn

from pyNN import errors, random, space
from pyNN.connectors import *  # noqa: F403
from pyNN.network import Network
from pyNN.random import NumpyRNG, RandomDistribution
from pyNN.space import Space
from pyNN.standardmodels import StandardCellType, cells, electrodes, synapses

from .connectors import AllToAllConnector, ArrayConnector, CloneConnector, FromListConnector, OneToOneConnector
from .control import (
    end,
    get_current_time,
    get_max_delay,
    get_min_delay,
    get_time_step,
    initialize,
    mapping_report,
    num_processes,
    overflow_report,
    rank,
    reset,
    rounding_report,
    run,
    run_for,
    run_until,
    setup,
)
from .populations import Assembly, Population, PopulationView
from .procedural_api import connect, create, record, record_v, set
from .projections import Projection
from .standardmodels.cells import IF_curr_delta, IF_curr_exp, SpikeSourceArray
from .standardmodels.synapses import ReinforcedHebbianSynapse, StaticSynapse

pynn_backprop_backend = "hardware.lava.backend:BACKEND"
"""Where pynn_backprop finds what differs between this and other simulators."""


def list_standard_models() -> list[str]:
    """Names of the cell types that this simulator has."""
    types = {name: each for name, each in globals().items() if isinstance(each, type)}
    return [name for name, each in types.items() if issubclass(each, StandardCellType) and each is not StandardCellType]


def __getattr__(name: str) -> NoReturn:
    """Say what there is, if someone asks for a model that a Loihi compartment can't be."""
    if any(hasattr(module, name) for module in (cells, synapses, electrodes)):
        raise AttributeError(
            f"{name} is not available on Lava.  There are the cell types IF_curr_delta, IF_curr_exp and "
            "SpikeSourceArray, and the synapse types StaticSynapse and ReinforcedHebbianSynapse"
        )
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
