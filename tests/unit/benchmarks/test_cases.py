"""The cases: what is learnt, what is right, and what can't be a case."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from benchmarks.cases import CASES
from benchmarks.cases.base import Case, GradedCase
from pynn_backprop.codes.binary import Binary
from pynn_backprop.codes.graded import Graded
from pynn_backprop.errors import InputError
from pynn_backprop.learning.evaluation import Evaluation
from pynn_backprop.tasks.linear_map import random_map
from pynn_backprop.weights import initial_weights


def small(**changes) -> Case:
    usual = {"name": "small", "summary": "a task", "inputs": 4, "outputs": 3, "hidden": 5, "correct": "it is right"}
    return Case(**{**usual, "samples": 10, "test_samples": 5, "epochs": 1, **changes})


def answers(outputs: list[list[int]]) -> Evaluation:
    fired = np.array(outputs, bool)
    return Evaluation(fired, fired.astype(int), 0.0)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"name": "a b"}, "name of the case is 'a b' but must begin with"),
        ({"summary": None}, "summary of the case small is None but must be a str"),
        ({"correct": 3}, "correct of the case small is 3 but must be a str"),
        ({"code": 32}, "code of the case small is 32 but must be a Code"),
        ({"inputs": 0}, "inputs of the case small is 0 but must be a whole number of at least 1"),
        ({"outputs": 0}, "outputs of the case small is 0"),
        ({"samples": 0}, "samples of the case small is 0"),
        ({"test_samples": 0}, "test_samples of the case small is 0"),
        ({"epochs": 0}, "epochs of the case small is 0"),
        ({"hidden": -1}, "hidden of the case small is -1 but must be a whole number of at least 0"),
        ({"floor": 1.0}, "floor of the case small is 1.0 but must be from 0 to 1"),
        ({"floor": -0.1}, "floor of the case small is -0.1 but must be from 0 to 1"),
        ({"seeds": ()}, "the case small needs seeds"),
        ({"seeds": (0, -1)}, "seeds of the case small is -1"),
        ({"hidden_sizes": ()}, "the case small needs hidden_sizes"),
        ({"hidden_sizes": (1.5,)}, "hidden_sizes of the case small is 1.5"),
    ],
)
def test_what_can_not_be_a_case_is_refused(change, said):
    with pytest.raises(InputError, match=said):
        small(**change)


def test_layers_are_those_of_the_case_or_of_the_user():
    assert small().units() == (4, 5, 3)
    assert small().units(7) == (4, 7, 3)
    assert small().units(0) == small(hidden=0).units() == (4, 3)
    with pytest.raises(InputError, match="hidden is -1"):
        small().units(-1)


def test_an_answer_is_right_if_the_first_output_that_fires_is_the_class():
    samples = CASES.named("digits").load(4, 4, 0)
    samples = replace(samples, y_test=np.array([0, 1, 2, 2]))
    found = small().score(answers([[1, 0, 0], [0, 1, 1], [1, 0, 1], [0, 0, 0]]), samples, {}, 0)
    assert found == {
        "ClassificationAccuracy": 0.5,
        "ClassificationAccuracyBySingleSpikes": 0.5,
        "ClassificationAccuracyByPotential": 0.5,
        "ClassificationAccuracyAllRight": 0.25,
    }


@pytest.mark.parametrize(("right", "reached"), [(0.7, True), (0.69, False)])
def test_a_case_is_reached_at_its_floor(right, reached):
    case = small(floor=0.7)
    assert case.reached({"ClassificationAccuracy": right}) is reached
    assert case.reached({}) is False
    assert case.wanted == "at least 70% right"


def test_binary_cases_start_from_the_packages_weights():
    for name, matrix in small().initial_weights((4, 5, 3), 7).items():
        np.testing.assert_array_equal(matrix, initial_weights((4, 5, 3), 7)[name])
    assert small().code == Binary()


# --- data sets


def test_digits_are_three_neurons_a_pixel_and_the_same_for_all_seeds():
    case = CASES.named("digits")
    samples, other = case.load(30, 20, 0), case.load(30, 20, 1)
    assert (samples.x_train.shape, samples.y_train.shape) == ((30, 192), (30,))
    assert (samples.x_test.shape, samples.n_classes) == ((20, 192), 10)
    assert samples.fingerprint == other.fingerprint


def test_data_of_other_sizes_than_the_case_says_are_refused():
    case = replace(CASES.named("digits"), inputs=64)
    with pytest.raises(InputError, match=r"the case digits is for \(64, 10\) units but its data for \(192, 10\)"):
        case.load(10, 10, 0)


@pytest.mark.parametrize(
    ("name", "units", "samples", "floor"),
    [
        ("digits", (192, 200, 10), (1437, 360, 10), 0.94),
        ("mnist", (400, 400, 10), (60_000, 10_000, 20), 0.96),
        ("fashion-mnist", (784, 400, 10), (60_000, 10_000, 1), 0.55),
        ("linear-map", (4, 3), (4000, 200, 1), 0.0),
        ("xor", (3, 12, 1), (4000, 128, 1), 0.0),
    ],
)
def test_the_cases_are_as_large_as_they_say(name, units, samples, floor):
    case = CASES.named(name)
    assert case.units() == units
    assert (case.samples, case.test_samples, case.epochs) == samples
    assert case.floor == floor
    assert case.seeds == (0, 1, 2)


# --- graded values


def test_graded_cases_have_32_neurons_a_unit_and_start_in_the_middle():
    for name in ("linear-map", "xor"):
        case = CASES.named(name)
        assert isinstance(case, GradedCase)
        assert case.code == Graded(32)
        expected = initial_weights(case.units(), 3, code=Graded(32))
        for matrix, values in case.initial_weights(case.units(), 3).items():
            np.testing.assert_array_equal(values, expected[matrix])


def test_a_linear_map_is_scored_by_its_weights_and_its_outputs():
    case = CASES.named("linear-map")
    samples = case.load(5, 2, seed=3)
    assert samples.x_train.shape == (5, 4 * 32)
    assert samples.y_test.shape == (2, 3 * 32)
    wanted = case.code.counts(samples.y_test) / 32
    # All weights between neurons are 0, so those between units are 0 too; outputs are off by 1/4 in one of six.
    outputs = wanted.copy()
    outputs[0, 0] += 0.25
    score = case.score(Evaluation(outputs, outputs, 0.0), samples, {"W1": np.zeros((128, 96), int)}, 3)
    assert score == {
        "LargestWeightError": pytest.approx(random_map(3, 4, 3).max()),
        "MeanOutputError": pytest.approx(0.25 / 6),
    }
    assert case.reached({"LargestWeightError": 0.03}) is True
    assert case.reached({"LargestWeightError": 0.031}) is False
    assert case.wanted == "no weight further than 0.03 from the map"


def test_training_and_test_samples_of_a_map_differ_and_depend_on_the_seed():
    case = CASES.named("linear-map")
    one, other = case.load(5, 5, 3), case.load(5, 5, 4)
    assert np.any(one.x_train != one.x_test)
    assert one.fingerprint != other.fingerprint


def test_xor_asks_each_pattern_with_every_level_and_takes_the_smallest_margin():
    case = CASES.named("xor")
    samples = case.load(10, 128, 0)
    assert samples.x_train.shape == (10, 96)
    asked = case.code.counts(samples.x_test) / 32
    assert asked[::32].tolist() == [[0, 0, 1], [0, 1, 1], [1, 0, 1], [1, 1, 1]]
    outputs = np.repeat([0.1, 0.9, 0.8, 0.3], 32)[:, None]
    assert case.score(Evaluation(outputs, outputs, 0.0), samples, {}, 0) == {
        "ClassificationAccuracy": 1.0,
        "SmallestMargin": pytest.approx(0.2),
    }
    outputs[0] = 0.6
    assert case.score(Evaluation(outputs, outputs, 0.0), samples, {}, 0) == {
        "ClassificationAccuracy": 127 / 128,
        "SmallestMargin": pytest.approx(-0.1),
    }
    assert (case.reached({"SmallestMargin": 0.25}), case.reached({"SmallestMargin": 0.2})) == (True, False)
    assert case.wanted == "every output 0.25 from one half, on the right side"
