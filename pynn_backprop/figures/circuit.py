"""Data of the figure ``circuit``: the one-layer circuit, whose table of phases is checked on the platform."""

from __future__ import annotations

import neo

from ..circuit.published import training_circuit
from ..codes.code import Graded
from ..codes.graded_weights import graded_initial_weights
from ..interfaces import Platform
from ..spikes import check_silence
from ..tasks.graded_tasks import map_samples, random_map
from . import recorded

NAME = "circuit"
SAMPLES, NEURONS, SEED = 32, 32, 0


def record(platform: Platform) -> neo.Block:
    """All spikes of a few samples; populations that fire in a phase in which the circuit says they don't are an error.

    Raises
    ------
    EqualityError
        If a population fires in a phase in which it must be silent.
    """
    code, matrix = Graded(NEURONS), random_map(SEED)
    circuit = training_circuit(matrix.shape, code=code)
    x, targets = map_samples(matrix, code, SAMPLES, SEED)
    weights = graded_initial_weights(circuit.units, SEED, code, circuit.parameters)
    everything = [population.name for population in circuit.simulated]
    spikes = recorded.train(platform, circuit, weights, x, targets, everything)
    check_silence(spikes, circuit)
    return recorded.block_of(NAME, circuit, platform, spikes, SAMPLES, seed=SEED)


def caption(block: neo.Block) -> str:
    """What the figure shows."""
    return (
        f"The one-layer circuit {recorded.described(block)}, drawn from its description: the copy of the input x, the "
        "output o with the two edges of its derivative (o_low, o_high), which mask the error (d+ and d-), the target, "
        "the memory of the input, the rotor that lifts neurons to their levels, and the table of who may fire when. In "
        f"{SAMPLES} samples recorded on {block.annotations['platform']} there is no spike outside this table. Samples "
        f"and weights have the seed {SEED}."
    )
