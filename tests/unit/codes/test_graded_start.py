"""Weights that start every unit in the middle of its box, and weights between units."""

from __future__ import annotations

import numpy as np
import pytest

from pynn_backprop.codes.graded import Graded, between_neurons, between_units
from pynn_backprop.codes.graded_start import middle_weights, with_bias
from pynn_backprop.errors import InputError

# --- between units


@pytest.mark.parametrize("seed", range(5))
def test_the_mean_input_drives_every_hidden_unit_and_every_output_to_the_middle(seed):
    """But for the last hidden unit, which hands the bias on and is driven by it alone."""
    mean = np.array([0.2, 0.7, 0.4])
    first, last = middle_weights((4, 6, 2), seed, mean)
    hidden = with_bias(mean[None])[0] @ first
    np.testing.assert_allclose(hidden, [0.5] * 5 + [0.9])
    np.testing.assert_allclose(hidden @ last, [0.5, 0.5])
    assert first[:, -1].tolist() == [0, 0, 0, 0.9]


@pytest.mark.parametrize(("given", "each"), [(None, 0.5), (0.25, 0.25)])
def test_one_mean_holds_for_all_inputs_and_is_one_half_if_not_given(given, each):
    first, _ = middle_weights((4, 6, 2), 0, given)
    np.testing.assert_allclose(np.array([each, each, each, 1]) @ first, [0.5] * 5 + [0.9])


def test_the_weights_are_random_with_the_documented_spread():
    """1 over the root of the inputs without the bias unit, here 4, and 0.02."""
    units = (5, 2_001, 10)
    first, last = middle_weights(units, seed=0)
    assert first[:-1, :-1].std() == pytest.approx(0.5, rel=0.02)
    assert last[:-1].std() == pytest.approx(0.02, rel=0.02)
    assert abs(first[:-1, :-1].mean()) < 0.02
    assert abs(last[:-1].mean()) < 0.0006
    wider, stronger = middle_weights(units, seed=0, spread=(2.0, 0.06))
    np.testing.assert_allclose(wider[:-1, :-1], 2 * first[:-1, :-1])
    np.testing.assert_allclose(stronger[:-1], 3 * last[:-1])


def test_one_matrix_starts_the_same_everywhere_and_drives_the_outputs_to_the_middle():
    for mean, drive in ((None, np.full(4, 0.5)), (0.2, np.full(4, 0.2)), (np.array([0.1, 0.2, 0.3]), None)):
        (matrix,) = middle_weights((4, 3), 0, mean)
        assert (matrix == matrix[0, 0]).all()
        values = np.array([0.1, 0.2, 0.3, 1.0]) if drive is None else drive
        np.testing.assert_allclose(values @ matrix, np.full(3, 0.5))


def test_the_seed_decides():
    one, same, other = (middle_weights((3, 4, 1), seed)[0] for seed in (1, 1, 2))
    assert (one == same).all()
    assert (one[:-1, :-1] != other[:-1, :-1]).all()


@pytest.mark.parametrize("units", [(1, 4, 1), (3, 1, 1), (3, 4, 1, 1)])
def test_no_room_for_a_bias_unit_is_refused(units):
    with pytest.raises(InputError, match="need a bias unit"):
        middle_weights(units, 0)


def test_one_unit_besides_the_bias_unit_is_enough():
    first, last = middle_weights((2, 2, 1), 0)
    assert (first.shape, last.shape) == ((2, 2), (2, 1))


@pytest.mark.parametrize("units", [(4, 6, 5, 2), (4, 2, 3, 6, 2)], ids=str)
def test_the_bias_is_handed_on_through_every_hidden_layer_and_all_other_units_start_in_the_middle(units):
    mean = np.array([0.2, 0.7, 0.4])
    *hidden, last = middle_weights(units, 3, mean)
    drive = with_bias(mean[None])[0]
    for matrix in hidden:
        assert not matrix[:-1, -1].any()
        drive = drive @ matrix
        np.testing.assert_allclose(drive, [0.5] * (len(drive) - 1) + [0.9])
        assert len(drive) == 2 or matrix[:-1, :-1].std() > 0.1
    np.testing.assert_allclose(drive @ last, [0.5, 0.5])


def test_a_hidden_layer_that_is_put_in_between_leaves_the_first_matrix_as_it_was():
    one, deep = middle_weights((4, 6, 2), 1), middle_weights((4, 6, 5, 2), 1)
    np.testing.assert_array_equal(deep[0], one[0])


def test_inputs_that_are_always_zero_are_refused():
    with pytest.raises(InputError, match=r"input_mean is 0\.0 but must not be 0 for all inputs"):
        middle_weights((3, 1), 0, 0.0)


def test_the_bias_unit_is_one_more_column_of_ones():
    assert with_bias(np.array([[0.25, 0.5], [0.0, 1.0]])).tolist() == [[0.25, 0.5, 1.0], [0.0, 1.0, 1.0]]


# --- between neurons


def test_weights_between_neurons_are_the_same_for_all_synapses_of_two_units():
    weights = between_neurons(np.array([[0.25, -1.0], [0.5, 0.03]]), 2, 128, 254)
    assert weights.tolist() == [[32, 32, -128, -128]] * 2 + [[64, 64, 4, 4]] * 2
    assert weights.dtype == np.int64


def test_weights_between_units_come_back_from_weights_between_neurons():
    unit = np.random.default_rng(0).integers(-127, 128, (3, 4)) / 64
    np.testing.assert_array_equal(between_units(between_neurons(unit, 8, 128, 254), 8, 128), unit)


def test_weights_between_units_are_means_over_their_synapses():
    matrix = np.array([[1, 3, 8, 8], [5, 7, 8, 9]])
    np.testing.assert_allclose(between_units(matrix, 2, 4), [[1.0, 8.25 / 4]])


def test_weights_that_are_too_large_are_clipped_to_even_numbers():
    for w_max, limit in ((100, 100), (101, 100), (103, 102)):
        clipped = between_neurons(np.array([[5.0, -5.0]]), 8, 128, w_max)
        assert np.unique(clipped).tolist() == [-limit, limit]


def test_a_graded_code_starts_its_neurons_with_the_weights_of_its_units():
    mean = np.array([0.2, 0.7, 0.4])
    started = Graded(4).initial_weights((4, 6, 2), 7, "alive", 512, 254, mean)
    for matrix, unit_weights in zip(started, middle_weights((4, 6, 2), 7, mean), strict=True):
        np.testing.assert_array_equal(matrix, between_neurons(unit_weights, 4, 128, 254))


def test_there_is_one_way_for_a_graded_code_to_start():
    with pytest.raises(InputError, match="the initialisation is 'paper' but must be 'alive' with a graded code"):
        Graded(4).initial_weights((3, 2), 0, "paper", 512, 254)


@pytest.mark.parametrize("units", [(401, 50, 10), (401, 50, 40, 10)], ids=str)
def test_where_a_bias_unit_can_t_bring_enough_all_units_share_in_it(units):
    """With weights of up to 1/2, one unit can't take the mean input to the middle."""
    mean = np.random.default_rng(1).random(400) ** 3
    matrices = middle_weights(units, 0, mean, bound=0.5)
    drive = np.append(mean, 1.0) @ matrices[0]
    np.testing.assert_allclose(drive, 0.5)
    for matrix in matrices[1:]:
        np.testing.assert_allclose(np.full(len(matrix), 0.5) @ matrix, 0.5)
    assert max(np.abs(matrix[-1]).max() for matrix in matrices) < 0.5
    assert abs(matrices[0].std() * np.sqrt(401) - 1) < 0.05


def test_a_bound_that_nothing_meets_changes_nothing():
    for one, other in zip(middle_weights((4, 6, 2), 3), middle_weights((4, 6, 2), 3, bound=9.0), strict=True):
        np.testing.assert_array_equal(one, other)
