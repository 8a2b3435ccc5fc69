"""Weights as mantissas with one exponent, by value; and what no mantissa holds."""

from __future__ import annotations

import hypothesis.strategies as st
import numpy as np
import pytest
from hypothesis import given

from hardware.integers import EXACT, Rounding
from hardware.lava.translation.ranges import EXCITATORY, INHIBITORY, MIXED, SignMode
from hardware.lava.translation.weights import HALVED, HeldWeights, hold_weights
from pynn_backprop.errors import InputError


def held(*units: float, tolerance: float = EXACT, rule=None, like=None, scale=1.0) -> tuple[HeldWeights, Rounding]:
    return hold_weights("proj", np.array(units, float), "mV", np.array(scale), tolerance, rule, like)


def hold(*units: float, **keywords) -> HeldWeights:
    return held(*units, **keywords)[0]


def as_tuple(found: HeldWeights) -> tuple[list[int], int, SignMode]:
    return found.mantissa.tolist(), found.exponent, found.mode


def refusal(*units: float, **keywords) -> str:
    with pytest.raises(InputError) as refused:
        hold(*units, **keywords)
    return str(refused.value)


# --- the exponent


@pytest.mark.parametrize(
    ("units", "mantissas", "exponent", "mode"),
    [
        ((255.0,), [255], 0, EXCITATORY),
        ((256.0,), [128], 1, EXCITATORY),
        ((510.0,), [255], 1, EXCITATORY),
        ((8192.0,), [128], 6, EXCITATORY),
        ((32_640.0,), [255], 7, EXCITATORY),
        ((-1024.0, -512.0), [-128, -64], 3, INHIBITORY),
        ((-255.0, 0.0), [-255, 0], 0, INHIBITORY),
        ((-2.0, 2.0), [-2, 2], 0, MIXED),
        ((-256.0, 254.0), [-256, 254], 0, MIXED),
        ((-512.0, 256.0), [-256, 128], 1, MIXED),
        ((-128.0, 127.0), [-256, 254], HALVED, MIXED),
        ((-1.0, 2.0), [-2, 4], HALVED, MIXED),
        ((0.0,), [0], 0, EXCITATORY),
        ((), [], 0, EXCITATORY),
    ],
)
def test_weights_have_the_smallest_exponent_that_holds_them(units, mantissas, exponent, mode):
    found, rounding = held(*units)
    assert as_tuple(found) == (mantissas, exponent, mode)
    assert found.mantissa.dtype == np.int32
    np.testing.assert_array_equal(found.units, units)
    assert rounding.error == 0


def test_plastic_weights_have_both_signs_and_room_to_grow():
    assert as_tuple(hold(10.0, rule=(2.0, 254.0))) == ([10], 0, MIXED)
    assert as_tuple(hold(12.0, rule=(4.0, 500.0))) == ([6], 1, MIXED)
    assert as_tuple(hold(10.0, rule=(3.0, 40.0))) == ([20], HALVED, MIXED)
    assert as_tuple(hold(10.0, rule=(2.0, 41.0))) == ([20], HALVED, MIXED)


@given(st.lists(st.integers(-127, 127), min_size=1, max_size=20), st.integers(0, 6))
def test_weights_of_one_size_are_always_exact(mantissas, exponent):
    units = np.array(mantissas) * 2.0**exponent
    np.testing.assert_array_equal(hold(*units).units, units)
    assert hold(*units).mode.holds(hold(*units).mantissa).all()


# --- rounding


def test_weights_are_rounded_within_a_tolerance_of_the_largest():
    found, rounding = held(1000.0, 3.0, tolerance=0.001)
    assert found.mantissa.tolist() == [250, 1]
    assert rounding == Rounding("proj", "weight", "mV", 3.0, 4.0, 0.001)
    with pytest.raises(InputError, match="nearest"):
        hold(1000.0, 3.0, tolerance=0.0005)


def test_the_largest_plastic_weight_is_the_largest_that_it_may_become():
    assert held(1.0, 0.0, rule=(4.0, 500.0), tolerance=0.01)[1].error == 1 / 500


def test_what_is_said_of_a_weight_is_in_pynns_unit():
    found, rounding = held(1000.0, 3.0, tolerance=0.01, scale=[2.0, 0.5])
    assert found.units.tolist() == [1000.0, 4.0]
    assert (rounding.value, rounding.held, rounding.error) == (6.0, 8.0, 0.001)


@pytest.mark.parametrize(
    ("units", "value", "nearest", "off", "signs", "exponent", "unit"),
    [
        ((256.0, 1.0), 1, 0, "0.39", "excitatory", 1, 2),
        ((0.5,), 0.5, 0, "1e+02", "excitatory", 0, 1),
        ((-200.0, 201.0), 201, 200, "0.5", "mixed signs", 0, 2),
        ((-1024.0, -3.0), -3, 0, "0.29", "inhibitory", 3, 8),
    ],
)
def test_weights_that_no_mantissa_holds_are_refused_with_the_nearest_and_the_reason(
    units, value, nearest, off, signs, exponent, unit
):
    assert refusal(*units) == (
        f"weight of 'proj' is {value} mV, which the chip's integers can't hold: the nearest value is {nearest} mV, "
        f"{off} % off, and nothing is accepted; weights that are {signs} are mantissas of 8 bits with one exponent for "
        f"the projection, and {exponent}, which fits the largest weight, makes them multiples of {unit} times the "
        "resolution"
    )


@pytest.mark.parametrize(
    ("units", "rule", "scale", "value", "most"),
    [
        ((40_000.0,), None, 1.0, "40000", "32640"),
        ((-40_000.0,), None, 1.0, "40000", "32640"),
        ((-40_000.0, 1.0), None, 1.0, "40000", "32512"),
        ((1.0,), (2.0, 40_000.0), 1.0, "40000", "32512"),
        ((40_000.0, 1.0), None, [2.0, 4.0], "10000", "8160"),
        ((40_000.0,), None, [0.5], "80000", "65280"),
        ((), (2.0, 40_000.0), np.zeros(0), "40000", "32512"),
    ],
)
def test_weights_that_are_too_large_are_refused_with_the_largest(units, rule, scale, value, most):
    assert refusal(*units, rule=rule, scale=scale) == (
        f"weight of 'proj' is, or may become, {value} mV, which is too large for a synapse: the largest value is "
        f"{most} mV; a coarser resolution in setup() allows more"
    )


def test_a_weight_that_would_be_rounded_to_the_largest_is_held():
    assert hold(32_700.0, tolerance=0.01).mantissa.tolist() == [255]


# --- new weights


def test_new_weights_keep_the_exponent_and_the_sign():
    first = hold(512.0, 4.0)
    assert as_tuple(hold(1020.0, 0.0, like=first)) == ([255, 0], 2, EXCITATORY)
    assert as_tuple(hold(4.0, like=first)) == ([1], 2, EXCITATORY)
    assert as_tuple(hold(-5.0, 6.0, like=hold(-128.0, 127.0))) == ([-10, 12], HALVED, MIXED)


@pytest.mark.parametrize("wrong", [1024.0, -4.0])
def test_new_weights_that_do_not_fit_are_refused_with_the_range(wrong):
    assert refusal(wrong, like=hold(512.0, 4.0), scale=2.0) == (
        "the weights of 'proj' must stay between 0 and 510 mV, since their exponent and signs were chosen for the "
        "first run; reset() lets them be chosen anew"
    )
    assert "must stay between -128 and 127 mV" in refusal(-258.0, like=hold(-2.0, 2.0), scale=2.0)


def test_new_weights_between_two_multiples_are_refused_with_the_nearest():
    assert refusal(5.0, like=hold(512.0, 4.0)).endswith(
        "and 2, which was chosen for the first run, makes them multiples of 4 times the resolution"
    )
