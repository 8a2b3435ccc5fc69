"""A training as the integer rule goes through it: what a platform starts from, must end with, and how it got better.

A platform may show a stretch of a training only: the rule learns up to it and on from it, so that the platform's
weights can be held against those of a whole training that would take it hours.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace

import numpy as np

from pynn_backprop.circuit.circuit import Circuit
from pynn_backprop.circuit.learning_rule import RULES
from pynn_backprop.interfaces import Platform
from pynn_backprop.learning.evaluation import Evaluation, evaluate
from pynn_backprop.learning.presentation import Presentation
from pynn_backprop.learning.progress import Callback, Progress
from pynn_backprop.learning.training import Trainer
from pynn_backprop.platforms import ReferencePlatform
from pynn_backprop.weights import Weights

from ...measure.circuits import answering_circuit, learning_circuit
from ..base import Task

CHECKS = 27
"""How often in an epoch a training that is to end at a certain score is scored, and the first epoch of every other."""


@dataclass(frozen=True, eq=False)
class Course:
    """What the integer rule makes of a task.

    Parameters
    ----------
    first, stop, total : int
        Where the platform starts and stops, and where training ends, in samples shown.
    weights : dict[int, Weights]
        At each of these numbers of samples, and where the last of the counted ones begin.
    curve : list[tuple[int, float]]
        Samples shown, and the share of samples that were answered rightly then.
    evaluation : Evaluation
        The answers to the test samples in the end.
    """

    first: int
    stop: int
    total: int
    weights: dict[int, Weights]
    curve: list[tuple[int, float]]
    evaluation: Evaluation


def circuit_of(task: Task) -> Circuit:
    """The circuit that learns a task."""
    return learning_circuit(task.units, task.case.code, task.form, task.rule)


def answers(platform: Platform, task: Task, x: np.ndarray, weights: Weights) -> Evaluation:
    """What a platform answers to samples with these weights, through the read-out of the rule."""
    return evaluate(platform, answering_circuit(task.units, task.case.code, task.rule, probe=True), x, weights)


def trained(
    platform: Platform,
    task: Task,
    weights: Weights,
    first: int,
    stop: int,
    marks: Collection[int] = (),
    at_mark: Sequence[Callback] = (),
    check: bool = False,
) -> Weights:
    """The weights of a platform that shows the samples from `first` to before `stop`, counted through all epochs.

    Parameters
    ----------
    platform : Platform
        Where.
    task : Task
        What is learnt.
    weights : Weights
        Those after `first` samples.
    first, stop : int
        Which samples.
    marks : Collection[int]
        Numbers of samples at which a run must end.
    at_mark : Sequence[Callback]
        What is called there.
    check : bool
        Check that all copies of each matrix are equal in the end.
    """
    samples, state = task.samples, Progress(len(task.samples.x_train), task.epochs, first)
    rule = RULES[task.rule]
    trainer = Trainer(platform, circuit_of(task), Presentation(task.epochs, task.seed), thinning=rule.thinning)

    def called(progress: Progress) -> None:
        if progress.shown in marks:
            for callback in at_mark:
                callback(progress)

    learnt, _ = trainer.train(
        samples.x_train,
        samples.y_train,
        weights,
        progress=state,
        stop_at=sorted({*marks, stop}),
        callbacks=[called],
        interrupted=lambda: state.shown >= stop,
        check=check,
    )
    return learnt


def checkpoints(task: Task) -> list[int]:
    """Where a training is scored: often in its first epoch, and after each one; often throughout if it is to stop."""
    n = len(task.samples.x_train)
    step = max(1, n // CHECKS)
    often = n * task.epochs if task.until else n
    return sorted({*range(step, often, step), *range(n, n * task.epochs + 1, n)})


def scorer(task: Task) -> Callable[[Weights], float] | None:
    """Takes weights, and returns the share of the validation samples that they answer rightly; None without these."""
    samples = task.samples
    x, labels = samples.x_validation, samples.y_validation
    if x is None or labels is None or labels.ndim != 1:
        return None
    return lambda weights: answers(ReferencePlatform(), task, x, weights).score(labels).by_spikes


def course(task: Task) -> Course:
    """Go through a task by the integer rule."""
    score = scorer(task)
    points = checkpoints(task) if score else []
    first, stop = task.stretch or (0, len(task.samples.x_train) * task.epochs)
    curve: list[tuple[int, float]] = []
    kept: dict[int, Weights] = {}
    whole = len(task.samples.x_train) * task.epochs
    total = _total(task, score, points) if score and task.until else whole
    stop = min(stop, total)
    points = [point for point in points if point <= total]
    late = max(first, stop - task.count_samples)

    def keep(progress: Progress) -> None:
        assert progress.running is not None
        if progress.shown in (first, late, stop, total):
            kept[progress.shown] = progress.running.weights()
        if score and progress.shown in points:
            curve.append((progress.shown, score(progress.running.weights())))

    start = task.case.initial_weights(task.units, task.seed)
    kept[0] = start
    marks = {*points, first, late, stop, total}
    kept[total] = trained(ReferencePlatform(), task, start, 0, total, marks, [keep])
    evaluation = answers(ReferencePlatform(), task, task.samples.x_test, kept[total])
    return Course(first, stop, total, kept, curve, evaluation)


def _total(task: Task, score: Callable[[Weights], float], points: Sequence[int]) -> int:
    """After how many samples the score is reached; all of them if it never is."""
    total = len(task.samples.x_train) * task.epochs
    weights = task.case.initial_weights(task.units, task.seed)
    before = 0
    for point in points:
        weights = trained(ReferencePlatform(), task, weights, before, point)
        if score(weights) >= task.until:
            return point
        before = point
    return total


def shown(task: Task, first: int, stop: int) -> tuple[np.ndarray, np.ndarray]:
    """The samples from `first` to before `stop` in the order of the training, and their labels."""
    samples, presentation = task.samples, Presentation(task.epochs, task.seed)
    n = len(samples.x_train)
    parts = [presentation.order(n, epoch) for epoch in range(first // n, -(-stop // n))]
    order = np.concatenate(parts)[first % n :][: stop - first]
    return samples.x_train[order], samples.y_train[order]


def few_of(task: Task, few: int) -> Task:
    """The same with the first few training and test samples, once, for warming up."""
    samples, part = task.samples, slice(few)
    cut = replace(
        samples,
        x_train=samples.x_train[part],
        y_train=samples.y_train[part],
        x_test=samples.x_test[part],
        y_test=samples.y_test[part],
        x_validation=None,
        y_validation=None,
    )
    return replace(task, samples=cut, epochs=1, stretch=(), until=0.0)
