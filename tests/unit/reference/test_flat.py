"""A circuit as flat arrays: what learns, and what has a weight of its own."""

from __future__ import annotations

import numpy as np
import pytest

from pynn_backprop.circuit.inference import inference_circuit
from pynn_backprop.circuit.training import training_circuit
from pynn_backprop.codes.graded import Graded
from pynn_backprop.reference.flat import FlatCircuit

CODE = Graded(4)
WEIGHTS = {"W1": np.arange(96).reshape(8, 12), "W2": -np.arange(48).reshape(12, 4)}


def test_segments_learn_where_their_projection_does_and_have_weights_where_it_has_some():
    """The rotor's lifts have weights of their own too, and don't learn."""
    circuit = training_circuit((2, 3, 1), code=CODE)
    synapses = FlatCircuit(circuit, WEIGHTS).synapses
    learning = sum(circuit[p.pre].size for p in circuit.projections if p.plastic)
    own = sum(circuit[p.pre].size for p in circuit.projections if p.matrix or circuit.level_weights(p) is not None)
    assert 0 < learning < own < len(synapses.dense)
    assert (synapses.plastic.sum(), synapses.dense.sum()) == (learning, own)


def test_nothing_learns_in_a_circuit_that_answers():
    flat = FlatCircuit(inference_circuit((2, 3, 1), code=CODE), WEIGHTS)
    assert not flat.synapses.plastic.any()
    assert flat.synapses.dense.any()


@pytest.mark.parametrize("form", ["published", "compact"])
def test_each_copy_lies_where_its_place_is(form):
    circuit = training_circuit((2, 3, 1), code=CODE, form=form)
    flat = FlatCircuit(circuit, WEIGHTS)
    for projection in circuit.projections:
        if projection.matrix:
            matrix, place = flat.matrix(projection), flat.place(projection)
            np.testing.assert_array_equal(flat.weights[place : place + matrix.size].reshape(matrix.shape), matrix)
            stored = projection.sign * WEIGHTS[projection.matrix]
            np.testing.assert_array_equal(matrix, stored.T if projection.transpose else stored)
