"""Segments of synapses, and the compiled code that walks through them: no Lava is needed."""

from __future__ import annotations

import numpy as np
import pytest
from scenarios.discrete_networks import random_network
from scenarios.loihi import connected, of_cells

from hardware.lava.engines import kernels
from hardware.lava.engines.segments import segments_of
from hardware.lava.engines.synapses import NOTHING

networks = pytest.mark.parametrize("network", [random_network(seed, stock=seed % 2 == 0) for seed in range(4)])


@networks
def test_segments_hold_every_synapse_once_and_know_where(network):
    segments, places = segments_of(network)
    assert sorted(np.concatenate(places)) == list(range(len(segments.weight)))
    source = np.repeat(np.arange(len(segments.of_source) - 1), np.diff(segments.of_source))
    length = np.diff(segments.start)
    assert (length > 0).all()
    segment = np.repeat(np.arange(len(length)), length)
    post = segments.post[segment] + np.arange(len(segment)) - segments.start[segment]
    rules = iter(range(len(segments.eta)))
    for synapses, place in zip(network.synapses, places, strict=True):
        of = segment[place]
        np.testing.assert_array_equal(source[of], synapses.pre + network.n_compartments * synapses.from_input)
        np.testing.assert_array_equal(post[place], synapses.post)
        np.testing.assert_array_equal(segments.weight[place], synapses.weight)
        np.testing.assert_array_equal(segments.delay[of], synapses.delay)
        assert (segments.exponent[of] == synapses.exponent).all()
        assert (segments.rule[of] == (next(rules) if synapses.rule else -1)).all()


def test_a_block_of_all_to_all_synapses_is_one_segment_for_each_source():
    pre, post = np.repeat(np.arange(3), 5), np.tile(np.arange(5), 3)
    shuffled = np.random.default_rng(0).permutation(15)
    block = connected(pre[shuffled], post[shuffled], shuffled, from_input=True)
    segments, places = segments_of(of_cells(5, block, n_inputs=3))
    assert np.diff(segments.start).tolist() == [5, 5, 5]
    assert segments.weight.tolist() == list(range(15))
    assert segments.weight[places[0]].tolist() == shuffled.tolist()


@networks
@pytest.mark.parametrize("reinforced", [False, True])
def test_compiled_code_hands_on_and_learns_as_the_definitions_say(network, reinforced):
    generator = np.random.default_rng(5)
    segments, places = segments_of(network)
    n = network.n_compartments
    inputs, spiked = generator.random(network.n_inputs) < 0.6, generator.random(n) < 0.6
    for rule in (synapses.rule for synapses in network.synapses if synapses.rule):
        spiked[rule.reinforcement] = reinforced
    step, slots = 17, 9
    arriving, expected = np.zeros((slots, n), np.int32), np.zeros((slots, n), np.int64)
    weights = []
    for synapses in network.synapses:
        fires = (inputs if synapses.from_input else spiked)[synapses.pre]
        for post, weight, delay in zip(
            synapses.post[fires], synapses.weight[fires], synapses.delay[fires], strict=True
        ):
            expected[(step + 1 + delay) % slots, post] += int(weight * 2.0**synapses.exponent)
        learnt, rule = synapses.weight.copy(), synapses.rule
        if rule:
            both = fires & spiked[synapses.post]
            change = rule.eta if reinforced else -rule.eta
            learnt[both] = np.clip(learnt[both] + change, -rule.w_max, rule.w_max)
        weights.append(learnt)

    changed = [(new != old.weight).sum() for new, old in zip(weights, network.synapses, strict=True)]
    assert sum(changed) > 5

    recorded, column = generator.permutation(n)[:11], np.full(n, -1, np.int32)
    column[recorded] = np.arange(11)
    row, bits = np.packbits(inputs, bitorder="little"), np.full(2, 255, np.uint8)
    fired, reached = np.zeros(n + 16, np.int64), np.full((slots, 2), NOTHING)
    kernels.hand_on(np.flatnonzero(spiked), row, segments, arriving, reached, step, fired, column, bits)
    np.testing.assert_array_equal(arriving, expected)
    for sums, (first, stop) in zip(arriving, reached, strict=True):
        assert not sums[:first].any()
        assert not sums[stop:].any()
    assert (reached == NOTHING).all(axis=1).any()
    for place, learnt in zip(places, weights, strict=True):
        np.testing.assert_array_equal(segments.weight[place], learnt)
    np.testing.assert_array_equal(np.unpackbits(bits, bitorder="little")[:11], spiked[recorded])
