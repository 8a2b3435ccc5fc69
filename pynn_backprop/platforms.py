"""One way to ask any platform - the oracle, the step simulator, a PyNN simulator - to train or to infer.

A platform builds circuits.  All running circuits have the same methods, so that training, evaluation and comparison
need not know on what they run.
"""

from __future__ import annotations

from collections.abc import Sequence
from importlib import metadata
from types import ModuleType
from typing import Protocol

import numpy as np

from .checks import check_choice
from .circuit.circuit import Circuit
from .errors import InputError
from .reference.rule import Response, Rule
from .reference.steps import StepSimulator
from .simulation import backends
from .simulation.backends import Options
from .simulation.network import Network
from .spikes import Spikes
from .weights import Weights

REFERENCE = "reference"


class RunningCircuit(Protocol):
    """A circuit that is ready to run."""

    def train(self, x: np.ndarray, labels: np.ndarray) -> Response:
        """Learn from samples, bool (n, n_in), with labels, integers (n,); or, if graded, targets, bool (n, n_out)."""

    def infer(self, x: np.ndarray) -> Response:
        """Answer samples, bool (n, n_in)."""

    def weights(self) -> Weights:
        """The present weight matrices."""

    def check_copies(self) -> None:
        """Raise an EqualityError unless all copies of each matrix are equal."""

    def skip(self, samples: int) -> None:
        """Go on as if this many samples had been shown before; without effect on binary circuits."""

    def take_spikes(self) -> Spikes:
        """The spikes of the recorded populations since the last call."""

    def close(self) -> None:
        """Free what the platform holds."""


class Shows(Protocol):
    """A network that can be told which neurons of its sources fire."""

    def show(self, sources: dict[str, np.ndarray]) -> None:
        """Show samples, bool of shape (n_samples, size) by name of the source."""

    def take_spikes(self) -> Spikes:
        """The spikes of the recorded populations since the last call."""

    def close(self) -> None:
        """Free what the platform holds."""


class Platform(Protocol):
    """Something that a circuit can run on."""

    name: str
    samples_per_run: int

    def build(self, circuit: Circuit, weights: Weights, record: Sequence[str] = ()) -> RunningCircuit:
        """A circuit with these weights, recording the spikes of the named populations."""

    def describe(self) -> dict[str, str]:
        """What ran, for the records: the variant, versions."""


class ReferencePlatform:
    """The oracle; where spikes are to be recorded, the step simulator, which gives the same weights."""

    name = REFERENCE
    samples_per_run = 250

    def build(self, circuit: Circuit, weights: Weights, record: Sequence[str] = ()) -> RunningCircuit:
        """See :meth:`Platform.build`."""
        if record:
            return StepSimulator(circuit, weights, record)
        return Rule(weights, circuit.parameters, circuit.code)

    def describe(self) -> dict[str, str]:
        """See :meth:`Platform.describe`."""
        return {"platform": self.name, "numba": metadata.version("numba")}


class PyNNPlatform:
    """A PyNN simulator.

    Parameters
    ----------
    sim
        The imported simulator.
    name
        What the user called it.
    options
        Threads, variant and layout.
    """

    def __init__(self, sim: ModuleType, name: str | None = None, options: Options | None = None) -> None:
        self.sim = sim
        self.name = name or sim.__name__
        self.options = options or Options()
        self.backend = backends.for_simulator(sim)
        self.backend.check_options(self.options)
        self.samples_per_run = self.backend.TRAITS.samples_per_run

    def build(self, circuit: Circuit, weights: Weights, record: Sequence[str] = ()) -> RunningCircuit:
        """See :meth:`Platform.build`."""
        return Network(self.sim, circuit, weights, record, self.options)

    def describe(self) -> dict[str, str]:
        """See :meth:`Platform.describe`."""
        return {"platform": self.name, "PyNN": metadata.version("PyNN"), **self.backend.describe()}


def get_platform(simulator: str | ModuleType, options: Options | None = None) -> Platform:
    """The platform of this name.

    Parameters
    ----------
    simulator
        ``reference``, a simulator's short name, the dotted path of a PyNN module, or the module itself.
    options
        Threads, variant and layout.

    Raises
    ------
    InputError
        If there is no such simulator, or no backend for it.
    PlatformError
        If it is not installed.
    """
    if isinstance(simulator, ModuleType):
        return PyNNPlatform(simulator, options=options)
    if not isinstance(simulator, str):
        raise InputError(f"simulator is {simulator!r} but must be a name or an imported PyNN simulator")
    if simulator == REFERENCE:
        options = options or Options()
        check_choice("variant on reference", options.variant, ["auto"])
        check_choice("layout on reference", options.layout, ["auto"])
        return ReferencePlatform()
    return PyNNPlatform(backends.load_simulator(simulator), simulator, options)
