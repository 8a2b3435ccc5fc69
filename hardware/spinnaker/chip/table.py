"""A placement on a SpiNNaker board as text."""

from __future__ import annotations

from collections import Counter

from ...report import DISCLAIMER
from . import limits
from .board import BoardPlacement

SHOWN = 6
"""Populations that a line names."""


def as_text(mapping: BoardPlacement) -> str:
    """Totals, sPyNNaker's own count, the arithmetic, a table of the cores, and the warnings."""
    lines = [*_summary(mapping), _beside(mapping), *_arithmetic(mapping), "", *_cores(mapping), ""]
    lines += [f"warning: {warning}" for warning in mapping.warnings]
    return "\n".join([*lines, DISCLAIMER])


def extent(cores: int, chips: int) -> str:
    """How many cores of how many chips, in words."""
    return (
        f"{cores:,} core{'s' * (cores != 1)}, at least {chips:,} chip{'s' * (chips != 1)} of a board of {limits.CHIPS}"
    )


def _summary(mapping: BoardPlacement) -> list[str]:
    total = mapping.totals
    learning = f", {total['synapses_meant_to_learn']:,} of them meant to learn" if mapping.learns else ""
    delays = f", {total['delay_cores']} with spikes that wait" if total["delay_cores"] else ""
    lines = [
        f"{extent(total['cores'], mapping.n_chips)}, {total['source_cores']} of them with sources{delays}",
        f"{total['neurons']:,} neurons and {total['sources']:,} sources",
        f"{total['synapses']:,} synapses{learning}, in rows of {total['row_bytes'] / 1024:,.0f} KB",
        f"at most {total['most_packets_in_a_step']:,} packets in a step, and "
        f"{total['most_events_of_a_core_in_a_step']:,} synaptic events on a core, if all fire that may: "
        f"time_scale_factor {mapping.slowdown}",
    ]
    if mapping.learns:
        pairs, modulated = mapping.if_plastic
        lines.append(
            f"plastic rows would hold {limits.PLASTIC_ROW} targets, modulated ones {limits.MODULATED_ROW}: "
            f"{pairs:,} and {modulated:,} cores"
        )
    return lines


def _beside(mapping: BoardPlacement) -> str:
    tool = mapping.tool
    if isinstance(tool, str):
        return f"sPyNNaker's own count: none, since {tool}"
    cores = tool.cores + tool.delay_cores
    return (
        f"sPyNNaker {tool.version} on its virtual board: {cores:,} cores, {tool.delay_cores} of them for delays, on "
        f"{tool.chips:,} chip{'s' * (tool.chips != 1)}; {tool.sdram_bytes / 1024:,.0f} KB"
    )


def _arithmetic(mapping: BoardPlacement) -> list[str]:
    chosen = Counter(max(own) for _, own in mapping.shifts.values())
    most = max(chosen, default=0)
    lines = [str(mapping.roundings)]
    lines.append(
        f"ring buffers hold whole numbers up to {limits.WEIGHT.high:,}; the largest sum is {mapping.largest_sum:,}, so "
        "that " + ("every spike is exact" if mapping.is_exact else "what is beyond is cut off")
    )
    if most > 15:
        wide = [label for label, (_, own) in mapping.shifts.items() if max(own) > 15]
        more = f" and {len(wide) - SHOWN} more" if len(wide) > SHOWN else ""
        lines.append(
            f"left alone, sPyNNaker would take shifts of up to {most} and round the weights to multiples of "
            f"{2 ** (most - 15)}, at {', '.join(wide[:SHOWN])}{more}"
        )
    return lines


def _cores(mapping: BoardPlacement) -> list[str]:
    lines = [f"{'core':>5}{'neurons':>9}{'synapses':>10}{'rows':>10}{'events':>9}  population"]
    for number, core in enumerate(mapping.cores):
        slice_ = "" if core.first == 0 and core.neurons < limits.NEURONS else f" [{core.first}:{core.stop}]"
        kind = "" if core.kind == "neurons" else f" ({core.kind})"
        lines.append(
            f"{number:>5}{core.neurons:>9,}{core.synapses:>10,}{core.row_bytes / 1024:>7,.0f} KB{core.events:>9,}  "
            f"{core.label}{slice_}{kind}"
        )
    return lines
