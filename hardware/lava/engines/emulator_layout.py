"""A network as flat arrays that the emulator's compiled code runs through: blocks of compartments, and segments.

A *block* is a stretch of one population whose compartments share their decays.  Where nothing is kept from step to step
and nothing arrives, a block is not looked at: that makes a circuit fast in which few populations are busy in a step.

A *segment* holds synapses of one source neuron and one projection, with the same delay, onto neighbouring compartments
of one block.  Sources are the compartments first, then the inputs.  Weights are kept as what a spike adds, mantissa
times 2**exponent in units of 2**6: on the chip that has 15 bits and a sign, so that -256 with the exponent 7 is held
back by one unit (Brian2Loihi: a synapse gives at most 2**21 - 64).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from pynn_backprop.errors import InputError

from ...integers import Range
from ..translation.network import DiscreteNetwork, PairRule, Rule, Synapses
from ..translation.ranges import ACCUMULATOR, UNITY

STATIC = -1

REACH = Range(-ACCUMULATOR, ACCUMULATOR - 1)
"""What mantissa and exponent give, in units of 2**6; the lowest is held back by one."""

FORGETS, INTEGRATES = 0, 1
"""Kinds of blocks: nothing is left from step to step, or something is."""

NOT_JOINED = -1


class Blocks(NamedTuple):
    """Stretches of compartments.

    Parameters
    ----------
    first
        First compartment of each block, and the number of all, int64 (n_blocks + 1,).
    kind
        FORGETS or INTEGRATES, uint8 (n_blocks,).
    keep_u, keep_v
        What is left of u and v in a step, in 4096ths, int64 (n_blocks,).
    refractory
        Steps from a spike to the next integration, int64 (n_blocks,).
    order
        In which the blocks are looked at, dendrites first, int64 (n_blocks,).
    dendrites
        How many of them are dendrites.
    joined
        Dendrites whose v each compartment adds, int64 (n_joined, n_compartments).
    """

    first: np.ndarray
    kind: np.ndarray
    keep_u: np.ndarray
    keep_v: np.ndarray
    refractory: np.ndarray
    order: np.ndarray
    dendrites: int
    joined: np.ndarray


class Segments(NamedTuple):
    """All synapses.

    Parameters
    ----------
    pointer
        The segments of source s are ``pointer[s]`` up to ``pointer[s + 1]``, int64 (n_sources + 1,).
    post, length
        First target, and how many there are, int32 (n_segments,).
    block
        Which the targets belong to, int32 (n_segments,).
    latency
        A spike of step t acts in step t + latency, int32 (n_segments,).
    begin
        Where the weight of the first target is, the others following, int64 (n_segments,).
    uniform
        Whether all weights of a segment are equal and stay so, bool (n_segments,).
    rule
        Number of the reinforced rule, STATIC, or -2 and less for the first and the other rules of pairs, int32
        (n_segments,).
    """

    pointer: np.ndarray
    post: np.ndarray
    length: np.ndarray
    block: np.ndarray
    latency: np.ndarray
    begin: np.ndarray
    uniform: np.ndarray
    rule: np.ndarray


class Rules(NamedTuple):
    """The reinforced Hebbian rules, one for each plastic projection.

    Parameters
    ----------
    reinforcement
        Compartments, int64 (n_rules,).
    eta, w_max
        In units of 2**6, int32 (n_rules,).
    """

    reinforcement: np.ndarray
    eta: np.ndarray
    w_max: np.ndarray


def blocks_of(network: DiscreteNetwork) -> Blocks:
    """The blocks of a network."""
    starts = [group.first for group in network.compartments] + [part.first for part in network.populations]
    n = network.n_compartments
    first = np.unique(np.array([*(start for start in starts if start < n), n], np.int64))
    du, dv = (network.of_compartments(name)[first[:-1]] for name in ("du", "dv"))
    refractory, dendrite = (network.of_compartments(name)[first[:-1]] for name in ("refractory", "dendrite"))
    joined = _joined(network)
    joins = np.zeros(len(first) - 1, bool)
    if joined.size:
        joins = np.maximum.reduceat(joined.max(axis=0), first[:-1]) > NOT_JOINED
    forgets = network.forgets[first[:-1]] & (refractory == 1) & (dendrite == 0) & ~joins
    return Blocks(
        first,
        np.where(forgets, FORGETS, INTEGRATES).astype(np.uint8),
        UNITY - 1 - du,
        UNITY - dv,
        refractory,
        np.argsort(dendrite == 0, kind="stable"),
        int(dendrite.sum()),
        joined,
    )


def _joined(network: DiscreteNetwork) -> np.ndarray:
    most = max((len(group.joined) for group in network.compartments if group.joined is not None), default=0)
    joined = np.full((most, network.n_compartments), NOT_JOINED, np.int64)
    for group in network.compartments:
        if group.joined is not None:
            joined[: len(group.joined), group.first : group.first + group.size] = group.joined
    return joined


def scaled(label: str, weight: ArrayLike, exponent: int) -> np.ndarray:
    """Mantissas as what a spike adds, in units of 2**6, int64.

    Raises
    ------
    InputError
        If one is beyond what a synapse has.
    """
    mantissa = np.asarray(weight, np.int64)
    values = mantissa << exponent if exponent >= 0 else mantissa >> -exponent
    wrong = mantissa[~REACH.holds(values)]
    if wrong.size:
        raise InputError(
            f"{label}: weight holds {wrong[0]}, but with the exponent {exponent} a synapse adds no more than "
            f"{REACH.high:,} times 2**6"
        )
    return np.maximum(values, -REACH.high)


def mantissas(values: np.ndarray, exponent: int) -> np.ndarray:
    """What :func:`scaled` was given, int64."""
    # Rounded down, so that -256 with the exponent 7 is found again.
    found = np.asarray(values, np.int64)
    return found >> exponent if exponent >= 0 else found << -exponent


def rules_of(network: DiscreteNetwork) -> Rules:
    """The reinforced rules of a network's plastic projections, in their order."""
    learning = [(s.label, s.rule, s.exponent) for s in network.synapses if isinstance(s.rule, Rule)]
    return Rules(
        np.array([rule.reinforcement for _, rule, _ in learning], np.int64),
        np.array([scaled(label, rule.eta, exponent) for label, rule, exponent in learning], np.int32),
        np.array([scaled(label, rule.w_max, exponent) for label, rule, exponent in learning], np.int32),
    )


def segments_of(network: DiscreteNetwork, blocks: Blocks) -> tuple[Segments, np.ndarray, list[np.ndarray]]:
    """The synapses of a network.

    Returns
    -------
    segments
    weights
        What each synapse adds in units of 2**6, int16 (n_synapses,).
    places
        For each projection, int (n_synapses,): the places of its synapses in `weights`.
    """
    projections = network.synapses
    sizes = [len(p.pre) for p in projections]
    source, post, delay = network.sources, network.of_synapses("post"), network.of_synapses("delay")
    projection = np.repeat(np.arange(len(projections)), sizes)
    block = np.searchsorted(blocks.first, post, side="right") - 1
    order = np.lexsort((post, delay, projection, source))
    source, post, delay, projection, block = (each[order] for each in (source, post, delay, projection, block))
    new = np.ones(len(order), bool)
    new[1:] = np.diff(post) != 1
    for key in (source, projection, delay, block):
        new[1:] |= np.diff(key) != 0
    begin = np.flatnonzero(new)
    place = np.empty(len(order), np.int64)
    place[order] = np.arange(len(order))
    numbers = iter(range(len(projections)))
    rule = np.array([next(numbers) if isinstance(p.rule, Rule) else STATIC for p in projections], np.int32)
    pairs = iter(range(-2, -2 - len(projections), -1))
    for k, p in enumerate(projections):
        if isinstance(p.rule, PairRule):
            rule[k] = next(pairs)
    n_sources = network.n_compartments + network.n_inputs
    segments = Segments(
        pointer=np.searchsorted(source[begin], np.arange(n_sources + 1)),
        post=post[begin].astype(np.int32),
        length=np.diff(np.append(begin, len(order))).astype(np.int32),
        block=block[begin].astype(np.int32),
        latency=(1 + delay[begin]).astype(np.int32),
        begin=begin,
        uniform=np.zeros(len(begin), bool),
        rule=rule[projection[begin]],
    )
    weights = np.zeros(len(order), np.int16)
    weights[place] = _all_scaled(projections)
    mark_uniform(segments, weights)
    return segments, weights, np.split(place, np.cumsum(sizes)[:-1]) if projections else []


def mark_uniform(segments: Segments, weights: np.ndarray) -> None:
    """Take note of the static segments whose weights are all equal."""
    if len(segments.begin):
        lowest, highest = (extreme.reduceat(weights, segments.begin) for extreme in (np.minimum, np.maximum))
        segments.uniform[:] = (lowest == highest) & (segments.rule == STATIC)


def _all_scaled(projections: tuple[Synapses, ...]) -> np.ndarray:
    return np.concatenate([np.zeros(0, np.int64), *(scaled(p.label, p.weight, p.exponent) for p in projections)])
