"""Circuits and recordings to draw."""

from __future__ import annotations

import neo
import numpy as np

from pynn_backprop.circuit.circuit import Circuit
from pynn_backprop.circuit.inference import inference_circuit
from pynn_backprop.circuit.training import training_circuit
from pynn_backprop.learning.progress import Stretch
from pynn_backprop.recording.blocks import to_block
from pynn_backprop.reference.steps import StepSimulator
from pynn_backprop.weights import initial_weights

CIRCUITS = {
    "published, two matrices": training_circuit((20, 12, 4), form="published"),
    "published, one matrix": training_circuit((20, 4), form="published"),
    "published, its size": training_circuit((400, 400, 10), form="published"),
    "published, tiny": training_circuit((1, 1, 1), form="published"),
    "published, huge": training_circuit((12800, 10000, 1000), form="published"),
    "compact, one matrix": training_circuit((20, 4), form="compact"),
    "compact, two matrices": training_circuit((20, 12, 4), form="compact"),
    "compact, three matrices": training_circuit((20, 12, 8, 4), form="compact"),
    "compact, four matrices": training_circuit((20, 12, 8, 6, 4), form="compact"),
    "compact, huge": training_circuit((12800, 10000, 10000, 10000, 1000), form="compact"),
    "inference, two matrices": inference_circuit((20, 12, 4)),
    "inference, one matrix": inference_circuit((20, 4)),
}
FIRST = 30


def recorded(circuit: Circuit, record: list[str] | None = None, n: int = 8, first: int = FIRST) -> Stretch:
    generator = np.random.default_rng(3)
    x = generator.random((n, circuit.neurons[0])) < 0.3
    labels = generator.integers(0, circuit.neurons[-1], n)
    steps = StepSimulator(circuit, initial_weights(circuit.neurons, 1), record)
    if circuit.schedule.training:
        steps.train(x, labels)
    else:
        steps.infer(x)
    later = (first * circuit.schedule.length, 0)
    return Stretch(first, labels, {name: table + later for name, table in steps.take_spikes().items()})


def block_of(circuit: Circuit, *stretches: Stretch, **description: str) -> neo.Block:
    return to_block(circuit, stretches or [recorded(circuit)], description, "to plot")


# A circuit of 12,800 inputs and 10,000 hidden neurons can be drawn but is slow to run.
SMALL = {name: circuit for name, circuit in CIRCUITS.items() if "huge" not in name}
