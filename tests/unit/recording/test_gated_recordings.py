"""Whether a sample without an error costs a forward pass only can be asked of a recording."""

from __future__ import annotations

import numpy as np
import pytest

from pynn_backprop.circuit.training import training_circuit
from pynn_backprop.errors import EqualityError, InputError
from pynn_backprop.learning.progress import Stretch
from pynn_backprop.recording import analysis
from pynn_backprop.recording.blocks import to_block
from pynn_backprop.reference.steps import StepSimulator
from pynn_backprop.spikes import Spikes

CIRCUIT = training_circuit((8, 2))
X = np.arange(8) // 4 == np.arange(2)[:, None]
LABELS = np.array([0, 1])


def spikes() -> Spikes:
    """Of a sample that is answered rightly and one that is not."""
    steps = StepSimulator(CIRCUIT, {"W1": np.tile([[200, -200]], (8, 1))})
    steps.train(X, LABELS)
    return steps.take_spikes()


def block_of(recorded: Spikes, circuit=CIRCUIT):
    return to_block(circuit, [Stretch(0, LABELS, recorded)], {}, "gated")


def test_a_recording_of_what_must_fire_passes():
    assert len(spikes()["e"]) == 1
    analysis.check_gated(block_of(spikes()))


def test_one_spike_behind_e_in_a_right_sample_is_found():
    recorded = spikes()
    behind = CIRCUIT.schedule.length + CIRCUIT.schedule.gate + 1
    recorded["x"] = np.vstack([recorded["x"], [behind, 3]])
    with pytest.raises(EqualityError, match=r"'x' fires in phase 5 of sample 0, in which e did not"):
        analysis.check_gated(block_of(recorded))


def test_without_e_nothing_can_be_said():
    with pytest.raises(InputError, match="the neuron e was not recorded, only x"):
        analysis.check_gated(block_of({"x": spikes()["x"]}))
    published = training_circuit((8, 2), form="published")
    with pytest.raises(InputError, match="there is no population 'e'"):
        analysis.check_gated(block_of({"x": np.zeros((0, 2), np.int64)}, published))
