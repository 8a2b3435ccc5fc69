"""Linear maps: networks without hidden units find them, the better the more neurons a unit has."""

from __future__ import annotations

import numpy as np
import pytest

from pynn_backprop.codes.graded import Graded, between_units
from pynn_backprop.errors import InputError
from pynn_backprop.tasks.linear_map import learn_map, map_samples, random_map


@pytest.mark.parametrize(("dither", "maps", "bound"), [("rotating", 10, 0.01), ("noise", 3, 0.04)])
def test_random_maps_are_found(dither, maps, bound):
    """Measured for 10 maps: 0.0072 and 0.026 at worst; the learning rate alone leaves 0.002 in floating point."""
    learnt = [learn_map(random_map(seed), Graded(32, dither, seed), seed=seed) for seed in range(maps)]
    assert max(result.worst[-1] for result in learnt) < bound
    assert min(result.worst[0] for result in learnt) > 0.15


def test_with_fixed_levels_the_outputs_are_right_but_not_the_weights():
    """Neurons of fixed levels are a code of thresholds: many other weights give the same outputs."""
    learnt = [learn_map(random_map(seed), Graded(32, "fixed"), seed=seed) for seed in range(10)]
    assert max(result.output_error[-500:].mean() for result in learnt) < 0.015
    assert max(result.worst[-1] for result in learnt) > 0.1


def test_rotating_levels_leave_less_output_error_than_noise():
    rotating, noise = (learn_map(random_map(0), Graded(32, dither)) for dither in ("rotating", "noise"))
    assert rotating.output_error[-500:].mean() < 0.015 < 0.05 < noise.output_error[-500:].mean()


def test_more_neurons_find_the_map_better():
    few, many = (max(learn_map(random_map(s), Graded(n), seed=s).worst[-1] for s in range(5)) for n in (4, 32))
    assert many < few / 3


def test_a_map_is_read_at_the_beginning_and_after_every_part():
    code, matrix = Graded(8), random_map(0)
    learnt = learn_map(matrix, code, samples=250, every=100)
    assert learnt.shown.tolist() == [0, 100, 200, 250]
    assert learnt.learnt.shape == (4, 4, 3)
    assert learnt.output_error.shape == (250,)
    np.testing.assert_array_equal(learnt.learnt[-1], between_units(learnt.weights["W1"], 8, 128))
    np.testing.assert_array_equal(learnt.worst, [np.abs(read - matrix).max() for read in learnt.learnt])


def test_the_outputs_of_a_random_map_stay_within_0_and_1():
    for seed in range(20):
        matrix = random_map(seed, 6, 2)
        assert matrix.shape == (6, 2)
        assert matrix.min() >= 0
        assert matrix.sum(axis=0).max() <= 1 + 1e-12
    small = random_map(0, 1, 50)
    assert small.max() < 1
    assert (random_map(1) != random_map(2)).all()


def test_samples_are_random_values_and_what_the_map_makes_of_them():
    code, matrix = Graded(128), random_map(3)
    x, targets = map_samples(matrix, code, 200, seed=4)
    values, made = code.counts(x) / 128, code.counts(targets) / 128
    np.testing.assert_allclose(made, values @ matrix, atol=0.01)
    assert values.mean() == pytest.approx(0.5, abs=0.05)
    assert (map_samples(matrix, code, 200, seed=5)[0] != x).any()


@pytest.mark.parametrize("matrix", [[[0.6], [0.6]], [[-0.1], [0.5]], [0.5]])
def test_a_map_that_leads_out_of_the_range_is_refused(matrix):
    with pytest.raises(InputError, match=r"matrix is .* entries from 0 and columns with a sum of at most 1"):
        learn_map(np.array(matrix), Graded(8))


@pytest.mark.parametrize("arguments", [{"samples": 0}, {"every": 0}])
def test_a_bad_argument_is_named(arguments):
    with pytest.raises(InputError, match=f"{next(iter(arguments))} is 0"):
        learn_map(random_map(0), Graded(4), **arguments)
