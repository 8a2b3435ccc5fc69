"""One step of a circuit after the other, event by event, in integers, compiled.

In a step first all neurons fire whose drive is large enough; then each of their spikes is handed on, segment by
segment, and a plastic synapse whose target fires in the same step changes, after it has transmitted.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from ..compiled import compiled


class State(NamedTuple):
    """What a network remembers from step to step.

    Parameters
    ----------
    drive
        What will arrive at each neuron, in a ring of steps, int32 (n_slots, n_neurons).
    touched
        Whether anything will arrive at a population, in the same ring, bool (n_slots, n_populations).
    fired
        Neurons that fire in the present step, population after population, int32 (n_neurons,).
    bounds
        Where those of each population begin, and the number of all, int32 (n_populations + 1,).
    """

    drive: np.ndarray
    touched: np.ndarray
    fired: np.ndarray
    bounds: np.ndarray


class Sources(NamedTuple):
    """Spikes from outside.

    Parameters
    ----------
    pointer
        The spikes of step s are pointer[s] to pointer[s + 1], int64 (n_steps + 1,).
    neuron
        Which neuron fires, in order within a step, int32 (n_spikes,).
    """

    pointer: np.ndarray
    neuron: np.ndarray


class Watch(NamedTuple):
    """What is read while the network runs.

    Parameters
    ----------
    recorded
        Whether the spikes of a population are kept, bool (n_populations,).
    steps, neurons
        Where to, int32 (capacity,).
    output, below
        Index of the output population and of the one below it, -1 if there are none.
    readout
        Indices of the populations of the read-out, one after the other: the first, and the one behind the last.
    phase, length
        The phase in which the output answers, and phases in a cycle.
    weight
        Where the weights from the one to the other begin.
    """

    recorded: np.ndarray
    steps: np.ndarray
    neurons: np.ndarray
    output: int
    below: int
    readout: tuple[int, int]
    phase: int
    length: int
    weight: int


@compiled
def run(  # type: ignore[no-untyped-def]
    begin, end, offset, neurons, synapses, weights, rule, state, sources, watch, outputs, potentials, readout
):
    """Run from step `begin` to `end` of these sources, or until no spikes can be kept any more.

    `offset` is the step of the network at which step 0 of the sources lies.  Returns the step that comes next, and how
    many spikes were kept.
    """
    eta, w_max, reinforcement = rule
    kept = 0
    for step in range(begin, end):
        if len(watch.steps) - kept < len(state.fired):
            return step, kept
        slot = (offset + step) % len(state.drive)
        _fire(slot, step, neurons, state, sources)
        for p in range(len(watch.recorded)):
            if watch.recorded[p]:
                for k in range(state.bounds[p], state.bounds[p + 1]):
                    watch.steps[kept], watch.neurons[kept] = step, state.fired[k]
                    kept += 1
        if watch.output >= 0:
            _read(step, neurons, weights, state, watch, outputs, potentials, readout)
        change = np.int32(0)
        if reinforcement >= 0:
            change = np.int32(eta if state.bounds[reinforcement + 1] > state.bounds[reinforcement] else -eta)
        _send(offset + step, synapses, weights, change, np.int32(w_max), state)
    return end, kept


@compiled
def _fire(slot, step, neurons, state, sources):  # type: ignore[no-untyped-def]
    """Who fires; a population at which nothing arrives is not looked at."""
    drive, touched = state.drive[slot], state.touched[slot]
    count, source, last = 0, sources.pointer[step], sources.pointer[step + 1]
    for p in range(len(touched)):
        state.bounds[p] = count
        first, stop = neurons.first[p], neurons.first[p + 1]
        if neurons.from_outside[p]:
            while source < last and sources.neuron[source] < stop:
                state.fired[count] = sources.neuron[source]
                count += 1
                source += 1
        elif touched[p]:
            for i in range(first, stop):
                if drive[i] > neurons.limit[i]:
                    state.fired[count] = i
                    count += 1
            drive[first:stop] = 0
            touched[p] = False
    state.bounds[len(touched)] = count


@compiled
def _read(  # type: ignore[no-untyped-def]
    step, neurons, weights, state, watch, outputs, potentials, readout
):
    """The output's drive, as its synapses bring it a step before, which of its neurons fire, and of the read-out."""
    sample, phase = step // watch.length, step % watch.length
    if phase == watch.phase - 1:
        first = neurons.first[watch.below]
        row = potentials[sample]
        for k in range(state.bounds[watch.below], state.bounds[watch.below + 1]):
            begin = watch.weight + (state.fired[k] - first) * len(row)
            for j in range(len(row)):
                row[j] += weights[begin + j]
    elif phase == watch.phase:
        for k in range(state.bounds[watch.output], state.bounds[watch.output + 1]):
            outputs[sample, state.fired[k] - neurons.first[watch.output]] = True
        for p in range(watch.readout[0], watch.readout[1]):
            for k in range(state.bounds[p], state.bounds[p + 1]):
                readout[sample, state.fired[k] - neurons.first[p]] += 1


@compiled
def _send(now, synapses, weights, change, w_max, state):  # type: ignore[no-untyped-def]
    """Hand all spikes on, and learn."""
    slots = len(state.drive)
    for f in range(state.bounds[-1]):
        neuron = state.fired[f]
        for s in range(synapses.pointer[neuron], synapses.pointer[neuron + 1]):
            slot = (now + synapses.latency[s]) % slots
            post, begin, population = synapses.post[s], synapses.weight[s], synapses.population[s]
            length = synapses.length[s]
            # Slices, so that no index can be negative: only then are the loops vectorised.
            arriving = state.drive[slot, post : post + length]
            state.touched[slot, population] = True
            if not synapses.dense[s]:
                weight = weights[begin]
                for j in range(length):
                    arriving[j] += weight
                continue
            sent = weights[begin : begin + length]
            for j in range(length):
                arriving[j] += sent[j]
            if synapses.plastic[s]:
                for k in range(state.bounds[population], state.bounds[population + 1]):
                    at = state.fired[k] - post
                    sent[at] = min(max(np.int32(sent[at] + change), -w_max), w_max)
