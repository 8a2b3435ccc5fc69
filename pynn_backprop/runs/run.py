"""A training run and its folder: configuration, checkpoints, results.

===================  =================================================================================
``config.json``      everything that is needed to repeat the run, with versions
``checkpoint.npz``   where it came to; a killed run goes on from here to bit-identical weights
``weights.npz``      the weights in the end: integers, ``W1`` (n_in, n_hidden), ``W2`` (n_hidden, n_out)
``metrics.json``     accuracy, times, memory, spikes per sample
``spikes.nix``       what was recorded, a Neo block (:mod:`pynn_backprop.recording.blocks`)
``raster.png``       a picture of it
===================  =================================================================================
"""

from __future__ import annotations

import os
import platform as machine
import resource
import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict, fields
from importlib import metadata
from pathlib import Path
from typing import Any

import numpy as np

from .. import __version__, plots
from ..checks import check_count
from ..circuit.parameters import Parameters
from ..circuit.parts import Circuit
from ..circuit.published import training_circuit
from ..data.samples import Samples, load_samples
from ..errors import InputError
from ..files import check_writable, read_json, read_npz, write_json, write_npz
from ..interfaces import Options, Platform
from ..learning.training import Callback, Evaluation, Progress, Stretch, evaluate, train
from ..platforms import get_platform
from ..recording import analysis
from ..recording import blocks as recording
from ..weights import Weights, check_weights, save_weights, starting_weights
from .config import RunConfig

CONFIG, CHECKPOINT, WEIGHTS, METRICS = "config.json", "checkpoint.npz", "weights.npz", "metrics.json"
SPIKES, RASTER = "spikes.nix", "raster.png"
FILES = (CONFIG, CHECKPOINT, WEIGHTS, METRICS, SPIKES, RASTER)
FORMAT = 1
RECORD_ALL = "all"


class Run:
    """A training run with its folder.  Make one with :func:`start` or :func:`resume`."""

    def __init__(self, config: RunConfig, folder: Path, samples: Samples) -> None:
        self.config = config
        self.folder = folder
        self.samples = samples
        self.parameters = Parameters(eta=config.eta, w_max=config.w_max)
        self.circuit: Circuit = training_circuit(samples.units(config.hidden), self.parameters)
        self.platform: Platform = get_platform(config.simulator, Options(config.threads, config.variant, config.layout))
        self.record = self._recorded()
        self.weights: Weights = {}
        self.progress = Progress(len(samples.x_train), config.epochs)

    def _recorded(self) -> tuple[str, ...]:
        names = [self.circuit[name].name for name in self.config.record if name != RECORD_ALL]
        if RECORD_ALL in self.config.record:
            return tuple(population.name for population in self.circuit.populations)
        return tuple(dict.fromkeys([*names, "r"])) if names else ()

    def initial_weights(self) -> Weights:
        """The weights that the configuration starts from."""
        config, sizes = self.config, self.circuit.neurons
        return starting_weights(sizes, config.seed, config.initialisation, config.init_weights, self.parameters)

    # -- training --------------------------------------------------------------------------------------------------

    def train(
        self, callbacks: Sequence[Callback] = (), interrupted: Callable[[], bool] = lambda: False, check: bool = False
    ) -> bool:
        """Train from where the folder's checkpoint is; True if it came to the end.

        Parameters
        ----------
        callbacks
            Called after every run.
        interrupted
            Asked after every run; training then ends early, with a checkpoint.
        check
            Check in the end that all copies of each matrix are equal.
        """
        config, every = self.config, self.config.checkpoint_every
        total = self.progress.total
        self.weights, self.progress = train(
            self.platform,
            self.samples.x_train,
            self.samples.y_train,
            self.weights,
            epochs=config.epochs,
            seed=config.seed,
            shuffle=config.shuffle,
            parameters=self.parameters,
            record=self.record,
            record_samples=config.record_samples,
            stop_at=range(every, total, every),
            progress=self.progress,
            callbacks=[self._checkpoint_if_due, *callbacks],
            interrupted=interrupted,
            check=check,
        )
        self.write_checkpoint(self.weights)
        return self.progress.shown == total

    def _checkpoint_if_due(self, progress: Progress) -> None:
        if progress.shown % self.config.checkpoint_every == 0 and progress.shown < progress.total:
            assert progress.running is not None
            self.progress = progress
            self.write_checkpoint(progress.running.weights())

    def write_checkpoint(self, weights: Weights) -> None:
        """Write where training came to."""
        arrays = {
            **weights,
            "shown": np.array(self.progress.shown),
            "right": self.progress.right,
            "seconds": np.array(self.progress.seconds),
        }
        for k, stretch in enumerate(self.progress.stretches):
            arrays[f"{k}/first"], arrays[f"{k}/labels"] = np.array(stretch.first), stretch.labels
            arrays |= {f"{k}/spikes/{name}": table for name, table in stretch.spikes.items()}
        write_npz(self.folder / CHECKPOINT, arrays)

    def read_checkpoint(self) -> None:
        """Take up where the last checkpoint left off."""
        path = self.folder / CHECKPOINT
        arrays = read_npz(path)
        missing = {"shown", "right", "seconds"}.difference(arrays)
        if missing:
            raise InputError(f"{path} lacks {', '.join(sorted(missing))}: it is no checkpoint of a training run")
        weights = {name: array for name, array in arrays.items() if name in self.circuit.matrices}
        self.weights = check_weights(weights, self.parameters, self.circuit.neurons, source=str(path))
        try:
            self.progress = _checked_progress(arrays, len(self.samples.x_train), self.config.epochs)
        except (ValueError, TypeError, KeyError, IndexError) as error:
            raise InputError(f"{path} is no checkpoint of this run: {error}") from error

    # -- results ---------------------------------------------------------------------------------------------------

    def evaluate(self, callback: Callable[[int], None] = lambda shown: None) -> Evaluation:
        """Answer the test samples with the spiking inference circuit."""
        return evaluate(self.platform, self.samples.x_test, self.weights, self.parameters, callback)

    def write_results(self, evaluation: Evaluation) -> dict[str, Any]:
        """Write weights, metrics and, if there was a recording, the Neo file and its picture; returns the metrics."""
        save_weights(self.folder / WEIGHTS, self.weights)
        metrics = self._metrics(evaluation)
        if self.progress.stretches:
            description = {**self.platform.describe(), "pynn_backprop": __version__, "data": self.config.data}
            block = recording.to_block(
                self.circuit, self.progress.stretches, description, f"{self.config.data} on {self.platform.name}"
            )
            analysis.check_silence(block)
            recording.save(block, self.folder / SPIKES)
            plots.save(plots.raster(block), self.folder / RASTER)
            metrics["spikes_per_sample"] = self.progress.stretches[-1].per_sample()
        write_json(self.folder / METRICS, metrics)
        return metrics

    def _metrics(self, evaluation: Evaluation) -> dict[str, Any]:
        progress, count = self.progress, self.circuit.count()
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
            "network": {**asdict(count), "build_seconds": progress.build_seconds},
            "peak_memory_MB": _peak_memory(),
        }


def start(config: RunConfig, folder: str | os.PathLike[str], overwrite: bool = False) -> Run:
    """Prepare a new run: check everything, make its folder, write configuration and first checkpoint.

    Raises
    ------
    InputError
        If anything in the configuration can't be used, or the folder is not writable or holds another run.
    """
    target = Path(folder)
    check_folder(target, overwrite)
    samples = load_samples(config.data, config.crop, config.levels, config.samples, config.test_samples)
    run = Run(config, target, samples)
    run.weights = run.initial_weights()
    _make_folder(target)
    for name in FILES:
        (target / name).unlink(missing_ok=True)
    write_json(
        target / CONFIG,
        {
            "format": FORMAT,
            **asdict(config),
            "layer_sizes": list(run.circuit.neurons),
            "samples_sha256": samples.fingerprint,
            "versions": versions(),
        },
    )
    run.write_checkpoint(run.weights)
    return run


def resume(folder: str | os.PathLike[str]) -> Run:
    """Take up a run where its last checkpoint left off.

    Raises
    ------
    InputError
        If the folder holds no run, or its data have changed since.
    """
    target = Path(folder)
    if not (target / CONFIG).is_file():
        raise InputError(f"{target} holds no run to resume: there is no {CONFIG} in it")
    check_writable(target / CHECKPOINT)
    stored = read_json(target / CONFIG)
    if not isinstance(stored, dict):
        raise InputError(f"{target / CONFIG} is not the configuration of a run: it holds {stored!r}")
    if stored.get("format") != FORMAT:
        raise InputError(f"{target / CONFIG} has format {stored.get('format')!r}; this version reads {FORMAT}")
    names = {field.name for field in fields(RunConfig)}
    missing = {*names, "samples_sha256"}.difference(stored)
    if missing:
        raise InputError(f"{target / CONFIG} lacks {', '.join(sorted(missing))}")
    try:
        config = RunConfig(**{name: stored[name] for name in names})
    except InputError as error:
        raise InputError(f"{target / CONFIG}: {error}") from error
    samples = load_samples(config.data, config.crop, config.levels, config.samples, config.test_samples)
    if samples.fingerprint != stored["samples_sha256"]:
        raise InputError(f"the data set {config.data!r} is not what it was when the run in {target} was started")
    run = Run(config, target, samples)
    run.read_checkpoint()
    return run


def check_folder(folder: Path, overwrite: bool) -> None:
    """Refuse a folder that can't be written or that holds another run."""
    there = [name for name in FILES if (folder / name).exists()]
    if there and not overwrite:
        raise InputError(
            f"the output folder {folder} holds another run ({', '.join(there)}): choose another one, go on with it "
            f"(--resume {folder}), or replace it (--overwrite)"
        )
    nearest = folder
    while not nearest.exists() and nearest != nearest.parent:
        nearest = nearest.parent
    if not nearest.is_dir() or not os.access(nearest, os.W_OK | os.X_OK):
        raise InputError(f"the output folder {folder} can't be written: {nearest} is no folder that you may write to")


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(f"the output folder {folder} can't be made: {error.strerror}") from error


def versions() -> dict[str, str]:
    """Versions of everything that decides a result, and the machine."""
    names = ("PyNN", "neo", "numpy", "numba", "scikit-learn", "nest-simulator", "brian2", "lava-nc")
    found = {"pynn_backprop": __version__, "python": sys.version.split()[0], "machine": machine.platform()}
    for name in names:
        try:
            found[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            continue
    return found


def _stretches(arrays: dict[str, np.ndarray]) -> list[Stretch]:
    found: list[Stretch] = []
    while f"{len(found)}/first" in arrays:
        k = len(found)
        prefix = f"{k}/spikes/"
        spikes = {name[len(prefix) :]: table for name, table in arrays.items() if name.startswith(prefix)}
        found.append(Stretch(int(arrays[f"{k}/first"]), arrays[f"{k}/labels"], spikes))
    return found


def _checked_progress(arrays: dict[str, np.ndarray], samples: int, epochs: int) -> Progress:
    """What a checkpoint says of the progress, or a ValueError."""
    for name in ("shown", "seconds"):
        if arrays[name].ndim or arrays[name].dtype.kind not in "iuf":
            raise ValueError(f"{name} is {arrays[name]!r} but must be a number")
    shown = check_count("shown", arrays["shown"].item(), 0, samples * epochs)
    right, seconds = arrays["right"], float(arrays["seconds"])
    if right.shape != (epochs,) or right.dtype.kind not in "iu" or not 0 <= right.min() <= right.max() <= samples:
        raise ValueError(f"right is {right!r} but must be {epochs} counts from 0 to {samples}")
    if not 0 <= seconds < np.inf:
        raise ValueError(f"seconds is {seconds!r} but must be a time")
    return Progress(samples, epochs, shown, right, _stretches(arrays), seconds)


def _peak_memory() -> float:
    """In MB.  Linux's ru_maxrss starts from the peak of the parent process, so /proc is asked first."""
    status = Path("/proc/self/status")
    if status.is_file():
        for line in status.read_text().splitlines():
            if line.startswith("VmHWM:"):
                return float(line.split()[1]) / 1e3
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / 1e6 if sys.platform == "darwin" else peak / 1e3
