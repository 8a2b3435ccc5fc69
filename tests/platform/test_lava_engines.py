"""Lava's two engines against each other, the oracle, the step simulator and Loihi's arithmetic in plain numpy."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from numpy_engine import NumpyEngine
from scenarios.cases import Case, image_case, random_case
from scenarios.discrete_circuit import DiscreteRunner
from scenarios.discrete_networks import assert_same, random_network, try_engine

from hardware.lava.engines import Engine, make_engine, require_lava
from hardware.lava.translation.network import Compartments, DiscreteNetwork, Rule, Synapses
from pynn_backprop.circuit.training import training_circuit
from pynn_backprop.errors import InputError, PlatformError
from pynn_backprop.reference.rule import Rule as IntegerRule
from pynn_backprop.reference.steps import StepSimulator
from pynn_backprop.weights import check_copies, signed_copy

try:
    require_lava()
except PlatformError as error:
    pytest.skip(str(error), allow_module_level=True)

NOTHING = np.zeros(0, int)
CASES = {
    "two matrices": random_case((30, 20, 4), 200),
    "two matrices, low threshold": random_case((30, 20, 4), 200, seed=1, theta=256),
    "one matrix": random_case((30, 4), 200),
}


@contextmanager
def running(name: str, network: DiscreteNetwork, spikes: Any = NOTHING, potentials: Any = NOTHING) -> Iterator[Engine]:
    engine = make_engine(name, network, np.asarray(spikes), np.asarray(potentials))
    try:
        yield engine
    finally:
        engine.close()


def train(engine: str, case: Case, n_chunks: int, record: list[str] | None = None) -> DiscreteRunner:
    running = DiscreteRunner(engine, training_circuit(case.layer_sizes, case.parameters), case.weights, record)
    try:
        for x, labels in case.chunks(n_chunks):
            running.train(x, labels)
    except BaseException:
        running.close()
        raise
    return running


def neuron(threshold: int = 10, n: int = 1, **values: Any) -> Compartments:
    parameters = {"du": 4095, "dv": 4096, "bias_mantissa": np.zeros(n, int), "bias_exponent": np.zeros(n, int)}
    return Compartments("cells", 0, n, threshold=np.full(n, threshold), **{**parameters, **values})


def projection(pre: Any, post: Any, weight: Any, from_input: bool = True, **values: Any) -> Synapses:
    pre, post, weight = np.broadcast_arrays(pre, post, weight)
    parameters = {"label": "projection", "exponent": 0, "delay": np.zeros(len(pre), int)}
    return Synapses(from_input=from_input, pre=pre, post=post, weight=weight, **{**parameters, **values})


# --- equality


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_the_fast_engine_equals_the_step_simulator_in_every_spike_and_weight(case):
    circuit = training_circuit(case.layer_sizes, case.parameters)
    names = [population.name for population in circuit.simulated]
    running, expected = train("fast", case, 3), StepSimulator(circuit, case.weights, names)
    with running.engine_closed():
        expected.train(case.x, case.labels)
        spikes, found = expected.take_spikes(), running.take_spikes()
        assert sum(map(len, spikes.values())) > 1_000
        for name in names:
            in_samples = found[name][:, 0] >= circuit.schedule.length  # before, the ring starts
            np.testing.assert_array_equal(found[name][in_samples], spikes[name], err_msg=name)
        for label, weights in expected.copies().items():
            np.testing.assert_array_equal(running.copies()[label], weights, err_msg=label)


def test_the_fast_engine_equals_the_oracle_over_2_000_images(images):
    case = image_case(*images)
    assert len(case.x) == 2_000
    oracle = IntegerRule(case.weights)
    response = oracle.train(case.x, case.labels)
    circuit = training_circuit(case.layer_sizes)
    running = train("fast", case, 4, record=["o"])
    with running.engine_closed():
        copies = running.copies()
        check_copies(circuit, copies)
        for p in circuit.projections:
            if p.matrix:
                expected = signed_copy(oracle.weights()[p.matrix], p.sign, p.transpose)
                np.testing.assert_array_equal(copies[p.label], expected, err_msg=p.label)
        sample, phase = np.divmod(running.take_spikes()["o"][:, 0] - circuit.schedule.length, circuit.schedule.length)
        fired = np.bincount(sample[phase == circuit.schedule.output], minlength=2_000)
        np.testing.assert_array_equal(fired, response.outputs.sum(axis=1))
    assert any((oracle.weights()[name] != case.weights[name]).sum() > 1_000 for name in case.weights)


def test_both_engines_learn_the_same_when_weights_reach_their_bounds():
    generator = np.random.default_rng(3)
    case = random_case((30, 20, 4), 20, seed=3, density=0.4, theta=256)
    # Lava holds only even weights; half of them start at a bound.
    weights = {name: w // 2 * 2 for name, w in case.weights.items()}
    for w in weights.values():
        bound = generator.random(w.shape) < 0.5
        w[bound] = np.where(w[bound] > 0, 254, -254)
    case = replace(case, weights=weights)
    circuit = training_circuit(case.layer_sizes, case.parameters)
    free = StepSimulator(training_circuit(case.layer_sizes, replace(case.parameters, w_max=1_000)), weights)
    free.train(case.x, case.labels)
    assert all((free.weights()[name] > 254).any() for name in weights)
    assert all((free.weights()[name] < -254).any() for name in weights)

    spikes, copies = [], []
    for engine in ("fast", "stock"):
        running = train(engine, case, 1)
        with running.engine_closed():
            spikes.append(running.take_spikes())
            copies.append(running.copies())
    for name in spikes[0]:
        np.testing.assert_array_equal(spikes[0][name], spikes[1][name], err_msg=name)
    for label in copies[0]:
        np.testing.assert_array_equal(copies[0][label], copies[1][label], err_msg=label)
    check_copies(circuit, copies[1])


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


def test_the_stock_engine_equals_plain_numpy_on_a_random_network():
    network = random_network(1)
    spikes, potentials = np.array([3, 20, 1, 25, 12, 14, 29]), np.array([25, 0, 13])
    expected = try_engine(NumpyEngine(network, np.sort(spikes), potentials), network, 1, (20, 12), change=False)
    with running("stock", network, spikes, potentials) as engine:
        assert_same(expected, try_engine(engine, network, 1, (20, 12), change=False))


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(2))
def test_the_stock_engine_takes_every_change_between_runs(seed):
    network = random_network(seed)
    everything = np.arange(network.n_compartments)
    runs = (12, 20, 1, 9)
    expected = try_engine(NumpyEngine(network, everything, everything), network, seed, runs)
    with running("stock", network, everything, everything) as engine:
        assert_same(expected, try_engine(engine, network, seed, runs))


@pytest.mark.parametrize("name", ["fast", "stock"])
def test_currents_wrap_round_and_potentials_are_clipped_as_on_the_chip(name):
    """Currents beyond 2**23 in both directions, in one step and over several, with and without memory."""
    n = 4
    groups = (
        replace(neuron(n=2), threshold=np.array([2**17, 1000])),  # v never reaches 2**17
        replace(neuron(n=2, du=0, dv=0), first=2, threshold=np.array([2**17, 90_000])),
    )
    targets = np.arange(n)
    synapses = (
        projection(np.zeros(n, int), targets, 255, exponent=7),
        projection(np.full(n, 1), targets, -255, exponent=7),
        *(projection(np.full(n, 2), targets, 255, exponent=7, label=f"many {k}") for k in range(5)),
        *(projection(np.full(n, 3), targets, -255, exponent=7, label=f"few {k}") for k in range(5)),
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


@pytest.mark.parametrize("name", ["fast", "stock"])
def test_a_weight_is_handed_on_as_it_was_before_its_own_change(name):
    """An input and its target fire together; what arrives a step later is the weight before, then after the change."""
    group = neuron(n=3, threshold=100)
    rule = Rule(reinforcement=2, eta=2, w_max=254)
    plastic = projection([0], [0], [40], rule=rule)
    drive = projection([1, 2], [0, 2], [200, 200])
    network = DiscreteNetwork(3, (group,), (plastic, drive))
    with running(name, network, [0, 2], [0]) as engine:
        # The input fires with its target, 0 with the reinforcement neuron as well, 1 without, 2 alone.
        engine.set_spikes(np.array([3, 2, 2, 6, 5, 9]), np.array([0, 1, 2, 0, 1, 0]))
        engine.run(10)
        assert engine.weights(0) == [40]
        assert engine.take_potentials()[1].ravel().tolist() == [0, 0, 0, 40 * 64, 0, 0, 42 * 64, 0, 0, 40 * 64]
        assert np.column_stack(engine.take_spikes()).tolist() == [[3, 0], [3, 2], [6, 0]]


# --- what Engine promises


@pytest.fixture
def pair() -> DiscreteNetwork:
    """Two inputs, two neurons, one to one."""
    return DiscreteNetwork(2, (neuron(n=2),), (projection([0, 1], [0, 1], [20, 20]),))


@pytest.mark.parametrize("name", ["fast", "stock"])
def test_spikes_ahead_can_be_replaced_and_past_ones_stay(name, pair):
    with running(name, pair, [1, 0]) as engine:
        engine.set_spikes(np.array([8, 1, 3, 100]), np.array([1, 0, 1, 0]))
        engine.run(3)
        engine.run(0)
        engine.set_spikes(np.array([5, 5]), np.array([1, 0]))
        engine.run(7)
        engine.run(100)
        assert np.column_stack(engine.take_spikes()).tolist() == [[2, 0], [4, 1], [6, 0], [6, 1]]
        assert [len(each) for each in engine.take_spikes()] == [0, 0]


def test_only_what_is_recorded_is_handed_out_in_the_order_asked_for(pair):
    pair = replace(pair, compartments=(replace(neuron(n=2), bias_mantissa=np.array([64, 128])),))
    with running("fast", pair, [1], [1, 0]) as engine:
        engine.set_spikes(np.array([1, 2, 2]), np.array([0, 0, 1]))
        engine.run(2)
        first, values = engine.take_potentials()
        assert (first, values.tolist()) == (1, [[128, 64], [128, 0]])
        engine.run(1)
        assert np.column_stack(engine.take_spikes()).tolist() == [[3, 1]]
        first, values = engine.take_potentials()
        assert (first, values.tolist()) == (3, [[0, 0]])
        first, values = engine.take_potentials()
        assert (first, values.shape) == (4, (0, 2))


@pytest.mark.parametrize("name", ["fast", "stock"])
def test_networks_without_synapses_inputs_compartments_or_records_run(name):
    for network in (
        DiscreteNetwork(0, (), ()),
        DiscreteNetwork(3, (), ()),
        DiscreteNetwork(0, (neuron(n=2, bias_mantissa=np.array([0, 2000])),), ()),
    ):
        n = network.n_compartments
        with running(name, network, np.arange(n)) as engine:
            engine.run(3)
            assert np.column_stack(engine.take_spikes()).tolist() == [[t, 1] for t in (1, 2, 3) if n]
        with running(name, network) as engine:
            engine.run(3)
            assert len(engine.take_spikes()[0]) == 0


WRONG_CALLS = {
    "a past step": (lambda e: e.set_spikes(np.array([4]), np.array([0])), "holds 4 but step 4 is the last"),
    "no such input": (lambda e: e.set_spikes(np.array([9]), np.array([2])), "inputs holds 2"),
    "twice": (lambda e: e.set_spikes(np.array([9, 8, 9]), np.array([1, 1, 1])), "input 1 has two spikes in step 9"),
    "half a step": (lambda e: e.set_spikes(np.array([9.5]), np.array([0])), "steps is of type float64"),
    "shapes": (lambda e: e.set_spikes(np.array([9, 10]), np.array([0])), r"shape \(2,\) and inputs \(1,\)"),
    "negative": (lambda e: e.run(-1), "steps is -1"),
    "half a run": (lambda e: e.run(1.5), "steps is 1.5"),
    "no such synapses": (lambda e: e.weights(1), "synapses is 1"),
    "one weight": (lambda e: e.set_weights(0, np.array([1])), r"weight has shape \(1,\)"),
    "a large weight": (lambda e: e.set_weights(0, np.array([1, 2**15])), "weight holds 32768"),
    "no such value": (lambda e: e.set_compartments(0, "w", np.zeros(2, int)), "name is 'w'"),
    "no such group": (lambda e: e.set_compartments(1, "v", np.zeros(2, int)), "group is 1"),
    "one value": (lambda e: e.set_compartments(0, "v", np.zeros(1, int)), r"v has shape \(1,\)"),
    "no such place": (lambda e: e.set_compartments(0, "v", np.zeros(1, int), np.array([2])), "places holds 2"),
    "a large v": (lambda e: e.set_compartments(0, "v", np.array([0, 2**23])), "v holds 8388608"),
}


@pytest.mark.parametrize("wrong", WRONG_CALLS)
def test_wrong_calls_are_refused_and_change_nothing(wrong, pair):
    call, message = WRONG_CALLS[wrong]
    with running("fast", pair, [0, 1]) as engine:
        engine.set_spikes(np.array([5]), np.array([0]))
        engine.run(4)
        with pytest.raises(InputError, match=message):
            call(engine)
        engine.run(3)
        assert np.column_stack(engine.take_spikes()).tolist() == [[6, 0]]


def wrong_networks() -> dict[str, tuple[DiscreteNetwork, str]]:
    good = projection([0, 1], [0, 1], [20, 20])
    rule = Rule(0, 2, 254)
    changed = {
        "pre": (replace(good, pre=np.array([0, 2])), "pre holds 2"),
        "post": (replace(good, post=np.array([-1, 1])), "post holds -1"),
        "delay": (replace(good, delay=np.array([-1, 1])), "delay holds -1"),
        "shape": (replace(good, weight=np.array([1])), "weight and pre have different shapes"),
        "exponent": (replace(good, exponent=8), "exponent is 8"),
        "bits below the unit": (replace(good, exponent=-2, weight=np.array([4, 6])), "6 but must be a multiple of 4"),
        "reinforcement": (replace(good, rule=replace(rule, reinforcement=2)), "reinforcement is 2"),
        "eta below the unit": (replace(good, exponent=-1, rule=replace(rule, eta=3)), "3 but must be a multiple of 2"),
    }
    networks = {
        name: (DiscreteNetwork(2, (neuron(n=2),), (synapses,)), message)
        for name, (synapses, message) in changed.items()
    }
    odd = replace(neuron(n=2), threshold=np.zeros(3, int))
    networks["threshold"] = DiscreteNetwork(2, (odd,), (good,)), r"threshold of cells has shape \(3,\)"
    return networks


@pytest.mark.parametrize("name", ["fast", "stock"])
@pytest.mark.parametrize("wrong", wrong_networks())
def test_an_inconsistent_network_is_refused(name, wrong):
    network, message = wrong_networks()[wrong]
    with pytest.raises(InputError, match=message):
        make_engine(name, network, NOTHING, NOTHING)


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
        engine.set_spikes(np.array([1]), np.array([0]))
        engine.run(3)
        engine.close()
        engine.close()
        for call in (
            lambda: engine.run(1),
            lambda: engine.weights(0),
            lambda: engine.set_spikes(NOTHING, NOTHING),
            lambda: engine.set_weights(0, np.array([1, 1])),
            lambda: engine.set_compartments(0, "v", np.zeros(2, int)),
        ):
            with pytest.raises(PlatformError, match="this network has ended"):
                call()
        assert np.column_stack(engine.take_spikes()).tolist() == [[2, 0]]
        assert engine.take_potentials()[1].shape == (3, 1)


def test_an_engine_that_does_not_exist_is_refused(pair):
    with pytest.raises(InputError, match="the engine is 'quick' but must be one of fast, stock"):
        make_engine("quick", pair, NOTHING, NOTHING)


def test_a_chip_is_refused_with_what_is_missing(pair):
    with pytest.raises(PlatformError, match=r"nothing can run on a Loihi chip here.*Missing: .*a Loihi board"):
        make_engine("loihi", pair, NOTHING, NOTHING)


# --- what stock Lava can't express


def refused_by_stock() -> dict[str, tuple[DiscreteNetwork, str]]:
    group, rule = neuron(n=4), Rule(3, 2, 254)
    block = projection([0, 0, 1, 1], [0, 1, 0, 1], [2, 4, 6, 8], rule=rule)
    changed = {
        "a pair missing": (
            replace(block, pre=block.pre[:3], post=block.post[:3], weight=block.weight[:3], delay=block.delay[:3]),
            "connects 3 of 4 pairs",
        ),
        "a pair twice": (replace(block, post=np.array([0, 0, 0, 1])), "pairs"),
        "delays": (replace(block, delay=np.array([0, 0, 1, 0])), "is plastic and has delays"),
        "odd weights": (replace(block, weight=np.array([2, 3, 4, 5])), "the weight 3 can't be held"),
        "a step beyond a bound": (replace(block, rule=replace(rule, eta=4)), "steps of eta = 4 don't meet the bounds"),
        "a weight beyond a bound": (replace(block, rule=replace(rule, w_max=6)), "from the weight 8"),
        "a reinforcement neuron that learns": (replace(block, rule=replace(rule, reinforcement=1)), "needs copies"),
        "large static weights": (replace(block, rule=None, weight=np.full(4, 256)), "the weight 256 can't be held"),
        "odd weights of both signs": (replace(block, rule=None, weight=np.array([1, -1, 3, 5])), "the weight 1 can't"),
        "long delays": (replace(block, rule=None, delay=np.full(4, 64)), "delays go up to 63"),
    }
    return {name: (DiscreteNetwork(2, (group,), (synapses,)), message) for name, (synapses, message) in changed.items()}


@pytest.mark.parametrize("reason", refused_by_stock())
def test_the_stock_engine_refuses_what_the_fast_one_runs(reason):
    network, message = refused_by_stock()[reason]
    with pytest.raises(PlatformError, match=message):
        make_engine("stock", network, NOTHING, NOTHING)
    with running("fast", network) as engine:
        engine.run(1)


# --- time and memory


def test_a_sample_takes_at_most_8_ms_and_the_start_2_s(images):
    """The best of several parts, since other programs may run on the machine."""
    case = image_case(*images)
    running = DiscreteRunner("fast", training_circuit(case.layer_sizes), case.weights, record=["o"])
    with running.engine_closed():
        start = time.perf_counter()
        running.engine.run(0)
        running.train(case.x[:1], case.labels[:1])
        assert time.perf_counter() - start < 2
        took = []
        for k in range(1, 401, 50):
            start = time.perf_counter()
            running.train(case.x[k : k + 50], case.labels[k : k + 50])
            took.append((time.perf_counter() - start) / 50)
        assert min(took) < 0.008


def test_a_large_network_runs_in_short_blocks_of_modest_memory():
    n = 200_000
    network = DiscreteNetwork(n, (neuron(n=n),), ())
    with running("fast", network, np.arange(n), np.arange(n)) as engine:
        assert 1 <= engine.horizon < 30
        engine.run(2)
        assert engine.take_potentials()[1].shape == (2, n)
