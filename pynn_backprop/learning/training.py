"""Training on any platform: many samples a run, a new order each epoch, callbacks, recorded stretches."""

from __future__ import annotations

import functools
import logging
import time
from collections.abc import Callable, Iterator, Sequence

import numpy as np

from ..arguments import checked
from ..checks import check_count, checked_labels, checked_samples, checked_targets
from ..circuit.circuit import Circuit
from ..circuit.training import thinned
from ..errors import EqualityError, InputError
from ..interfaces import Platform, RunningCircuit, spikes_of
from ..spikes import Spikes
from ..weights import CheckedWeights, Weights, check_weights
from .evaluation import first_firing
from .presentation import Presentation, Record, runs_of
from .progress import Callback, Progress

_log = logging.getLogger(__name__)

ONCE = Presentation()
NOTHING = Record()
NO_SPIKES = np.zeros((0, 2), np.int64)
"""Of a population that the circuit of an epoch does not have."""


class Trainer:
    """Trains a circuit on a platform.

    Parameters
    ----------
    platform : Platform
        Where.
    circuit : Circuit
        A training circuit; it holds strengths and code.  That of the first epoch, if they differ in thinning.
    presentation : Presentation
        How often and in which order samples are shown.
    record : Record
        Populations whose spikes are kept, and of how many samples.  These samples run in networks of their own, built
        with the weights of the moment, so that the rest of the training is not slowed by recording.
    thinning : sequence of int
        The thinning of each epoch, the last one for all that follow; that of the circuit if empty.  Where it changes,
        the network is built anew with the weights of the moment.
    """

    def __init__(
        self,
        platform: Platform,
        circuit: Circuit,
        presentation: Presentation = ONCE,
        record: Record = NOTHING,
        thinning: Sequence[int] = (),
    ) -> None:
        self.platform = platform
        self.circuit = circuit
        self.presentation = presentation
        self.record = record
        self.thinning = thinning

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
        epoch_callbacks: Sequence[Callback] = (),
        validate: Callable[[CheckedWeights], float] | None = None,
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
        epoch_callbacks : sequence of callable
            Called after every epoch with the progress, whose curve then knows all of it.
        validate : callable, optional
            Takes the weights after every epoch, and returns the score of samples that are held out.  It may build a
            network, since then none is open: that which learns is built anew for each epoch.  It is not asked where
            training ends early.

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
        names = [self.fullest[name].name for name in self.record.populations]
        state = progress or Progress(len(x), self.presentation.epochs)
        order = functools.lru_cache(maxsize=1)(functools.partial(self.presentation.order, len(x)))
        if not state.within_epoch:
            state.curve.before = matrices
        for end, recorded in self._legs(state, apart=validate is not None):
            begin, circuit = state.shown, self.circuit_of(state.shown // len(x))
            kept = [name for name in names if name in circuit] if recorded else []
            running = self._build(circuit, matrices, kept, state)
            try:
                for epoch, first, stop in runs_of(begin, end, len(x), self.platform.samples_per_run, stop_at):
                    chosen = order(epoch)[first % len(x) :][: stop - first]
                    self._learn(running, self.presentation.shown(x, epoch, chosen), labels[chosen], state)
                    if recorded:
                        spikes = dict.fromkeys(names, NO_SPIKES) | spikes_of(running)
                        spikes = _later(spikes, begin * circuit.schedule.length)
                        state.keep(first, labels[chosen], spikes)
                    if not state.within_epoch:
                        matrices = weights_of(running, circuit)
                        state.curve.end(epoch, matrices, circuit.parameters.w_max)
                    _call(callbacks, state)
                    if not state.within_epoch and validate is None:
                        _call(epoch_callbacks, state)
                    if interrupted():
                        break
                if state.within_epoch:
                    matrices = weights_of(running, circuit)
                if check:
                    running.check_copies()
            finally:
                state.running = None
                running.close()
            ended = not state.within_epoch and (state.shown == state.total or not interrupted())
            if validate is not None and ended:
                state.curve.validation[state.ended - 1] = validate(matrices)
                _call(epoch_callbacks, state)
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

    def circuit_of(self, epoch: int) -> Circuit:
        """The circuit that learns an epoch, counted from 0."""
        return self._circuits[min(epoch, len(self._circuits) - 1)]

    @functools.cached_property
    def _circuits(self) -> tuple[Circuit, ...]:
        """The circuit of each epoch, the last one for all that follow."""
        made = {k: thinned(self.circuit, k) for k in self.thinning}
        return tuple(made[k] for k in self.thinning) or (self.circuit,)

    @property
    def fullest(self) -> Circuit:
        """Of the circuits that learn, the one that has all populations of the others, and their neurons."""
        return max(self._circuits, key=lambda circuit: circuit.parameters.thinning)

    def _legs(self, state: Progress, apart: bool) -> Iterator[tuple[int, bool]]:
        """As :meth:`~.presentation.Record.legs`, but a part ends besides where the circuit changes.

        If epochs are to be `apart`, each ends a part.
        """
        changes = [
            epoch * state.samples
            for epoch in range(1, state.epochs)
            if apart or self.circuit_of(epoch) is not self.circuit_of(epoch - 1)
        ]
        start = state.shown
        for end, recorded in self.record.legs(state.shown, state.total):
            for stop in (*(change for change in changes if start < change < end), end):
                yield stop, recorded
            start = end

    def _build(
        self, circuit: Circuit, weights: CheckedWeights, record: Sequence[str], state: Progress
    ) -> RunningCircuit:
        start = time.perf_counter()
        state.running = self.platform.build(circuit, weights, record)
        state.running.skip(state.shown)
        state.build_seconds = time.perf_counter() - start
        sizes = "-".join(map(str, circuit.neurons))
        _log.info("built %s on %s in %.2f s", sizes, self.platform.name, state.build_seconds)
        return state.running

    def _learn(self, running: RunningCircuit, x: np.ndarray, labels: np.ndarray, state: Progress) -> None:
        """Show samples of one epoch; time and right answers go to `state`."""
        code, start = self.circuit.code, time.perf_counter()
        response = running.train(x, labels)
        state.seconds += time.perf_counter() - start
        answers = code.counts(response.outputs)
        wanted = checked_targets(labels, len(x), self.circuit.units[-1], code.n)
        exact = (answers == code.counts(wanted)).all(axis=1)
        state.count(first_firing(answers) == labels if labels.ndim == 1 else exact, exact)


def _call(callbacks: Sequence[Callback], state: Progress) -> None:
    for callback in callbacks:
        callback(state)


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
