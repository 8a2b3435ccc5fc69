"""The rule for units of several neurons: by hand, in parts, and what it refuses."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from pynn_backprop.circuit.parameters import Parameters
from pynn_backprop.circuit.training import training_circuit
from pynn_backprop.codes.binary import Binary
from pynn_backprop.codes.code import Code
from pynn_backprop.codes.graded import DITHERS, Graded
from pynn_backprop.errors import InputError
from pynn_backprop.interfaces import Response
from pynn_backprop.reference.rule import Rule
from pynn_backprop.reference.steps import StepSimulator
from pynn_backprop.weights import Weights

every_dither = pytest.mark.parametrize("dither", DITHERS)


def random_weights(generator: np.random.Generator, sizes: list[int]) -> Weights:
    return {f"W{k}": generator.integers(-60, 200, shape) for k, shape in enumerate(pairwise(sizes), 1)}


def same(one: Response, other: Response) -> bool:
    return bool((one.outputs == other.outputs).all() and (one.potentials == other.potentials).all())


# --- by hand


def test_the_unit_moves_by_the_rectified_difference_of_the_two_numbers():
    """One unit of 4 neurons on another, theta = 512, q = 128: a weight of 64 drives with 256, two of four levels."""
    code = Graded(4)
    for target, weight, fires in ((1.0, 64, 2), (0.5, 64, 2), (0.25, 64, 2), (0.0, 64, 2), (0.75, 96, 3)):
        weights = {"W1": np.full((4, 4), weight)}
        rule = Rule(weights, code=code)
        output = rule.train(code.fire(np.array([[1.0]])), code.fire(np.array([[target]]))).outputs.sum()
        assert output == fires
        assert (rule.weights()["W1"] - weight).sum() == 2 * 4 * (round(4 * target) - fires)


@pytest.mark.parametrize(("drive", "fires"), [(64, 0), (65, 1), (192, 1), (193, 2), (320, 2), (321, 3), (449, 4)])
def test_a_neuron_fires_above_its_level_and_a_half(drive, fires):
    """One neuron of the input unit of four drives with odd weights: q = 128."""
    weights = np.zeros((4, 4), int)
    weights[0], weights[1] = drive // 2, drive - drive // 2
    response = Rule({"W1": weights}, code=Graded(4, "fixed")).infer(np.array([[True, True, False, False]]))
    assert response.potentials.tolist() == [[drive] * 4]
    assert response.outputs.tolist() == [[k < fires for k in range(4)]]


def test_levels_go_on_from_sample_to_sample():
    """A drive of two levels, of which the second sample's begin at 1 and the third's at 2."""
    response = Rule({"W1": np.full((4, 4), 64)}, code=Graded(4)).infer(np.ones((3, 4), bool))
    assert response.outputs.astype(int).tolist() == [[1, 1, 0, 0], [1, 0, 0, 1], [0, 0, 1, 1]]


def test_only_numbers_of_input_neurons_count_not_which_ones():
    generator, code = np.random.default_rng(1), Graded(8)
    weights = random_weights(generator, [16, 8])
    x = generator.random((30, 16)) < 0.5
    sorted_x = code.thermometer(code.counts(x))
    assert (x != sorted_x).any()
    assert same(Rule(weights, code=code).infer(x), Rule(weights, code=code).infer(sorted_x))


def test_an_error_is_forgotten_when_the_next_sample_has_none():
    """As for single neurons: the second sample shows another input, whose answer is right."""
    code = Graded(2, "fixed")
    w1 = np.array([[20, 20], [20, 20], [40, 40], [40, 40]])
    rule = Rule({"W1": w1, "W2": np.array([[20, 20], [20, 20]])}, Parameters(theta=64), code)
    x = np.array([[True, True, False, False], [False, False, True, True]])
    rule.train(x[:1], np.array([0]))
    once = rule.weights()
    assert (once["W1"][:2] > w1[:2]).any()
    rule.train(x[1:], rule.infer(x[1:]).outputs)
    assert all((matrix == once[name]).all() for name, matrix in rule.weights().items())


def test_a_label_stands_for_a_whole_unit():
    generator, code = np.random.default_rng(2), Graded(4)
    weights, x = random_weights(generator, [8, 12]), code.fire(generator.random((9, 2)))
    labels = np.arange(9) % 3
    one, other = Rule(weights, code=code), Rule(weights, code=code)
    one.train(x, labels)
    other.train(x, code.fire(np.eye(3)[labels]))
    np.testing.assert_array_equal(one.weights()["W1"], other.weights()["W1"])


def test_without_a_code_a_unit_is_one_neuron():
    generator = np.random.default_rng(3)
    weights, x = random_weights(generator, [6, 5, 3]), generator.random((40, 6)) < 0.4
    labels = generator.integers(0, 3, 40)
    one, other = Rule(weights), Rule(weights, Parameters(), Binary())
    assert same(one.train(x, labels), other.train(x, labels))
    assert one.units == other.units == (6, 5, 3)
    assert Rule({"W1": np.zeros((8, 4), int)}, code=Graded(4)).units == (2, 1)


# --- in parts


def asked(code: Code, seed: int = 0) -> tuple[Weights, np.ndarray, np.ndarray]:
    generator = np.random.default_rng(seed)
    weights = random_weights(generator, [2 * code.n, 3 * code.n, code.n])
    return weights, code.fire(generator.random((50, 2))), code.fire(generator.random((50, 1)))


@every_dither
def test_two_calls_of_infer_answer_as_one(dither):
    code = Graded(8, dither)
    weights, x, _ = asked(code)
    whole, parts = Rule(weights, code=code).infer(x), Rule(weights, code=code)
    for part in (slice(0, 0), slice(0, 21), slice(21, 22), slice(22, 50)):
        assert same(parts.infer(x[part]), Response(whole.outputs[part], whole.potentials[part]))


@every_dither
def test_samples_count_whether_they_are_learnt_answered_or_skipped(dither):
    code = Graded(8, dither)
    weights, x, targets = asked(code)
    answered, learnt, skipped = (Rule(weights, code=code) for _ in range(3))
    answered.infer(x[:21])
    learnt.train(x[:21], targets[:21])
    skipped.skip(20)
    skipped.skip(1)
    later = Rule(learnt.weights(), code=code)
    later.skip(21)
    assert same(answered.infer(x[21:]), skipped.infer(x[21:]))
    assert same(learnt.train(x[21:], targets[21:]), later.train(x[21:], targets[21:]))
    for name, matrix in learnt.weights().items():
        np.testing.assert_array_equal(later.weights()[name], matrix)


@pytest.mark.parametrize("dither", ["rotating", "noise"])
def test_forgetting_how_many_samples_were_shown_would_be_seen(dither):
    code = Graded(8, dither)
    weights, x, _ = asked(code)
    one, other = Rule(weights, code=code), Rule(weights, code=code)
    other.skip(3)
    assert (one.infer(x).outputs != other.infer(x).outputs).any()


@every_dither
def test_no_samples_have_no_outputs(dither):
    code = Graded(4, dither)
    weights, x, targets = asked(code)
    rule = Rule(weights, code=code)
    assert rule.train(x[:0], targets[:0]).outputs.shape == (0, 4)
    assert rule.infer(x[:0]).potentials.shape == (0, 4)


# --- what is refused


def test_layers_of_no_whole_units_are_refused():
    with pytest.raises(InputError, match=r"layers of \(6, 4\) neurons, but a unit has 4"):
        Rule({"W1": np.zeros((6, 4), int)}, code=Graded(4))


def test_a_threshold_that_does_not_suit_the_code_is_refused():
    with pytest.raises(InputError, match="theta is 1026 but must be a multiple of 2 n = 8"):
        Rule({"W1": np.zeros((8, 4), int)}, Parameters(theta=1026), Graded(4))


@pytest.mark.parametrize(
    ("x", "targets", "message"),
    [
        (np.zeros((2, 8), int), np.zeros((2, 4), bool), "x is int64"),
        (np.zeros((2, 7), bool), np.zeros((2, 4), bool), r"shape \(n, 8\)"),
        (np.zeros((2, 8), bool), np.zeros((3, 4), bool), r"targets have shape \(3, 4\)"),
        (np.zeros((2, 8), bool), np.zeros((2, 5), bool), r"targets have shape \(2, 5\)"),
        (np.zeros((2, 8), bool), np.array([0, 1]), "labels run from 0 to 1"),
        (np.zeros((2, 8), bool), np.zeros((2, 4)), "labels are float64"),
    ],
)
def test_what_does_not_fit_is_refused(x, targets, message):
    rule = Rule({"W1": np.zeros((8, 4), int)}, code=Graded(4))
    steps = StepSimulator(training_circuit((2, 1), code=Graded(4)), {"W1": np.zeros((8, 4), int)})
    for running in (rule, steps):
        with pytest.raises(InputError, match=message):
            running.train(x, targets)
