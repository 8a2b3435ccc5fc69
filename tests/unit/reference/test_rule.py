"""The rule by hand, for one and two weight matrices of single neurons; the circuit, step by step, must agree."""

from __future__ import annotations

import numpy as np
import pytest

from pynn_backprop.circuit.parameters import Parameters
from pynn_backprop.circuit.training import training_circuit
from pynn_backprop.errors import InputError
from pynn_backprop.reference.rule import Rule
from pynn_backprop.reference.steps import StepSimulator

SMALL = Parameters(theta=64, eta=2, w_max=254)
"""Fires above 32; the derivative is 1 for drives of 1 to 64."""


def learnt(
    matrices: list[list[list[int]]], x: list[list[int]], labels: list[int], parameters: Parameters = SMALL
) -> list[list[list[int]]]:
    """The matrices after learning, by the rule; the step simulator must agree."""
    weights = {f"W{k}": np.array(matrix) for k, matrix in enumerate(matrices, 1)}
    samples, targets = np.array(x, dtype=bool), np.array(labels)
    sizes = (*(len(matrix) for matrix in matrices), len(matrices[-1][0]))
    rule, steps = Rule(weights, parameters), StepSimulator(training_circuit(sizes, parameters), weights)
    for running in (rule, steps):
        running.train(samples, targets)
    result = [matrix.tolist() for matrix in rule.weights().values()]
    assert [matrix.tolist() for matrix in steps.weights().values()] == result
    return result


# --- one weight matrix, by hand


def test_a_silent_target_is_potentiated_and_a_wrong_output_is_depressed():
    """v = (10, 40): neuron 0 should fire and does not, neuron 1 should not and does; input 1 is silent."""
    assert learnt([[[10, 40], [5, 7]]], [[1, 0]], [0]) == [[[12, 38], [5, 7]]]


def test_a_right_answer_changes_nothing():
    assert learnt([[[40, 10]]], [[1]], [0]) == [[[40, 10]]]


@pytest.mark.parametrize(("drive", "change"), [(-1, 0), (0, 0), (1, 2), (32, 2), (33, 0), (64, 0), (65, 0)])
def test_the_target_is_potentiated_only_where_its_drive_is_positive_and_it_is_silent(drive, change):
    assert learnt([[[drive]]], [[1]], [0]) == [[[drive + change]]]


@pytest.mark.parametrize(("drive", "change"), [(-1, 0), (1, 0), (32, 0), (33, -2), (64, -2), (65, 0)])
def test_a_wrong_output_is_depressed_only_where_it_fires_and_its_drive_is_at_most_theta(drive, change):
    assert learnt([[[drive, 100]]], [[1]], [1]) == [[[drive + change, 100]]]


@pytest.mark.parametrize(("weight", "clipped"), [(28, 30), (29, 30), (30, 30)])
def test_potentiation_stops_at_w_max(weight, clipped):
    assert learnt([[[weight]]], [[1]], [0], Parameters(theta=64, w_max=30)) == [[[clipped]]]


@pytest.mark.parametrize(("weight", "clipped"), [(-28, -30), (-29, -30), (-30, -30)])
def test_depression_stops_at_minus_w_max(weight, clipped):
    """Three more inputs of 30 make the output fire, and are depressed with the first."""
    before, after = [[weight], [30], [30], [20]], [[clipped], [28], [28], [18]]
    before, after = ([[*row, 0] for row in matrix] for matrix in (before, after))
    assert learnt([before], [[1, 1, 1, 1]], [1], Parameters(theta=64, w_max=30)) == [after]


def test_the_order_of_the_samples_matters():
    """As target first, neuron 0 crosses its threshold, fires at the other sample and is taken back; else it stays."""
    before, samples = [[[31, 100]]], [[1], [1]]
    assert learnt(before, samples, [0, 1]) == [[[31, 100]]]
    assert learnt(before, samples, [1, 0]) == [[[33, 100]]]


def test_eta_is_the_change():
    assert learnt([[[10, 40]]], [[1]], [0], Parameters(theta=64, eta=7)) == [[[17, 33]]]


# --- two weight matrices, by hand


def test_the_error_goes_back_through_the_transposed_weights():
    """u = (40, 20, 20), h = (1, 0, 0), v = 20, d+ = 1: the hidden error is the sign of W2."""
    after = learnt([[[40, 20, 20], [5, 5, 5]], [[20], [30], [-30]]], [[1, 0]], [0])
    assert after == [[[42, 22, 18], [5, 5, 5]], [[22], [30], [-30]]]


def test_a_wrong_output_sends_the_other_sign_back():
    """v = (40, 100): neuron 0 fires against the label."""
    after = learnt([[[40, 20, 20]], [[40, 100], [30, 0], [-30, 0]]], [[1]], [1])
    assert after == [[[38, 18, 22]], [[38, 100], [30, 0], [-30, 0]]]


@pytest.mark.parametrize(("drive", "change"), [(-1, 0), (0, 0), (1, 2), (32, 2), (33, 2), (64, 2), (65, 0)])
def test_a_hidden_neuron_learns_only_inside_the_box_of_the_derivative(drive, change):
    """Hidden neuron 0 keeps the output's drive at 10, whether neuron 1, with an outgoing weight of 1, fires or not."""
    first, _ = learnt([[[40, drive]], [[10], [1]]], [[1]], [0])
    assert first == [[42, drive + change]]


def test_errors_that_cancel_change_nothing_below():
    """v = (10, 40), d+ of neuron 0 and d- of neuron 1 with equal weights back."""
    (w1, w2) = learnt([[[40, 20]], [[10, 40], [7, 7]]], [[1]], [0])
    assert w1 == [[40 - 2, 20]]
    assert w2 == [[12, 38], [7, 7]]


def test_the_hidden_error_uses_the_weights_from_before_the_sample():
    """The second hidden neuron's weight goes from -1 to 1, but its error is that of -1."""
    after = learnt([[[40, 40]], [[20], [-1]]], [[1]], [0])
    assert after == [[[42, 38]], [[22], [1]]]


# --- several samples: nothing of one is left for the next


def test_an_error_is_forgotten_when_the_next_sample_is_answered_rightly():
    """Sample 0 potentiates all; sample 1 shows input 1, whose answer is right, so that nothing of it may change."""
    before = [[[40, 20], [80, 20]], [[20, 0], [0, 10]]]
    after = learnt(before, [[1, 0], [0, 1]], [0, 0])
    assert after[0] == [[42, 20], [80, 20]]


def test_a_hidden_error_is_forgotten_when_the_next_drive_is_outside_the_box():
    """Both samples have an output error; of the second the hidden neuron's drive is above theta."""
    assert learnt([[[40], [70]], [[20]]], [[1, 0], [0, 1]], [0, 0]) == [[[42], [70]], [[24]]]


def test_a_drive_is_that_of_one_sample_alone():
    response = Rule({"W1": np.array([[40], [3]])}, SMALL).infer(np.array([[True, True], [False, True], [False, False]]))
    assert response.potentials.tolist() == [[43], [3], [0]]
    assert response.outputs.tolist() == [[True], [False], [False]]


@pytest.mark.parametrize("active", range(11))
def test_a_drive_is_the_sum_of_all_active_rows(active):
    """Rows are added four at a time, and the others one by one."""
    weights = 2 ** np.arange(10)[:, None] % 251 * np.array([[1, -1]])
    x = np.arange(10) < active
    response = Rule({"W1": weights}).infer(x[None])
    assert response.potentials.tolist() == [weights[:active].sum(axis=0).tolist()]


@pytest.mark.parametrize("wrong", [1, 2, 3, 17])
def test_few_and_many_errors_change_their_columns_only(wrong):
    """Where less than an eighth of the neurons have an error, only their columns are visited."""
    before = np.full((3, 17), 10)
    before[:, wrong:] = -1
    x, targets = np.array([[True, False, True]]), np.ones((1, 17), bool)
    rule = Rule({"W1": before}, SMALL)
    rule.train(x, targets)
    after = before.copy()
    after[[0, 2], :wrong] += 2
    np.testing.assert_array_equal(rule.weights()["W1"], after)


def test_errors_of_both_signs_are_clipped_where_few_neurons_have_one():
    before = np.full((4, 17), 30)
    before[:, 0], before[:, 1], before[:, 2:] = (-30, -30, 60, 40), (30, 30, -40, -19), 0
    targets = np.arange(17)[None] == 1
    rule = Rule({"W1": before}, Parameters(theta=64, w_max=60))
    rule.train(np.ones((1, 4), bool), targets)
    assert rule.weights()["W1"][:, 0].tolist() == [-32, -32, 58, 38]
    assert rule.weights()["W1"][:, 1].tolist() == [32, 32, -38, -17]
    bounded = Rule({"W1": before // 2}, Parameters(theta=32, w_max=30))
    bounded.train(np.ones((1, 4), bool), targets)
    assert bounded.weights()["W1"][:, 0].tolist() == [-17, -17, 28, 18]


# --- what is handed in and out


def test_the_weights_that_are_handed_in_and_out_are_copies():
    given_weights = {"W1": np.array([[10, 40]])}
    rule = Rule(given_weights, SMALL)
    rule.weights()["W1"][:] = 0
    rule.train(np.ones((1, 1), bool), np.zeros(1, np.int64))
    assert given_weights["W1"].tolist() == [[10, 40]]
    assert rule.weights()["W1"].tolist() == [[12, 38]]
    assert rule.weights()["W1"].dtype == np.int64


def test_inference_does_not_learn():
    rule = Rule({"W1": np.array([[10, 40]])}, SMALL)
    response = rule.infer(np.ones((2, 1), bool))
    assert response.outputs.tolist() == [[False, True]] * 2
    assert response.potentials.tolist() == [[10, 40]] * 2
    assert rule.weights()["W1"].tolist() == [[10, 40]]


@pytest.mark.parametrize("x", [np.ones((2, 3)), np.ones((2, 4), bool), np.ones(3, bool)], ids=["float", "4", "1-D"])
def test_samples_of_another_type_or_shape_are_refused(x):
    weights = {"W1": np.ones((3, 2), int)}
    for running in (Rule(weights), StepSimulator(training_circuit((3, 2)), weights)):
        with pytest.raises(InputError, match=r"must be bool of shape \(n, 3\)"):
            running.train(x, np.zeros(2, np.int64))


def test_the_rule_has_one_copy_no_spikes_and_nothing_to_free():
    rule = Rule({"W1": np.array([[10, 40]])}, SMALL)
    rule.check_copies()
    assert rule.take_spikes() == {}
    rule.close()
    rule.infer(np.ones((1, 1), bool))


def test_weights_that_do_not_fit_together_are_refused():
    with pytest.raises(InputError, match=r"W2 has shape \(3, 1\) but must have \(2, 1\)"):
        Rule({"W1": np.ones((4, 2), int), "W2": np.ones((3, 1), int)})
    with pytest.raises(InputError, match="within -20 and 20"):
        Rule({"W1": np.array([[21]])}, Parameters(w_max=20))
