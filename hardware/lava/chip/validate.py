"""Check a discrete network against every range of a Loihi chip.

Lava computes with whatever it is given, so nothing but this module stands between a number that a chip does not have
and a simulation that pretends to be one.  A finding is

an *error*
    if the chip has no such number, or no core has room for a compartment with all its synapses, however the network
    is spread over cores;
a *warning*
    if it depends on the activity, or on how far the simulation is to be like the chip: sums that could overflow if all
    presynaptic neurons fired in one step, bounds of plastic weights that are not the chip's own.

A network that needs more cores than a chip has is neither: the simulation holds it, and the mapping report says how
many chips it takes.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from ...integers import Range
from ...report import ERROR, WARNING, Finding, outside, refuse_errors, wrong
from ..translation import ranges
from ..translation.network import DiscreteNetwork, Rule, Synapses
from . import limits
from .consistency import broken
from .demand import Demand
from .memory import WORD
from .overflow import overflows


def validate(network: DiscreteNetwork) -> tuple[Finding, ...]:
    """Refuse a network that has a number which a Loihi chip does not have.

    Parameters
    ----------
    network
        Any; of a network whose arrays do not fit together only that is said.

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
    refuse_errors(found, "Loihi")
    return found


def findings(network: DiscreteNetwork) -> tuple[Finding, ...]:
    """All errors and warnings, errors first."""
    if unfit := tuple(broken(network)):
        return unfit
    found = [*_compartments(network), *_synapses(network), *_bounds(network), *_alone(network)]
    found.sort(key=lambda finding: finding.level != ERROR)
    if found and found[0].level == ERROR:  # sums of numbers that are out of range say nothing
        return tuple(found)
    return (*found, *overflows(network))


# -- compartments ------------------------------------------------------------------------------------------------------


def _compartments(network: DiscreteNetwork) -> Iterator[Finding]:
    for group in network.compartments:
        label = f"population {group.label!r}"
        yield from outside(label, "du", group.du, ranges.CURRENT_DECAY)
        yield from outside(label, "dv", group.dv, ranges.VOLTAGE_DECAY)
    for part in network.populations:
        for name, allowed in (
            ("threshold", ranges.THRESHOLD),
            ("bias_mantissa", ranges.BIAS_MANTISSA),
            ("bias_exponent", ranges.BIAS_EXPONENT),
        ):
            values = network.of_compartments(name)[part.first : part.first + part.size]
            yield from outside(f"population {part.label!r}", name.replace("_", " "), values, allowed, part.offset)


def _alone(network: DiscreteNetwork) -> Iterator[Finding]:
    """Compartments that do not even fit a core of their own."""
    fan_in = np.zeros(network.n_compartments, np.int64)
    for synapses in network.synapses:
        fan_in += np.bincount(synapses.post, minlength=network.n_compartments)
    # A synapse takes at most an axon with a trace, and a word: few compartments have so many that it matters.
    teachers = sum(synapses.rule is not None for synapses in network.synapses)
    few = (limits.INPUT_AXONS - teachers) // limits.PLASTIC_ENTRIES
    suspects = np.flatnonzero(fan_in > min(few, limits.SYNAPSE_MEMORY // WORD))
    if not len(suspects):
        return
    demand = Demand(network)
    for compartment in suspects.tolist():
        for what, (used, limit) in demand.of(compartment, compartment + 1).excess.items():
            where = f"population {network.name_of(compartment)}"
            yield Finding(ERROR, where, f"the number of {what}", f"{used:,}", f"at most {limit:,}, all that a core has")


# -- synapses ----------------------------------------------------------------------------------------------------------


def _synapses(network: DiscreteNetwork) -> Iterator[Finding]:
    for synapses in network.synapses:
        where = synapses.where
        mode = ranges.sign_mode(synapses.weight, synapses.rule is not None)
        yield from wrong(where, "the weight", synapses.weight, mode.holds(synapses.weight), str(mode))
        yield from outside(where, "the exponent of the weights", synapses.exponent, ranges.WEIGHT_EXPONENT)
        yield from outside(where, "the delay", synapses.delay, ranges.DELAY)
        least = _least(synapses)
        kept = synapses.weight % least == 0
        yield from wrong(where, "the weight", synapses.weight, kept, f"a multiple of {least}, {_OR_ROUNDED}")
    for synapses in network.synapses:
        if isinstance(synapses.rule, Rule):
            yield from _learning(synapses, synapses.rule)
        elif synapses.rule is not None:
            within = Range(synapses.rule.w_min, synapses.rule.w_max)
            yield from wrong(synapses.where, "the weight", synapses.weight, within.holds(synapses.weight), str(within))


_OR_ROUNDED = "since with a negative exponent Lava rounds the sum of a step"


def _least(synapses: Synapses) -> int:
    """What mantissas must be multiples of, so that nothing is rounded."""
    return int(2 ** max(-synapses.exponent, 0))


def _learning(synapses: Synapses, rule: Rule) -> Iterator[Finding]:
    where, least = synapses.where, max(_least(synapses), ranges.MIXED.step)
    etas = [value for value in ranges.ETAS if value % least == 0]
    yield from wrong(where, "eta", rule.eta, rule.eta in etas, f"one of {', '.join(map(str, etas))}")
    bound = Range(least, ranges.MIXED.weights.high)
    fits = bound.holds(rule.w_max) & (rule.w_max % least == 0)
    yield from wrong(where, "w_max", rule.w_max, fits, f"a multiple of {least} from {bound.low} to {bound.high}")
    within = Range(-rule.w_max, rule.w_max).holds(synapses.weight)
    yield from wrong(where, "the weight", synapses.weight, within, f"from {-rule.w_max} to {rule.w_max} (w_max)")
    at_once = "0: the rule compares spikes of one step, and Lava's plastic synapses have no delays"
    yield from wrong(where, "the delay", synapses.delay, synapses.delay == 0, at_once)


def _bounds(network: DiscreteNetwork) -> Iterator[Finding]:
    """One warning for all projections whose weights have the same bound."""
    bounds: dict[int, list[Synapses]] = {}
    for synapses in network.synapses:
        if isinstance(synapses.rule, Rule):
            bounds.setdefault(synapses.rule.w_max, []).append(synapses)
    own = f"a chip by itself clips at {ranges.LEARNING_WEIGHTS.low} and {ranges.LEARNING_WEIGHTS.high}"
    for w_max, clipped in bounds.items():
        where = clipped[0].where + (f" and {len(clipped) - 1} more" if len(clipped) > 1 else "")
        yield Finding(WARNING, where, "the range of the weights", f"{-w_max} to {w_max}", own)
