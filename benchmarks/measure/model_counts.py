"""The counts of a sample that energy models ask for, from a row of results and its circuit."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

from pynn_backprop.checks import check_choice
from pynn_backprop.circuit.circuit import Circuit
from pynn_backprop.errors import InputError

from ..rows import INFERENCE, TRAINING
from .circuits import circuit_of

NEURONS_PER_CORE = 41
"""Of Loihi, to count messages: 3,282 neurons lay on 81 cores (Renner et al., Nature Communications 15:9691, 2024)."""


@dataclass(frozen=True)
class Counts:
    """What happens in one sample, on average; None where it is not known.

    Parameters
    ----------
    neuron_updates : float or None
        Neurons x steps.
    active_updates : float or None
        Of these, the ones in which at least one spike arrives.
    spikes : float or None
        Spikes of neurons; those from outside are left out.
    synaptic_events : float or None
        Spikes x synapses that they reach, with those from outside.
    plastic_updates : float or None
        Plastic synapses whose two neurons fire in the same step, summed over the steps.
    plastic_sweeps : float or None
        Plastic synapses x steps.
    messages : float or None
        Spikes x cores that hold a target (:func:`messages`).
    dense_operations : float or None
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
            if value is not None and (not is_number(value) or value < 0):
                raise InputError(f"{field.name} is {value!r} but must be a number of at least 0, or None")


COUNTS = tuple(field.name for field in fields(Counts))


def counts_of_row(row: Mapping[str, Any], of: str = TRAINING) -> Counts | None:
    """The counts of a sample in a row, None if it has none.

    Parameters
    ----------
    row : dict-like
        A row of results.
    of : str
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
    circuit : Circuit
        What was run.
    counts : dict-like
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
    circuit : Circuit
        What was run.
    spikes : Mapping[str, float]
        Spikes in a sample by population.
    neurons_per_core : int
        Each population is spread over cores of its own of this size.
    """
    total = 0.0
    for projection in circuit.projections:
        cores = -(-circuit[projection.post].size // neurons_per_core)
        total += spikes.get(projection.pre, 0.0) * (cores if projection.connectivity.dense else 1)
    return total


def is_number(value: object) -> bool:
    """Whether it is a finite number, and no truth value."""
    return isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value)
