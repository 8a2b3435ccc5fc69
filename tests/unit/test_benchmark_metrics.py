"""Counts that the benchmarks take from spikes and a circuit, against counts by hand and against the step simulator."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from benchmarks.measure import counts as metrics
from pynn_backprop.circuit.circuit import Circuit
from pynn_backprop.circuit.connectivity import AllToAll, Levels, OneToOne, Ring, UnitToUnit
from pynn_backprop.circuit.inference import inference_circuit
from pynn_backprop.circuit.parameters import Parameters
from pynn_backprop.circuit.parts import Population, Projection
from pynn_backprop.circuit.schedule import Schedule
from pynn_backprop.circuit.training import training_circuit
from pynn_backprop.codes.graded import Graded
from pynn_backprop.errors import InputError
from pynn_backprop.reference.steps import StepSimulator
from pynn_backprop.weights import initial_weights

LENGTH = Schedule(1).length


def population(name: str, size: int, role: str = "data", layer: int | None = 0) -> Population:
    return Population(name, size, role, layer, tuple(range(LENGTH)), 8192, 1024)


def tiny_circuit() -> Circuit:
    """Two neurons ``a``, each copied to one of two ``b`` after 2 steps; ``a`` to three ``c`` through plastic W1."""
    return Circuit(
        (2, 3),
        Schedule(1),
        Parameters(),
        (
            population("s", 1, "source"),
            population("a", 2),
            population("b", 2),
            population("c", 3, layer=1),
            population("r", 1, "reinforcement", None),
        ),
        (
            Projection("s", "a", AllToAll(), 1, 600),
            Projection("a", "b", OneToOne(), 2, 520),
            Projection("a", "c", AllToAll(), 1, None, "W1", plastic=True),
            Projection("a", "r", AllToAll(), 1, 9280),
        ),
    )


def spikes(**events: list[tuple[int, int]]) -> dict[str, np.ndarray]:
    """(step, neuron) by population."""
    return {name: np.array(found, np.int64).reshape(-1, 2) for name, found in events.items()}


WEIGHTS = {"W1": np.array([[0, 10, -10], [254, 0, 10]])}


def test_a_tiny_circuit_is_counted_as_by_hand():
    # Step 7: s fires and reaches both a.  Step 8: both a fire and reach b 0 and 1 (at 10), c 0 to 2 twice each
    # (at 9: 254, 10, 0), r twice (at 9).  In the same step c 2 fires, without r: W1[0, 2] and W1[1, 2] become 2 less.
    # Step 10: a 1 fires, and c 0 and r with it: W1[1, 0] stays at its bound.  It reaches b 1 (at 12), c (at 11: 254, 0,
    # 8), r (at 11).
    found = spikes(s=[(7, 0)], a=[(8, 0), (8, 1), (10, 1)], b=[], c=[(8, 2), (10, 0)], r=[(10, 0)])
    tally, weights = metrics.count(tiny_circuit(), WEIGHTS, found, 1)
    assert tally.synaptic_events == 2 + (2 + 6 + 2) + (1 + 3 + 1)
    assert tally.effective == 2 + (2 + 4 + 2) + (1 + 2 + 1)
    assert tally.plastic_updates == 2 + 1
    # Of the neurons that are reached, the weights of c 2 cancel at step 9, and that of c 1 is 0 at step 11.
    assert tally.active_updates == 2 + (3 + 1) + 2 + (3 + 1) + 1
    assert tally.membrane_updates == 2 + (2 + 1) + 2 + (2 + 1) + 1
    np.testing.assert_array_equal(weights["W1"], [[0, 10, -12], [254, 0, 8]])
    assert tally.spikes["a"].tolist() == [0, 2, 0, 1, 0, 0, 0]


def test_the_row_of_the_tiny_circuit_is_as_by_hand():
    circuit = tiny_circuit()
    found = spikes(s=[(7, 0)], a=[(8, 0), (8, 1), (10, 1)], b=[], c=[(8, 2), (10, 0)], r=[(10, 0)])
    tally, weights = metrics.count(circuit, WEIGHTS, found, 2)
    counts = metrics.counts_per_sample(circuit, tally)
    assert counts["spikes_per_sample"] == {"s": 0.5, "a": 1.5, "b": 0.0, "c": 1.0, "r": 0.5}
    assert counts["spikes_by_layer"] == {"0": 1.5, "1": 1.0, "gates": 0.5}
    assert counts["all_spikes_per_sample"] == 3.0
    assert (counts["neurons"], counts["synapses"], counts["plastic_synapses"]) == (8, 12, 6)
    assert (counts["neuron_updates_per_sample"], counts["learning_sweeps_per_sample"]) == (8 * 7, 6 * 7)
    assert (counts["steps_per_sample"], counts["latency_steps"]) == (7, 2)
    found_metrics = metrics.neurobench(circuit, tally, weights)
    assert found_metrics == {
        "Footprint": 12 + 4 * 8,
        "ConnectionSparsity": 2 / 12,
        "ActivationSparsity": pytest.approx(1 - 6 / (8 * 7 * 2)),
        "SynapticOperations": {"Effective_ACs": 14 / 2, "Effective_MACs": 0.0, "Dense": 12 * 7},
        "MembraneUpdates": 11 / 2,
    }


@pytest.mark.parametrize("sizes", [(6, 4), (12, 9, 4)])
def test_the_spikes_of_the_step_simulator_explain_its_weights(sizes):
    circuit, weights = training_circuit(sizes), initial_weights(sizes, 1)
    generator = np.random.default_rng(1)
    x, labels = generator.random((30, sizes[0])) < 0.4, generator.integers(0, sizes[-1], 30)
    simulator = StepSimulator(circuit, weights)
    simulator.train(x, labels)
    tally, explained = metrics.count(circuit, weights, simulator.take_spikes(), 30)
    for name, matrix in simulator.weights().items():
        assert np.any(matrix != weights[name])
        np.testing.assert_array_equal(explained[name], matrix)
    changed = sum(int(np.sum(explained[name] != weights[name])) for name in weights)
    assert tally.plastic_updates >= changed


def test_two_stretches_count_as_one():
    sizes = (12, 9, 4)
    circuit, weights = training_circuit(sizes), initial_weights(sizes, 1)
    generator = np.random.default_rng(2)
    x, labels = generator.random((10, 12)) < 0.4, generator.integers(0, 4, 10)
    whole, first, second = (StepSimulator(circuit, weights) for _ in range(3))
    whole.train(x, labels)
    together, _ = metrics.count(circuit, weights, whole.take_spikes(), 10)
    first.train(x[:6], labels[:6])
    one, between = metrics.count(circuit, weights, first.take_spikes(), 6)
    second = StepSimulator(circuit, between)
    second.train(x[6:], labels[6:])
    sum_of_both = one + metrics.count(circuit, between, second.take_spikes(), 4)[0]
    for name in ("samples", "synaptic_events", "effective", "plastic_updates", "membrane_updates", "active_updates"):
        assert getattr(sum_of_both, name) == getattr(together, name), name
    for name, phases in together.spikes.items():
        np.testing.assert_array_equal(sum_of_both.spikes[name], phases)


def test_the_published_circuit_has_the_published_size():
    circuit = inference_circuit((400, 400, 10))
    weights = {"W1": np.ones((400, 400), int), "W2": np.ones((400, 10), int)}
    simulator = StepSimulator(circuit, weights)
    simulator.infer(np.ones((1, 400), bool))
    tally, _ = metrics.count(circuit, weights, simulator.take_spikes(), 1)
    counts = metrics.counts_per_sample(circuit, tally)
    assert (counts["neurons"], counts["synapses"], counts["plastic_synapses"]) == (814, 165_215, 0)
    # No drive passes theta/2 = 512: 400 inputs reach 400 x, which reach 400 h each; four gates open x, h and o and one
    # another.
    assert counts["synaptic_events_per_sample"] == 400 + 400 * 400 + (400 + 400 + 10) + 4


def test_counting_wants_every_population():
    found = spikes(s=[], a=[], b=[], c=[])
    with pytest.raises(InputError, match="lacks the populations r"):
        metrics.count(tiny_circuit(), WEIGHTS, found, 1)


def test_spikes_of_more_samples_than_said_are_refused():
    found = spikes(s=[(7, 0), (14, 0)], a=[], b=[], c=[], r=[])
    with pytest.raises(InputError, match="samples is 1 but the spikes reach to step 14"):
        metrics.count(tiny_circuit(), WEIGHTS, found, 1)


@pytest.mark.parametrize("units", [(3, 2), (3, 4, 1)])
@pytest.mark.parametrize("code", [Graded(4), Graded(4, "fixed"), Graded(4, "noise")], ids=lambda code: code.name)
def test_the_spikes_of_graded_units_explain_their_weights_too(units, code):
    circuit, weights = training_circuit(units, code=code), initial_weights(units, 1, code=code)
    generator = np.random.default_rng(1)
    x, targets = code.fire(generator.random((40, units[0]))), code.fire(generator.random((40, units[-1])))
    simulator = StepSimulator(circuit, weights)
    simulator.train(x, targets)
    recorded = simulator.take_spikes()
    tally, explained = metrics.count(circuit, weights, recorded, 40)
    for name, matrix in simulator.weights().items():
        assert np.any(matrix != weights[name])
        np.testing.assert_array_equal(explained[name], matrix)
    # Spike by spike: every synapse that leaves its neuron.
    assert tally.synaptic_events == sum(
        len(recorded[p.pre]) * (circuit.synapses(p) // circuit[p.pre].size) for p in circuit.projections
    )


def test_unit_ring_and_levels_are_counted_as_by_hand():
    code = Graded(2)
    levels = Levels(n=2, units=1, step=1, base=10, slope=10)
    circuit = replace(
        tiny_circuit(),
        code=code,
        projections=(
            Projection("a", "b", UnitToUnit(2), 1, 5),
            Projection("a", "a", Ring(), 1, 7),
            Projection("b", "a", levels, 1),
            *(p for p in tiny_circuit().projections if p.matrix),
        ),
    )
    # Step 7: a 1 reaches both b, a 0 (the ring goes round) and c 0 to 2 (254, 0, 10).  Step 8: b 0 has the levels 0 and
    # 1 for a 0 and a 1, so the weights 10 and 0.
    tally, _ = metrics.count(circuit, WEIGHTS, spikes(s=[], a=[(7, 1)], b=[(8, 0)], c=[], r=[]), 1)
    assert (tally.synaptic_events, tally.effective) == (2 + 1 + 3 + 2, 2 + 1 + 2 + 1)
    assert (tally.active_updates, tally.membrane_updates) == (2 + 1 + 3 + 2, 2 + 1 + 2 + 1)
