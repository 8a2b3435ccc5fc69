"""What a network takes of a board, and how its numbers are held there."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ...integers import RoundingReport
from ...report import Finding
from . import limits
from .placement import DELAYS, SOURCES, Core


@dataclass(frozen=True)
class ToolCount:
    """What sPyNNaker itself says about the place of a network, from its virtual board.

    Parameters
    ----------
    version
        Of sPyNNaker.
    cores, delay_cores
        Cores of populations, and those on which spikes wait for long delays.
    chips
        Chips on which they are.
    sdram_bytes
        Memory that these cores ask for.
    shifts
        The shifts of the ring buffers, excitatory and inhibitory, that it uses, by population.
    seconds
        That it took.
    """

    version: str
    cores: int
    delay_cores: int
    chips: int
    sdram_bytes: int
    shifts: dict[str, tuple[int, int]]
    seconds: float


@dataclass(frozen=True)
class BoardPlacement:
    """What a network takes of a board, and how its numbers are held there.

    Parameters
    ----------
    cores
        In the order of their populations.
    shifts
        By population: those that are used, and those that sPyNNaker would choose by itself, excitatory and inhibitory.
    largest_sum
        What a ring buffer would have to hold at most, in its units.
    busiest
        Spikes sent in the busiest step of a cycle, if all fire that may.
    learns
        Whether synapses are meant to learn.
    if_plastic
        Cores that it would take if they could, by pairs of spikes and with modulation.
    timestep
        In ms.
    roundings
        Of all parameters.
    warnings
        What :func:`~hardware.spinnaker.chip.validate.validate` found, and that nothing learns.
    tool
        sPyNNaker's own count, or why there is none.
    """

    cores: tuple[Core, ...]
    shifts: dict[str, tuple[tuple[int, int], tuple[int, int]]]
    largest_sum: int
    busiest: int
    learns: bool
    if_plastic: tuple[int, int]
    timestep: float
    roundings: RoundingReport
    warnings: tuple[Finding, ...]
    tool: ToolCount | str

    @property
    def n_chips(self) -> int:
        """Chips that it takes at least, by cores or memory; sPyNNaker may leave some cores of a chip free."""
        by_memory = -(-self.totals["row_bytes"] // limits.SDRAM)
        return max(limits.chips_for(len(self.cores)), by_memory)

    @property
    def is_exact(self) -> bool:
        """Whether every spike is the circuit's whatever it is shown, by the numbers alone."""
        return self.largest_sum <= limits.WEIGHT.high and self.roundings.largest_error == 0

    @property
    def slowdown(self) -> int:
        """sPyNNaker's ``time_scale_factor``: steps last so many times the timestep, if all fire that may."""
        most = max((core.events for core in self.cores), default=0)
        return max(1, int(np.ceil(most / (limits.EVENTS * self.timestep))))

    @property
    def totals(self) -> dict[str, int]:
        """Sums over all cores."""
        computing = [core for core in self.cores if core.kind not in (SOURCES, DELAYS)]
        return {
            "cores": len(self.cores),
            "source_cores": sum(core.kind == SOURCES for core in self.cores),
            "delay_cores": sum(core.kind == DELAYS for core in self.cores),
            "neurons": sum(core.neurons for core in computing),
            "sources": sum(core.neurons for core in self.cores if core.kind == SOURCES),
            "synapses": sum(core.synapses for core in self.cores),
            "synapses_meant_to_learn": sum(core.learning for core in self.cores),
            "row_bytes": sum(core.row_bytes for core in self.cores),
            "most_packets_in_a_step": self.busiest,
            "most_events_of_a_core_in_a_step": max((core.events for core in self.cores), default=0),
        }
