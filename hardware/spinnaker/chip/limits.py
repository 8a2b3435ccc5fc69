"""What a SpiNNaker board and sPyNNaker 1!7.4.1 have room for; the sources are given with each number.

[1]
    sPyNNaker 1!7.4.1 and SpiNNMachine 1!7.4.1: what their Python sources state.
[2]
    The same on a virtual board: what was measured (docs/spinnaker.md).
[3]
    Furber et al., "The SpiNNaker project", Proceedings of the IEEE 102(5) (2014).
"""

from __future__ import annotations

from ...integers import Range

NEURONS = 256
"""On a core, by default and at most [1]."""

WEIGHT = Range(0, 2**16 - 1)
"""A stored weight and a slot of a ring buffer; more is masked in the first, and saturates in the second [1, 2]."""

ROW = 256
"""Synapses from one neuron to one core in a projection [1]."""

PLASTIC_ROW, MODULATED_ROW = 254, 169
"""The same if the synapses learn by pairs of spikes, and if these are modulated [2]."""

DELAY_BITS = 14
"""A ring buffer's index: slot of the delay, receptor type, neuron [1]."""

DELAY_STAGES = 8
"""A longer delay waits on a core of its own, so many times as long as the ring buffers at most [1]."""

CORES = 18
"""On a chip; a few chips have 17 [3]."""

MONITORS = 2
"""Cores of each chip that the tools keep for themselves: the monitor and one that reads out [1]."""

GATHERERS = 1
"""Cores more that they keep on the chip of a board that has the network's cable [1]."""

CHIPS = 48
"""On a board [3]."""

SDRAM = 123_469_792
"""Bytes of a chip's shared memory that a network may use [2]."""

EVENTS = 13_000
"""Synaptic events that a core can take in a millisecond, if nothing learns [1]."""

LIMITS = {
    "neurons_per_core": NEURONS,
    "synapses_per_row": ROW,
    "plastic_synapses_per_row": PLASTIC_ROW,
    "modulated_synapses_per_row": MODULATED_ROW,
    "cores_per_chip": CORES,
    "cores_kept_per_chip": MONITORS,
    "chips_per_board": CHIPS,
    "sdram_bytes_per_chip": SDRAM,
    "synaptic_events_per_ms_and_core": EVENTS,
}
"""For reports."""


def delay_slots(neurons: int) -> int:
    """How many steps of delay a core holds by itself: 32 with 256 neurons, 64 with 128 [1, 2].

    Parameters
    ----------
    neurons
        On the core; two receptor types.
    """
    return int(2 ** (DELAY_BITS - 1 - max(neurons - 1, 1).bit_length()))


def chips_for(cores: int) -> int:
    """How many chips so many cores take at least, beside those that the tools keep.

    Parameters
    ----------
    cores
        Of the network.
    """
    chips = 0
    while cores > 0:
        on_the_cable = chips % CHIPS == 0
        cores -= CORES - MONITORS - (GATHERERS if on_the_cable else 0)
        chips += 1
    return chips
