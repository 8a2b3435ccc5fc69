"""What a platform and a circuit that runs on one must offer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

import numpy as np

from ..circuit.circuit import Circuit
from ..errors import PlatformError
from ..spikes import Spikes
from ..weights import Weights


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
