"""Refuses what a core, or sPyNNaker, would do wrong without a word; warns of what depends on the activity.

sPyNNaker accepts all of this: weights of the wrong sign, of which it takes the magnitude; weights above 16 bits, of
which it keeps the lowest 16; weights that its scale rounds; cells on which a weight acts as another one; potentials
that wrap round.  docs/spinnaker.md says how each was found.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from ...integers import Range
from ...report import ERROR, WARNING, Finding, outside, refuse_errors, wrong
from ..translation import shifts
from ..translation.description import RECEPTORS
from ..translation.fixed_point import RAW, UNIT
from ..translation.network import CoreCells, CoreNetwork, CoreSynapses
from . import limits
from .arriving import largest_sums
from .placement import longest_row

CHIP = "SpiNNaker"


def validate(network: CoreNetwork) -> tuple[Finding, ...]:
    """Refuse a network that cores would run as another one.

    Returns
    -------
    tuple of Finding
        The warnings.

    Raises
    ------
    InputError
        Names every error: where it is, the value, and what is allowed.
    """
    found = findings(network)
    refuse_errors(found, CHIP)
    return found


def findings(network: CoreNetwork) -> tuple[Finding, ...]:
    """All errors and warnings, errors first."""
    found = [finding for cells in network.cells for finding in _cells(cells)]
    for synapses in network.synapses:
        found += _synapses(synapses, network[synapses.post].size)
    if not found:  # sums of numbers that are wrong say nothing
        found += _sums(network)
    return tuple(sorted(found, key=lambda finding: finding.level != ERROR))


def _cells(cells: CoreCells) -> Iterator[Finding]:
    where = f"population {cells.label!r}"
    for name in ("threshold", "rest", "reset", "current"):
        yield from outside(where, f"the {name}, in 32768ths", getattr(cells, name), RAW)
    if cells.resistance != UNIT:
        said = f"{cells.resistance / UNIT:.6g}"
        yield Finding(ERROR, where, "R = tau_m / cm", said, "1, since a weight acts as w tau_m / cm")
    if cells.decay:
        yield Finding(
            ERROR,
            where,
            "what a step leaves of the potential",
            f"{cells.decay / UNIT:.6g}",
            "0, so tau_m at most 0.096 of the timestep: on cells with memory a weight acts as w (1 - exp(-dt / tau_m))",
        )
    if cells.refractory and cells.reset >= cells.threshold:
        allowed = "below the threshold, with which a core compares it in refractory steps, too"
        yield Finding(ERROR, where, "v_reset", f"{cells.reset / UNIT:g}", allowed)
    for receptor, shift in zip(RECEPTORS, cells.shifts, strict=True):
        if shift > shifts.WHOLE:
            allowed = f"at most {shifts.WHOLE}, or weights are rounded to multiples of {2 ** (shift - shifts.WHOLE)}"
            yield Finding(ERROR, where, f"the shift of the {receptor} ring buffer", str(shift), allowed)


def _synapses(synapses: CoreSynapses, n_post: int) -> Iterator[Finding]:
    where, weight = synapses.where, synapses.weight
    receptor, sign = RECEPTORS[synapses.kind], ("at least 0", "at most 0")[synapses.kind]
    right = weight >= 0 if synapses.kind == 0 else weight <= 0
    yield from wrong(where, "the weight", weight, right, f"{sign}: of an {receptor} one a core takes the magnitude")
    masked = f"of a magnitude up to {limits.WEIGHT.high:,}, since only 16 bits of it are stored"
    yield from wrong(where, "the stored weight", weight, limits.WEIGHT.holds(np.abs(weight)), masked)
    row = longest_row(synapses)
    said = f"at most {limits.ROW}, what a row holds"
    yield from wrong(where, "the number of synapses from one neuron to one core", row, row <= limits.ROW, said)
    longest = limits.DELAY_STAGES * limits.delay_slots(min(n_post, limits.NEURONS))
    yield from outside(where, "the delay in steps", synapses.delay, Range(1, longest))


def _sums(network: CoreNetwork) -> Iterator[Finding]:
    sums = largest_sums(network)
    for cells in network.cells:
        where, full = f"population {cells.label!r}", sums[cells.label]
        held = np.minimum(full, limits.WEIGHT.high)
        units = [2**shift for shift in cells.shifts]  # one step of a ring buffer, raw
        still = cells.rest + cells.current
        most = still + units[0] * held[:, 0].max(initial=0)
        least = still - units[1] * held[:, 1].max(initial=0)
        for value, side in ((most, "excitation"), (least, "inhibition")):
            if not RAW.holds(value):
                said = f"up to {value / UNIT:,.1f} by {side}"
                yield Finding(
                    ERROR, where, "the potential", said, "within -65536 and 65536: beyond, a core wraps it round"
                )
        for receptor, largest in zip(RECEPTORS, full.max(axis=(0, 2)).tolist(), strict=True):
            if largest > limits.WEIGHT.high:
                said = f"up to {largest:,} if all presynaptic neurons fire"
                yield Finding(
                    WARNING, where, f"{receptor} input of a step", said, f"a ring buffer ends at {limits.WEIGHT.high:,}"
                )
