"""What a Loihi chip has room for; numbers in brackets are the sources of :mod:`hardware.lava.translation.ranges`."""

from __future__ import annotations

CORES = 128
"""Cores on a chip [1]."""

COMPARTMENTS = 1024
"""Compartments on a core, if none of its synapses has a delay above 6; see :func:`compartments_for` [1]."""

SYNAPSE_MEMORY = 128 * 1024 * 8
"""Bits of synaptic memory on a core: 128 KB [1], 1,048,576 bits [3]."""

INPUT_AXONS = 4096
"""Entries in a core's table of input axons [1, 3]."""

OUTPUT_AXONS = 4096
"""Entries in a core's table of output axons: one for each core and list that a compartment's spike goes to [1, 3]."""

PLASTIC_ENTRIES = 2
"""Entries that an input axon with plastic synapses takes: one for its synapses and one for its trace [3]."""

DECAY_PROFILES = 32
"""Different pairs of decays on a core [3]."""

THRESHOLD_PROFILES = 8
"""Different thresholds on a core [3]."""

SYNAPSE_FORMATS = 16
"""Different formats of synapses on a core: a list names its format in 4 bits [3]."""

LEARNING_UPDATE_NS = 6.1
"""Time in ns for one update of a plastic synapse, from simulation before silicon [1, table 2: pairwise STDP]."""

LIMITS = {
    "cores": CORES,
    "compartments_per_core": COMPARTMENTS,
    "synapse_memory_bits_per_core": SYNAPSE_MEMORY,
    "input_axons_per_core": INPUT_AXONS,
    "output_axons_per_core": OUTPUT_AXONS,
}
"""For reports."""

_DELAY_SLOTS = 2**13
"""Places for delayed input on a core, 2**b for each compartment, b from 3 to 6 here [5]."""

_LEAST_SLOT_BITS = 3
"""With 8 places each there are as many compartments as a core has: [3] and [5] say so."""


def compartments_for(longest_delay: int) -> int:
    """How many compartments a core has room for if its longest delay is this: 1,024 up to 6, 128 above 30 [5]."""
    bits = _LEAST_SLOT_BITS
    while longest_delay > 2**bits - 2:
        bits += 1
    return _DELAY_SLOTS // 2**bits
