"""Counts what the circuit does on a platform: a few samples, whose every spike is recorded there.

Recording slows a simulator, so spikes are recorded in networks of their own: the first samples of the training, and the
last ones of it, starting from the weights that the integer rule has there.  Followed through the circuit
(:func:`benchmarks.measure.counts.count`) they must end in the weights that the platform has, and the last ones in those
of the timed runs.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from pynn_backprop.circuit.circuit import Circuit
from pynn_backprop.errors import EqualityError
from pynn_backprop.interfaces import Platform, spikes_of
from pynn_backprop.weights import Weights

from ...measure.circuits import answering_circuit
from ...measure.counts import Tally, count
from ...measure.per_sample import counts_per_sample, neurobench
from ...rows import INFERENCE, TRAINING
from ..base import Task
from .course import Course, circuit_of, shown


@dataclass(frozen=True, eq=False)
class Counted:
    """What was counted of a task on a platform.

    Parameters
    ----------
    learning, answering : Circuit
        The circuits that learn and answer.
    learnt, answered : Tally
        What they did in a training sample and in a test sample.
    first_and_last : int
        How many samples of the training were counted at its start, and again at its end.
    on : dict[str, str]
        What ran them.
    """

    learning: Circuit
    answering: Circuit
    learnt: Tally
    answered: Tally
    first_and_last: int
    on: dict[str, str]

    def counts(self) -> dict[str, Any]:
        """The ``counts`` of a row."""
        return {
            **counts_per_sample(self.learning, self.learnt),
            "counted_on": self.on,
            "counted_first_and_last": self.first_and_last,
            INFERENCE: counts_per_sample(self.answering, self.answered),
        }

    def metrics(self, weights: Weights) -> dict[str, Any]:
        """NeuroBench's part of the ``metrics`` of a row; `weights` are those in the end."""
        return {
            **neurobench(self.answering, self.answered, weights),
            TRAINING: neurobench(self.learning, self.learnt, weights),
        }


def counted(platform: Platform, task: Task, rule: Course) -> Counted:
    """Count the first and the last of the samples that a platform shows of a task.

    Parameters
    ----------
    platform : Platform
        Where.
    task : Task
        What is learnt.
    rule : Course
        The training by the integer rule.

    Raises
    ------
    EqualityError
        If the recorded spikes do not explain the platform's weights, or do not end in those of the rule.
    """
    learning = circuit_of(task)
    answering = answering_circuit(task.units, task.case.code, task.rule)
    first, stop = rule.first, rule.stop
    few = min(task.count_samples, stop - first)
    tally, ended = _count(platform, learning, rule.weights[first], *shown(task, first, first + few), first)
    late = 2 * few <= stop - first
    if late:
        other, ended = _count(platform, learning, rule.weights[stop - few], *shown(task, stop - few, stop), stop - few)
        tally += other
    if (few == stop - first or late) and not equal(ended, rule.weights[stop]):
        raise EqualityError("recorded, the training ends with other weights than timed")
    x_test = task.samples.x_test[: task.count_samples]
    answered, _ = _count(platform, answering, rule.weights[rule.total], x_test, None)
    return Counted(learning, answering, tally, answered, few, platform.describe())


def equal(one: Weights, other: Weights) -> bool:
    """Whether two networks have the same matrices."""
    return set(one) == set(other) and all(np.array_equal(one[name], other[name]) for name in one)


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
        tally, explained = count(circuit, weights, spikes_of(running), len(x))
        if labels is not None and not equal(explained, running.weights()):
            raise EqualityError("the recorded spikes do not explain the weights that the platform has after them")
    finally:
        running.close()
    return tally, explained
