"""Measures a peer: another way to learn the same samples in the same order, on the same machine, in the same run.

A peer's weights are its own, so it is correct when it answers well; it is compared by accuracy, time and operations.
"""

from __future__ import annotations

import functools
import itertools
import time
from collections.abc import Callable
from typing import Any, Protocol

import numpy as np

from pynn_backprop.errors import InputError, PlatformError
from pynn_backprop.learning.presentation import Presentation

from ...measure.meters import best_meter
from ...measure.stopwatch import Watch
from ...rows import BUILD, TEST, TRAIN
from ..base import BenchmarkPlatform, Measurement, Task

WARM_UP_SAMPLES = 64
"""Two batches of the largest size, so that every code path has run once."""

BATCHES = {"batch1": 1, "batch32": 32}
"""Variants of peers: samples from which one weight change is made.  The circuit changes weights after each sample."""


class Learner(Protocol):
    """A peer's network."""

    def learn(self, x: np.ndarray, labels: np.ndarray) -> None:
        """Learn from samples, bool (n, n_in), with labels, integers (n,), once and in this order."""

    def answer(self, x: np.ndarray) -> np.ndarray:
        """The labels that it gives to samples, integers (n,)."""

    def neurobench(self, x: np.ndarray) -> dict[str, Any]:
        """NeuroBench's metrics for answering samples (:mod:`benchmarks.measure.counts`), but for the accuracy."""

    def macs(self) -> dict[str, int]:
        """Multiply-accumulates of one sample, zeros included: to learn it (``train``) and to answer it (``test``)."""


_METHODS = ("learn", "answer", "neurobench", "macs")


def peer(
    name: str,
    summary: str,
    variants: tuple[str, ...],
    make: Callable[[Task], Learner],
    versions: Callable[[], dict[str, str]],
) -> BenchmarkPlatform:
    """A platform of the benchmark that is a peer.

    Parameters
    ----------
    name, summary, variants : str, and tuple[str, ...]
        As of a :class:`~benchmarks.platforms.base.BenchmarkPlatform`.
    make : Callable[[Task], Learner]
        Imports what it needs and makes a network; most often a class that is a :class:`Learner`.
    versions : Callable[[], dict[str, str]]
        Versions of what it is made with, for the records.

    Raises
    ------
    InputError
        If `make` is a class that lacks a method of a :class:`Learner`.
    """
    lacking = [method for method in _METHODS if isinstance(make, type) and not callable(getattr(make, method, None))]
    if lacking:
        raise InputError(f"make of the peer {name} is {make!r}, which lacks the methods {', '.join(lacking)}")
    return BenchmarkPlatform(
        name, summary, variants, functools.partial(measure, make, versions), peer=True, threads=True
    )


def measure(make: Callable[[Task], Learner], versions: Callable[[], dict[str, str]], task: Task) -> Measurement:
    """Warm up, time the repeats and count the operations."""
    if task.samples.y_train.ndim != 1:
        raise PlatformError(f"the peers learn classes, but the case {task.case.name} has values to be learnt")
    start = time.perf_counter()
    few = slice(WARM_UP_SAMPLES)
    warm = make(task)
    warm.learn(task.samples.x_train[few], task.samples.y_train[few])
    warm.answer(task.samples.x_test[few])
    warm_up = time.perf_counter() - start
    watch = Watch(best_meter(task.watt))
    for _ in range(task.repeats):
        watch.new_repeat()
        learner, answers = _run(make, task, watch)
    samples, macs = task.samples, learner.macs()
    return Measurement(
        repeat_seconds=watch.seconds,
        warm_up_seconds=warm_up,
        metrics={
            "ClassificationAccuracy": float(np.mean(answers == samples.y_test)),
            **learner.neurobench(samples.x_test),
        },
        counts={"macs_per_sample": macs[TRAIN], "inference": {"macs_per_sample": macs[TEST]}},
        energy=watch.energy({TRAIN: len(samples.x_train) * task.epochs, TEST: len(samples.x_test)}),
        versions=versions(),
    )


def _run(make: Callable[[Task], Learner], task: Task, watch: Watch) -> tuple[Learner, np.ndarray]:
    samples = task.samples
    with watch.time(BUILD):
        learner = make(task)
    for epoch in range(task.epochs):
        order = Presentation(task.epochs, task.seed).order(len(samples.x_train), epoch)
        x, labels = samples.x_train[order], samples.y_train[order]
        with watch.time(TRAIN):
            learner.learn(x, labels)
    with watch.time(TEST):
        answers = learner.answer(samples.x_test)
    return learner, answers


def dense_macs(units: tuple[int, ...]) -> int:
    """Multiply-accumulates of one forward pass: the number of weights."""
    return sum(pre * post for pre, post in itertools.pairwise(units))


def macs_of_backpropagation(units: tuple[int, ...]) -> int:
    """Multiply-accumulates of learning one sample: forward, gradients of all weights, errors of all hidden layers.

    Each of the three takes one for every weight, but no error is sent back to the input.
    """
    return 3 * dense_macs(units) - units[0] * units[1]


def effective_operations(activity: np.ndarray, weights: np.ndarray) -> int:
    """How many synapses whose weight is not 0 the values that are not 0 reach.

    Parameters
    ----------
    activity : numpy.ndarray
        Shape (n, n_pre).
    weights : numpy.ndarray
        Shape (n_pre, n_post).
    """
    return int(np.count_nonzero(activity, axis=0) @ np.count_nonzero(weights, axis=1))
