"""Which compartments are on which core, and how much of each core they take."""

from __future__ import annotations

from dataclasses import dataclass

from ...report import chips_of, extent
from . import limits
from .demand import Need


@dataclass(frozen=True)
class Core:
    """A core and what is on it.

    Parameters
    ----------
    first
        It holds the network's compartments from this one on.
    need
        What these and their synapses take.
    output_axons
        Entries in its table.
    populations
        Labels of the populations, and how many of the compartments belong to each.
    full
        What made the next compartment start another core; empty for the last one.
    """

    first: int
    need: Need
    output_axons: int
    populations: tuple[tuple[str, int], ...]
    full: str

    @property
    def uses(self) -> dict[str, tuple[int, int]]:
        """What is used of each resource, and what the core has of it."""
        return {**self.need.uses, "output axons": (self.output_axons, limits.OUTPUT_AXONS)}

    @property
    def synapses(self) -> int:
        """Static and plastic ones."""
        return self.need.static_synapses + self.need.plastic_synapses

    def share(self, resource: str) -> float:
        """How much of one of :attr:`uses` is taken, 0 to 1."""
        used, room = self.uses[resource]
        return used / room


@dataclass(frozen=True)
class Placement:
    """What a network takes of Loihi chips.

    Parameters
    ----------
    cores
        All that are used, in the order of their compartments.
    n_inputs
        Neurons whose spikes come from outside; they take input axons, but no compartments.
    compartments_per_core
        The bound that was asked for.
    """

    cores: tuple[Core, ...]
    n_inputs: int
    compartments_per_core: int

    @property
    def n_chips(self) -> int:
        """Chips that it takes."""
        return chips_of(len(self.cores), limits.CORES)

    @property
    def extent(self) -> str:
        """How many cores of how many chips, in words."""
        return extent(len(self.cores), limits.CORES)

    @property
    def totals(self) -> dict[str, int]:
        """Sums over all cores."""
        needs = [core.need for core in self.cores]
        return {
            "chips": self.n_chips,
            "cores": len(self.cores),
            "compartments": sum(need.compartments for need in needs),
            "inputs": self.n_inputs,
            "synapses": sum(core.synapses for core in self.cores),
            "plastic_synapses": sum(need.plastic_synapses for need in needs),
            "synapse_memory_bits": sum(need.memory_bits for need in needs),
            "input_axons": sum(need.input_axons for need in needs),
            "output_axons": sum(core.output_axons for core in self.cores),
        }

    @property
    def learning_us(self) -> float:
        """Estimated time in us in which the core with the most plastic synapses visits them all once.

        The learning engine visits them one by one in each step; from simulation before silicon (Davies et al. 2018).
        """
        most = max(core.need.plastic_synapses for core in self.cores)
        return most * limits.LEARNING_UPDATE_NS / 1e3
