"""Training and answering with a graded code, and the classifier with one."""

from __future__ import annotations

import numpy as np
import pytest

from pynn_backprop import BackpropClassifier
from pynn_backprop.circuit.training import training_circuit
from pynn_backprop.codes.code import Code
from pynn_backprop.codes.graded import Graded
from pynn_backprop.errors import InputError
from pynn_backprop.learning.evaluation import answering_circuit, evaluate, first_firing
from pynn_backprop.learning.presentation import Presentation, Record
from pynn_backprop.learning.training import Trainer
from pynn_backprop.platforms import ReferencePlatform
from pynn_backprop.reference.rule import Rule
from pynn_backprop.weights import Weights, initial_weights

CODE = Graded(8)
UNITS = (3, 4, 2)
WEIGHTS = initial_weights(UNITS, 0, code=CODE)
GENERATOR = np.random.default_rng(0)
VALUES = GENERATOR.random((30, 3))
X = CODE.fire(VALUES)
TARGETS = CODE.fire(GENERATOR.random((30, 2)))
LABELS = GENERATOR.integers(0, 2, 30)


def same(one: Weights, other: Weights) -> bool:
    return set(one) == set(other) and all((one[name] == other[name]).all() for name in one)


def trainer(code: Code = CODE, **options: object) -> Trainer:
    return Trainer(ReferencePlatform(), training_circuit(UNITS, code=code), **options)  # type: ignore[arg-type]


UNSHUFFLED = Presentation(shuffle=False)


# --- the trainer


@pytest.mark.parametrize("wanted", [TARGETS, LABELS], ids=["targets", "labels"])
@pytest.mark.parametrize("code", [CODE, Graded(8, "noise", 4)], ids=lambda code: code.dither)
def test_training_is_the_rule(wanted, code):
    presentation = Presentation(epochs=2, seed=5, shuffle=False)
    weights, progress = trainer(code, presentation=presentation).train(X, wanted, WEIGHTS)
    rule = Rule(WEIGHTS, code=code)
    rule.train(np.tile(X, (2, 1)), np.concatenate([wanted, wanted]))
    assert same(weights, rule.weights())
    assert not same(weights, WEIGHTS)
    assert progress.shown == 60


def test_a_right_answer_is_the_most_active_output_or_exactly_the_target():
    answers = CODE.counts(Rule(WEIGHTS, code=CODE).train(X, LABELS).outputs)
    _, progress = trainer(presentation=UNSHUFFLED).train(X, LABELS, WEIGHTS)
    assert progress.right.tolist() == [(first_firing(answers) == LABELS).sum()]
    answers = CODE.counts(Rule(WEIGHTS, code=CODE).train(X, TARGETS).outputs)
    _, progress = trainer(presentation=UNSHUFFLED).train(X, TARGETS, WEIGHTS)
    assert progress.right.tolist() == [(answers == CODE.counts(TARGETS)).all(axis=1).sum()]


@pytest.mark.parametrize("record", [Record(), Record(("o", "rotor"), 5)], ids=["rule", "steps"])
def test_a_training_that_is_taken_up_again_or_recorded_ends_with_the_same_weights(record):
    """Recording and resuming build networks in the middle of training, whose levels must go on where they were."""
    twice = Presentation(epochs=2)
    whole, _ = trainer(presentation=twice).train(X, TARGETS, WEIGHTS)
    cut = trainer(presentation=twice, record=record)
    cut.platform.samples_per_run = 7
    stops = iter([False] * 3 + [True] * 9).__next__
    weights, progress = cut.train(X, TARGETS, WEIGHTS, interrupted=stops)
    assert 0 < progress.shown < 60
    weights, progress = cut.train(X, TARGETS, weights, progress=progress)
    assert progress.shown == 60
    assert same(weights, whole)


def test_weights_of_another_number_of_neurons_are_refused():
    with pytest.raises(InputError, match=r"weights: W1 has shape \(24, 32\) but must have \(15, 20\)"):
        trainer(Graded(5)).train(CODE.fire(VALUES)[:, :15], LABELS, WEIGHTS)


# --- answers


def answers(weights: Weights, windows: int = 1, code: Code = CODE):
    circuit = answering_circuit(training_circuit(UNITS, code=code))
    return evaluate(ReferencePlatform(), circuit, X, weights, windows=windows)


def test_an_answer_is_the_share_of_neurons_over_several_windows():
    weights = {name: matrix + 2 * GENERATOR.integers(-40, 40, matrix.shape) for name, matrix in WEIGHTS.items()}
    asked = answers(weights, windows=3)
    response = Rule(weights, code=CODE).infer(np.repeat(X, 3, axis=0))
    np.testing.assert_allclose(asked.outputs, CODE.counts(response.outputs).reshape(30, 3, 2).sum(1) / 24)
    np.testing.assert_array_equal(asked.potentials, CODE.counts(response.potentials).reshape(30, 3, 2).sum(1))
    assert len(np.unique(asked.outputs)) > 8


def test_binary_answers_over_windows_are_shares_too():
    """A binary network answers the same in each window."""
    x, weights = GENERATOR.random((20, 6)) < 0.5, {"W1": GENERATOR.integers(-250, 250, (6, 3))}
    circuit = answering_circuit(training_circuit((6, 3)))
    once, thrice = (evaluate(ReferencePlatform(), circuit, x, weights, windows=windows) for windows in (1, 3))
    assert once.outputs.dtype == bool
    assert thrice.outputs.dtype == float
    np.testing.assert_array_equal(once.outputs, thrice.outputs)
    np.testing.assert_array_equal(3 * once.potentials, thrice.potentials)


def test_answers_of_weights_of_another_number_of_neurons_are_refused():
    with pytest.raises(InputError, match="x is bool of shape"):
        answers(WEIGHTS, code=Graded(5))


# --- the classifier


def test_the_classifier_learns_values_that_a_binary_network_can_not_tell_apart():
    """0.6 and 0.9 are both above one half."""
    x = np.where(np.arange(80) % 2, 0.6, 0.9)[:, None] * np.ones((1, 2))
    y = np.where(np.arange(80) % 2, "low", "high")
    graded = BackpropClassifier("reference", hidden=6, epochs=20, code=CODE).fit(x, y)
    assert graded.score(x, y) == 1
    assert BackpropClassifier("reference", hidden=6, epochs=20).fit(x, y).score(x, y) <= 0.5
    assert {name: matrix.shape for name, matrix in graded.weights_.items()} == {"W1": (24, 48), "W2": (48, 16)}
    assert graded.evaluate(x, windows=4).outputs.shape == (80, 2)


def test_the_classifier_without_hidden_units_has_one_matrix():
    x, y = VALUES[:, :2], (VALUES[:, 0] > VALUES[:, 1]).astype(int)
    network = BackpropClassifier("reference", hidden=0, epochs=20, code=CODE).fit(x, y)
    assert list(network.weights_) == ["W1"]
    assert network.score(x, y) > 0.8


def test_levels_and_a_graded_code_exclude_each_other():
    with pytest.raises(InputError, match="levels is 3 but must be 1 with a graded code"):
        BackpropClassifier("reference", levels=3, code=CODE).fit(VALUES, LABELS)


@pytest.mark.parametrize("value", [1.2, -0.1, np.nan])
def test_a_value_out_of_range_is_refused(value):
    x = VALUES.copy()
    x[4, 1] = value
    with pytest.raises(InputError, match=rf"\[4, 1\] is {value} but"):
        BackpropClassifier("reference", code=CODE, scale=None).fit(x, LABELS)
