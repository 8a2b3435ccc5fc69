"""A training run in a folder of its own (:mod:`pynn_backprop.runs.folder`): trained, stopped, evaluated."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from .. import plots
from ..circuit.circuit import Circuit
from ..circuit.training import thinned
from ..data import datasets
from ..data.samples import Samples
from ..files import write_json
from ..interfaces import Platform, check_holds
from ..learning.evaluation import Evaluation, answering_circuit, evaluate
from ..learning.presentation import Record
from ..learning.progress import Callback, Progress
from ..learning.training import Trainer
from ..platforms import get_platform
from ..processes import Processes, agreed, first_alone, world
from ..simulation.backends.registry import written
from ..weights import Weights, save_weights
from .checkpoint import read_checkpoint, write_checkpoint
from .config import RunConfig
from .expected import Expected, identity_of
from .folder import CHECKPOINT, CURVE, METRICS, WEIGHTS
from .metrics import metrics_of
from .place import Place, releasing
from .prepare import circuit_of, initial_weights_of, presentation_of
from .recorded import check_stretches, recorded, write_recording

_log = logging.getLogger(__name__)

PICTURE_SECONDS = 2.0
"""An epoch that ends sooner after the last picture of the learning curve is drawn with a later one."""


class Run:
    """A training run with its folder.  Make one with :func:`~.opening.start` or :func:`~.opening.resume`.

    It holds its folder until its results are written or it is closed; it is a context manager that closes itself.  Of
    many processes, which all make the same calls, the first one does so, and it alone writes.

    Parameters
    ----------
    config : RunConfig
        What it does.
    samples : Samples
        What it learns and is asked.

    Attributes
    ----------
    circuit, inference : Circuit
        What learns, and what answers the test samples.
    place : Place
        Where its files are.
    weights : Mapping of str to numpy.ndarray of int64, shape (n_pre, n_post)
        The present ones.
    progress : Progress
        How far it has come.
    processes : Processes
        All that do it.
    """

    def __init__(self, config: RunConfig, samples: Samples) -> None:
        self.config = config
        self.samples = samples
        self.rule = config.learning_rule
        self.presentation = presentation_of(config, samples)
        self.circuit: Circuit = circuit_of(config, samples)
        self.platform: Platform = get_platform(config.simulator, config.options)
        self.processes: Processes = world()
        for circuit in (self.fullest, self.inference):
            check_holds(self.platform, circuit)
        self.record = Record(recorded(config, self.fullest), config.record_samples)
        self.weights: Weights = {}
        self.progress = Progress(len(samples.x_train), config.epochs)
        self.place: Place | None = None
        self._drawn, self._drawn_at = 0, -PICTURE_SECONDS

    @property
    def folder(self) -> Path:
        """The folder that the user knows."""
        return self._held.folder

    @property
    def _held(self) -> Place:
        assert self.place is not None, "a run is made by start() or resume()"
        return self.place

    @property
    def writes(self) -> bool:
        """Whether this process is the one that writes."""
        return self.processes.rank == 0

    def close(self) -> None:
        """Let the folder go; a second time is without effect."""
        if self.place is not None:
            self.place.release()

    def __enter__(self) -> Run:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @cached_property
    def expected(self) -> Expected:
        """What its checkpoints must fit."""
        identity = identity_of(self.config, self.circuit, self.samples)
        return Expected(self.fullest, self.presentation, self.record, self.samples.y_train, identity)

    @cached_property
    def inference(self) -> Circuit:
        """The circuit that answers the test samples."""
        return answering_circuit(self.circuit, self.rule.readout_levels)

    @cached_property
    def fullest(self) -> Circuit:
        """Of the circuits that learn, which may differ in thinning, the one with all populations of the others."""
        return thinned(self.circuit, max(self.rule.thinning))

    def initial_weights(self) -> Weights:
        """The weights that the configuration starts from."""
        return initial_weights_of(self.config, self.circuit, self.samples)

    # -- training --------------------------------------------------------------------------------------------------

    def train(
        self,
        callbacks: Sequence[Callback] = (),
        interrupted: Callable[[], bool] = lambda: False,
        check: bool = False,
        epoch_callbacks: Sequence[Callback] = (),
    ) -> bool:
        """Train from where the folder's checkpoint is.  A training that stops early lets the folder go.

        Parameters
        ----------
        callbacks : sequence of callable
            Called after every run.
        interrupted : callable
            Asked after every run; training then ends early, with a checkpoint.  Of many processes one is enough.
        check : bool
            Check in the end that all copies of each matrix are equal.
        epoch_callbacks : sequence of callable
            Called after every epoch, when its metrics are written.

        Returns
        -------
        bool
            Whether it came to the end.
        """
        self._held.hold()
        every, total = self.config.checkpoint_every, self.progress.total
        trainer = Trainer(self.platform, self.circuit, self.presentation, self.record, self.rule.thinning)
        told = [self._tell, *epoch_callbacks]
        validate = None if self.samples.x_validation is None else self._validate
        with releasing(self._held):
            self._validate_if_missing(told)
            self.weights, self.progress = trainer.train(
                self.samples.x_train,
                self.samples.y_train,
                self.weights,
                progress=self.progress,
                stop_at=range(every, total, every),
                callbacks=[self._checkpoint_if_due, *callbacks],
                interrupted=agreed(self.processes, interrupted),
                check=check,
                epoch_callbacks=told,
                validate=validate,
            )
            self.write_checkpoint(self.weights)
            self._draw_curve()
        finished = self.progress.shown == total
        if not finished:
            self.close()
        return finished

    def _validate(self, weights: Weights) -> float:
        """The score by spikes of the samples that are held out."""
        x, y = self.samples.x_validation, self.samples.y_validation
        assert x is not None
        assert y is not None
        return evaluate(self.platform, self.inference, x, weights).score(y).by_spikes

    def _validate_if_missing(self, told: Sequence[Callback]) -> None:
        """A run that was stopped between an epoch and its score takes up there."""
        progress = self.progress
        if self.samples.x_validation is None or progress.within_epoch or not progress.ended:
            return
        if np.isnan(progress.curve.validation[progress.ended - 1]):
            progress.curve.validation[progress.ended - 1] = self._validate(self.weights)
            for callback in told:
                callback(progress)

    def _tell(self, progress: Progress) -> None:
        """Write what is known after an epoch."""
        self.progress = progress
        if not self.writes:
            return
        write_json(self._held.files / METRICS, metrics_of(self.platform, self.circuit, progress))
        if time.monotonic() >= self._drawn_at + PICTURE_SECONDS:
            self._draw_curve()

    def _draw_curve(self) -> None:
        """Draw the epochs so far, unless they are drawn already."""
        if self.writes and self.progress.ended > self._drawn:
            title = f"{datasets.written(self.config.data)} on {written(self.platform.name)}"
            plots.save(plots.learning_curve(self.progress, title), self._held.files / CURVE)
            self._drawn, self._drawn_at = self.progress.ended, time.monotonic()

    def _checkpoint_if_due(self, progress: Progress) -> None:
        if progress.shown % self.config.checkpoint_every == 0 and progress.shown < progress.total:
            assert progress.running is not None
            self.progress = progress
            self.write_checkpoint(progress.running.weights())

    def write_checkpoint(self, weights: Weights) -> None:
        """Write where training came to."""
        if not self.writes:
            return
        path = self._held.files / CHECKPOINT
        write_checkpoint(path, weights, self.progress, self.expected)
        _log.info("checkpoint after %s samples: %s", f"{self.progress.shown:,}", path)

    def read_checkpoint(self, signed: bool = True) -> None:
        """Take up where the last checkpoint left off; it must say whose it is, unless it need not be `signed`."""
        path, samples, epochs = self._held.files / CHECKPOINT, len(self.samples.x_train), self.config.epochs
        self.weights, self.progress = first_alone(
            self.processes,
            lambda: read_checkpoint(path, self.fullest, samples, epochs, self.expected, signed),
        )

    # -- results ---------------------------------------------------------------------------------------------------

    def evaluate(self, callback: Callable[[int], None] = lambda shown: None) -> Evaluation:
        """Answer the test samples with the spiking inference circuit."""
        return evaluate(self.platform, self.inference, self.samples.x_test, self.weights, callback=callback)

    def write_results(self, evaluation: Evaluation) -> dict[str, Any]:
        """Write weights, metrics and, if there was a recording, the Neo file and its picture; the folder is let go.

        Returns
        -------
        dict
            The metrics.

        Raises
        ------
        EqualityError
            If a spike was recorded in a phase in which its population must be silent, or behind e in a sample in which
            e did not fire.
        """
        self._held.hold()
        score = evaluation.score(self.samples.y_test)
        metrics = metrics_of(self.platform, self.circuit, self.progress, score, evaluation.seconds)
        if self.writes:
            save_weights(self._held.files / WEIGHTS, self.weights, self.circuit.code)
        stretches = self.progress.stretches
        if stretches:
            check_stretches(stretches, self.fullest)
            metrics["spikes_per_sample"] = stretches[-1].per_sample()
        if self.writes:
            if stretches:
                write_recording(self._held.files, self.config, self.platform, self.fullest, stretches)
            write_json(self._held.files / METRICS, metrics)
        self._held.finish()
        return metrics
