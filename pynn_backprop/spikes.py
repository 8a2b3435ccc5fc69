"""Spikes as every platform returns them, and what can be asked of them without knowing the platform.

``Spikes`` maps the name of a population to an integer array of shape (n_spikes, 2) whose columns are step and neuron,
sorted by step and then by neuron.  Steps count circuit time, 1 ms each: the first cycle starts the ring, and sample k
is shown in cycle k + 1, from step (k + 1) * length on.  A simulator may pause for a few cycles between two runs; those
are left out.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .circuit.circuit import Circuit
from .errors import EqualityError, InputError

Spikes = dict[str, np.ndarray]

NO_LABEL = -1
"""The label of samples that were shown without one."""


@dataclass
class Stretch:
    """Spikes of consecutive samples.

    Parameters
    ----------
    first : int
        Index of the first sample, counted from the start of training.
    labels : numpy.ndarray of int64, shape (n,), or of bool, shape (n, n_out)
        Labels of the samples, all :data:`NO_LABEL` if they were shown without; or their targets.
    spikes : dict of str to numpy.ndarray of int64, shape (n_spikes, 2)
        Steps from the start of training, and neurons.
    """

    first: int
    labels: np.ndarray
    spikes: Spikes

    def per_sample(self) -> dict[str, float]:
        """Mean number of spikes of each population in one sample."""
        return {name: len(table) / len(self.labels) for name, table in self.spikes.items()}


def first_firing(outputs: np.ndarray) -> np.ndarray:
    """The output that answers.

    Parameters
    ----------
    outputs : numpy.ndarray of bool, int or float, shape (n, n_out)
        Which outputs fire, or with how many or which share of their neurons.

    Returns
    -------
    numpy.ndarray of int64, shape (n,)
        Index of the output that fires most, of several the first; -1 where none does.
    """
    return np.where(outputs.any(axis=1), outputs.argmax(axis=1), -1)


def sorted_spikes(steps: np.ndarray, neurons: np.ndarray) -> np.ndarray:
    """Steps and neurons, each of shape (n_spikes,), as one sorted array of shape (n_spikes, 2)."""
    steps, neurons = np.asarray(steps, dtype=np.int64), np.asarray(neurons, dtype=np.int64)
    order = np.lexsort((neurons, steps))
    return np.column_stack((steps[order], neurons[order]))


def merged(parts: list[Spikes]) -> Spikes:
    """One ``Spikes`` from consecutive stretches of the same populations."""
    return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]} if parts else {}


def between(spikes: Spikes, first_step: int, last_step: int) -> Spikes:
    """The spikes with first_step <= step < last_step."""
    kept = {}
    for name, table in spikes.items():
        low, high = np.searchsorted(table[:, 0], (first_step, last_step))
        kept[name] = table[low:high]
    return kept


def count_by_phase(spikes: Spikes, circuit: Circuit) -> dict[str, np.ndarray]:
    """Number of spikes of each population in each phase, arrays of shape (phases in a cycle,)."""
    length = circuit.schedule.length
    return {name: np.bincount(table[:, 0] % length, minlength=length) for name, table in spikes.items()}


def check_silence(spikes: Spikes, circuit: Circuit) -> None:
    """Check that populations fire only in the phases in which they may.

    Raises
    ------
    EqualityError
        Names the first population, neuron, step and phase of a spike that must not be.
    """
    for name, table in spikes.items():
        population = circuit[name]
        phases = table[:, 0] % circuit.schedule.length
        wrong = np.flatnonzero(~np.isin(phases, population.phases))
        if len(wrong):
            step, neuron = table[wrong[0]]
            raise EqualityError(
                f"{len(wrong)} spikes of {name!r} are in phases in which it must be silent, the first of neuron "
                f"{neuron} at step {step} (phase {phases[wrong[0]]}); it may fire in {population.phases}"
            )


def check_gated(spikes: Spikes, circuit: Circuit) -> None:
    """Check that samples without an error cost a forward pass only: behind e, nothing but gates fires in them.

    Parameters
    ----------
    spikes
        Of whole samples; among the populations must be ``e``.
    circuit
        An error-gated one.

    Raises
    ------
    EqualityError
        Names the first population, phase and sample of a spike that must not be.
    InputError
        If the circuit has no neuron e, or it was not recorded.
    """
    gate, length = circuit["e"].phases[0], circuit.schedule.length
    if "e" not in spikes:
        raise InputError(f"the neuron e was not recorded, only {', '.join(spikes) or 'nothing'}")
    wrong = spikes["e"][:, 0] // length
    for name, table in spikes.items():
        if circuit[name].role == "gate":
            continue
        late = table[table[:, 0] % length > gate, 0]
        unasked = late[~np.isin(late // length, wrong)]
        if len(unasked):
            sample, phase = unasked[0] // length - 1, unasked[0] % length
            raise EqualityError(f"{name!r} fires in phase {phase} of sample {sample}, in which e did not")


@dataclass(frozen=True)
class Difference:
    """The first spike that one of two platforms has and the other has not."""

    population: str
    neuron: int
    step: int
    phase: int
    sample: int
    only_in: str

    def __str__(self) -> str:
        return (
            f"neuron {self.neuron} of {self.population!r} fires only on {self.only_in}, at step {self.step} "
            f"(sample {self.sample}, phase {self.phase})"
        )


def first_difference(
    one: Spikes, other: Spikes, circuit: Circuit, names: tuple[str, str] = ("the first", "the second")
) -> Difference | None:
    """The earliest spike in which two recordings of the same populations differ, None if there is none.

    Parameters
    ----------
    one, other
        What two platforms recorded.
    circuit
        The circuit that both ran.
    names
        What to call the two in the result.

    Raises
    ------
    EqualityError
        If they did not record the same populations.
    """
    if set(one) != set(other):
        only = ", ".join(sorted(set(one).symmetric_difference(other)))
        raise EqualityError(f"the two recordings are not of the same populations; only one has {only}")
    found: list[Difference] = []
    length = circuit.schedule.length
    for population in one:
        if np.array_equal(one[population], other[population]):
            continue
        first, second = (set(map(tuple, side[population].tolist())) for side in (one, other))
        if first == second:
            raise EqualityError(f"the spikes of {population!r} are not sorted, or some are there twice")
        step, neuron = min(first ^ second)
        name = names[0] if (step, neuron) in first else names[1]
        found.append(Difference(population, neuron, step, step % length, step // length - 1, name))
    return min(found, key=lambda difference: difference.step, default=None)
