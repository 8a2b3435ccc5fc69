"""A network on NEST: its synapses, and what is read from it.  Importing this imports NEST."""

from __future__ import annotations

import math
import shutil
from collections.abc import Callable, Sequence, Sized
from pathlib import Path
from typing import Any

import nest
import numpy as np
from pyNN.nest import Population, simulator
from pyNN.nest.standardmodels.cells import IF_curr_delta
from pyNN.nest.standardmodels.synapses import StaticSynapse
from pyNN.nest.synapses import NESTSynapseMixin
from pyNN.parameters import ParameterSpace
from pyNN.standardmodels import build_translations

from ...circuit.connectivity import Block
from ...processes import Alone, Processes
from ..gathering import all_columns, all_spikes
from ..synapse import ReinforcedHebbianSynapse
from .common import BlockConnector, with_both_signs
from .nest_copies import Copies
from .nest_thread import check_home

LABELLED = "_lbl"
"""How the names of models end whose synapses have labels, which PyNN needs."""

COMPILED_MODEL = "reinforced_hebbian_synapse"
DOPAMINE_MODEL = "stdp_dopamine_synapse"
CREATES, COUNTS, MENDED = "_create_cells", "id_to_index", "pynn_backprop_mended_"
"""The methods of PyNN's Population that are mended, and how the attributes begin that keep PyNN's own."""

USED = "pynn_backprop_used"
"""Attribute of the state of PyNN's NEST module once there was a network of many processes."""

SYNAPSES_AT_ONCE = 8_000
ALONE = Alone()
DELIVER_RARELY = 12_000
"""Steps between the moments in which the volume transmitter brings all dopamine synapses up to date."""


def mend() -> None:
    """Mend what PyNN and NEST leave behind in ``setup``, log without end, or can't record."""
    # PyNN makes a folder for data files at every setup; nothing is recorded to files here, and removed at once it can't
    # be left behind by a process that is killed.
    while simulator.state.tempdirs:
        shutil.rmtree(simulator.state.tempdirs.pop(), ignore_errors=True)

    # NEST logs each change of its spike buffer's size, and PyNN reads the whole log, as a part of the kernel's status,
    # seventeen times a run: a training became twice as slow within 40,000 samples.  A buffer that only grows is soon
    # large enough.
    nest.SetKernelStatus({"spike_buffer_shrink_limit": 0.0})
    # On many processes NEST 3.10 loses spikes of all but the first network, and where connections change after
    # GetConnections, unless it sends one packet for each synapse: right, but slower.
    if simulator.state.num_processes > 1:
        nest.SetKernelStatus({"use_compressed_spikes": not hasattr(simulator.state, USED)})
        setattr(simulator.state, USED, True)
    if not hasattr(IF_curr_delta, "variable_map"):  # PyNN 0.13.0 can't record v of this cell
        IF_curr_delta.variable_map = {"v": "V_m"}
        IF_curr_delta.scale_factors = {"v": 1}
    for name, mended in ((CREATES, _create), (COUNTS, _id_to_index)):
        if not hasattr(Population, MENDED + name):
            setattr(Population, MENDED + name, getattr(Population, name))
            setattr(Population, name, mended)


def _create(population: Any) -> None:
    """As PyNN's, but also for a Population of one neuron that is another process's."""
    getattr(type(population), MENDED + CREATES)(population)
    population._mask_local = np.atleast_1d(population._mask_local)


def _id_to_index(population: Any, id: Any) -> Any:
    """As PyNN's, but also for no neurons at all: a process may have none of those that are recorded."""
    if isinstance(id, Sized) and len(id) == 0:
        return np.array([], int)
    return getattr(type(population), MENDED + COUNTS)(population, id)


def install(extension: Path) -> None:
    """Load the compiled synapse; NEST forgets extension modules at every ``sim.setup``."""
    nest.Install(str(extension))


class NestSession:
    """See :class:`pynn_backprop.interfaces.Session`.

    Parameters
    ----------
    sim
        ``pyNN.nest``, set up.
    variant
        Implementation of the plastic synapse, ``compiled`` or ``dopamine``.
    processes
        All that build the network; each of them gets whole what is read from it.
    """

    def __init__(self, sim: Any, variant: str, processes: Processes = ALONE) -> None:
        self.sim, self.variant, self._processes = sim, variant, processes
        self._models: dict[tuple[int, float, float], str] = {}
        self._transmitters: dict[int, Any] = {}
        self._copies: dict[int, Copies] = {}
        self._drives: list[tuple[Any, Any, Block]] = []

    # -- synapses --------------------------------------------------------------------------------------------------

    def connector(self, blocks: Sequence[Block]) -> NestConnector:
        """See :meth:`pynn_backprop.interfaces.Session.connector`."""
        return NestConnector(blocks, self._drives if self._processes.size > 1 else None)

    def static_synapse(self, **parameters: Any) -> Any:
        """PyNN's static synapse, for weights of both signs."""
        return with_both_signs(StaticSynapse, **parameters)

    def hebbian_synapse(self, reinforcement: Any, **parameters: Any) -> NestHebbianSynapse:
        """The synapse of the variant in use."""
        return NestHebbianSynapse(self._model, reinforcement, **parameters)

    def _model(self, reinforcement: Any, eta: float, w_max: float) -> str:
        """The NEST synapse model with these parameters: all synapses of one model share them, and its neuron."""
        neuron = int(reinforcement.all_cells[0])
        model = self._models.get((neuron, eta, w_max))
        if model is None:
            if self.variant == "compiled":
                base, common = COMPILED_MODEL, {"eta": eta, "w_max": w_max, "reinforcement": self._here(reinforcement)}
            else:
                base, common = DOPAMINE_MODEL, _dopamine(self._transmitter(neuron), eta, w_max)
            model = f"pynn_backprop_{self.variant}_{len(self._models)}{LABELLED}"
            nest.CopyModel(base + LABELLED, model, common)
            self._models[neuron, eta, w_max] = model
        return model

    def _here(self, reinforcement: Any) -> int:
        """The reinforcement neuron, or where there are several processes the copy in this one."""
        neuron = int(reinforcement.all_cells[0])
        if self._processes.size == 1:
            return neuron
        if neuron not in self._copies:
            self._copies[neuron] = Copies(reinforcement, self._processes, self._drives)
        return self._copies[neuron].here

    def _transmitter(self, neuron: int) -> Any:
        """What hands the spikes of a reinforcement neuron to dopamine synapses."""
        if neuron not in self._transmitters:
            made = nest.Create("volume_transmitter", params={"deliver_interval": DELIVER_RARELY})
            nest.Connect(nest.NodeCollection([neuron]), made, syn_spec={"delay": 1.0})
            self._transmitters[neuron] = made
        return self._transmitters[neuron]

    # -- reading ---------------------------------------------------------------------------------------------------

    def settle(self) -> None:
        """Bring all weights up to date; a dopamine synapse postpones its changes until its neuron fires again."""
        if self._transmitters:
            self._deliver_every(1)
            self.sim.run(1.0)
            self._deliver_every(DELIVER_RARELY)

    def _deliver_every(self, steps: int) -> None:
        for transmitter in self._transmitters.values():
            transmitter.set({"deliver_interval": steps})

    def take_spikes(self, population: Any) -> tuple[np.ndarray, np.ndarray]:
        """See :meth:`pynn_backprop.interfaces.Session.take_spikes`.

        Read from the device: PyNN's ``get_data`` takes 70 ms a population, however few spikes there are.
        """
        events = _take_events(population.recorder._spike_detector.device)
        neurons = events["senders"] - population.node_collection.tolist()[0]
        return all_spikes(self._processes, events["times"], neurons)

    def take_potential(self, population: Any, neurons: slice, times: np.ndarray) -> np.ndarray:
        """See :meth:`pynn_backprop.interfaces.Session.take_potential`.

        Read from the device: after a first ``get_data(clear=True)`` PyNN 0.13 shifts this signal by a step and more.
        """
        events = _take_events(population.recorder._multimeter.device)
        rows = np.searchsorted(times, events["times"])
        wanted = (rows < len(times)) & (times[np.minimum(rows, len(times) - 1)] == events["times"])
        columns = events["senders"] - population.node_collection.tolist()[0] - neurons.start
        potentials = np.full((len(times), neurons.stop - neurons.start), np.nan)
        potentials[rows[wanted], columns[wanted]] = events["V_m"][wanted]
        return all_columns(self._processes, potentials)

    def read_weights(self, projection: Any, block: Block) -> np.ndarray:
        """See :meth:`pynn_backprop.interfaces.Session.read_weights`."""
        if self._processes.size > 1:
            # On many processes NEST 3.10 loses spikes when something is connected after GetConnections, as PyNN's own
            # sources and recorders would be, which wait for the first run.
            simulator.state.run(0.0)
        pre, post = projection.pre.node_collection[block.pre], projection.post.node_collection[block.post]
        first_pre, first_post = pre.tolist()[0], post.tolist()[0]
        weights = np.full((len(pre), len(post)), np.nan)
        # A few rows at a time: NEST hands out Python objects, 3 kB a synapse.
        rows = max(1, SYNAPSES_AT_ONCE // len(post))
        for start in range(0, len(pre), rows):
            connections = nest.GetConnections(
                pre[start : min(start + rows, len(pre))],
                post,
                synapse_model=projection.nest_synapse_model,
                synapse_label=projection.nest_synapse_label,
            )
            if len(connections):  # none of a few rows may be this process's
                found = connections.get(["source", "target", "weight"])
                at = np.asarray(found["source"]) - first_pre, np.asarray(found["target"]) - first_post
                weights[at] = found["weight"]
        return all_columns(self._processes, weights)

    def check_thread(self) -> None:
        """See :meth:`pynn_backprop.interfaces.BoundToThread.check_thread`."""
        check_home()

    def close(self) -> None:
        """Forget models and transmitters, which NEST itself frees at the next ``setup``."""
        self._models.clear()
        self._transmitters.clear()
        self._copies.clear()
        self._drives.clear()


def _dopamine(transmitter: Any, eta: float, w_max: float) -> dict[str, Any]:
    r"""Constants with which NEST's dopamine synapse is the reinforced Hebbian rule.

    With all time constants :math:`\tau = 1/39` ms every trace has vanished after one step: exp(-39) is below the
    rounding of a double, and far from the underflow that makes smaller time constants slow.  A coincidence leaves the
    eligibility :math:`c = A_+ e^{-1/\tau}`, the reinforcement a dopamine :math:`n = 1/\tau`, and the weight changes
    by the integral of :math:`c\,(n - b)`; :math:`b = 1/(4\tau)` and :math:`A_+ = 4 \eta\, e^{1/\tau}` make that
    :math:`+\eta` with reinforcement and :math:`-\eta` without.
    """
    tau = 1 / 39
    return {
        "volume_transmitter": transmitter,
        "A_plus": 4 * eta * math.exp(1 / tau),
        "A_minus": 0.0,
        "tau_plus": tau,
        "tau_c": tau,
        "tau_n": tau,
        "b": 1 / (4 * tau),
        "Wmin": -w_max,
        "Wmax": w_max,
    }


def _take_events(device: Any) -> dict[str, np.ndarray]:
    events: dict[str, np.ndarray] = device.get("events")
    device.set({"n_events": 0})
    return events


class NestConnector(BlockConnector):
    """One call to NEST for each block of synapses; PyNN's own connectors make one call per neuron.

    Parameters
    ----------
    blocks
        The synapses.
    drives
        Takes what static synapses connect, unless None.
    """

    def __init__(self, blocks: Sequence[Block], drives: list[tuple[Any, Any, Block]] | None = None) -> None:
        super().__init__(blocks)
        self._drives = drives

    def connect(self, projection: Any) -> None:
        """Create the synapses; called by the Projection."""
        pre, post = projection.pre.node_collection, projection.post.node_collection
        for block in self.blocks:
            specification = {
                "synapse_model": projection.nest_synapse_model,
                "synapse_label": projection.nest_synapse_label,
                "weight": np.transpose(block.weight) if np.ndim(block.weight) else float(block.weight),
                "delay": block.delay,
            }
            nest.Connect(pre[block.pre], post[block.post], block.kind, specification)
            if self._drives is not None and not isinstance(projection.synapse_type, NestHebbianSynapse):
                self._drives.append((pre, post, block))
        projection._sources.update(pre.tolist())
        simulator.state.stale_connection_cache = True


class NestHebbianSynapse(ReinforcedHebbianSynapse, NESTSynapseMixin):
    """See :mod:`pynn_backprop.simulation.synapse`.

    Parameters
    ----------
    model
        Makes the NEST synapse model for a reinforcement neuron, eta and w_max.
    reinforcement, **parameters
        See :class:`~pynn_backprop.simulation.synapse.ReinforcedHebbianSynapse`.
    """

    translations = build_translations(
        ("weight", "weight", 1000.0), ("delay", "delay"), ("eta", "eta"), ("w_max", "w_max")
    )

    def __init__(self, model: Callable[[Any, float, float], str], reinforcement: Any, **parameters: Any) -> None:
        self._model = model
        super().__init__(reinforcement, **parameters)

    @property
    def native_parameters(self) -> ParameterSpace:
        """Weight and delay; eta and w_max belong to the synapse model."""
        native = super().native_parameters
        return ParameterSpace({name: native[name] for name in ("weight", "delay")})

    def _get_nest_synapse_model(self) -> str:
        return self._model(self.reinforcement, self.number("eta"), self.number("w_max"))

    def _set_tau_minus(self, cells: Any) -> None:
        """The rule has no trace of the postsynaptic neuron."""
