"""Data of the figure ``convergence``: the weights of a linear map, with every dither and with float backpropagation."""

from __future__ import annotations

import json

import neo
import numpy as np

from ..circuit.published import training_circuit
from ..codes.code import DITHERS, Code, Graded
from ..interfaces import Platform
from ..tasks.graded_tasks import LearntMap, learn_map, map_samples, random_map
from . import recorded

NAME = "convergence"
SAMPLES, EVERY, NEURONS, SEED = 4000, 100, 32, 0
LAST = 500
"""The output error is that of this many samples at the end."""

FLOAT = "float"


def record(platform: Platform, samples: int = SAMPLES) -> neo.Block:
    """The map is learnt on the platform with each dither, by the rule in numbers, and by float backpropagation.

    Parameters
    ----------
    platform
        Where.
    samples
        How many are shown.
    """
    matrix = random_map(SEED)
    learnt = {dither: _learn(matrix, Graded(NEURONS, dither, SEED), samples, platform) for dither in DITHERS}
    oracle = {dither: _learn(matrix, Graded(NEURONS, dither, SEED), samples, None) for dither in DITHERS}
    circuit = training_circuit(matrix.shape, code=Graded(NEURONS))
    equal = [name for name, found in learnt.items() if np.array_equal(found.learnt, oracle[name].learnt)]
    block = recorded.block_of(NAME, circuit, platform, {}, samples, seed=SEED)
    block.annotate(matrix=json.dumps(matrix.tolist()), equal_to_oracle=json.dumps(equal))
    segment, length = block.segments[0], circuit.schedule.length
    for name, found in learnt.items():
        signals = {f"weights {name}": found.learnt, f"oracle {name}": oracle[name].learnt}
        recorded.add_signals(segment, found.shown, length, signals)
        recorded.add_signals(segment, np.arange(samples), length, {f"output error {name}": found.output_error})
    weights, error = float_map(matrix, samples, circuit.parameters.eta / circuit.parameters.quantum(NEURONS), EVERY)
    recorded.add_signals(segment, learnt[DITHERS[0]].shown, length, {f"weights {FLOAT}": weights})
    recorded.add_signals(segment, np.arange(samples), length, {f"output error {FLOAT}": error})
    return block


def _learn(matrix: np.ndarray, code: Code, samples: int, platform: Platform | None) -> LearntMap:
    return learn_map(matrix, code, samples, SEED, platform=platform, every=EVERY)


def float_map(matrix: np.ndarray, samples: int, rate: float, every: int) -> tuple[np.ndarray, np.ndarray]:
    """The same map learnt from the same samples by gradient descent in floating-point numbers.

    The output is the clipped drive, and the derivative is 1 inside the box, as in the circuit.

    Parameters
    ----------
    matrix
        The map.
    samples
        How many are shown.
    rate
        Change of a weight per unit of input and error.
    every
        Samples between two readings.

    Returns
    -------
    tuple
        Weights, shape (n_readings, n_in, n_out), the initial ones first, and the mean distance of the outputs from
        their targets before each sample was learnt, shape (n_samples,).
    """
    code = Graded(NEURONS)
    x, targets = (code.counts(fired) / code.n for fired in map_samples(matrix, code, samples, SEED))
    weights = np.full(matrix.shape, 1 / len(matrix))
    readings, errors = [weights.copy()], []
    for number, (value, target) in enumerate(zip(x, targets, strict=True), 1):
        drive = value @ weights
        error = target - np.clip(drive, 0, 1)
        errors.append(np.abs(error).mean())
        weights += rate * np.outer(value, error * ((drive > 0) & (drive <= 1)))
        if number % every == 0 or number == samples:
            readings.append(weights.copy())
    return np.array(readings), np.array(errors)


def results(block: neo.Block) -> dict[str, tuple[float, float, float]]:
    """Worst and mean distance of a weight from the map in the end, and the last output error, by dither and float."""
    segment, matrix = block.segments[0], np.array(json.loads(block.annotations["matrix"]))
    found = {}
    for name in (*DITHERS, FLOAT):
        distance = np.abs(recorded.signal_of(segment, f"weights {name}")[1][-1] - matrix)
        error = recorded.signal_of(segment, f"output error {name}")[1][-LAST:]
        found[name] = (float(distance.max()), float(distance.mean()), float(error.mean()))
    return found


def caption(block: neo.Block) -> str:
    """What the figure shows."""
    equal = ", ".join(json.loads(block.annotations["equal_to_oracle"])) or "none"
    shown = len(recorded.signal_of(block.segments[0], f"output error {FLOAT}")[0])
    lines = [
        f"{name}: worst weight {worst:.4f}, mean {mean:.4f} from the map, output error {error:.4f}"
        for name, (worst, mean, error) in results(block).items()
    ]
    text = (
        f"Weights of the one-layer circuit {recorded.described(block)} that learns a linear map from {shown:,} samples "
        f"on {block.annotations['platform']}, read every {EVERY} samples. Dithers with which the oracle's weights are "
        f"equal at every reading: {equal}. Float backpropagation saw the same samples. Map, samples and noise have the "
        f"seed {SEED}; output errors are means of the last {LAST} samples, each read from one window."
    )
    return "\n".join([text, *lines])
