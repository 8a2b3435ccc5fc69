"""How a network would sit on a SpiNNaker board: a report, computed from the network alone.

Where sPyNNaker is installed, its own count stands beside ours (:mod:`hardware.spinnaker.host`).  Nothing here has run
on a board.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from pynn_backprop.errors import InputError

from ...integers import RoundingReport
from ...report import DISCLAIMER, WARNING, Finding, Mapping
from ..learning import REASON
from ..translation.discretize import Discretization
from ..translation.network import CoreNetwork
from . import limits, table
from .arriving import largest_sums, most_packets
from .placement import DELAYS, SOURCES, Core, place
from .validate import validate

if TYPE_CHECKING:
    from matplotlib.figure import Figure


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
class BoardMapping(Mapping):
    """What a network takes of a board.

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
    timestep
        In ms.
    roundings
        Of all parameters.
    warnings
        What :func:`~.validate.validate` found, and that nothing learns.
    tool
        sPyNNaker's own count, or why there is none.
    """

    cores: tuple[Core, ...]
    shifts: dict[str, tuple[tuple[int, int], tuple[int, int]]]
    largest_sum: int
    busiest: int
    learns: bool
    timestep: float
    roundings: RoundingReport
    warnings: tuple[Finding, ...]
    tool: ToolCount | str

    @property
    def n_chips(self) -> int:
        """Chips that it takes, by the cores alone or by the memory."""
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

    def to_dict(self) -> dict[str, Any]:
        """All of it in dicts, lists, numbers and strings."""
        return {
            "what": DISCLAIMER,
            "limits": limits.LIMITS,
            "totals": {"chips": self.n_chips, **self.totals},
            "time_scale_factor": self.slowdown,
            "exact": self.is_exact,
            "largest_sum_in_a_ring_buffer": self.largest_sum,
            "shifts": {
                label: {"used": list(used), "chosen_by_spynnaker": list(chosen)}
                for label, (used, chosen) in self.shifts.items()
            },
            "learning": {"wanted": self.learns, "possible": False, "reason": REASON},
            "roundings": self.roundings.as_dict(),
            "cores": [asdict(core) for core in self.cores],
            "warnings": [asdict(warning) for warning in self.warnings],
            "spynnaker": {"reason": self.tool} if isinstance(self.tool, str) else asdict(self.tool),
        }

    def figure(self, title: str = "") -> Figure:
        """Draw how full the cores are; see :func:`hardware.spinnaker.chip.figure.mapping_figure`."""
        from .figure import mapping_figure

        return mapping_figure(self, title)

    def __str__(self) -> str:
        """Totals, a table of the cores, and what there is to warn of."""
        return table.as_text(self)


def map_network(
    found: Discretization, neurons_per_core: int | None = None, tool: ToolCount | str = "sPyNNaker was not asked"
) -> BoardMapping:
    """Work out how a network would sit on a board.

    Parameters
    ----------
    found
        The network in the cores' integers.
    neurons_per_core
        No core gets more; as many as a core has room for if None.
    tool
        sPyNNaker's own count, or why there is none.

    Raises
    ------
    InputError
        If a core would run it as another network, or there is nothing to place.
    """
    network = found.network
    warnings = validate(network)
    if not network.populations:
        raise InputError("the network has no populations: there is nothing to place on a board")
    if network.learns:
        warnings += (_learning(network),)
    sums = largest_sums(network)
    return BoardMapping(
        cores=place(network, neurons_per_core),
        shifts={cells.label: (cells.shifts, cells.chosen_shifts) for cells in network.cells},
        largest_sum=max((int(each.max(initial=0)) for each in sums.values()), default=0),
        busiest=most_packets(network)[0],
        learns=network.learns,
        timestep=1.0 / (network.scale / 2**15),
        roundings=found.report,
        warnings=warnings,
        tool=tool,
    )


def _learning(network: CoreNetwork) -> Finding:
    learning = [synapses for synapses in network.synapses if synapses.learns]
    where = f"{learning[0].where} and {len(learning) - 1} more"
    return Finding(
        WARNING, where, "learning", "what the circuit is for", f"here its weights stay as they are: {REASON}"
    )
