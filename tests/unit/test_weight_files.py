"""Files of weights hold every matrix and the code; and matrices that were checked are not checked again."""

from __future__ import annotations

import copy
import pickle
import re

import numpy as np
import pytest

from pynn_backprop.circuit.parameters import Parameters
from pynn_backprop.circuit.training import training_circuit
from pynn_backprop.codes.graded import Graded
from pynn_backprop.errors import InputError
from pynn_backprop.reference.rule import Rule
from pynn_backprop.reference.steps import StepSimulator
from pynn_backprop.weights import CheckedWeights, Weights, check_weights, initial_weights, load_weights, save_weights

CODE = Graded(8)
GRADED = initial_weights((3, 4, 2), 0, code=CODE)
P = Parameters()


def assert_same(one: Weights, other: Weights) -> None:
    assert list(one) == list(other)
    for name in one:
        np.testing.assert_array_equal(one[name], other[name], err_msg=name)


# --- every matrix


@pytest.mark.parametrize("depth", [1, 2, 3, 11])
def test_all_matrices_are_read(tmp_path, depth):
    weights = {f"W{k}": np.full((k, k + 1), k) for k in range(1, depth + 1)}
    save_weights(tmp_path / "w.npz", dict(sorted(weights.items(), reverse=True)))
    assert_same(load_weights(tmp_path / "w.npz"), weights)


@pytest.mark.parametrize(
    ("names", "message"),
    [
        (["W1", "W2", "W5"], "holds W5 but lacks W3, W4"),
        (["W2"], "holds W2 but lacks W1"),
        (["W0", "W1"], "holds W0, W1 but must hold W1, W2"),
        (["W1", "W02"], "holds W02, W1 but must hold W1, W2"),
    ],
)
def test_a_file_with_a_gap_is_refused_by_name(tmp_path, names, message):
    np.savez(tmp_path / "w.npz", **{name: np.ones((2, 2), int) for name in names})
    with pytest.raises(InputError, match=re.escape(f"w.npz {message}") + "$"):
        load_weights(tmp_path / "w.npz")


def test_a_matrix_too_many_for_the_circuit_is_refused(tmp_path):
    np.savez(tmp_path / "w.npz", **{f"W{k}": np.ones((2, 2), int) for k in (1, 2, 3)})
    with pytest.raises(InputError, match=r"holds W1, W2, W3 but must hold W1, W2$"):
        load_weights(tmp_path / "w.npz", neurons=(2, 2, 2))


def test_what_is_no_matrix_is_passed_over(tmp_path):
    """A checkpoint has more arrays."""
    np.savez(tmp_path / "c.npz", W1=np.ones((2, 2), int), shown=3, WX=4, W=5)
    assert list(load_weights(tmp_path / "c.npz")) == ["W1"]


# --- codes


def test_a_file_of_graded_weights_is_refused_by_circuits_with_another_code(tmp_path):
    path = tmp_path / "w.npz"
    save_weights(path, GRADED, CODE)
    assert_same(load_weights(path, code=CODE, neurons=(24, 32, 16)), GRADED)
    assert_same(load_weights(path, code=Graded(8, seed=3, back_gain=1)), GRADED)
    for code, name in ((None, "binary"), (Graded(4), "graded 4 rotating"), (Graded(8, "fixed"), "graded 8 fixed")):
        with pytest.raises(InputError, match=rf"with the code graded 8 rotating, but the code here is {name}"):
            load_weights(path, code=code)


def test_a_file_of_binary_weights_is_as_before_and_refused_by_graded_circuits(tmp_path):
    path = tmp_path / "w.npz"
    save_weights(path, GRADED)
    with np.load(path) as archive:
        assert sorted(archive.files) == ["W1", "W2"]
    assert_same(load_weights(path), GRADED)
    with pytest.raises(InputError, match="with the code binary, but the code here is graded 8 rotating"):
        load_weights(path, code=CODE)


# --- checked once


@pytest.fixture
def checked() -> CheckedWeights:
    return check_weights(initial_weights((5, 4, 3), 0), P)


def test_weights_that_were_checked_are_returned_as_they_are(checked):
    assert check_weights(checked, P) is checked
    assert check_weights(checked, Parameters(w_max=255), (5, 4, 3)) is checked


def test_a_closer_bound_is_checked(checked):
    with pytest.raises(InputError, match=r"must lie within -50 and 50 \(w_max\)"):
        check_weights(checked, Parameters(w_max=50))


@pytest.mark.parametrize(
    ("neurons", "message"),
    [((5, 4), "holds W1, W2 but must hold W1"), ((5, 4, 2), r"W2 has shape \(4, 3\) but must have \(4, 2\)")],
)
def test_whether_they_fit_a_circuit_is_checked_each_time(checked, neurons, message):
    with pytest.raises(InputError, match=message):
        check_weights(checked, P, neurons)


@pytest.mark.parametrize("copied", [lambda w: w, copy.copy, copy.deepcopy, lambda w: pickle.loads(pickle.dumps(w))])
def test_they_can_not_be_changed_nor_can_copies(checked, copied):
    weights = copied(checked)
    assert_same(weights, checked)
    assert weights.w_max == 254
    with pytest.raises(ValueError, match="read-only"):
        weights["W1"][0, 0] = 1000
    with pytest.raises(TypeError):
        weights["W1"] = np.ones((5, 4))  # type: ignore[index]


def test_what_was_handed_in_can_still_be_changed():
    weights = {"W1": np.ones((2, 2), np.int64)}
    checked = check_weights(weights, P)
    weights["W1"][0, 0] = 1000
    assert checked["W1"][0, 0] == 1


@pytest.mark.parametrize("make", [Rule, lambda weights: StepSimulator(training_circuit((5, 4, 3)), weights)])
def test_what_learns_from_them_has_its_own_copies(checked, make):
    before = copy.deepcopy(checked)
    learner = make(checked)
    random = np.random.default_rng(0)
    learner.train(random.random((200, 5)) < 0.9, random.integers(0, 3, 200))
    assert any((learner.weights()[name] != before[name]).any() for name in before)
    assert_same(checked, before)
