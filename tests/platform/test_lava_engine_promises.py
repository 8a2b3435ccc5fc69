"""What both of Lava's engines promise, and what they refuse."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from engines import running
from scenarios.loihi import cells, connected, ints, of_cells
from simulators import skip_without_lava

from hardware.lava.engines.registry import make_engine
from hardware.lava.translation.network import DiscreteNetwork, Rule
from pynn_backprop.errors import InputError, PlatformError

skip_without_lava()


@pytest.fixture
def pair() -> DiscreteNetwork:
    """Two inputs, two neurons, one to one."""
    return of_cells(2, connected([0, 1], [0, 1], 200, from_input=True))


@pytest.mark.parametrize("name", ["emulator", "fast", "stock"])
def test_spikes_ahead_can_be_replaced_and_past_ones_stay(name, pair):
    with running(name, pair, [1, 0]) as engine:
        engine.set_spikes(ints(8, 1, 3, 100), ints(1, 0, 1, 0))
        engine.run(3)
        engine.run(0)
        engine.set_spikes(ints(5, 5), ints(1, 0))
        engine.run(7)
        engine.run(100)
        assert np.column_stack(engine.take_spikes()).tolist() == [[2, 0], [4, 1], [6, 0], [6, 1]]
        assert [len(each) for each in engine.take_spikes()] == [0, 0]


def test_only_what_is_recorded_is_handed_out_in_the_order_asked_for(pair):
    pair = replace(pair, compartments=(cells(2, bias_mantissa=ints(64, 128)),))
    with running("fast", pair, [1], [1, 0]) as engine:
        engine.set_spikes(ints(1, 2, 2), ints(0, 0, 1))
        engine.run(2)
        first, values = engine.take_potentials()
        assert (first, values.tolist()) == (1, [[128, 64], [128, 0]])
        engine.run(1)
        assert np.column_stack(engine.take_spikes()).tolist() == [[3, 1]]
        first, values = engine.take_potentials()
        assert (first, values.tolist()) == (3, [[0, 0]])
        first, values = engine.take_potentials()
        assert (first, values.shape) == (4, (0, 2))


@pytest.mark.parametrize("name", ["emulator", "fast", "stock"])
def test_networks_without_synapses_inputs_compartments_or_records_run(name):
    for network in (
        DiscreteNetwork(0, (), ()),
        DiscreteNetwork(3, (), ()),
        of_cells(2, n_inputs=0, threshold=10, bias_mantissa=ints(0, 2000)),
    ):
        n = network.n_compartments
        with running(name, network, np.arange(n)) as engine:
            engine.run(3)
            assert np.column_stack(engine.take_spikes()).tolist() == [[t, 1] for t in (1, 2, 3) if n]
        with running(name, network) as engine:
            engine.run(3)
            assert len(engine.take_spikes()[0]) == 0


WRONG_CALLS = {
    "a past step": (lambda e: e.set_spikes(ints(4), ints(0)), "holds 4 but step 4 is the last"),
    "no such input": (lambda e: e.set_spikes(ints(9), ints(2)), "inputs holds 2"),
    "twice": (lambda e: e.set_spikes(ints(9, 8, 9), ints(1, 1, 1)), "input 1 has two spikes in step 9"),
    "half a step": (lambda e: e.set_spikes(np.array([9.5]), ints(0)), "steps is of type float64"),
    "shapes": (lambda e: e.set_spikes(ints(9, 10), ints(0)), r"shape \(2,\) and inputs \(1,\)"),
    "negative": (lambda e: e.run(-1), "steps is -1"),
    "half a run": (lambda e: e.run(1.5), "steps is 1.5"),
    "no such synapses": (lambda e: e.weights(1), "synapses is 1"),
    "one weight": (lambda e: e.set_weights(0, ints(1)), r"weight has shape \(1,\)"),
    "a large weight": (lambda e: e.set_weights(0, ints(1, 2**15)), "weight holds 32768"),
    "no such value": (lambda e: e.set_compartments(0, "w", np.zeros(2, int)), "name is 'w'"),
    "no such group": (lambda e: e.set_compartments(1, "v", np.zeros(2, int)), "group is 1"),
    "one value": (lambda e: e.set_compartments(0, "v", np.zeros(1, int)), r"v has shape \(1,\)"),
    "no such place": (lambda e: e.set_compartments(0, "v", np.zeros(1, int), ints(2)), "places holds 2"),
    "a large v": (lambda e: e.set_compartments(0, "v", ints(0, 2**23)), "v holds 8388608"),
}


@pytest.mark.parametrize("wrong", WRONG_CALLS)
def test_wrong_calls_are_refused_and_change_nothing(wrong, pair):
    call, message = WRONG_CALLS[wrong]
    with running("fast", pair, [0, 1]) as engine:
        engine.set_spikes(ints(5), ints(0))
        engine.run(4)
        with pytest.raises(InputError, match=message):
            call(engine)
        engine.run(3)
        assert np.column_stack(engine.take_spikes()).tolist() == [[6, 0]]


@pytest.mark.parametrize("name", ["emulator", "fast", "stock"])
def test_an_inconsistent_network_is_refused(name, pair):
    (synapses,) = pair.synapses
    with pytest.raises(InputError, match="projection: post holds 2 but must lie within 0 and 1"):
        make_engine(name, replace(pair, synapses=(replace(synapses, post=ints(0, 2)),)), ints(), ints())


def test_records_of_what_is_not_there_are_refused(pair):
    for spikes, potentials, message in (
        ([2], [], "spikes holds 2"),
        ([], [-1], "potentials holds -1"),
        ([1, 1], [], "spikes names a compartment twice"),
    ):
        with pytest.raises(InputError, match=message):
            make_engine("fast", pair, np.array(spikes, int), np.array(potentials, int))


def test_a_closed_engine_says_so_but_hands_out_what_it_had(pair):
    with running("fast", pair, [0], [0]) as engine:
        engine.set_spikes(ints(1), ints(0))
        engine.run(3)
        engine.close()
        engine.close()
        for call in (
            lambda: engine.run(1),
            lambda: engine.weights(0),
            lambda: engine.set_spikes(ints(), ints()),
            lambda: engine.set_weights(0, ints(1, 1)),
            lambda: engine.set_compartments(0, "v", np.zeros(2, int)),
        ):
            with pytest.raises(PlatformError, match="this network has ended"):
                call()
        assert np.column_stack(engine.take_spikes()).tolist() == [[2, 0]]
        assert engine.take_potentials()[1].shape == (3, 1)


# --- what stock Lava can't express


def refused_by_stock() -> dict[str, tuple[DiscreteNetwork, str]]:
    rule = Rule(3, 2, 254)
    block = connected([0, 0, 1, 1], [0, 1, 0, 1], [2, 4, 6, 8], from_input=True, rule=rule)
    changed = {
        "a pair missing": (
            replace(block, pre=block.pre[:3], post=block.post[:3], weight=block.weight[:3], delay=block.delay[:3]),
            "connects 3 of 4 pairs",
        ),
        "a pair twice": (replace(block, post=ints(0, 0, 0, 1)), "pairs"),
        "delays": (replace(block, delay=ints(0, 0, 1, 0)), "is plastic and has delays"),
        "odd weights": (replace(block, weight=ints(2, 3, 4, 5)), "the weight 3 can't be held"),
        "a step beyond a bound": (replace(block, rule=replace(rule, eta=4)), "steps of eta = 4 don't meet the bounds"),
        "a weight beyond a bound": (replace(block, rule=replace(rule, w_max=6)), "from the weight 8"),
        "a reinforcement neuron that learns": (replace(block, rule=replace(rule, reinforcement=1)), "needs copies"),
        "large static weights": (replace(block, rule=None, weight=np.full(4, 256)), "the weight 256 can't be held"),
        "odd weights of both signs": (replace(block, rule=None, weight=ints(1, -1, 3, 5)), "the weight 1 can't"),
        "long delays": (replace(block, rule=None, delay=np.full(4, 64)), "delays go up to 63"),
    }
    return {name: (of_cells(4, synapses, n_inputs=2), message) for name, (synapses, message) in changed.items()}


@pytest.mark.parametrize("reason", refused_by_stock())
def test_the_stock_engine_refuses_what_the_fast_one_runs(reason):
    network, message = refused_by_stock()[reason]
    with pytest.raises(PlatformError, match=message):
        make_engine("stock", network, ints(), ints())
    with running("fast", network) as engine:
        engine.run(1)
