"""Exact counts of what a network did, from its spikes and its circuit.

:func:`count` follows recorded spikes through the circuit once more: where each goes, and which synapses learn from it.
So it knows every weight at every moment and ends with the weights that the platform must have; nothing is estimated.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields

import numpy as np

from pynn_backprop.checks import check_count
from pynn_backprop.circuit.circuit import Circuit
from pynn_backprop.circuit.parts import Projection
from pynn_backprop.errors import InputError
from pynn_backprop.spikes import Spikes
from pynn_backprop.weights import Weights, check_weights, signed_copy


@dataclass(frozen=True, eq=False)
class Tally:
    """What was counted, summed over samples.

    Parameters
    ----------
    samples : int
        How many.
    spikes : dict[str, numpy.ndarray]
        By population: spikes in each phase, integers of shape (phases in a cycle,).
    synaptic_events : int
        Spikes times the synapses that they reach.
    effective : int
        Those of them whose weight was not 0.
    plastic_updates : int
        Coincidences of a spike before and after a plastic synapse, each of which changes its weight or meets its bound.
    membrane_updates : int
        Neurons and steps at which the weights that arrive do not add up to 0.
    active_updates : int
        Neurons and steps at which at least one spike arrives.
    """

    samples: int
    spikes: dict[str, np.ndarray] = field(repr=False)
    synaptic_events: int
    effective: int
    plastic_updates: int
    membrane_updates: int
    active_updates: int

    def __add__(self, other: Tally) -> Tally:
        """Both together."""
        if set(self.spikes) != set(other.spikes):
            raise InputError("the two tallies are not of the same populations")
        sums = {f.name: getattr(self, f.name) + getattr(other, f.name) for f in fields(self) if f.name != "spikes"}
        return Tally(spikes={name: phases + other.spikes[name] for name, phases in self.spikes.items()}, **sums)


def count(circuit: Circuit, weights: Weights, spikes: Spikes, samples: int) -> tuple[Tally, Weights]:
    """Follow spikes through the circuit.

    What a spike does is counted with its own sample, even if it arrives in the first step of the next one.

    Parameters
    ----------
    circuit : Circuit
        What ran.
    weights : Weights
        The matrices before the first sample.
    spikes : Spikes
        Of every population of the circuit, of whole samples; the first one begins at a multiple of the cycle's length.
    samples : int
        How many they are.

    Returns
    -------
    tally : Tally
        What was counted.
    weights : Weights
        The matrices after the last sample, int64 of shape (n_pre, n_post) by name.

    Raises
    ------
    InputError
        If spikes of a population are missing, or `samples` is no positive whole number or fewer than the spikes span.
    """
    check_count("samples", samples)
    missing = [p.name for p in circuit.populations if p.name not in spikes]
    if missing:
        raise InputError(f"spikes lacks the populations {', '.join(missing)}, without which nothing exact can be said")
    replay = _Replay(circuit, check_weights(weights, circuit.parameters, circuit.neurons))
    length = circuit.schedule.length
    steps = np.concatenate([table[:, 0] for table in spikes.values()])
    first = int(steps.min()) // length * length if len(steps) else 0
    if len(steps) and steps.max() >= first + samples * length:
        raise InputError(f"samples is {samples} but the spikes reach to step {steps.max()}, beyond {samples} cycles")
    replay.play(spikes, first, first + samples * length)
    phases = {name: np.bincount(table[:, 0] % length, minlength=length) for name, table in spikes.items()}
    return replay.tally(samples, phases), replay.weights()


class _Replay:
    """The synapses of a circuit, driven by recorded spikes."""

    def __init__(self, circuit: Circuit, weights: Weights) -> None:
        self.circuit = circuit
        self.copies = {
            p.label: signed_copy(weights[p.matrix], p.sign, p.transpose).copy() for p in circuit.projections if p.matrix
        }
        self.levels = {p.label: circuit.level_weights(p) for p in circuit.projections}
        self.outgoing: dict[str, list[Projection]] = {p.name: [] for p in circuit.populations}
        for projection in circuit.projections:
            self.outgoing[projection.pre].append(projection)
        self.ring = 1 + max(projection.latency for projection in circuit.projections)
        self.drive = {p.name: np.zeros((self.ring, p.size), np.int64) for p in circuit.simulated}
        self.arrivals = {p.name: np.zeros((self.ring, p.size), np.int64) for p in circuit.simulated}
        self.reinforcing = tuple(p.name for p in circuit.populations if p.role == "reinforcement")
        self.events = self.effective = self.updates = self.changed = self.active = 0

    def play(self, spikes: Spikes, first: int, last: int) -> None:
        steps = np.arange(first, last + 1)
        bounds = {name: np.searchsorted(table[:, 0], steps) for name, table in spikes.items()}
        for number in range(last - first):
            now = {
                name: spikes[name][bound[number] : bound[number + 1], 1]
                for name, bound in bounds.items()
                if bound[number] < bound[number + 1]
            }
            self._arrive(first + number)
            self._send(first + number, now)
            self._learn(now)
        for step in range(last, last + self.ring):
            self._arrive(step)

    def _arrive(self, step: int) -> None:
        """Count the neurons that something reaches in this step."""
        slot = step % self.ring
        for name, drive in self.drive.items():
            arrivals = self.arrivals[name]
            self.changed += int(np.count_nonzero(drive[slot]))
            self.active += int(np.count_nonzero(arrivals[slot]))
            drive[slot] = arrivals[slot] = 0

    def _send(self, step: int, now: dict[str, np.ndarray]) -> None:
        for name, pre in now.items():
            for projection in self.outgoing[name]:
                slot = (step + projection.latency) % self.ring
                drive, arrivals = self.drive[projection.post][slot], self.arrivals[projection.post][slot]
                full = self.copies.get(projection.label, self.levels[projection.label])
                if full is not None:
                    rows = full[pre]
                    drive += rows.sum(axis=0)
                    arrivals += len(pre)
                    self.events += rows.size
                    self.effective += int(np.count_nonzero(rows))
                else:
                    reached = projection.connectivity.arriving(pre, len(drive))
                    drive += (projection.weight or 0) * reached
                    arrivals += reached
                    self.events += int(reached.sum())
                    self.effective += int(reached.sum()) if projection.weight else 0

    def _learn(self, now: dict[str, np.ndarray]) -> None:
        """A weight acts as it was before its own update, so this comes after :meth:`_send`."""
        eta, w_max = self.circuit.parameters.eta, self.circuit.parameters.w_max
        change = eta if any(name in now for name in self.reinforcing) else -eta
        for name, pre in now.items():
            for projection in self.outgoing[name]:
                if projection.plastic and projection.post in now:
                    both = np.ix_(pre, now[projection.post])
                    weights = self.copies[projection.label]
                    weights[both] = np.clip(weights[both] + change, -w_max, w_max)
                    self.updates += len(pre) * len(now[projection.post])

    def tally(self, samples: int, phases: dict[str, np.ndarray]) -> Tally:
        return Tally(samples, phases, self.events, self.effective, self.updates, self.changed, self.active)

    def weights(self) -> Weights:
        found = {}
        for name in self.circuit.matrices:
            first = self.circuit.copies(name)[0]
            found[name] = signed_copy(self.copies[first.label], first.sign, first.transpose).copy()
        return found
