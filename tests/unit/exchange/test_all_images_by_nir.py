"""A network that has learnt MNIST, as NIR: every prediction of the 10,000 test images, at any depth, by each node."""

from __future__ import annotations

import os

import numpy as np
import pytest

pytest.importorskip("nir", reason="NIR needs the package nir")

from pynn_backprop.circuit.learning_rule import LearningRule
from pynn_backprop.codes.binary import Binary
from pynn_backprop.data.samples import load_samples
from pynn_backprop.exchange import from_nir, to_nir, write_nir
from pynn_backprop.exchange.to_nir import NODES
from pynn_backprop.reference.rule import Rule
from pynn_backprop.spikes import first_firing
from pynn_backprop.weights import initial_weights


@pytest.mark.slow
@pytest.mark.parametrize("units", [(400, 400, 10), (400, 300, 200, 10)], ids=str)
def test_every_test_image_has_the_same_answer(units, tmp_path):
    if not os.environ.get("PYNN_BACKPROP_DATA"):
        pytest.skip("PYNN_BACKPROP_DATA does not name a folder with MNIST")
    samples = load_samples("mnist", 20)
    parameters = LearningRule().parameters(Binary(), units)
    rule = Rule(initial_weights(units, 1, parameters=parameters), parameters)
    rule.train(samples.x_train, samples.y_train)
    for levels in (1, 8):
        response = Rule(rule.weights(), parameters, readout_levels=levels).infer(samples.x_test)
        spikes = response.outputs if levels == 1 else response.readout
        assert np.mean(first_firing(spikes) == samples.y_test) > 0.9
        for node in NODES:
            write_nir(tmp_path / "net.nir", to_nir(rule.weights(), parameters, levels, node))
            found = from_nir(tmp_path / "net.nir").answer(samples.x_test)
            np.testing.assert_array_equal(found, spikes)
