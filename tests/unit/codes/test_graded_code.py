"""Codes: the error of a rounded value, levels that are permutations, and what is refused."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pynn_backprop.codes.binary import Binary
from pynn_backprop.codes.code import KINDS, LEVELLED, code_of
from pynn_backprop.codes.graded import DITHERS, Graded, GradedCode
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


def test_the_binary_code_rounds_at_one_half():
    assert Binary().encode(np.array([0, 0.49, 0.5, 1])).tolist() == [0, 0, 1, 1]


def test_the_first_neurons_of_each_unit_fire():
    assert Graded(4).fire(np.array([[0.5, 0.25]])).astype(int).tolist() == [[1, 1, 0, 0, 1, 0, 0, 0]]


@pytest.mark.parametrize("value", [-0.01, 1.01, np.nan, np.inf])
def test_a_value_out_of_range_is_refused(value):
    with pytest.raises(InputError, match=r"values run from .* must lie within 0 and 1"):
        Graded(8).encode(np.array([0.5, value]))


# --- levels


@given(
    n=st.integers(2, 33),
    dither=st.sampled_from(["rotating", "fixed"]),
    population=st.sampled_from(LEVELLED),
    units=st.integers(1, 5),
    cycle=st.integers(0, 200),
)
@settings(deadline=None)
def test_the_levels_of_a_unit_are_a_permutation_in_every_cycle(n, dither, population, units, cycle):
    levels = Graded(n, dither).levels(population, units, np.array([cycle])).reshape(units, n)
    assert all(sorted(unit) == list(range(n)) for unit in levels.tolist())


@given(n=st.integers(2, 33), population=st.sampled_from(LEVELLED))
@settings(deadline=None)
def test_a_rotating_neuron_passes_through_every_level_in_n_cycles(n, population):
    levels = Graded(n).levels(population, 2, np.arange(n))
    assert all(sorted(neuron) == list(range(n)) for neuron in levels.T.tolist())


@given(n=st.integers(1, 33), drive=st.integers(-2000, 8000))
@settings(deadline=None)
def test_with_equal_drives_the_number_of_firing_neurons_is_the_rounded_drive(n, drive):
    """Integers: fires when 2 N u > theta (2 level + 1), the documented condition."""
    theta = 128 * n
    levels = Graded(n).levels("h", 1, np.array([7]))[0]
    fired = np.sum(2 * n * drive > theta * (2 * levels + 1))
    assert fired == np.clip(np.ceil(n * drive / theta - 0.5), 0, n)


def test_fixed_levels_stay():
    levels = Graded(8, "fixed").levels("x", 3, np.arange(20))
    assert (levels == levels[0]).all()


def test_random_levels_are_uniform_independent_and_decided_by_the_seed():
    code = Graded(8, "noise", seed=3)
    levels = code.levels("h", 4, np.arange(2_000))
    shares = np.bincount(levels.ravel(), minlength=8) / levels.size
    assert np.abs(shares - 1 / 8).max() < 5 * np.sqrt(1 / 8 * 7 / 8 / levels.size)
    correlation = np.corrcoef(levels.T) - np.eye(32)
    assert np.abs(correlation).max() < 5 / np.sqrt(2_000)
    np.testing.assert_array_equal(levels[70:80], Graded(8, "noise", seed=3).levels("h", 4, np.arange(70, 80)))
    assert (levels != Graded(8, "noise", seed=4).levels("h", 4, np.arange(2_000))).any()


def test_the_noise_sources_are_the_binary_digits_of_the_levels():
    code = Graded(16, "noise")
    levels, sources = code.levels("o", 2, np.arange(50)), code.noise_spikes("o", 2, np.arange(50))
    assert sorted(sources) == ["noise_o0", "noise_o1", "noise_o2", "noise_o3"]
    np.testing.assert_array_equal(sum(fires << k for k, fires in enumerate(map(np.int64, sources.values()))), levels)


def test_one_neuron_has_one_level():
    code = Binary()
    assert (code.levels("x", 5, np.arange(4)) == np.zeros((4, 5))).all()
    assert (code.variants, code.noise_spikes("x", 5, np.arange(4)), code.noise("x", 3)) == (1, {}, ())
    assert code.rotor("x", 3, centred=True) is None


# --- what is refused, what is equal


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"n": 0}, "n is 0"),
        ({"n": 129}, "n is 129"),
        ({"n": 2.0}, "n is 2.0"),
        ({"n": 4, "dither": "random"}, "dither is 'random'"),
        ({"n": 12, "dither": "noise"}, "power of two"),
        ({"n": 4, "seed": -1}, "seed is -1"),
        ({"n": 4, "back_gain": 0}, "back_gain is 0"),
    ],
)
def test_a_bad_argument_is_named(arguments, message):
    with pytest.raises(InputError, match=message):
        Graded(**arguments)


def test_codes_are_equal_by_their_arguments():
    assert Graded(1) == Binary()
    assert len({Graded(n, dither) for n, dither in itertools.product((4, 8), DITHERS)}) == 6


def test_the_name_tells_codes_apart():
    assert [code.name for code in (Binary(), Graded(1, "noise"), Graded(8), Graded(8, "fixed"))] == [
        "binary",
        "binary",
        "graded 8 rotating",
        "graded 8 fixed",
    ]


# --- files


@pytest.mark.parametrize("code", [Binary(), Graded(8), Graded(4, "noise", 5, 3)], ids=lambda code: code.name)
def test_a_code_comes_back_from_its_arguments(code):
    assert code_of(code.arguments()) == code


def test_nothing_stands_for_the_binary_code_and_files_of_before_say_n_1():
    assert code_of(None) == code_of({}) == Binary()
    assert code_of({"n": 1, "dither": "rotating", "seed": 0, "back_gain": 2}) == Binary()


def test_a_code_registers_itself():
    assert (KINDS["binary"], KINDS["graded"]) == (Binary, GradedCode)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"kind": "grded", "n": 4}, "the kind of the code is 'grded' but must be one of .*did you mean 'graded'"),
        ({"neurons": 4}, "described by {'neurons': 4}, which the kind 'graded' can't use"),
        ({"n": 400}, "n is 400"),
    ],
)
def test_arguments_of_no_code_are_refused(arguments, message):
    with pytest.raises(InputError, match=message):
        code_of(arguments)
