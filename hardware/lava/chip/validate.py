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

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import ArrayLike

from pynn_backprop.errors import InputError

from ..translation.network import DiscreteNetwork, Part, Synapses
from . import limits as chip
from .demand import Demand

ERROR, WARNING = "error", "warning"


@dataclass(frozen=True)
class Finding:
    """Something that does not fit the chip.

    Parameters
    ----------
    level
        ``error`` or ``warning``.
    where
        The population or the projection.
    what
        The parameter, or the sum.
    value
        What it is, or can become.
    allowed
        What it must be; for a warning, what the chip does.
    """

    level: str
    where: str
    what: str
    value: str
    allowed: str

    def __str__(self) -> str:
        """One sentence."""
        verb = "but must be" if self.level == ERROR else "but"
        return f"{self.where}: {self.what} is {self.value} {verb} {self.allowed}"


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
    errors = [finding for finding in found if finding.level == ERROR]
    if errors:
        lines = "".join(f"\n  {error}" for error in errors)
        raise InputError(f"the network has {len(errors)} error(s), measured by what Loihi can represent:{lines}")
    return found


def findings(network: DiscreteNetwork) -> tuple[Finding, ...]:
    """All errors and warnings, errors first."""
    broken = tuple(_broken(network))
    if broken:
        return broken
    found = [finding for check in _CHECKS for finding in check(network)]
    found.sort(key=lambda finding: finding.level != ERROR)
    # Sums of numbers that are out of range say nothing.
    return tuple(found if found and found[0].level == ERROR else [*found, *_sums(network)])


def parts_of(network: DiscreteNetwork) -> tuple[Part, ...]:
    """The PyNN populations of a network, or its groups if it does not know them."""
    return network.parts or tuple(Part(group.label, group.first, group.size) for group in network.compartments)


def name_of(network: DiscreteNetwork, compartment: int) -> str:
    """The population and the neuron in it that a compartment is."""
    for part in parts_of(network):
        if part.first <= compartment < part.first + part.size:
            return f"{part.label}[{compartment - part.first + part.offset}]"
    return f"compartment {compartment}"


# -- arrays that fit together ------------------------------------------------------------------------------------------


def _broken(network: DiscreteNetwork) -> Iterator[Finding]:
    error = partial(Finding, ERROR)
    for kind, blocks in (("group", network.compartments), ("population", network.parts)):
        expected = 0
        for block in blocks:
            if block.first != expected or block.size < 1:
                here = f"{block.size} compartments from {block.first} on"
                yield error(f"{kind} {block.label!r}", "the place", here, f"1 or more from {expected} on")
            expected = block.first + block.size
        if blocks and expected != network.n_compartments:
            yield error(f"last {kind}", "the end", f"compartment {expected}", f"compartment {network.n_compartments}")
    for group in network.compartments:
        for name in ("threshold", "bias_mantissa", "bias_exponent"):
            yield from _not_integers(f"group {group.label!r}", name, getattr(group, name), group.size)
    for synapses in network.synapses:
        where = _projection(synapses)
        strange = [
            finding
            for name in ("pre", "post", "weight", "delay")
            for finding in _not_integers(where, name, getattr(synapses, name), len(synapses.post))
        ]
        yield from strange
        if not strange:
            n_pre = network.n_inputs if synapses.from_input else network.n_compartments
            yield from _outside(where, "pre", synapses.pre, chip.Range(0, n_pre - 1))
            yield from _outside(where, "post", synapses.post, chip.Range(0, network.n_compartments - 1))
        if synapses.rule and not 0 <= synapses.rule.reinforcement < network.n_compartments:
            allowed = str(chip.Range(0, network.n_compartments - 1))
            yield error(where, "the reinforcement", f"compartment {synapses.rule.reinforcement}", allowed)


def _not_integers(where: str, name: str, values: np.ndarray, size: int) -> Iterator[Finding]:
    values = np.asarray(values)
    if values.shape != (size,) or values.dtype.kind not in "iu":
        yield Finding(ERROR, where, name, f"{values.dtype} of shape {values.shape}", f"integers of shape ({size},)")


# -- compartments ------------------------------------------------------------------------------------------------------


def _compartments(network: DiscreteNetwork) -> Iterator[Finding]:
    for group in network.compartments:
        label = f"population {group.label!r}"
        yield from _outside(label, "du", group.du, chip.CURRENT_DECAY)
        yield from _outside(label, "dv", group.dv, chip.VOLTAGE_DECAY)
    for part in parts_of(network):
        for name, allowed in (
            ("threshold", chip.THRESHOLD),
            ("bias_mantissa", chip.BIAS_MANTISSA),
            ("bias_exponent", chip.BIAS_EXPONENT),
        ):
            values = _of_part(network, part, name)
            yield from _outside(f"population {part.label!r}", name.replace("_", " "), values, allowed, part.offset)


def _of_part(network: DiscreteNetwork, part: Part, name: str) -> np.ndarray:
    values = np.concatenate([getattr(group, name) for group in network.compartments])
    return values[part.first : part.first + part.size]


def _alone(network: DiscreteNetwork) -> Iterator[Finding]:
    """Compartments that do not even fit a core of their own."""
    fan_in = sum(
        (np.bincount(synapses.post, minlength=network.n_compartments) for synapses in network.synapses),
        np.zeros(network.n_compartments, np.int64),
    )
    # A synapse takes at most an axon with a trace, and a word: few compartments have so many that it matters.
    teachers = sum(synapses.rule is not None for synapses in network.synapses)
    few = (chip.INPUT_AXONS - teachers) // chip.PLASTIC_ENTRIES
    suspects = np.flatnonzero(fan_in > min(few, chip.SYNAPSE_MEMORY // chip.MEMORY_WORD))
    if not len(suspects):
        return
    demand = Demand(network)
    for compartment in suspects.tolist():
        for what, (used, limit) in demand.of(compartment, compartment + 1).excess.items():
            where = f"population {name_of(network, compartment)}"
            yield Finding(ERROR, where, f"the number of {what}", f"{used:,}", f"at most {limit:,}, all that a core has")


# -- synapses ----------------------------------------------------------------------------------------------------------


def _synapses(network: DiscreteNetwork) -> Iterator[Finding]:
    for synapses in network.synapses:
        where = _projection(synapses)
        mode = chip.sign_mode(synapses.weight, synapses.rule is not None)
        yield from _wrong(where, "the weight", synapses.weight, mode.holds(synapses.weight), str(mode))
        yield from _outside(where, "the exponent of the weights", synapses.exponent, chip.WEIGHT_EXPONENT)
        yield from _outside(where, "the delay", synapses.delay, chip.DELAY)
        least = 2 ** max(-synapses.exponent, 0)
        kept = synapses.weight % least == 0
        yield from _wrong(where, "the weight", synapses.weight, kept, f"a multiple of {least}, {_OR_ROUNDED}")


_OR_ROUNDED = "since with a negative exponent Lava rounds the sum of a step"


def _rules(network: DiscreteNetwork) -> Iterator[Finding]:
    bounds: dict[int, list[Synapses]] = {}
    for synapses in network.synapses:
        if synapses.rule is None:
            continue
        where, eta, w_max = _projection(synapses), synapses.rule.eta, synapses.rule.w_max
        least = max(2 ** max(-synapses.exponent, 0), chip.MIXED.step)
        etas = [value for value in ETAS if value % least == 0]
        yield from _wrong(where, "eta", eta, np.isin(eta, etas), f"one of {', '.join(map(str, etas))}")
        bound = chip.Range(least, chip.MIXED.weights.high)
        fits = bound.holds(w_max) & (w_max % least == 0)
        yield from _wrong(where, "w_max", w_max, fits, f"a multiple of {least} from {bound.low} to {bound.high}")
        within = chip.Range(-w_max, w_max).holds(synapses.weight)
        yield from _wrong(where, "the weight", synapses.weight, within, f"from {-w_max} to {w_max} (w_max)")
        at_once = "0: the rule compares spikes of one step, and Lava's plastic synapses have no delays"
        yield from _wrong(where, "the delay", synapses.delay, synapses.delay == 0, at_once)
        bounds.setdefault(w_max, []).append(synapses)
    own = f"a chip by itself clips at {chip.LEARNING_WEIGHTS.low} and {chip.LEARNING_WEIGHTS.high}"
    for w_max, clipped in bounds.items():
        where = _projection(clipped[0]) + (f" and {len(clipped) - 1} more" if len(clipped) > 1 else "")
        yield Finding(WARNING, where, "the range of the weights", f"{-w_max} to {w_max}", own)


def _expressible_etas() -> tuple[int, ...]:
    """Even changes whose double, the larger product of the rule, is a mantissa times a power of two."""
    mantissas = range(chip.LEARNING_MANTISSA.low, chip.LEARNING_MANTISSA.high + 1)
    products = {mantissa << shift for mantissa in mantissas for shift in range(chip.LEARNING_CHANGE.bit_length())}
    return tuple(sorted(eta for eta in products if eta % chip.MIXED.step == 0 and 2 * eta <= chip.LEARNING_CHANGE))


ETAS = _expressible_etas()
"""The eta that a chip's learning rule ``2 eta x0 y0 y1 - eta x0 y0`` can have, with weights of mixed sign."""


# -- sums --------------------------------------------------------------------------------------------------------------


def _sums(network: DiscreteNetwork) -> Iterator[Finding]:
    """Where inputs could overflow if all excitatory (or all inhibitory) presynaptic neurons fired in one step.

    All to all, this bound is far above what ever happens: it is a warning.
    """
    highest = _largest_sums(network)
    here = "a core adds up less than"
    yield from _overflow(network, "the input of a step", highest, chip.ACCUMULATOR, here)
    # In the long run a constant input adds up to itself divided by the share that decays.
    decays = np.repeat([group.du + 1 for group in network.compartments], [group.size for group in network.compartments])
    u = highest * (chip.CURRENT_DECAY.high + 1) / np.maximum(decays, 1)
    yield from _overflow(network, "u", u, chip.STATE >> chip.INPUT_SHIFT, "u wraps round, here and on the chip, at")


def _largest_sums(network: DiscreteNetwork) -> np.ndarray:
    """Largest magnitude of the sum of weights, in units of 2**6, that can arrive at each compartment in one step."""
    sums = np.zeros((2, network.n_compartments))
    for synapses in network.synapses:
        w_max, scale = synapses.rule.w_max if synapses.rule else 0, 2.0**synapses.exponent
        weight = np.asarray(synapses.weight, np.int64)
        for row, weights in zip(sums, (weight, -weight), strict=True):
            largest = np.full(len(weights), w_max) if w_max else np.maximum(weights, 0)
            row += np.bincount(synapses.post, largest * scale, network.n_compartments)
    return sums.max(axis=0)


def _overflow(network: DiscreteNetwork, what: str, sums: np.ndarray, limit: int, clause: str) -> Iterator[Finding]:
    """One warning for all populations in which a sum can reach the limit."""
    high = [part.label for part in parts_of(network) if (sums[part.first : part.first + part.size] >= limit).any()]
    if high:
        where = f"population{'s' if len(high) > 1 else ''} {', '.join(map(repr, high))}"
        value = f"up to {sums.max():,.0f} if all presynaptic neurons of one sign fire at once,"
        yield Finding(WARNING, where, what, value, f"{clause} {limit:,} (in units of 2**{chip.INPUT_SHIFT})")


# -- common ------------------------------------------------------------------------------------------------------------


def _outside(where: str, what: str, values: ArrayLike, allowed: chip.Range, offset: int = 0) -> Iterator[Finding]:
    yield from _wrong(where, what, values, allowed.holds(np.asarray(values)), str(allowed), offset=offset)


def _wrong(
    where: str, what: str, values: ArrayLike, right: ArrayLike, allowed: str, level: str = ERROR, offset: int = 0
) -> Iterator[Finding]:
    """One finding for all wrong values of an array (or for a number), with the first of them and the extremes."""
    numbers, wrong = np.atleast_1d(np.asarray(values)), np.flatnonzero(~np.atleast_1d(np.asarray(right)))
    if not len(wrong):
        return
    first, found = int(wrong[0]), numbers[wrong]
    value = f"{found[0]:,}"
    if np.ndim(values):
        value += f" at [{first + offset}]"
    if len(wrong) > 1:
        value += f" and wrong {len(wrong):,} times of {len(numbers):,}, from {found.min():,} to {found.max():,},"
    yield Finding(level, where, what, value, allowed)


def _projection(synapses: Synapses) -> str:
    return f"projection {synapses.label!r}"


_CHECKS: tuple[Callable[[DiscreteNetwork], Iterator[Finding]], ...] = (_compartments, _synapses, _rules, _alone)
