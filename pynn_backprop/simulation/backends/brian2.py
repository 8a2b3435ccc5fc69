"""Brian2: what differs there from other PyNN simulators (facts measured on Brian2 2.9 with PyNN 0.13)."""

from __future__ import annotations

import functools
import gc
import importlib
import logging
import sys
import warnings
from importlib import metadata
from pathlib import Path
from types import ModuleType
from typing import Any, ClassVar

import numpy as np
from pyNN.parameters import ParameterSpace
from pyNN.standardmodels import build_translations

from ...checks import check_choice
from ...circuit.connectivity import Block
from ...errors import InputError, PlatformError
from ...files import cache_folder
from ..synapse import ReinforcedHebbianSynapse as _RuleBase
from . import Options
from .common import BlockConnector, block_matrix, warn_once, with_both_signs
from .traits import TRAITS as TABLE

TRAITS = TABLE["pyNN.brian2"]
VARIANTS = ("auto", "cython", "numpy")
"""Brian2's targets of code generation."""

MODULES = 10
"""Fewer compiled modules than this in the cache mean that the circuit's code is not among them."""

SCHEDULE = ["start", "thresholds", "resets", "groups", "synapses", "end"]
"""Order within a step.  In PyNN's the potential decays before it is compared with the threshold, so that a neuron
without memory never fires; and what arrives is lost at the end of a run if synapses come before thresholds."""

MILLIVOLT = MILLISECOND = 0.001
"""Brian2 counts in volts and seconds."""


def import_simulator() -> ModuleType:
    """Import pyNN.brian2; Brian2's log files, its hook for exceptions and its capture of warnings are undone."""
    if "brian2" not in sys.modules:
        hook = sys.excepthook
        brian2 = importlib.import_module("brian2")
        sys.excepthook = hook
        _forget_log(brian2.BrianLogger)
        logging.captureWarnings(False)
    # Brian2 2.9 calls functions that newer versions of pyparsing declare outdated.
    warnings.filterwarnings("ignore", message=r"'\w+' .*deprecated", category=DeprecationWarning)
    return importlib.import_module("pyNN.brian2")


def _forget_log(logger: Any) -> None:
    """Remove the log and the copy of the script that Brian2 keeps in the temporary folder while it runs."""
    logging.getLogger("brian2").removeHandler(logger.file_handler)
    if logger.file_handler is not None:
        logger.file_handler.close()
    for path in (logger.tmp_log, logger.tmp_script):
        if path is not None:
            Path(path).unlink(missing_ok=True)
    logger.file_handler = logger.tmp_log = logger.tmp_script = None


class _State:
    """What `configure` and `ready` decided for the network that is built next."""

    target = "numpy"
    link: Any = None


_state = _State()


def check_options(options: Options) -> None:
    """Refuse a choice that this simulator does not have."""
    check_choice("variant", options.variant, VARIANTS)
    if options.threads != 1:
        raise InputError(f"threads is {options.threads} but must be 1 on Brian2, whose runs have no threads")


def configure(options: Options, max_delay: float) -> dict[str, Any]:
    """Choose the code generation and return the arguments of ``sim.setup``."""
    import brian2

    check_options(options)
    _forget_network()
    _be_quiet()
    _state.target = _chosen_target(options.variant)
    # What happens once, while the network is built, isn't worth compiling; see `ready`.
    brian2.prefs.codegen.target = "numpy"
    # PyNN's SpikeSourceArray does not get the clock of the network but the default one.
    brian2.defaultclock.dt = 1.0 * brian2.ms
    # The connector sets delays of 0, but PyNN does not take 0 for the smallest one.
    return {"timestep": 1.0, "min_delay": 1.0, "max_delay": max(1.0, max_delay)}


@functools.cache
def _be_quiet() -> None:
    """Don't let Brian2 say which integration method it chose, once for each network."""
    import brian2

    brian2.BrianLogger.suppress_hierarchy("brian2.stateupdaters.base.method_choice")


def _forget_network() -> None:
    """Free what is left of the last network.

    Brian2 numbers the names of objects that live at the same time, and names are in the code: without this each network
    would be compiled anew.
    """
    from pyNN.brian2.simulator import state

    _state.link = None
    state.clear()
    gc.collect()


def _chosen_target(wanted: str) -> str:
    if wanted == "numpy":
        return wanted
    failure = _why_no_cython()
    if failure is None:
        return "cython"
    if wanted == "cython":
        raise PlatformError(f"Brian2's cython code can't be had: {failure}")
    warn_once(
        "Brian2 runs with numpy code, which gives the same spikes and weights but is two to three times slower, since "
        f"cython code can't be compiled: {failure}"
    )
    return "numpy"


@functools.cache
def _why_no_cython() -> str | None:
    """Compile a trivial module into the package's cache; None if that works, else what Brian2 says."""
    import brian2
    from brian2.codegen.runtime.cython_rt.cython_rt import CythonCodeObject

    folder = cache_folder() / "brian2"
    brian2.prefs.codegen.runtime.cython.cache_dir = str(folder)
    if not importlib.util.find_spec("Cython"):
        return "the package Cython is not installed"
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        return f"the cache {folder} can't be written: {error}"
    said = _Listener()
    logger = logging.getLogger("brian2")
    logger.addHandler(said)
    console, level = brian2.BrianLogger.console_handler, brian2.BrianLogger.console_handler.level
    console.setLevel(logging.CRITICAL)
    try:
        works = CythonCodeObject.is_available()
    finally:
        console.setLevel(level)
        logger.removeHandler(said)
    if not works:
        return said.text or "a test compilation failed"
    if len(list(folder.glob("*.so"))) < MODULES:
        logging.getLogger(__name__).warning("Brian2 compiles its code, which is done once and takes half a minute")
    return None


class _Listener(logging.Handler):
    """Keeps the last message."""

    text = ""

    def emit(self, record: logging.LogRecord) -> None:
        """Called by the logger."""
        if record.levelno >= logging.WARNING:
            self.text = record.getMessage()


def ready() -> None:
    """Mend the order within a step of the network that PyNN has just made."""
    from pyNN.brian2.simulator import state

    state.network.schedule = SCHEDULE
    _state.link = _link_class()(state.network, _state.target)
    state.network.add(_state.link)


@functools.cache
def _link_class() -> Any:
    """The class of an object that chooses the code generation, and makes reinforcement neurons known to synapses.

    It does so before a run: PyNN gives a synapse type no way to add a variable to the synapses that it has made.
    Brian2 keeps every such class for ever, so there is only one, and it holds no network.
    """
    from brian2 import BrianObject, Synapses, prefs

    class Link(BrianObject):
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
            prefs.codegen.target = self.target
            for synapses in self.network.objects:
                if isinstance(synapses, Synapses):
                    for number, neuron in enumerate(self.reinforcements):
                        if f"r{number}_last" in synapses.pre.code:
                            _refer(synapses, f"r{number}", *neuron)

        def run(self) -> None:
            """Nothing to do in a step."""

    return Link


def _refer(synapses: Any, name: str, group: Any, neuron: int) -> None:
    for variables in (synapses.variables, synapses.pre.variables):
        if f"{name}_last" not in variables:
            variables.add_array(f"{name}_index", size=1, values=neuron, dtype=np.int32, scalar=True)
            variables.add_reference(f"{name}_last", group, "lastspike", index=f"{name}_index")


class Connector(BlockConnector):
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


def StaticSynapse(**parameters: Any) -> Any:
    """PyNN's static synapse, for weights of both signs."""
    from pyNN.brian2.standardmodels.synapses import StaticSynapse as Static

    return with_both_signs(Static, **parameters)


RULE = """
{target} += weight
change = (2 * int({last} == t) - 1) * int(lastspike_post == t) * {eta!r} * mV
weight = clip(weight + change, -{w_max!r} * mV, {w_max!r} * mV)
"""
"""What a presynaptic spike does: it is sent with the weight as it was, which then follows the rule."""


def ReinforcedHebbianSynapse(reinforcement: Any, **parameters: Any) -> Any:
    """See :mod:`pynn_backprop.simulation.synapse`; written as Brian2 equations, without any trace."""
    from brian2 import ms, mV
    from pyNN.brian2.standardmodels.synapses import StaticSynapse as Static

    class Brian2ReinforcedHebbianSynapse(_RuleBase):
        translations = build_translations(
            ("weight", "weight", mV), ("delay", "delay", ms), ("eta", "eta", mV), ("w_max", "w_max", mV)
        )
        eqs = Static.eqs
        post = None
        initial_conditions: ClassVar[dict[str, Any]] = {}
        _get_minimum_delay = Static._get_minimum_delay

        @property
        def native_parameters(self) -> ParameterSpace:
            """Weight and delay; eta and w_max are written into the rule."""
            native = super().native_parameters
            return ParameterSpace({name: native[name] for name in ("weight", "delay")})

        @property
        def pre(self) -> str:
            """What a presynaptic spike does, as Brian2 code."""
            eta, w_max = (float(self.parameter_space[name].base_value) for name in ("eta", "w_max"))
            return RULE.format(target="%(syn_var)s", last=_state.link.name_of(self.reinforcement), eta=eta, w_max=w_max)

        def _set_target_type(self, weight_units: Any) -> None:
            """Weights are in mV for the one cell type that the rule is made for."""

    return Brian2ReinforcedHebbianSynapse(reinforcement, **parameters)


def settle(sim: Any) -> None:
    """Weights are always up to date."""


def take_spikes(population: Any) -> tuple[np.ndarray, np.ndarray]:
    """Times in ms and neurons of all recorded spikes since the last call, arrays of shape (n_spikes,).

    Read from the monitor, which holds the spikes of the whole population even if only a view of it is recorded.
    """
    monitor = population.recorder._devices["spikes"]
    times, neurons = np.asarray(monitor.t) / MILLISECOND, np.asarray(monitor.i, np.int64)
    _clear(monitor)
    return times, neurons


def _clear(monitor: Any) -> None:
    """PyNN only resizes the monitor, which then goes on after as many zeros as there were spikes."""
    monitor.variables["N"].set_value(0)
    monitor.resize(0)


def take_potential(population: Any, neurons: slice, times: np.ndarray) -> np.ndarray:
    """The membrane potential in mV at the given times in ms, shape (n_times, n_neurons); what was recorded is dropped.

    Brian2 records at the end of a step: what a neuron compares with its threshold is what was recorded a step before.
    """
    monitor = population.recorder._devices["v"]
    recorded = np.rint(np.asarray(monitor.t) / MILLISECOND + 1).astype(np.int64)
    rows = np.searchsorted(recorded, np.rint(times).astype(np.int64))
    columns = np.isin(monitor.record, np.arange(neurons.start, neurons.stop))
    potentials = np.asarray(monitor.v)[columns][:, rows].T / MILLIVOLT
    _clear(monitor)
    return potentials


def read_weights(projection: Any, block: Block) -> np.ndarray:
    """The present weights of a block, in mV, shape (n_pre, n_post)."""
    variables = projection._brian2_synapses[0][0].variables
    pre, post, weights = (variables[name].get_value() for name in ("_synaptic_pre", "_synaptic_post", "weight"))
    return block_matrix(block, pre, post, weights / MILLIVOLT)


def describe() -> dict[str, str]:
    """Version of the simulator and the code generation in use, for the records."""
    return {TRAITS.simulator: metadata.version("brian2"), "variant": _state.target}
