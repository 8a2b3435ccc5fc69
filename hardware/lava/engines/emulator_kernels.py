"""The emulator's compiled code: one step after the other, block by block, then spike by spike.

What overflows is counted.  u wraps round at 23 bits and a sign (two's complement, so that -2**23 is a value and 2**23
is not), and v is clipped at 2**23 - 1, both as on the chip (nengo-loihi: pull request 111 and issue 130, tested there).
The input of a step, which wraps round at 21 bits and a sign there (nengo-loihi), does so here if it is asked for: Lava
has no such limit, and neither has Brian2Loihi.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from pynn_backprop.compiled import compiled, inlined

from ..translation.ranges import INPUT_SHIFT, STATE
from .emulator_pairs import learn

N_OVERFLOWS = 3
"""The input of a step, u, v."""

NEVER = np.int64(2**40)
"""A limit that no input reaches."""

_LARGEST_V = np.int64(STATE - 1)
_HALF, _WHOLE = np.int64(STATE), np.int64(2 * STATE - 1)


class State(NamedTuple):
    """Everything that changes while a network runs.

    Parameters
    ----------
    arriving
        What will arrive at each compartment in units of 2**6, int32 (n_slots, n_compartments): step s is row s modulo
        n_slots.
    touched
        Whether anything will arrive at a block, bool (n_slots, n_blocks).
    busy
        Which blocks are looked at in every step, bool (n_blocks,).
    u, v
        Int32 (n_compartments,).
    threshold, bias
        In the unit of v, int64 (n_compartments,).
    limit
        A compartment without memory fires when its input exceeds this, int64 (n_compartments,).
    weights
        What each synapse adds, int16 (n_synapses,).
    fired
        Sources that fire in the present step: compartments in order, then inputs, int32 (n_sources,).
    bounds, ends
        Where the compartments of each block begin in `fired`, and where they end, int64 (n_blocks,).
    pause
        For how many steps more v of a compartment stays 0, int64 (n_compartments,).
    spiking
        Which sources fire in the present step, bool (n_sources,).
    overflows
        How often it happened in each block, int64 (N_OVERFLOWS, n_blocks).
    """

    arriving: np.ndarray
    touched: np.ndarray
    busy: np.ndarray
    u: np.ndarray
    v: np.ndarray
    threshold: np.ndarray
    bias: np.ndarray
    limit: np.ndarray
    weights: np.ndarray
    fired: np.ndarray
    bounds: np.ndarray
    ends: np.ndarray
    pause: np.ndarray
    spiking: np.ndarray
    overflows: np.ndarray


class Inputs(NamedTuple):
    """The spikes of inputs in a run.

    Parameters
    ----------
    pointer
        Those of row r are ``pointer[r]`` up to ``pointer[r + 1]``, int64 (n_rows + 1,).
    source
        Their numbers among the sources, int32 (n_spikes,).
    """

    pointer: np.ndarray
    source: np.ndarray


class Record(NamedTuple):
    """What is read while a network runs.

    Parameters
    ----------
    kept
        Whether the spikes of a compartment are, bool (n_compartments,).
    rows, compartments
        Where to, int32 (capacity,).
    watched
        Compartments whose v is read, int64 (n_watched,).
    potentials
        Where to, int32 (n_rows, n_watched).
    """

    kept: np.ndarray
    rows: np.ndarray
    compartments: np.ndarray
    watched: np.ndarray
    potentials: np.ndarray


@compiled
def run(begin, end, step, wraps, blocks, segments, rules, pairs, state, inputs, record):  # type: ignore[no-untyped-def,unused-ignore]
    """Run the rows from `begin` up to `end`, or until no more spikes can be kept; `step` is the step before row 0.

    `wraps` says whether the input of a step wraps round beyond what a chip has for it.  Returns the row that comes
    next, and how many spikes were kept.
    """
    n, kept = len(state.v), 0
    changes = np.zeros(len(rules.eta), np.int32)
    for row in range(begin, end):
        if len(record.rows) - kept < n:
            return row, kept
        now = step + 1 + row
        slot = now % len(state.arriving)
        count = _fire(slot, blocks, state, wraps)
        for k in range(count):
            compartment = state.fired[k]
            state.spiking[compartment] = True
            if record.kept[compartment]:
                record.rows[kept], record.compartments[kept] = row, compartment
                kept += 1
        for k in range(len(record.watched)):
            record.potentials[row, k] = state.v[record.watched[k]]
        for k in range(len(changes)):
            changes[k] = rules.eta[k] if state.spiking[rules.reinforcement[k]] else -rules.eta[k]
        total = count
        for k in range(inputs.pointer[row], inputs.pointer[row + 1]):
            state.fired[total] = inputs.source[k]
            total += 1
        _send(total, now, segments, rules.w_max, changes, state)
        if len(pairs.numbers):
            for k in range(count, total):
                state.spiking[state.fired[k]] = True
            learn(pairs, state.weights, state.spiking)
        for k in range(total):
            state.spiking[state.fired[k]] = False
    return end, kept


@compiled
def _fire(slot, blocks, state, wraps):  # type: ignore[no-untyped-def,unused-ignore]
    """Who fires: into ``state.fired``; returns how many."""
    count = np.int64(0)
    for k in range(len(blocks.order)):
        b = blocks.order[k]
        state.bounds[b], state.ends[b] = count, count
        if not (state.touched[slot, b] or state.busy[b]):
            continue
        first, stop = blocks.first[b], blocks.first[b + 1]
        arriving = state.arriving[slot, first:stop]
        beyond = np.int32(0)
        if state.touched[slot, b]:
            for j in range(len(arriving)):
                beyond |= (arriving[j] + np.int32(32768)) >> np.int32(16)
            if beyond:
                _limit_inputs(arriving, b, state, wraps)
        if not (state.busy[b] or beyond):  # it forgets, and u can't wrap round
            limit = state.limit[first:stop]
            for j in range(len(arriving)):
                if arriving[j] > limit[j]:
                    state.fired[count] = first + j
                    count += 1
        else:
            count = _integrate(b, arriving, count, k < blocks.dendrites, blocks, state)
        if state.touched[slot, b]:
            arriving[:] = 0
            state.touched[slot, b] = False
        state.ends[b] = count
    return count


@compiled
def _limit_inputs(arriving, block, state, wraps):  # type: ignore[no-untyped-def,unused-ignore]
    """The sum of a step has 15 bits and a sign on the chip, in units of 2**6."""
    for j in range(len(arriving)):
        wrapped = np.int32(np.int16(arriving[j]))
        if wrapped != arriving[j]:
            state.overflows[0, block] += 1
            if wraps:
                arriving[j] = wrapped


@compiled
def _integrate(b, arriving, count, is_dendrite, blocks, state):  # type: ignore[no-untyped-def,unused-ignore]
    """One step of u and v of a block; returns how many fire until here."""
    first, keep_u, keep_v, pause = blocks.first[b], blocks.keep_u[b], blocks.keep_v[b], blocks.refractory[b] - 1
    for j in range(len(arriving)):
        i = first + j
        exact = _decayed(np.int64(state.u[i]), keep_u) + (np.int64(arriving[j]) << INPUT_SHIFT)
        u = ((exact + _HALF) & _WHOLE) - _HALF
        if u != exact:
            state.overflows[1, b] += 1
        state.u[i] = u
        if state.pause[i]:
            state.pause[i] -= 1
            state.v[i] = 0
            continue
        v = _decayed(np.int64(state.v[i]), keep_v) + u + state.bias[i]
        for k in range(len(blocks.joined)):
            if blocks.joined[k, i] >= 0:
                v += state.v[blocks.joined[k, i]]
        clipped = min(max(v, -_LARGEST_V), _LARGEST_V)
        if clipped > state.threshold[i] and not is_dendrite:
            state.fired[count] = i
            count += 1
            state.pause[i] = pause
            clipped = np.int64(0)
        elif clipped != v:
            state.overflows[2, b] += 1
        state.v[i] = clipped
    return count


@inlined
def _decayed(value, keep):  # type: ignore[no-untyped-def,unused-ignore]
    """Towards zero, fractions cut off."""
    return (value * keep) >> 12 if value >= 0 else -((-value * keep) >> 12)


@compiled
def _send(total, now, segments, w_max, changes, state):  # type: ignore[no-untyped-def,unused-ignore]
    """Hand all spikes on; where the target fires too, a plastic weight changes after it was sent."""
    slots, weights = len(state.arriving), state.weights
    for k in range(total):
        source = state.fired[k]
        for s in range(segments.pointer[source], segments.pointer[source + 1]):
            slot = (now + segments.latency[s]) % slots
            post, begin, length, block = segments.post[s], segments.begin[s], segments.length[s], segments.block[s]
            # Slices, so that no index can be negative: only then are the loops vectorised.
            arriving = state.arriving[slot, post : post + length]
            state.touched[slot, block] = True
            if segments.uniform[s]:
                weight = np.int32(weights[begin])
                for j in range(length):
                    arriving[j] += weight
                continue
            sent = weights[begin : begin + length]
            for j in range(length):
                arriving[j] += np.int32(sent[j])
            rule = segments.rule[s]
            if rule >= 0:
                change, most = changes[rule], w_max[rule]
                for f in range(state.bounds[block], state.ends[block]):
                    at = state.fired[f] - post
                    if 0 <= at < length:
                        sent[at] = np.int16(min(max(np.int32(sent[at]) + change, -most), most))
