"""NEST: what differs there from other PyNN simulators (facts measured on NEST 3.10 with PyNN 0.13)."""

from __future__ import annotations

import importlib
import math
import os
import shutil
import warnings
from importlib import metadata
from types import ModuleType
from typing import Any

import numpy as np
from pyNN.parameters import ParameterSpace
from pyNN.standardmodels import build_translations

from ...checks import check_choice
from ...circuit.connectivity import Block
from ...errors import PlatformError
from ..synapse import ReinforcedHebbianSynapse as _RuleBase
from . import Options
from .common import BlockConnector, warn_once, with_both_signs
from .nest_build import BuildError, extension
from .traits import TRAITS as TABLE

TRAITS = TABLE["pyNN.nest"]
VARIANTS = ("auto", "compiled", "dopamine")
"""Implementations of the plastic synapse."""

COMPILED_MODEL = "reinforced_hebbian_synapse"
DOPAMINE_MODEL = "pynn_backprop_dopamine_synapse"
SYNAPSES_AT_ONCE = 8_000
DELIVER_RARELY = 12_000
"""Steps between the moments in which the volume transmitter brings all dopamine synapses up to date."""


def import_simulator() -> ModuleType:
    """Import pyNN.nest without NEST's banner and without PyNN's attempt to compile extensions that are not used."""
    os.environ.setdefault("PYNEST_QUIET", "1")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        simulator = importlib.import_module("pyNN.nest")
    # PyNN 0.13 calls functions that NEST 3.10 declares outdated; a user of ours can't do anything about it.
    warnings.filterwarnings("ignore", message=r"\s*([SG]etStatus\(\) is deprecated|Provided for backward)")
    return simulator


class _State:
    """What `configure` decided for the network that is built next."""

    synapse = "dopamine"
    transmitter: Any = None


_state = _State()


def check_options(options: Options) -> None:
    """Refuse a choice that this simulator does not have."""
    check_choice("variant", options.variant, VARIANTS)


def configure(options: Options, max_delay: float) -> dict[str, Any]:
    """Choose the synapse (compiling it if need be) and return the arguments of ``sim.setup``."""
    check_options(options)
    _state.synapse = _chosen_synapse(options.variant)
    _state.transmitter = None
    return {
        "timestep": 1.0,
        "min_delay": 1.0,
        "max_delay": max_delay,
        "threads": options.threads,
        # The off-grid neuron, PyNN's default, refuses a refractory time of 0.
        "spike_precision": "on_grid",
        "verbosity": "error",
    }


def _chosen_synapse(wanted: str) -> str:
    if wanted == "dopamine":
        return wanted
    try:
        extension()
    except BuildError as error:
        if wanted == "compiled":
            raise PlatformError(f"the compiled synapse can't be had: {error}") from error
        warn_once(
            "NEST runs with its built-in dopamine synapse, which gives the same weights but is more than ten times "
            f"slower, since our own synapse can't be compiled: {error}"
        )
        return "dopamine"
    return "compiled"


def ready() -> None:
    """Load the synapse model; NEST forgets extension modules at every ``sim.setup``."""
    import nest
    from pyNN.nest.simulator import state
    from pyNN.nest.standardmodels.cells import IF_curr_delta

    # PyNN makes a folder for data files at every setup; nothing is recorded to files here, and removed at once it can't
    # be left behind by a process that is killed.
    while state.tempdirs:
        shutil.rmtree(state.tempdirs.pop(), ignore_errors=True)

    # NEST logs each change of its spike buffer's size, and PyNN reads the whole log, as a part of the kernel's status,
    # seventeen times a run: a training became twice as slow within 40,000 samples.  A buffer that only grows is soon
    # large enough.
    nest.SetKernelStatus({"spike_buffer_shrink_limit": 0.0})
    if not hasattr(IF_curr_delta, "variable_map"):  # PyNN 0.13.0 can't record v of this cell
        IF_curr_delta.variable_map = {"v": "V_m"}
        IF_curr_delta.scale_factors = {"v": 1}
    if _state.synapse == "compiled":
        nest.Install(str(extension()))


class Connector(BlockConnector):
    """One call to NEST for each block of synapses; PyNN's own connectors make one call per neuron."""

    def connect(self, projection: Any) -> None:
        """Create the synapses; called by the Projection."""
        import nest
        from pyNN.nest import simulator

        pre, post = projection.pre.node_collection, projection.post.node_collection
        for block in self.blocks:
            specification = {
                "synapse_model": projection.nest_synapse_model,
                "synapse_label": projection.nest_synapse_label,
                "weight": np.transpose(block.weight) if np.ndim(block.weight) else float(block.weight),
                "delay": block.delay,
            }
            nest.Connect(pre[block.pre], post[block.post], block.kind, specification)
        projection._sources.update(pre.tolist())
        simulator.state.stale_connection_cache = True


def StaticSynapse(**parameters: Any) -> Any:
    """PyNN's static synapse, for weights of both signs."""
    from pyNN.nest.standardmodels.synapses import StaticSynapse as Static

    return with_both_signs(Static, **parameters)


def ReinforcedHebbianSynapse(reinforcement: Any, **parameters: Any) -> Any:
    """The synapse type of the implementation in use; see :mod:`pynn_backprop.simulation.synapse`."""
    from pyNN.nest.synapses import NESTSynapseMixin

    prepare = {"compiled": _prepare_compiled, "dopamine": _prepare_dopamine}[_state.synapse]

    class NESTReinforcedHebbianSynapse(_RuleBase, NESTSynapseMixin):
        translations = build_translations(
            ("weight", "weight", 1000.0), ("delay", "delay"), ("eta", "eta"), ("w_max", "w_max")
        )

        @property
        def native_parameters(self) -> ParameterSpace:
            """Weight and delay; eta and w_max belong to the synapse model, see `_get_nest_synapse_model`."""
            native = super().native_parameters
            return ParameterSpace({name: native[name] for name in ("weight", "delay")})

        def _get_nest_synapse_model(self) -> str:
            eta, w_max = (float(self.parameter_space[name].base_value) for name in ("eta", "w_max"))
            return prepare(self.reinforcement, eta, w_max)

        def _set_tau_minus(self, cells: Any) -> None:
            """The rule has no trace of the postsynaptic neuron."""

    return NESTReinforcedHebbianSynapse(reinforcement, **parameters)


def _prepare_compiled(reinforcement: Any, eta: float, w_max: float) -> str:
    import nest

    model = COMPILED_MODEL + "_lbl"
    node = int(reinforcement.all_cells[0])
    nest.SetDefaults(model, {"eta": eta, "w_max": w_max, "reinforcement": node})
    return model


def _prepare_dopamine(reinforcement: Any, eta: float, w_max: float) -> str:
    r"""NEST's dopamine synapse, with constants for which it is the reinforced Hebbian rule.

    With all time constants :math:`\tau = 1/39` ms every trace has vanished after one step: exp(-39) is below the
    rounding of a double, and far from the underflow that makes smaller time constants slow.  A coincidence leaves the
    eligibility :math:`c = A_+ e^{-1/\tau}`, the reinforcement a dopamine :math:`n = 1/\tau`, and the weight changes
    by the integral of :math:`c\,(n - b)`; :math:`b = 1/(4\tau)` and :math:`A_+ = 4 \eta\, e^{1/\tau}` make that
    :math:`+\eta` with reinforcement and :math:`-\eta` without.
    """
    import nest

    model = DOPAMINE_MODEL + "_lbl"
    if _state.transmitter is None:
        _state.transmitter = nest.Create("volume_transmitter", params={"deliver_interval": DELIVER_RARELY})
        neuron = nest.NodeCollection([int(reinforcement.all_cells[0])])
        nest.Connect(neuron, _state.transmitter, syn_spec={"delay": 1.0})
        tau = 1 / 39
        nest.CopyModel(
            "stdp_dopamine_synapse_lbl",
            model,
            {
                "volume_transmitter": _state.transmitter,
                "A_plus": 4 * eta * math.exp(1 / tau),
                "A_minus": 0.0,
                "tau_plus": tau,
                "tau_c": tau,
                "tau_n": tau,
                "b": 1 / (4 * tau),
                "Wmin": -w_max,
                "Wmax": w_max,
            },
        )
    return model


def settle(sim: Any) -> None:
    """Bring all weights up to date; the dopamine synapse postpones its changes until its neuron fires again."""
    if _state.transmitter is not None:
        _state.transmitter.set({"deliver_interval": 1})
        sim.run(1.0)
        _state.transmitter.set({"deliver_interval": DELIVER_RARELY})


def take_spikes(population: Any) -> tuple[np.ndarray, np.ndarray]:
    """Times in ms and neurons of all recorded spikes since the last call, arrays of shape (n_spikes,).

    Read from the device: PyNN's ``get_data`` takes 70 ms a population, however few spikes there are.
    """
    events = _take_events(population.recorder._spike_detector.device)
    return events["times"], events["senders"] - population.node_collection.tolist()[0]


def _take_events(device: Any) -> dict[str, np.ndarray]:
    events: dict[str, np.ndarray] = device.get("events")
    device.set({"n_events": 0})
    return events


def take_potential(population: Any, neurons: slice, times: np.ndarray) -> np.ndarray:
    """The membrane potential in mV at the given times in ms, shape (n_times, n_neurons); what was recorded is dropped.

    Read from the device: after a first ``get_data(clear=True)`` PyNN 0.13 shifts this signal by a step and more.
    """
    events = _take_events(population.recorder._multimeter.device)
    rows = np.searchsorted(times, events["times"])
    wanted = (rows < len(times)) & (times[np.minimum(rows, len(times) - 1)] == events["times"])
    columns = events["senders"] - population.node_collection.tolist()[0] - neurons.start
    potentials = np.full((len(times), neurons.stop - neurons.start), np.nan)
    potentials[rows[wanted], columns[wanted]] = events["V_m"][wanted]
    return potentials


def read_weights(projection: Any, block: Block) -> np.ndarray:
    """The present weights of a block, in mV, shape (n_pre, n_post)."""
    import nest

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
        found = connections.get(["source", "target", "weight"])
        at = np.asarray(found["source"]) - first_pre, np.asarray(found["target"]) - first_post
        weights[at] = found["weight"]
    return weights


def describe() -> dict[str, str]:
    """Version of the simulator and the synapse in use, for the records."""
    return {TRAITS.simulator: metadata.version("nest-simulator"), "variant": _state.synapse}
