"""Data of the figure ``cycle``: one learning cycle of a circuit with a hidden layer."""

from __future__ import annotations

import neo
import numpy as np

from ..circuit.published import training_circuit
from ..codes.code import Graded
from ..codes.graded_weights import graded_initial_weights
from ..interfaces import Platform
from ..recording.blocks import samples_of
from ..spikes import between
from ..tasks.graded_tasks import xor_samples
from . import recorded

NAME = "cycle"
UNITS, NEURONS, SEED = (3, 3, 1), 32, 1000
PRESENTATIONS = 400
"""The error must have reached the hidden layer, whose way out begins with small weights."""


def record(platform: Platform) -> neo.Block:
    """XOR is shown; of the last half of the presentations, the one with most hidden errors of both signs is kept."""
    code = Graded(NEURONS)
    circuit = training_circuit(UNITS, code=code)
    length = circuit.schedule.length
    x, targets = xor_samples(code, PRESENTATIONS, SEED)
    weights = graded_initial_weights(UNITS, SEED, code, circuit.parameters)
    everything = [population.name for population in circuit.simulated]
    spikes = recorded.train(platform, circuit, weights, x, targets, everything)
    cycle, phase = np.divmod(spikes["hT"][:, 0] - length, length)
    signs = [np.bincount(cycle[phase == p], minlength=PRESENTATIONS) for p in circuit.schedule.hidden_error(1)]
    sample = PRESENTATIONS // 2 + int(np.minimum(*signs)[PRESENTATIONS // 2 :].argmax())
    kept = between(spikes, (sample + 1) * length, (sample + 2) * length)
    return recorded.block_of(NAME, circuit, platform, kept, 1, sample, seed=SEED)


def caption(block: neo.Block) -> str:
    """What the figure shows."""
    sample = samples_of(block.segments[0])[0]
    return (
        f"One learning cycle of the circuit {recorded.described(block)} that is shown the patterns of XOR, recorded on "
        f"{block.annotations['platform']}: sample {sample}. Numbers say how many neurons of a unit fire. Bands of "
        "memory populations are shaded: they hold input and hidden activity until the error is there. Order of "
        f"patterns and weights have the seed {SEED}."
    )
