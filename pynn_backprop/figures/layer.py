"""Data of the figure ``layer``: the one-layer circuit learns a linear map, over many gating windows."""

from __future__ import annotations

import neo

from ..circuit.published import training_circuit
from ..codes.code import Graded
from ..codes.graded_weights import graded_initial_weights
from ..interfaces import Platform
from ..tasks.graded_tasks import map_samples, random_map
from . import recorded

NAME = "layer"
SHOWN = ("x", "m_x", "o", "t", "d+", "d-", "r")
SAMPLES, NEURONS, SEED = 8, 32, 0


def record(platform: Platform) -> neo.Block:
    """The first samples of learning a map of 4 values to 3."""
    code, matrix = Graded(NEURONS), random_map(SEED)
    circuit = training_circuit(matrix.shape, code=code)
    x, targets = map_samples(matrix, code, SAMPLES, SEED)
    weights = graded_initial_weights(circuit.units, SEED, code, circuit.parameters)
    spikes = recorded.train(platform, circuit, weights, x, targets, SHOWN)
    return recorded.block_of(NAME, circuit, platform, spikes, SAMPLES, seed=SEED)


def caption(block: neo.Block) -> str:
    """What the figure shows."""
    return (
        f"Activity of the one-layer circuit {recorded.described(block)} in the first {SAMPLES} samples of learning a "
        f"linear map, recorded on {block.annotations['platform']}. Each band is one unit, a sub-population whose share "
        "of firing neurons is a number; each bar is a spike. Fine lines are gating windows of one step, thick ones "
        f"passes through the circuit. Map, samples and weights have the seed {SEED}."
    )
