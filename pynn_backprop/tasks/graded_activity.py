"""What the populations of a graded circuit do, phase by phase: the values that it computes, and every spike of a cycle.

The step simulator gives them; every platform fires the same spikes.
"""

from __future__ import annotations

import numpy as np

from ..circuit.parts import Circuit
from ..reference.steps import StepSimulator
from ..spikes import Spikes
from ..weights import Weights


def one_cycle(
    circuit: Circuit, weights: Weights, x: np.ndarray, targets: np.ndarray | None = None, sample: int = 0
) -> Spikes:
    """Every spike of the cycle that shows one sample.

    Parameters
    ----------
    circuit, weights
        The network.
    x
        Which input neurons fire, bool of shape (n_in,), in neurons.
    targets
        Which target neurons fire, bool of shape (n_out,), in neurons; None in an inference circuit.
    sample
        Number of the sample: it decides the levels.

    Returns
    -------
    dict
        Phase and neuron, int64 of shape (n_spikes, 2), by population.
    """
    simulator = StepSimulator(circuit, weights)
    simulator.skip(sample)
    if targets is None:
        simulator.infer(x[None])
    else:
        simulator.train(x[None], targets[None])
    first = np.array([circuit.schedule.length, 0])
    return {name: table - first for name, table in simulator.take_spikes().items()}


def layer_activity(
    circuit: Circuit, weights: Weights, x: np.ndarray, targets: np.ndarray | None = None
) -> dict[str, np.ndarray]:
    """The value of every unit in every phase: the share of its neurons that fire.

    Parameters
    ----------
    circuit, weights
        The network; it learns if it is a training circuit.
    x
        Which input neurons fire, bool of shape (n, n_in), in neurons.
    targets
        Which target neurons fire, bool of shape (n, n_out), in neurons; None in an inference circuit.

    Returns
    -------
    dict
        Float of shape (n, phases in a cycle, units) by population; those that belong to no layer are left out.
    """
    n, length = circuit.code.n, circuit.schedule.length
    layers = [population for population in circuit.simulated if population.layer is not None]
    simulator = StepSimulator(circuit, weights, [population.name for population in layers])
    if targets is None:
        simulator.infer(x)
    else:
        simulator.train(x, targets)
    spikes = simulator.take_spikes()
    shares = {}
    for population in layers:
        step, neuron = spikes[population.name].T
        share = np.zeros((len(x), length, population.size // n))
        np.add.at(share, (step // length - 1, step % length, neuron // n), 1 / n)
        shares[population.name] = share
    return shares
