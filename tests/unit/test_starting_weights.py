"""What a training starts from: input spikes and first weights, for every code."""

from __future__ import annotations

import numpy as np
import pytest

from pynn_backprop.circuit.parameters import Parameters
from pynn_backprop.circuit.training import training_circuit
from pynn_backprop.codes.graded import Graded
from pynn_backprop.errors import InputError
from pynn_backprop.weights import Weights, initial_weights, save_weights, starting_weights

CODE = Graded(4)


def assert_same(one: Weights, other: Weights) -> None:
    assert list(one) == list(other)
    for name in one:
        np.testing.assert_array_equal(one[name], other[name], err_msg=name)


@pytest.mark.parametrize("how", ["alive", "paper"])
def test_binary_weights_are_drawn_as_asked_for(how):
    circuit = training_circuit((5, 4, 2), Parameters(w_max=30))
    assert_same(starting_weights(circuit, 3, how), initial_weights((5, 4, 2), 3, how, Parameters(w_max=30)))


def test_graded_weights_depend_on_the_mean_of_the_inputs():
    circuit, mean = training_circuit((3, 4, 2), code=CODE), np.array([0.2, 0.9])
    expected = initial_weights((3, 4, 2), 3, code=CODE, input_mean=mean)
    assert_same(starting_weights(circuit, 3, input_mean=mean), expected)
    assert (starting_weights(circuit, 3)["W1"] != expected["W1"]).any()


def test_without_a_hidden_layer_the_bias_unit_counts_too():
    """All weights are equal and drive the outputs with 1/2 of the threshold."""
    circuit, mean = training_circuit((3, 2), code=CODE), np.array([0.25, 0.75])
    (matrix,) = starting_weights(circuit, 0, input_mean=mean).values()
    assert matrix.min() == matrix.max()
    drive = matrix[0, 0] * CODE.n * (0.25 + 0.75 + 1)
    assert drive == pytest.approx(circuit.parameters.theta / 2, abs=2 * CODE.n)


def test_graded_weights_are_not_drawn_as_in_the_paper():
    with pytest.raises(InputError, match="the initialisation is 'paper' but must be 'alive' with a graded code"):
        starting_weights(training_circuit((3, 4, 2), code=CODE), 0, "paper")


def test_a_file_must_fit_the_circuit_and_its_code(tmp_path):
    circuit = training_circuit((3, 4, 2), code=CODE)
    weights = starting_weights(circuit, 5)
    save_weights(tmp_path / "w.npz", weights, CODE)
    assert_same(starting_weights(circuit, 0, path=tmp_path / "w.npz"), weights)
    with pytest.raises(InputError, match="holds weights of a circuit with the code graded 4 rotating"):
        starting_weights(training_circuit((12, 16, 8)), 0, path=tmp_path / "w.npz")
    with pytest.raises(InputError, match=r"W1 has shape \(12, 16\) but must have \(12, 20\)"):
        starting_weights(training_circuit((3, 5, 2), code=CODE), 0, path=tmp_path / "w.npz")
