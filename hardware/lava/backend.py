"""What differs on Lava from other PyNN simulators, for pynn_backprop (facts measured on lava-nc 0.10.0)."""

from __future__ import annotations

import importlib
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import metadata
from types import ModuleType
from typing import TYPE_CHECKING, Any

import numpy as np

from pynn_backprop.checks import check_choice
from pynn_backprop.circuit.connectivity import Block
from pynn_backprop.errors import InputError
from pynn_backprop.interfaces import Backend, Options, Traits
from pynn_backprop.simulation.backends.common import BlockConnector, block_matrix

from .engines.registry import EMULATOR, require_engine
from .standardmodels.synapses import ReinforcedHebbianSynapse, StaticSynapse
from .translation.ranges import DELAY, EXCITATORY, INHIBITORY, MIXED
from .translation.weights import EXPONENTS

if TYPE_CHECKING:
    from .chip.mapping import MappingReport

BEST = EMULATOR

TRAITS = Traits(
    simulator="Lava",
    fires_as_shipped=True,
    records_v_as_shipped=True,
    delay_offset=0,
    threshold_is_strict=True,
    shows_v_that_fires=False,
    refractory_may_differ=True,
    earliest_source_step=1,
    weight_scale_created=1.0,
    weight_scale_get=1.0,
    weight_scale_set=1.0,
    mixed_signs_accepted=True,
    update_visible_after={"emulator": 1, "fast": 1, "stock": 1},
    samples_per_run=2000,
    layout="separate",
    # A delay of d steps is one of d - 1 on the chip.
    longest_delay=DELAY.high + 1,
    samples_per_run_by_variant={"fast": 250, "stock": 250},
)


@dataclass(frozen=True, eq=False)
class Lava:
    """See :class:`pynn_backprop.interfaces.Backend`; the variants are the engines of :mod:`hardware.lava`."""

    name: str = "lava"
    module: str = "hardware.lava"
    package: str = "numba"
    remedy: str = "pip install numba"
    variants: tuple[str, ...] = ("auto", "emulator", "fast", "stock")
    traits: Traits = TRAITS

    def check_options(self, options: Options) -> None:
        """Refuse an unknown variant, threads, and a fused layout."""
        check_choice("variant", options.variant, self.variants)
        if options.threads != 1:
            raise InputError(f"threads is {options.threads} but must be 1 on Lava, whose engines have no threads")
        if options.layout == "fused":
            raise InputError(
                "layout is 'fused' but must be separate on Lava: the weights of a projection have one exponent, and "
                "the engine fuses all populations anyway"
            )

    def import_simulator(self) -> ModuleType:
        """Import it; Lava itself is imported by the engines that need it."""
        return importlib.import_module(self.module)

    def describe(self, options: Options) -> dict[str, str]:
        """The engine that these options come to, and the version of Lava if it needs it."""
        engine = _engine(options)
        require_engine(engine)
        needed = {} if engine == EMULATOR else {self.traits.simulator: metadata.version("lava-nc")}
        return {**needed, "variant": engine}

    def open(
        self, sim: Any, options: Options, max_delay: float, timestep: float = 1.0, mended: bool = True
    ) -> LavaSession:
        """Choose the engine and set the simulator up; there is nothing to mend."""
        self.check_options(options)
        longest = max(timestep, max_delay)
        sim.setup(
            timestep=timestep,
            min_delay=timestep,
            max_delay=longest,
            engine=_engine(options),
            # A circuit is whole numbers: what would be rounded is refused.
            resolution=1.0,
            strict=True,
        )
        return LavaSession(sim, timestep)

    def holds_static(self, weight: int) -> bool:
        """A mantissa of 8 bits with an exponent, at the resolution of 1 mV that ``setup`` has by default."""
        mode = EXCITATORY if weight >= 0 else INHIBITORY
        return any(weight % 2**exponent == 0 and mode.holds(weight // 2**exponent) for exponent in EXPONENTS)

    def holds_plastic(self, eta: int, w_max: int) -> bool:
        """Mixed signs: even numbers, or all of them where half as many bits do."""
        halves = np.array([2 * eta, 2 * w_max])
        return bool(MIXED.holds([eta, w_max]).all() or MIXED.holds(halves).all())

    def mapping_report(self, sim: Any, compartments_per_core: int | None = None) -> MappingReport:
        """How the network that was built last would sit on a Loihi chip; see :func:`hardware.lava.mapping_report`."""
        report: MappingReport = sim.mapping_report(compartments_per_core)
        return report


def _engine(options: Options) -> str:
    return BEST if options.variant == "auto" else options.variant


class LavaSession:
    """See :class:`pynn_backprop.interfaces.Session`.

    Parameters
    ----------
    sim
        The simulator.
    timestep
        In ms.
    """

    def __init__(self, sim: Any, timestep: float) -> None:
        self._sim = sim
        self._timestep = timestep

    def connector(self, blocks: Sequence[Block]) -> LavaConnector:
        """See :meth:`pynn_backprop.interfaces.Session.connector`."""
        return LavaConnector(blocks)

    def static_synapse(self, **parameters: Any) -> StaticSynapse:
        """The simulator's static synapse."""
        return StaticSynapse(**parameters)

    def hebbian_synapse(self, reinforcement: Any, **parameters: Any) -> ReinforcedHebbianSynapse:
        """The simulator's own reinforced Hebbian synapse."""
        return ReinforcedHebbianSynapse(reinforcement, **parameters)

    def compile(self) -> None:
        """See :class:`pynn_backprop.interfaces.Compiles`: the engine is made at the first run."""
        self._sim.run(0.0)

    def settle(self) -> None:
        """Weights are always up to date."""

    def take_spikes(self, population: Any) -> tuple[np.ndarray, np.ndarray]:
        """See :meth:`pynn_backprop.interfaces.Session.take_spikes`."""
        steps, cells = population.recorder.take_spikes()
        return steps * self._timestep, cells - int(population.first_id)

    def take_potential(self, population: Any, neurons: slice, times: np.ndarray) -> np.ndarray:
        """See :meth:`pynn_backprop.interfaces.Session.take_potential`."""
        start, potentials = population.recorder.take_potentials()
        cells = population.recorder.cells("v") - int(population.first_id)
        rows = np.rint(times / self._timestep).astype(np.int64) - start
        return np.asarray(potentials[rows][:, (neurons.start <= cells) & (cells < neurons.stop)])

    def read_weights(self, projection: Any, block: Block) -> np.ndarray:
        """See :meth:`pynn_backprop.interfaces.Session.read_weights`."""
        pre, post = projection.presynaptic_index, projection.postsynaptic_index
        return block_matrix(block, pre, post, projection.values("weight"))

    def close(self) -> None:
        """The simulator holds everything."""


class LavaConnector(BlockConnector):
    """All synapses as arrays, block after block."""

    def connect(self, projection: Any) -> None:
        """Create the synapses; called by the Projection."""
        space = projection.synapse_type.native_parameters
        others = {name: float(space[name].base_value) for name in space.keys() - {"weight", "delay"}}
        for block in self.blocks:
            pre, post = block.indices()
            projection.add_synapses(pre, post, weight=block.weights(), delay=block.delay, **others)


BACKEND: Backend = Lava()
