"""What the inference circuit answers, and how good that is."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from ..arguments import checked
from ..checks import check_count, checked_samples
from ..circuit.circuit import Circuit
from ..circuit.inference import inference_circuit
from ..circuit.parts import PROBE
from ..codes.code import Code
from ..errors import InputError
from ..interfaces import Platform
from ..weights import Weights, check_weights


@dataclass(frozen=True)
class Score:
    """How well a network answers; shares of all samples.

    Parameters
    ----------
    samples : int
        How many were asked.
    by_spikes : float
        The first output that fires most is the target; silence counts as wrong.
    by_potential : float
        The output with the largest drive is the target.
    all_right : float
        The target fires, with all its neurons, and no other output does.
    """

    samples: int
    by_spikes: float
    by_potential: float
    all_right: float


@dataclass(frozen=True)
class Evaluation:
    """What the inference circuit answered.

    Parameters
    ----------
    outputs : numpy.ndarray of bool or float, shape (n, n_out)
        Which outputs fired.  Of graded codes, and of several windows, the share of neurons that fired, 0 to 1.
    potentials : numpy.ndarray of int, shape (n, n_out)
        Drives of the outputs, of graded codes summed over neurons and windows.
    seconds : float
        Wall time of the runs, without building, in s.
    """

    outputs: np.ndarray
    potentials: np.ndarray
    seconds: float

    def score(self, labels: np.ndarray) -> Score:
        """Compare with labels, integers of shape (n,)."""
        labels = np.asarray(labels)
        target = np.arange(self.outputs.shape[1]) == labels[:, None]
        return Score(
            samples=len(labels),
            by_spikes=float(np.mean(first_firing(self.outputs) == labels)),
            by_potential=float(np.mean(self.potentials.argmax(axis=1) == labels)),
            all_right=float(np.mean((self.outputs == target).all(axis=1))),
        )


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


def answering_circuit(circuit: Circuit) -> Circuit:
    """The inference circuit, with a probe, that answers with what a circuit has learnt: same units, strengths, code."""
    return inference_circuit(circuit.units, circuit.parameters, probe=True, code=circuit.code)


@checked
def evaluate(
    platform: Platform,
    circuit: Circuit,
    x: np.ndarray,
    weights: Weights,
    *,
    windows: int = 1,
    callback: Callable[[int], None] = lambda shown: None,
) -> Evaluation:
    """Answer samples with the spiking inference circuit.

    Parameters
    ----------
    platform : Platform
        Where.
    circuit : Circuit
        An inference circuit with a probe, see :func:`answering_circuit`.
    x : numpy.ndarray of bool, shape (n, n_in)
        Which input neurons fire; see :meth:`pynn_backprop.codes.code.Code.fire`.
    weights : Mapping of str to numpy.ndarray of int, shape (n_pre, n_post)
        By name.
    windows : int
        How often each sample is shown, in a row: with other levels each time, so that the mean of several answers is
        finer than one.
    callback : callable
        Called after every run with the number of samples shown.

    Returns
    -------
    Evaluation

    Raises
    ------
    InputError
        If anything does not fit the circuit.
    """
    x = checked_samples(x, circuit.neurons[0])
    check_count("the number of samples", len(x))
    check_count("windows", windows)
    if PROBE not in (population.name for population in circuit.populations):
        raise InputError(
            "circuit has no probe, from which the outputs' potentials are read, but must be an inference circuit with "
            "one: inference_circuit(..., probe=True)"
        )
    weights = check_weights(weights, circuit.parameters, circuit.neurons)
    running, at_once = platform.build(circuit, weights), max(1, platform.samples_per_run // windows)
    try:
        outputs, potentials = [], []
        start = time.perf_counter()
        for first in range(0, len(x), at_once):
            response = running.infer(np.repeat(x[first : first + at_once], windows, axis=0))
            assert response.potentials is not None
            outputs.append(_over_windows(response.outputs, circuit.code, windows))
            potentials.append(_over_windows(response.potentials, circuit.code, windows))
            callback(min(first + at_once, len(x)))
        seconds = time.perf_counter() - start
    finally:
        running.close()
    fired, most = np.concatenate(outputs), circuit.code.n * windows
    return Evaluation(fired.astype(bool) if most == 1 else fired / most, np.concatenate(potentials), seconds)


def _over_windows(values: np.ndarray, code: Code, windows: int) -> np.ndarray:
    """Sums over the neurons of each unit and over windows, shape (n, n_out)."""
    by_unit = code.counts(values)
    return np.asarray(by_unit.reshape(-1, windows, by_unit.shape[1]).sum(axis=1))
