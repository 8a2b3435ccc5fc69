"""A peer: eligibility propagation (e-prop) as NEST has it, a three-factor rule, on a network without recurrence.

Hidden units are NEST's ``eprop_iaf``, outputs its ``eprop_readout``; the error reaches the hidden units through fixed
random weights (Bellec et al., Nature Communications 11:3625, 2020).  Both have time constants of some steps, and a
sample takes :data:`STEPS` steps, as in the published circuit: the input fires in the first one, and the outputs compare
themselves with the target in the last :data:`WINDOW`.  The class is the output with the highest potential in the end.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from pynn_backprop.errors import InputError
from pynn_backprop.simulation.backends.registry import load_simulator

from ..rows import TEST, TRAIN
from .base import Task
from .kinds.peer import dense_macs, effective_operations, peer, versions_of

STEPS, WINDOW = 12, 4
RATES = (5e-4, 2e-4, 1e-3)

SAMPLES_PER_RUN = 500
NUMBER_BYTES = 8

HIDDEN = {
    "C_m": 1.0,
    "E_L": 0.0,
    "V_m": 0.0,
    "V_th": 0.6,
    "t_ref": 0.0,
    "tau_m": 5.0,
    "kappa": 0.8,
    "surrogate_gradient_function": "piecewise_linear",
    "eprop_isi_trace_cutoff": 2 * STEPS,
}
OUTPUT = {"C_m": 1.0, "E_L": 0.0, "V_m": 0.0, "tau_m": 5.0, "eprop_isi_trace_cutoff": 2 * STEPS}


class _Eprop:
    """Input, one hidden layer, output."""

    def __init__(self, task: Task, rate: float) -> None:
        if len(task.units) != 3:
            raise InputError(f"the layers are {task.units}, but e-prop has exactly one hidden layer here")
        self.sizes = task.units
        self.nest: Any = load_simulator("nest").nest
        self.nest.ResetKernel()
        self.nest.set(resolution=1.0, local_num_threads=task.threads, print_time=False)
        self.nest.set_verbosity("M_ERROR")
        self._create()
        self._connect(np.random.default_rng(task.seed), rate)
        self.nest.Simulate(STEPS)

    def _create(self) -> None:
        create, (n_in, n_hidden, n_out) = self.nest.Create, self.sizes
        # A device can't have plastic synapses: parrots repeat its spikes.
        self.spikes, self.inputs = create("spike_generator", n_in), create("parrot_neuron", n_in)
        self.hidden = create("eprop_iaf", n_hidden, HIDDEN)
        self.outputs = create("eprop_readout", n_out, OUTPUT)
        self.targets, self.window = create("step_rate_generator", n_out), create("step_rate_generator")
        # Once in a sample, in its last step but one: what is recorded in the last one of a run comes with the next run.
        self.potentials = create("multimeter", {"interval": STEPS, "offset": STEPS - 1.0, "record_from": ["V_m"]})

    def _connect(self, random: np.random.Generator, rate: float) -> None:
        connect, (n_in, n_hidden, n_out) = self.nest.Connect, self.sizes
        optimiser = {"type": "gradient_descent", "batch_size": 1, "eta": rate, "optimize_each_step": False}
        self.nest.SetDefaults("eprop_synapse", {"optimizer": optimiser})
        plastic, feedback = ({"synapse_model": name} for name in ("eprop_synapse", "eprop_learning_signal_connection"))
        instantaneous = {"synapse_model": "rate_connection_delayed", "delay": 1.0}
        forward = 2.0 * random.normal(size=(n_hidden, n_in)) / np.sqrt(n_in)
        upward = random.normal(size=(n_out, n_hidden)) / np.sqrt(n_hidden)
        connect(self.spikes, self.inputs, "one_to_one", {"delay": 1.0})
        connect(self.inputs, self.hidden, "all_to_all", {**plastic, "weight": forward})
        connect(self.hidden, self.outputs, "all_to_all", {**plastic, "weight": upward})
        connect(self.outputs, self.hidden, "all_to_all", {**feedback, "weight": random.normal(size=(n_hidden, n_out))})
        receptors = self.outputs[0].receptor_types
        window, target = receptors["eprop_learning_window"], receptors["target_signal"]
        connect(self.window, self.outputs, "all_to_all", {**instantaneous, "receptor_type": window})
        connect(self.targets, self.outputs, "one_to_one", {**instantaneous, "receptor_type": target})
        connect(self.potentials, self.outputs)

    def _show(self, x: np.ndarray, labels: np.ndarray | None) -> np.ndarray:
        """Show samples, with the window open if they have labels; the potentials in the end, shape (n, n_out)."""
        first = self.nest.biological_time + 1.0 + STEPS * np.arange(len(x))
        self.spikes.set([{"spike_times": first[column]} for column in x.T])
        opens = first + STEPS - WINDOW
        times = np.column_stack((opens, opens + WINDOW)).ravel()
        open_or_not = np.tile([0.0 if labels is None else 1.0, 0.0], len(x))
        self.window.set({"amplitude_times": times, "amplitude_values": open_or_not})
        if labels is not None:
            wanted = [(labels == label).astype(float) for label in range(self.sizes[-1])]
            self.targets.set([{"amplitude_times": first, "amplitude_values": values} for values in wanted])
        self.potentials.n_events = 0
        self.nest.Simulate(STEPS * len(x))
        events = self.potentials.events
        order = np.lexsort((events["senders"], events["times"]))
        potentials: np.ndarray = events["V_m"][order].reshape(len(x), self.sizes[-1])
        return potentials

    def learn(self, x: np.ndarray, labels: np.ndarray) -> None:
        for first in range(0, len(x), SAMPLES_PER_RUN):
            self._show(x[first : first + SAMPLES_PER_RUN], labels[first : first + SAMPLES_PER_RUN])

    def answer(self, x: np.ndarray) -> np.ndarray:
        parts = [self._show(x[first : first + SAMPLES_PER_RUN], None) for first in range(0, len(x), SAMPLES_PER_RUN)]
        return np.concatenate(parts).argmax(axis=1)

    def neurobench(self, x: np.ndarray) -> dict[str, Any]:
        """Potentials decay all the time, so every one of them changes in every step."""
        recorder = self.nest.Create("spike_recorder")
        self.nest.Connect(self.hidden, recorder)
        self.answer(x)
        forward, upward = self._weights(self.inputs, self.hidden), self._weights(self.hidden, self.outputs)
        fired = np.bincount(recorder.events["senders"] - self.hidden[0].global_id, minlength=self.sizes[1])
        operations = effective_operations(x, forward) + int(fired @ np.count_nonzero(upward, axis=1))
        zeros = int(np.sum(forward == 0) + np.sum(upward == 0))
        neurons, weights = sum(self.sizes[1:]), dense_macs(self.sizes)
        return {
            "Footprint": NUMBER_BYTES * (weights + self.sizes[1] * self.sizes[2] + neurons),
            "ConnectionSparsity": zeros / weights,
            "ActivationSparsity": 1.0 - float(fired.sum()) / (self.sizes[1] * STEPS * len(x)),
            "SynapticOperations": {
                "Effective_ACs": operations / len(x),
                "Effective_MACs": 0.0,
                "Dense": weights * STEPS,
            },
            "MembraneUpdates": neurons * STEPS,
        }

    def _weights(self, pre: Any, post: Any) -> np.ndarray:
        """Shape (n_pre, n_post)."""
        found = self.nest.GetConnections(pre, post).get(["source", "target", "weight"])
        matrix = np.zeros((len(pre), len(post)))
        rows, columns = (np.array(found[end]) for end in ("source", "target"))
        matrix[rows - pre[0].global_id, columns - post[0].global_id] = found["weight"]
        return matrix

    def macs(self) -> dict[str, int]:
        """Of each weight in each step: its use; in learning also its eligibility and its change, and the feedback."""
        weights, feedback = dense_macs(self.sizes), self.sizes[1] * self.sizes[2]
        return {TRAIN: STEPS * (3 * weights + feedback), TEST: STEPS * weights}


PLATFORM = peer(
    "nest-eprop",
    "e-prop, a three-factor rule, as NEST has it",
    ("online",),
    _Eprop,
    versions_of("nest-simulator"),
    RATES,
)
