"""The graded oracle: it is the binary one for one neuron a unit, and the circuit simulated step by step for more."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pynn_backprop.circuit.inference import inference_circuit
from pynn_backprop.circuit.parameters import Parameters, graded_parameters
from pynn_backprop.circuit.training import training_circuit
from pynn_backprop.codes.binary import Binary
from pynn_backprop.codes.graded import DITHERS, Graded
from pynn_backprop.errors import EqualityError, InputError
from pynn_backprop.reference.rule import Rule
from pynn_backprop.reference.steps import StepSimulator
from pynn_backprop.spikes import check_silence
from pynn_backprop.weights import Weights


def random_weights(generator: np.random.Generator, sizes: list[int]) -> Weights:
    return {f"W{k}": generator.integers(-60, 200, shape) for k, shape in enumerate(pairwise(sizes), 1)}


# --- one neuron a unit


@given(seed=st.integers(0, 2**32), units=st.sampled_from([(9, 4), (12, 8, 3)]), theta=st.sampled_from([64, 1024]))
@settings(max_examples=30, deadline=None)
def test_with_one_neuron_a_unit_it_is_the_binary_oracle(seed, units, theta):
    generator, parameters = np.random.default_rng(seed), Parameters(theta=theta, bias=16384)
    weights = random_weights(generator, list(units))
    x, labels = generator.random((60, units[0])) < 0.4, generator.integers(0, units[-1], 60)
    binary, graded = Rule(weights, parameters), Rule(weights, parameters, Binary())
    one, other = binary.train(x, labels), graded.train(x, labels)
    np.testing.assert_array_equal(one.outputs, other.outputs)
    np.testing.assert_array_equal(one.potentials, other.potentials)
    for name, matrix in binary.weights().items():
        np.testing.assert_array_equal(matrix, graded.weights()[name])


# --- the circuit, step by step


@given(
    seed=st.integers(0, 2**32),
    units=st.sampled_from([(3, 2), (1, 1), (3, 4, 2), (2, 1, 3)]),
    n=st.sampled_from([2, 4, 8]),
    dither=st.sampled_from(DITHERS),
    back_gain=st.sampled_from([1, 2, 4]),
    skipped=st.integers(0, 9),
    eta=st.sampled_from([2, 8]),
)
@settings(max_examples=40, deadline=None)
def test_the_step_simulator_gives_the_same_outputs_potentials_and_weights(
    seed, units, n, dither, back_gain, skipped, eta
):
    generator, code = np.random.default_rng(seed), Graded(n, dither, seed % 1000, back_gain)
    parameters = graded_parameters(n, eta=eta)
    weights = random_weights(generator, [unit * n for unit in units])
    x, targets = (code.fire(generator.random((12, size))) for size in (units[0], units[-1]))
    oracle = Rule(weights, parameters, code)
    circuit = training_circuit(units, parameters, code)
    steps = StepSimulator(circuit, weights)
    for running in (oracle, steps):
        running.skip(skipped)
    for part in (slice(0, 5), slice(5, 12)):
        one, other = oracle.train(x[part], targets[part]), steps.train(x[part], targets[part])
        np.testing.assert_array_equal(one.outputs, other.outputs)
        np.testing.assert_array_equal(one.potentials, other.potentials)
    for name, matrix in oracle.weights().items():
        np.testing.assert_array_equal(matrix, steps.weights()[name])
    steps.check_copies()
    check_silence(steps.take_spikes(), circuit)

    answering = StepSimulator(inference_circuit(units, parameters, code=code), oracle.weights())
    fresh = Rule(oracle.weights(), parameters, code)
    one, other = fresh.infer(x), answering.infer(x)
    np.testing.assert_array_equal(one.outputs, other.outputs)
    np.testing.assert_array_equal(one.potentials, other.potentials)


@pytest.mark.parametrize("dither", DITHERS)
def test_training_in_parts_and_training_taken_up_later_end_with_the_same_weights(dither):
    generator, code = np.random.default_rng(0), Graded(8, dither)
    weights = random_weights(generator, [16, 24, 8])
    x, targets = code.fire(generator.random((50, 2))), code.fire(generator.random((50, 1)))
    whole = Rule(weights, code=code)
    whole.train(x, targets)
    first = Rule(weights, code=code)
    first.train(x[:21], targets[:21])
    later = Rule(first.weights(), code=code)
    later.skip(21)
    later.train(x[21:], targets[21:])
    for name, matrix in whole.weights().items():
        np.testing.assert_array_equal(later.weights()[name], matrix)


def test_forgetting_how_many_samples_were_shown_would_be_seen():
    generator, code = np.random.default_rng(0), Graded(8)
    weights, x = random_weights(generator, [16, 24, 8]), code.fire(generator.random((50, 2)))
    one, other = Rule(weights, code=code), Rule(weights, code=code)
    other.skip(3)
    assert (one.infer(x).outputs != other.infer(x).outputs).any()


# --- the error of the output, by hand


def test_the_unit_moves_by_the_rectified_difference_of_the_two_numbers():
    """One unit of 4 neurons on another, theta = 512, q = 128: a weight of 64 drives with 256, two of four levels."""
    code = Graded(4)
    for target, weight in ((1.0, 64), (0.5, 64), (0.25, 64), (0.0, 64), (0.75, 96)):
        weights = {"W1": np.full((4, 4), weight)}
        oracle = Rule(weights, code=code)
        output = oracle.train(code.fire(np.array([[1.0]])), code.fire(np.array([[target]]))).outputs.sum()
        change = (oracle.weights()["W1"] - weight).sum()
        assert output == {64: 2, 96: 3}[weight]
        assert change == 2 * 4 * (round(4 * target) - output)


def test_only_numbers_of_input_neurons_count_not_which_ones():
    generator, code = np.random.default_rng(1), Graded(8)
    weights = random_weights(generator, [16, 8])
    x = generator.random((30, 16)) < 0.5
    sorted_x = code.thermometer(code.counts(x))
    assert (x != sorted_x).any()
    one, other = (Rule(weights, code=code).infer(shown).outputs for shown in (x, sorted_x))
    np.testing.assert_array_equal(one, other)


# --- what is refused


def test_a_label_stands_for_a_whole_unit():
    generator, code = np.random.default_rng(2), Graded(4)
    weights, x = random_weights(generator, [8, 12]), code.fire(generator.random((9, 2)))
    labels = np.arange(9) % 3
    one, other = Rule(weights, code=code), Rule(weights, code=code)
    one.train(x, labels)
    other.train(x, code.fire(np.eye(3)[labels]))
    np.testing.assert_array_equal(one.weights()["W1"], other.weights()["W1"])


def test_layers_of_no_whole_units_are_refused():
    with pytest.raises(InputError, match=r"layers of \(6, 4\) neurons, but a unit has 4"):
        Rule({"W1": np.zeros((6, 4), int)}, code=Graded(4))


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
    oracle = Rule({"W1": np.zeros((8, 4), int)}, code=Graded(4))
    steps = StepSimulator(training_circuit((2, 1), code=Graded(4)), {"W1": np.zeros((8, 4), int)})
    for running in (oracle, steps):
        with pytest.raises(InputError, match=message):
            running.train(x, targets)


def test_a_replay_that_inhibition_can_not_hold_is_an_error():
    code, parameters = Graded(4), Parameters(theta=64, bias=128, w_max=254)
    with pytest.raises(EqualityError, match="larger bias"):
        Rule({"W1": np.full((40, 4), 254)}, parameters, code).train(np.ones((1, 40), bool), np.zeros((1, 4), bool))
