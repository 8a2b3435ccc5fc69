"""How a classifier learns: epoch after epoch, with or without samples that are held out to say when to stop."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from sklearn.model_selection import train_test_split

from ..checks import check_count, shown
from ..circuit.circuit import Circuit
from ..errors import InputError
from ..weights import CheckedWeights, Weights
from .evaluation import evaluate
from .progress import Callback, Progress
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

    def split(self, labels: np.ndarray, seed: int) -> tuple[np.ndarray, np.ndarray]:
        """Which samples are learnt and which are held out, indices; of each class some are learnt."""
        everything = np.arange(len(labels))
        try:
            learnt, held_out = train_test_split(
                everything, test_size=self.fraction, stratify=labels, random_state=seed % 2**32
            )
        except ValueError as error:
            raise InputError(
                f"validation_fraction is {self.fraction}, but so {len(labels)} samples can't be split class by class: "
                f"{error}"
            ) from error
        return np.sort(learnt), np.sort(held_out)


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
    """
    epochs = trainer.presentation.epochs
    if stopping is None:
        progress = Progress(len(fires), epochs, before * len(fires))
        return Fit(*trainer.train(fires, labels, start, progress=progress, callbacks=callbacks))
    learnt, held_out = stopping.split(labels, trainer.presentation.seed)
    progress = Progress(len(learnt), epochs, before * len(learnt))

    def epoch(weights: Weights, progress: Progress) -> tuple[CheckedWeights, Progress]:
        end = progress.shown + len(learnt)
        return trainer.train(
            fires[learnt],
            labels[learnt],
            weights,
            progress=progress,
            callbacks=callbacks,
            interrupted=lambda: progress.shown >= end,
        )

    weights, best, since = start, None, 0
    scores: list[float] = []
    while progress.shown < progress.total and since < stopping.patience:
        weights, progress = epoch(weights, progress)
        answers = evaluate(trainer.platform, answering, fires[held_out], weights)
        score = answers.score(labels[held_out]).by_potential
        since = 0 if score > max(scores, default=-1.0) + stopping.tol else since + 1
        if best is None or score > max(scores):
            best = weights
        scores.append(score)
    assert best is not None
    return Fit(best, progress, scores)


def report_epoch(progress: Progress) -> None:
    """A callback that prints after each epoch how much of it was answered rightly, as ``verbose`` asks."""
    if progress.shown % progress.samples == 0:
        epoch = progress.shown // progress.samples
        share = progress.right[epoch - 1] / progress.samples
        print(f"epoch {epoch} of {progress.epochs}: {share:.1%} right before it was learnt", flush=True)
