"""Test accuracy while a network learns: what the figure ``curves`` shows of each of its networks."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from ..data.samples import Samples
from ..interfaces import Platform
from ..learning.evaluation import answering_circuit, evaluate
from ..learning.progress import Progress
from ..learning.told import NowAndThen
from ..learning.training import Trainer, weights_of
from ..platforms import ReferencePlatform
from ..runs.config import RunConfig
from ..runs.prepare import circuit_of, initial_weights_of, presentation_of
from ..weights import Weights


@dataclass(frozen=True)
class Learnt:
    """What a network answered while it learnt.

    Parameters
    ----------
    shown : numpy.ndarray of int, shape (n,)
        After how many samples.
    scores : numpy.ndarray, shape (n, 3)
        Share of the test samples that are answered rightly: by the read-out of the rule, by single output spikes, and
        by potential.
    weights : list of dict of str to numpy.ndarray
        Those with which it answered.
    """

    shown: np.ndarray
    scores: np.ndarray
    weights: list[Weights]

    def begins(self, other: Learnt) -> bool:
        """Whether another one has the same scores and weights, as far as this one goes."""
        return bool(
            np.array_equal(self.scores, other.scores[: len(self.shown)])
            and all(
                np.array_equal(mine[name], theirs[name])
                for mine, theirs in zip(self.weights, other.weights, strict=False)
                for name in theirs
            )
        )


def learn(
    config: RunConfig,
    samples: Samples,
    platform: Platform,
    stops: Sequence[int],
    tell: Callable[[str], None] = lambda words: None,
) -> Learnt:
    """Let a network learn, and ask it the test samples at each stop.

    Parameters
    ----------
    config : pynn_backprop.runs.config.RunConfig
        What is learnt, and how.
    samples : pynn_backprop.data.samples.Samples
        From which, and which are asked.
    platform : pynn_backprop.platforms.Platform
        Where; the test samples are asked by the rule, from the weights.
    stops : sequence of int
        After how many samples.
    tell : callable
        Told now and then how far it is.

    Returns
    -------
    Learnt
    """
    circuit = circuit_of(config, samples)
    answering = answering_circuit(circuit, config.learning_rule.readout_levels)
    scores: list[tuple[float, float, float]] = []
    kept: list[Weights] = []

    def ask(progress: Progress) -> None:
        if progress.shown in stops:
            assert progress.running is not None
            kept.append(weights_of(progress.running, circuit))
            score = evaluate(ReferencePlatform(), answering, samples.x_test, kept[-1]).score(samples.y_test)
            scores.append((score.by_spikes, score.by_single_spikes, score.by_potential))

    trainer = Trainer(platform, circuit, presentation_of(config, samples))
    last = max(stops)
    state = Progress(len(samples.x_train), config.epochs)
    trainer.train(
        samples.x_train,
        samples.y_train,
        initial_weights_of(config, circuit, samples),
        progress=state,
        stop_at=tuple(stops),
        callbacks=[ask, NowAndThen(tell)],
        interrupted=lambda: state.shown >= last,
    )
    return Learnt(np.array(stops), np.array(scores), kept)
