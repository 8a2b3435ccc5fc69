"""What platforms, running circuits and backends must offer: Protocols, which mypy checks, and the data they exchange.

A *platform* runs circuits: the rule, the step simulator, or a PyNN simulator.  A *backend* is all that the package
knows of one PyNN simulator (:mod:`pynn_backprop.simulation.backends`), and a *session* is what a backend opened for one
network.  What only some of them can do is a Protocol of its own, to be asked for with ``isinstance``:
:class:`Records`, :class:`Shows`, :class:`HoldsWeights`, :class:`Maps`.  A *machine* is hardware with tools of its own,
which take whole circuits and no PyNN objects made before (:class:`Machine`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from types import ModuleType
from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

import numpy as np

from .checks import check_bound, check_choice, check_count
from .circuit.circuit import Circuit
from .errors import PlatformError
from .resources import in_words
from .spikes import Spikes
from .weights import Weights

if TYPE_CHECKING:
    from matplotlib.figure import Figure

LONG = 1000
"""Steps of a delay that no circuit needs which a person could train."""

LAYOUTS = ("separate", "fused")
"""One PyNN Population for each population of the circuit, or few for all (:mod:`pynn_backprop.simulation.fusion`)."""


MOST_THREADS = 1024
"""With so many NEST ran on two cores; with 100,000 it ended in a segmentation fault."""

STACK = 8 * 2**20

# -- platforms ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Response:
    """What a platform answers to n samples.

    Parameters
    ----------
    outputs
        Bool, shape (n, n_out): which output neurons fired in the output phase.
    potentials
        Integers, shape (n, n_out): the drive of the output neurons, or None where it was not recorded.
    readout
        Integers, shape (n, n_out): how many neurons of the read-out fired for each output neuron; None where the
        circuit has none, and the output itself answers.
    """

    outputs: np.ndarray
    potentials: np.ndarray | None = None
    readout: np.ndarray | None = None


class RunningCircuit(Protocol):
    """A circuit that is ready to run."""

    def train(self, x: np.ndarray, labels: np.ndarray) -> Response:
        """Learn from samples, bool (n, n_in), with labels, integers (n,); or targets, bool (n, n_out), in neurons."""

    def infer(self, x: np.ndarray) -> Response:
        """Answer samples, bool (n, n_in)."""

    def weights(self) -> Weights:
        """The present weight matrices."""

    def check_copies(self) -> None:
        """Raise an EqualityError unless all copies of each matrix are equal."""

    def skip(self, samples: int) -> None:
        """Go on as if this many samples had been shown before, which levels and thinning depend on."""

    def close(self) -> None:
        """Free what the platform holds."""


@runtime_checkable
class Records(Protocol):
    """A running circuit that keeps the spikes of the populations that ``build`` was told to record."""

    def take_spikes(self) -> Spikes:
        """The spikes of the recorded populations since the last call."""


@runtime_checkable
class Shows(Protocol):
    """A running circuit whose sources can be made to fire one by one, whatever its populations are."""

    def show(self, sources: dict[str, np.ndarray]) -> None:
        """Show samples: which neurons of each source fire, bool of shape (n_samples, size) by name."""


@runtime_checkable
class Limited(Protocol):
    """A platform that can't hold every circuit."""

    def check_circuit(self, circuit: Circuit) -> None:
        """Raise an InputError that says what of the circuit it can't hold, and what it can."""


def check_holds(platform: Platform, circuit: Circuit) -> None:
    """Refuse a circuit that a platform can't hold, before anything is built or written.

    Raises
    ------
    InputError
        Says what of it the platform can't hold, and what it can.
    """
    if isinstance(platform, Limited):
        platform.check_circuit(circuit)


def spikes_of(running: RunningCircuit) -> Spikes:
    """What :meth:`Records.take_spikes` of a running circuit returns.

    Raises
    ------
    PlatformError
        If it records none.
    """
    if not isinstance(running, Records):
        raise PlatformError(f"a {type(running).__name__} records no spikes")
    return running.take_spikes()


class Platform(Protocol):
    """Something that a circuit can run on."""

    name: str
    samples_per_run: int

    def build(self, circuit: Circuit, weights: Weights, record: Sequence[str] = ()) -> RunningCircuit:
        """A circuit with these weights, recording the spikes of the named populations."""

    def describe(self) -> dict[str, str]:
        """What runs there, for the records: the variant, versions."""


# -- PyNN simulators ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Options:
    """What the user may choose of a simulator.

    Parameters
    ----------
    threads
        Threads of the simulator.
    variant
        How the simulator does it: ``auto`` for the fastest that works, or one that the backend names.
    layout
        One PyNN Population for each population of the circuit (``separate``) or few for all (``fused``); ``auto`` for
        the one that suits the simulator.
    """

    threads: int = 1
    variant: str = "auto"
    layout: str = "auto"

    def __post_init__(self) -> None:
        check_count("threads", self.threads)
        stacks = in_words(self.threads * STACK)
        check_bound("threads", self.threads, MOST_THREADS, f"they would take {stacks} for their stacks alone")
        check_choice("layout", self.layout, ["auto", *LAYOUTS])


@dataclass(frozen=True)
class Traits:
    """What a simulator does in its own way.

    Every entry is measured by a test on the installed simulator (``tests/platform/test_traits.py``), so that a release
    that changes one fails the test that names it.  Traits say what PyNN as shipped does; what a backend mends (a
    schedule, a missing translation) is mended before the rest is measured.

    Parameters
    ----------
    simulator
        Name to show.
    fires_as_shipped
        Whether a neuron without memory fires at all before our backend has mended the order within a step.
    records_v_as_shipped
        Whether the membrane potential of IF_curr_delta can be recorded.
    delay_offset
        The delay that makes a spike act ``latency`` steps later is ``latency + delay_offset`` steps.
    threshold_is_strict
        Whether a neuron whose potential equals the threshold stays silent.
    shows_v_that_fires
        Whether ``record('v')`` shows the potential with which a neuron fires, and not what it was reset to.
    refractory_may_differ
        Whether the neurons of one Population may have different refractory times.
    earliest_source_step
        How many steps after the present time of a running network a SpikeSourceArray can fire first; what it is told
        to do earlier is lost, mostly without a word.
    weight_scale_created, weight_scale_get, weight_scale_set
        What acts if 1 mV is asked for at creation; what ``Projection.get`` answers where 1 mV acts; and what acts
        after ``Projection.set(weight=1)``.
    mixed_signs_accepted
        Whether PyNN's StaticSynapse takes a matrix with weights of both signs.
    update_visible_after
        How many steps after a coincidence a spike is sent with the changed weight, by variant.
    samples_per_run
        How many samples one ``sim.run`` takes: many enough that its fixed cost does not count, few enough that
        progress is seen and Ctrl-C answered.
    layout
        The faster one of :data:`LAYOUTS`.
    longest_delay
        In steps; :data:`LONG` stands for that and more.
    """

    simulator: str
    fires_as_shipped: bool
    records_v_as_shipped: bool
    delay_offset: int
    threshold_is_strict: bool
    shows_v_that_fires: bool
    refractory_may_differ: bool
    earliest_source_step: int
    weight_scale_created: float
    weight_scale_get: float
    weight_scale_set: float
    mixed_signs_accepted: bool
    update_visible_after: dict[str, int]
    samples_per_run: int
    layout: str
    longest_delay: int


class Session(Protocol):
    """What a backend opened for one network: what was chosen for it and built with it.  The network owns it."""

    def connector(self, blocks: Sequence[Any]) -> Any:
        """A PyNN connector that makes the synapses of blocks, weights and delays included, all at once."""

    def static_synapse(self, **parameters: Any) -> Any:
        """A PyNN synapse type for weights of both signs; with PyNN's connectors it takes `weight` and `delay`."""

    def hebbian_synapse(self, reinforcement: Any, **parameters: Any) -> Any:
        """A :class:`~pynn_backprop.simulation.synapse.ReinforcedHebbianSynapse` of this simulator."""

    def settle(self) -> None:
        """Bring postponed weight changes up to date."""

    def take_spikes(self, population: Any) -> tuple[np.ndarray, np.ndarray]:
        """Times in ms and neurons of the spikes of a Population since the last call, arrays of shape (n_spikes,)."""

    def take_potential(self, population: Any, neurons: slice, times: np.ndarray) -> np.ndarray:
        """The recorded potential of some neurons at these times in ms, in mV, shape (n_times, n_neurons).

        All that was recorded so far is dropped.
        """

    def read_weights(self, projection: Any, block: Any) -> np.ndarray:
        """The present weights of a block that the PyNN Projection was made with, in mV, shape (n_pre, n_post)."""

    def close(self) -> None:
        """Free what the session holds, without touching the simulator: another network may run on it by now."""


@runtime_checkable
class Compiles(Protocol):
    """A session whose simulator compiles in its first run; done before, it is not taken for the time of samples."""

    def compile(self) -> None:
        """Compile what the network that was built needs, and say so if it takes long."""


@runtime_checkable
class BoundToThread(Protocol):
    """A session that can be used in one thread only, where another one would do harm."""

    def check_thread(self) -> None:
        """Raise a PlatformError in any other."""


@runtime_checkable
class Backend(Protocol):
    """All that differs between a PyNN simulator and the others."""

    @property
    def name(self) -> str:
        """By which users call it, as its entry point."""

    @property
    def module(self) -> str:
        """Dotted path of its PyNN module."""

    @property
    def package(self) -> str:
        """The module that must be installed for it."""

    @property
    def remedy(self) -> str:
        """How to get that package, in words that a user can follow."""

    @property
    def variants(self) -> tuple[str, ...]:
        """The ways in which it can do it, for :class:`Options`, ``auto`` first."""

    @property
    def traits(self) -> Traits:
        """What it does in its own way."""

    def check_options(self, options: Options) -> None:
        """Raise an InputError for a choice that the simulator does not have."""

    def import_simulator(self) -> ModuleType:
        """Import the PyNN module, as quietly as can be."""

    def describe(self, options: Options) -> dict[str, str]:
        """Version of the simulator, and as ``variant`` what these options come to, whatever was built before."""

    def open(self, sim: Any, options: Options, max_delay: float, timestep: float = 1.0, mended: bool = True) -> Session:
        """Call ``sim.setup`` and make ready whatever the simulator needs before the first Population.

        Parameters
        ----------
        sim
            The imported PyNN module.
        options
            What the user chose.
        max_delay
            The longest delay, in ms.
        timestep
            In ms, also the smallest delay.
        mended
            Whether what PyNN does wrong or slowly there is mended; if not, only ``setup`` is called.
        """


@runtime_checkable
class Distributes(Protocol):
    """A backend whose simulator can spread one network over many processes (:mod:`pynn_backprop.processes`)."""

    def check_processes(self, sim: Any) -> None:
        """Raise a PlatformError unless the PyNN module knows of all processes that were started."""


@runtime_checkable
class HoldsWeights(Protocol):
    """A backend whose simulator holds some weights only, as a chip does."""

    @property
    def traits(self) -> Traits:
        """See :attr:`Backend.traits`."""

    def holds_static(self, weight: int) -> bool:
        """Whether a static weight, in mV, that is alone in its projection is held exactly."""

    def holds_plastic(self, eta: int, w_max: int) -> bool:
        """Whether weights that change by `eta` within `w_max`, in mV, are held exactly."""


# -- chips -------------------------------------------------------------------------------------------------------------


class Mapping(Protocol):
    """What a platform says about the place of a network on its chips; as text it is a table."""

    def to_dict(self) -> dict[str, Any]:
        """All of it, for a JSON file."""

    def figure(self, title: str = "", width: float | None = None) -> Figure:
        """A picture of how full the cores are, so many mm wide, or 180."""


@runtime_checkable
class Maps(Protocol):
    """A backend that has a chip behind it."""

    def mapping_report(self, sim: Any, compartments_per_core: int | None = None) -> Mapping:
        """How the network that was built last on this PyNN module would sit on a chip; None: as many a core as fit."""


@runtime_checkable
class Machine(Protocol):
    """Hardware whose tools take a whole circuit at once."""

    @property
    def name(self) -> str:
        """By which users call it, as its entry point."""

    def platform(self, options: Options) -> Platform:
        """Where circuits run; raises an InputError for a choice that it does not have."""

    def map_circuit(self, circuit: Circuit, weights: Weights, per_core: int | None = None) -> Mapping:
        """How a circuit would sit on it, with at most `per_core` neurons on a core; None: as many as fit."""
