"""The rule for any number of matrices and any code, against its equations written down once more in plain numpy."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pynn_backprop.circuit.parameters import Parameters
from pynn_backprop.codes.code import Code
from pynn_backprop.codes.graded import DITHERS, Graded
from pynn_backprop.reference.rule import Rule
from pynn_backprop.weights import Weights

HOLDS_ALL = 2**20
"""A bias whose inhibition holds whatever these networks bring."""


def by_the_equations(
    weights: Weights, parameters: Parameters, code: Code, x: np.ndarray, targets: np.ndarray
) -> tuple[Weights, np.ndarray, np.ndarray]:
    """Weights after learning, outputs and potentials, as the docstring of the rule's module says it."""
    matrices = [matrix.copy() for matrix in weights.values()]
    n, theta, eta, w_max = code.n, parameters.theta, parameters.eta, parameters.w_max
    q, depth, outputs, potentials = theta / n, len(matrices), [], []
    s = code.back_step(theta // n)
    hidden = ["h"] if depth == 2 else [f"h{layer}" for layer in range(1, depth)]
    names = ["x", *hidden, "o"]
    sizes = [len(matrices[0]) // n, *(matrix.shape[1] // n for matrix in matrices)]
    for c, (inputs, wanted) in enumerate(zip(x, targets, strict=True)):
        lam = [code.levels(name, size, np.array([c]))[0] for name, size in zip(names, sizes, strict=True)]
        number, target = (np.repeat(fired.reshape(-1, n).sum(1), n) for fired in (inputs, wanted))
        h, u = [number > lam[0]], [None]
        for k in range(1, depth + 1):
            u.append(h[k - 1] @ matrices[k - 1])
            h.append(u[k] > q * (lam[k] + 0.5))
        t = target > lam[depth]
        plus = t & ~h[depth] & (u[depth] > 0)
        minus = h[depth] & ~t & (u[depth] > 0) & ~(u[depth] > theta)
        delta = {depth: plus.astype(int) - minus}
        for k in range(depth - 1, 0, -1):
            b, mu = matrices[k] @ delta[k + 1], code.levels(f"{names[k]}T", sizes[k], np.array([c]))[0]
            delta[k] = ((b > s * mu).astype(int) - (-b > s * mu)) * (u[k] > 0) * ~(u[k] > theta)
        for k in range(1, depth + 1):
            change = eta * np.outer(h[k - 1], delta[k])
            matrices[k - 1] = np.clip(matrices[k - 1] + change, -w_max, w_max)
        outputs.append(h[depth])
        potentials.append(u[depth])
    return dict(zip(weights, matrices, strict=True)), np.array(outputs), np.array(potentials)


@dataclass
class Case:
    """Random weights and samples of a network of these units."""

    weights: Weights
    parameters: Parameters
    code: Code
    x: np.ndarray
    targets: np.ndarray


def random_case(
    seed: int, units: list[int], code: Code, theta: int = 64, eta: int = 2, w_max: int = 254, samples: int = 8
) -> Case:
    """Weights are such that the drives of a layer lie around and in the box of the derivative."""
    generator = np.random.default_rng(seed)
    sizes = [unit * code.n for unit in units]
    limit = min(w_max, max(4, 4 * theta // min(sizes)))
    weights = {
        f"W{k}": generator.integers(-limit // 2, limit, shape, endpoint=True)
        for k, shape in enumerate(pairwise(sizes), 1)
    }
    parameters = Parameters(theta, HOLDS_ALL, eta, w_max)
    x, targets = (generator.random((samples, size)) < 0.5 for size in (sizes[0], sizes[-1]))
    return Case(weights, parameters, code, x, targets)


def the_rule_computes_its_equations(case: Case) -> None:
    weights, outputs, potentials = by_the_equations(case.weights, case.parameters, case.code, case.x, case.targets)
    rule = Rule(case.weights, case.parameters, case.code)
    half = len(case.x) // 2
    parts = [rule.train(case.x[part], case.targets[part]) for part in (slice(0, half), slice(half, None))]
    np.testing.assert_array_equal(np.concatenate([part.outputs for part in parts]), outputs)
    np.testing.assert_array_equal(np.concatenate([part.potentials for part in parts]), potentials)
    for name, matrix in rule.weights().items():
        np.testing.assert_array_equal(matrix, weights[name], err_msg=name)


@st.composite
def cases(draw: st.DrawFn) -> Case:
    n = draw(st.sampled_from([1, 2, 4]))
    code = Graded(n, draw(st.sampled_from(DITHERS)), draw(st.integers(0, 99)), draw(st.sampled_from([1, 2, 3])))
    units = draw(st.lists(st.integers(1, 5), min_size=2, max_size=6))
    theta = draw(st.sampled_from([64, 128, 1024]))
    eta, w_max = draw(st.sampled_from([(2, 254), (1, 60), (9, 9)]))
    return random_case(draw(st.integers(0, 2**32 - 1)), units, code, theta, eta, w_max)


@settings(max_examples=150, deadline=None)
@given(cases())
def test_up_to_five_matrices_learn_as_the_equations_say(case):
    the_rule_computes_its_equations(case)


@pytest.mark.parametrize("dither", DITHERS)
@pytest.mark.parametrize("n", [1, 2, 4])
@pytest.mark.parametrize("units", [[3, 2], [4, 3, 2], [3, 4, 3, 2], [2, 3, 4, 3, 2], [3, 5, 2, 4, 3, 2]], ids=str)
def test_every_depth_and_code_learns_as_the_equations_say(units, n, dither):
    for seed in range(3):
        the_rule_computes_its_equations(random_case(seed, units, Graded(n, dither, seed, 1 + seed)))


@pytest.mark.parametrize("depth", [1, 2, 3, 4])
@pytest.mark.parametrize("n", [1, 4])
def test_random_cases_change_every_matrix_both_ways(depth, n):
    """Else the tests above would say little."""
    changed: Counter[tuple[str, int]] = Counter()
    for seed in range(60):
        case = random_case(seed, [4] * (depth + 1), Graded(n))
        rule = Rule(case.weights, case.parameters, case.code)
        rule.train(case.x, case.targets)
        for name, matrix in rule.weights().items():
            change = np.sign(matrix - case.weights[name])
            changed.update((name, sign) for sign in (1, -1) if sign in change)
    assert len(changed) == 2 * depth
    assert min(changed.values()) > 10


# --- by hand


def learnt(matrices: list[list[list[int]]], label: int = 0, code: Code | None = None) -> list[list[list[int]]]:
    """The matrices after one sample that shows input 0 alone."""
    weights = {f"W{k}": np.array(matrix) for k, matrix in enumerate(matrices, 1)}
    n = code.n if code else 1
    rule = Rule(weights, Parameters(theta=64, bias=HOLDS_ALL), code)
    rule.train(np.arange(len(weights["W1"]))[None] < n, np.array([label]))
    return [matrix.tolist() for matrix in rule.weights().values()]


def test_three_matrices_hand_the_error_back_one_by_one():
    """u1 = (40, 20), h1 = (1, 0); u2 = 40; u3 = 20, d+ = 1; b2 = 20; b1 = (40, -30), so the errors are 1, -1."""
    after = learnt([[[40, 20], [5, 5]], [[40], [-30]], [[20]]])
    assert after == [[[42, 18], [5, 5]], [[42], [-30]], [[22]]]


def test_a_wrong_output_sends_the_other_sign_back_through_three_matrices():
    """u3 = (40, 100): output 0 fires against the label, output 1 is right."""
    after = learnt([[[40, 20]], [[40], [-30]], [[40, 100]]], label=1)
    assert after == [[[38, 22]], [[38], [-30]], [[38, 100]]]


def test_a_layer_outside_its_box_hands_nothing_on():
    """u2 = 65 is above theta: W3 learns, W2 and W1 don't."""
    assert learnt([[[40]], [[65]], [[20]]]) == [[[40]], [[65]], [[22]]]
    assert learnt([[[40]], [[64]], [[20]]]) == [[[42]], [[66]], [[22]]]


def test_four_matrices_use_the_weights_from_before_the_sample():
    """The second neuron's weight in W4 goes from -1 to 1, but all errors below it are those of -1."""
    after = learnt([[[40]], [[40]], [[40, 40]], [[20], [-1]]])
    assert after == [[[40]], [[40]], [[42, 38]], [[22], [1]]]
    after = learnt([[[40]], [[40]], [[40, 50]], [[20], [-1]]])
    assert after == [[[38]], [[38]], [[42, 48]], [[22], [1]]]


def test_three_matrices_of_units_of_two_neurons():
    """theta = 64, q = 32; with fixed levels 0 and 1 neurons fire above 16 and 48, and b counts above 0 and 16."""
    w1, w2, w3 = [[20, 30], [20, 30]], [[10, 12], [14, 16]], [[9, 9], [9, 9]]
    after = learnt([w1, w2, w3], code=Graded(2, "fixed"))
    # u1 = (40, 60): both fire; u2 = (24, 28): the first; u3 = (9, 9): none, so that both have the error 1.
    # b2 = (18, 18) > (0, 16): both 1; b1 = (22, 30) > (0, 16): both 1.
    assert after == [[[22, 32], [22, 32]], [[12, 14], [16, 18]], [[11, 11], [9, 9]]]


def test_a_back_gain_of_one_asks_more_of_the_neuron_of_the_higher_level():
    """b2 = (18, 18) and b1 = (10, 14), against 0 and 32."""
    w1, w2, w3 = [[20, 30], [20, 30]], [[10, 12], [14, 16]], [[9, 9], [9, 9]]
    after = learnt([w1, w2, w3], code=Graded(2, "fixed", back_gain=1))
    assert after == [[[22, 30], [22, 30]], [[12, 12], [16, 16]], [[11, 11], [9, 9]]]
