"""Recordings of graded circuits: the file knows the code, and answers are those of units."""

from __future__ import annotations

import numpy as np
import pytest

from pynn_backprop.circuit.training import training_circuit
from pynn_backprop.codes.graded import Graded
from pynn_backprop.errors import InputError
from pynn_backprop.learning.presentation import Record
from pynn_backprop.learning.progress import Progress
from pynn_backprop.learning.training import Trainer
from pynn_backprop.platforms import ReferencePlatform
from pynn_backprop.recording import analysis, blocks
from pynn_backprop.reference.rule import Rule
from pynn_backprop.weights import initial_weights

CODE = Graded(8)
UNITS, N = (3, 4, 2), 30
WEIGHTS = initial_weights(UNITS, 0, code=CODE)
GENERATOR = np.random.default_rng(0)
X = CODE.fire(GENERATOR.random((N, 3)))
TARGETS = CODE.fire(GENERATOR.random((N, 2)))
LABELS = GENERATOR.integers(0, 2, N)


def trained(wanted: np.ndarray, code=CODE, samples: int = 5) -> Progress:
    trainer = Trainer(ReferencePlatform(), training_circuit(UNITS, code=code), record=Record(("o", "rotor"), samples))
    return trainer.train(X, wanted, WEIGHTS)[1]


@pytest.mark.parametrize("code", [CODE, Graded(8, "noise", seed=4, back_gain=1)], ids=lambda code: code.dither)
def test_a_recording_of_a_graded_training_knows_its_circuit(tmp_path, code):
    circuit = training_circuit(UNITS, code=code)
    blocks.save(blocks.to_block(circuit, trained(LABELS, code).stretches, {}, "graded"), tmp_path / "spikes.nix")
    loaded = blocks.load(tmp_path / "spikes.nix")
    assert blocks.circuit_of(loaded) == circuit
    assert blocks.circuit_of(loaded).code == code


def test_the_answer_is_the_unit_of_which_most_neurons_fire():
    progress = trained(LABELS, samples=N)
    block = blocks.to_block(training_circuit(UNITS, code=CODE), progress.stretches, {}, "graded")
    order = np.random.default_rng([0, 0]).permutation(N)
    fired = Rule(WEIGHTS, code=CODE).train(X[order], LABELS[order]).outputs
    np.testing.assert_array_equal(analysis.outputs(block), fired)
    numbers = fired.reshape(N, 2, 8).sum(axis=2)
    expected = [-1 if not pair.any() else 0 if pair[0] >= pair[1] else 1 for pair in numbers]
    assert analysis.answers_of(block).tolist() == expected
    assert analysis.accuracy(block) == np.mean(np.array(expected) == LABELS[order]) == progress.right[0] / N
    assert len(set(expected)) > 1


def test_a_recording_of_targets_is_refused():
    with pytest.raises(InputError, match=r"a stretch holds targets .* but must hold labels"):
        blocks.to_block(training_circuit(UNITS, code=CODE), trained(TARGETS).stretches, {}, "graded")
