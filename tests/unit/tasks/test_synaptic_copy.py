"""The copy of a matrix: what it ends as, whatever the original, and what can't be copied."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pynn_backprop.circuit.parameters import Parameters
from pynn_backprop.circuit.synaptic_copy import FixedWeights, Sweep, levels_of, synaptic_copy_circuit
from pynn_backprop.errors import InputError
from pynn_backprop.platforms import ReferencePlatform
from pynn_backprop.tasks.synaptic_copy import copied, copy_trial, random_matrix

STEPS = ReferencePlatform("steps")


def copy_of(original, parameters, **given_to_it):
    *_, (_, weights) = copy_trial(np.array(original), parameters, **given_to_it).parts(STEPS, (), 10_000)
    return weights["W1"]


@settings(max_examples=15, deadline=None)
@given(
    st.integers(1, 5),
    st.integers(5, 12),
    st.lists(st.lists(st.integers(-12, 12), min_size=2, max_size=2), min_size=1, max_size=3),
)
def test_a_copy_is_the_original_rounded_to_multiples_of_eta(eta, w_max, rows):
    p, original = Parameters(eta=eta, w_max=w_max), np.clip(rows, -w_max, w_max)
    found = copy_of(original, p)
    np.testing.assert_array_equal(found, copied(original, p))
    reachable = np.clip(original, -eta * levels_of(p), eta * levels_of(p))
    assert (2 * np.abs(found - reachable) <= eta).all()


def test_multiples_of_eta_are_copied_exactly():
    p = Parameters(w_max=254)
    original = random_matrix(3, 2, 5, p)
    np.testing.assert_array_equal(copied(original, p), original)
    np.testing.assert_array_equal(copy_of(original, p), original)
    assert original.min() < -100 < 100 < original.max()


def test_what_is_there_before_is_added_to():
    p = Parameters(w_max=20)
    np.testing.assert_array_equal(copy_of([[4, -6]], p, start=[[2, 2]]), [[6, -4]])


def test_the_level_rises_with_the_rotor_and_the_period_of_the_circuit_is_its_size():
    circuit = synaptic_copy_circuit(np.array([[4]]), Parameters(w_max=10))
    assert circuit.period == levels_of(circuit.parameters) == 5
    sweep = next(p for p in circuit.projections if isinstance(p.connectivity, Sweep))
    assert circuit.level_weights(sweep).ravel().tolist() == [-1, -3, -5, -7, -9]
    assert Sweep(1, 2).weight_in_words(None) == "-1 - 2 level"
    fixed = FixedWeights(((1, -2), (3, 4)))
    assert fixed.weights(2, 2).tolist() == [[1, -2], [3, 4]]
    assert fixed.weight_in_words(None) == "-2 to +4"


@pytest.mark.parametrize("original", [[[1.5]], [1, 2], [[]], [[300]]])
def test_what_is_no_matrix_of_weights_is_refused(original):
    with pytest.raises(
        InputError, match=r"original is .* but must be integers of shape \(n_pre, n_post\) within w_max"
    ):
        synaptic_copy_circuit(np.array(original))
