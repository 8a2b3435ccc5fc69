"""Initial weights in the middle of the box, and weights between units."""

from __future__ import annotations

import numpy as np
import pytest

from pynn_backprop.codes.graded import Graded, between_neurons, between_units
from pynn_backprop.codes.graded_start import with_bias
from pynn_backprop.errors import InputError
from pynn_backprop.weights import initial_weights, units_of

CODE, QUANTUM = Graded(8), 128


def unit_weights(units: tuple[int, ...], seed: int, **options: object) -> list[np.ndarray]:
    weights = initial_weights(units, seed, code=CODE, **options)
    return [between_units(matrix, 8, QUANTUM) for matrix in weights.values()]


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
    one, other, third = (initial_weights((3, 4, 1), seed, code=CODE)["W1"] for seed in (1, 1, 2))
    assert (one == other).all()
    assert (one != third).any()


def test_weights_between_units_come_back_from_weights_between_neurons():
    generator = np.random.default_rng(0)
    unit = generator.integers(-127, 128, (3, 4)) / 64
    np.testing.assert_array_equal(between_units(between_neurons(unit, 8, QUANTUM, 254), 8, QUANTUM), unit)


def test_weights_that_are_too_large_are_clipped_to_even_numbers():
    clipped = between_neurons(np.array([[5.0, -5.0]]), 8, QUANTUM, 101)
    assert np.unique(clipped).tolist() == [-100, 100]


def test_units_follow_from_matrices():
    assert units_of({"W1": np.zeros((24, 32)), "W2": np.zeros((32, 8))}, CODE) == (3, 4, 1)
    with pytest.raises(InputError, match="a unit has 8 of them"):
        units_of({"W1": np.zeros((24, 31))}, CODE)


@pytest.mark.parametrize("units", [(1, 4, 1), (3, 1, 1)])
def test_no_room_for_a_bias_unit_is_refused(units):
    with pytest.raises(InputError, match="need a bias unit"):
        initial_weights(units, 0, code=CODE)


def test_inputs_that_are_always_zero_are_refused():
    with pytest.raises(InputError, match="input_mean is 0"):
        initial_weights((3, 1), 0, code=CODE, input_mean=0.0)
