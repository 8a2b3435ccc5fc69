"""A circuit with what is to be shown to it: what a measurement of a mechanism consists of."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np

from ..circuit.circuit import Circuit
from ..errors import InputError
from ..interfaces import Platform, RunningCircuit, Shows, spikes_of
from ..spikes import Spikes
from ..weights import Weights


@dataclass(frozen=True)
class Trial:
    """A circuit, its weights, and samples.

    Parameters
    ----------
    circuit
        What is to run.
    sources
        Which neurons of each source fire, bool of shape (n_samples, size) by name.
    weights
        Its weight matrices by name; none if it has none.
    """

    circuit: Circuit
    sources: dict[str, np.ndarray]
    weights: Weights = field(default_factory=dict)

    @property
    def samples(self) -> int:
        """How many there are."""
        return len(next(iter(self.sources.values())))

    def run(self, platform: Platform, record: Sequence[str]) -> Spikes:
        """Show all samples in one run.

        Parameters
        ----------
        platform
            Where.
        record
            Names of populations.

        Returns
        -------
        dict
            Step and neuron of each spike, int64 of shape (n_spikes, 2), by population.

        Raises
        ------
        InputError
            If the platform can't be shown a circuit's sources one by one.
        """
        *_, (spikes, _) = self.parts(platform, record, self.samples)
        return spikes

    def parts(self, platform: Platform, record: Sequence[str], every: int) -> Iterator[tuple[Spikes, Weights]]:
        """Show so many samples at a time; yields the spikes of each part, and the weights after it."""
        running: RunningCircuit = platform.build(self.circuit, self.weights, record)
        try:
            if not isinstance(running, Shows):
                raise InputError(f"the platform is {platform.name!r}, which can't be shown sources one by one")
            for first in range(0, self.samples, every):
                running.show({name: fires[first : first + every] for name, fires in self.sources.items()})
                yield spikes_of(running), running.weights() if self.weights else {}
        finally:
            running.close()


def fair_coins(circuit: Circuit, samples: int, prefix: str = "noise_") -> dict[str, np.ndarray]:
    """What the noise sources of a circuit do: each neuron fires with the probability 1/2, by the seed of the code.

    Parameters
    ----------
    circuit
        Whose.
    samples
        In how many samples.
    prefix
        With which the names of noise sources begin.

    Returns
    -------
    dict
        Bool of shape (samples, size) by name of the source; none where levels are not random.
    """
    generator = np.random.default_rng(circuit.code.seed)
    noisy = [source for source in circuit.sources if source.name.startswith(prefix)]
    return {source.name: generator.random((samples, source.size)) < 0.5 for source in noisy}


def counted(
    table: np.ndarray, n: int, length: int, samples: int, units: int = 1, phase: int | None = None
) -> np.ndarray:
    """How many neurons of each unit fire in each sample, int of shape (samples, units).

    Parameters
    ----------
    table
        Step and neuron of each spike of a population, shape (n_spikes, 2), the first sample being shown in cycle 1.
    n
        Neurons of a unit.
    length
        Phases in a cycle.
    samples, units
        How many were shown, and how many the population has.
    phase
        The phase that counts; all if None.
    """
    if phase is not None:
        table = table[table[:, 0] % length == phase]
    found = np.zeros((samples, units), np.int64)
    np.add.at(found, (table[:, 0] // length - 1, table[:, 1] // n), 1)
    return found


def levels_below(drives: np.ndarray, n: int, quantum: int) -> np.ndarray:
    """How many of the n neurons of a unit fire at drives, which have all levels: those with drive > quantum (k + 1/2).

    Parameters
    ----------
    drives
        Integers of any shape.
    n
        Neurons of a unit.
    quantum
        theta / n.
    """
    return np.clip(-((quantum - 2 * np.asarray(drives)) // (2 * quantum)), 0, n)
