"""One time step of SpiNNaker cores with ``IF_curr_delta`` in integers, compiled.

The arithmetic is that of the binary which sPyNNaker 1!7.4.1 loads onto a core; tests execute its instructions in an
emulator of the processor and compare.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from pynn_backprop.compiled import compiled, inlined

FULL = 2**16 - 1
"""Where a slot of a ring buffer ends."""


class Neurons(NamedTuple):
    """All neurons, those of sources too, raw, int64 (n_neurons,) each; see ``CoreCells`` of the network."""

    threshold: np.ndarray
    rest: np.ndarray
    reset: np.ndarray
    current: np.ndarray
    resistance: np.ndarray
    decay: np.ndarray
    refractory: np.ndarray
    excitatory_shift: np.ndarray
    inhibitory_shift: np.ndarray
    computes: np.ndarray
    """Bool: whether it is no source."""


class Rows(NamedTuple):
    """All synapses, by presynaptic neuron.

    Parameters
    ----------
    pointer
        The synapses of neuron i are pointer[i] to pointer[i + 1], int64 (n_neurons + 1,).
    post, kind, delay
        Of each, int32 (n_synapses,); kind 0 is excitation.
    weight
        As it is stored: 16 bits, int32 (n_synapses,).
    """

    pointer: np.ndarray
    post: np.ndarray
    kind: np.ndarray
    delay: np.ndarray
    weight: np.ndarray


class State(NamedTuple):
    """What the cores remember from step to step.

    Parameters
    ----------
    ring
        What arrives in the steps to come, int32 (n_slots, 2, n_neurons).
    v
        Potentials, raw, int64 (n_neurons,).
    pause
        Refractory steps that are left, int64 (n_neurons,).
    saturated
        How often a slot was full when a weight was added, int64 (2, n_neurons).
    fired
        Neurons that fire in the present step, int32 (n_neurons,).
    """

    ring: np.ndarray
    v: np.ndarray
    pause: np.ndarray
    saturated: np.ndarray
    fired: np.ndarray


@inlined
def word(x):  # type: ignore[no-untyped-def]
    """The low 32 bits, with the sign."""
    return ((x + 2147483648) & 4294967295) - 2147483648


@inlined
def product(a, b):  # type: ignore[no-untyped-def]
    """Of two s16.15 numbers: shifted down, without rounding or saturation."""
    return ((((a * b) >> 15) + 2147483648) & 4294967295) - 2147483648


@compiled
def update(  # type: ignore[no-untyped-def]
    excitation, inhibition, v, pause, threshold, rest, reset, current, resistance, decay, refractory, scale
):
    """The neuron's own step: its potential, the refractory steps that are left, and whether it fires.

    All are raw s16.15, in int64, but `pause` and `refractory`, which are steps.
    """
    if pause <= 0:
        drive = word(product(excitation, scale) - product(inhibition, scale))
        drive = word(drive + current)
        settled = word(product(drive, resistance) + rest)
        v = word(settled - product(decay, word(settled - v)))
    else:
        pause -= 1
    if v >= threshold:
        return reset, refractory, True
    return v, pause, False


@compiled
def add(slot, weight):  # type: ignore[no-untyped-def]
    """What a slot of a ring buffer holds when a stored weight was added, and whether that was less than the sum."""
    total = slot + weight
    return min(total, FULL), total > FULL


@compiled
def run(  # type: ignore[no-untyped-def]
    begin, end, neurons, rows, scale, state, source_pointer, source_neuron, spike_steps, spike_neurons, watched, seen
):
    """Run from step `begin` to `end`, or until no spikes can be kept any more.

    `source_pointer`, int64 (n_steps + 1,), and `source_neuron`, int32, are the spikes from outside.  `seen`, int64
    (n_steps, n_watched), takes the potentials of the neurons `watched` after each step.  Returns the step that comes
    next, and how many spikes were kept.
    """
    kept = 0
    for step in range(begin, end):
        if len(spike_steps) - kept < len(state.fired):
            return step, kept
        count = _fire(step, neurons, scale, state)
        for k in range(source_pointer[step], source_pointer[step + 1]):
            state.fired[count] = source_neuron[k]
            count += 1
        for k in range(count):
            spike_steps[kept], spike_neurons[kept] = step, state.fired[k]
            kept += 1
        for k in range(len(watched)):
            seen[step, k] = state.v[watched[k]]
        _send(step, count, rows, state)
    return end, kept


@compiled
def _fire(step, neurons, scale, state):  # type: ignore[no-untyped-def]
    """All neurons that are no sources; returns how many fire."""
    arriving, count = state.ring[step % len(state.ring)], 0
    for i in range(len(neurons.threshold)):
        if not neurons.computes[i]:
            continue
        excitation = word(np.int64(arriving[0, i]) << neurons.excitatory_shift[i])
        inhibition = word(np.int64(arriving[1, i]) << neurons.inhibitory_shift[i])
        state.v[i], state.pause[i], fires = update(
            excitation,
            inhibition,
            state.v[i],
            state.pause[i],
            neurons.threshold[i],
            neurons.rest[i],
            neurons.reset[i],
            neurons.current[i],
            neurons.resistance[i],
            neurons.decay[i],
            neurons.refractory[i],
            scale,
        )
        if fires:
            state.fired[count] = i
            count += 1
    arriving[:] = 0
    return count


@compiled
def _send(step, count, rows, state):  # type: ignore[no-untyped-def]
    """Hand all spikes on."""
    slots = len(state.ring)
    for k in range(count):
        for s in range(rows.pointer[state.fired[k]], rows.pointer[state.fired[k] + 1]):
            slot = state.ring[(step + rows.delay[s]) % slots, rows.kind[s]]
            total = slot[rows.post[s]] + rows.weight[s]
            if total > FULL:
                total = FULL
                state.saturated[rows.kind[s], rows.post[s]] += 1
            slot[rows.post[s]] = total
