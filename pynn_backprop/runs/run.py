"""A training run in a folder of its own (:mod:`pynn_backprop.runs.folder`): started, stopped, resumed, evaluated."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import asdict
from functools import cached_property
from pathlib import Path
from typing import Any

from .. import __version__, plots
from ..circuit.circuit import Circuit
from ..circuit.compact import ERROR
from ..data.samples import Samples
from ..errors import InputError
from ..files import write_json
from ..interfaces import Platform, check_holds
from ..learning.evaluation import Evaluation, answering_circuit, evaluate
from ..learning.presentation import Record
from ..learning.progress import Callback, Progress
from ..learning.training import Trainer
from ..platforms import get_platform
from ..recording import blocks
from ..spikes import check_gated, check_silence
from ..weights import Weights, save_weights
from .checkpoint import read_checkpoint, write_checkpoint
from .config import RECORD_ALL, RunConfig
from .expected import Expected, identity_of
from .folder import CHECKPOINT, METRICS, RASTER, SPIKES, WEIGHTS, check_folder, read_config, write_config
from .memory import peak_memory
from .place import Place, existing, new, releasing
from .prepare import circuit_of, initial_weights_of, samples_of


class Run:
    """A training run with its folder.  Make one with :func:`start` or :func:`resume`.

    It holds its folder until its results are written or it is closed; it is a context manager that closes itself.

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
    """

    def __init__(self, config: RunConfig, samples: Samples) -> None:
        self.config = config
        self.samples = samples
        self.circuit: Circuit = circuit_of(config, samples)
        self.platform: Platform = get_platform(config.simulator, config.options)
        check_holds(self.platform, self.circuit)
        self.record = Record(self._recorded(), config.record_samples)
        self.weights: Weights = {}
        self.progress = Progress(len(samples.x_train), config.epochs)
        self.place: Place | None = None

    @property
    def folder(self) -> Path:
        """The folder that the user knows."""
        return self._held.folder

    @property
    def _held(self) -> Place:
        assert self.place is not None, "a run is made by start() or resume()"
        return self.place

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
        return Expected(self.circuit, self.config.presentation, self.record, self.samples.y_train, identity)

    @cached_property
    def inference(self) -> Circuit:
        """The circuit that answers the test samples."""
        return answering_circuit(self.circuit)

    def _recorded(self) -> tuple[str, ...]:
        names = [self.circuit[name].name for name in self.config.record if name != RECORD_ALL]
        if RECORD_ALL in self.config.record:
            return tuple(population.name for population in self.circuit.populations)
        return tuple(dict.fromkeys([*names, "r"])) if names else ()

    def initial_weights(self) -> Weights:
        """The weights that the configuration starts from."""
        return initial_weights_of(self.config, self.circuit, self.samples)

    # -- training --------------------------------------------------------------------------------------------------

    def train(
        self, callbacks: Sequence[Callback] = (), interrupted: Callable[[], bool] = lambda: False, check: bool = False
    ) -> bool:
        """Train from where the folder's checkpoint is.  A training that stops early lets the folder go.

        Parameters
        ----------
        callbacks : sequence of callable
            Called after every run.
        interrupted : callable
            Asked after every run; training then ends early, with a checkpoint.
        check : bool
            Check in the end that all copies of each matrix are equal.

        Returns
        -------
        bool
            Whether it came to the end.
        """
        self._held.hold()
        every, total = self.config.checkpoint_every, self.progress.total
        trainer = Trainer(self.platform, self.circuit, self.config.presentation, self.record)
        with releasing(self._held):
            self.weights, self.progress = trainer.train(
                self.samples.x_train,
                self.samples.y_train,
                self.weights,
                progress=self.progress,
                stop_at=range(every, total, every),
                callbacks=[self._checkpoint_if_due, *callbacks],
                interrupted=interrupted,
                check=check,
            )
            self.write_checkpoint(self.weights)
        finished = self.progress.shown == total
        if not finished:
            self.close()
        return finished

    def _checkpoint_if_due(self, progress: Progress) -> None:
        if progress.shown % self.config.checkpoint_every == 0 and progress.shown < progress.total:
            assert progress.running is not None
            self.progress = progress
            self.write_checkpoint(progress.running.weights())

    def write_checkpoint(self, weights: Weights) -> None:
        """Write where training came to."""
        write_checkpoint(self._held.files / CHECKPOINT, weights, self.progress, self.expected)

    def read_checkpoint(self, signed: bool = True) -> None:
        """Take up where the last checkpoint left off; it must say whose it is, unless it need not be `signed`."""
        path, samples, epochs = self._held.files / CHECKPOINT, len(self.samples.x_train), self.config.epochs
        self.weights, self.progress = read_checkpoint(path, self.circuit, samples, epochs, self.expected, signed)

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
        save_weights(self._held.files / WEIGHTS, self.weights, self.circuit.code)
        metrics = self._metrics(evaluation)
        if self.progress.stretches:
            for stretch in self.progress.stretches:
                check_silence(stretch.spikes, self.circuit)
                if ERROR in stretch.spikes:
                    check_gated(stretch.spikes, self.circuit)
            self._write_recording()
            metrics["spikes_per_sample"] = self.progress.stretches[-1].per_sample()
        write_json(self._held.files / METRICS, metrics)
        self._held.finish()
        return metrics

    def _write_recording(self) -> None:
        description = {**self.platform.describe(), "pynn_backprop": __version__, "data": self.config.data}
        name = f"{self.config.data} on {self.platform.name}"
        block = blocks.to_block(self.circuit, self.progress.stretches, description, name)
        blocks.save(block, self._held.files / SPIKES)
        plots.save(plots.overview(block), self._held.files / RASTER)

    def _metrics(self, evaluation: Evaluation) -> dict[str, Any]:
        progress = self.progress
        return {
            "platform": self.platform.describe(),
            "training": {
                "accuracy_by_epoch": [float(right) / progress.samples for right in progress.right],
                "samples_shown": progress.shown,
                "seconds": progress.seconds,
                "ms_per_sample": 1e3 * progress.seconds / max(progress.shown, 1),
            },
            "test": {
                **asdict(evaluation.score(self.samples.y_test)),
                "ms_per_sample": 1e3 * evaluation.seconds / len(evaluation.outputs),
            },
            "network": {**asdict(self.circuit.count()), "build_seconds": progress.build_seconds},
            "peak_memory_MB": peak_memory(),
        }


def start(config: RunConfig, folder: str | os.PathLike[str], overwrite: bool = False, fresh: bool = False) -> Run:
    """Prepare a new run: check everything, make its folder, write configuration and first checkpoint.

    Parameters
    ----------
    config : RunConfig
        What it does.
    folder : str or os.PathLike
        Where its files go.
    overwrite : bool
        Whether another run that is there may be replaced; it stays until the results of the new one are written.
    fresh : bool
        Take another name if there is something of this one.

    Returns
    -------
    Run

    Raises
    ------
    InputError
        If anything in the configuration can't be used, or the folder is not writable, holds another run or is held by
        another process.
    """
    target = Path(folder)
    if not fresh:
        check_folder(target, overwrite)
    run = Run(config, samples_of(config))
    run.weights = run.initial_weights()
    run.place = new(target, overwrite, fresh)
    with releasing(run.place):
        write_config(run.place.files, config, run.circuit, run.samples)
        run.write_checkpoint(run.weights)
    return run


def resume(folder: str | os.PathLike[str]) -> Run:
    """Take up a run where its last checkpoint left off.

    Parameters
    ----------
    folder : str or os.PathLike
        Where its files are.

    Returns
    -------
    Run

    Raises
    ------
    InputError
        If the folder holds no run or is held by another process, the data have changed since, or the checkpoint is not
        of this run.
    """
    place = existing(Path(folder))
    with releasing(place):
        config, fingerprint, signed = read_config(place.files)
        samples = samples_of(config)
        if samples.fingerprint != fingerprint:
            raise InputError(f"the data set {config.data!r} is not what it was when the run in {folder} was started")
        run = Run(config, samples)
        run.place = place
        run.read_checkpoint(signed)
    return run
