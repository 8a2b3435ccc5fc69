"""A training run and its folder: configuration, checkpoints, results.

===================  =================================================================================
``config.json``      everything that is needed to repeat the run, with versions
``checkpoint.npz``   where it came to; a killed run goes on from here to bit-identical weights
``weights.npz``      the weights in the end: integers, ``W1`` (n_in, n_hidden), ``W2`` (n_hidden, n_out)
``metrics.json``     accuracy, times, memory, spikes per sample
``spikes.nix``       what was recorded, a Neo block (:mod:`pynn_backprop.recording`)
``raster.png``       a picture of it
===================  =================================================================================
"""

from __future__ import annotations

import hashlib
import os
import platform as machine
import resource
import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, fields
from importlib import metadata
from pathlib import Path
from typing import Any

import numpy as np

from . import __version__, analysis, datasets, plots, recording
from .backends import Options
from .checks import check_choice, check_count
from .circuit import Circuit, Parameters, training_circuit
from .errors import InputError
from .files import check_writable, read_json, read_npz, write_json, write_npz
from .platforms import Platform, get_platform
from .training import Callback, Evaluation, Progress, Stretch, evaluate, train
from .weights import INITIALISATIONS, Weights, check_weights, initial_weights, load_weights, save_weights

CONFIG, CHECKPOINT, WEIGHTS, METRICS = "config.json", "checkpoint.npz", "weights.npz", "metrics.json"
SPIKES, RASTER = "spikes.nix", "raster.png"
FILES = (CONFIG, CHECKPOINT, WEIGHTS, METRICS, SPIKES, RASTER)
FORMAT = 1
RECORD_ALL = "all"


@dataclass(frozen=True)
class RunConfig:
    """What a training run does.

    Parameters
    ----------
    simulator
        ``nest``, ``reference``, or the dotted path of a PyNN module.
    data
        Name of a data set or path of an ``.npz`` file (:func:`pynn_backprop.datasets.load`).
    crop
        Side of the central square of the images that is used, None for the whole.
    levels
        Input neurons per value; the data set's own default if None.
    hidden
        Hidden neurons; 0 leaves the hidden layer out (one weight matrix).
    epochs
        How often all samples are shown.
    samples, test_samples
        How many of the training and test samples are used, the first ones; all if None.
    seed
        Decides initial weights and the order of samples.
    threads
        Threads of the simulator.
    synapse
        Implementation of the plastic synapse, ``auto`` for the fastest that works.
    shuffle
        Whether each epoch has a new order.
    initialisation
        How weights start, see :func:`pynn_backprop.weights.initial_weights`.
    init_weights
        A file with weights to start from instead.
    eta, w_max
        Weight change per coincidence, and bound of the weights.
    checkpoint_every
        Samples between two checkpoints.
    record
        Populations to record, or ``all``.
    record_samples
        How many samples at the start and at the end of training are recorded.
    """

    simulator: str
    data: str = "digits"
    crop: int | None = None
    levels: int | None = None
    hidden: int = 200
    epochs: int = 10
    samples: int | None = None
    test_samples: int | None = None
    seed: int = 0
    threads: int = 1
    synapse: str = "auto"
    shuffle: bool = True
    initialisation: str = "alive"
    init_weights: str | None = None
    eta: int = 2
    w_max: int = 254
    checkpoint_every: int = 5000
    record: tuple[str, ...] = ()
    record_samples: int = 20

    def __post_init__(self) -> None:
        for name in ("epochs", "threads", "eta", "w_max", "checkpoint_every", "record_samples"):
            check_count(name, getattr(self, name))
        for name in ("crop", "levels", "samples", "test_samples"):
            if getattr(self, name) is not None:
                check_count(name, getattr(self, name))
        for name in ("simulator", "data", "synapse", "init_weights"):
            value = getattr(self, name)
            if not isinstance(value, str) and not (name == "init_weights" and value is None):
                raise InputError(f"{name} is {value!r} but must be text")
        if not isinstance(self.record, (tuple, list)) or not all(isinstance(name, str) for name in self.record):
            raise InputError(f"record is {self.record!r} but must be a list of names")
        if not isinstance(self.shuffle, bool):
            raise InputError(f"shuffle is {self.shuffle!r} but must be true or false")
        check_count("hidden", self.hidden, 0)
        check_count("seed", self.seed, 0)
        check_choice("initialisation", self.initialisation, INITIALISATIONS)
        object.__setattr__(self, "record", tuple(self.record))


@dataclass(frozen=True)
class Samples:
    """Encoded samples of a data set.

    Parameters
    ----------
    x_train, x_test
        Bool, shape (n, n_in): which input neurons fire.
    y_train, y_test
        Labels, int64, shape (n,).
    n_classes
        Number of output neurons.
    """

    x_train: np.ndarray
    y_train: np.ndarray
    x_test: np.ndarray
    y_test: np.ndarray
    n_classes: int

    @property
    def fingerprint(self) -> str:
        """Changes when any sample or label does."""
        digest = hashlib.sha256()
        for array in (self.x_train, self.y_train, self.x_test, self.y_test):
            digest.update(str(array.shape).encode() + np.ascontiguousarray(array).tobytes())
        return digest.hexdigest()


def load_samples(
    data: str,
    crop: int | None = None,
    levels: int | None = None,
    samples: int | None = None,
    test_samples: int | None = None,
) -> Samples:
    """Load and encode a data set; parameters as in :class:`RunConfig`."""
    dataset = datasets.load(data, crop)
    levels = dataset.default_levels if levels is None else levels
    for name, wanted, there in (
        ("samples", samples, len(dataset.x_train)),
        ("test_samples", test_samples, len(dataset.x_test)),
    ):
        if wanted is not None:
            check_count(name, wanted, 1, there)
    return Samples(
        datasets.encode(dataset.x_train[:samples], levels),
        dataset.y_train[:samples],
        datasets.encode(dataset.x_test[:test_samples], levels),
        dataset.y_test[:test_samples],
        dataset.n_classes,
    )


class Run:
    """A training run with its folder.  Make one with :func:`start` or :func:`resume`."""

    def __init__(self, config: RunConfig, folder: Path, samples: Samples) -> None:
        self.config = config
        self.folder = folder
        self.samples = samples
        self.parameters = Parameters(eta=config.eta, w_max=config.w_max)
        hidden = (config.hidden,) if config.hidden else ()
        self.circuit: Circuit = training_circuit(
            (samples.x_train.shape[1], *hidden, samples.n_classes), self.parameters
        )
        self.platform: Platform = get_platform(config.simulator, Options(config.threads, config.synapse))
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
        config, sizes = self.config, self.circuit.layer_sizes
        if config.init_weights is not None:
            return load_weights(config.init_weights, self.parameters, sizes)
        return initial_weights(sizes, config.seed, config.initialisation, self.parameters)

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
            assert progress.runner is not None
            self.progress = progress
            self.write_checkpoint(progress.runner.weights())

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
        self.weights = check_weights(weights, self.parameters, self.circuit.layer_sizes, source=str(path))
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
            metrics["spikes_per_sample"] = self._spikes_per_sample()
        write_json(self.folder / METRICS, metrics)
        return metrics

    def _spikes_per_sample(self) -> dict[str, float]:
        last = self.progress.stretches[-1]
        return {name: len(table) / len(last.labels) for name, table in last.spikes.items()}

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
            "layer_sizes": list(run.circuit.layer_sizes),
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
