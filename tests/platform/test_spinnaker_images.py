"""The network as it learnt images, in the emulated arithmetic of SpiNNaker's cores, spike by spike."""

from __future__ import annotations

import os

import numpy as np
import pytest
from scenarios.cases import blurred_prototypes

from pynn_backprop import datasets
from pynn_backprop.circuit.inference import inference_circuit
from pynn_backprop.circuit.learning_rule import RULES
from pynn_backprop.circuit.parameters import MARGIN
from pynn_backprop.codes.binary import Binary
from pynn_backprop.interfaces import Options
from pynn_backprop.platforms import get_platform
from pynn_backprop.reference.rule import Rule
from pynn_backprop.reference.steps import StepSimulator
from pynn_backprop.spikes import first_difference
from pynn_backprop.weights import initial_weights

HIDDEN, LEVELS = 400, 8


def images(samples: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """MNIST 20x20 where there is some, else as many images like it: to learn, their labels, to answer."""
    if not os.environ.get("PYNN_BACKPROP_DATA"):
        x, labels = blurred_prototypes(2 * samples)
        return x[:samples], labels[:samples], x[samples:]
    data = datasets.load("mnist", crop=20)
    return datasets.encode(data.x_train), np.asarray(data.y_train), datasets.encode(data.x_test)


@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_every_spike_of_a_test_set_equals_the_step_simulator():
    x, labels, asked = images(10_000)
    units = (x.shape[1], HIDDEN, 10)
    parameters = RULES[MARGIN].parameters(Binary(), units)
    rule = Rule(initial_weights(units, 0, parameters=parameters), parameters)
    rule.train(x, labels)
    circuit = inference_circuit(units, parameters, probe=True, readout_levels=LEVELS)
    names = [population.name for population in circuit.populations]
    running = get_platform("spinnaker", Options(variant="emulation")).build(circuit, rule.weights(), names)
    steps = StepSimulator(circuit, rule.weights(), names)
    spikes = 0
    for first in range(0, len(asked), 1000):
        chunk = asked[first : first + 1000]
        ours, theirs = running.infer(chunk), steps.infer(chunk)
        for answer in ("outputs", "potentials", "readout"):
            np.testing.assert_array_equal(getattr(ours, answer), getattr(theirs, answer))
        recorded = running.take_spikes()
        assert first_difference(recorded, steps.take_spikes(), circuit) is None
        spikes += sum(map(len, recorded.values()))
    print(f"{len(asked):,} samples, {spikes:,} spikes equal")
    assert spikes > 100 * len(asked)
