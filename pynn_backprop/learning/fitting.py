"""How a classifier learns: epoch after epoch, with or without samples that are held out to say when to stop."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from ..checks import check_count, shown
from ..circuit.circuit import Circuit
from ..data.split import hold_out
from ..errors import InputError
from ..processes import launched
from ..weights import CheckedWeights, Weights
from .evaluation import evaluate
from .progress import Callback, Progress
from .told import told
from .training import Trainer


@dataclass(frozen=True)
class EarlyStopping:
    """When to stop before all epochs are shown: once the score of samples that were held out no longer rises.

    Parameters
    ----------
    fraction : float
        Share of the samples of each class that is held out.
    patience : int
        After how many epochs without a better score learning ends.
    tol : float
        By how much a better score must be better.

    Raises
    ------
    InputError
        Names the argument of the classifier that can't be used.
    """

    fraction: float = 0.1
    patience: int = 10
    tol: float = 1e-4

    def __post_init__(self) -> None:
        if not (isinstance(self.fraction, (float, np.floating)) and 0 < self.fraction < 1):
            raise InputError(f"validation_fraction is {shown(self.fraction)} but must be a number between 0 and 1")
        check_count("n_iter_no_change", self.patience)
        number = isinstance(self.tol, (int, float, np.integer, np.floating)) and not isinstance(self.tol, bool)
        if not (number and 0 <= self.tol <= 1):
            raise InputError(f"tol is {shown(self.tol)} but must be a number from 0 to 1")


@dataclass
class Fit:
    """What came of learning.

    Parameters
    ----------
    weights : CheckedWeights
        The last ones; with early stopping the best.
    progress : Progress
        How far it came.
    validation_scores : list of float
        Of the samples that were held out, after each epoch; by potential.
    """

    weights: CheckedWeights
    progress: Progress
    validation_scores: list[float] = field(default_factory=list)


def learn(
    trainer: Trainer,
    answering: Circuit,
    fires: np.ndarray,
    labels: np.ndarray,
    start: Weights,
    before: int = 0,
    callbacks: Sequence[Callback] = (),
    stopping: EarlyStopping | None = None,
    epoch_callbacks: Sequence[Callback] = (),
) -> Fit:
    """Show all epochs, or fewer if samples that are held out say so.

    A simulator holds one network, so that with early stopping a network is built for each epoch and for each score.

    Parameters
    ----------
    trainer : Trainer
        What learns, where and how often.
    answering : Circuit
        What answers samples that are held out.
    fires : numpy.ndarray of bool, shape (n, n_in)
        Which input neurons fire.
    labels : numpy.ndarray of int, shape (n,)
        Labels.
    start : Mapping of str to numpy.ndarray of int, shape (n_pre, n_post)
        Weights to start from.
    before : int
        How many of the epochs have been shown already.
    callbacks : sequence of callable
        Called after every run.
    stopping : EarlyStopping, optional
        None to show all epochs.
    epoch_callbacks : sequence of callable
        Called after every epoch.
    """
    seed, epochs = trainer.presentation.seed, trainer.presentation.epochs
    if stopping is None:
        progress = Progress(len(fires), epochs, before * len(fires))
        trained = trainer.train(
            fires, labels, start, progress=progress, callbacks=callbacks, epoch_callbacks=epoch_callbacks
        )
        return Fit(*trained)
    learnt, held_out = hold_out(labels, stopping.fraction, seed, "validation_fraction")
    watch = _Watch(trainer, answering, fires[held_out], labels[held_out], stopping)
    _, progress = trainer.train(
        fires[learnt],
        labels[learnt],
        start,
        progress=Progress(len(learnt), epochs, before * len(learnt)),
        callbacks=callbacks,
        interrupted=watch.is_over,
        epoch_callbacks=epoch_callbacks,
        validate=watch,
    )
    assert watch.best is not None
    return Fit(watch.best, progress, watch.scores)


class _Watch:
    """Scores samples that are held out after each epoch, and keeps the weights that had the best one."""

    def __init__(
        self, trainer: Trainer, answering: Circuit, x: np.ndarray, labels: np.ndarray, stopping: EarlyStopping
    ) -> None:
        self._platform, self._answering, self._x, self._labels = trainer.platform, answering, x, labels
        self._stopping, self._since = stopping, 0
        self.scores: list[float] = []
        self.best: CheckedWeights | None = None

    def __call__(self, weights: CheckedWeights) -> float:
        score = evaluate(self._platform, self._answering, self._x, weights).score(self._labels).by_potential
        self._since = 0 if score > max(self.scores, default=-1.0) + self._stopping.tol else self._since + 1
        if score > max(self.scores, default=-1.0):
            self.best = weights
        self.scores.append(score)
        return score

    def is_over(self) -> bool:
        """Whether the score has not risen for too long."""
        return self._since >= self._stopping.patience


def report_epoch(progress: Progress) -> None:
    """A callback that prints what is told of an epoch, as ``verbose`` asks."""
    say(told(progress))


def say(words: str) -> None:
    """Print at once, also where nobody sees the output before it is full; of many processes the first one does."""
    if launched().is_first:
        print(words, flush=True)
