"""Compiled code for the synapses: what a step's spikes hand on, and what they teach."""

from __future__ import annotations

import numpy as np

from pynn_backprop.compiled import compiled


@compiled
def hand_on(spiking, inputs, segments, arriving, reached, step, fired, column, bits):  # type: ignore[no-untyped-def,unused-ignore]
    """Hand on the spikes of a step, record them, and learn from them.

    Parameters
    ----------
    spiking
        Int64 (n_spikes,): the compartments that fire, sorted.
    inputs
        Uint8 (n_inputs / 8,): which inputs fire, one bit for each, lowest first.
    segments
        A :class:`~hardware.lava.engines.segments.Segments`.
    arriving
        Int32 (n_slots, n_compartments): the sums that arrive in the steps to come; step s is row s modulo n_slots.
    reached
        Int64 (n_slots, 2): in the same order, from which to which compartment, the last not included, they are not 0.
    step
        The present one.
    fired
        Int64 (n_compartments + n_inputs,): the numbers of all sources that fire are stored here.
    column
        Int32 (n_compartments,): the place in `bits` where spikes of a compartment are stored; below 0 if nowhere.
    bits
        Uint8 (n_recorded / 8,).
    """
    count = len(spiking)
    fired[:count] = spiking
    bits[:] = 0
    for compartment in spiking:
        place = column[compartment]
        if place >= 0:
            bits[place >> 3] |= np.uint8(1 << (place & 7))
    for byte in range(len(inputs)):
        if inputs[byte]:
            for bit in range(8):
                if inputs[byte] >> bit & 1:
                    fired[count] = len(column) + 8 * byte + bit
                    count += 1
    _transmit(fired[:count], segments, arriving, reached, step)
    if len(segments.eta) and len(spiking):
        _learn(fired[:count], spiking, segments)


@compiled
def _transmit(sources, segments, arriving, reached, step):  # type: ignore[no-untyped-def,unused-ignore]
    for source in sources:
        for g in range(segments.of_source[source], segments.of_source[source + 1]):
            post, exponent = segments.post[g], segments.exponent[g]
            # Slices, so that no index can be negative: only then are the loops vectorised.
            weight = segments.weight[segments.start[g] : segments.start[g + 1]]
            stop, slot = post + len(weight), (step + 1 + segments.delay[g]) % len(arriving)
            reached[slot, 0], reached[slot, 1] = min(reached[slot, 0], post), max(reached[slot, 1], stop)
            target = arriving[slot, post:stop]
            if exponent >= 0:
                factor = np.int32(1 << exponent)
                for j in range(len(weight)):
                    target[j] += np.int32(weight[j]) * factor
            else:
                for j in range(len(weight)):
                    target[j] += np.int32(weight[j]) >> -exponent


@compiled
def _learn(sources, spiking, segments):  # type: ignore[no-untyped-def,unused-ignore]
    """Where source and target fire, the weight changes by +eta if the reinforcement neuron fires too, else by -eta."""
    for source in sources:
        for g in range(segments.of_source[source], segments.of_source[source + 1]):
            rule = segments.rule[g]
            if rule < 0:
                continue
            post, weight = segments.post[g], segments.weight[segments.start[g] : segments.start[g + 1]]
            first, last = np.searchsorted(spiking, post), np.searchsorted(spiking, post + len(weight))
            if first == last:
                continue
            reinforced = _holds(spiking, segments.reinforcement[rule])
            change = segments.eta[rule] if reinforced else -segments.eta[rule]
            w_max = segments.w_max[rule]
            for q in range(first, last):
                j = spiking[q] - post
                weight[j] = min(max(weight[j] + change, -w_max), w_max)


@compiled
def _holds(ascending, number):  # type: ignore[no-untyped-def,unused-ignore]
    place = np.searchsorted(ascending, number)
    return place < len(ascending) and ascending[place] == number
