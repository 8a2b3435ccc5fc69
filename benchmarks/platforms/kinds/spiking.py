"""Measures the circuit on a platform of the package: timed without recording, counted apart from that."""

from __future__ import annotations

import functools
import time
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from pynn_backprop.circuit.training import training_circuit
from pynn_backprop.errors import EqualityError
from pynn_backprop.interfaces import Options, Platform
from pynn_backprop.learning.evaluation import Evaluation, answering_circuit, evaluate
from pynn_backprop.learning.presentation import Presentation
from pynn_backprop.learning.training import Trainer
from pynn_backprop.platforms import ReferencePlatform, get_platform
from pynn_backprop.simulation.backends.registry import find_backend
from pynn_backprop.weights import Weights

from ...measure.meters import best_meter
from ...measure.stopwatch import Watch, WatchedPlatform
from ...rows import TEST, TRAIN
from ..base import BenchmarkPlatform, Measurement, Task
from .counting import counted, equal

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


def simulator(name: str, summary: str, threads: bool = False) -> BenchmarkPlatform:
    """A platform of the benchmark that is a PyNN simulator, with the variants that its backend has.

    Parameters
    ----------
    name : str
        The simulator's short name.
    summary : str
        What it is, in a few words.
    threads : bool
        Whether it can use more than one thread.
    """
    return spiking(name, summary, variants_of(name), SimulatorPlatform(name), threads)


def variants_of(name: str) -> tuple[str, ...]:
    """How a simulator can do it, the usual way first; asks its backend, and imports no simulator."""
    return tuple(variant for variant in find_backend(name).variants if variant != "auto")


def spiking(
    name: str, summary: str, variants: tuple[str, ...], make: Maker, threads: bool = False
) -> BenchmarkPlatform:
    """A platform of the benchmark that runs the circuit; parameters as there, and what makes it."""
    return BenchmarkPlatform(name, summary, variants, functools.partial(measure, make), threads=threads)


def measure(make: Maker, task: Task) -> Measurement:
    """Warm up, time the repeats, count a few samples, and compare with the integer rule."""
    platform = make(task.variant, task.threads)
    start = time.perf_counter()
    train_and_test(platform, _first_samples(task))
    warm_up = time.perf_counter() - start
    watch = Watch(best_meter(task.watt))
    results = []
    for left in reversed(range(task.repeats)):
        watch.new_repeat()
        # To read all copies of the weights takes longer than many a training: once is enough.
        results.append(train_and_test(WatchedPlatform(platform, watch), task, check=left == 0))
    weights, evaluation = results[-1]
    if any(not equal(weights, other) for other, _ in results):
        raise EqualityError("two repeats of the same training ended with different weights")
    rule_weights, rule_evaluation = train_and_test(ReferencePlatform(), task)
    found = counted(platform, task, weights)
    score = task.case.score(evaluation, task.samples, weights, task.seed)
    return Measurement(
        repeat_seconds=watch.seconds,
        warm_up_seconds=warm_up,
        metrics={**score, **found.metrics(weights)},
        counts=found.counts(),
        energy=watch.energy({TRAIN: len(task.samples.x_train) * task.epochs, TEST: len(task.samples.x_test)}),
        weights_equal=equal(weights, rule_weights),
        answers_equal=_same_answers(evaluation, rule_evaluation),
        versions=platform.describe(),
    )


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


def train_and_test(platform: Platform, task: Task, check: bool = False) -> tuple[Weights, Evaluation]:
    """Train and test once.

    Parameters
    ----------
    platform : Platform
        Where.
    task : Task
        What.
    check : bool
        Check that all copies of each matrix are equal in the end.

    Returns
    -------
    weights : Weights
        Those in the end.
    evaluation : Evaluation
        The answers to the test samples.
    """
    samples = task.samples
    circuit = training_circuit(task.units, code=task.case.code, form=task.form)
    start = task.case.initial_weights(task.units, task.seed)
    trainer = Trainer(platform, circuit, Presentation(task.epochs, task.seed))
    weights, _ = trainer.train(samples.x_train, samples.y_train, start, check=check)
    return weights, evaluate(platform, answering_circuit(circuit), samples.x_test, weights)


def _same_answers(one: Evaluation, other: Evaluation) -> bool:
    return np.array_equal(one.outputs, other.outputs) and np.array_equal(one.potentials, other.potentials)
