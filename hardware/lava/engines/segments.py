"""The synapses of a network as segments: what compiled code walks through when neurons fire.

A segment holds synapses of one source neuron and one projection, with the same delay, onto compartments with
consecutive numbers: a row of an all-to-all block, or a single synapse where nothing is regular.  Sources are the
compartments first, then the inputs.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from ..translation.network import DiscreteNetwork, Rule
from .shared import shared_array

STATIC = -1


class Segments(NamedTuple):
    """Arrays over sources, segments, synapses and rules, in the order in which compiled code takes them.

    Parameters
    ----------
    of_source
        Int64 (n_sources + 1,): the segments of source s are ``of_source[s]`` up to ``of_source[s + 1]``.
    start
        Int64 (n_segments + 1,): the synapses of segment g are ``start[g]`` up to ``start[g + 1]``.
    post
        Int32 (n_segments,): the first target.
    delay, exponent, rule
        Int16 (n_segments,); `rule` is STATIC where nothing is learnt.
    weight
        Int16 (n_synapses,), shared: mantissas.
    reinforcement, eta, w_max
        Int64 (n_rules,), one for each plastic projection.
    """

    of_source: np.ndarray
    start: np.ndarray
    post: np.ndarray
    delay: np.ndarray
    exponent: np.ndarray
    rule: np.ndarray
    weight: np.ndarray
    reinforcement: np.ndarray
    eta: np.ndarray
    w_max: np.ndarray


def segments_of(network: DiscreteNetwork) -> tuple[Segments, list[np.ndarray]]:
    """The segments of a network.

    Returns
    -------
    Segments
    list
        For each projection, int (n_synapses,): the places of its synapses in ``Segments.weight``.
    """
    projections = network.synapses
    sizes = [len(p.pre) for p in projections]
    source, post, delay = network.sources, network.of_synapses("post"), network.of_synapses("delay")
    projection = np.repeat(np.arange(len(projections)), sizes)
    order = np.lexsort((post, delay, projection, source))
    source, post, delay, projection = source[order], post[order], delay[order], projection[order]
    breaks = np.ones(len(order), bool)
    breaks[1:] = np.diff(post) != 1
    for key in (source, projection, delay):
        breaks[1:] |= np.diff(key) != 0
    first = np.flatnonzero(breaks)

    place = np.empty(len(order), np.int64)
    place[order] = np.arange(len(order))
    weight = shared_array((len(order),), np.int16)
    weight[place] = network.of_synapses("weight")
    rules = [p.rule for p in projections if isinstance(p.rule, Rule)]
    numbers = iter(range(len(rules)))
    rule_of = np.array([STATIC if p.rule is None else next(numbers) for p in projections], np.int16)
    exponent_of = np.array([p.exponent for p in projections], np.int16)
    n_sources = network.n_compartments + network.n_inputs
    return (
        Segments(
            of_source=np.searchsorted(source[first], np.arange(n_sources + 1)),
            start=np.append(first, len(order)),
            post=post[first].astype(np.int32),
            delay=delay[first].astype(np.int16),
            exponent=exponent_of[projection[first]],
            rule=rule_of[projection[first]],
            weight=weight,
            reinforcement=np.array([rule.reinforcement for rule in rules], np.int64),
            eta=np.array([rule.eta for rule in rules], np.int64),
            w_max=np.array([rule.w_max for rule in rules], np.int64),
        ),
        np.split(place, np.cumsum(sizes)[:-1]) if projections else [],
    )
