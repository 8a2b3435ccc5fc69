"""Single mechanisms: what the circuits are shown that have one of them each, and what theory says of it."""

from __future__ import annotations

import itertools
from dataclasses import dataclass

import numpy as np

from ..circuit.gating import gating_circuit
from ..circuit.hebbian import OFFSETS, hebbian_circuit, post_source
from ..circuit.memory import memory_circuit
from ..circuit.parameters import Parameters
from ..circuit.product import product_circuit
from ..circuit.transfer import transfer_circuit
from ..codes.code import Code
from .trial import Trial, fair_coins, levels_below

# --- pulse-gated Hebbian learning


@dataclass(frozen=True)
class Meeting:
    """What a single synapse sees in one sample.

    Parameters
    ----------
    pre
        Whether the presynaptic neuron fires.
    offset
        Steps from then to the postsynaptic spike; None if there is none.
    reinforced
        Whether the reinforcement neuron fires with the presynaptic one.
    """

    pre: bool
    offset: int | None
    reinforced: bool

    def change(self, eta: int) -> int:
        """By how much the weight changes, its bound apart."""
        if not self.pre or self.offset != 0:
            return 0
        return eta if self.reinforced else -eta


MEETINGS = tuple(itertools.starmap(Meeting, itertools.product((True, False), (*OFFSETS, None), (True, False))))
"""All that can be brought about."""


def hebbian_trial(meetings: tuple[Meeting, ...], weight: int, parameters: Parameters | None = None) -> Trial:
    """A synapse of a weight, and what it is to see, one after the other."""
    sources = {
        "input": [meeting.pre for meeting in meetings],
        "reinforcement": [meeting.reinforced for meeting in meetings],
    }
    sources |= {post_source(offset): [meeting.offset == offset for meeting in meetings] for offset in OFFSETS}
    fires = {name: np.array(column, bool)[:, None] for name, column in sources.items()}
    return Trial(hebbian_circuit(parameters), fires, {"W1": np.array([[weight]])})


def weights_after(meetings: tuple[Meeting, ...], weight: int, parameters: Parameters) -> list[int]:
    """The weight after each meeting."""
    found = []
    for meeting in meetings:
        weight = max(-parameters.w_max, min(parameters.w_max, weight + meeting.change(parameters.eta)))
        found.append(weight)
    return found


# --- Hadamard product


def product_trial(code: Code, errors: np.ndarray, masks: np.ndarray) -> Trial:
    """Errors and masks, from 0 to 1, shape (n_samples, units) of both."""
    circuit = product_circuit(np.shape(errors)[1], code)
    sources = {"input": code.fire(errors), "input mask": code.fire(masks)}
    return Trial(circuit, sources | fair_coins(circuit, len(errors)))


# --- short-term memory


def memory_trial(code: Code, gap: int, values: np.ndarray, between: np.ndarray) -> Trial:
    """Values that are to be kept, and others that pass meanwhile, from 0 to 1, shape (n_samples, units) of both."""
    circuit = memory_circuit(np.shape(values)[1], gap, code)
    sources = {"input": code.fire(values), "input between": code.fire(between)}
    return Trial(circuit, sources | fair_coins(circuit, len(values)))


# --- transfer curve


def transfer_trial(code: Code, weight: int, inputs: int = 1) -> Trial:
    """Drives from -N inputs weight to N inputs weight: so many units excite and as many inhibit, by more and more.

    Every drive is shown once in each cycle of the levels.
    """
    circuit = transfer_circuit(2 * inputs, code)
    most = inputs * code.n
    drives = np.repeat(np.arange(-most, most + 1), code.variants)
    neurons = np.arange(most)
    fires = np.concatenate((neurons < drives[:, None], neurons < -drives[:, None]), axis=1)
    signs = np.repeat([1, -1], most)[:, None]
    return Trial(circuit, {"input": fires}, {"W1": np.repeat(weight * signs, code.n, axis=1)})


def transfer_drives(code: Code, weight: int, inputs: int = 1) -> np.ndarray:
    """The drives of :func:`transfer_trial`, one for each sample."""
    most = inputs * code.n
    return weight * np.repeat(np.arange(-most, most + 1), code.variants)


def transferred(drives: np.ndarray, n: int, quantum: int) -> dict[str, np.ndarray]:
    """How many of n neurons fire at drives, by population of :func:`~pynn_backprop.circuit.transfer.transfer_circuit`.

    The output's is the clipped rectified drive, rounded to the nearest n-th of theta; edges and mask are all or none.
    """
    drives, theta = np.asarray(drives), n * quantum
    low, high = drives > 0, drives > theta
    return {"o": levels_below(drives, n, quantum), "o_low": n * low, "o_high": n * high, "c_o": n * (low & ~high)}


# --- conditional gating


def gating_trial(code: Code, conditions: np.ndarray, values: np.ndarray) -> Trial:
    """Conditions and values, from 0 to 1, shape (n_samples,) of both."""
    circuit = gating_circuit(code)
    sources = {
        "input": code.fire(np.asarray(values)[:, None]),
        "input condition": code.fire(np.asarray(conditions)[:, None]),
    }
    return Trial(circuit, sources | fair_coins(circuit, len(values)))
