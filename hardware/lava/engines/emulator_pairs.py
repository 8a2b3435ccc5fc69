"""Pair-based STDP in the emulator: traces of seven bits, and changes that are rounded at random by one generator.

On the chip traces and weights are rounded at random too (Davies et al. 2018); here the numbers follow from a seed, in
an order that does not depend on how a simulation is cut into runs.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from pynn_backprop.compiled import compiled

from ..translation.network import DiscreteNetwork, PairRule
from ..translation.ranges import MIXED, TRACE, TRACE_IMPULSE
from .emulator_layout import scaled

SEED = 0x9E3779B97F4A7C15


class Pairs(NamedTuple):
    """All rules of pairs of a network; what belongs to rule r begins at the r-th pointer.

    Parameters
    ----------
    numbers
        Keep_x, keep_y, plus, minus, lowest, highest and step of each rule, the last three in units of the weights,
        int64 (n_rules, 7).
    pre_pointer, pre, x
        The presynaptic sources of each rule, sorted, and their traces.
    post_pointer, post, y
        The postsynaptic compartments of each rule, sorted, and their traces.
    in_pointer
        The synapses of entry k of `post` are ``in_pointer[k]`` up to ``in_pointer[k + 1]``.
    in_place, in_pre
        Their places among the weights, and the entry of `pre` that they come from.
    random
        State of the generator, uint64 (1,).
    """

    numbers: np.ndarray
    pre_pointer: np.ndarray
    pre: np.ndarray
    x: np.ndarray
    post_pointer: np.ndarray
    post: np.ndarray
    y: np.ndarray
    in_pointer: np.ndarray
    in_place: np.ndarray
    in_pre: np.ndarray
    random: np.ndarray


def pairs_of(network: DiscreteNetwork, places: list[np.ndarray]) -> Pairs:
    """The rules of pairs of a network; `places` are those of each projection's synapses among the weights."""
    numbers, pre, post, counts, in_place, in_pre = [], [], [], [], [], []
    before = 0
    for synapses, place in zip(network.synapses, places, strict=True):
        rule = synapses.rule
        if not isinstance(rule, PairRule):
            continue
        low, high, step = scaled(synapses.label, [rule.w_min, rule.w_max, MIXED.step], synapses.exponent).tolist()
        numbers.append([rule.keep_x, rule.keep_y, rule.plus, rule.minus, low, high, step])
        source = synapses.pre + network.n_compartments * synapses.from_input
        sources, of_source = np.unique(source, return_inverse=True)
        targets, of_target = np.unique(synapses.post, return_inverse=True)
        order = np.lexsort((of_source, of_target))
        pre.append(sources)
        post.append(targets)
        counts.append(np.bincount(of_target, minlength=len(targets)))
        in_place.append(place[order])
        in_pre.append(before + of_source[order])
        before += len(sources)
    none = np.zeros(0, np.int64)
    return Pairs(
        numbers=np.array(numbers, np.int64).reshape(-1, 7),
        pre_pointer=np.cumsum([0, *map(len, pre)]),
        pre=np.concatenate([none, *pre]),
        x=np.zeros(before, np.int64),
        post_pointer=np.cumsum([0, *map(len, post)]),
        post=np.concatenate([none, *post]),
        y=np.zeros(sum(map(len, post)), np.int64),
        in_pointer=np.append(0, np.cumsum(np.concatenate([none, *counts]))).astype(np.int64),
        in_place=np.concatenate([none, *in_place]),
        in_pre=np.concatenate([none, *in_pre]),
        random=np.array([SEED], np.uint64),
    )


@compiled
def learn(pairs, weights, spiking):  # type: ignore[no-untyped-def,unused-ignore]
    """What a step's spikes teach: `spiking` says which sources fire, bool (n_sources,)."""
    for r in range(len(pairs.numbers)):
        keep_x, keep_y, plus, minus, low, high, step = pairs.numbers[r]
        for k in range(pairs.pre_pointer[r], pairs.pre_pointer[r + 1]):
            pairs.x[k] = _rounded(pairs.x[k] * keep_x, 12, pairs.random)
        for k in range(pairs.post_pointer[r], pairs.post_pointer[r + 1]):
            pairs.y[k] = _rounded(pairs.y[k] * keep_y, 12, pairs.random)
        for k in range(pairs.post_pointer[r], pairs.post_pointer[r + 1]):
            fires, y = spiking[pairs.post[k]], pairs.y[k]
            if not (fires or y):
                continue
            for s in range(pairs.in_pointer[k], pairs.in_pointer[k + 1]):
                x, change = pairs.x[pairs.in_pre[s]], np.int64(0)
                if fires:
                    change += plus * x
                if spiking[pairs.pre[pairs.in_pre[s]]]:
                    change -= minus * y
                if change:
                    # The mantissa changes by whole steps.
                    steps = _rounded(change, 17, pairs.random)
                    place = pairs.in_place[s]
                    weights[place] = np.int16(min(max(np.int64(weights[place]) + steps * step, low), high))
        for k in range(pairs.pre_pointer[r], pairs.pre_pointer[r + 1]):
            if spiking[pairs.pre[k]]:
                pairs.x[k] = min(pairs.x[k] + TRACE_IMPULSE, TRACE)
        for k in range(pairs.post_pointer[r], pairs.post_pointer[r + 1]):
            if spiking[pairs.post[k]]:
                pairs.y[k] = min(pairs.y[k] + TRACE_IMPULSE, TRACE)


@compiled
def _rounded(value, bits, random):  # type: ignore[no-untyped-def,unused-ignore]
    """`value` divided by 2**bits, rounded up with the probability of what is cut off (xorshift64, Marsaglia 2003)."""
    mask = (np.int64(1) << bits) - 1
    if not value & mask:
        return value >> bits
    state = random[0]
    state ^= state << np.uint64(13)
    state ^= state >> np.uint64(7)
    state ^= state << np.uint64(17)
    random[0] = state
    return (value + np.int64((state >> np.uint64(20)) & np.uint64(mask))) >> bits
