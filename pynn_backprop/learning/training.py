"""Training on any platform: many samples a run, a new order each epoch, callbacks, recorded stretches."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

import numpy as np

from ..arguments import checked
from ..checks import check_count, checked_labels, checked_samples, checked_targets
from ..circuit.circuit import Circuit
from ..errors import EqualityError, InputError
from ..interfaces import Platform, RunningCircuit, spikes_of
from ..spikes import Spikes
from ..weights import CheckedWeights, Weights, check_weights
from .evaluation import first_firing
from .presentation import Presentation, Record, runs_of
from .progress import Callback, Progress

ONCE = Presentation()
NOTHING = Record()


class Trainer:
    """Trains a circuit on a platform.

    Parameters
    ----------
    platform : Platform
        Where.
    circuit : Circuit
        A training circuit; it holds strengths and code.
    presentation : Presentation
        How often and in which order samples are shown.
    record : Record
        Populations whose spikes are kept, and of how many samples.  These samples run in networks of their own, built
        with the weights of the moment, so that the rest of the training is not slowed by recording.
    """

    def __init__(
        self, platform: Platform, circuit: Circuit, presentation: Presentation = ONCE, record: Record = NOTHING
    ) -> None:
        self.platform = platform
        self.circuit = circuit
        self.presentation = presentation
        self.record = record

    @checked
    def train(
        self,
        x: np.ndarray,
        labels: np.ndarray,
        weights: Weights,
        *,
        progress: Progress | None = None,
        stop_at: Sequence[int] = (),
        callbacks: Sequence[Callback] = (),
        interrupted: Callable[[], bool] = lambda: False,
        check: bool = False,
    ) -> tuple[CheckedWeights, Progress]:
        """Learn from samples.

        Parameters
        ----------
        x : numpy.ndarray of bool, shape (n, n_in)
            Which input neurons fire; see :meth:`pynn_backprop.codes.code.Code.fire`.
        labels : numpy.ndarray of int, shape (n,), or of bool, shape (n, n_out)
            Labels, 0 to n_out - 1 in units; or, for any other targets, which target neurons fire.
        weights : Mapping of str to numpy.ndarray of int, shape (n_pre, n_post)
            To start from, by name.
        progress : Progress, optional
            Where an earlier training came to; `weights` are those of that moment.
        stop_at : sequence of int
            Numbers of samples (in all epochs) at which a run must end, so that a callback sees exactly this state.
        callbacks : sequence of callable
            Called after every run with the progress.
        interrupted : callable
            Asked after every run; training ends early when it says True.
        check : bool
            Check in the end that all copies of each matrix are equal.

        Returns
        -------
        weights : CheckedWeights
            The weights in the end.
        progress : Progress
            How far it came.

        Raises
        ------
        InputError
            If anything does not fit the circuit.
        EqualityError
            If `check` finds two copies of a matrix that differ, a neuron fires where no sample is shown, or what the
            platform returns can't be weights.
        """
        x, labels = self._checked(x, labels)
        matrices = check_weights(weights, self.circuit.parameters, self.circuit.neurons)
        names = [self.circuit[name].name for name in self.record.populations]
        state = progress or Progress(len(x), self.presentation.epochs)
        for end, recorded in self.record.legs(state.shown, state.total):
            running, begin = self._build(matrices, names if recorded else (), state), state.shown
            try:
                for epoch, first, stop in runs_of(begin, end, len(x), self.platform.samples_per_run, stop_at):
                    chosen = self.presentation.order(len(x), epoch)[first % len(x) :][: stop - first]
                    self._learn(running, x[chosen], labels[chosen], state)
                    if recorded:
                        spikes = _later(spikes_of(running), begin * self.circuit.schedule.length)
                        state.keep(first, labels[chosen], spikes)
                    for callback in callbacks:
                        callback(state)
                    if interrupted():
                        break
                matrices = weights_of(running, self.circuit)
                if check:
                    running.check_copies()
            finally:
                state.running = None
                running.close()
            if interrupted():
                break
        return matrices, state

    def _checked(self, x: np.ndarray, labels: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Samples, and labels or bool targets, that fit the circuit."""
        circuit = self.circuit
        if not circuit.schedule.training:
            raise InputError("circuit is an inference circuit, which can't be trained")
        samples = checked_samples(x, circuit.neurons[0])
        check_count("the number of samples", len(samples))
        if np.ndim(labels) == 2:
            return samples, checked_targets(labels, len(samples), circuit.units[-1], circuit.code.n)
        return samples, checked_labels(labels, len(samples), circuit.units[-1])

    def _build(self, weights: CheckedWeights, record: Sequence[str], state: Progress) -> RunningCircuit:
        start = time.perf_counter()
        state.running = self.platform.build(self.circuit, weights, record)
        state.running.skip(state.shown)
        state.build_seconds = time.perf_counter() - start
        return state.running

    def _learn(self, running: RunningCircuit, x: np.ndarray, labels: np.ndarray, state: Progress) -> None:
        """Show samples of one epoch; time and right answers go to `state`."""
        code, start = self.circuit.code, time.perf_counter()
        response = running.train(x, labels)
        state.seconds += time.perf_counter() - start
        answers = code.counts(response.outputs)
        state.count(
            first_firing(answers) == labels if labels.ndim == 1 else (answers == code.counts(labels)).all(axis=1)
        )


def weights_of(running: RunningCircuit, circuit: Circuit) -> CheckedWeights:
    """The present weights of a running circuit.

    Raises
    ------
    EqualityError
        If they can't be weights of the circuit: it is the platform, not the user, who gave these.
    """
    try:
        return check_weights(running.weights(), circuit.parameters, circuit.neurons)
    except InputError as error:
        raise EqualityError(str(error)) from error


def _later(spikes: Spikes, steps: int) -> Spikes:
    return {name: table + np.array([steps, 0]) for name, table in spikes.items()}
