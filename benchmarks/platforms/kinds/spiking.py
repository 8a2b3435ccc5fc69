"""Measures the circuit on a platform of the package: timed without recording, counted apart from that."""

from __future__ import annotations

import functools
import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from pynn_backprop.errors import EqualityError
from pynn_backprop.interfaces import Options, Platform
from pynn_backprop.learning.evaluation import Evaluation
from pynn_backprop.learning.progress import Progress
from pynn_backprop.platforms import get_platform
from pynn_backprop.simulation.backends.registry import find_backend
from pynn_backprop.weights import Weights

from ...measure.stopwatch import Watch, WatchedPlatform
from ...rows import TEST, TRAIN
from ..base import BenchmarkPlatform, Measurement, Memory, Task
from .counting import counted, equal
from .course import Course, answers, course, few_of, trained

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


def simulator(name: str, summary: str, threads: bool = False, memory: Memory | None = None) -> BenchmarkPlatform:
    """A platform of the benchmark that is a PyNN simulator, with the variants that its backend has.

    Parameters
    ----------
    name : str
        The simulator's short name.
    summary : str
        What it is, in a few words.
    threads : bool
        Whether it can use more than one thread.
    memory : Memory or None
        What a network takes, as measured.
    """
    return spiking(name, summary, variants_of(name), SimulatorPlatform(name), threads, memory)


def variants_of(name: str) -> tuple[str, ...]:
    """How a simulator can do it, the usual way first; asks its backend, and imports no simulator."""
    return tuple(variant for variant in find_backend(name).variants if variant != "auto")


def spiking(
    name: str,
    summary: str,
    variants: tuple[str, ...],
    make: Maker,
    threads: bool = False,
    memory: Memory | None = None,
) -> BenchmarkPlatform:
    """A platform of the benchmark that runs the circuit; parameters as there, and what makes it."""
    return BenchmarkPlatform(name, summary, variants, functools.partial(measure, make), threads=threads, memory=memory)


def measure(make: Maker, task: Task) -> Measurement:
    """Warm up, time the repeats, count a few samples, and compare with the integer rule."""
    platform = make(task.variant, task.threads)
    start = time.perf_counter()
    train_and_test(platform, few_of(task, WARM_UP_SAMPLES))
    warm_up = time.perf_counter() - start
    rule = course(task)
    watch = Watch(task.meter)
    results = []
    for left in reversed(range(task.repeats)):
        watch.new_repeat()
        # To read all copies of the weights takes longer than many a training: once is enough.
        results.append(_once(platform, task, rule, watch, check=left == 0))
    weights, evaluation, seconds = results[-1]
    if any(not equal(weights, other) for other, *_ in results):
        raise EqualityError("two repeats of the same training ended with different weights")
    found = counted(platform, task, rule)
    score = task.case.score(evaluation, task.samples, rule.weights[rule.total], task.seed)
    return Measurement(
        repeat_seconds=watch.seconds,
        warm_up_seconds=warm_up,
        metrics={**score, **found.metrics(rule.weights[rule.total])},
        counts=found.counts(),
        energy=watch.energy({TRAIN: rule.stop - rule.first, TEST: len(task.samples.x_test)}),
        weights_equal=equal(weights, rule.weights[rule.stop]),
        answers_equal=_same_answers(evaluation, rule.evaluation),
        versions=platform.describe(),
        curve=[{"shown": n, "seconds": seconds.get(n), "right": right} for n, right in rule.curve],
    )


def _once(
    platform: Platform, task: Task, rule: Course, watch: Watch, check: bool
) -> tuple[Weights, Evaluation, dict[int, float]]:
    """A platform's weights, its answers with those of the whole training, and when it had shown what."""
    seconds: dict[int, float] = {}

    def note(progress: Progress) -> None:
        seconds[progress.shown] = watch.seconds[TRAIN][-1]

    watched = WatchedPlatform(platform, watch)
    marks = {shown for shown, _ in rule.curve if rule.first < shown <= rule.stop} if rule.first == 0 else set()
    start = rule.weights[rule.first]
    weights = trained(watched, task, start, rule.first, rule.stop, marks, [note], check)
    final = weights if rule.stop == rule.total else rule.weights[rule.total]
    return weights, answers(watched, task, task.samples.x_test, final), seconds


def train_and_test(platform: Platform, task: Task) -> tuple[Weights, Evaluation]:
    """Train with all samples of a task and test once.

    Parameters
    ----------
    platform : Platform
        Where.
    task : Task
        What.

    Returns
    -------
    weights : Weights
        Those in the end.
    evaluation : Evaluation
        The answers to the test samples.
    """
    start = task.case.initial_weights(task.units, task.seed)
    weights = trained(platform, task, start, 0, len(task.samples.x_train) * task.epochs)
    return weights, answers(platform, task, task.samples.x_test, weights)


def _same_answers(one: Evaluation, other: Evaluation) -> bool:
    return (
        np.array_equal(one.outputs, other.outputs)
        and np.array_equal(one.potentials, other.potentials)
        and np.array_equal(one.spikes, other.spikes)
    )
