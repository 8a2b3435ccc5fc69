"""The run loop: many samples a run, a new order each epoch, callbacks, evaluation."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np

from .checks import check_count
from .circuit import Circuit, Parameters, inference_circuit, training_circuit
from .platforms import Platform, Runner
from .reference import checked_labels
from .spikes import Spikes, merged
from .weights import Weights, check_weights, layer_sizes_of


@dataclass
class Progress:
    """How far a training has come; what callbacks get.

    Parameters
    ----------
    samples, epochs
        Samples in one epoch, and number of epochs.
    shown
        Samples shown so far, in all epochs.
    right
        Right answers in each epoch so far, shape (epochs,): samples whose first firing output was the target, before
        they were learnt.
    stretches
        What was recorded: spikes of stretches of consecutive samples.
    seconds, build_seconds
        Wall time of the runs so far, and of building the network (the last time, if training was resumed).
    runner
        The running network; ``runner.weights()`` reads the present weights.
    """

    samples: int
    epochs: int
    shown: int = 0
    right: np.ndarray = field(default_factory=lambda: np.zeros(0, np.int64))
    stretches: list[Stretch] = field(default_factory=list)
    seconds: float = 0.0
    build_seconds: float = 0.0
    runner: Runner | None = None

    def __post_init__(self) -> None:
        self.right = np.concatenate((self.right, np.zeros(self.epochs - len(self.right), np.int64)))

    @property
    def total(self) -> int:
        """Samples in all epochs."""
        return self.samples * self.epochs

    @property
    def accuracy(self) -> float:
        """Share of right answers in the current epoch so far."""
        epoch = max(self.shown - 1, 0) // self.samples
        seen = self.shown - epoch * self.samples
        return float(self.right[epoch]) / seen if seen else 0.0


@dataclass
class Stretch:
    """Spikes of consecutive samples of a training.

    Parameters
    ----------
    first
        Index of the first sample, counted from the start of training.
    labels
        Labels of the samples, shape (n,).
    spikes
        As :mod:`pynn_backprop.spikes` describes; steps from the start of training.
    """

    first: int
    labels: np.ndarray
    spikes: Spikes

    def per_sample(self) -> dict[str, float]:
        """Mean spikes of each population in one sample."""
        return {name: len(table) / len(self.labels) for name, table in self.spikes.items()}


@dataclass(frozen=True)
class Score:
    """How well a network answers; shares of all samples.

    Parameters
    ----------
    samples
        How many were asked.
    by_spikes
        The first output neuron that fires is the target; silence counts as wrong.
    by_potential
        The output neuron with the largest drive is the target.
    all_right
        The target fires and no other output neuron does.
    """

    samples: int
    by_spikes: float
    by_potential: float
    all_right: float


Callback = Callable[[Progress], None]


def order_of_epoch(samples: int, epoch: int, seed: int, shuffle: bool) -> np.ndarray:
    """The order in which an epoch shows its samples: a permutation that depends on seed and epoch alone."""
    return np.random.default_rng([seed, epoch]).permutation(samples) if shuffle else np.arange(samples)


def train(
    platform: Platform,
    x: np.ndarray,
    labels: np.ndarray,
    weights: Weights,
    *,
    epochs: int = 1,
    seed: int = 0,
    shuffle: bool = True,
    parameters: Parameters | None = None,
    record: Sequence[str] = (),
    record_samples: int = 20,
    stop_at: Sequence[int] = (),
    progress: Progress | None = None,
    callbacks: Sequence[Callback] = (),
    interrupted: Callable[[], bool] = lambda: False,
    check: bool = False,
) -> tuple[Weights, Progress]:
    """Train a network.

    Parameters
    ----------
    platform
        Where.
    x
        Which input neurons fire, bool of shape (n, n_in).
    labels
        Integers of shape (n,), 0 to n_out - 1.
    weights
        To start from, by name.
    epochs
        How often all samples are shown.
    seed
        Decides the order of each epoch.
    shuffle
        A new order each epoch; the given one if False.
    parameters
        Strengths of the circuit.
    record
        Populations whose spikes are kept, for the first and the last `record_samples` samples.
    record_samples
        See `record`.  These samples run in networks of their own, built with the weights of the moment, so that the
        rest of the training is not slowed by recording.
    stop_at
        Numbers of samples (in all) at which a run must end, so that a callback sees exactly this state.
    progress
        Where an earlier training came to; `weights` are those of that moment.
    callbacks
        Called after every run.
    interrupted
        Asked after every run; training ends early when it says True.
    check
        Check in the end that all copies of each matrix are equal.

    Returns
    -------
    weights, progress
        The weights in the end, and how far it came.

    Raises
    ------
    InputError
        If anything does not fit the circuit.
    EqualityError
        If `check` finds two copies of a matrix that differ, or a neuron fires where no sample is shown.
    """
    check_count("record_samples", record_samples)
    check_count("epochs", epochs)
    weights = check_weights(weights, parameters or Parameters())
    x, labels = np.asarray(x), checked_labels(labels, len(x), layer_sizes_of(weights)[-1])
    check_count("the number of samples", len(x))
    circuit = training_circuit(layer_sizes_of(weights), parameters)
    state = progress or Progress(len(x), epochs)
    record = tuple(circuit[name].name for name in record)
    for end, recorded in _legs(state, record_samples if record else 0):
        runner, begin = _build(platform, circuit, weights, record if recorded else (), state), state.shown
        try:
            for epoch, start, stop in _runs(state, end, platform.samples_per_run, stop_at):
                chosen = order_of_epoch(len(x), epoch, seed, shuffle)[start % len(x) :][: stop - start]
                _learn(runner, x[chosen], labels[chosen], state)
                if recorded:
                    later = _later(runner.take_spikes(), begin * circuit.schedule.length)
                    _keep(state.stretches, start, labels[chosen], later)
                for callback in callbacks:
                    callback(state)
                if interrupted():
                    break
            weights = runner.weights()
            if check:
                runner.check_copies()
        finally:
            state.runner = None
            runner.close()
        if interrupted():
            break
    return weights, state


def _build(platform: Platform, circuit: Circuit, weights: Weights, record: Sequence[str], state: Progress) -> Runner:
    start = time.perf_counter()
    state.runner = platform.runner(circuit, weights, record)
    state.build_seconds = time.perf_counter() - start
    return state.runner


def _learn(runner: Runner, x: np.ndarray, labels: np.ndarray, state: Progress) -> None:
    """Show samples of one epoch; time and right answers go to `state`."""
    start = time.perf_counter()
    response = runner.train(x, labels)
    state.seconds += time.perf_counter() - start
    state.right[state.shown // state.samples] += np.sum(first_firing(response.outputs) == labels)
    state.shown += len(x)


def first_firing(outputs: np.ndarray) -> np.ndarray:
    """Index of the first output neuron that fires, shape (n,); -1 where none does."""
    return np.where(outputs.any(axis=1), outputs.argmax(axis=1), -1)


def _legs(state: Progress, record_samples: int) -> Iterator[tuple[int, bool]]:
    """(end, recorded) of each leg from here on: recording slows a simulator, so a leg has a network of its own."""
    total = state.total
    legs = [(record_samples, True), (total - record_samples, False), (total, True)]
    if record_samples == 0:
        legs = [(total, False)]
    elif 2 * record_samples >= total:
        legs = [(total, True)]
    for end, recorded in legs:
        if state.shown < end:
            yield end, recorded


def _runs(state: Progress, end: int, samples_per_run: int, cuts: Sequence[int]) -> Iterator[tuple[int, int, int]]:
    """(epoch, first sample, last) of each run of a leg; runs end at epochs and at all cuts."""
    start = state.shown
    while start < end:
        epoch = start // state.samples
        later = (cut for cut in cuts if cut > start)
        stop = min([start + samples_per_run, (epoch + 1) * state.samples, end, *later])
        yield epoch, start, stop
        start = stop


def _later(spikes: Spikes, steps: int) -> Spikes:
    return {name: table + np.array([steps, 0]) for name, table in spikes.items()}


def _keep(stretches: list[Stretch], first: int, labels: np.ndarray, spikes: Spikes) -> None:
    """Append to the last stretch if it continues it, else start a new one."""
    last = stretches[-1] if stretches else None
    if last is not None and last.first + len(last.labels) == first:
        last.labels = np.concatenate((last.labels, labels))
        last.spikes = merged([last.spikes, spikes])
    else:
        stretches.append(Stretch(first, labels, spikes))


@dataclass(frozen=True)
class Evaluation:
    """What the inference circuit answered, and how good that is.

    Parameters
    ----------
    outputs
        Bool, shape (n, n_out).
    potentials
        Integers, shape (n, n_out).
    seconds
        Wall time of the runs, without building.
    """

    outputs: np.ndarray
    potentials: np.ndarray
    seconds: float

    def score(self, labels: np.ndarray) -> Score:
        """Compare with labels, integers of shape (n,)."""
        labels = np.asarray(labels)
        target = np.arange(self.outputs.shape[1]) == labels[:, None]
        return Score(
            samples=len(labels),
            by_spikes=float(np.mean(first_firing(self.outputs) == labels)),
            by_potential=float(np.mean(self.potentials.argmax(axis=1) == labels)),
            all_right=float(np.mean((self.outputs == target).all(axis=1))),
        )


def evaluate(
    platform: Platform,
    x: np.ndarray,
    weights: Weights,
    parameters: Parameters | None = None,
    callback: Callable[[int], None] = lambda shown: None,
) -> Evaluation:
    """Answer samples with the spiking inference circuit.

    Parameters
    ----------
    platform
        Where.
    x
        Which input neurons fire, bool of shape (n, n_in).
    weights
        By name.
    parameters
        Strengths of the circuit.
    callback
        Called after every run with the number of samples shown.

    Returns
    -------
    Evaluation
    """
    check_count("the number of samples", len(x))
    weights = check_weights(weights, parameters or Parameters())
    runner = platform.runner(inference_circuit(layer_sizes_of(weights), parameters, probe=True), weights)
    try:
        outputs, potentials = [], []
        start = time.perf_counter()
        for first in range(0, len(x), platform.samples_per_run):
            response = runner.infer(x[first : first + platform.samples_per_run])
            outputs.append(response.outputs)
            potentials.append(response.potentials)
            callback(min(first + platform.samples_per_run, len(x)))
        seconds = time.perf_counter() - start
    finally:
        runner.close()
    return Evaluation(np.concatenate(outputs), np.concatenate([p for p in potentials if p is not None]), seconds)
