"""Lava's two engines against each other and against Loihi's arithmetic in plain numpy."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from engines import running
from scenarios.discrete_networks import assert_same, random_network, try_engine
from scenarios.loihi import cells, connected, ints, of_cells
from scenarios.numpy_engine import NumpyEngine
from simulators import skip_without_lava

from hardware.lava.engines.registry import make_engine
from hardware.lava.translation.network import DiscreteNetwork, Rule

skip_without_lava()


def test_without_bounds_in_the_rule_stock_lava_stops_elsewhere():
    """Why the stock engine's rule is longer than the published one."""
    with running("stock", DiscreteNetwork(0, (), ())):  # imports Lava
        from hardware.lava.engines.runtime import LavaRun

        made: dict[str, Any] = {}
        processes = LavaRun(lambda: plain_rule(made))
        try:
            processes.run(10)
            assert made["synapses"].weights.get().tolist() == [[-256, -256, 234]]
            processes.run(300)
            assert set(made["synapses"].weights.get().ravel()) <= {253, 254}
        finally:
            processes.close()


def plain_rule(made: dict[str, Any]) -> list[Any]:
    """Three synapses that learn in every step: ten depressions from -252, -254 and 254, then potentiations."""
    from lava.magma.core.learning.learning_rule import Loihi3FLearningRule
    from lava.proc.dense.process import LearningDense
    from lava.proc.io.source import RingBuffer
    from lava.utils.weightutils import SignMode

    rule = Loihi3FLearningRule(dw="4*x0*y0*y1 - 2*x0*y0", t_epoch=1, rng_seed=1)
    rule.y1_tau = 2**60
    weights = np.array([[-252, -254, 254]])
    synapses = made["synapses"] = LearningDense(weights=weights, learning_rule=rule, sign_mode=SignMode.MIXED)
    pre, post = (RingBuffer(data=np.ones((n, 1000), int)) for n in (3, 1))
    reward = RingBuffer(data=(np.arange(1000) >= 10).astype(int)[np.newaxis])
    for sender, port in ((pre, synapses.s_in), (post, synapses.s_in_bap), (reward, synapses.s_in_y1)):
        sender.s_out.connect(port)
    return [synapses, pre, post, reward]


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("horizon", [4096, 7])
def test_the_fast_engine_equals_plain_numpy_on_random_networks(seed, horizon, monkeypatch):
    from hardware.lava.engines import fast

    monkeypatch.setattr(fast, "LONGEST_BLOCK", horizon)
    network = random_network(seed, stock=seed % 2 == 0)
    generator = np.random.default_rng(seed)
    spikes, potentials = (generator.permutation(network.n_compartments)[:n] for n in (20, 9))
    runs = (30, 70, 1, 40)
    expected = try_engine(NumpyEngine(network, np.sort(spikes), potentials), network, seed, runs)
    with running("fast", network, spikes, potentials) as engine:
        assert_same(expected, try_engine(engine, network, seed, runs))


@pytest.mark.slow
def test_the_stock_engine_equals_plain_numpy_on_a_random_network():
    network = random_network(1)
    spikes, potentials = np.array([3, 20, 1, 25, 12, 14, 29]), np.array([25, 0, 13])
    expected = try_engine(NumpyEngine(network, np.sort(spikes), potentials), network, 1, (12, 6), change=False)
    with running("stock", network, spikes, potentials) as engine:
        assert_same(expected, try_engine(engine, network, 1, (12, 6), change=False))


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(2))
def test_the_stock_engine_takes_every_change_between_runs(seed):
    network = random_network(seed)
    everything = np.arange(network.n_compartments)
    runs = (12, 20, 1, 9)
    expected = try_engine(NumpyEngine(network, everything, everything), network, seed, runs)
    with running("stock", network, everything, everything) as engine:
        assert_same(expected, try_engine(engine, network, seed, runs))


@pytest.mark.parametrize("name", ["emulator", "fast", pytest.param("stock", marks=pytest.mark.slow)])
def test_currents_wrap_round_and_potentials_are_clipped_as_on_the_chip(name):
    """Currents beyond 2**23 in both directions, in one step and over several, with and without memory."""
    n = 4
    groups = (
        cells(2, threshold=ints(2**17, 1000)),  # v never reaches 2**17
        cells(2, 2, du=0, dv=0, threshold=ints(2**17, 90_000)),
    )
    targets = np.arange(n)
    largest = {"exponent": 7, "from_input": True}
    synapses = (
        connected(0, targets, 255, **largest),
        connected(1, targets, -255, **largest),
        *(connected(2, targets, 255, label=f"many {k}", **largest) for k in range(5)),
        *(connected(3, targets, -255, label=f"few {k}", **largest) for k in range(5)),
    )
    network = DiscreteNetwork(4, groups, synapses)
    generator = np.random.default_rng(3)
    steps, inputs = np.nonzero(generator.random((50, 4)) < 0.4)
    outcomes = []
    for make in (NumpyEngine, lambda *a: make_engine(name, *a)):
        engine = make(network, targets, targets)
        engine.set_spikes(steps + 1, inputs)
        engine.run(60)
        outcomes.append((*engine.take_spikes(), *engine.take_potentials()))
        engine.close()
    for expected, found in zip(*outcomes, strict=True):
        np.testing.assert_array_equal(expected, found)
    v = outcomes[0][3]
    assert (v == 2**23 - 1).any()
    assert (v == 1 - 2**23).any()
    assert len(outcomes[0][0]) > 10


@pytest.mark.parametrize("name", ["emulator", "fast", "stock"])
def test_a_weight_is_handed_on_as_it_was_before_its_own_change(name):
    """An input and its target fire together; what arrives a step later is the weight before, then after the change."""
    plastic = connected([0], [0], 40, from_input=True, rule=Rule(reinforcement=2, eta=2, w_max=254))
    network = of_cells(3, plastic, connected([1, 2], [0, 2], 200, from_input=True))
    with running(name, network, [0, 2], [0]) as engine:
        # The input fires with its target, 0 with the reinforcement neuron as well, 1 without, 2 alone.
        engine.set_spikes(np.array([3, 2, 2, 6, 5, 9]), np.array([0, 1, 2, 0, 1, 0]))
        engine.run(10)
        assert engine.weights(0) == [40]
        assert engine.take_potentials()[1].ravel().tolist() == [0, 0, 0, 40 * 64, 0, 0, 42 * 64, 0, 0, 40 * 64]
        assert np.column_stack(engine.take_spikes()).tolist() == [[3, 0], [3, 2], [6, 0]]


def test_a_large_network_runs_in_short_blocks_of_modest_memory():
    n = 200_000
    network = of_cells(n)
    with running("fast", network, np.arange(n), np.arange(n)) as engine:
        assert 1 <= engine.horizon < 30
        engine.run(2)
        assert engine.take_potentials()[1].shape == (2, n)
