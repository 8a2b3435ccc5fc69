"""Runs one pass on one platform, and collects what it answers."""

from __future__ import annotations

import time
from collections.abc import Callable

import numpy as np

from ..errors import EqualityError
from ..interfaces import Platform, Response, RunningCircuit, spikes_of
from ..learning.evaluation import first_firing
from ..learning.training import weights_of
from ..spikes import Spikes
from ..weights import Weights
from .checks import check_response, check_spikes, differing_copies
from .result import Pass
from .sinks import Sink
from .task import Task

Tick = Callable[[str, str, int, int], None]
"""Is told platform, ``training`` or ``inference``, samples shown and samples in all; with 0 before building."""


def follow(
    task: Task, name: str, platform: Platform, weights: Weights, sink: Sink, tick: Tick
) -> tuple[Pass, Weights, str]:
    """Run one pass.

    Parameters
    ----------
    task : Task
        What is to be done.
    name : str
        What the platform is called.
    platform : Platform
        Where it is done.
    weights : Mapping of str to numpy.ndarray of int64, shape (n_pre, n_post)
        To start from.
    sink : Sink
        Takes the spikes.
    tick : callable
        Called before building and after every run.

    Returns
    -------
    result : Pass
        A platform that breaks off with an EqualityError, or returns what can't be spikes, weights or answers, failed.
    weights : Mapping of str to numpy.ndarray of int64, shape (n_pre, n_post)
        Those in the end; none if it failed.
    copies : str
        How copies of a matrix differ after training.
    """
    tick(name, task.what, 0, len(task.x))
    start = time.perf_counter()
    running = platform.build(task.circuit, weights, task.record)
    seen = _Seen(task, time.perf_counter() - start)
    failure, copies = "", ""
    learnt: Weights = {}
    try:
        for first in range(0, len(task.x), platform.samples_per_run):
            stop = min(first + platform.samples_per_run, len(task.x))
            sink.take(seen.run(running, first, stop), *task.steps(first, stop))
            tick(name, task.what, stop, len(task.x))
        learnt = weights_of(running, task.circuit)
        copies = differing_copies(running) if task.learning else ""
    except EqualityError as error:
        failure = str(error)
    finally:
        running.close()
    return seen.result(failure), learnt, copies


class _Seen:
    """Collects what a platform answers."""

    def __init__(self, task: Task, build_seconds: float) -> None:
        self.task, self.build_seconds = task, build_seconds
        self.seconds, self.shown = 0.0, 0
        self.spikes = dict.fromkeys(task.record, 0)
        self.responses: list[Response] = []

    def run(self, running: RunningCircuit, first: int, stop: int) -> Spikes:
        """Show samples; returns their spikes, checked."""
        task, start = self.task, time.perf_counter()
        x, labels = task.x[first:stop], task.labels[first:stop]
        response = running.train(x, labels) if task.learning else running.infer(x)
        spikes = spikes_of(running)
        self.seconds += time.perf_counter() - start
        check_response(response, (stop - first, task.circuit.neurons[-1]))
        check_spikes(spikes, task.circuit, task.record, task.steps(first, stop))
        self.responses.append(response)
        for name, table in spikes.items():
            self.spikes[name] += len(table)
        self.shown = stop
        return spikes

    def result(self, failure: str) -> Pass:
        task, nothing = self.task, np.zeros((0, self.task.circuit.neurons[-1]), bool)
        outputs = np.concatenate([nothing, *(response.outputs for response in self.responses)])
        potentials = [response.potentials for response in self.responses if response.potentials is not None]
        return Pass(
            samples=self.shown,
            spikes=self.spikes,
            outputs=outputs,
            potentials=np.concatenate(potentials) if potentials else None,
            right=int(np.sum(first_firing(task.circuit.code.counts(outputs)) == task.labels[: self.shown])),
            build_seconds=self.build_seconds,
            seconds=self.seconds,
            failure=failure,
        )
