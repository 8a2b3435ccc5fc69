"""A network on Brian2: order within a step, synapses, and what is read from it.  Importing this imports Brian2."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from typing import Any, ClassVar

import brian2
import numpy as np
from brian2.core.names import Nameable
from pyNN.brian2.simulator import state
from pyNN.brian2.standardmodels.synapses import StaticSynapse
from pyNN.parameters import ParameterSpace
from pyNN.standardmodels import build_translations

from ...circuit.connectivity import Block
from ..synapse import ReinforcedHebbianSynapse
from .brian2_code import CYTHON, NUMPY, announced
from .brian2_integration import choose_method
from .common import BlockConnector, block_matrix, with_both_signs

SCHEDULE = ["start", "thresholds", "resets", "groups", "synapses", "end"]
"""Order within a step.  In PyNN's the potential decays before it is compared with the threshold, so that a neuron
without memory never fires; and what arrives is lost at the end of a run if synapses come before thresholds."""

MILLIVOLT = MILLISECOND = 0.001
"""Brian2 counts in volts and seconds."""


def forget_network() -> None:
    """Let the next network's objects have the names that those of the last one had.

    Brian2 numbers objects of the same name as long as any of them lives, and names are in the code: without this a
    network would be compiled anew whenever something still holds an earlier one, as a user's variable or a traceback
    does. Before it runs, Brian2 frees what nothing holds.
    """
    state.clear()
    Nameable.__instances__().clear()


def prepare() -> None:
    """What must be settled before ``setup``."""
    _be_quiet()
    # What happens once, while the network is built, isn't worth compiling; see `Link`.
    brian2.prefs.codegen.target = NUMPY
    # PyNN's SpikeSourceArray does not get the clock of the network but the default one.
    brian2.defaultclock.dt = 1.0 * brian2.ms


@functools.cache
def _be_quiet() -> None:
    """Don't let Brian2 say which integration method it chose, once for each network."""
    brian2.BrianLogger.suppress_hierarchy("brian2.stateupdaters.base.method_choice")


class Link(brian2.BrianObject):
    """Chooses the code generation, and makes reinforcement neurons known to synapses.

    It does so before a run: PyNN gives a synapse type no way to add a variable to the synapses that it has made.
    """

    add_to_magic_network = False

    def __init__(self, network: Any, target: str) -> None:
        super().__init__(when="start", order=-1, clock=network.clock, name="pynn_backprop_link")
        self.network = network
        self.target = target
        self.reinforcements: list[tuple[Any, int]] = []

    def name_of(self, population: Any) -> str:
        """The variable that holds when the neuron of this population fired last."""
        first = getattr(population, "grandparent", population).first_id
        neuron = population.brian2_group, int(population.all_cells[0]) - int(first)
        if neuron not in self.reinforcements:
            self.reinforcements.append(neuron)
        return f"r{self.reinforcements.index(neuron)}_last"

    def before_run(self, run_namespace: Any) -> None:
        """Called by the network before anything is compiled."""
        brian2.prefs.codegen.target = self.target
        for part in self.network.objects:
            if isinstance(part, brian2.Synapses):
                for number, neuron in enumerate(self.reinforcements):
                    if f"r{number}_last" in part.pre.code:
                        _refer(part, f"r{number}", *neuron)
            elif isinstance(part, brian2.NeuronGroup):
                choose_method(part)

    def run(self) -> None:
        """Nothing to do in a step."""


def _code_of(network: Any) -> str:
    """What decides which code is compiled for a network."""
    parts = [
        (
            type(part).__name__,
            part.name,
            getattr(part, "equations", ""),
            getattr(getattr(part, "pre", None), "code", ""),
        )
        for part in network.objects
    ]
    return "\n".join(sorted(map(str, parts)))


def _refer(synapses: Any, name: str, group: Any, neuron: int) -> None:
    for variables in (synapses.variables, synapses.pre.variables):
        if f"{name}_last" not in variables:
            variables.add_array(f"{name}_index", size=1, values=neuron, dtype=np.int32, scalar=True)
            variables.add_reference(f"{name}_last", group, "lastspike", index=f"{name}_index")


class Brian2Session:
    """See :class:`pynn_backprop.interfaces.Session`; to be made after ``setup``.

    Parameters
    ----------
    target
        Of the code generation, ``cython`` or ``numpy``.
    mended
        Whether the order within a step is mended.
    """

    def __init__(self, target: str, mended: bool = True) -> None:
        self._link: Link | None = None
        if mended:
            state.network.schedule = SCHEDULE
            self._link = Link(state.network, target)
            state.network.add(self._link)

    # -- synapses --------------------------------------------------------------------------------------------------

    def connector(self, blocks: Sequence[Block]) -> Brian2Connector:
        """See :meth:`pynn_backprop.interfaces.Session.connector`."""
        return Brian2Connector(blocks)

    def static_synapse(self, **parameters: Any) -> Any:
        """PyNN's static synapse, for weights of both signs."""
        return with_both_signs(StaticSynapse, **parameters)

    def hebbian_synapse(self, reinforcement: Any, **parameters: Any) -> Brian2HebbianSynapse:
        """See :meth:`pynn_backprop.interfaces.Session.hebbian_synapse`."""
        assert self._link is not None, "a session that is closed, or not mended, has no plastic synapses"
        return Brian2HebbianSynapse(self._link, reinforcement, **parameters)

    # -- reading ---------------------------------------------------------------------------------------------------

    def compile(self) -> None:
        """See :class:`pynn_backprop.interfaces.Compiles`."""
        if self._link is not None and self._link.target == CYTHON:
            with announced(_code_of(state.network)):
                state.run(0.0)

    def settle(self) -> None:
        """Weights are always up to date."""

    def take_spikes(self, population: Any) -> tuple[np.ndarray, np.ndarray]:
        """See :meth:`pynn_backprop.interfaces.Session.take_spikes`.

        Read from the monitor, which holds the spikes of the whole population even if only a view of it is recorded.
        """
        monitor = population.recorder._devices["spikes"]
        times, neurons = np.asarray(monitor.t) / MILLISECOND, np.asarray(monitor.i, np.int64)
        _clear(monitor)
        return times, neurons

    def take_potential(self, population: Any, neurons: slice, times: np.ndarray) -> np.ndarray:
        """See :meth:`pynn_backprop.interfaces.Session.take_potential`.

        Brian2 records at the end of a step: what a neuron compares with its threshold is what was recorded a step
        before.
        """
        monitor = population.recorder._devices["v"]
        recorded = np.rint(np.asarray(monitor.t) / MILLISECOND + 1).astype(np.int64)
        rows = np.searchsorted(recorded, np.rint(times).astype(np.int64))
        columns = np.isin(monitor.record, np.arange(neurons.start, neurons.stop))
        potentials = np.asarray(monitor.v)[columns][:, rows].T / MILLIVOLT
        _clear(monitor)
        return potentials

    def read_weights(self, projection: Any, block: Block) -> np.ndarray:
        """See :meth:`pynn_backprop.interfaces.Session.read_weights`."""
        variables = projection._brian2_synapses[0][0].variables
        pre, post, weights = (variables[name].get_value() for name in ("_synaptic_pre", "_synaptic_post", "weight"))
        return block_matrix(block, pre, post, weights / MILLIVOLT)

    def close(self) -> None:
        """Let go of Brian2's network."""
        self._link = None


def _clear(monitor: Any) -> None:
    """PyNN only resizes the monitor, which then goes on after as many zeros as there were spikes."""
    monitor.variables["N"].set_value(0)
    monitor.resize(0)


class Brian2Connector(BlockConnector):
    """All synapses in one call; PyNN's own connectors loop over them in Python, 28 s for 160,000."""

    def connect(self, projection: Any) -> None:
        """Create the synapses; called by the Projection."""
        synapses = projection._brian2_synapses[0][0]
        indices = [block.indices() for block in self.blocks]
        synapses.connect(i=np.concatenate([pre for pre, _ in indices]), j=np.concatenate([post for _, post in indices]))
        sizes = [len(pre) for pre, _ in indices]
        projection._n_connections += sum(sizes)
        weights = np.concatenate([block.weights() for block in self.blocks]) * MILLIVOLT
        synapses.variables["weight"].set_value(weights)
        delays = np.repeat([block.delay for block in self.blocks], sizes) * MILLISECOND
        synapses.pre.variables["delay"].set_value(delays)


RULE = """
{target} += weight
change = (2 * int({last} == t) - 1) * int(lastspike_post == t) * {eta!r} * mV
weight = clip(weight + change, -{w_max!r} * mV, {w_max!r} * mV)
"""
"""What a presynaptic spike does: it is sent with the weight as it was, which then follows the rule."""


class Brian2HebbianSynapse(ReinforcedHebbianSynapse):
    """See :mod:`pynn_backprop.simulation.synapse`; written as Brian2 equations, without any trace.

    Parameters
    ----------
    link
        Of the network.
    reinforcement, **parameters
        See :class:`~pynn_backprop.simulation.synapse.ReinforcedHebbianSynapse`.
    """

    translations = build_translations(
        ("weight", "weight", brian2.mV),
        ("delay", "delay", brian2.ms),
        ("eta", "eta", brian2.mV),
        ("w_max", "w_max", brian2.mV),
    )
    eqs = StaticSynapse.eqs
    post = None
    initial_conditions: ClassVar[dict[str, Any]] = {}
    _get_minimum_delay = StaticSynapse._get_minimum_delay

    def __init__(self, link: Link, reinforcement: Any, **parameters: Any) -> None:
        self._link = link
        super().__init__(reinforcement, **parameters)

    @property
    def native_parameters(self) -> ParameterSpace:
        """Weight and delay; eta and w_max are written into the rule."""
        native = super().native_parameters
        return ParameterSpace({name: native[name] for name in ("weight", "delay")})

    @property
    def pre(self) -> str:
        """What a presynaptic spike does, as Brian2 code."""
        last = self._link.name_of(self.reinforcement)
        return RULE.format(target="%(syn_var)s", last=last, eta=self.number("eta"), w_max=self.number("w_max"))

    def _set_target_type(self, weight_units: Any) -> None:
        """Weights are in mV for the one cell type that the rule is made for."""
