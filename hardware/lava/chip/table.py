"""A placement on Loihi chips as text and as rows for a JSON file."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ...report import DISCLAIMER, Finding, contents
from . import limits
from .demand import MEMORY
from .placement import Core, Placement

SHOWN = 60
"""Characters for the populations of a core."""


def as_text(placement: Placement, warnings: Sequence[Finding]) -> str:
    """Totals, a table of the cores, what fills them, and the warnings."""
    return "\n".join([*_summary(placement), "", *_cores(placement), "", *_remarks(placement, warnings), DISCLAIMER])


def as_rows(placement: Placement) -> list[dict[str, Any]]:
    """One dictionary for each core."""
    return [_row(number, core) for number, core in enumerate(placement.cores)]


def _summary(placement: Placement) -> list[str]:
    total = placement.totals
    memory = total["synapse_memory_bits"] / (len(placement.cores) * limits.SYNAPSE_MEMORY)
    lines = [
        placement.extent,
        f"{total['compartments']:,} compartments and {total['inputs']:,} inputs",
        f"{total['synapses']:,} synapses, {total['plastic_synapses']:,} of them learning, in "
        f"{total['synapse_memory_bits'] / 8 / 1024:,.0f} KB, {memory:.0%} of the synaptic memory of these cores",
        f"{total['input_axons']:,} input axons and {total['output_axons']:,} output axons",
    ]
    if total["plastic_synapses"]:
        lines.append(f"at least {placement.learning_us:,.0f} us a step for learning (estimated, Davies et al. 2018)")
    return lines


def _cores(placement: Placement) -> list[str]:
    numbers = f"{'core':>5}{'compartments':>14}{'synapses':>10}{'learning':>10}{'memory':>8}{'axons in':>10}{'out':>7}"
    lines = [f"{numbers}  populations"]
    for number, core in enumerate(placement.cores):
        need = core.need
        lines.append(
            f"{number:>5}{need.compartments:>14,}{core.synapses:>10,}{need.plastic_synapses:>10,}"
            f"{core.share(MEMORY):>8.0%}{need.input_axons:>10,}{core.output_axons:>7,}  "
            f"{contents(core.populations, SHOWN)}"
        )
    return lines


def _remarks(placement: Placement, warnings: Sequence[Finding]) -> list[str]:
    reasons = sorted({core.full for core in placement.cores if core.full})
    filled = [f"what fills cores: {'; '.join(reasons)}"] if reasons else []
    return [*filled, *(f"warning: {warning}" for warning in warnings)]


def _row(number: int, core: Core) -> dict[str, Any]:
    need = core.need
    return {
        "chip": number // limits.CORES,
        "core": number % limits.CORES,
        "first_compartment": core.first,
        "compartments": need.compartments,
        "room_for_compartments": need.room,
        "populations": dict(core.populations),
        "synapses": core.synapses,
        "plastic_synapses": need.plastic_synapses,
        "synapse_memory_bits": need.memory_bits,
        "plastic_synapse_memory_bits": need.plastic_bits,
        "input_axons": need.input_axons,
        "output_axons": core.output_axons,
        "synapse_formats": need.formats,
        "thresholds": need.thresholds,
        "full": core.full,
    }
