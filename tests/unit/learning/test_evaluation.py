"""What the inference circuit answers, and its scores."""

from __future__ import annotations

import numpy as np
import pytest
from spied_platform import ASKING, CIRCUIT, LABELS, SMALL, WEIGHTS, N, SpiedPlatform, X

from pynn_backprop.learning.evaluation import Evaluation, answering_circuit, evaluate, first_firing
from pynn_backprop.reference.rule import Rule
from pynn_backprop.reference.steps import StepSimulator

OUTPUTS = np.array([[0, 1, 0], [1, 1, 0], [0, 1, 1], [0, 0, 0], [1, 0, 1], [0, 0, 0]], dtype=bool)
POTENTIALS = np.array([[0, 9, 1], [7, 8, 1], [1, 5, 5], [-3, -2, -1], [6, 0, 9], [0, 0, 0]])
ANSWERS = Evaluation(OUTPUTS, POTENTIALS, seconds=1.0)


def test_the_first_firing_output_is_the_answer_and_silence_is_none():
    assert first_firing(OUTPUTS).tolist() == [1, 0, 1, -1, 0, -1]
    assert first_firing(np.array([[1, 3, 3], [0.25, 0, 0.5]])).tolist() == [1, 2]


def test_three_scores():
    score = ANSWERS.score(np.array([1, 1, 1, 2, 0, 0]))
    assert score.samples == 6
    assert score.by_spikes == 3 / 6  # samples 0, 2, 4
    assert score.by_potential == 5 / 6  # all but sample 4
    assert score.all_right == 1 / 6  # sample 0


@pytest.mark.parametrize(("label", "by_spikes", "by_potential"), [(0, 2 / 6, 1 / 6), (1, 2 / 6, 3 / 6), (2, 0, 2 / 6)])
def test_the_scores_of_a_constant_label(label, by_spikes, by_potential):
    score = ANSWERS.score(np.full(6, label))
    assert (score.by_spikes, score.by_potential) == (by_spikes, by_potential)


def test_silence_is_never_the_answer():
    silent = Evaluation(np.zeros((2, 3), bool), np.zeros((2, 3), int), 0.0)
    for label in range(3):
        score = silent.score(np.full(2, label))
        assert (score.by_spikes, score.all_right) == (0, 0)


def test_a_share_of_the_target_s_neurons_is_not_all_right():
    shares = Evaluation(np.array([[1.0, 0.0], [0.5, 0.0]]), np.zeros((2, 2), int), 0.0)
    score = shares.score(np.array([0, 0]))
    assert (score.by_spikes, score.all_right) == (1, 0.5)


def test_evaluation_asks_the_inference_circuit_in_runs():
    platform, shown = SpiedPlatform(samples_per_run=10), []
    answers = evaluate(platform, ASKING, X, WEIGHTS, callback=shown.append)
    expected = Rule(WEIGHTS, SMALL).infer(X)
    np.testing.assert_array_equal(answers.outputs, expected.outputs)
    np.testing.assert_array_equal(answers.potentials, expected.potentials)
    assert answers.outputs.dtype == bool
    assert shown == [10, 20, N]
    assert [len(x) for x, _ in platform.built[0].runs] == [10, 10, 3]
    assert platform.built[0].closed


def test_the_inference_circuit_step_by_step_gives_the_same_scores():
    steps = StepSimulator(ASKING, WEIGHTS).infer(X)
    score = Evaluation(steps.outputs, steps.potentials, 0.0).score(LABELS)
    assert score == evaluate(SpiedPlatform(), ASKING, X, WEIGHTS).score(LABELS)
    assert 0 < score.by_potential < 1


def test_what_a_circuit_learnt_is_answered_by_one_with_its_sizes_strengths_and_code():
    assert answering_circuit(CIRCUIT) == ASKING
