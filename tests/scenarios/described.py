"""PyNN networks on `hardware.lava` that are described and translated, but not run: no Lava is needed."""

from __future__ import annotations

from typing import Any

import hardware.lava as sim
from hardware.lava.simulator import state
from hardware.lava.translation.discretize import Discretization
from hardware.lava.translation.network import Synapses


def population(size: int = 1, label: str = "pop", **changes: Any) -> Any:
    """Memoryless cells with a threshold of 1024.5 mV."""
    values = {"v_rest": 0.0, "v_reset": 0.0, "v_thresh": 1024.5, "tau_m": 0.001, "tau_refrac": 0.0, "cm": 1.0}
    return sim.Population(size, sim.IF_curr_delta(**{**values, **changes}), label=label)


def currents(size: int = 1, label: str = "exp") -> Any:
    """Cells with currents that decay in 5 ms and a threshold that is far away."""
    values = {"v_rest": -65.0, "v_reset": -65.0, "v_thresh": 5000.0, "tau_m": 20.0, "tau_refrac": 0.0, "cm": 1.0}
    return sim.Population(size, sim.IF_curr_exp(**values, tau_syn_E=5.0, tau_syn_I=5.0), label=label)


def sources(*trains: list[float], label: str = "sources") -> Any:
    """Spike sources with these spike times."""
    return sim.Population(len(trains), sim.SpikeSourceArray(spike_times=list(trains)), label=label)


def static(pre: Any, post: Any, weight: Any = 4.0, delay: Any = 1.0, label: str | None = "static") -> Any:
    """All to all."""
    synapse = sim.StaticSynapse(weight=weight, delay=delay)
    return _all_to_all(pre, post, synapse, label)


def plastic(pre: Any, post: Any, reinforcement: Any = None, **changes: Any) -> Any:
    """All to all, by a reinforcement neuron that is made with it unless there is one."""
    neuron = population(1, "r") if reinforcement is None else reinforcement
    values = {"weight": 10.0, "eta": 2.0, "w_max": 254.0, **changes}
    return _all_to_all(pre, post, sim.ReinforcedHebbianSynapse(neuron, **values), "plastic")


def _all_to_all(pre: Any, post: Any, synapse: Any, label: str | None) -> Any:
    """Of an assembly PyNN does not always choose the same receptor type by itself."""
    return sim.Projection(pre, post, sim.AllToAllConnector(), synapse, receptor_type="excitatory", label=label)


def discretized() -> Discretization:
    """The present network in the chip's integers."""
    return state.discretized()


def synapses() -> Synapses:
    """Those of the only projection."""
    (only,) = discretized().network.synapses
    return only
