"""How a network would sit on Loihi chips: a report, computed from the network alone.

Nothing here has run on a chip, and Intel's compiler may place things otherwise.  The report is for questions like: does
it fit, what is it that fills the cores, how much is left.  How full a core gets follows :mod:`partition`, what an axon
and a synapse cost follows :mod:`demand`, and the limits are those of :mod:`chip`.

The published network, 400-400-10, took 81 of 128 cores (Renner et al. 2024); this report packs it on 6.  How the
authors placed it is not in the notes behind this project, so the two can't be compared core by core, but this much
follows from published figures.  Space does not ask for 81 cores: 517,205 synapses take 621 KB, 4.9 times what one core
has.  Speed asks for many.  A core visits its plastic synapses one by one in every step, 6.1 ns each (Davies et al.
2018): packed on 6 cores that is at least 659 us a step, but the published step takes 125 us, for which the 500,000
plastic synapses must be on 25 cores or more.  With at most 41 compartments a core, 3,283 of them take 81 cores, whose
memory is at most 17 % full and which learn in 100 us a step.  That this is the published number is arithmetic, and no
proof that the authors did so.
"""

from __future__ import annotations

import os
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from pynn_backprop.checks import check_count
from pynn_backprop.errors import InputError
from pynn_backprop.files import write_json

from ..translation.network import DiscreteNetwork
from . import limits as chip
from .demand import Demand, Need
from .partition import partition
from .validate import Finding, parts_of, validate

if TYPE_CHECKING:
    from matplotlib.figure import Figure

DISCLAIMER = "A placement that was computed from the network; nothing has run on a chip."

LEARNING_MODEL = "Davies et al. 2018, table 2, pairwise STDP, before silicon"


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
    def occupancy(self) -> dict[str, float]:
        """Share of each resource that is taken, 0 to 1."""
        return {
            "compartments": self.need.compartments / self.need.room,
            "synaptic memory": self.need.memory_bits / chip.SYNAPSE_MEMORY,
            "input axons": self.need.input_axons / chip.INPUT_AXONS,
            "output axons": self.output_axons / chip.OUTPUT_AXONS,
        }


@dataclass(frozen=True)
class MappingReport:
    """What a network takes of Loihi chips.

    Parameters
    ----------
    cores
        All that are used, in the order of their compartments.
    n_inputs
        Neurons whose spikes come from outside; they take input axons, but no compartments.
    warnings
        What :func:`validate` found.
    compartments_per_core
        The bound that was asked for.
    """

    cores: tuple[Core, ...]
    n_inputs: int
    warnings: tuple[Finding, ...]
    compartments_per_core: int

    @property
    def n_chips(self) -> int:
        """Chips of 128 cores that it takes."""
        return -(-len(self.cores) // chip.CORES)

    @property
    def totals(self) -> dict[str, int]:
        """Sums over all cores."""
        needs = [core.need for core in self.cores]
        return {
            "chips": self.n_chips,
            "cores": len(self.cores),
            "compartments": sum(need.compartments for need in needs),
            "inputs": self.n_inputs,
            "synapses": sum(need.static_synapses + need.plastic_synapses for need in needs),
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
        most = max((core.need.plastic_synapses for core in self.cores), default=0)
        return most * chip.LEARNING_UPDATE_NS / 1e3

    def to_dict(self) -> dict[str, Any]:
        """All of it in dicts, lists, numbers and strings."""
        return {
            "what": DISCLAIMER,
            "limits": chip.LIMITS,
            "compartments_per_core": self.compartments_per_core,
            "totals": self.totals,
            "learning_time": {"us_per_step": round(self.learning_us, 3), "estimated_by": LEARNING_MODEL},
            "cores": [_row(number, core) for number, core in enumerate(self.cores)],
            "warnings": [asdict(warning) for warning in self.warnings],
        }

    def write(self, path: str | os.PathLike[str]) -> None:
        """Write :meth:`to_dict` as a JSON file."""
        write_json(path, self.to_dict())

    def figure(self, title: str = "") -> Figure:
        """Draw how full the cores are; see :func:`mapping_figure.mapping_figure`."""
        from .figure import mapping_figure

        return mapping_figure(self, title)

    def __str__(self) -> str:
        """Totals, a table of the cores, and the warnings."""
        return "\n".join([*_summary(self), "", *_table(self), *_words(self)])


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
    most = chip.COMPARTMENTS if compartments_per_core is None else compartments_per_core
    check_count("compartments_per_core", most, 1, chip.COMPARTMENTS)
    warnings = validate(network)
    if not network.n_compartments:
        raise InputError("the network has no neurons: there is nothing to place on a chip")
    demand = Demand(network)
    begins, sent = partition(demand, most)
    cores = []
    for first, stop, output in zip(begins[:-1].tolist(), begins[1:].tolist(), sent.tolist(), strict=True):
        need, full = demand.of(first, stop), _full(demand, first, stop, most)
        cores.append(Core(first, need, output, _on(network, first, stop), full))
    return MappingReport(tuple(cores), network.n_inputs, warnings, most)


def _on(network: DiscreteNetwork, first: int, stop: int) -> tuple[tuple[str, int], ...]:
    """The populations that have compartments in a range, and how many."""
    shares: dict[str, int] = {}
    for part in parts_of(network):
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


def _row(number: int, core: Core) -> dict[str, Any]:
    need = core.need
    return {
        "chip": number // chip.CORES,
        "core": number % chip.CORES,
        "first_compartment": core.first,
        "compartments": need.compartments,
        "room_for_compartments": need.room,
        "populations": dict(core.populations),
        "synapses": need.static_synapses + need.plastic_synapses,
        "plastic_synapses": need.plastic_synapses,
        "synapse_memory_bits": need.memory_bits,
        "plastic_synapse_memory_bits": need.plastic_bits,
        "input_axons": need.input_axons,
        "output_axons": core.output_axons,
        "synapse_formats": need.formats,
        "thresholds": need.thresholds,
        "full": core.full,
    }


# -- as text -----------------------------------------------------------------------------------------------------------

_SHOWN = 60
"""Characters for the populations of a core."""


def extent(report: MappingReport) -> str:
    """How many cores of how many chips."""
    if report.n_chips == 1:
        return f"{len(report.cores)} of the {chip.CORES} cores of a chip"
    return f"{len(report.cores):,} cores, {report.n_chips} chips of {chip.CORES}"


def _summary(report: MappingReport) -> list[str]:
    total = report.totals
    memory = total["synapse_memory_bits"] / (len(report.cores) * chip.SYNAPSE_MEMORY)
    lines = [
        extent(report),
        f"{total['compartments']:,} compartments and {total['inputs']:,} inputs",
        f"{total['synapses']:,} synapses, {total['plastic_synapses']:,} of them learning, in "
        f"{total['synapse_memory_bits'] / 8 / 1024:,.0f} KB, {memory:.0%} of the synaptic memory of these cores",
        f"{total['input_axons']:,} input axons and {total['output_axons']:,} output axons",
    ]
    if total["plastic_synapses"]:
        lines.append(f"at least {report.learning_us:,.0f} us a step for learning (estimated, Davies et al. 2018)")
    return lines


def _table(report: MappingReport) -> list[str]:
    numbers = f"{'core':>5}{'compartments':>14}{'synapses':>10}{'learning':>10}{'memory':>8}{'axons in':>10}{'out':>7}"
    lines = [f"{numbers}  populations"]
    for number, core in enumerate(report.cores):
        need, share = core.need, core.occupancy
        synapses = need.static_synapses + need.plastic_synapses
        lines.append(
            f"{number:>5}{need.compartments:>14,}{synapses:>10,}{need.plastic_synapses:>10,}"
            f"{share['synaptic memory']:>8.0%}{need.input_axons:>10,}{core.output_axons:>7,}  {contents(core, _SHOWN)}"
        )
    return lines


def contents(core: Core, length: int) -> str:
    """The populations on a core in words, cut after whole words to about this many characters."""
    words: list[str] = []
    for number, (label, share) in enumerate(core.populations):
        word, others = f"{share:,} {label}", len(core.populations) - number
        if words and len(", ".join([*words, word])) > length:
            return ", ".join([*words, f"{others} more"])
        words.append(word)
    return ", ".join(words)


def _words(report: MappingReport) -> list[str]:
    reasons = np.unique([core.full for core in report.cores if core.full]).tolist()
    lines = ["", f"what fills cores: {'; '.join(reasons)}"] if reasons else [""]
    lines += [f"warning: {warning}" for warning in report.warnings]
    return [*lines, DISCLAIMER]
