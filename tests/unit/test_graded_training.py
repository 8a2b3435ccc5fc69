"""The run loop, the classifier, weight files and recordings with graded codes."""

from __future__ import annotations

import numpy as np
import pytest

from pynn_backprop import BackpropClassifier
from pynn_backprop.circuit.training import training_circuit
from pynn_backprop.codes.graded import Graded
from pynn_backprop.errors import InputError
from pynn_backprop.learning.training import evaluate, first_firing, train
from pynn_backprop.platforms import ReferencePlatform
from pynn_backprop.recording import blocks as recording
from pynn_backprop.reference.rule import Rule
from pynn_backprop.weights import Weights, initial_weights, load_weights, save_weights

CODE = Graded(8)
UNITS = (3, 4, 2)
WEIGHTS = initial_weights(UNITS, 0, code=CODE)
GENERATOR = np.random.default_rng(0)
VALUES = GENERATOR.random((30, 3))
X = CODE.fire(VALUES)
TARGETS = CODE.fire(GENERATOR.random((30, 2)))
LABELS = GENERATOR.integers(0, 2, 30)


def same(one: Weights, other: Weights) -> bool:
    return all((one[name] == other[name]).all() for name in one)


# --- the run loop


@pytest.mark.parametrize("wanted", [TARGETS, LABELS], ids=["targets", "labels"])
@pytest.mark.parametrize("code", [CODE, Graded(8, "noise", 4)], ids=lambda code: code.dither)
def test_training_is_that_of_the_oracle(wanted, code):
    weights, progress = train(ReferencePlatform(), X, wanted, WEIGHTS, epochs=2, seed=5, code=code, shuffle=False)
    oracle = Rule(WEIGHTS, code=code)
    oracle.train(np.tile(X, (2, 1)), np.concatenate([wanted, wanted]))
    assert same(weights, oracle.weights())
    assert not same(weights, WEIGHTS)
    assert progress.shown == 60


def test_a_right_answer_is_the_most_active_output_or_exactly_the_target():
    oracle = Rule(WEIGHTS, code=CODE)
    answers = CODE.counts(oracle.train(X, LABELS).outputs)
    _, progress = train(ReferencePlatform(), X, LABELS, WEIGHTS, shuffle=False, code=CODE)
    assert progress.right.tolist() == [(first_firing(answers) == LABELS).sum()]
    oracle = Rule(WEIGHTS, code=CODE)
    answers = CODE.counts(oracle.train(X, TARGETS).outputs)
    _, progress = train(ReferencePlatform(), X, TARGETS, WEIGHTS, shuffle=False, code=CODE)
    assert progress.right.tolist() == [(answers == CODE.counts(TARGETS)).all(axis=1).sum()]


@pytest.mark.parametrize("record", [(), ("o", "rotor")])
def test_a_training_that_is_taken_up_again_or_recorded_ends_with_the_same_weights(record):
    """Recording and resuming build networks in the middle of training, whose levels must go on where they were."""
    whole, _ = train(ReferencePlatform(), X, TARGETS, WEIGHTS, epochs=2, code=CODE)
    platform = ReferencePlatform()
    platform.samples_per_run = 7
    weights, progress = train(
        platform, X, TARGETS, WEIGHTS, epochs=2, code=CODE, record=record, record_samples=5,
        interrupted=iter([False] * 3 + [True] * 9).__next__,
    )  # fmt: skip
    assert 0 < progress.shown < 60
    weights, progress = train(
        platform, X, TARGETS, weights, epochs=2, code=CODE, record=record, record_samples=5, progress=progress
    )
    assert progress.shown == 60
    assert same(weights, whole)


def test_an_answer_is_the_share_of_neurons_over_several_windows():
    weights = {name: matrix + 2 * GENERATOR.integers(-40, 40, matrix.shape) for name, matrix in WEIGHTS.items()}
    asked = evaluate(ReferencePlatform(), X, weights, code=CODE, windows=3)
    response = Rule(weights, code=CODE).infer(np.repeat(X, 3, axis=0))
    np.testing.assert_allclose(asked.outputs, CODE.counts(response.outputs).reshape(30, 3, 2).sum(1) / 24)
    np.testing.assert_array_equal(asked.potentials, CODE.counts(response.potentials).reshape(30, 3, 2).sum(1))
    assert len(np.unique(asked.outputs)) > 8


def test_binary_answers_over_windows_are_shares_too():
    """A binary network answers the same in each window."""
    x, weights = GENERATOR.random((20, 6)) < 0.5, {"W1": GENERATOR.integers(-250, 250, (6, 3))}
    once, thrice = (evaluate(ReferencePlatform(), x, weights, windows=windows) for windows in (1, 3))
    assert once.outputs.dtype == bool
    np.testing.assert_array_equal(once.outputs, thrice.outputs)
    np.testing.assert_array_equal(3 * once.potentials, thrice.potentials)


@pytest.mark.parametrize("windows", [0, 1.5])
def test_a_bad_number_of_windows_is_named(windows):
    with pytest.raises(InputError, match=f"windows is {windows}"):
        evaluate(ReferencePlatform(), X, WEIGHTS, code=CODE, windows=windows)


@pytest.mark.parametrize("run", [train, evaluate])
def test_weights_of_another_number_of_neurons_are_refused(run):
    arguments = (X, LABELS, WEIGHTS) if run is train else (X, WEIGHTS)
    with pytest.raises(InputError, match="a unit has 5 of them"):
        run(ReferencePlatform(), *arguments, code=Graded(5))


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
    with pytest.raises(InputError, match="values"):
        BackpropClassifier("reference", code=CODE).fit(x, LABELS)


# --- files


def test_a_file_of_graded_weights_is_refused_by_circuits_with_another_code(tmp_path):
    path = tmp_path / "w.npz"
    save_weights(path, WEIGHTS, CODE)
    assert same(load_weights(path, code=CODE, neurons=(24, 32, 16)), WEIGHTS)
    assert same(load_weights(path, code=Graded(8, seed=3, back_gain=1)), WEIGHTS)
    for code, name in ((None, "binary"), (Graded(4), "graded 4 rotating"), (Graded(8, "fixed"), "graded 8 fixed")):
        with pytest.raises(InputError, match=rf"with the code graded 8 rotating, but the code here is {name}"):
            load_weights(path, code=code)


def test_a_file_of_binary_weights_is_as_before_and_refused_by_graded_circuits(tmp_path):
    path = tmp_path / "w.npz"
    save_weights(path, WEIGHTS)
    with np.load(path) as archive:
        assert sorted(archive.files) == ["W1", "W2"]
    assert same(load_weights(path), WEIGHTS)
    with pytest.raises(InputError, match="with the code binary, but the code here is graded 8 rotating"):
        load_weights(path, code=CODE)


# --- recordings


@pytest.mark.parametrize("code", [CODE, Graded(8, "noise", seed=4, back_gain=1)], ids=lambda code: code.dither)
def test_a_recording_of_a_graded_training_knows_its_circuit(tmp_path, code):
    _, progress = train(ReferencePlatform(), X, LABELS, WEIGHTS, code=code, record=("o", "rotor"), record_samples=5)
    circuit = training_circuit(UNITS, code=code)
    block = recording.to_block(circuit, progress.stretches, {}, "graded")
    recording.save(block, tmp_path / "spikes.nix")
    loaded = recording.load(tmp_path / "spikes.nix")
    assert recording.circuit_of(loaded) == circuit
    assert recording.circuit_of(loaded).code == code


def test_a_recording_of_targets_is_refused():
    _, progress = train(ReferencePlatform(), X, TARGETS, WEIGHTS, code=CODE, record=("o",), record_samples=5)
    with pytest.raises(InputError, match="must hold labels"):
        recording.to_block(training_circuit(UNITS, code=CODE), progress.stretches, {}, "graded")
