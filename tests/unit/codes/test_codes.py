"""What holds for every code: values and numbers of neurons, names, and files."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pynn_backprop.codes.binary import Binary
from pynn_backprop.codes.code import code_of, kinds
from pynn_backprop.codes.graded import Graded, GradedCode
from pynn_backprop.errors import InputError

sizes = st.integers(1, 40)


# --- values


@given(n=sizes, values=st.lists(st.floats(0, 1), min_size=1, max_size=20))
@settings(deadline=None)
def test_a_value_comes_back_with_an_error_of_at_most_half_a_neuron(n, values):
    code = Graded(n)
    error = code.encode(np.array(values)) / n - values
    assert np.abs(error).max() <= 1 / (2 * n) + 1e-12


@pytest.mark.parametrize("n", [1, 4, 32])
def test_the_mean_square_error_of_evenly_spread_values_is_that_of_the_documentation(n):
    values = (np.arange(100_000) + 0.5) / 100_000
    error = Graded(n).encode(values) / n - values
    assert np.mean(error**2) == pytest.approx(1 / (12 * n**2), rel=1e-3)


@given(n=sizes, data=st.data())
@settings(deadline=None)
def test_every_number_of_neurons_comes_back_exactly(n, data):
    counts = np.array(data.draw(st.lists(st.lists(st.integers(0, n), min_size=3, max_size=3), min_size=1, max_size=5)))
    code = Graded(n)
    np.testing.assert_array_equal(code.encode(counts / n), counts)
    np.testing.assert_array_equal(code.counts(code.thermometer(counts)), counts)


def test_halves_are_rounded_up():
    assert Binary().encode(np.array([0, 0.49, 0.5, 1])).tolist() == [0, 0, 1, 1]
    assert Graded(4).encode(np.array([[0.124, 0.125], [0.374, 0.375]])).tolist() == [[0, 1], [1, 2]]
    assert Graded(4).encode(np.zeros((0, 2))).shape == (0, 2)
    assert Graded(4).encode(np.zeros(1)).dtype == np.int32


def test_values_in_single_precision_are_not_rounded_twice():
    """The largest number below one half; half more would be 1 in single precision."""
    below = np.nextafter(np.float32(0.5), np.float32(0))
    assert Binary().encode(np.array([below])).tolist() == [0]


def test_the_first_neurons_of_each_unit_fire():
    assert Graded(4).fire(np.array([[0.5, 0.25]])).astype(int).tolist() == [[1, 1, 0, 0, 1, 0, 0, 0]]


def test_neurons_are_counted_unit_by_unit_and_so_are_other_numbers():
    fired = np.array([[1, 0, 1, 0, 0, 0], [1, 1, 1, 0, 0, 1]], bool)
    assert Graded(3).counts(fired).tolist() == [[2, 0], [3, 1]]
    assert Graded(3).counts(np.arange(6)).tolist() == [3, 12]
    assert Binary().counts(fired).tolist() == fired.tolist()


@pytest.mark.parametrize("code", [Binary(), Graded(4), Graded(4, "noise")], ids=lambda code: code.name)
def test_no_samples_have_no_spikes(code):
    fired = code.fire(np.zeros((0, 3)))
    assert (fired.shape, fired.dtype) == ((0, 3 * code.n), bool)
    assert code.counts(fired).shape == (0, 3)
    assert code.levels("x", 3, np.arange(0)).shape == (0, 3 * code.n)


@pytest.mark.parametrize("value", [-0.01, 1.01, np.nan, np.inf])
def test_a_value_out_of_range_is_refused(value):
    with pytest.raises(InputError, match=r"values run from .* must lie within 0 and 1"):
        Graded(8).encode(np.array([0.5, value]))


# --- names


def test_codes_are_told_apart_by_their_names_but_for_seed_and_gain():
    codes = (Binary(), Graded(1, "noise"), Graded(8), Graded(8, "fixed", seed=3, back_gain=1))
    assert [code.name for code in codes] == ["binary", "binary", "graded 8 rotating", "graded 8 fixed"]


def test_a_table_says_the_neurons_of_a_unit_where_there_are_several():
    assert (Binary().words, Graded(8, "noise").words) == ("", " of 8 neurons each (noise)")


# --- files


@pytest.mark.parametrize("code", [Binary(), Graded(8), Graded(4, "noise", 5, 3)], ids=lambda code: code.name)
def test_a_code_comes_back_from_its_arguments(code):
    assert code_of(code.arguments()) == code
    assert code_of({"kind": code.kind, **code.arguments()}) == code


def test_nothing_stands_for_the_binary_code_and_files_of_before_say_n_1():
    assert code_of(None) == code_of({}) == Binary()
    assert code_of({"n": 1, "dither": "rotating", "seed": 0, "back_gain": 2}) == Binary()


def test_a_code_registers_itself():
    assert (kinds()["binary"], kinds()["graded"]) == (Binary, GradedCode)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"kind": "grded", "n": 4}, "the kind of the code is 'grded' but must be one of .*did you mean 'graded'"),
        ({"neurons": 4}, "code is {'neurons': 4}, which describes no code of the kind 'graded'"),
        ({"n": 400}, "n is 400"),
    ],
)
def test_arguments_of_no_code_are_refused(arguments, message):
    with pytest.raises(InputError, match=message):
        code_of(arguments)
