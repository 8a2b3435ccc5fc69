"""Measures the circuit on a platform of the package: timed without recording, counted apart from that.

Recording slows a simulator, so spikes are recorded in networks of their own, on the platform itself: the first samples
of the training, and the last ones of it, starting from the weights that the integer rule has there.  Followed through
the circuit (:func:`benchmarks.measure.counts.count`) they must end in the weights that the platform has, and the last
ones in those of the timed runs.
"""

from __future__ import annotations

import functools
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from pynn_backprop.circuit.parts import Circuit
from pynn_backprop.circuit.published import inference_circuit, training_circuit
from pynn_backprop.errors import EqualityError
from pynn_backprop.interfaces import Options, Platform, spikes_of
from pynn_backprop.learning.training import Evaluation, evaluate, order_of_epoch, train
from pynn_backprop.platforms import ReferencePlatform, get_platform
from pynn_backprop.weights import Weights

from ..measure import counts as metrics
from ..measure.counts import Tally
from ..measure.stopwatch import Meter, Watch, WatchedPlatform
from ..rows import TEST, TRAIN
from .base import BenchmarkPlatform, Measurement, Task

WARM_UP_SAMPLES = 5
"""Enough for compilers and caches to have done their work."""

Maker = Callable[[str, int], Platform]
"""Makes the package's platform from a variant and a number of threads."""


@dataclass(frozen=True)
class SimulatorPlatform:
    """Makes the package's platform of a simulator; the variant goes to it as it is."""

    simulator: str

    def __call__(self, variant: str, threads: int) -> Platform:
        """See :data:`Maker`."""
        return get_platform(self.simulator, Options(threads, variant))


def spiking(
    name: str, summary: str, variants: tuple[str, ...], make: Maker, threads: bool = False
) -> BenchmarkPlatform:
    """A platform of the benchmark that runs the circuit; parameters as there, and what makes it."""
    return BenchmarkPlatform(name, summary, variants, functools.partial(measure, make), threads=threads)


def measure(make: Maker, task: Task) -> Measurement:
    """Warm up, time the repeats, count a few samples, and compare with the integer rule."""
    platform = make(task.variant, task.threads)
    start = time.perf_counter()
    _run(platform, _first_samples(task))
    warm_up = time.perf_counter() - start
    watch = Watch(_meter(task.watt))
    results = []
    for left in reversed(range(task.repeats)):
        watch.new_repeat()
        # To read all copies of the weights takes longer than many a training: once is enough.
        results.append(_run(WatchedPlatform(platform, watch), task, check=left == 0))
    weights, evaluation = results[-1]
    if any(not _equal(weights, other) for other, _ in results):
        raise EqualityError("two repeats of the same training ended with different weights")
    rule_weights, rule_evaluation = _run(ReferencePlatform(), task)
    learnt, answered = _counted(platform, task, weights)
    score = task.case.score(evaluation, task.samples, weights, task.seed)
    return Measurement(
        repeat_seconds=watch.seconds,
        warm_up_seconds=warm_up,
        metrics={**score, **_metrics(task, learnt, answered, weights)},
        counts=_counts(task, platform, learnt, answered),
        energy=watch.energy({TRAIN: len(task.samples.x_train) * task.epochs, TEST: len(task.samples.x_test)}),
        weights_equal=_equal(weights, rule_weights),
        answers_equal=_same_answers(evaluation, rule_evaluation),
        versions=platform.describe(),
    )


def _meter(watt: float | None) -> Meter | None:
    from ..measure.meters import best_meter

    return best_meter(watt)


def _first_samples(task: Task) -> Task:
    samples, few = task.samples, slice(WARM_UP_SAMPLES)
    first = replace(
        samples,
        x_train=samples.x_train[few],
        y_train=samples.y_train[few],
        x_test=samples.x_test[few],
        y_test=samples.y_test[few],
    )
    return replace(task, samples=first, epochs=1)


def _run(platform: Platform, task: Task, check: bool = False) -> tuple[Weights, Evaluation]:
    """Train and test once; `check` that all copies of each matrix are equal then."""
    samples = task.samples
    weights, _ = train(
        platform,
        samples.x_train,
        samples.y_train,
        task.case.initial_weights(task.units, task.seed),
        epochs=task.epochs,
        seed=task.seed,
        code=task.case.code,
        check=check,
    )
    return weights, evaluate(platform, samples.x_test, weights, code=task.case.code)


def _equal(one: Weights, other: Weights) -> bool:
    return set(one) == set(other) and all(np.array_equal(one[name], other[name]) for name in one)


def _same_answers(one: Evaluation, other: Evaluation) -> bool:
    return np.array_equal(one.outputs, other.outputs) and np.array_equal(one.potentials, other.potentials)


# -- counting ----------------------------------------------------------------------------------------------------------


def _circuits(task: Task) -> tuple[Circuit, Circuit]:
    code = task.case.code
    return training_circuit(task.units, code=code), inference_circuit(task.units, code=code)


def _counted(platform: Platform, task: Task, weights: Weights) -> tuple[Tally, Tally]:
    """What the network does in a training sample and in a test sample; `weights` are those that training ends with."""
    learning, answering = _circuits(task)
    x, labels = _shown(task)
    few = min(task.count_samples, len(x))
    start = task.case.initial_weights(task.units, task.seed)
    tally, ended = _count(platform, learning, start, x[:few], labels[:few])
    if 2 * few <= len(x):
        rule = ReferencePlatform().build(learning, start)
        rule.train(x[:-few], labels[:-few])
        late, ended = _count(platform, learning, rule.weights(), x[-few:], labels[-few:], len(x) - few)
        tally += late
    if (few == len(x) or 2 * few <= len(x)) and not _equal(ended, weights):
        raise EqualityError("recorded, the training ends with other weights than timed")
    return tally, _count(platform, answering, weights, task.samples.x_test[: task.count_samples], None)[0]


def _shown(task: Task) -> tuple[np.ndarray, np.ndarray]:
    """All that training shows, in its order."""
    x, labels = task.samples.x_train, task.samples.y_train
    order = np.concatenate([order_of_epoch(len(x), epoch, task.seed, True) for epoch in range(task.epochs)])
    return x[order], labels[order]


def _count(
    platform: Platform, circuit: Circuit, weights: Weights, x: np.ndarray, labels: np.ndarray | None, before: int = 0
) -> tuple[Tally, Weights]:
    """Record every spike of samples, which come after so many others, and follow them.

    The weights that they explain must be those of the platform.
    """
    running = platform.build(circuit, weights, [population.name for population in circuit.populations])
    try:
        if before:
            running.skip(before)
        if labels is None:
            running.infer(x)
        else:
            running.train(x, labels)
        tally, explained = metrics.count(circuit, weights, spikes_of(running), len(x))
        if labels is not None and not _equal(explained, running.weights()):
            raise EqualityError("the recorded spikes do not explain the weights that the platform has after them")
    finally:
        running.close()
    return tally, explained


def _counts(task: Task, platform: Platform, learnt: Tally, answered: Tally) -> dict[str, Any]:
    learning, answering = _circuits(task)
    return {
        **metrics.counts_per_sample(learning, learnt),
        "counted_on": platform.describe(),
        "counted_first_and_last": min(task.count_samples, len(task.samples.x_train) * task.epochs),
        "inference": metrics.counts_per_sample(answering, answered),
    }


def _metrics(task: Task, learnt: Tally, answered: Tally, weights: Weights) -> dict[str, Any]:
    learning, answering = _circuits(task)
    return {
        **metrics.neurobench(answering, answered, weights),
        "training": metrics.neurobench(learning, learnt, weights),
    }
