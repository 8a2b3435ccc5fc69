"""Whether the arrays of a discrete network fit together, so that all else can rely on them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from ...integers import Range
from ...report import ERROR, Finding, outside
from ..translation.network import Compartments, DiscreteNetwork, Part, Rule, Synapses


def broken(network: DiscreteNetwork) -> Iterator[Finding]:
    """One error for each thing that does not fit: places, shapes, types, and numbers of compartments and inputs."""
    yield from _misplaced("group", network.compartments, network.n_compartments)
    if network.parts:
        yield from _misplaced("population", network.parts, network.n_compartments)
    for group in network.compartments:
        for name in ("threshold", "bias_mantissa", "bias_exponent"):
            yield from _not_integers(f"group {group.label!r}", name, getattr(group, name), group.size)
    for synapses in network.synapses:
        yield from _of_synapses(network, synapses)


def _misplaced(kind: str, blocks: Sequence[Compartments | Part], n_compartments: int) -> Iterator[Finding]:
    expected = 0
    for block in blocks:
        if block.first != expected or block.size < 1:
            here = f"{block.size} compartments from {block.first} on"
            yield Finding(ERROR, f"{kind} {block.label!r}", "the place", here, f"1 or more from {expected} on")
        expected = block.first + block.size
    if expected != n_compartments:
        yield Finding(ERROR, f"last {kind}", "the end", f"compartment {expected}", f"compartment {n_compartments}")


def _of_synapses(network: DiscreteNetwork, synapses: Synapses) -> Iterator[Finding]:
    where = synapses.where
    compartments = Range(0, network.n_compartments - 1)
    strange = [
        finding
        for name in ("pre", "post", "weight", "delay")
        for finding in _not_integers(where, name, getattr(synapses, name), len(synapses.post))
    ]
    yield from strange
    if not strange:
        sources = Range(0, network.n_inputs - 1) if synapses.from_input else compartments
        yield from outside(where, "pre", synapses.pre, sources)
        yield from outside(where, "post", synapses.post, compartments)
    if isinstance(synapses.rule, Rule) and not compartments.holds(synapses.rule.reinforcement):
        here = f"compartment {synapses.rule.reinforcement}"
        yield Finding(ERROR, where, "the reinforcement", here, str(compartments))


def _not_integers(where: str, name: str, values: np.ndarray, size: int) -> Iterator[Finding]:
    values = np.asarray(values)
    if values.shape != (size,) or values.dtype.kind not in "iu":
        yield Finding(ERROR, where, name, f"{values.dtype} of shape {values.shape}", f"integers of shape ({size},)")
