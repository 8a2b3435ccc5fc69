"""What the backend of a PyNN simulator must offer, and the session that it opens for one network."""

from __future__ import annotations

from collections.abc import Sequence
from types import ModuleType
from typing import Any, Protocol, runtime_checkable

import numpy as np

from .options import Options
from .traits import Traits


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
