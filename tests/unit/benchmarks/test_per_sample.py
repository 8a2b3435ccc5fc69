"""What a row says of a tally: counts of one sample, and NeuroBench's metrics."""

from __future__ import annotations

import numpy as np
import pytest
from tiny_circuit import WEIGHTS, spikes, tiny_circuit

from benchmarks.measure.counts import Tally, count
from benchmarks.measure.per_sample import counts_per_sample, neurobench
from pynn_backprop.circuit.inference import inference_circuit
from pynn_backprop.circuit.training import training_circuit
from pynn_backprop.reference.steps import StepSimulator


def test_the_row_of_the_tiny_circuit_is_as_by_hand():
    circuit = tiny_circuit()
    found = spikes(s=[(7, 0)], a=[(8, 0), (8, 1), (10, 1)], b=[], c=[(8, 2), (10, 0)], r=[(10, 0)])
    tally, weights = count(circuit, WEIGHTS, found, 2)
    counts = counts_per_sample(circuit, tally)
    assert counts == {
        "spikes_per_sample": {"s": 0.5, "a": 1.5, "b": 0.0, "c": 1.0, "r": 0.5},
        "spikes_by_phase": {
            "s": [0.5, 0, 0, 0, 0, 0, 0],
            "a": [0, 1, 0, 0.5, 0, 0, 0],
            "b": [0, 0, 0, 0, 0, 0, 0],
            "c": [0, 0.5, 0, 0.5, 0, 0, 0],
            "r": [0, 0, 0, 0.5, 0, 0, 0],
        },
        "spikes_by_layer": {"0": 1.5, "1": 1.0, "gates": 0.5},
        # Those of s, which is a source, are not in the sum.
        "all_spikes_per_sample": 3.0,
        "synaptic_events_per_sample": 17 / 2,
        "plastic_updates_per_sample": 3 / 2,
        "membrane_updates_per_sample": 11 / 2,
        "active_updates_per_sample": 13 / 2,
        "neuron_updates_per_sample": 8 * 7,
        "learning_sweeps_per_sample": 6 * 7,
        "steps_per_sample": 7,
        "latency_steps": 2,
        "neurons": 8,
        "synapses": 12,
        "plastic_synapses": 6,
        "counted_samples": 2,
    }
    found_metrics = neurobench(circuit, tally, weights)
    assert found_metrics == {
        "Footprint": 12 + 4 * 8,
        "ConnectionSparsity": 2 / 12,
        "ActivationSparsity": pytest.approx(1 - 6 / (8 * 7 * 2)),
        "SynapticOperations": {"Effective_ACs": 14 / 2, "Effective_MACs": 0.0, "Dense": 12 * 7},
        "MembraneUpdates": 11 / 2,
    }


def test_the_published_circuit_has_the_published_size():
    circuit = inference_circuit((400, 400, 10))
    weights = {"W1": np.ones((400, 400), int), "W2": np.ones((400, 10), int)}
    simulator = StepSimulator(circuit, weights)
    simulator.infer(np.ones((1, 400), bool))
    tally, _ = count(circuit, weights, simulator.take_spikes(), 1)
    counts = counts_per_sample(circuit, tally)
    assert (counts["neurons"], counts["synapses"], counts["plastic_synapses"]) == (814, 165_215, 0)
    # No drive passes theta/2 = 512: 400 inputs reach 400 x, which reach 400 h each; four gates open x, h and o and one
    # another.
    assert counts["synaptic_events_per_sample"] == 400 + 400 * 400 + (400 + 400 + 10) + 4


def test_a_weight_of_0_is_one_synapse_less_in_every_copy_of_its_matrix():
    circuit = training_circuit((3, 2, 1), form="published")
    silent = Tally(1, {population.name: np.zeros(12, int) for population in circuit.populations}, 0, 0, 0, 0, 0)
    weights = {"W1": np.array([[0, 2], [2, 0], [2, 0]]), "W2": np.array([[0], [4]])}
    size = circuit.count()
    # W1 leads to h, h_low and h_high; W2 to o, o_low and o_high, and transposed from o and from oT- to hT.
    assert neurobench(circuit, silent, weights)["ConnectionSparsity"] == (3 * 3 + 5 * 1) / (
        size.synapses + size.reinforcement_synapses
    )
    assert neurobench(circuit, silent, weights)["ActivationSparsity"] == 1.0


def test_the_reinforcement_neuron_and_its_synapses_are_part_of_the_network():
    circuit = training_circuit((3, 2, 1), form="published")
    silent = Tally(1, {population.name: np.zeros(12, int) for population in circuit.populations}, 0, 0, 0, 0, 0)
    size, counts = circuit.count(), counts_per_sample(circuit, silent)
    assert (size.reinforcement_neurons, size.reinforcement_synapses) == (1, 2)
    assert counts["neurons"] == size.neurons + 1
    assert counts["synapses"] == size.synapses + 2
    assert counts["neuron_updates_per_sample"] == 12 * (size.neurons + 1)
    found = neurobench(circuit, silent, {"W1": np.ones((3, 2), int), "W2": np.ones((2, 1), int)})
    assert found["Footprint"] == size.synapses + 2 + 4 * (size.neurons + 1)
    assert found["SynapticOperations"]["Dense"] == 12 * (size.synapses + 2)
