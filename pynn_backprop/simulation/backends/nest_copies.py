"""A reinforcement neuron on many processes: one copy of it for each thread of each, which fire as it does.

The compiled synapse asks in the step of a coincidence whether the reinforcement neuron fires, and a process knows that
of its own neurons only.  Copies get the same spikes as the neuron, so they fire in the same steps.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import nest
import numpy as np
from pyNN.nest import simulator

from ...circuit.connectivity import Block
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
    drives : list of (NodeCollection, NodeCollection, Block)
        All that static synapses connect: NEST is not asked, for it must not be before all is connected.

    Attributes
    ----------
    here : int
        The ID of the copy in this process.
    """

    def __init__(self, original: Any, processes: Processes, drives: Sequence[tuple[Any, Any, Block]]) -> None:
        self._original, self._processes, self._drives = original, processes, drives
        self._connected = self._local_files_merged = False
        model = original.celltype.nest_name[simulator.state.spike_precision]
        # IDs that follow one another go round all threads of all processes.
        self._nodes = nest.Create(model, nest.GetKernelStatus("total_num_virtual_procs"))
        self.here = int(self._nodes.tolist()[int(np.argmax(self._nodes.local))])
        simulator.state.recording_devices.append(self)

    def connect_to_cells(self) -> None:
        """Give the copies the parameters of the neuron, and connect them to all that drives it."""
        self._connected = True
        neuron = nest.NodeCollection([int(self._original.all_cells[0])])
        self._nodes.set(next(status for status in self._processes.gather(self._status(neuron)) if status is not None))
        number = neuron.tolist()[0]
        for pre, post, block in self._drives:
            place = number - post[block.post].tolist()[0]
            if 0 <= place < block.shape[1]:
                self._connect(pre[block.pre], place, block)

    def _status(self, neuron: Any) -> dict[str, Any] | None:
        """Parameters and present state of the neuron; None where it is another process's."""
        if not neuron.local:
            return None
        names = {*self._original.celltype.get_native_names(), "V_m"}
        return {name: value for name, value in neuron.get().items() if name in names}

    def _connect(self, sources: Any, place: int, block: Block) -> None:
        """What a block connects to its neuron of this place."""
        weights = block.weights()
        if block.all_to_all:
            weights = weights.reshape(block.shape)[:, place]
        else:
            sources, weights = sources[place], weights[[place]]
        for source, weight in zip(sources.tolist(), weights, strict=True):
            how = {"synapse_model": "static_synapse", "weight": float(weight), "delay": block.delay}
            nest.Connect(nest.NodeCollection([source]), self._nodes, "all_to_all", how)
