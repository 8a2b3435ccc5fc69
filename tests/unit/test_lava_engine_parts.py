"""What the Lava engines are made of, where no Lava is needed: segments, compiled code, the plan of stock processes."""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from scenarios.discrete_networks import random_network

from hardware.lava.engines import installed, kernels
from hardware.lava.engines.segments import segments_of
from hardware.lava.engines.stock_plan import plan
from hardware.lava.engines.stock_processes import LEARNING
from hardware.lava.translation.network import Compartments, DiscreteNetwork, Rule, Synapses
from pynn_backprop.errors import PlatformError

NETWORKS = [random_network(seed, stock=seed % 2 == 0) for seed in range(4)]
networks = pytest.mark.parametrize("network", NETWORKS)


# --- segments and compiled code


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
    group = Compartments("all", 0, 5, 4095, 4096, np.ones(5, int), np.zeros(5, int), np.zeros(5, int))
    shuffled = np.random.default_rng(0).permutation(15)
    block = Synapses("block", True, pre[shuffled], post[shuffled], shuffled, 0, np.zeros(15, int))
    segments, places = segments_of(DiscreteNetwork(3, (group,), (block,)))
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

    recorded = generator.permutation(n)[:11]
    fired_inputs, fired, before = np.zeros(16, np.int64), np.zeros(n, np.int64), np.zeros(n + 1, np.int64)
    row, bits = np.packbits(inputs, bitorder="little"), np.full(2, 255, np.uint8)
    count = kernels.read_inputs(row, n, segments, arriving, step, fired_inputs)
    assert fired_inputs[:count].tolist() == (n + np.flatnonzero(inputs)).tolist()
    kernels.read_spikes(
        spiked.astype(np.int32), segments, arriving, step, fired_inputs, count, fired, before, recorded, bits
    )
    np.testing.assert_array_equal(arriving, expected)
    for place, learnt in zip(places, weights, strict=True):
        np.testing.assert_array_equal(segments.weight[place], learnt)
    np.testing.assert_array_equal(np.unpackbits(bits, bitorder="little")[:11], spiked[recorded])


# --- the plan of stock processes


def stock_networks() -> list[DiscreteNetwork]:
    return [network for network in NETWORKS[::2]]


@pytest.mark.parametrize("network", stock_networks())
def test_the_plan_holds_every_compartment_and_input_once(network):
    made = plan(network)
    own = [place for place in made.places if not place.copies]
    assert sorted(np.concatenate([place.members for place in own])) == list(range(network.n_compartments))
    assert sorted(np.concatenate(made.sources)) == list(range(network.n_inputs))
    for place in own:
        group = network.compartments[place.group]
        assert (group.first <= place.members).all()
        assert (place.members < group.first + group.size).all()


@pytest.mark.parametrize("network", stock_networks())
def test_the_plan_holds_every_synapse_once_and_again_for_each_copy_of_its_target(network):
    made = plan(network)
    copies = Counter(
        (int(place.members[0]), place_number) for place_number, place in enumerate(made.places) if place.copies
    )
    found: Counter[tuple[int, int]] = Counter()
    for connection in made.connections:
        post = made.places[connection.post]
        pre = made.sources[connection.pre] if connection.from_input else made.places[connection.pre].members
        in_matrix = set(zip(connection.row, connection.column, strict=True))
        assert len(in_matrix) == len(connection.row)
        for projection, synapse, row, column, delay in zip(
            connection.projection, connection.synapse, connection.row, connection.column, connection.delay, strict=True
        ):
            synapses = network.synapses[projection]
            assert post.members[row] == synapses.post[synapse]
            assert pre[column] == synapses.pre[synapse]
            assert delay == synapses.delay[synapse]
            assert connection.exponent == synapses.exponent
            assert connection.rule == synapses.rule
            found[int(projection), int(synapse)] += 1
    for projection, synapses in enumerate(network.synapses):
        for synapse, post in enumerate(synapses.post):
            times = 1
            if synapses.rule is None:
                times += sum(len(made.places[number].members) for r, number in copies if r == post)
            assert found[projection, synapse] == times


@pytest.mark.parametrize("network", stock_networks())
def test_a_learning_process_is_whole_and_has_a_reward_for_each_target(network):
    made = plan(network)
    learning = [connection for connection in made.connections if connection.kind == LEARNING]
    assert len(learning) >= 3
    for connection in learning:
        pre = made.sources[connection.pre] if connection.from_input else made.places[connection.pre].members
        assert len(connection.row) == len(pre) * len(made.places[connection.post].members)
        reward = made.places[connection.reward]
        assert connection.rule is not None
        assert reward.copies
        assert (reward.members == connection.rule.reinforcement).all()
        assert len(reward.members) == len(made.places[connection.post].members)


def test_one_place_of_copies_serves_all_targets_of_a_size():
    group = Compartments("cells", 0, 7, 4095, 4096, np.ones(7, int), np.zeros(7, int), np.zeros(7, int))
    rule, nothing = Rule(6, 2, 254), np.zeros(4, int)
    blocks = [
        Synapses(f"block {k}", True, np.array([0, 0, 1, 1]), np.array([k, k + 1] * 2), nothing, 0, nothing, rule)
        for k in (0, 2, 4)
    ]
    made = plan(DiscreteNetwork(2, (group,), tuple(blocks)))
    assert [len(place.members) for place in made.places if place.copies] == [2]


# --- where there is no Lava


@pytest.mark.parametrize(
    ("version", "message"),
    [
        ((3, 10), "Lava is not installed: pip install 'pynn_backprop[lava]'"),
        ((3, 12), "lava-nc 0.10.0 needs Python 3.10, this is Python 3.12"),
    ],
)
def test_without_lava_the_error_says_how_to_get_it(version, message, monkeypatch):
    monkeypatch.setattr(installed, "is_installed", lambda module: False)
    with pytest.raises(PlatformError) as refused:
        installed.require_lava(version)
    assert message in str(refused.value)
    assert "pynn_backprop[lava]" in str(refused.value)
