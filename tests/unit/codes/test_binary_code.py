"""The binary code: one neuron a unit, and the weights that its circuits start from."""

from __future__ import annotations

import numpy as np
import pytest

from pynn_backprop.codes.binary import INITIALISATIONS, Binary
from pynn_backprop.errors import InputError

UNITS = (400, 400, 10)


def initial_weights(
    units: tuple[int, ...] = UNITS, seed: int = 0, how: str = "alive", theta: int = 1024, w_max: int = 254
) -> list[np.ndarray]:
    return Binary().initial_weights(units, seed, how, theta, w_max)


# --- one neuron, one level


def test_one_neuron_has_one_level_and_needs_no_lift():
    code = Binary()
    levels = code.levels("x", 5, np.arange(4))
    assert (levels.shape, levels.dtype, levels.any()) == ((4, 5), np.int32, False)
    assert (code.variants, code.settled) == (1, True)
    assert (code.noise_spikes("x", 5, np.arange(4)), code.noise("x", 3)) == ({}, ())
    assert code.rotor("x", 3, centred=True) is None
    first, cycles = code.cycles(17, 5)
    assert (first, cycles.tolist()) == (0, [0])


def test_a_copy_and_a_step_back_are_those_of_a_single_neuron():
    assert Binary().unit_copy(520, 1024) == 520
    assert Binary().back_step(1024) == 1024
    assert Binary().strengths() == {}


def test_codes_of_one_neuron_are_equal():
    assert Binary() == Binary()
    assert len({Binary(), Binary()}) == 1
    assert (Binary().n, Binary().seed) == (1, 0)
    with pytest.raises(TypeError):
        Binary(2)


def test_a_value_may_have_several_neurons_which_fire_above_their_levels():
    assert Binary().inputs(np.array([[0.6, 0.3]]), 1).tolist() == [[True, False]]
    assert Binary().inputs(np.array([[0.7, 0.4]]), 2).tolist() == [[True, True, True, False]]


# --- initial weights


@pytest.mark.parametrize("how", INITIALISATIONS)
def test_initial_weights_are_even_integers_within_the_limit(how):
    weights = initial_weights(how=how)
    assert [matrix.shape for matrix in weights] == [(400, 400), (400, 10)]
    for matrix in weights:
        assert matrix.dtype == np.int64
        assert not (matrix % 2).any()
        assert np.abs(matrix).max() <= 240


def test_large_weights_are_clipped_to_240_or_the_even_number_below_w_max():
    """A standard deviation of 591, so that about two thirds are beyond the limit."""
    for w_max, limit in ((254, 240), (242, 240), (240, 240), (239, 238), (27, 26), (26, 26), (3, 2)):
        (matrix,) = initial_weights((3, 3), w_max=w_max, how="paper")
        assert {matrix.min(), matrix.max()} == {-limit, limit}


@pytest.mark.parametrize("how", INITIALISATIONS)
def test_the_same_seed_gives_the_same_weights_and_another_seed_others(how):
    first, again, other = (initial_weights((5, 4, 3), seed, how) for seed in (7, 7, 8))
    for one, same, another in zip(first, again, other, strict=True):
        np.testing.assert_array_equal(one, same)
        assert (one != another).any()


def test_the_weights_of_the_paper_are_normal_with_mean_0():
    """Standard deviation theta sqrt(2 / (n_in + n_out)): 51.2 and 71.5; half of them with half the threshold."""
    first, last = initial_weights(how="paper")
    assert first.std() == pytest.approx(51.2, rel=0.01)
    assert last.std() == pytest.approx(71.5, rel=0.05)
    assert all(abs(matrix.mean()) < 4 * matrix.std() / np.sqrt(matrix.size) for matrix in (first, last))
    assert initial_weights(how="paper", theta=512)[0].std() == pytest.approx(25.6, rel=0.01)


def test_alive_shifts_the_last_matrix_only():
    """By 4 theta / n_pre = 10.24; one standard error is 1.1."""
    paper, alive = (initial_weights(how=how) for how in ("paper", "alive"))
    np.testing.assert_array_equal(paper[0], alive[0])
    assert (alive[1] - paper[1]).mean() == pytest.approx(10.24, abs=0.5)


def test_the_shift_is_at_most_half_the_limit():
    """4 theta / n_pre is 256, 256, 64 and 32; a theta this small leaves most weights within the limit."""
    for n_pre, theta, w_max, shift in ((1, 64, 254, 120), (1, 64, 101, 50), (2, 32, 254, 64), (4, 32, 254, 32)):
        paper, alive = (initial_weights((n_pre, 4_000), 0, how, theta, w_max)[0] for how in ("paper", "alive"))
        assert np.median(alive - paper) == shift


def test_one_weight_matrix_is_the_last():
    (matrix,) = initial_weights((400, 10))
    assert matrix.mean() > 5


def test_weights_by_value():
    first, last = initial_weights((2, 3, 2), seed=5, theta=64)
    assert first.tolist() == [[-32, -54, -10], [18, 46, 4]]
    assert last.tolist() == [[62, 54], [116, 152], [96, 36]]


def test_an_unknown_initialisation_is_refused_with_the_nearest():
    with pytest.raises(InputError, match=r"the initialisation is 'papre' .*did you mean 'paper'"):
        initial_weights(how="papre")
