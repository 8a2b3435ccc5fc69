"""Graded codes: levels that are permutations, noise that is independent, and what lifts neurons to their levels."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pynn_backprop.codes.binary import Binary
from pynn_backprop.codes.code import LEVELLED
from pynn_backprop.codes.graded import DITHERS, Graded, GradedCode, graded_strengths
from pynn_backprop.codes.lattice import best_steps
from pynn_backprop.errors import InputError

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
    code = Graded(n)
    levels = code.levels(population, 2, np.arange(code.variants))
    assert all(sorted(neuron) == list(range(n)) for neuron in levels.T.tolist())


@pytest.mark.parametrize(("dither", "rises"), [("rotating", 1), ("fixed", 0)])
@pytest.mark.parametrize("population", LEVELLED)
def test_the_levels_are_those_of_the_documentation(dither, rises, population):
    """(k + a c + floor(i n / u)) mod n for neuron k of unit i of u in cycle c."""
    n, units = 16, 5
    a = rises * dict(zip(LEVELLED, (1, 3, 5, 7), strict=True))[population]
    levels = Graded(n, dither).levels(population, units, np.arange(40))
    assert levels.dtype == np.int32
    for c, i, k in itertools.product(range(40), range(units), range(n)):
        assert levels[c, i * n + k] == (k + a * c + i * n // units) % n


def test_units_start_at_different_levels():
    levels = Graded(4).levels("x", 3, np.array([0, 1]))
    assert levels.tolist() == [[0, 1, 2, 3, 1, 2, 3, 0, 2, 3, 0, 1], [1, 2, 3, 0, 2, 3, 0, 1, 3, 0, 1, 2]]


def test_cycles_may_be_of_any_integer_type():
    """2 * 200 would not fit a byte, and 256 is no multiple of 5."""
    cycles = np.array([200, 255], np.uint8)
    np.testing.assert_array_equal(Graded(5).levels("o", 2, cycles), Graded(5).levels("o", 2, cycles.astype(np.int64)))


@given(n=st.integers(2, 33), drive=st.integers(-2000, 8000))
@settings(deadline=None)
def test_with_equal_drives_the_number_of_firing_neurons_is_the_rounded_drive(n, drive):
    """Integers: fires when 2 N u > theta (2 level + 1), the documented condition."""
    theta = 128 * n
    levels = Graded(n).levels("h", 1, np.array([7]))[0]
    fired = np.sum(2 * n * drive > theta * (2 * levels + 1))
    assert fired == np.clip(np.ceil(n * drive / theta - 0.5), 0, n)


def test_rotating_levels_repeat_after_n_cycles_and_training_goes_on_among_them():
    code = Graded(8)
    first, cycles = code.cycles(13, 5)
    assert (code.variants, code.settled, first) == (8, True, 5)
    assert cycles.tolist() == list(range(8))
    np.testing.assert_array_equal(code.levels("o", 2, np.arange(8)), code.levels("o", 2, np.arange(8, 16)))


def test_fixed_levels_need_one_cycle():
    code = Graded(8, "fixed")
    levels = code.levels("x", 3, np.arange(20))
    assert (levels == levels[0]).all()
    first, cycles = code.cycles(13, 5)
    assert (code.variants, code.settled, first, cycles.tolist()) == (1, True, 0, [0])


def test_the_steps_are_the_best_for_four_populations():
    assert Graded(32).steps == best_steps(32, 4)


# --- noise


def test_random_levels_are_uniform_and_decided_by_the_seed():
    levels = Graded(8, "noise", seed=3).levels("h", 4, np.arange(2_000))
    assert levels.dtype == np.int32
    shares = np.bincount(levels.ravel(), minlength=8) / levels.size
    assert np.abs(shares - 1 / 8).max() < 5 * np.sqrt(1 / 8 * 7 / 8 / levels.size)
    np.testing.assert_array_equal(levels[70:80], Graded(8, "noise", seed=3).levels("h", 4, np.arange(70, 80)))


def same_share(one: np.ndarray, other: np.ndarray) -> float:
    return float((one == other).mean())


@pytest.mark.parametrize("n", [2, 8])
def test_the_noise_of_different_populations_cycles_neurons_and_seeds_is_independent(n):
    """Two independent levels are equal with probability 1/n; five standard errors are allowed."""
    code, samples = Graded(n, "noise", seed=3), np.arange(2_000)
    levels = {name: code.levels(name, 3, samples) for name in LEVELLED}
    pairs = {pair: (levels[pair[0]], levels[pair[1]]) for pair in itertools.combinations(LEVELLED, 2)}
    h = levels["h"]
    pairs |= {
        "cycles": (h[1:], h[:-1]),
        "neurons": (h[:, 1:], h[:, :-1]),
        "units": (h[:, n:], h[:, :-n]),
        "seeds": (h, Graded(n, "noise", seed=4).levels("h", 3, samples)),
    }
    for what, (one, other) in pairs.items():
        tolerance = 5 * np.sqrt(1 / n * (1 - 1 / n) / one.size)
        assert same_share(one, other) == pytest.approx(1 / n, abs=tolerance), what


def test_the_noise_sources_are_the_binary_digits_of_the_levels():
    code = Graded(16, "noise")
    levels, sources = code.levels("o", 2, np.arange(50)), code.noise_spikes("o", 2, np.arange(50))
    assert sorted(sources) == ["noise_o0", "noise_o1", "noise_o2", "noise_o3"]
    assert {fires.dtype for fires in sources.values()} == {np.dtype(bool)}
    np.testing.assert_array_equal(sum(fires << k for k, fires in enumerate(map(np.int64, sources.values()))), levels)


def test_a_source_costs_a_neuron_its_digit_of_the_level():
    assert Graded(8, "noise").noise("hT", 64) == (("noise_hT0", -64), ("noise_hT1", -128), ("noise_hT2", -256))
    assert Graded(8).noise("hT", 64) == ()
    assert Graded(8).noise_spikes("hT", 2, np.arange(3)) == {}


def test_random_levels_never_repeat():
    code = Graded(8, "noise")
    first, cycles = code.cycles(13, 5)
    assert (code.variants, code.settled, first, cycles.tolist()) == (1, False, 0, [13, 14, 15, 16, 17])


# --- lifts and strengths


@pytest.mark.parametrize(
    ("code", "centred", "plain"),
    [
        (Graded(8), (448, 128, 1), (0, 128, 1)),
        (Graded(8, "fixed"), (448, 128, 0), (0, 128, 0)),
        (Graded(8, "noise"), (448, 0, 0), None),
    ],
    ids=DITHERS,
)
def test_a_rotor_centres_a_population_and_lifts_it_unless_noise_does(code, centred, plain):
    """Base 128 * 7 / 2, slope and step; the first population has the step 1."""
    assert code.rotor("x", 128, centred=True) == centred
    assert code.rotor("x", 128, centred=False) == plain
    assert {type(number) for number in centred} == {type(number) for number in code.rotor("x", 128, centred=True)}


def test_a_rotor_has_the_step_of_its_population():
    assert [Graded(32).rotor(name, 1, centred=False) for name in LEVELLED] == [(0, 1, a) for a in (1, 7, 9, 15)]


def test_the_gain_of_the_hidden_error_divides_the_cost_of_a_level():
    """Rounded down, but never to nothing: then all hidden neurons would have the same level."""
    assert [Graded(4, back_gain=gain).back_step(128) for gain in (1, 2, 3, 128, 129, 1000)] == [128, 64, 42, 1, 1, 1]


def test_a_copy_from_unit_to_unit_is_worth_one_neuron():
    assert Graded(4).unit_copy(520, 128) == 128


@pytest.mark.parametrize(
    ("n", "quantum", "theta", "bias"),
    [(8, 128, 1024, 4096), (32, 128, 4096, 16384), (33, 128, 4224, 8448), (64, 128, 8192, 16384), (8, 2, 16, 64)],
)
def test_the_bias_is_four_thresholds_as_long_as_loihi_holds_the_inhibition(n, quantum, theta, bias):
    assert graded_strengths(n, quantum) == {"theta": theta, "bias": bias}
    assert Graded(8).strengths() == {"theta": 1024, "bias": 4096}


@pytest.mark.parametrize(("arguments", "message"), [((0, 128), "n is 0"), ((8, 1), "quantum is 1 .* at least 2")])
def test_strengths_of_no_unit_are_refused(arguments, message):
    with pytest.raises(InputError, match=message):
        graded_strengths(*arguments)


# --- inputs


def test_inputs_are_the_values_and_a_bias_unit_that_is_always_full():
    fired = Graded(4).inputs(np.array([[0.5, 0.25], [0, 1]]), 1)
    assert fired.astype(int).tolist() == [[1, 1, 0, 0, 1, 0, 0, 0, 1, 1, 1, 1], [0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1]]


def test_several_levels_for_a_value_and_values_out_of_range_are_refused():
    with pytest.raises(InputError, match="levels is 2 but must be 1 with a graded code"):
        Graded(4).inputs(np.array([[0.5]]), 2)
    with pytest.raises(InputError, match="levels is 0"):
        Graded(4).inputs(np.array([[0.5]]), 0)
    with pytest.raises(InputError, match="values"):
        Graded(4).inputs(np.array([[1.5]]), 1)
    with pytest.raises(InputError, match=r"values has shape \(1,\) but must be \(n_samples, n_features\)"):
        Graded(4).inputs(np.array([0.5]), 1)


# --- what is refused, what is equal


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"n": 0}, "n is 0 but must be a whole number from 1 to 128"),
        ({"n": 129}, "n is 129 but must be a whole number from 1 to 128"),
        ({"n": 2.0}, "n is 2.0"),
        ({"n": 4, "dither": "random"}, "dither is 'random'"),
        ({"n": 12, "dither": "noise"}, "n is 12 but must be a power of two with noise"),
        ({"n": 1, "dither": "none"}, "dither is 'none'"),
        ({"n": 4, "seed": -1}, "seed is -1 but must be a whole number of at least 0"),
        ({"n": 4, "back_gain": 0}, "back_gain is 0 but must be a whole number of at least 1"),
    ],
)
def test_a_bad_argument_is_named(arguments, message):
    with pytest.raises(InputError, match=message):
        Graded(**arguments)


def test_128_neurons_and_twelve_that_rotate_are_allowed():
    assert (Graded(128).n, Graded(12).n, Graded(2, "noise").n) == (128, 12, 2)


def test_the_class_itself_needs_two_neurons_and_checks_the_rest():
    with pytest.raises(InputError, match="n is 1 but must be a whole number from 2 to 128"):
        GradedCode(1)
    with pytest.raises(InputError, match="dither is 'random'"):
        GradedCode(4, "random")
    assert GradedCode(2) == Graded(2)
    assert repr(GradedCode(2)) == "GradedCode(n=2, dither='rotating', seed=0, back_gain=2)"


def test_codes_are_equal_by_their_arguments():
    assert Graded(1) == Binary()
    assert Graded(4, back_gain=1) != Graded(4)
    assert len({Graded(n, dither) for n, dither in itertools.product((4, 8), DITHERS)}) == 6
    assert Graded(4) == Graded(4, "rotating", 0, 2)
