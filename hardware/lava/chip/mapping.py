"""How a network would sit on Loihi chips: a report, computed from the network alone.

How full a core gets follows :mod:`.partition`, what an axon and a synapse cost :mod:`.demand`, and the limits are those
of :mod:`~hardware.lava.chip.limits`.  Nothing here has run on a chip, and Intel's compiler may place things otherwise;
docs/lava.md says how this compares with the published placement.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from pynn_backprop.checks import check_count
from pynn_backprop.errors import InputError

from ...report import DISCLAIMER, Finding, Mapping
from ..translation.network import DiscreteNetwork
from . import limits, table
from .demand import Demand
from .partition import partition
from .placement import Core, Placement
from .validate import validate

if TYPE_CHECKING:
    from matplotlib.figure import Figure

LEARNING_MODEL = "Davies et al. 2018, table 2, pairwise STDP, before silicon"


@dataclass(frozen=True)
class MappingReport(Placement, Mapping):
    """What a network takes of Loihi chips, and what :func:`validate` warns of.

    Parameters
    ----------
    cores, n_inputs, compartments_per_core
        See :class:`~hardware.lava.chip.placement.Placement`.
    warnings
        What :func:`validate` found.
    """

    warnings: tuple[Finding, ...]

    def to_dict(self) -> dict[str, Any]:
        """All of it in dicts, lists, numbers and strings."""
        return {
            "what": DISCLAIMER,
            "limits": limits.LIMITS,
            "compartments_per_core": self.compartments_per_core,
            "totals": self.totals,
            "learning_time": {
                "us_per_step": round(self.learning_us, 3),
                "ns_per_synapse": limits.LEARNING_UPDATE_NS,
                "estimated_by": LEARNING_MODEL,
            },
            "cores": table.as_rows(self),
            "warnings": [asdict(warning) for warning in self.warnings],
        }

    def figure(self, title: str = "", width: float | None = None) -> Figure:
        """Draw how full the cores are; see :func:`hardware.lava.chip.figure.mapping_figure`."""
        from .figure import mapping_figure

        return mapping_figure(self, title, width)

    def __str__(self) -> str:
        """Totals, a table of the cores, and the warnings."""
        return table.as_text(self, self.warnings)


def mapping_report(network: DiscreteNetwork, compartments_per_core: int | None = None) -> MappingReport:
    """Work out how a network would sit on Loihi chips.

    Parameters
    ----------
    network
        Any that :func:`validate` accepts.
    compartments_per_core
        No core gets more, so that it takes more cores, and each has fewer plastic synapses to visit in a step.  As
        many as a core holds if None.

    Returns
    -------
    MappingReport

    Raises
    ------
    InputError
        If a number is out of range, a compartment does not fit any core, or there are no compartments.
    """
    most = limits.COMPARTMENTS if compartments_per_core is None else compartments_per_core
    check_count("compartments_per_core", most, 1, limits.COMPARTMENTS)
    warnings = validate(network)
    if not network.n_compartments:
        raise InputError("the network has no neurons: there is nothing to place on a chip")
    demand = Demand(network)
    begins, sent = partition(demand, most)
    cores = []
    for first, stop, output in zip(begins[:-1].tolist(), begins[1:].tolist(), sent.tolist(), strict=True):
        need, full = demand.of(first, stop), _full(demand, first, stop, most)
        cores.append(Core(first, need, output, _on(network, first, stop), full))
    return MappingReport(tuple(cores), network.n_inputs, most, warnings)


def _on(network: DiscreteNetwork, first: int, stop: int) -> tuple[tuple[str, int], ...]:
    """The populations that have compartments in a range, and how many."""
    shares: dict[str, int] = {}
    for part in network.populations:
        share = min(stop, part.first + part.size) - max(first, part.first)
        if share > 0:
            shares[part.label] = shares.get(part.label, 0) + share
    return tuple(shares.items())


def _full(demand: Demand, first: int, stop: int, most: int) -> str:
    """Why the compartment ``stop`` is on the next core."""
    if stop == demand.n_compartments:
        return ""
    if stop - first == most:
        return "compartments"
    return ", ".join(demand.of(first, stop + 1).excess) or "output axons"
