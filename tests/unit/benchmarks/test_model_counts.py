"""The counts of a sample that energy models ask for."""

from __future__ import annotations

import pytest
from mnist_counts import ANSWERED, MNIST, TRAINED

from benchmarks.measure.model_counts import COUNTS, Counts, counts_of_circuit, counts_of_row, messages
from benchmarks.rows import INFERENCE, TRAINING
from pynn_backprop.circuit.inference import inference_circuit
from pynn_backprop.circuit.training import training_circuit
from pynn_backprop.errors import InputError


@pytest.mark.parametrize("value", [-1, True, "3", float("nan"), float("inf")])
def test_a_count_that_is_no_count_is_refused(value):
    with pytest.raises(InputError, match=r"spikes is .* but must be a number of at least 0, or None"):
        Counts(spikes=value)


@pytest.mark.parametrize("name", COUNTS)
def test_every_count_may_be_nothing_or_not_known(name):
    assert getattr(Counts(**{name: 0}), name) == 0
    assert getattr(Counts(), name) is None


def test_counts_of_a_tiny_circuit_are_those_by_hand():
    circuit = inference_circuit((3, 2, 1))
    spikes = {"input": 2.0, "start": 0.5, "x": 2.0, "h": 1.0, "o": 1.0, "g0": 1.0, "g1": 1.0, "g2": 1.0, "g3": 1.0}
    known = {"spikes_per_sample": spikes, "synaptic_events_per_sample": 20.5}
    # 3 + 2 + 1 neurons and 4 gates, for 4 steps; no number of active updates is given, so all count as active.
    # Synapses: 3 from the input, 1 from the start, 3 x 2 and 2 x 1, gates to 3 x, 2 h, 1 o, and 4 in the ring.
    assert counts_of_circuit(circuit, known) == Counts(
        neuron_updates=40,
        active_updates=40,
        spikes=8,
        synaptic_events=20.5,
        plastic_updates=0,
        plastic_sweeps=0,
        # A message with each spike: of input, start, x and h to one core each, of each gate to the next one and, but
        # for that of phase 0, to its population.
        messages=2 + 0.5 + 2 + 1 + 4 + 3,
        dense_operations=4 * (3 + 1 + 6 + 2 + 6 + 4),
    )
    known |= {"active_updates_per_sample": 7.5, "plastic_updates_per_sample": 3}
    found = counts_of_circuit(circuit, known)
    assert (found.active_updates, found.plastic_updates) == (7.5, 3)


def test_reinforcement_is_counted_like_all_else():
    circuit = training_circuit((3, 1), form="published")
    found = counts_of_circuit(circuit, {"spikes_per_sample": {}, "synaptic_events_per_sample": 0})
    size, steps = circuit.count(), circuit.schedule.length
    assert found.neuron_updates == (size.neurons + 1) * steps
    assert found.dense_operations == (size.synapses + size.reinforcement_synapses) * steps
    assert size.reinforcement_synapses > 0
    # Copies of three weights: to o, o_low and o_high.
    assert found.plastic_sweeps == 9 * steps


@pytest.mark.parametrize(("of", "updates"), [(TRAINING, 3_283 * 12), (INFERENCE, 814 * 4)])
def test_the_counts_of_a_row_are_those_of_the_phase_that_is_asked_for(of, updates):
    found = counts_of_row(MNIST, of)
    spikes, sources = (TRAINED, ("input", "target")) if of == TRAINING else (ANSWERED, ("input",))
    assert found.neuron_updates == updates
    assert found.spikes == pytest.approx(sum(number for name, number in spikes.items() if name not in sources))
    assert found.synaptic_events == (368_518 if of == TRAINING else 38_086)
    assert counts_of_row(MNIST) == counts_of_row(MNIST, TRAINING)


def test_a_row_that_was_not_counted_has_no_counts():
    for counts in ({}, None, {"inference": None}, {"synaptic_events_per_sample": 3}):
        assert counts_of_row({**MNIST, "counts": counts}, TRAINING) is None
        assert counts_of_row({**MNIST, "counts": counts}, INFERENCE) is None
    with pytest.raises(InputError, match="of is 'test' but must be one of training, inference"):
        counts_of_row(MNIST, "test")


def test_a_spike_is_one_message_to_each_core_with_a_target():
    circuit = inference_circuit((3, 5, 1))
    assert messages(circuit, {"x": 2.0}, neurons_per_core=5) == 2
    assert messages(circuit, {"x": 2.0}, neurons_per_core=2) == 2 * 3  # 5 hidden neurons lie on 3 cores
    # An input reaches one neuron, and so one core, whatever the number of cores.
    assert messages(circuit, {"input": 2.0}, neurons_per_core=1) == 2
    # The gate before the hidden layer opens its 3 cores, and the next gate.
    assert messages(circuit, {"g1": 1.0}, neurons_per_core=2) == 3 + 1
    assert messages(circuit, {"x": 2.0}) == 2
    assert messages(inference_circuit((3, 42, 1)), {"x": 2.0}) == 2 * 2
