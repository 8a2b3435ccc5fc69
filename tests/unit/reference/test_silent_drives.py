"""Neurons that must be silent while the circuit replays: the rule refuses what inhibition could not hold, and no less.

With theta = 64 and a bias of 128 inhibition holds a drive of 320.  Each example brings exactly one of the drives that
the rule looks at to that limit or one beyond; weights may have grown by eta = 2 on the way to a replay.
"""

from __future__ import annotations

import numpy as np
import pytest

from pynn_backprop.circuit.parameters import Parameters, graded_parameters
from pynn_backprop.circuit.training import training_circuit
from pynn_backprop.codes.graded import Graded
from pynn_backprop.errors import EqualityError
from pynn_backprop.reference.rule import Rule
from pynn_backprop.reference.steps import StepSimulator
from pynn_backprop.spikes import check_silence
from pynn_backprop.weights import Weights

WEAK = Parameters(theta=64, bias=128)
Matrices = list[list[list[int]]]


def weights_of(matrices: Matrices) -> Weights:
    return {f"W{k}": np.array(matrix) for k, matrix in enumerate(matrices, 1)}


def at_the_limit(matrices: Matrices, beyond: int) -> Weights:
    """`matrices` with the first of their largest weights larger by `beyond`."""
    weights = weights_of(matrices)
    matrix = max(weights.values(), key=np.max)
    matrix[np.unravel_index(matrix.argmax(), matrix.shape)] += beyond
    return weights


LIMITS: dict[str, tuple[Matrices, int]] = {
    # 158 + 158, and 2 for each of two active inputs
    "the input, replayed, drives the output": ([[[158], [158]]], 0),
    "the input, replayed, drives the hidden layer": ([[[158], [158]], [[10]]], 0),
    # 158 + 158, and 2 for each of two hidden neurons
    "the hidden layer, replayed, drives the output": ([[[40, 40], [0, 0]], [[158], [158]]], 0),
    # all four hidden neurons have an error: 10 + 101 + 101 + 100, and 2 for each
    "the hidden error's positive part drives the output": (
        [[[40, 20, 20, 20], [0] * 4], [[10], [101], [101], [100]]],
        0,
    ),
    # 40 + 91 + 91 + 90, and 2 for each
    "the hidden error's negative part drives the output": (
        [[[40, 20, 20, 20], [0] * 4], [[40, 0], [91, 0], [91, 0], [90, 0]]],
        1,
    ),
    # the outputs' spikes come back as they are
    "the output drives the transposed weights": ([[[100], [100]], [[107, 107, 106]]], 0),
}
every_limit = pytest.mark.parametrize(("matrices", "label"), LIMITS.values(), ids=LIMITS.keys())


@every_limit
def test_a_drive_at_the_limit_is_allowed(matrices, label):
    Rule(at_the_limit(matrices, 0), WEAK, form="published").train(np.ones((1, 2), bool), np.array([label]))


@every_limit
def test_a_drive_just_beyond_the_limit_is_refused(matrices, label):
    message = (
        "a replay drives a silent neuron with up to 321, but the circuit's inhibition holds only 320: use a larger"
    )
    with pytest.raises(EqualityError, match=message):
        Rule(at_the_limit(matrices, 1), WEAK, form="published").train(np.ones((1, 2), bool), np.array([label]))


@every_limit
def test_a_larger_bias_holds_more(matrices, label):
    Rule(at_the_limit(matrices, 1), Parameters(theta=64, bias=130), form="published").train(
        np.ones((1, 2), bool), np.array([label])
    )


@pytest.mark.parametrize(("eta", "drive"), [(3, 322), (40, 396)])
def test_weights_may_grow_by_eta_until_a_replay(eta, drive):
    """316, and eta for each of two active inputs."""
    with pytest.raises(EqualityError, match=f"up to {drive}, "):
        Rule(weights_of([[[158], [158]]]), Parameters(theta=64, bias=128, eta=eta), form="published").train(
            np.ones((1, 2), bool), np.array([0])
        )


def test_the_largest_drive_of_all_samples_counts():
    x = np.array([[True, False], [True, True], [False, False]])
    with pytest.raises(EqualityError, match="up to 321, "):
        Rule(weights_of([[[159], [158]]]), WEAK, form="published").train(x, np.array([0, 0, 0]))


# --- the error-gated form, which learns only where an output has an error, and fires its layers with their edges too

COMPACT_LIMITS: dict[str, tuple[Matrices, int]] = {
    # 158 + 158, and 2 for each of two inputs or hidden neurons
    "the input drives the output": ([[[158, 10], [158, 10]]], 1),
    "the input drives the hidden layer": ([[[158], [158]], [[10]]], 0),
    # a third hidden neuron has a low edge alone, and takes 10 away
    "the hidden layer drives the output": ([[[40, 40, 20], [0] * 3], [[158, 30], [158, -10], [-10, 0]]], 1),
    # one hidden neuron fires, the other has a low edge alone, with a drive of 1; one has an error of each sign
    "the low edge drives the output": ([[[40, 1], [0, 0]], [[158, 30], [158, -10]]], 1),
    # a third neuron with a drive of theta fires inside its box, and takes 100 away
    "the high edge drives the output": ([[[65, 65, 64], [0] * 3], [[158, 10], [158, 10], [-100, -5]]], 1),
    # 105 + 105 + 104, and 2 for each; the first fires outside its box, and takes 50 away
    "the hidden error's positive part drives the output": (
        [[[70, 20, 20, 20], [0] * 4], [[-50, 20], [105, 1], [105, 1], [104, 1]]],
        1,
    ),
    "the hidden error's negative part drives the output": (
        [[[70, 20, 20, 20], [0] * 4], [[-50, 20], [105, -1], [105, -1], [104, -1]]],
        1,
    ),
    # three outputs fire and the fourth has an error
    "the output drives the transposed weights": ([[[100], [100]], [[105, 105, 104, 10]]], 3),
    # 40 + 8 * 29 + 28, and 2 for each of ten; the first alone fires
    "the second layer's low edge drives the first back": (
        [[[33], [0]], [[40, *[29] * 8, 28]], [[10], *[[0]] * 9]],
        0,
    ),
    # the first layer's second neuron is silent; in the second layer, one that is not meant takes 100 away
    "the second layer's high edge drives the first back": (
        [[[40, 0], [0, 0]], [[70, 70, 40], [158, 158, -100]], [[5], [5], [0]]],
        0,
    ),
    "the second layer's positive error drives the first back": (
        [[[40, 0], [0, 0]], [[40, 40, 40], [158, 158, -100]], [[5], [5], [0]]],
        0,
    ),
    "the second layer's negative error drives the first back": (
        [[[40, 0], [0, 0]], [[40, 40, 40, 40], [158, 158, -100, 0]], [[-5], [-5], [0], [20]]],
        0,
    ),
}


@pytest.mark.parametrize(("matrices", "label"), COMPACT_LIMITS.values(), ids=COMPACT_LIMITS.keys())
def test_the_error_gated_form_allows_a_drive_at_the_limit_and_none_beyond(matrices, label):
    x, labels = np.ones((1, 2), bool), np.array([label])
    Rule(at_the_limit(matrices, 0), WEAK, form="compact").train(x, labels)
    with pytest.raises(EqualityError, match="up to 321, but the circuit's inhibition holds only 320"):
        Rule(at_the_limit(matrices, 1), WEAK, form="compact").train(x, labels)


@pytest.mark.parametrize("beyond", [0, 1])
def test_the_error_of_one_neuron_can_be_too_much_and_a_drive_of_0_is_no_edge(beyond):
    """A bias of 64 holds 96, and the second hidden neuron, with an error, brings 94 + 2; the third would bring 254."""
    weights = weights_of([[[40, 10, 0]], [[-50, 10], [94 + beyond, 1], [254, 0]]])
    rule = Rule(weights, Parameters(theta=32, bias=64), form="compact")
    x, labels = np.ones((1, 1), bool), np.array([1])
    if beyond:
        with pytest.raises(EqualityError, match="up to 97, but the circuit's inhibition holds only 96"):
            rule.train(x, labels)
    else:
        rule.train(x, labels)


def test_the_error_gated_form_replays_nothing_of_a_right_sample():
    weights, x, labels = weights_of([[[254], [254]]]), np.ones((1, 2), bool), np.array([0])
    Rule(weights, WEAK, form="compact").train(x, labels)
    with pytest.raises(EqualityError, match="up to 512, "):
        Rule(weights, WEAK, form="published").train(x, labels)


def test_answering_replays_nothing():
    Rule(weights_of([[[254], [254]]]), WEAK, form="published").infer(np.ones((1, 2), bool))


@pytest.mark.parametrize("beyond", [0, 1])
def test_units_of_several_neurons_bring_their_spikes_back_too(beyond):
    """Two neurons a unit: the spikes of all 26 output neurons come back with 25 * 123 + 125 = 3,200, the limit."""
    code, parameters = Graded(2), graded_parameters(2)
    assert parameters.largest_silent_drive == 3_200
    last = np.full((2, 26), 123)
    last[:, -1] += 2 + beyond
    rule = Rule({"W1": np.full((2, 2), 254), "W2": last}, parameters, code, form="published")
    x, labels = np.ones((1, 2), bool), np.zeros(1, int)
    if beyond:
        with pytest.raises(EqualityError, match=r"up to 3201, but the circuit's inhibition holds only 3200"):
            rule.train(x, labels)
    else:
        assert rule.train(x, labels).outputs.all()


# --- the limit is that of the circuit


@pytest.mark.parametrize(
    ("matrices", "label", "silent"),
    [
        ([[[254]] * 3], 0, "o"),
        ([[[254] * 3], [[254]] * 3], 0, "o"),
        ([[[254]] * 3, [[254]]], 0, "h"),
        ([[[254]], [[254] * 3]], 0, "hT"),
        ([[[40, 20, 20, 20]], [[10], [254], [254], [254]]], 0, "o"),
        ([[[40, 20, 20, 20]], [[40, 0], [254, 0], [254, 0], [254, 0]]], 1, "o"),
    ],
    ids=[*LIMITS],
)
def test_what_the_rule_refuses_makes_a_silent_population_fire(matrices, label, silent):
    """Three neurons drive a population with 762.  It may fire in the first phase of the next sample: there are two."""
    weights = weights_of(matrices)
    sizes = (*(len(matrix) for matrix in matrices), len(matrices[-1][0]))
    x, labels = np.ones((2, sizes[0]), bool), np.array([label, label])
    circuit = training_circuit(sizes, WEAK, form="published")
    steps = StepSimulator(circuit, weights)
    steps.train(x, labels)
    with pytest.raises(EqualityError, match=f"spikes of {silent!r} .* must be silent"):
        check_silence(steps.take_spikes(), circuit)
    with pytest.raises(EqualityError, match=r"holds only 320: use a larger bias, Parameters\(bias=\.\.\.\)"):
        Rule(weights, WEAK, form="published").train(x, labels)
    Rule(weights, Parameters(theta=64, bias=1024), form="published").train(x, labels)


@pytest.mark.parametrize("beyond", [0, 1])
def test_the_limit_is_where_a_neuron_of_the_circuit_begins_to_fire(beyond):
    """Of the transposed weights, whose drive the rule knows exactly."""
    weights = at_the_limit(LIMITS["the output drives the transposed weights"][0], beyond)
    circuit = training_circuit((2, 1, 3), WEAK, form="published")
    steps = StepSimulator(circuit, weights)
    steps.train(np.ones((1, 2), bool), np.array([0]))
    spikes = steps.take_spikes()
    if beyond:
        with pytest.raises(EqualityError, match="1 spikes of 'hT'"):
            check_silence(spikes, circuit)
    else:
        check_silence(spikes, circuit)
