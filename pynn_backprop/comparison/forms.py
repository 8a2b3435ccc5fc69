"""The same network in several forms of the circuit: the same weights and answers, from other spikes.

Forms have other phases and populations, so their spikes can't be compared one by one.  What must be equal are all
weights after training, copy by copy, and every output on the way; what differs is how much fires in which phase, in a
sample with an error and in one without.  On several platforms, the spikes of each form are compared between these.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from ..checks import check_count
from ..circuit.circuit import Circuit
from ..circuit.compact import ERROR
from ..data.samples import Samples
from ..errors import EqualityError
from ..interfaces import Platform, check_holds
from ..learning.presentation import Presentation
from ..learning.training import ONCE
from ..spikes import Spikes, check_gated, check_silence
from ..weights import Weights, check_weights
from .follow import Tick, follow
from .forms_result import Activity, FormPair, FormResult, FormsComparison
from .result import ArrayComparison
from .sinks import Against, Kept, Sink
from .task import Task, tasks_of

NO_NEURONS = ("source", "gate")
"""Roles of populations that fire whatever the sample is."""


def compare_forms(
    platforms: Mapping[str, Platform],
    circuits: Mapping[str, Circuit],
    samples: Samples,
    weights: Weights,
    *,
    presentation: Presentation = ONCE,
    tick: Tick = lambda platform, what, shown, total: None,
) -> FormsComparison:
    """Train the same network in several forms, on one platform or more, and compare.

    Parameters
    ----------
    platforms : Mapping of str to Platform
        At least one, by the name that it has in the results.
    circuits : Mapping of str to Circuit
        At least two circuits of the same units, strengths and code, by the name of their form.
    samples : Samples
        What is learnt, once.
    weights : Mapping of str to numpy.ndarray of int, shape (n_pre, n_post)
        To start from.
    presentation : Presentation
        The order of the samples is that of its first epoch.
    tick : callable
        Called before building and after every run, with the name of the result in the place of the platform's.

    Returns
    -------
    FormsComparison

    Raises
    ------
    InputError
        If anything does not fit the circuits.
    """
    check_count("the number of forms", len(circuits), 2)
    check_count("the number of platforms", len(platforms), 1)
    first = next(iter(circuits.values()))
    start = check_weights(weights, first.parameters, first.neurons)
    for circuit in circuits.values():
        for platform in platforms.values():
            check_holds(platform, circuit)
    results: list[FormResult] = []
    for form, circuit in circuits.items():
        task, _ = tasks_of(circuit, samples, presentation)
        kept = Kept()
        for number, (name, platform) in enumerate(platforms.items()):
            sink: Sink = kept if number == 0 else Against(kept.spikes(), circuit, (next(iter(platforms)), name))
            results.append(_result(task, form, name, platform, name_of(form, name, len(platforms)), sink, start, tick))
    standard, *others = results
    changed = {name: int(np.sum(matrix != start[name])) for name, matrix in standard.weights.items()}
    return FormsComparison(tuple(results), tuple(_pair(standard, other) for other in others), changed)


def name_of(form: str, platform: str, platforms: int) -> str:
    """What a form on a platform is called, of so many platforms."""
    return form if platforms == 1 else f"{form} on {platform}"


def _result(
    task: Task, form: str, name: str, platform: Platform, called: str, sink: Sink, start: Weights, tick: Tick
) -> FormResult:
    watched = _Watched(task.circuit, len(task.x), sink)
    training, weights, copies = follow(task, called, platform, start, watched, tick)
    return FormResult(
        called,
        form,
        name,
        platform.describe(),
        task.circuit,
        training,
        weights,
        watched.activity(training.samples),
        sink.result() if isinstance(sink, Against) else None,
        training.failure or copies or watched.failure,
    )


def _pair(standard: FormResult, other: FormResult) -> FormPair:
    names = dict.fromkeys([*standard.weights, *other.weights, *standard.circuit.matrices])
    return FormPair(
        standard.name,
        other.name,
        {name: ArrayComparison.of(standard.weights.get(name), other.weights.get(name)) for name in names},
        ArrayComparison.of(standard.training.outputs, other.training.outputs),
    )


class _Watched:
    """Counts spikes by sample and phase and looks where they may be, on their way to another sink."""

    def __init__(self, circuit: Circuit, samples: int, sink: Sink) -> None:
        self._circuit, self._sink = circuit, sink
        self._counts = np.zeros((samples, circuit.schedule.length), np.int64)
        self._error = np.zeros(samples, bool)
        self._gated = ERROR in {population.name for population in circuit.populations}
        self.failure = ""

    def take(self, spikes: Spikes, first_step: int, last_step: int) -> None:
        """See :meth:`~.sinks.Sink.take`."""
        length = self._circuit.schedule.length
        for name, table in spikes.items():
            if self._circuit[name].role not in NO_NEURONS:
                cycle, phase = np.divmod(table[:, 0], length)
                np.add.at(self._counts, (cycle - 1, phase), 1)
                if name in ("d+", "d-"):
                    self._error[cycle - 1] = True
        self._look(spikes)
        self._sink.take(spikes, first_step, last_step)

    def _look(self, spikes: Spikes) -> None:
        try:
            check_silence(spikes, self._circuit)
            if self._gated:
                check_gated(spikes, self._circuit)
        except EqualityError as error:
            self.failure = self.failure or str(error)

    def activity(self, samples: int) -> Activity:
        """Of the first samples, as many as were shown."""
        counts, error = self._counts[:samples], self._error[:samples]
        wrong, right = (
            kind.mean(axis=0) if len(kind) else np.full(counts.shape[1], np.nan)
            for kind in (counts[error], counts[~error])
        )
        return Activity(int(error.sum()), int((~error).sum()), wrong, right)
