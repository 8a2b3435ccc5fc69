"""Energy estimated from counts, by models that are data files.

A model is a file in ``energy_models``: what one operation costs on a device, by which source, and what the model
leaves out.  The energy of a sample is the sum over its terms of count x cost.  It is an estimate for the device that
the model is of, whatever the network ran on: platforms that give the same spikes have the same estimate.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Mapping
from dataclasses import dataclass, fields
from importlib import resources
from typing import Any

from pynn_backprop.checks import check_choice
from pynn_backprop.circuit.circuit import Circuit
from pynn_backprop.errors import InputError
from pynn_backprop.files import read_json

from .circuits import circuit_of

TRAINING, INFERENCE = "training", "inference"

JOULE = {"pJ": 1e-12, "nJ": 1e-9, "uJ": 1e-6, "mJ": 1e-3, "J": 1.0}
"""What a unit is in joules."""

NEURONS_PER_CORE = 41
"""Of Loihi, to count messages: 3,282 neurons lay on 81 cores (Renner et al., Nature Communications 15:9691, 2024)."""


@dataclass(frozen=True)
class Counts:
    """What happens in one sample, on average; None where it is not known.

    Parameters
    ----------
    neuron_updates
        Neurons x steps.
    active_updates
        Of these, the ones in which at least one spike arrives.
    spikes
        Spikes of neurons; those from outside are left out.
    synaptic_events
        Spikes x synapses that they reach, with those from outside.
    plastic_updates
        Plastic synapses whose two neurons fire in the same step, summed over the steps.
    plastic_sweeps
        Plastic synapses x steps.
    messages
        Spikes x cores that hold a target (:func:`messages`).
    dense_operations
        Synapses x steps; multiply-accumulates of a network without steps.

    Raises
    ------
    InputError
        If a count is negative or no number.
    """

    neuron_updates: float | None = None
    active_updates: float | None = None
    spikes: float | None = None
    synaptic_events: float | None = None
    plastic_updates: float | None = None
    plastic_sweeps: float | None = None
    messages: float | None = None
    dense_operations: float | None = None

    def __post_init__(self) -> None:
        for field in fields(self):
            value = getattr(self, field.name)
            if value is not None and (not _is_number(value) or value < 0):
                raise InputError(f"{field.name} is {value!r} but must be a number of at least 0, or None")


COUNTS = tuple(field.name for field in fields(Counts))


@dataclass(frozen=True)
class Term:
    """One kind of operation and what it costs.

    Parameters
    ----------
    part
        What to call it.
    count
        Which of :class:`Counts` it goes with.
    value, unit
        Energy of one operation.
    source
        Where `value` is from.
    times
        Operations per count, for example hops of a message.
    why_times
        Where `times` is from; must be there unless it is 1.

    Raises
    ------
    InputError
        If a value is not allowed, or something has no source.
    """

    part: str
    count: str
    value: float
    unit: str
    source: str
    times: float = 1.0
    why_times: str = ""

    def __post_init__(self) -> None:
        check_choice(f"count of {self.part!r}", self.count, COUNTS)
        check_choice(f"unit of {self.part!r}", self.unit, JOULE)
        for name in ("value", "times"):
            value = getattr(self, name)
            if not _is_number(value) or value <= 0:
                raise InputError(f"{name} of {self.part!r} is {value!r} but must be a number above 0")
        if not self.source:
            raise InputError(f"{self.part!r} has no source; a constant without one is not used")
        if self.times != 1 and not self.why_times:
            raise InputError(f"{self.part!r} counts {self.times} times but why_times does not say why")

    @property
    def joule(self) -> float:
        """Energy of one count, in J."""
        return self.value * JOULE[self.unit] * self.times


@dataclass(frozen=True)
class EnergyModel:
    """What operations cost on a device.

    Parameters
    ----------
    name, title
        Short, and for people.
    device
        What it is a model of.
    terms
        The costs.
    covers
        What the sum of them includes, in words.
    assumes, leaves_out
        What was assumed, and what is not in the sum.

    Raises
    ------
    InputError
        If it has no terms, two of the same name, or does not say what it leaves out.
    """

    name: str
    title: str
    device: str
    terms: tuple[Term, ...]
    covers: str
    assumes: tuple[str, ...]
    leaves_out: tuple[str, ...]

    def __post_init__(self) -> None:
        parts = [term.part for term in self.terms]
        if not parts or len(set(parts)) < len(parts):
            raise InputError(f"the energy model {self.name!r} has the parts {parts} but must have some, each once")
        if not self.leaves_out:
            raise InputError(f"the energy model {self.name!r} does not say what it leaves out")

    @property
    def counts(self) -> tuple[str, ...]:
        """The counts that it needs."""
        return tuple(dict.fromkeys(term.count for term in self.terms))


@dataclass(frozen=True)
class Estimate:
    """An estimated energy.

    Parameters
    ----------
    model
        Name of the model.
    parts
        Energy of each term in J a sample.
    covers, leaves_out
        As in the model.
    """

    model: str
    parts: dict[str, float]
    covers: str
    leaves_out: tuple[str, ...]

    @property
    def joule_per_sample(self) -> float:
        """The sum of the parts, in J."""
        return sum(self.parts.values())


@functools.lru_cache(maxsize=1)
def models() -> Mapping[str, EnergyModel]:
    """All energy models by name.

    Raises
    ------
    InputError
        If a file is broken, or lacks or has something more than a model.
    """
    folder = resources.files(__package__) / "energy_models"
    with resources.as_file(folder) as path:
        found = [model_of(read_json(file), file.name) for file in sorted(path.glob("*.json"))]
    return {model.name: model for model in found}


def model_of(content: Any, source: str = "the model") -> EnergyModel:
    """A model from the content of its file.

    Raises
    ------
    InputError
        Names `source` and what is wrong with it.
    """
    try:
        terms = tuple(Term(**term) for term in content["terms"])
        lists = {name: tuple(content[name]) for name in ("assumes", "leaves_out")}
        return EnergyModel(**{**content, **lists, "terms": terms})
    except (KeyError, TypeError) as error:
        raise InputError(f"{source} is no energy model: {error}") from error
    except InputError as error:
        raise InputError(f"{source}: {error}") from error


def estimate(model: EnergyModel, counts: Counts) -> Estimate:
    """The energy of a sample by a model.

    Raises
    ------
    InputError
        If a count that the model needs is not known.
    """
    missing = [name for name in model.counts if getattr(counts, name) is None]
    if missing:
        raise InputError(f"the energy model {model.name!r} needs {', '.join(missing)}, which the counts do not have")
    parts = {term.part: term.joule * getattr(counts, term.count) for term in model.terms}
    return Estimate(model.name, parts, model.covers, model.leaves_out)


# -- from a row of results ---------------------------------------------------------------------------------------------


def estimates(row: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The entries of a row's ``energy`` by every model whose counts the row has, in training and in inference.

    Parameters
    ----------
    row
        A row of results (:mod:`benchmarks.rows`); one that was not counted has no estimates.

    Returns
    -------
    list of dict
        ``kind``, ``of``, ``by``, ``joule_per_sample``, ``parts`` (J), ``covers``, ``leaves_out``.
    """
    entries = []
    for of in (TRAINING, INFERENCE):
        counts = counts_of_row(row, of)
        for model in models().values():
            if counts is not None and all(getattr(counts, name) is not None for name in model.counts):
                entries.append(_entry(estimate(model, counts), of))
    return entries


def _entry(found: Estimate, of: str) -> dict[str, Any]:
    return {
        "kind": "estimated",
        "of": of,
        "by": found.model,
        "joule_per_sample": found.joule_per_sample,
        "parts": found.parts,
        "covers": found.covers,
        "leaves_out": list(found.leaves_out),
    }


def counts_of_row(row: Mapping[str, Any], of: str = TRAINING) -> Counts | None:
    """The counts of a sample in a row, None if it has none.

    Parameters
    ----------
    row
        A row of results.
    of
        ``training`` or ``inference``.
    """
    counts = row.get("counts") or {}
    if check_choice("of", of, (TRAINING, INFERENCE)) == INFERENCE:
        counts = counts.get(INFERENCE) or {}
    if "macs_per_sample" in counts:
        return Counts(dense_operations=counts["macs_per_sample"])
    if "spikes_per_sample" not in counts:
        return None
    return counts_of_circuit(circuit_of(row, of), counts)


def counts_of_circuit(circuit: Circuit, counts: Mapping[str, Any]) -> Counts:
    """The counts of a sample from those of a row and from the circuit.

    Parameters
    ----------
    circuit
        What was run.
    counts
        ``spikes_per_sample`` by population, ``synaptic_events_per_sample``, in training
        ``plastic_updates_per_sample``, and ``active_updates_per_sample``.  Where the last is not known every update
        of a neuron is taken to be an active one, which is the most that it can cost.
    """
    size, steps = circuit.count(), circuit.schedule.length
    neurons = {population.name: population.size for population in circuit.simulated}
    spikes = {name: float(number) for name, number in counts["spikes_per_sample"].items()}
    updates = float(sum(neurons.values()) * steps)
    return Counts(
        neuron_updates=updates,
        active_updates=float(counts.get("active_updates_per_sample", updates)),
        spikes=sum(number for name, number in spikes.items() if name in neurons),
        synaptic_events=float(counts["synaptic_events_per_sample"]),
        plastic_updates=float(counts.get("plastic_updates_per_sample", 0)),
        plastic_sweeps=float(size.plastic_synapses * steps),
        messages=messages(circuit, spikes),
        dense_operations=float((size.synapses + size.reinforcement_synapses) * steps),
    )


def messages(circuit: Circuit, spikes: Mapping[str, float], neurons_per_core: int = NEURONS_PER_CORE) -> float:
    """Messages between cores in a sample: each spike sends one to every core that holds a target of it.

    Parameters
    ----------
    circuit
        What was run.
    spikes
        Spikes in a sample by population.
    neurons_per_core
        Each population is spread over cores of its own of this size.
    """
    total = 0.0
    for projection in circuit.projections:
        cores = -(-circuit[projection.post].size // neurons_per_core)
        total += spikes.get(projection.pre, 0.0) * (cores if projection.connectivity.dense else 1)
    return total


def _is_number(value: object) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value)
