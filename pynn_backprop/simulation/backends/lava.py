"""Lava: what differs there from other PyNN simulators (facts measured on lava-nc 0.10.0)."""

from __future__ import annotations

from importlib import metadata
from typing import TYPE_CHECKING, Any

import numpy as np

from ...checks import check_choice
from ...circuit.connectivity import Block
from ...errors import InputError
from . import Options
from .common import BlockConnector, block_matrix
from .traits import TRAITS as TABLE

if TYPE_CHECKING:
    from hardware.lava.chip.mapping import MappingReport

    from ..network import Network

TRAITS = TABLE["hardware.lava"]
VARIANTS = ("auto", "fast", "stock")
"""Engines of :mod:`hardware.lava`."""

BEST = "fast"


class _State:
    """What `configure` decided for the network that is built next."""

    engine = BEST


_state = _State()


def check_options(options: Options) -> None:
    """Refuse a choice that this simulator does not have."""
    check_choice("variant", options.variant, VARIANTS)
    if options.threads != 1:
        raise InputError(f"threads is {options.threads} but must be 1 on Lava, whose engines have no threads")
    if options.layout == "fused":
        raise InputError(
            "layout is 'fused' but must be separate on Lava: the weights of a projection have one exponent, and the "
            "engine fuses all populations anyway"
        )


def configure(options: Options, max_delay: float) -> dict[str, Any]:
    """Choose the engine and return the arguments of ``sim.setup``."""
    check_options(options)
    _state.engine = BEST if options.variant == "auto" else options.variant
    return {"timestep": 1.0, "min_delay": 1.0, "max_delay": max(1.0, max_delay), "engine": _state.engine}


def ready() -> None:
    """Nothing is to be mended."""


class Connector(BlockConnector):
    """All synapses as arrays, block after block."""

    def connect(self, projection: Any) -> None:
        """Create the synapses; called by the Projection."""
        space = projection.synapse_type.native_parameters
        others = {name: float(space[name].base_value) for name in space.keys() - {"weight", "delay"}}
        for block in self.blocks:
            pre, post = block.indices()
            projection.add_synapses(pre, post, weight=block.weights(), delay=block.delay, **others)


def StaticSynapse(**parameters: Any) -> Any:
    """The simulator's static synapse."""
    from hardware.lava.standardmodels.synapses import StaticSynapse as Static

    return Static(**parameters)


def ReinforcedHebbianSynapse(reinforcement: Any, **parameters: Any) -> Any:
    """The simulator's own reinforced Hebbian synapse; see :mod:`pynn_backprop.simulation.synapse`."""
    from hardware.lava.standardmodels.synapses import ReinforcedHebbianSynapse as Hebbian

    return Hebbian(reinforcement, **parameters)


def settle(sim: Any) -> None:
    """Weights are always up to date."""


def take_spikes(population: Any) -> tuple[np.ndarray, np.ndarray]:
    """Times in ms and neurons of all recorded spikes since the last call, arrays of shape (n_spikes,)."""
    steps, cells = population.recorder.take_spikes()
    return steps * _timestep(), cells - int(population.first_id)


def take_potential(population: Any, neurons: slice, times: np.ndarray) -> np.ndarray:
    """The potential in mV at the given times in ms, shape (n_times, n_neurons); what was recorded is dropped."""
    start, potentials = population.recorder.take_potentials()
    cells = population.recorder.brought["v"] - int(population.first_id)
    rows = np.rint(times / _timestep()).astype(np.int64) - start
    return np.asarray(potentials[rows][:, (neurons.start <= cells) & (cells < neurons.stop)])


def _timestep() -> float:
    from hardware.lava.control import get_time_step

    return float(get_time_step())


def read_weights(projection: Any, block: Block) -> np.ndarray:
    """The present weights of a block, in mV, shape (n_pre, n_post)."""
    return block_matrix(block, projection.presynaptic_index, projection.postsynaptic_index, projection.values("weight"))


def mapping_report(network: Network, compartments_per_core: int | None = None) -> MappingReport:
    """How the circuit would sit on a Loihi chip; see :func:`hardware.lava.mapping_report`."""
    report: MappingReport = network.sim.mapping_report(compartments_per_core)
    return report


def describe() -> dict[str, str]:
    """Version of Lava and the engine in use, for the records."""
    return {TRAITS.simulator: metadata.version("lava-nc"), "variant": _state.engine}
