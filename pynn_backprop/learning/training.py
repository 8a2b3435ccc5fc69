"""The run loop: many samples a run, a new order each epoch, callbacks, evaluation."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np

from ..checks import check_count
from ..circuit.parameters import Parameters, default_parameters
from ..circuit.parts import Circuit
from ..circuit.published import inference_circuit, training_circuit
from ..codes.code import Binary, Code
from ..codes.graded_weights import units_of
from ..interfaces import Platform, RunningCircuit, spikes_of
from ..reference.rule import checked_labels, checked_targets
from ..spikes import Spikes, merged
from ..weights import Weights, check_weights


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
        Right answers in each epoch so far, shape (epochs,): samples whose most active output was the target (the first
        one of several), before they were learnt; or all of whose outputs were exactly their targets.
    stretches
        What was recorded: spikes of stretches of consecutive samples.
    seconds, build_seconds
        Wall time of the runs so far, and of building the network (the last time, if training was resumed).
    running
        The running network; ``running.weights()`` reads the present weights.
    """

    samples: int
    epochs: int
    shown: int = 0
    right: np.ndarray = field(default_factory=lambda: np.zeros(0, np.int64))
    stretches: list[Stretch] = field(default_factory=list)
    seconds: float = 0.0
    build_seconds: float = 0.0
    running: RunningCircuit | None = None

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
        Labels of the samples, shape (n,), or their targets, bool of shape (n, n_out).
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
    code: Code | None = None,
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
        Which input neurons fire, bool of shape (n, n_in); with a graded code, see :meth:`~.coding.Code.fire`.
    labels
        Integers of shape (n,), 0 to n_out - 1; or, for any other targets, which target neurons fire, bool of shape
        (n, n_out).
    weights
        To start from, by name.
    epochs
        How often all samples are shown.
    seed
        Decides the order of each epoch.
    shuffle
        A new order each epoch; the given one if False.
    parameters
        Strengths of the circuit; :func:`~pynn_backprop.circuit.parameters.default_parameters` if None.
    code
        Neurons of a unit and their dither; binary if None.
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
    code = code or Binary()
    parameters = parameters or default_parameters(code.n)
    weights = check_weights(weights, parameters)
    circuit = training_circuit(units_of(weights, code), parameters, code)
    x, labels = np.asarray(x), _checked_wanted(labels, len(x), circuit)
    check_count("the number of samples", len(x))
    state = progress or Progress(len(x), epochs)
    record = tuple(circuit[name].name for name in record)
    for end, recorded in _legs(state, record_samples if record else 0):
        running, begin = _build(platform, circuit, weights, record if recorded else (), state), state.shown
        try:
            for epoch, start, stop in _runs(state, end, platform.samples_per_run, stop_at):
                chosen = order_of_epoch(len(x), epoch, seed, shuffle)[start % len(x) :][: stop - start]
                _learn(running, x[chosen], labels[chosen], state, code)
                if recorded:
                    later = _later(spikes_of(running), begin * circuit.schedule.length)
                    _keep(state.stretches, start, labels[chosen], later)
                for callback in callbacks:
                    callback(state)
                if interrupted():
                    break
            weights = running.weights()
            if check:
                running.check_copies()
        finally:
            state.running = None
            running.close()
        if interrupted():
            break
    return weights, state


def _build(
    platform: Platform, circuit: Circuit, weights: Weights, record: Sequence[str], state: Progress
) -> RunningCircuit:
    start = time.perf_counter()
    state.running = platform.build(circuit, weights, record)
    if circuit.code.n > 1:
        state.running.skip(state.shown)
    state.build_seconds = time.perf_counter() - start
    return state.running


def _checked_wanted(labels: np.ndarray, n_samples: int, circuit: Circuit) -> np.ndarray:
    """Labels, or bool targets, that fit the circuit."""
    if np.ndim(labels) == 2:
        return checked_targets(labels, n_samples, circuit.units[-1], circuit.code.n)
    return checked_labels(labels, n_samples, circuit.units[-1])


def _learn(running: RunningCircuit, x: np.ndarray, labels: np.ndarray, state: Progress, code: Code) -> None:
    """Show samples of one epoch; time and right answers go to `state`."""
    start = time.perf_counter()
    response = running.train(x, labels)
    state.seconds += time.perf_counter() - start
    answers = code.counts(response.outputs)
    right = first_firing(answers) == labels if labels.ndim == 1 else (answers == code.counts(labels)).all(axis=1)
    state.right[state.shown // state.samples] += np.sum(right)
    state.shown += len(x)


def first_firing(outputs: np.ndarray) -> np.ndarray:
    """Index of the output that fires most, shape (n,), of several the first; -1 where none does.

    `outputs` are bool, numbers or shares of firing neurons, shape (n, n_out).
    """
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
        Bool, shape (n, n_out).  Of graded codes, and of several windows, the share of neurons that fired, 0 to 1.
    potentials
        Integers, shape (n, n_out): drives of the outputs, of graded codes summed over neurons and windows.
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
    code: Code | None = None,
    windows: int = 1,
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
        Strengths of the circuit; :func:`~pynn_backprop.circuit.parameters.default_parameters` if None.
    callback
        Called after every run with the number of samples shown.
    code
        Neurons of a unit and their dither; binary if None.
    windows
        How often each sample is shown, in a row: with other levels each time, so that the mean of several answers is
        finer than one.

    Returns
    -------
    Evaluation
    """
    check_count("the number of samples", len(x))
    check_count("windows", windows)
    code = code or Binary()
    parameters = parameters or default_parameters(code.n)
    weights = check_weights(weights, parameters)
    circuit = inference_circuit(units_of(weights, code), parameters, probe=True, code=code)
    running, at_once = platform.build(circuit, weights), max(1, platform.samples_per_run // windows)
    try:
        outputs, potentials = [], []
        start = time.perf_counter()
        for first in range(0, len(x), at_once):
            response = running.infer(np.repeat(x[first : first + at_once], windows, axis=0))
            assert response.potentials is not None
            outputs.append(_over_windows(response.outputs, code, windows))
            potentials.append(_over_windows(response.potentials, code, windows))
            callback(min(first + at_once, len(x)))
        seconds = time.perf_counter() - start
    finally:
        running.close()
    fired = np.concatenate(outputs)
    shares = fired.astype(bool) if code.n * windows == 1 else fired / (code.n * windows)
    return Evaluation(shares, np.concatenate(potentials), seconds)


def _over_windows(values: np.ndarray, code: Code, windows: int) -> np.ndarray:
    """Sums over the neurons of each unit and over windows, shape (n, n_out)."""
    by_unit = code.counts(values)
    return np.asarray(by_unit.reshape(-1, windows, by_unit.shape[1]).sum(axis=1))
