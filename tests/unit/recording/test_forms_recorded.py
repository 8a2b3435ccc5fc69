"""A recording says of which form its circuit is; older ones, which do not, are of the published form."""

from __future__ import annotations

import numpy as np
import pytest

from pynn_backprop.circuit.training import FORMS, training_circuit
from pynn_backprop.learning.progress import Stretch
from pynn_backprop.recording.blocks import circuit_of, load, save, to_block
from pynn_backprop.reference.steps import StepSimulator
from pynn_backprop.weights import initial_weights


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("units", [(5, 3), pytest.param((6, 5, 3), marks=pytest.mark.slow)])
def test_the_circuit_of_a_recording_has_its_form(form, units, tmp_path):
    circuit, labels = training_circuit(units, form=form), np.array([0, 2, 1])
    steps = StepSimulator(circuit, initial_weights(units, 0))
    steps.train(np.random.default_rng(0).random((3, units[0])) < 0.5, labels)
    block = to_block(circuit, [Stretch(0, labels, steps.take_spikes())], {}, "three samples")
    save(block, tmp_path / "spikes.nix")
    assert circuit_of(load(tmp_path / "spikes.nix")) == circuit
    assert ("form" in block.annotations) == (form != "published")
