"""Data of the figure ``xor``: learning curves over seeds, and the answers of one trained network in spikes."""

from __future__ import annotations

import neo
import numpy as np

from ..circuit.published import inference_circuit
from ..codes.code import Graded
from ..codes.graded_weights import units_of, with_bias
from ..interfaces import Platform
from ..tasks.graded_tasks import MARGIN, PATTERNS, learn_xor
from . import recorded

NAME = "xor"
NEURONS, HIDDEN, PRESENTATIONS, EVERY = 32, 12, 1600, 100
SEED, SEEDS = 1000, 20
"""The first of the seeds that were used for no choice; the one of the platform is this."""

WINDOWS = 4
"""Passes that a pattern is shown for in the recording."""


def record(platform: Platform, presentations: int = PRESENTATIONS, seeds: int = SEEDS) -> neo.Block:
    """One seed learns on the platform, all seeds by the rule in numbers.

    Parameters
    ----------
    platform
        Where.
    presentations
        How many patterns are shown.
    seeds
        How many there are.
    """
    code = Graded(NEURONS)
    learnt = learn_xor(code, HIDDEN, presentations, SEED, platform=platform, every=EVERY)
    curves = [learn_xor(code, HIDDEN, presentations, seed, every=EVERY).margins for seed in range(SEED, SEED + seeds)]
    circuit = inference_circuit(units_of(learnt.weights, code), code=code)
    asked = np.repeat(code.fire(with_bias(PATTERNS)), WINDOWS, axis=0)
    spikes = recorded.infer(platform, circuit, learnt.weights, asked, ("x", "h", "o"))
    solved = -1 if learnt.solved_at is None else learnt.solved_at
    block = recorded.block_of(NAME, circuit, platform, spikes, len(asked), seed=SEED, solved_at=solved)
    signals = {"outputs": learnt.outputs, "margins": learnt.margins, "margins of seeds": np.array(curves).T}
    recorded.add_signals(block.segments[0], learnt.shown, circuit.schedule.length, signals)
    return block


def caption(block: neo.Block) -> str:
    """What the figure shows."""
    shown, margins = recorded.signal_of(block.segments[0], "margins of seeds")
    solved, seeds = int((margins[-1] >= MARGIN).sum()), margins.shape[1]
    when, platform = int(block.annotations["solved_at"]), block.annotations["platform"]
    words = f"solves it after {when:,} presentations and stays so" if when >= 0 else "does not solve it"
    return (
        f"XOR learnt by {recorded.described(block)}. The network with the seed {SEED} learns on {platform} and "
        f"{words}. The other curves are the rule in numbers with the seeds {SEED} to {SEED + seeds - 1}, of which "
        f"{solved} of {seeds} are solved after {shown[-1]:,} presentations. Solved means that the output of every "
        f"pattern is on the right side of 1/2 by {MARGIN} in each of {NEURONS} windows. Spikes are those of the "
        f"trained network, {WINDOWS} passes for each pattern."
    )
