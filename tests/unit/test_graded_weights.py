"""Initial weights in the middle of the box, and weights between units."""

from __future__ import annotations

import numpy as np
import pytest

from pynn_backprop.circuit.parameters import graded_parameters
from pynn_backprop.codes.graded import Graded
from pynn_backprop.codes.graded_weights import (
    between_neurons,
    between_units,
    graded_initial_weights,
    units_of,
    with_bias,
)
from pynn_backprop.errors import InputError

CODE, PARAMETERS = Graded(8), graded_parameters(8)


def unit_weights(units: tuple[int, ...], seed: int, **options: object) -> list[np.ndarray]:
    weights = graded_initial_weights(units, seed, CODE, **options)
    return [between_units(matrix, CODE, PARAMETERS) for matrix in weights.values()]


@pytest.mark.parametrize("seed", range(5))
def test_the_mean_input_drives_every_hidden_unit_and_every_output_to_the_middle(seed):
    """Rounding moves a weight by up to 1/128."""
    mean = np.array([0.2, 0.7, 0.4])
    first, last = unit_weights((4, 6, 2), seed, input_mean=mean)
    hidden = with_bias(mean[None])[0] @ first
    np.testing.assert_allclose(hidden, [0.5] * 5 + [0.9], atol=0.03)
    np.testing.assert_allclose(hidden @ last, [0.5, 0.5], atol=0.05)
    assert first[:-1, -1].tolist() == [0, 0, 0]


def test_one_matrix_starts_the_same_everywhere_and_drives_the_outputs_to_the_middle():
    (matrix,) = unit_weights((4, 3), 0)
    assert (matrix == matrix[0, 0]).all()
    np.testing.assert_allclose(np.full(4, 0.5) @ matrix, 0.5)


def test_the_seed_decides():
    one, other, third = (graded_initial_weights((3, 4, 1), seed, CODE)["W1"] for seed in (1, 1, 2))
    assert (one == other).all()
    assert (one != third).any()


def test_weights_between_units_come_back_from_weights_between_neurons():
    generator = np.random.default_rng(0)
    unit = generator.integers(-127, 128, (3, 4)) / 64
    np.testing.assert_array_equal(between_units(between_neurons(unit, CODE, PARAMETERS), CODE, PARAMETERS), unit)


def test_weights_that_are_too_large_are_clipped_to_even_numbers():
    assert np.unique(between_neurons(np.array([[5.0, -5.0]]), CODE, graded_parameters(8, w_max=101))).tolist() == [
        -100,
        100,
    ]


def test_units_follow_from_matrices():
    assert units_of({"W1": np.zeros((24, 32)), "W2": np.zeros((32, 8))}, CODE) == (3, 4, 1)
    with pytest.raises(InputError, match="a unit has 8 of them"):
        units_of({"W1": np.zeros((24, 31))}, CODE)


@pytest.mark.parametrize("units", [(1, 4, 1), (3, 1, 1)])
def test_no_room_for_a_bias_unit_is_refused(units):
    with pytest.raises(InputError, match="need a bias unit"):
        graded_initial_weights(units, 0, CODE)


def test_inputs_that_are_always_zero_are_refused():
    with pytest.raises(InputError, match="input_mean is 0"):
        graded_initial_weights((3, 1), 0, CODE, input_mean=0.0)
