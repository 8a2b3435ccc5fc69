"""What a row says of a tally: counts of one sample, and NeuroBench's metrics; means over the samples counted.

NeuroBench (Yik et al., Nature Communications, 2025) defines the metrics of :func:`neurobench`; the package is not
needed for them:

====================  =============================================================================================
Footprint             bytes of the model: weights and the states of neurons (:data:`WEIGHT_BYTES`,
                      :data:`STATE_BYTES`)
ConnectionSparsity    share of synapses whose weight is 0
ActivationSparsity    share of neurons and steps without a spike; sources are no neurons
SynapticOperations    ``Effective_ACs``: spikes times the synapses they reach whose weight is not 0;
                      ``Effective_MACs``: 0, as all spikes are binary; ``Dense``: all synapses in all steps
MembraneUpdates       neurons and steps in which the potential changes: the weights that arrive do not add up to 0
====================  =============================================================================================

NeuroBench counts the potentials of the first time step of a sample all as changed, since it knows none before; here
time goes on from sample to sample, and they are counted as in any other step.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from pynn_backprop.circuit.circuit import Circuit
from pynn_backprop.weights import Weights

from .counts import Tally

WEIGHT_BYTES = 1
"""Plastic weights are even and from -254 to 254, so half of one fits a signed byte; a fixed one is one of a few."""

STATE_BYTES = 4
"""A neuron's summed drive, up to 2^20 in size, as an int32."""


def counts_per_sample(circuit: Circuit, tally: Tally) -> dict[str, Any]:
    """Counts of one sample, means over those of the tally, as ``row["counts"]`` has them.

    ``learning_sweeps_per_sample`` is what a learning engine does that visits every plastic synapse in each step;
    ``latency_steps`` is the number of steps from the input's spikes to the output's.
    """
    size, schedule, n = circuit.count(), circuit.schedule, tally.samples
    neurons, synapses = size.neurons + size.reinforcement_neurons, size.synapses + size.reinforcement_synapses
    means = {name: (phases / n).tolist() for name, phases in tally.spikes.items()}
    return {
        "spikes_per_sample": {name: float(tally.spikes[name].sum() / n) for name in means},
        "spikes_by_phase": means,
        "spikes_by_layer": _by_layer(circuit, tally),
        "all_spikes_per_sample": sum(int(tally.spikes[p.name].sum()) for p in circuit.simulated) / n,
        "synaptic_events_per_sample": tally.synaptic_events / n,
        "plastic_updates_per_sample": tally.plastic_updates / n,
        "membrane_updates_per_sample": tally.membrane_updates / n,
        "active_updates_per_sample": tally.active_updates / n,
        "neuron_updates_per_sample": neurons * schedule.length,
        "learning_sweeps_per_sample": size.plastic_synapses * schedule.length,
        "steps_per_sample": schedule.length,
        "latency_steps": schedule.output,
        "neurons": neurons,
        "synapses": synapses,
        "plastic_synapses": size.plastic_synapses,
        "counted_samples": n,
    }


def _by_layer(circuit: Circuit, tally: Tally) -> dict[str, float]:
    """Spikes of the neurons of each layer, and of gates and reinforcement together."""
    found: dict[str, float] = {}
    for population in circuit.simulated:
        layer = "gates" if population.layer is None else str(population.layer)
        found[layer] = found.get(layer, 0.0) + float(tally.spikes[population.name].sum() / tally.samples)
    return found


def neurobench(circuit: Circuit, tally: Tally, weights: Weights) -> dict[str, Any]:
    """The metrics of the table above.

    Parameters
    ----------
    circuit : Circuit
        What ran.
    tally : Tally
        What was counted.
    weights : Weights
        For the sparsity of connections.
    """
    size, n, length = circuit.count(), tally.samples, circuit.schedule.length
    neurons, synapses = size.neurons + size.reinforcement_neurons, size.synapses + size.reinforcement_synapses
    zeros = sum(len(circuit.copies(name)) * int(np.sum(matrix == 0)) for name, matrix in weights.items())
    spikes = sum(int(tally.spikes[population.name].sum()) for population in circuit.simulated)
    return {
        "Footprint": WEIGHT_BYTES * synapses + STATE_BYTES * neurons,
        "ConnectionSparsity": zeros / synapses,
        "ActivationSparsity": 1.0 - spikes / (neurons * length * n),
        "SynapticOperations": {
            "Effective_ACs": tally.effective / n,
            "Effective_MACs": 0.0,
            "Dense": synapses * length,
        },
        "MembraneUpdates": tally.membrane_updates / n,
    }
