"""What a comparison of forms found: frozen results, and what they say in numbers.

:func:`pynn_backprop.comparison.forms.compare_forms` makes them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..circuit.circuit import Circuit
from ..weights import Weights
from .result import ArrayComparison, Pass, SpikeComparison


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


def forms_as_dict(comparison: FormsComparison) -> dict[str, Any]:
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


def _result_as_dict(result: FormResult) -> dict[str, Any]:
    activity = result.activity
    return {
        "form": result.form,
        "platform": result.platform,
        "description": result.description,
        "phases": list(result.circuit.schedule.labels),
        **vars(result.circuit.count()),
        "training": {
            name: value for name, value in vars(result.training).items() if name not in ("outputs", "potentials")
        },
        "samples_with_error": activity.with_error,
        "samples_without_error": activity.without_error,
        "spikes_with_error": [None if np.isnan(mean) else float(mean) for mean in activity.wrong],
        "spikes_without_error": [None if np.isnan(mean) else float(mean) for mean in activity.right],
        "spikes_that_differ_from_the_first_platform": None if result.spikes is None else result.spikes.total,
        "failure": result.failure,
    }
