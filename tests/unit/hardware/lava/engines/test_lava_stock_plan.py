"""How a network divides into stock Lava processes: no Lava is needed."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from scenarios.discrete_networks import random_network
from scenarios.loihi import connected, of_cells

from hardware.lava.engines.stock_plan import plan
from hardware.lava.engines.stock_processes import LEARNING
from hardware.lava.translation.network import Rule

networks = pytest.mark.parametrize("network", [random_network(seed) for seed in (0, 2)])


@networks
def test_the_plan_holds_every_compartment_and_input_once(network):
    made = plan(network)
    own = [place for place in made.places if not place.copies]
    assert sorted(np.concatenate([place.members for place in own])) == list(range(network.n_compartments))
    assert sorted(np.concatenate(made.sources)) == list(range(network.n_inputs))
    for place in own:
        group = network.compartments[place.group]
        assert (group.first <= place.members).all()
        assert (place.members < group.first + group.size).all()


@networks
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


@networks
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
    rule = Rule(6, 2, 254)
    blocks = [connected([0, 0, 1, 1], [k, k + 1] * 2, 0, from_input=True, rule=rule) for k in (0, 2, 4)]
    made = plan(of_cells(7, *blocks, n_inputs=2))
    assert [len(place.members) for place in made.places if place.copies] == [2]
