"""What a circuit is shown whose matrix is to be copied, and what the copy should be."""

from __future__ import annotations

import numpy as np

from ..circuit.circuit import Circuit
from ..circuit.parameters import Parameters
from ..circuit.synaptic_copy import levels_of, synaptic_copy_circuit
from .trial import Trial


def copy_sources(circuit: Circuit) -> dict[str, np.ndarray]:
    """Each presynaptic neuron alone, once for each level; bool of shape (n_pre * levels, n_pre) by name."""
    one = np.eye(circuit.neurons[0], dtype=bool)
    return {"input": np.repeat(one, levels_of(circuit.parameters), axis=0)}


def copy_trial(original: np.ndarray, parameters: Parameters | None = None, start: np.ndarray | None = None) -> Trial:
    """A matrix, and the circuit that copies it.

    Parameters
    ----------
    original
        Integers of shape (n_pre, n_post) within w_max.
    parameters
        Strengths; the published ones if None.
    start
        What the copy is at first; all 0 if None.
    """
    circuit = synaptic_copy_circuit(original, parameters)
    first = np.zeros(np.shape(original), np.int64) if start is None else np.asarray(start)
    return Trial(circuit, copy_sources(circuit), {"W1": first})


def copied(original: np.ndarray, parameters: Parameters) -> np.ndarray:
    """What a copy that begins at 0 ends as: the nearest multiples of eta, of two the smaller in size."""
    size = np.abs(np.asarray(original, dtype=np.int64))
    steps = (size - parameters.eta // 2 + parameters.eta - 1) // parameters.eta
    return np.asarray(np.sign(original) * parameters.eta * np.clip(steps, 0, levels_of(parameters)))


def random_matrix(seed: int, n_pre: int, n_post: int, parameters: Parameters) -> np.ndarray:
    """Random multiples of eta within w_max, shape (n_pre, n_post)."""
    most = levels_of(parameters)
    return parameters.eta * np.random.default_rng(seed).integers(-most, most + 1, (n_pre, n_post))
