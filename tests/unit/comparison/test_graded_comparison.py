"""Graded circuits are compared as binary ones are, and answers are those of units."""

from __future__ import annotations

import json

import numpy as np
from altered_platform import Altered, without

from pynn_backprop.circuit.training import training_circuit
from pynn_backprop.codes.code import code_of
from pynn_backprop.codes.graded import Graded
from pynn_backprop.comparison.as_dict import as_dict
from pynn_backprop.comparison.compare import compare
from pynn_backprop.data.samples import Samples
from pynn_backprop.errors import EqualityError
from pynn_backprop.learning.presentation import Presentation
from pynn_backprop.platforms import ReferencePlatform
from pynn_backprop.reference.rule import Rule
from pynn_backprop.weights import initial_weights

CODE, UNITS, N = Graded(4), (3, 4, 2), 20
GENERATOR = np.random.default_rng(2)
X = CODE.fire(GENERATOR.random((N, 3)))
LABELS = GENERATOR.integers(0, 2, N)
SAMPLES = Samples(X, LABELS, X[::2], LABELS[::2], 2)
WEIGHTS = initial_weights(UNITS, 0, code=CODE)
CIRCUIT = training_circuit(UNITS, code=CODE)
IN_ORDER = Presentation(shuffle=False)


def test_equal_platforms_are_equal_and_say_how_many_units_were_right():
    platforms = {"a": ReferencePlatform(), "b": Altered(samples_per_run=3)}
    comparison = compare(platforms, CIRCUIT, SAMPLES, WEIGHTS, presentation=IN_ORDER)
    assert comparison.equal
    fired = Rule(WEIGHTS, code=CODE).train(X, LABELS).outputs.reshape(N, 2, 4).sum(axis=2)
    answers = np.where(fired.any(axis=1), fired.argmax(axis=1), -1)
    assert [result.training.right for result in comparison.results] == [np.sum(answers == LABELS)] * 2
    assert comparison.results[0].training.outputs.shape == (N, 8)


def test_a_spike_that_is_missing_is_found():
    platforms = {"a": ReferencePlatform(), "b": Altered(spikes=without("x", 0))}
    (pair,) = compare(platforms, CIRCUIT, SAMPLES, WEIGHTS).pairs
    assert (pair.training.differing["x"], pair.training.total, pair.equal) == (1, 1, False)


def test_a_file_names_the_code():
    comparison = compare({"a": ReferencePlatform(), "b": ReferencePlatform()}, CIRCUIT, SAMPLES, WEIGHTS)
    told = json.loads(json.dumps(as_dict(comparison)))
    assert code_of(told["code"]) == CODE
    assert told["layer_sizes"] == [12, 16, 8]


def test_a_platform_that_breaks_off_before_it_answers_has_failed():
    platforms = {"a": ReferencePlatform(), "b": Altered(raises=EqualityError("no"), run=0)}
    (pair,) = compare(platforms, CIRCUIT, SAMPLES, WEIGHTS).pairs
    assert pair.failures == ("b broke off in training, after 0 samples: no",)
