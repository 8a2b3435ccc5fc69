"""The same network in several forms of the circuit: the same weights and answers, from other spikes.

Forms have other phases and populations, so their spikes can't be compared one by one.  What must be equal are all
weights after training, copy by copy, and every output on the way; what differs is how much fires in which phase, in a
sample with an error and in one without.  On several platforms, the spikes of each form are compared between these.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

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
from .result import ArrayComparison, Pass, SpikeComparison
from .sinks import Against, Kept, Sink
from .task import TRAINING, Task, tasks_of

NO_NEURONS = ("source", "gate")
"""Roles of populations that fire whatever the sample is."""


@dataclass(frozen=True, eq=False)
class Activity:
    """How much fires in a form of the circuit, on average; sources and the gating ring are left out.

    Parameters
    ----------
    with_error, without_error : int
        Samples in which d+ or d- fired, and in which none did.
    wrong, right : numpy.ndarray of float, shape (phases in a cycle,)
        Spikes in each phase of such a sample; nan if there was none.
    """

    with_error: int
    without_error: int
    wrong: np.ndarray
    right: np.ndarray


@dataclass(frozen=True, eq=False)
class FormResult:
    """What one form did on one platform.

    Parameters
    ----------
    name, form, platform : str
        What it is called here, and what it is.
    description : dict of str to str
        What ran: versions and choices.
    circuit : Circuit
        What learnt.
    training : Pass
        How it went.
    weights : Mapping of str to numpy.ndarray of int64, shape (n_pre, n_post)
        After training; empty if it failed.
    activity : Activity
        What fired.
    spikes : SpikeComparison or None
        Its spikes against those of the same form on the first platform; None on that platform.
    failure : str
        What is wrong with it alone; empty if nothing.
    """

    name: str
    form: str
    platform: str
    description: dict[str, str]
    circuit: Circuit
    training: Pass
    weights: Weights
    activity: Activity
    spikes: SpikeComparison | None
    failure: str

    @property
    def sound(self) -> bool:
        """Whether it came to its end, and fired as on the first platform."""
        return not self.failure and (self.spikes is None or self.spikes.total == 0)


@dataclass(frozen=True)
class FormPair:
    """The first result and another one.

    Parameters
    ----------
    standard, other : str
        Their names.
    weights : dict of str to ArrayComparison
        Their weights after training, by matrix.
    outputs : ArrayComparison
        Their answers to the training samples, each before it was learnt.
    """

    standard: str
    other: str
    weights: dict[str, ArrayComparison]
    outputs: ArrayComparison

    def arrays(self) -> Iterator[tuple[str, ArrayComparison]]:
        """What was compared, under the names that a person reads."""
        for name, matrix in self.weights.items():
            yield f"weights of {name}", matrix
        yield "training outputs", self.outputs

    @property
    def equal(self) -> bool:
        """Whether there is no difference, and nothing that had to be left out."""
        return all(array.compared and not array.differing for _, array in self.arrays())


@dataclass(frozen=True, eq=False)
class FormsComparison:
    """What :func:`compare_forms` returns.

    Parameters
    ----------
    results : tuple of FormResult
        Each form on each platform; the first is the standard of the pairs.
    pairs : tuple of FormPair
        The first result and each of the others.
    changed : dict of str to int
        How many weights of each matrix training changed.
    """

    results: tuple[FormResult, ...]
    pairs: tuple[FormPair, ...]
    changed: dict[str, int]

    @property
    def equal(self) -> bool:
        """Whether all weights and outputs are equal, and of each form all spikes on all platforms."""
        return all(pair.equal for pair in self.pairs) and all(result.sound for result in self.results)


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


def as_dict(comparison: FormsComparison) -> dict[str, object]:
    """All of a comparison of forms but the large arrays, as JSON takes it."""
    return {
        "equal": comparison.equal,
        "layer_sizes": list(comparison.results[0].circuit.neurons),
        "weights_changed": comparison.changed,
        "results": [_result_as_dict(result) for result in comparison.results],
        "pairs": [
            {
                "standard": pair.standard,
                "other": pair.other,
                "equal": pair.equal,
                **{name: vars(array) for name, array in pair.arrays()},
            }
            for pair in comparison.pairs
        ],
    }


def _result_as_dict(result: FormResult) -> dict[str, object]:
    activity = result.activity
    return {
        "form": result.form,
        "platform": result.platform,
        "description": result.description,
        "phases": list(result.circuit.schedule.labels),
        **vars(result.circuit.count()),
        TRAINING: {
            name: value for name, value in vars(result.training).items() if name not in ("outputs", "potentials")
        },
        "samples_with_error": activity.with_error,
        "samples_without_error": activity.without_error,
        "spikes_with_error": [None if np.isnan(mean) else float(mean) for mean in activity.wrong],
        "spikes_without_error": [None if np.isnan(mean) else float(mean) for mean in activity.right],
        "spikes_that_differ_from_the_first_platform": None if result.spikes is None else result.spikes.total,
        "failure": result.failure,
    }
