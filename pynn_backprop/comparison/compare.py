"""Trains the same network on several platforms and compares everything that they return.

Every platform learns the same samples in the same order from the same weights, with every population recorded, and then
answers test samples with the inference circuit.  There all start from the weights that the first platform, the
standard, has learnt, so that a difference in training can't cause one in inference.

Platforms run one after the other, since a simulator holds only one network at a time.  Only the standard's spikes are
kept (8 bytes each; 12 kB a sample at 400-400-10); those of the others are compared after each run and forgotten.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np

from ..checks import check_count
from ..circuit.circuit import Circuit
from ..data.samples import Samples
from ..errors import EqualityError
from ..interfaces import Platform, check_holds
from ..learning.presentation import Presentation
from ..learning.training import ONCE
from ..spikes import Spikes
from ..weights import CheckedWeights, Weights, check_weights
from .follow import Tick, follow
from .result import ArrayComparison, Comparison, Pair, Pass, Result, SpikeComparison
from .sinks import Against, Kept
from .task import INFERENCE, TRAINING, Task, tasks_of


def compare(
    platforms: Mapping[str, Platform],
    circuit: Circuit,
    samples: Samples,
    weights: Weights,
    *,
    presentation: Presentation = ONCE,
    readout_levels: int = 1,
    tick: Tick = lambda platform, what, shown, total: None,
) -> Comparison:
    """Train the same network on every platform and compare.

    Parameters
    ----------
    platforms : Mapping of str to Platform
        At least two, by the name they have in the results; the first one is the standard.
    circuit : Circuit
        What learns; it holds strengths and code.
    samples : Samples
        What is learnt, once, and asked.
    weights : Mapping of str to numpy.ndarray of int, shape (n_pre, n_post)
        To start from.
    presentation : Presentation
        The order of the training samples is that of its first epoch.
    readout_levels : int
        Neurons with which each output neuron answers.
    tick : callable
        Called before building and after every run, see :data:`~pynn_backprop.comparison.follow.Tick`.

    Returns
    -------
    Comparison
        A platform (but the standard) that breaks off with an EqualityError, or returns what can't be spikes, weights or
        answers, is a result as well: a failure.

    Raises
    ------
    InputError
        If anything does not fit the circuit.
    EqualityError
        If the standard itself breaks off: there is nothing to compare with then.
    """
    check_count("the number of platforms", len(platforms), 2)
    start = check_weights(weights, circuit.parameters, circuit.neurons)
    learn, ask = tasks_of(circuit, samples, presentation, readout_levels)
    for platform in platforms.values():
        for task in (learn, ask):
            check_holds(platform, task.circuit)
    first, *others = platforms.items()
    standard, learnt, asked = _standard(*first, learn, ask, start, tick)
    results, pairs = [standard], []
    for name, platform in others:
        names = standard.name, name
        to_learn, to_ask = Against(learnt, learn.circuit, names), Against(asked, ask.circuit, names)
        training, weights_learnt, copies = follow(learn, name, platform, start, to_learn, tick)
        inference, _, _ = follow(ask, name, platform, standard.weights, to_ask, tick)
        results.append(Result(name, platform.describe(), training, inference, weights_learnt, copies))
        pairs.append(_pair(standard, results[-1], to_learn.result(), to_ask.result()))
    changed = {name: int(np.sum(matrix != start[name])) for name, matrix in standard.weights.items()}
    return Comparison(learn.circuit, ask.circuit, len(learn.x), len(ask.x), changed, tuple(results), tuple(pairs))


def _standard(
    name: str, platform: Platform, learn: Task, ask: Task, start: CheckedWeights, tick: Tick
) -> tuple[Result, Spikes, Spikes]:
    """What the first platform does, and its spikes in training and in inference."""
    kept_learning, kept_asking = Kept(), Kept()
    training, learnt, copies = follow(learn, name, platform, start, kept_learning, tick)
    _refuse_failure(name, TRAINING, training)
    inference, _, _ = follow(ask, name, platform, learnt, kept_asking, tick)
    _refuse_failure(name, INFERENCE, inference)
    result = Result(name, platform.describe(), training, inference, learnt, copies)
    return result, kept_learning.spikes(), kept_asking.spikes()


def _refuse_failure(name: str, what: str, run: Pass) -> None:
    if run.failure:
        raise EqualityError(f"{name} can't be the standard, it broke off in {what}: {run.failure}")


def _pair(standard: Result, other: Result, training: SpikeComparison, inference: SpikeComparison) -> Pair:
    return Pair(
        standard.name,
        other.name,
        training,
        inference,
        weights={
            name: ArrayComparison.of(matrix, other.weights.get(name)) for name, matrix in standard.weights.items()
        },
        training_outputs=ArrayComparison.of(standard.training.outputs, other.training.outputs),
        outputs=ArrayComparison.of(standard.inference.outputs, other.inference.outputs),
        potentials=ArrayComparison.of(standard.inference.potentials, other.inference.potentials),
        failures=tuple(_failures(standard, other)),
    )


def _failures(standard: Result, other: Result) -> Iterator[str]:
    """Why something could not be compared, or is wrong on one of the two alone."""
    for result in (standard, other):
        if result.copies:
            yield f"{result.name}: {result.copies}"
    for what, run in ((TRAINING, other.training), (INFERENCE, other.inference)):
        if run.failure:
            yield f"{other.name} broke off in {what}, after {run.samples:,} samples: {run.failure}"
    for result in (standard, other):
        if result.inference.potentials is None and not result.inference.failure:
            yield f"{result.name} gives no potentials in inference"
