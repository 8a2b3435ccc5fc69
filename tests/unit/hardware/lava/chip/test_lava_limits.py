"""What a chip has room for and how synapses fill its memory, by value."""

from __future__ import annotations

import numpy as np
import pytest
from scenarios.loihi import ints

from hardware.lava.chip import limits, memory


def test_what_a_chip_and_a_core_have():
    assert limits.LIMITS == {
        "cores": 128,
        "compartments_per_core": 1024,
        "synapse_memory_bits_per_core": 1_048_576,
        "input_axons_per_core": 4096,
        "output_axons_per_core": 4096,
    }
    assert (limits.DECAY_PROFILES, limits.THRESHOLD_PROFILES, limits.SYNAPSE_FORMATS) == (32, 8, 16)
    assert (limits.PLASTIC_ENTRIES, limits.LEARNING_UPDATE_NS) == (2, 6.1)


@pytest.mark.parametrize(
    ("longest", "room"),
    [(0, 1024), (6, 1024), (7, 512), (14, 512), (15, 256), (30, 256), (31, 128), (62, 128)],
)
def test_long_delays_leave_room_for_fewer_compartments(longest, room):
    assert limits.compartments_for(longest) == room
    assert type(limits.compartments_for(longest)) is int


@pytest.mark.parametrize(
    ("weights", "bits"),
    [
        ((255, 1), 8),
        ((130, 130), 8),
        ((4, 252), 6),
        ((136, 8), 5),
        ((16, 32), 4),
        ((128, 0), 1),
        ((0, 0), 1),
        ((), 1),
        ((-8, -136), 5),
        ((-2, 254), 8),
        ((-1, 2), 8),
        ((-4, 252), 8),
        ((-8, 8), 6),
        ((-64, 64), 3),
        ((32, 224), 3),
        ((64, 192), 2),
        ((-128, 128), 2),
        ((-256, 256), 1),
    ],
)
def test_a_weight_takes_the_fewest_bits_that_hold_all_of_a_projection(weights, bits):
    assert memory.weight_bits(ints(*weights), plastic=False) == bits
    assert memory.weight_bits(ints(*weights), plastic=True) == 8


@pytest.mark.parametrize(("longest", "bits"), [(0, 0), (1, 1), (2, 2), (3, 2), (6, 3), (62, 6)])
def test_a_delay_takes_the_bits_of_the_longest(longest, bits):
    assert memory.delay_bits(longest) == bits


@pytest.mark.parametrize(
    ("compartments", "bits"),
    [(1, 6), (64, 6), (65, 7), (128, 7), (129, 8), (1024, 10), (1025, 11), (2049, 12), (4097, 12)],
)
def test_an_index_takes_the_bits_that_tell_the_compartments_of_a_core_apart(compartments, bits):
    assert memory.index_bits(compartments) == bits


def test_lists_of_synapses_take_whole_words():
    """10 bits at the start and 8 for each synapse; 64 synapses are a list."""
    synapses_and_bits = {0: 0, 1: 64, 6: 64, 7: 128, 64: 576, 65: 576 + 64, 128: 2 * 576, 129: 2 * 576 + 64}
    bits = memory.synapse_bits(np.array(list(synapses_and_bits)), np.array(8))
    assert bits.tolist() == list(synapses_and_bits.values())
    assert memory.synapse_bits(ints(54, 64, 64), ints(1, 1, 14)).tolist() == [64, 128, 960]


def test_a_list_that_fills_its_words_to_the_last_bit_takes_no_other():
    assert memory.synapse_bits(ints(1, 1, 6, 59), ints(54, 55, 9, 2)).tolist() == [64, 128, 64, 128]


def test_what_memory_is_made_of():
    assert memory.WEIGHT_WIDTHS == (1, 2, 3, 4, 5, 6, 8)
    assert memory.INDEX_WIDTHS == (6, 7, 8, 9, 10, 11, 12)
    assert (memory.LIST_LENGTH, memory.LIST_HEADER, memory.WORD) == (64, 10, 64)
