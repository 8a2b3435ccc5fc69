"""Compiled code for the synapses: what a step's spikes hand on, and what they teach."""

from __future__ import annotations

import numba
import numpy as np


@numba.njit(cache=True)
def read_inputs(bits, n_compartments, segments, arriving, step, fired):  # type: ignore[no-untyped-def,unused-ignore]
    """Hand on the spikes of the inputs in a step; returns how many there are.

    Parameters
    ----------
    bits
        Uint8 (n_inputs / 8,): one bit for each input, lowest first.
    n_compartments
        Number of the first input among the sources.
    segments
        A :class:`~hardware.lava.engines.segments.Segments`.
    arriving
        Int32 (n_slots, n_compartments): the sums that arrive in the steps to come; step s is row s modulo n_slots.
    step
        The present one.
    fired
        Int64 (n_inputs,): the numbers of the sources that fire are stored here.
    """
    n_fired = np.int64(0)  # a literal 0 would have everything compiled twice
    for byte in range(len(bits)):
        if bits[byte]:
            for bit in range(8):
                if bits[byte] >> bit & 1:
                    fired[n_fired] = n_compartments + 8 * byte + bit
                    n_fired += 1
    _transmit(fired, n_fired, segments, arriving, step)
    return n_fired


@numba.njit(cache=True)
def read_spikes(spiked, segments, arriving, step, inputs, n_inputs, fired, before, recorded, bits):  # type: ignore[no-untyped-def,unused-ignore]
    """Hand on the spikes of the compartments in a step, record them, and learn from them.

    Parameters
    ----------
    spiked
        Int32 (n_compartments,): which compartments fire.
    segments, arriving, step
        As for :func:`read_inputs`.
    inputs, n_inputs
        The inputs that fire, as :func:`read_inputs` stored and counted them.
    fired
        Int64 (n_compartments,): the compartments that fire are stored here.
    before
        Int64 (n_compartments + 1,): how many compartments with smaller numbers fire is stored here.
    recorded
        Int64 (n_recorded,): compartments whose spikes are stored in `bits`.
    bits
        Uint8 (n_recorded / 8,).
    """
    n_fired = np.int64(0)  # a literal 0 would have everything compiled twice
    for compartment in range(len(spiked)):
        before[compartment] = n_fired
        if spiked[compartment]:
            fired[n_fired] = compartment
            n_fired += 1
    before[len(spiked)] = n_fired
    bits[:] = 0
    if n_fired:
        for k in range(len(recorded)):
            if spiked[recorded[k]]:
                bits[k >> 3] |= np.uint8(1 << (k & 7))
        _transmit(fired, n_fired, segments, arriving, step)
        if len(segments.eta):
            _learn(fired, n_fired, segments, spiked, fired, before)
            _learn(inputs, n_inputs, segments, spiked, fired, before)


@numba.njit(cache=True)
def _transmit(sources, n_sources, segments, arriving, step):  # type: ignore[no-untyped-def,unused-ignore]
    weight = segments.weight
    for k in range(n_sources):
        for g in range(segments.of_source[sources[k]], segments.of_source[sources[k] + 1]):
            target = arriving[(step + 1 + segments.delay[g]) % len(arriving)]
            start, post, exponent = segments.start[g], segments.post[g], segments.exponent[g]
            length = segments.start[g + 1] - start
            if exponent >= 0:
                factor = np.int32(1 << exponent)
                for j in range(length):
                    target[post + j] += np.int32(weight[start + j]) * factor
            else:
                for j in range(length):
                    target[post + j] += np.int32(weight[start + j]) >> -exponent


@numba.njit(cache=True)
def _learn(sources, n_sources, segments, spiked, fired, before):  # type: ignore[no-untyped-def,unused-ignore]
    """Where source and target fire, the weight changes by +eta if the reinforcement neuron fires too, else by -eta."""
    weight = segments.weight
    for k in range(n_sources):
        for g in range(segments.of_source[sources[k]], segments.of_source[sources[k] + 1]):
            rule = segments.rule[g]
            if rule < 0:
                continue
            start, post = segments.start[g], segments.post[g]
            first, last = before[post], before[post + segments.start[g + 1] - start]
            if first == last:
                continue
            change = segments.eta[rule] if spiked[segments.reinforcement[rule]] else -segments.eta[rule]
            w_max = segments.w_max[rule]
            for q in range(first, last):
                synapse = start + fired[q] - post
                weight[synapse] = min(max(weight[synapse] + change, -w_max), w_max)
