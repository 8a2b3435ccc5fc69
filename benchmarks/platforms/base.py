"""What a platform of the benchmark is asked and what it answers.

A platform is a simulator of the circuit, or a peer: another way to learn the same.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass, field
from math import inf
from typing import Any

from pynn_backprop.checks import check_choice
from pynn_backprop.circuit.parameters import MARGIN
from pynn_backprop.circuit.training import DEFAULT_FORM
from pynn_backprop.data.samples import Samples
from pynn_backprop.errors import InputError

from ..cases.base import Case
from ..meters.base import Meter
from ..registry import check_name, is_pattern, matching

EVERY = "all"
"""In place of a variant: every one."""


@dataclass(frozen=True, eq=False)
class Task:
    """What a platform is asked to do.

    Parameters
    ----------
    case : Case
        What is learnt.
    samples : Samples
        Training and test samples.
    units : tuple[int, ...]
        Units of the layers, input first.
    variant : str
        How the platform does it.
    seed : int
        Of the initial weights and the order of samples.
    epochs : int
        How often all training samples are shown.
    repeats : int
        How often the same is timed.
    threads : int
        Threads that the platform may use.
    count_samples : int
        Of how many samples, at the start and again at the end of training, spikes are counted.
    form, rule : str
        Of the circuit that learns; a peer has none.
    stretch : tuple[int, ...]
        The first of the samples of the training that the platform shows itself, counted through all epochs, and the
        one behind the last; empty for all.
    until : float
        The share of right validation samples at which training ends; 0 if it goes on to its end.
    rates : tuple[float, ...]
        Learning rates that a peer may choose from by validation samples; its usual one if empty.
    time_limit : float
        Seconds after which the process is ended.
    meter : Meter or None
        What meters energy; None if nothing does.
    """

    case: Case
    samples: Samples
    units: tuple[int, ...]
    variant: str
    seed: int
    epochs: int
    repeats: int
    threads: int
    count_samples: int
    form: str = DEFAULT_FORM
    rule: str = MARGIN
    stretch: tuple[int, ...] = ()
    until: float = 0.0
    rates: tuple[float, ...] = ()
    time_limit: float = inf
    meter: Meter | None = None


@dataclass(frozen=True, eq=False)
class Measurement:
    """What a platform answers: the fields of a row of the same names (:mod:`benchmarks.rows`).

    ``weights_equal`` and ``answers_equal`` say whether the weights in the end and the answers to the test samples are
    those of the integer rule; None for a peer, which follows another one.
    """

    repeat_seconds: dict[str, list[float]]
    warm_up_seconds: float
    metrics: dict[str, Any]
    counts: dict[str, Any]
    energy: list[dict[str, Any]] = field(default_factory=list)
    weights_equal: bool | None = None
    answers_equal: bool | None = None
    versions: dict[str, str] = field(default_factory=dict)
    curve: list[dict[str, Any]] = field(default_factory=list)
    rates: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Memory:
    """How much memory a network takes on a platform, as measured.

    Parameters
    ----------
    base : float
        Of the process, in bytes, with its imports and the samples of the cases.
    synapse : float
        Of each synapse of the circuit that learns, in bytes.
    """

    base: float
    synapse: float

    def of(self, synapses: int) -> int:
        """Bytes for so many synapses."""
        return int(self.base + self.synapse * synapses)


@dataclass(frozen=True)
class BenchmarkPlatform:
    """What a case can run on.

    Parameters
    ----------
    name : str
        What the user calls it.
    summary : str
        What it is, in a few words.
    variants : tuple[str, ...]
        How it can do it, the usual one first.
    measure : Callable[[Task], Measurement]
        Does a task in this process.  It imports what it needs only then, and raises a
        :class:`~pynn_backprop.errors.PlatformError` that says how to get it if it is not there.
    peer : bool
        Whether it is another way to learn, and not the circuit.
    threads : bool
        Whether it can use more than one thread.
    rates : tuple[float, ...]
        Learning rates of a peer that are tried where rates are tuned, the usual one first.
    memory : Memory or None
        What a network takes; None if it is not known.
    """

    name: str
    summary: str
    variants: tuple[str, ...]
    measure: Callable[[Task], Measurement]
    peer: bool = False
    threads: bool = False
    rates: tuple[float, ...] = ()
    memory: Memory | None = None

    def __post_init__(self) -> None:
        check_name("name of the platform", self.name)
        if not isinstance(self.summary, str):
            raise InputError(f"summary of the platform {self.name} is {self.summary!r} but must be a str")
        if not isinstance(self.variants, tuple) or not 0 < len(self.variants) == len(set(self.variants)):
            raise InputError(
                f"variants of the platform {self.name} is {self.variants!r} but must be a tuple of names, each once"
            )
        for variant in self.variants:
            if check_name(f"variant of the platform {self.name}", variant) == EVERY:
                raise InputError(f"variant of the platform {self.name} is {variant!r}, which stands for every one")
        if not _takes_one(self.measure):
            raise InputError(f"measure of the platform {self.name} is {self.measure!r} but must take a Task alone")

    def chosen(self, variant: str) -> list[str]:
        """The variants that the user means: one by name, the usual one if it is empty, each, or those of a pattern.

        Raises
        ------
        InputError
            If there is no such variant.
        """
        if not variant:
            return [self.variants[0]]
        if is_pattern(variant):
            return matching(variant, self.variants)
        check_choice(f"variant of {self.name}", variant, [*self.variants, EVERY])
        return [one for one in self.variants if variant in (one, EVERY)]


def _takes_one(function: object) -> bool:
    """Whether it can be called with one argument."""
    try:
        inspect.signature(function).bind(None)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        return False
    return True
