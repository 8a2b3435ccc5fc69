"""Measures a peer: another way to learn the same samples in the same order, on the same machine, in the same run.

A peer's weights are its own, so it is correct when it answers well; it is compared by accuracy, time and operations.
Its learning rate is its usual one, or the best of several by samples that are held out.
"""

from __future__ import annotations

import functools
import itertools
import time
from collections.abc import Callable
from importlib import metadata
from typing import Any, Protocol

import numpy as np

from pynn_backprop.errors import InputError, PlatformError

from ...measure.stopwatch import Watch
from ...rows import BUILD, TEST, TRAIN
from ..base import BenchmarkPlatform, Measurement, Task
from .course import checkpoints, few_of, shown

WARM_UP_SAMPLES = 64
"""Two batches of the largest size, so that every code path has run once."""

BATCHES = {"batch1": 1, "batch32": 32}
"""Variants of peers: samples from which one weight change is made.  The circuit changes weights after each sample."""


TUNED_SAMPLES = 2_000
"""How many samples are learnt, once, with each learning rate that is tried."""

ENOUGH = 0.8
"""The share of the time limit after which a training that is to end at a certain score is given up."""


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


Make = Callable[[Task, float], Learner]
"""Imports what it needs and makes a network for a task that learns with a rate."""

_METHODS = ("learn", "answer", "neurobench", "macs")


def peer(
    name: str,
    summary: str,
    variants: tuple[str, ...],
    make: Callable[..., Learner],
    versions: Callable[[], dict[str, str]],
    rates: tuple[float, ...] = (),
) -> BenchmarkPlatform:
    """A platform of the benchmark that is a peer.

    Parameters
    ----------
    name, summary, variants : str, and tuple[str, ...]
        As of a :class:`~benchmarks.platforms.base.BenchmarkPlatform`.
    make : Callable
        Takes a task, imports what it needs and makes a network; most often a class that is a :class:`Learner`.
        Takes a learning rate too, if there are `rates`.
    versions : Callable[[], dict[str, str]]
        Versions of what it is made with, for the records.
    rates : tuple[float, ...]
        Its learning rates that may be tried, the usual one first.

    Raises
    ------
    InputError
        If `make` is a class that lacks a method of a :class:`Learner`.
    """
    lacking = [method for method in _METHODS if isinstance(make, type) and not callable(getattr(make, method, None))]
    if lacking:
        raise InputError(f"make of the peer {name} is {make!r}, which lacks the methods {', '.join(lacking)}")
    takes_rate: Make = make if rates else lambda task, rate: make(task)
    measured = functools.partial(measure, takes_rate, versions, rates[0] if rates else 0.0)
    return BenchmarkPlatform(name, summary, variants, measured, peer=True, threads=True, rates=rates)


def versions_of(*distributions: str) -> Callable[[], dict[str, str]]:
    """What says the versions of installed distributions, for :func:`peer`; it is asked after they were imported."""
    return lambda: {name: metadata.version(name) for name in distributions}


def measure(make: Make, versions: Callable[[], dict[str, str]], usual: float, task: Task) -> Measurement:
    """Warm up, choose a learning rate if several may be tried, time the repeats and count the operations."""
    if task.samples.y_train.ndim != 1:
        raise PlatformError(f"the peers learn classes, but the case {task.case.name} has values to be learnt")
    start = time.perf_counter()
    few = few_of(task, WARM_UP_SAMPLES).samples
    warm = make(task, usual)
    warm.learn(few.x_train, few.y_train)
    warm.answer(few.x_test)
    warm_up = time.perf_counter() - start
    rates = tuned(make, task)
    rate = rates.get("chosen", usual)
    watch = Watch(task.meter)
    for _ in range(task.repeats):
        watch.new_repeat()
        learner, answers, curve = _run(make, task, rate, watch, start)
    samples, macs = task.samples, learner.macs()
    shown = curve[-1]["shown"] if task.until else len(samples.x_train) * task.epochs
    return Measurement(
        repeat_seconds=watch.seconds,
        warm_up_seconds=warm_up,
        metrics={
            "ClassificationAccuracy": float(np.mean(answers == samples.y_test)),
            **learner.neurobench(samples.x_test),
        },
        counts={"macs_per_sample": macs[TRAIN], "inference": {"macs_per_sample": macs[TEST]}},
        energy=watch.energy({TRAIN: shown, TEST: len(samples.x_test)}),
        versions=versions(),
        curve=curve,
        rates=rates if rates or not usual else {"chosen": usual},
    )


def tuned(make: Make, task: Task) -> dict[str, Any]:
    """The learning rate that is best on the validation samples, and what each came to; nothing if none may be tried.

    Raises
    ------
    InputError
        If there are no validation samples.
    """
    if len(task.rates) < 2:
        return {}
    samples, few = task.samples, slice(TUNED_SAMPLES)
    x, labels = samples.x_validation, samples.y_validation
    if x is None:
        raise InputError("learning rates can't be tuned without samples that are held out: give --validation")
    tried = {}
    for rate in task.rates:
        learner = make(task, rate)
        learner.learn(samples.x_train[few], samples.y_train[few])
        tried[rate] = float(np.mean(learner.answer(x) == labels))
    return {"chosen": max(tried, key=lambda rate: tried[rate]), "tried": {f"{r:g}": s for r, s in tried.items()}}


def _run(
    make: Make, task: Task, rate: float, watch: Watch, start: float
) -> tuple[Learner, np.ndarray, list[dict[str, Any]]]:
    samples, curve = task.samples, list[dict[str, Any]]()
    held, points = samples.x_validation, checkpoints(task)
    total = len(samples.x_train) * task.epochs
    with watch.time(BUILD):
        learner = make(task, rate)
    ends = {0, total, *range(0, total, len(samples.x_train)), *(points if held is not None else ())}
    for first, stop in itertools.pairwise(sorted(ends)):
        x, labels = shown(task, first, stop)
        with watch.time(TRAIN):
            learner.learn(x, labels)
        if held is not None and stop in points:
            right = float(np.mean(learner.answer(held) == samples.y_validation))
            curve.append({"shown": stop, "seconds": watch.seconds[TRAIN][-1], "right": right})
            late = time.perf_counter() - start > ENOUGH * task.time_limit
            if task.until and (right >= task.until or late):
                break
    with watch.time(TEST):
        answers = learner.answer(samples.x_test)
    return learner, answers, curve


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
