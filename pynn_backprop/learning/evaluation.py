"""What the inference circuit answers, and how good that is."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
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
from ..spikes import first_firing as first_firing
from ..weights import Weights, check_weights


@dataclass(frozen=True)
class Score:
    """How well a network answers; shares of all samples.

    Parameters
    ----------
    samples : int
        How many were asked.
    by_spikes : float
        The output whose neurons of the read-out fire most is the target, see :func:`first_firing`; silence counts as
        wrong.
    by_single_spikes : float
        The same of the output neurons themselves, without a read-out.
    by_potential : float
        The output with the largest drive is the target.
    all_right : float
        The target fires, with all its neurons, and no other output does.
    ties : int
        Samples for which several outputs fired most, so that the first of them answered.
    """

    samples: int
    by_spikes: float
    by_single_spikes: float
    by_potential: float
    all_right: float
    ties: int


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
    readout : numpy.ndarray of int, shape (n, n_out), optional
        Spikes of the read-out for each output; None if the circuit has none.
    """

    outputs: np.ndarray
    potentials: np.ndarray
    seconds: float
    readout: np.ndarray | None = None

    @property
    def spikes(self) -> np.ndarray:
        """What answers by spikes, shape (n, n_out): those of the read-out, or of the outputs."""
        return self.outputs if self.readout is None else self.readout

    def score(self, labels: np.ndarray) -> Score:
        """Compare with labels, integers of shape (n,)."""
        labels = np.asarray(labels)
        target = np.arange(self.outputs.shape[1]) == labels[:, None]
        return Score(
            samples=len(labels),
            by_spikes=float(np.mean(first_firing(self.spikes) == labels)),
            by_single_spikes=float(np.mean(first_firing(self.outputs) == labels)),
            by_potential=float(np.mean(self.potentials.argmax(axis=1) == labels)),
            all_right=float(np.mean((self.outputs == target).all(axis=1))),
            ties=int(np.sum(tied(self.spikes))),
        )


def together(evaluations: Sequence[Evaluation]) -> Evaluation:
    """What several networks answer to the same samples as a committee: their output spikes are counted together.

    Parameters
    ----------
    evaluations : sequence of Evaluation
        One of each network.

    Returns
    -------
    Evaluation
        Spikes of all read-outs, and potentials, added up; of single output neurons the share that fires.

    Raises
    ------
    InputError
        If there are none, they are of other samples or classes, or their read-outs have not the same levels.
    """
    if not evaluations:
        raise InputError("evaluations is empty but must hold the answers of at least one network")
    shapes = {evaluation.outputs.shape for evaluation in evaluations}
    if len(shapes) > 1:
        raise InputError(f"a committee must answer the same samples, but its answers have the shapes {sorted(shapes)}")
    if len(evaluations) == 1:
        return evaluations[0]
    readouts = [evaluation.readout for evaluation in evaluations]
    counted = [readout for readout in readouts if readout is not None]
    if counted and len(counted) < len(readouts):
        raise InputError("a committee must answer with one kind of read-out, but only some of its networks have one")
    return Evaluation(
        np.mean([evaluation.outputs for evaluation in evaluations], axis=0),
        np.sum([evaluation.potentials for evaluation in evaluations], axis=0),
        sum(evaluation.seconds for evaluation in evaluations),
        np.sum(counted, axis=0) if counted else None,
    )


def tied(spikes: np.ndarray) -> np.ndarray:
    """Where several outputs fire most, so that :func:`first_firing` chooses the first; bool of shape (n,)."""
    most = spikes.max(axis=1, keepdims=True)
    return np.asarray((most[:, 0] > 0) & ((spikes == most).sum(axis=1) > 1))


def answering_circuit(circuit: Circuit, readout_levels: int = 1) -> Circuit:
    """The inference circuit, with a probe, that answers with what a circuit has learnt: same units, strengths, code.

    Parameters
    ----------
    circuit : Circuit
        What learns.
    readout_levels : int
        Neurons with which each output neuron answers, see
        :func:`~pynn_backprop.circuit.inference.inference_circuit`.
    """
    return inference_circuit(
        circuit.units, circuit.parameters, probe=True, code=circuit.code, readout_levels=readout_levels
    )


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
        outputs, potentials, readout = [], [], []
        start = time.perf_counter()
        for first in range(0, len(x), at_once):
            response = running.infer(np.repeat(x[first : first + at_once], windows, axis=0))
            assert response.potentials is not None
            outputs.append(_over_windows(response.outputs, circuit.code, windows))
            potentials.append(_over_windows(response.potentials, circuit.code, windows))
            if response.readout is not None:
                readout.append(_over_windows(response.readout, circuit.code, windows))
            callback(min(first + at_once, len(x)))
        seconds = time.perf_counter() - start
    finally:
        running.close()
    fired, most = np.concatenate(outputs), circuit.code.n * windows
    return Evaluation(
        fired.astype(bool) if most == 1 else fired / most,
        np.concatenate(potentials),
        seconds,
        np.concatenate(readout) if readout else None,
    )


def _over_windows(values: np.ndarray, code: Code, windows: int) -> np.ndarray:
    """Sums over the neurons of each unit and over windows, shape (n, n_out)."""
    by_unit = code.counts(values)
    return np.asarray(by_unit.reshape(-1, windows, by_unit.shape[1]).sum(axis=1))
