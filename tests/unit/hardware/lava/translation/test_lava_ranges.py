"""The numbers that a Loihi chip has, as its sources state them."""

from __future__ import annotations

import pytest
from scenarios.loihi import ints

from hardware.integers import Range
from hardware.lava.translation import ranges


@pytest.mark.parametrize(
    ("found", "low", "high"),
    [
        (ranges.CURRENT_DECAY, 0, 4095),
        (ranges.VOLTAGE_DECAY, 0, 4096),
        (ranges.THRESHOLD, 0, 131_071),
        (ranges.BIAS_MANTISSA, -4096, 4095),
        (ranges.BIAS_EXPONENT, 0, 7),
        (ranges.WEIGHT_EXPONENT, -8, 7),
        (ranges.DELAY, 0, 62),
        (ranges.MIXED.weights, -256, 254),
        (ranges.EXCITATORY.weights, 0, 255),
        (ranges.INHIBITORY.weights, -255, 0),
        (ranges.LEARNING_WEIGHTS, -256, 254),
        (ranges.LEARNING_MANTISSA, 1, 7),
    ],
)
def test_ranges(found, low, high):
    assert found == Range(low, high)


def test_bounds_of_state_and_of_sums():
    assert (ranges.STATE, ranges.ACCUMULATOR, ranges.FINER, ranges.UNITY) == (8_388_608, 32_768, 64, 4096)
    assert (ranges.ALL_VOLTAGE_LEFT, ranges.NO_VOLTAGE_LEFT) == (0, 4096)
    assert (ranges.INPUT_SHIFT, ranges.LEARNING_CHANGE) == (6, 255)


@pytest.mark.parametrize(
    ("weights", "plastic", "mode"),
    [
        ((0, 5), False, ranges.EXCITATORY),
        ((0, 0), False, ranges.EXCITATORY),
        ((), False, ranges.EXCITATORY),
        ((0, -5), False, ranges.INHIBITORY),
        ((-3, -5), False, ranges.INHIBITORY),
        ((1, -5), False, ranges.MIXED),
        ((1, 5), True, ranges.MIXED),
        ((), True, ranges.MIXED),
    ],
)
def test_sign_modes_follow_the_weights(weights, plastic, mode):
    assert ranges.sign_mode(ints(*weights), plastic) is mode


def test_weights_of_both_signs_are_even():
    assert ranges.MIXED.holds(ints(-258, -256, -1, 0, 253, 254, 256)).tolist() == [0, 1, 0, 1, 0, 1, 0]
    assert ranges.EXCITATORY.holds(ints(-1, 0, 1, 255, 256)).tolist() == [0, 1, 1, 1, 0]
    assert ranges.INHIBITORY.holds([-256, -255, -1, 0, 1]).tolist() == [0, 1, 1, 1, 0]
    assert (ranges.MIXED.step, ranges.EXCITATORY.step, ranges.INHIBITORY.step) == (2, 1, 1)


def test_sign_modes_in_words():
    assert str(ranges.MIXED) == "an even number from -256 to 254 (mixed signs)"
    assert str(ranges.INHIBITORY) == "a whole number from -255 to 0 (inhibitory)"
    assert str(ranges.EXCITATORY) == "a whole number from 0 to 255 (excitatory)"


def test_a_sign_mode_can_not_be_changed():
    with pytest.raises(AttributeError):
        ranges.MIXED.step = 1


def test_the_etas_are_those_that_a_learning_rule_of_the_chip_can_have():
    """Twice eta is 1 to 7 times a power of two, and at most 255."""
    assert ranges.ETAS == (2, 4, 6, 8, 10, 12, 14, 16, 20, 24, 28, 32, 40, 48, 56, 64, 80, 96, 112)
