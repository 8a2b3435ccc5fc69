"""Trains the same network on several platforms and compares everything that they return.

Every platform learns the same samples in the same order from the same weights, with every population recorded, and then
answers test samples with the inference circuit.  There all start from the weights that the first platform, the
standard, has learnt, so that a difference in training can't cause one in inference.

Platforms run one after the other, since a simulator holds only one network at a time.  Only the standard's spikes are
kept (8 bytes each; 12 kB a sample at 400-400-10); those of the others are compared after each run and forgotten.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from ..checks import check_count
from ..circuit.parameters import Parameters
from ..circuit.parts import Circuit
from ..circuit.published import inference_circuit, training_circuit
from ..data.samples import Samples
from ..errors import EqualityError, InputError
from ..interfaces import Options, Platform, Response, RunningCircuit, spikes_of
from ..learning.training import first_firing, order_of_epoch
from ..platforms import get_platform
from ..spikes import Difference, Spikes, between, first_difference, merged
from ..weights import Weights, check_weights, neurons_of
from .result import ArrayComparison, Comparison, Pair, Pass, Result, SpikeComparison

TRAINING, INFERENCE = "training", "inference"

Tick = Callable[[str, str, int, int], None]
"""Is told platform, ``training`` or ``inference``, samples shown and samples in all; with 0 before building."""

AROUND = 1
"""How many cycles before and after that of the first difference are kept to be drawn."""


def platforms_named(names: Sequence[str], threads: int = 1) -> dict[str, Platform]:
    """The platforms that a user calls NAME, NAME:VARIANT or NAME:VARIANT:LAYOUT, by that name.

    Parameters
    ----------
    names
        At least two.  A platform may be there twice, to see whether it repeats itself.
    threads
        Threads of each simulator.

    Raises
    ------
    InputError
        If there are fewer than two, or there is no such platform, variant or layout.
    PlatformError
        If one is not installed.
    """
    if len(names) < 2:
        raise InputError(f"the platforms are {', '.join(names) or 'none'} but must be at least two to be compared")
    found: dict[str, Platform] = {}
    for number, text in enumerate(names):
        before = names[:number].count(text)
        found[f"{text} ({before + 1})" if before else text] = _platform_named(text, threads)
    return found


def _platform_named(text: str, threads: int) -> Platform:
    name, *choices = text.split(":")
    if not name or "" in choices or len(choices) > 2:
        raise InputError(f"the platform is {text!r} but must be NAME, NAME:VARIANT or NAME:VARIANT:LAYOUT")
    return get_platform(name, Options(threads, *choices))


def compare(
    platforms: Mapping[str, Platform],
    samples: Samples,
    weights: Weights,
    *,
    parameters: Parameters | None = None,
    seed: int = 0,
    shuffle: bool = True,
    tick: Tick = lambda platform, what, shown, total: None,
) -> Comparison:
    """Train the same network on every platform and compare.

    Parameters
    ----------
    platforms
        At least two, by the name they have in the results; the first one is the standard.
    samples
        What is learnt, once, and asked.
    weights
        To start from.
    parameters
        Strengths of the circuit; the published ones if None.
    seed, shuffle
        Decide the order of the training samples, as in the first epoch of
        :func:`pynn_backprop.learning.training.train`.
    tick
        Called before building and after every run.

    Returns
    -------
    Comparison
        A platform (but the standard) that breaks off with an EqualityError, or returns what can't be spikes, weights or
        answers, is a result as well: a failure.

    Raises
    ------
    InputError
        If anything does not fit the circuit.
    EqualityError
        If the standard itself breaks off: there is nothing to compare with then.
    """
    check_count("the number of platforms", len(platforms), 2)
    chosen = parameters or Parameters()
    start = check_weights(weights, chosen)
    learn, ask = _tasks(samples, neurons_of(start), chosen, seed, shuffle)
    first, *others = platforms.items()
    standard, learnt, asked = _standard(*first, learn, ask, start, tick)
    results, pairs = [standard], []
    for name, platform in others:
        names = standard.name, name
        to_learn, to_ask = _Against(learnt, learn.circuit, names), _Against(asked, ask.circuit, names)
        training, weights_learnt, copies = _show(learn, name, platform, start, to_learn, tick)
        inference, _, _ = _show(ask, name, platform, standard.weights, to_ask, tick)
        results.append(Result(name, platform.describe(), training, inference, weights_learnt, copies))
        pairs.append(_pair(standard, results[-1], to_learn.result(), to_ask.result()))
    changed = {name: int(np.sum(matrix != start[name])) for name, matrix in standard.weights.items()}
    return Comparison(learn.circuit, ask.circuit, len(learn.x), len(ask.x), changed, tuple(results), tuple(pairs))


@dataclass(frozen=True, eq=False)
class _Task:
    """What all platforms are to do; a task with learning is training."""

    circuit: Circuit
    record: tuple[str, ...]
    x: np.ndarray
    labels: np.ndarray
    learning: bool

    @property
    def what(self) -> str:
        return TRAINING if self.learning else INFERENCE

    def steps(self, first: int, stop: int) -> tuple[int, int]:
        """The steps of circuit time in which these samples are shown."""
        length = self.circuit.schedule.length
        return (first + 1) * length, (stop + 1) * length


def _tasks(
    samples: Samples, sizes: tuple[int, ...], parameters: Parameters, seed: int, shuffle: bool
) -> tuple[_Task, _Task]:
    check_count("the number of samples", len(samples.x_train))
    check_count("the number of test samples", len(samples.x_test))
    order = order_of_epoch(len(samples.x_train), 0, seed, shuffle)
    learning, asking = training_circuit(sizes, parameters), inference_circuit(sizes, parameters, probe=True)
    return (
        _Task(learning, _recorded(learning), samples.x_train[order], samples.y_train[order], learning=True),
        _Task(asking, _recorded(asking), samples.x_test, samples.y_test, learning=False),
    )


def _recorded(circuit: Circuit) -> tuple[str, ...]:
    """All populations that can fire while samples are shown.

    The probe is there for its potential, and ``start`` fires once, in the cycle before the first sample.
    """
    return tuple(p.name for p in circuit.populations if p.role != "probe" and p.name != "start")


def _standard(
    name: str, platform: Platform, learn: _Task, ask: _Task, start: Weights, tick: Tick
) -> tuple[Result, Spikes, Spikes]:
    """What the first platform does, and its spikes in training and in inference."""
    kept_learning, kept_asking = _Keep(), _Keep()
    training, learnt, copies = _show(learn, name, platform, start, kept_learning, tick)
    _refuse_failure(name, TRAINING, training)
    inference, _, _ = _show(ask, name, platform, learnt, kept_asking, tick)
    _refuse_failure(name, INFERENCE, inference)
    result = Result(name, platform.describe(), training, inference, learnt, copies)
    return result, merged(kept_learning.parts), merged(kept_asking.parts)


def _refuse_failure(name: str, what: str, run: Pass) -> None:
    if run.failure:
        raise EqualityError(f"{name} can't be the standard, it broke off in {what}: {run.failure}")


# -- one platform, one pass --------------------------------------------------------------------------------------------


class _Keep:
    """Keeps spikes, in half the space."""

    def __init__(self) -> None:
        self.parts: list[Spikes] = []

    def take(self, spikes: Spikes, first_step: int, last_step: int) -> None:
        self.parts.append({name: table.astype(np.int32) for name, table in spikes.items()})


class _Against:
    """Compares spikes with those of the standard, run by run."""

    def __init__(self, standard: Spikes, circuit: Circuit, names: tuple[str, str]) -> None:
        self.standard, self.circuit, self.names = standard, circuit, names
        self.compared = 0
        self.differing = dict.fromkeys(standard, 0)
        self.first: Difference | None = None
        self.around: tuple[Spikes, Spikes] | None = None

    def take(self, spikes: Spikes, first_step: int, last_step: int) -> None:
        expected = between(self.standard, first_step, last_step)
        for name, table in expected.items():
            self.compared += len(table)
            if not np.array_equal(table, spikes[name]):
                size = self.circuit[name].size
                self.differing[name] += len(np.setxor1d(_keys(table, size), _keys(spikes[name], size)))
        if self.first is None:
            self.first = first_difference(expected, spikes, self.circuit, self.names)
            self.around = _around(self.first, self.circuit, expected, spikes)

    def result(self) -> SpikeComparison:
        return SpikeComparison(self.compared, self.differing, self.first, self.around)


def _keys(table: np.ndarray, size: int) -> np.ndarray:
    """One number for each spike."""
    return table[:, 0].astype(np.int64) * size + table[:, 1]


def _around(first: Difference | None, circuit: Circuit, one: Spikes, other: Spikes) -> tuple[Spikes, Spikes] | None:
    if first is None:
        return None
    length, cycle = circuit.schedule.length, first.sample + 1
    steps = (cycle - AROUND) * length, (cycle + AROUND + 1) * length
    return between(one, *steps), between(other, *steps)


def _show(
    task: _Task, name: str, platform: Platform, weights: Weights, sink: _Keep | _Against, tick: Tick
) -> tuple[Pass, Weights, str]:
    """Run one pass; returns it with the weights in the end, and how copies of a matrix differ."""
    tick(name, task.what, 0, len(task.x))
    start = time.perf_counter()
    running = platform.build(task.circuit, weights, task.record)
    seen = _Seen(task, time.perf_counter() - start)
    failure, copies, learnt = "", "", {}
    try:
        for first in range(0, len(task.x), platform.samples_per_run):
            stop = min(first + platform.samples_per_run, len(task.x))
            steps = task.steps(first, stop)
            sink.take(seen.run(running, first, stop), *steps)
            tick(name, task.what, stop, len(task.x))
        learnt = _weights(running, task.circuit)
        copies = _copies(running) if task.learning else ""
    except EqualityError as error:
        failure = str(error)
    finally:
        running.close()
    return seen.result(failure), learnt, copies


class _Seen:
    """Collects what a platform answers."""

    def __init__(self, task: _Task, build_seconds: float) -> None:
        self.task, self.build_seconds = task, build_seconds
        self.seconds, self.shown = 0.0, 0
        self.spikes = dict.fromkeys(task.record, 0)
        self.responses: list[Response] = []

    def run(self, running: RunningCircuit, first: int, stop: int) -> Spikes:
        """Show samples; returns their spikes, checked."""
        task, start = self.task, time.perf_counter()
        x, labels = task.x[first:stop], task.labels[first:stop]
        response = running.train(x, labels) if task.learning else running.infer(x)
        spikes = spikes_of(running)
        self.seconds += time.perf_counter() - start
        _check_response(response, (stop - first, task.circuit.neurons[-1]))
        _check_spikes(spikes, task, *task.steps(first, stop))
        self.responses.append(response)
        for name, table in spikes.items():
            self.spikes[name] += len(table)
        self.shown = stop
        return spikes

    def result(self, failure: str) -> Pass:
        nothing = np.zeros((0, self.task.circuit.neurons[-1]), bool)
        outputs = np.concatenate([nothing, *(response.outputs for response in self.responses)])
        potentials = [response.potentials for response in self.responses if response.potentials is not None]
        return Pass(
            samples=self.shown,
            spikes=self.spikes,
            outputs=outputs,
            potentials=np.concatenate(potentials) if potentials else None,
            right=int(np.sum(first_firing(outputs) == self.task.labels[: self.shown])),
            build_seconds=self.build_seconds,
            seconds=self.seconds,
            failure=failure,
        )


def _weights(running: RunningCircuit, circuit: Circuit) -> Weights:
    try:
        return check_weights(running.weights(), circuit.parameters, circuit.neurons)
    except InputError as error:  # it is the platform, not the user, who gave these
        raise EqualityError(str(error)) from error


def _copies(running: RunningCircuit) -> str:
    try:
        running.check_copies()
    except EqualityError as error:
        return str(error)
    return ""


# -- what a platform returns must be what it says it is ----------------------------------------------------------------


def _check_response(response: Response, shape: tuple[int, int]) -> None:
    for name, values, kinds in (("outputs", response.outputs, "b"), ("potentials", response.potentials, "iu")):
        if values is not None and (values.shape != shape or values.dtype.kind not in kinds):
            wanted = "truth values" if kinds == "b" else "integers"
            raise EqualityError(
                f"it returned {name} of shape {values.shape} and type {values.dtype} where {wanted} of shape {shape} "
                "were asked for"
            )


def _check_spikes(spikes: Spikes, task: _Task, first_step: int, last_step: int) -> None:
    """Spikes of all populations, sorted, each one once, and of the steps in which the samples were shown."""
    if set(spikes) != set(task.record):
        apart = ", ".join(sorted(set(spikes).symmetric_difference(task.record)))
        raise EqualityError(f"it did not return the spikes of the recorded populations: {apart} too many or missing")
    for name, table in spikes.items():
        if table.ndim != 2 or table.shape[1] != 2 or table.dtype.kind not in "iu":
            raise EqualityError(f"it returned spikes of {name!r} as {table.dtype} of shape {table.shape}")
        size = task.circuit[name].size
        if np.any((table < (first_step, 0)) | (table >= (last_step, size))):
            raise EqualityError(
                f"it returned spikes of {name!r} outside the steps {first_step} to {last_step - 1} in which the "
                f"samples were shown, or of neurons outside 0 to {size - 1}"
            )
        if np.any(np.diff(_keys(table, size)) <= 0):
            raise EqualityError(f"it returned spikes of {name!r} that are not sorted, or are there twice")


# -- two platforms -----------------------------------------------------------------------------------------------------


def _pair(standard: Result, other: Result, training: SpikeComparison, inference: SpikeComparison) -> Pair:
    return Pair(
        standard.name,
        other.name,
        training,
        inference,
        weights={
            name: ArrayComparison.of(matrix, other.weights.get(name)) for name, matrix in standard.weights.items()
        },
        training_outputs=ArrayComparison.of(standard.training.outputs, other.training.outputs),
        outputs=ArrayComparison.of(standard.inference.outputs, other.inference.outputs),
        potentials=ArrayComparison.of(standard.inference.potentials, other.inference.potentials),
        failures=tuple(_failures(standard, other)),
    )


def _failures(standard: Result, other: Result) -> list[str]:
    found = [f"{result.name}: {result.copies}" for result in (standard, other) if result.copies]
    for what, run in ((TRAINING, other.training), (INFERENCE, other.inference)):
        if run.failure:
            found.append(f"{other.name} broke off in {what}, after {run.samples:,} samples: {run.failure}")
    for result in (standard, other):
        if result.inference.potentials is None and not result.inference.failure:
            found.append(f"{result.name} gives no potentials in inference")
    return found
