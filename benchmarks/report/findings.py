"""What a reader wants to know first, in a sentence for each case and one on energy."""

from __future__ import annotations

from collections.abc import Sequence

from ..rows import MEASURED, TRAINING
from .numbers import significant
from .summary import Line, main_size, same_counts


def finding(case: str, lines: Sequence[Line]) -> str:
    """What a reader wants to know first of a case."""
    lines = main_size(lines)
    right = [line.accuracy.median for line in lines if line.accuracy]
    parts = [f"{case}, {lines[0].sizes}: {len(lines)} {'platform' if len(lines) == 1 else 'platforms'}"]
    if right:
        low, high = f"{min(right):.1%}", f"{max(right):.1%}"
        parts.append(f"{low} right" if low == high else f"{low} to {high} right")
    timed = [(time.median, line) for line in lines if (time := line.ms_per_sample(TRAINING))]
    if timed:
        ms, fastest = min(timed, key=lambda pair: pair[0])
        parts.append(f"fastest {fastest.name} with {significant(ms)} ms a training sample")
    groups = same_counts(lines, TRAINING)
    together = [", ".join(line.name for line in group) for group in groups if len(group) > 1]
    if together:
        parts.append(f"the same spikes on {'; on '.join(together)}")
    return ", ".join(parts) + "."


def energy_finding(lines: Sequence[Line]) -> str:
    """By what the energies are known."""
    metered = [energy for line in lines for energy in line.energies if not energy.model]
    meters = sorted({energy.by for energy in metered if energy.kind == MEASURED})
    declared = sorted({energy.by for energy in metered if energy.kind != MEASURED})
    if meters:
        return f"Energy of the runs was measured by {', '.join(meters)}; that of chips is estimated by models."
    if declared:
        words = ", ".join(declared)
        return f"No energy was measured here. That of the runs is estimated as {words}; that of chips by models."
    return "No energy was measured here: there was no meter. What energies there are, are estimated by models."
