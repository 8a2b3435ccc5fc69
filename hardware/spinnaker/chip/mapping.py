"""How a network would sit on a SpiNNaker board: a report, computed from the network alone.

Where sPyNNaker is installed, its own count stands beside ours (:mod:`hardware.spinnaker.host`).  Nothing here has run
on a board.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from pynn_backprop.errors import InputError

from ...report import DISCLAIMER, WARNING, Finding, Mapping
from ..learning import REASON
from ..translation.discretize import Discretization
from ..translation.network import CoreNetwork
from . import limits, table
from .arriving import largest_sums, most_packets
from .board import BoardPlacement, ToolCount
from .placement import cores_if_plastic, place
from .validate import validate

if TYPE_CHECKING:
    from matplotlib.figure import Figure


@dataclass(frozen=True)
class BoardMapping(BoardPlacement, Mapping):
    """The report; its parameters are those of a :class:`~.board.BoardPlacement`."""

    def to_dict(self) -> dict[str, Any]:
        """All of it in dicts, lists, numbers and strings."""
        return {
            "what": DISCLAIMER,
            "limits": limits.LIMITS,
            "totals": {"least_chips": self.n_chips, **self.totals},
            "time_scale_factor": self.slowdown,
            "exact": self.is_exact,
            "largest_sum_in_a_ring_buffer": self.largest_sum,
            "shifts": {
                label: {"used": list(used), "chosen_by_spynnaker": list(chosen)}
                for label, (used, chosen) in self.shifts.items()
            },
            "learning": {
                "wanted": self.learns,
                "possible": False,
                "reason": REASON,
                "cores_if_by_pairs_of_spikes": self.if_plastic[0],
                "cores_if_modulated": self.if_plastic[1],
            },
            "roundings": self.roundings.as_dict(),
            "cores": [asdict(core) for core in self.cores],
            "warnings": [asdict(warning) for warning in self.warnings],
            "spynnaker": {"reason": self.tool} if isinstance(self.tool, str) else asdict(self.tool),
        }

    def figure(self, title: str = "", width: float | None = None) -> Figure:
        """Draw how full the cores are; see :func:`hardware.spinnaker.chip.figure.mapping_figure`."""
        from .figure import mapping_figure

        return mapping_figure(self, title, width)

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
        if_plastic=(
            cores_if_plastic(network, limits.PLASTIC_ROW),
            cores_if_plastic(network, limits.MODULATED_ROW),
        ),
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
