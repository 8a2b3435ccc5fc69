"""Weights: how they start, what is refused, their files, and the equality of their copies."""

from __future__ import annotations

import os
import re

import numpy as np
import pytest

from pynn_backprop import datasets
from pynn_backprop.circuit.parameters import Parameters
from pynn_backprop.circuit.training import training_circuit
from pynn_backprop.codes.binary import INITIALISATIONS, Binary
from pynn_backprop.codes.graded import Graded
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
    neurons_of,
    save_weights,
    signed_copy,
    units_of,
)

REAL_DATA = os.environ.get("PYNN_BACKPROP_DATA")
SIZES = (400, 400, 10)
P = Parameters()


def ones(**shapes: tuple[int, ...]) -> Weights:
    return {name: np.ones(shape, np.int64) for name, shape in shapes.items()}


# --- how they start


def test_weights_start_as_the_code_makes_them_by_the_names_of_their_matrices():
    parameters = Parameters(theta=64, w_max=100)
    weights = initial_weights((5, 4, 3), 7, "paper", parameters)
    made = Binary().initial_weights((5, 4, 3), 7, "paper", 64, 100)
    assert list(weights) == ["W1", "W2"]
    for matrix, wanted in zip(weights.values(), made, strict=True):
        np.testing.assert_array_equal(matrix, wanted)


def test_weights_of_a_graded_code_start_with_the_mean_of_the_inputs():
    code, mean = Graded(4), np.array([0.2, 0.9])
    weights = initial_weights((3, 4, 1), 7, code=code, input_mean=mean)
    for matrix, wanted in zip(
        weights.values(), code.initial_weights((3, 4, 1), 7, "alive", 512, 254, mean), strict=True
    ):
        np.testing.assert_array_equal(matrix, wanted)


def test_without_more_arguments_weights_are_alive_and_the_parameters_those_of_the_code():
    for matrix, wanted in zip(
        initial_weights((400, 10), 0).values(),
        Binary().initial_weights((400, 10), 0, "alive", 1024, 254),
        strict=True,
    ):
        np.testing.assert_array_equal(matrix, wanted)


@pytest.mark.parametrize("how", INITIALISATIONS)
@pytest.mark.parametrize("w_max", [2, 3, 25, 26, 27, 127, 128, 240, 254])
def test_initial_weights_stay_within_w_max(how, w_max):
    parameters = Parameters(w_max=w_max)
    weights = initial_weights((5, 4, 3), seed=0, how=how, parameters=parameters)
    assert not any((matrix % 2).any() for matrix in weights.values())
    check_weights(weights, parameters)


@pytest.mark.slow
@pytest.mark.skipif(not REAL_DATA, reason="PYNN_BACKPROP_DATA does not name a folder with MNIST")
@pytest.mark.parametrize("seed", range(10))
def test_no_output_is_dead_after_three_epochs_of_mnist(seed):
    data = datasets.load("mnist", crop=20)
    x, rule = datasets.encode(data.x_train), Rule(initial_weights(SIZES, seed))
    for epoch in range(3):
        order = Presentation(seed=seed).order(len(x), epoch)
        rule.train(x[order], data.y_train[order])
    assert rule.infer(x).outputs.any(axis=0).all()


# --- what is refused


def test_good_weights_are_returned_as_int64_in_order():
    weights = {"W2": np.array([[1.0], [-254.0]]), "W1": np.array([[3, 4]], np.int8)}
    checked = check_weights(weights, P, (1, 2, 1))
    assert list(checked) == ["W1", "W2"]
    assert [matrix.tolist() for matrix in checked.values()] == [[[3, 4]], [[1], [-254]]]
    assert {matrix.dtype for matrix in checked.values()} == {np.dtype(np.int64)}


def test_the_neurons_of_the_layers_need_not_be_known():
    assert list(check_weights(ones(W1=(5, 4), W2=(4, 2), W3=(2, 1)), P)) == ["W1", "W2", "W3"]


def test_more_than_nine_matrices_are_returned_in_order():
    names = [f"W{k}" for k in range(1, 13)]
    assert list(check_weights({name: np.ones((2, 2)) for name in reversed(names)}, P)) == names


@pytest.mark.parametrize("value", [0.5, np.nan, np.inf, -np.inf, 255, -255, 255.0, 1e300], ids=str)
def test_a_weight_that_is_no_integer_within_w_max_is_named_with_its_place(value):
    matrix = np.zeros((3, 4), np.asarray(value).dtype)
    matrix[2, 1] = value
    with pytest.raises(InputError, match=rf"W2\[2, 1\] is {re.escape(str(matrix[2, 1]))} but"):
        check_weights({"W1": np.zeros((5, 3), int), "W2": matrix}, P)


@pytest.mark.parametrize("wrong", [0.5, 300])
def test_of_several_wrong_weights_the_first_is_named(wrong):
    matrix = np.zeros((3, 4), np.asarray(wrong).dtype)
    matrix[1:] = wrong
    with pytest.raises(InputError, match=r"W1\[1, 0\] is"):
        check_weights({"W1": matrix}, P)


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
    ("weights", "neurons", "message"),
    [
        (ones(W1=(5, 4), W2=(3, 2)), None, r"W2 has shape (3, 2) but must have (4, 2)"),
        (ones(W1=(5, 4), W2=(4, 2)), (5, 4, 3), r"W2 has shape (4, 2) but must have (4, 3)"),
        (ones(W1=(4, 5), W2=(4, 2)), (5, 4, 2), r"W1 has shape (4, 5) but must have (5, 4)"),
    ],
)
def test_matrices_that_do_not_fit_together_are_refused(weights, neurons, message):
    with pytest.raises(InputError, match=re.escape(message)):
        check_weights(weights, P, neurons)


@pytest.mark.parametrize(
    ("weights", "neurons", "message"),
    [
        ({}, (5, 4, 2), "holds nothing but must hold W1, W2"),
        ({}, None, "holds nothing but must hold W1, or W1 and W2"),
        (ones(W1=(5, 4)), (5, 4, 2), "holds W1 but must hold W1, W2"),
        (ones(W1=(5, 4), W2=(4, 2)), (5, 4), "holds W1, W2 but must hold W1"),
        (ones(W2=(5, 4)), None, "holds W2 but must hold W1"),
        (ones(w1=(5, 4)), None, "holds w1 but must hold W1"),
    ],
)
def test_a_missing_matrix_is_named(weights, neurons, message):
    with pytest.raises(InputError, match=f"{message}$"):
        check_weights(weights, P, neurons)


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


@pytest.mark.parametrize(
    ("saved", "wanted", "message"),
    [
        (Graded(8), None, "code graded 8 rotating, but the code here is binary"),
        (Graded(8), Graded(8, "fixed"), "code graded 8 rotating, but the code here is graded 8 fixed"),
        (None, Graded(8), "code binary, but the code here is graded 8 rotating"),
        (Binary(), Graded(8), "code binary, but the code here is graded 8 rotating"),
    ],
)
def test_a_file_of_weights_for_another_code_is_refused(tmp_path, saved, wanted, message):
    save_weights(tmp_path / "w.npz", ones(W1=(8, 8)), saved)
    with pytest.raises(InputError, match=rf"w\.npz holds weights of a circuit with the {message}"):
        load_weights(tmp_path / "w.npz", code=wanted)
    load_weights(tmp_path / "w.npz", code=saved)


def test_a_file_of_binary_weights_says_nothing_of_a_code(tmp_path):
    for code in (None, Binary()):
        save_weights(tmp_path / "w.npz", ones(W1=(5, 3)), code)
        with np.load(tmp_path / "w.npz") as archive:
            assert archive.files == ["W1"]


# --- sizes


def test_neurons_and_units_follow_from_matrices():
    weights = {"W1": np.zeros((24, 32)), "W2": np.zeros((32, 8))}
    assert neurons_of(weights) == (24, 32, 8)
    assert units_of(weights, Graded(8)) == (3, 4, 1)
    assert units_of(weights, Binary()) == (24, 32, 8)
    assert {type(size) for size in units_of(weights, Graded(8))} == {int}
    with pytest.raises(InputError, match=r"layers of \(24, 31\) neurons, but a unit has 8 of them"):
        units_of({"W1": np.zeros((24, 31))}, Graded(8))


# --- copies


@pytest.mark.parametrize(
    ("sign", "transpose", "copy"),
    [(1, False, [[1, 2, 3]]), (-1, False, [[-1, -2, -3]]), (1, True, [[1], [2], [3]]), (-1, True, [[-1], [-2], [-3]])],
)
def test_a_copy_has_the_sign_and_the_direction_of_its_projection(sign, transpose, copy):
    matrix = np.array([[1, 2, 3]])
    assert signed_copy(matrix, sign, transpose).tolist() == copy
    assert signed_copy(np.array(copy), sign, transpose).tolist() == matrix.tolist()


CIRCUIT = training_circuit((3, 4, 2), form="published")


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


def test_of_several_weights_that_differ_the_first_is_named_and_all_are_counted():
    copies = StepSimulator(CIRCUIT, {"W1": np.zeros((3, 4), int), "W2": np.zeros((4, 2), int)}).copies()
    copies["x->h_high (1)"][1:, 2] = 6
    message = "2 weights of W1 differ between x->h (1) and x->h_high (1), the first at [1, 2]: 0 and 6"
    with pytest.raises(EqualityError, match=re.escape(message)):
        check_copies(CIRCUIT, copies)
