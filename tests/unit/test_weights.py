"""Weights: how they start, what is refused, their files, and the equality of their copies."""

from __future__ import annotations

import os
import re

import numpy as np
import pytest

from pynn_backprop import datasets
from pynn_backprop.circuit.parameters import Parameters
from pynn_backprop.circuit.training import training_circuit
from pynn_backprop.codes.binary import INITIALISATIONS
from pynn_backprop.errors import EqualityError, InputError
from pynn_backprop.learning.presentation import Presentation
from pynn_backprop.reference.rule import Rule
from pynn_backprop.reference.steps import StepSimulator
from pynn_backprop.weights import (
    Weights,
    check_copies,
    check_weights,
    initial_weights,
    load_weights,
    save_weights,
    signed_copy,
)

REAL_DATA = os.environ.get("PYNN_BACKPROP_DATA")
SIZES = (400, 400, 10)
P = Parameters()


def ones(**shapes: tuple[int, ...]) -> Weights:
    return {name: np.ones(shape, np.int64) for name, shape in shapes.items()}


# --- how they start


@pytest.mark.parametrize("how", INITIALISATIONS)
def test_initial_weights_are_even_integers_within_the_limit(how):
    weights = initial_weights(SIZES, seed=0, how=how)
    assert {name: matrix.shape for name, matrix in weights.items()} == {"W1": (400, 400), "W2": (400, 10)}
    for matrix in weights.values():
        assert matrix.dtype == np.int64
        assert not (matrix % 2).any()
        assert np.abs(matrix).max() <= 240


@pytest.mark.parametrize("how", INITIALISATIONS)
@pytest.mark.parametrize("w_max", [2, 3, 25, 26, 27, 127, 128, 240, 254])
def test_initial_weights_stay_within_w_max(how, w_max):
    parameters = Parameters(w_max=w_max)
    weights = initial_weights((5, 4, 3), seed=0, how=how, parameters=parameters)
    assert not any((matrix % 2).any() for matrix in weights.values())
    check_weights(weights, parameters)


@pytest.mark.parametrize("how", INITIALISATIONS)
def test_the_same_seed_gives_the_same_weights_and_another_seed_others(how):
    first, again, other = (initial_weights((5, 4, 3), seed, how) for seed in (7, 7, 8))
    for name, matrix in first.items():
        np.testing.assert_array_equal(matrix, again[name])
        assert (matrix != other[name]).any()


def test_the_weights_of_the_paper_are_normal_with_mean_0():
    """Standard deviation theta sqrt(2 / (n_in + n_out)): 51.2 and 71.5."""
    weights = initial_weights(SIZES, seed=0, how="paper")
    assert weights["W1"].std() == pytest.approx(51.2, rel=0.01)
    assert weights["W2"].std() == pytest.approx(71.5, rel=0.05)
    assert all(abs(m.mean()) < 4 * m.std() / np.sqrt(m.size) for m in weights.values())


def test_the_default_shifts_the_last_matrix_only():
    """By 4 theta / n_pre = 10.24; one standard error is 1.1."""
    paper, alive = (initial_weights(SIZES, seed=0, how=how) for how in ("paper", "alive"))
    np.testing.assert_array_equal(paper["W1"], alive["W1"])
    assert (alive["W2"] - paper["W2"]).mean() == pytest.approx(10.24, abs=0.5)
    np.testing.assert_array_equal(initial_weights(SIZES, seed=0)["W2"], alive["W2"])


def test_one_weight_matrix_is_the_last():
    assert list(initial_weights((400, 10), seed=0)) == ["W1"]
    assert initial_weights((400, 10), seed=0)["W1"].mean() > 5


def test_an_unknown_initialisation_is_refused_with_the_nearest():
    with pytest.raises(InputError, match=r"'papre' .*did you mean 'paper'"):
        initial_weights(SIZES, seed=0, how="papre")


@pytest.mark.slow
@pytest.mark.skipif(not REAL_DATA, reason="PYNN_BACKPROP_DATA does not name a folder with MNIST")
@pytest.mark.parametrize("seed", range(10))
def test_no_output_is_dead_after_three_epochs_of_mnist(seed):
    data = datasets.load("mnist", crop=20)
    x, oracle = datasets.encode(data.x_train), Rule(initial_weights(SIZES, seed))
    for epoch in range(3):
        order = Presentation(seed=seed).order(len(x), epoch)
        oracle.train(x[order], data.y_train[order])
    assert oracle.infer(x).outputs.any(axis=0).all()


# --- what is refused


def test_good_weights_are_returned_as_int64_in_order():
    weights = {"W2": np.array([[1.0], [-254.0]]), "W1": np.array([[3, 4]], np.int8)}
    checked = check_weights(weights, P, (1, 2, 1))
    assert list(checked) == ["W1", "W2"]
    assert [matrix.tolist() for matrix in checked.values()] == [[[3, 4]], [[1], [-254]]]
    assert {matrix.dtype for matrix in checked.values()} == {np.dtype(np.int64)}


@pytest.mark.parametrize("value", [0.5, np.nan, np.inf, -np.inf, 255, -255, 255.0, 1e300], ids=str)
def test_a_weight_that_is_no_integer_within_w_max_is_named_with_its_place(value):
    matrix = np.zeros((3, 4), np.asarray(value).dtype)
    matrix[2, 1] = value
    with pytest.raises(InputError, match=rf"W2\[2, 1\] is {re.escape(str(matrix[2, 1]))} but"):
        check_weights({"W1": np.zeros((5, 3), int), "W2": matrix}, P)


def test_the_bound_is_that_of_the_parameters():
    weights = {"W1": np.array([[10, -11]])}
    check_weights(weights, Parameters(w_max=11))
    with pytest.raises(InputError, match=r"-11 but must lie within -10 and 10"):
        check_weights(weights, Parameters(w_max=10))


@pytest.mark.parametrize("dtype", [bool, complex, "U3", object])
def test_weights_of_another_type_are_refused(dtype):
    with pytest.raises(InputError, match=r"W1 is of type .* must hold integers"):
        check_weights({"W1": np.ones((3, 2)).astype(dtype)}, P)


@pytest.mark.parametrize("shape", [(), (3,), (3, 4, 5), (0, 4), (3, 0)], ids=str)
def test_what_is_no_matrix_is_refused(shape):
    with pytest.raises(InputError, match=rf"W1 has shape {re.escape(str(shape))} but must be a matrix"):
        check_weights(ones(W1=shape), P)


@pytest.mark.parametrize(
    ("weights", "layer_sizes", "message"),
    [
        (ones(W1=(5, 4), W2=(3, 2)), None, r"W2 has shape (3, 2) but must have (4, 2)"),
        (ones(W1=(5, 4), W2=(4, 2)), (5, 4, 3), r"W2 has shape (4, 2) but must have (4, 3)"),
        (ones(W1=(4, 5), W2=(4, 2)), (5, 4, 2), r"W1 has shape (4, 5) but must have (5, 4)"),
    ],
)
def test_matrices_that_do_not_fit_together_are_refused(weights, layer_sizes, message):
    with pytest.raises(InputError, match=re.escape(message)):
        check_weights(weights, P, layer_sizes)


@pytest.mark.parametrize(
    ("weights", "layer_sizes", "message"),
    [
        ({}, (5, 4, 2), "holds nothing but must hold W1, W2"),
        (ones(W1=(5, 4)), (5, 4, 2), "holds W1 but must hold W1, W2"),
        (ones(W1=(5, 4), W2=(4, 2)), (5, 4), "holds W1, W2 but must hold W1"),
        (ones(W2=(5, 4)), None, "holds W2 but must hold W1"),
        (ones(w1=(5, 4)), None, "holds w1 but must hold W1"),
    ],
)
def test_a_missing_matrix_is_named(weights, layer_sizes, message):
    with pytest.raises(InputError, match=f"{message}$"):
        check_weights(weights, P, layer_sizes)


# --- files


def test_weights_are_read_as_they_were_written(tmp_path):
    weights = initial_weights((5, 4, 3), seed=0)
    save_weights(tmp_path / "w.npz", weights)
    read = load_weights(tmp_path / "w.npz", P, (5, 4, 3))
    assert list(read) == list(weights)
    for name, matrix in weights.items():
        np.testing.assert_array_equal(read[name], matrix)


def test_a_file_with_wrong_weights_is_named(tmp_path):
    path = tmp_path / "w.npz"
    save_weights(path, {"W1": np.array([[1.5]])})
    with pytest.raises(InputError, match=r"w\.npz: W1\[0, 0\] is 1\.5"):
        load_weights(path)
    save_weights(path, ones(W1=(5, 4)))
    with pytest.raises(InputError, match=r"w\.npz: W1 has shape \(5, 4\) but must have \(5, 3\)"):
        load_weights(path, P, (5, 3))
    save_weights(path, ones(V1=(5, 4)))
    with pytest.raises(InputError, match=r"w\.npz holds nothing but must hold W1, W2"):
        load_weights(path, P, (5, 4, 2))


# --- copies


@pytest.mark.parametrize(
    ("sign", "transpose", "copy"),
    [(1, False, [[1, 2, 3]]), (-1, False, [[-1, -2, -3]]), (1, True, [[1], [2], [3]]), (-1, True, [[-1], [-2], [-3]])],
)
def test_a_copy_has_the_sign_and_the_direction_of_its_projection(sign, transpose, copy):
    matrix = np.array([[1, 2, 3]])
    assert signed_copy(matrix, sign, transpose).tolist() == copy
    assert signed_copy(np.array(copy), sign, transpose).tolist() == matrix.tolist()


CIRCUIT = training_circuit((3, 4, 2))


@pytest.mark.parametrize("matrix", ["W1", "W2"])
def test_one_copy_that_differs_is_named(matrix):
    copies = StepSimulator(CIRCUIT, initial_weights((3, 4, 2), seed=0)).copies()
    check_copies(CIRCUIT, copies)
    first, *others = CIRCUIT.copies(matrix)
    for other in others:
        i, j = (1, 0) if other.transpose else (0, 1)
        copies[other.label][i, j] += 2
        message = f"1 weights of {matrix} differ between {first.label} and {other.label}, the first at [0, 1]"
        with pytest.raises(EqualityError, match=re.escape(message)):
            check_copies(CIRCUIT, copies)
        copies[other.label][i, j] -= 2
    check_copies(CIRCUIT, copies)
