"""A reinforcement neuron on many processes: one copy of it for each thread of each, which fire as it does.

The compiled synapse asks in the step of a coincidence whether the reinforcement neuron fires, and a process knows that
of its own neurons only.  Copies get the same spikes as the neuron, so they fire in the same steps.
"""

from __future__ import annotations

from typing import Any

import nest
import numpy as np
from pyNN.nest import simulator

from ...errors import PlatformError
from ...processes import Processes


class Copies:
    """Copies of a neuron, made at once and brought to life at the first run, when all that drives the neuron is known.

    PyNN connects recording devices just then, and takes this for one of them.

    Parameters
    ----------
    original : PyNN Population or view
        The one neuron.
    processes : Processes
        All of them make it.

    Attributes
    ----------
    here : int
        The ID of the copy in this process.
    """

    def __init__(self, original: Any, processes: Processes) -> None:
        self._original, self._processes = original, processes
        self._connected = self._local_files_merged = False
        model = original.celltype.nest_name[simulator.state.spike_precision]
        # IDs that follow one another go round all threads of all processes.
        self._nodes = nest.Create(model, nest.GetKernelStatus("total_num_virtual_procs"))
        self.here = int(self._nodes.tolist()[int(np.argmax(self._nodes.local))])
        simulator.state.recording_devices.append(self)

    def connect_to_cells(self) -> None:
        """Give the copies the parameters of the neuron, and connect them to all that drives it."""
        self._connected = True
        found = [part for part in self._processes.gather(self._described()) if part is not None]
        status, inputs = found[0]
        self._nodes.set(status)
        for (model, weight, delay, receptor), sources in inputs.items():
            specification = {"synapse_model": model, "weight": weight, "delay": delay, "receptor_type": receptor}
            nest.Connect(nest.NodeCollection(sources), self._nodes, "all_to_all", specification)

    def _described(self) -> tuple[dict[str, Any], dict[tuple[Any, ...], list[int]]] | None:
        """Parameters and present state, and the sources of synapses that are alike; None where the neuron is not."""
        neuron = nest.NodeCollection([int(self._original.all_cells[0])])
        connections = nest.GetConnections(target=neuron)  # all processes must ask: NEST sorts its tables together
        if not neuron.local:
            return None
        names = {*self._original.celltype.get_native_names(), "V_m"}
        status = {name: value for name, value in neuron.get().items() if name in names}
        inputs: dict[tuple[Any, ...], list[int]] = {}
        if len(connections):
            wanted = ["source", "synapse_model", "weight", "delay", "receptor"]
            found = connections.get(wanted)
            rows = zip(*(np.atleast_1d(found[name]).tolist() for name in wanted), strict=True)
            for source, model, weight, delay, receptor in rows:
                if self._drives(source, model):
                    inputs.setdefault((model.removesuffix("_lbl"), weight, delay, receptor), []).append(source)
        return status, {alike: sorted(sources) for alike, sources in inputs.items()}

    def _drives(self, source: int, model: str) -> bool:
        """Whether a source is one of those that copies need; recording devices are not."""
        kind = nest.NodeCollection([source]).get("element_type")
        if kind == "recorder":
            return False
        if kind != "neuron" or not model.startswith("static_synapse"):
            raise PlatformError(
                f"on many processes a reinforcement neuron must be driven by neurons through static synapses, but "
                f"node {source} ({kind}) drives it through a {model}: use variant='dopamine'"
            )
        return True
