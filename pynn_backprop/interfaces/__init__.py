"""What platforms, running circuits and backends must offer: Protocols, which mypy checks, and the data they exchange.

A *platform* runs circuits: the rule, the step simulator, or a PyNN simulator.  A *backend* is all that the package
knows of one PyNN simulator (:mod:`pynn_backprop.simulation.backends`), and a *session* is what a backend opened for one
network.  What only some of them can do is a Protocol of its own, to be asked for with ``isinstance``:
:class:`Records`, :class:`Shows`, :class:`HoldsWeights`, :class:`Maps`.  A *machine* is hardware with tools of its own,
which take whole circuits and no PyNN objects made before (:class:`Machine`).
"""

from .backends import Backend, BoundToThread, Compiles, Distributes, HoldsWeights, Session
from .chips import Machine, Mapping, Maps
from .options import LAYOUTS, MOST_THREADS, STACK, Options
from .platforms import Limited, Platform, Records, Response, RunningCircuit, Shows, check_holds, spikes_of
from .traits import LONG, Traits

__all__ = [
    "LAYOUTS",
    "LONG",
    "MOST_THREADS",
    "STACK",
    "Backend",
    "BoundToThread",
    "Compiles",
    "Distributes",
    "HoldsWeights",
    "Limited",
    "Machine",
    "Mapping",
    "Maps",
    "Options",
    "Platform",
    "Records",
    "Response",
    "RunningCircuit",
    "Session",
    "Shows",
    "Traits",
    "check_holds",
    "spikes_of",
]
