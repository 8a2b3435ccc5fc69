"""A PyNN backend that runs networks in the fixed-point arithmetic of Loihi: ``import hardware.lava as sim``.

It has the functions and classes of the other PyNN simulators, and :func:`rounding_report`, :func:`mapping_report`,
:func:`overflow_report` and :func:`substitution_report`, which say how well a chip's integers hold the network and how
it would sit on one.  What is translated to what, and what is refused, stands in docs/lava.md.
"""

from __future__ import annotations

from pyNN import errors, random, space
from pyNN.connectors import (
    CSAConnector,
    DisplacementDependentProbabilityConnector,
    DistanceDependentProbabilityConnector,
    FixedNumberPostConnector,
    FixedNumberPreConnector,
    FixedProbabilityConnector,
    FixedTotalNumberConnector,
    FromFileConnector,
    IndexBasedProbabilityConnector,
    SmallWorldConnector,
)
from pyNN.network import Network
from pyNN.parameters import Sequence
from pyNN.random import GSLRNG, NumpyRNG, RandomDistribution
from pyNN.space import Space

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
    substitution_report,
)
from .native_rng import NativeRNG
from .populations import Assembly, Population, PopulationView
from .procedural_api import connect, create, record, record_gsyn, record_v, set
from .projections import Projection
from .standardmodels.cells import (
    IF_cond_alpha,
    IF_cond_exp,
    IF_curr_alpha,
    IF_curr_delta,
    IF_curr_exp,
    SpikeSourceArray,
    SpikeSourceGamma,
    SpikeSourcePoisson,
    SpikeSourcePoissonRefractory,
)
from .standardmodels.electrodes import ACSource, DCSource, NoisyCurrentSource, StepCurrentSource
from .standardmodels.not_available import stand_ins as _stand_ins
from .standardmodels.synapses import (
    AdditiveWeightDependence,
    ReinforcedHebbianSynapse,
    SpikePairRule,
    StaticSynapse,
    STDPMechanism,
)

pynn_backprop_backend = "hardware.lava.backend:BACKEND"
"""Where pynn_backprop finds what differs between this and other simulators."""

_CELLS = (
    IF_curr_alpha,
    IF_curr_delta,
    IF_curr_exp,
    SpikeSourceArray,
    SpikeSourceGamma,
    SpikeSourcePoisson,
    SpikeSourcePoissonRefractory,
)


def list_standard_models() -> list[str]:
    """Names of the cell types that this simulator has."""
    return [each.__name__ for each in _CELLS]


_REFUSED = _stand_ins({"IF_cond_alpha", "IF_cond_exp"})
globals().update(_REFUSED)

__all__ = [
    *_REFUSED,
    *(each.__name__ for each in _CELLS),
    "ACSource",
    "AdditiveWeightDependence",
    "AllToAllConnector",
    "ArrayConnector",
    "Assembly",
    "CSAConnector",
    "CloneConnector",
    "DCSource",
    "DisplacementDependentProbabilityConnector",
    "DistanceDependentProbabilityConnector",
    "FixedNumberPostConnector",
    "FixedNumberPreConnector",
    "FixedProbabilityConnector",
    "FixedTotalNumberConnector",
    "FromFileConnector",
    "FromListConnector",
    "GSLRNG",
    "IF_cond_alpha",
    "IF_cond_exp",
    "IndexBasedProbabilityConnector",
    "NativeRNG",
    "Network",
    "NoisyCurrentSource",
    "NumpyRNG",
    "OneToOneConnector",
    "Population",
    "PopulationView",
    "Projection",
    "RandomDistribution",
    "ReinforcedHebbianSynapse",
    "Sequence",
    "SmallWorldConnector",
    "STDPMechanism",
    "Space",
    "SpikePairRule",
    "StaticSynapse",
    "StepCurrentSource",
    "connect",
    "create",
    "end",
    "errors",
    "get_current_time",
    "get_max_delay",
    "get_min_delay",
    "get_time_step",
    "initialize",
    "list_standard_models",
    "mapping_report",
    "num_processes",
    "overflow_report",
    "random",
    "rank",
    "record",
    "record_gsyn",
    "record_v",
    "reset",
    "rounding_report",
    "run",
    "run_for",
    "run_until",
    "set",
    "setup",
    "space",
    "substitution_report",
]
