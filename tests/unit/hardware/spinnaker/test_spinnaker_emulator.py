"""The step of a core in integers, on cells and rows whose numbers can be reckoned by hand, and whole circuits."""

from __future__ import annotations

import logging
from dataclasses import replace

import numpy as np
import pytest
from spinnaker_networks import connections, network

from hardware.spinnaker.engines.emulator import Emulator
from hardware.spinnaker.engines.kernels import add, product, update, word
from hardware.spinnaker.running import RunningNetwork
from hardware.spinnaker.translation.circuits import describe
from hardware.spinnaker.translation.discretize import discretize
from hardware.spinnaker.translation.fixed_point import UNIT
from pynn_backprop.circuit.chain import chain_circuit
from pynn_backprop.circuit.inference import inference_circuit
from pynn_backprop.circuit.training import training_circuit
from pynn_backprop.codes.graded import Graded
from pynn_backprop.errors import InputError
from pynn_backprop.reference.steps import StepSimulator
from pynn_backprop.spikes import first_difference
from pynn_backprop.weights import initial_weights

ONCE = {"source": np.array([[2, 0], [2, 1], [2, 2], [5, 0]])}


def rows(table):
    return table.tolist()


def test_products_are_shifted_down_and_words_wrap_round():
    assert product(3 * UNIT, UNIT // 2) == 3 * UNIT // 2
    assert product(-1, 1) == -1  # downward, not towards 0
    assert product(2**31 - 1, 2**31 - 1) == -131072  # the low 32 bits
    assert (word(2**31), word(-(2**31) - 1), word(7)) == (-(2**31), 2**31 - 1, 7)
    assert (add(65_000, 535), add(65_000, 536)) == ((65_535, False), (65_535, True))


def test_a_refractory_neuron_keeps_its_potential_and_is_compared_all_the_same():
    cell = {"rest": 0, "reset": -UNIT, "current": 0, "resistance": UNIT, "decay": 0}
    assert update(9 * UNIT, 0, 5, 2, 10 * UNIT, *cell.values(), 3, UNIT) == (5, 1, False)
    assert update(0, 0, 20 * UNIT, 1, 10 * UNIT, *cell.values(), 3, UNIT) == (-UNIT, 3, True)
    assert update(10 * UNIT, 0, 5, 0, 10 * UNIT, *cell.values(), 3, UNIT) == (-UNIT, 3, True)


@pytest.mark.parametrize(
    ("rest", "inhibition", "fires"), [(-8192, 57_344, False), (-8192, 57_345, True), (0, 65_535, False)]
)
def test_inhibition_that_wraps_round_fires_a_cell_that_rests_low_and_none_that_rests_at_0(rest, inhibition, fires):
    rest, threshold = rest * UNIT, (rest + 9216) * UNIT + UNIT // 2
    assert update(0, inhibition * UNIT, 0, 0, threshold, rest, rest, 0, UNIT, 0, 0, UNIT)[2] is fires


def test_a_spike_acts_after_its_delay_and_fires_at_the_threshold():
    for weight, fires in ((10.0, True), (9.0, False)):
        done = Emulator(network(connections([weight], 3.0))).run(ONCE, 12, "cells")
        assert rows(done.spikes["cells"]) == ([[5, 0], [8, 0]] if fires else [])
        assert done.potentials[5].tolist() == [0.0 if fires else 9.0, 0.0, 0.0]
        assert rows(done.spikes["source"]) == rows(ONCE["source"])


def test_a_refractory_time_blocks_steps_and_what_arrives_in_them():
    spikes = {"source": np.column_stack((np.arange(1, 9), np.zeros(8, int)))}
    done = Emulator(network(connections([10.0]), tau_refrac=2.0)).run(spikes, 12)
    assert rows(done.spikes["cells"]) == [[2, 0], [5, 0], [8, 0]]


def test_ring_buffers_end_before_inhibition_is_taken_off():
    to_one = {"targets": np.zeros(2, int)}
    excited = connections([65_535.0, 100.0], **to_one)
    inhibited = connections([-65_500.0], receptor="inhibitory", label="inhibits")
    done = Emulator(network(excited, inhibited, v_thresh=1000.5)).run(
        {"source": np.array([[1, 0], [1, 1]])}, 4, "cells"
    )
    assert done.potentials[2, 0] == 35.0  # not 135
    assert done.saturated == {"cells": (1, 0)}


def test_masked_weights_act_as_a_core_would_have_them():
    done = Emulator(network(connections([70_000.0]), v_thresh=60_000.5)).run(ONCE, 4, "cells")
    assert done.potentials[3, 0] == 4_464.0


# --- whole circuits

CIRCUITS = {
    "inference": inference_circuit((40, 30, 10), probe=True, readout_levels=8),
    "three matrices": inference_circuit((12, 9, 8, 4), probe=True),
    "rotating levels": inference_circuit((6, 5, 3), probe=True, code=Graded(8)),
    "noise": inference_circuit((6, 5, 3), probe=True, code=Graded(8, "noise")),
}


@pytest.mark.parametrize("name", CIRCUITS)
def test_every_spike_is_that_of_the_step_simulator(name):
    circuit = CIRCUITS[name]
    names = [population.name for population in circuit.populations]
    weights = initial_weights(circuit.neurons, 3, parameters=circuit.parameters)
    found = RunningNetwork(circuit, weights, Emulator(discretize(describe(circuit, weights)).network), names)
    steps = StepSimulator(circuit, weights, names)
    generator = np.random.default_rng(1)
    for n_samples in (5, 1, 9):
        x = generator.random((n_samples, circuit.neurons[0])) < 0.4
        ours, theirs = found.infer(x), steps.infer(x)
        for answer in ("outputs", "potentials", "readout"):
            np.testing.assert_array_equal(getattr(ours, answer), getattr(theirs, answer))
        spikes = found.take_spikes()
        assert first_difference(spikes, steps.take_spikes(), circuit) is None
        assert len(spikes["o"]) + len(spikes["x"]) > 0
        found.skip(3)
        steps.skip(3)


@pytest.mark.parametrize("form", ["compact", "published"])
def test_a_training_circuit_whose_synapses_are_static_has_the_same_spikes(form):
    plastic = training_circuit((12, 8, 4), form=form)
    circuit = replace(plastic, projections=tuple(replace(each, plastic=False) for each in plastic.projections))
    names = [population.name for population in circuit.populations]
    weights = initial_weights(circuit.neurons, 3, parameters=circuit.parameters)
    found = RunningNetwork(circuit, weights, Emulator(discretize(describe(circuit, weights)).network), names)
    steps = StepSimulator(circuit, weights, names)
    x = np.random.default_rng(1).random((9, 12)) < 0.5
    sources = {"input": x, "target": np.arange(4) == np.arange(9)[:, None] % 4}
    found.show(sources)
    steps.show(sources)
    ours = found.take_spikes()
    assert first_difference(ours, steps.take_spikes(), circuit) is None
    assert all(len(ours[name]) for name in ("h", "o", "d+", "d-", "hT", "r"))


def test_a_chain_that_copies_numbers_has_the_same_spikes():
    circuit = chain_circuit(2, 4, Graded(8))
    names = [population.name for population in circuit.populations]
    found = RunningNetwork(circuit, {}, Emulator(discretize(describe(circuit, {})).network), names)
    steps = StepSimulator(circuit, {}, names)
    sources = {"input": np.random.default_rng(0).random((7, 16)) < 0.5, "open a": np.ones((7, 1), bool)}
    found.show(sources)
    steps.show(sources)
    assert first_difference(found.take_spikes(), steps.take_spikes(), circuit) is None


def test_training_is_refused_with_the_reason():
    circuit = inference_circuit((4, 3))
    weights = initial_weights((4, 3), 0)
    running = RunningNetwork(circuit, weights, Emulator(discretize(describe(circuit, weights)).network))
    with pytest.raises(
        InputError, match="can't be trained on SpiNNaker: sPyNNaker has no signed, gated third-factor rule"
    ):
        running.train(np.zeros((1, 4), bool), np.zeros(1, int))
    np.testing.assert_array_equal(running.weights()["W1"], weights["W1"])


def test_what_was_cut_off_is_said(caplog):
    circuit = inference_circuit((300, 2), probe=True)
    weights = {"W1": np.full((300, 2), 254)}
    running = RunningNetwork(circuit, weights, Emulator(discretize(describe(circuit, weights)).network))
    with caplog.at_level(logging.WARNING):
        answer = running.infer(np.ones((1, 300), bool))
    assert answer.potentials.tolist() == [[65_535, 65_535]]
    assert "ring buffers were full when weights were added: " in caplog.text
    assert "at v_o" in caplog.text
