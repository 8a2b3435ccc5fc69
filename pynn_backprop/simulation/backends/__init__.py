"""All that differs between PyNN simulators, one file each, and one table of :mod:`traits`.

A backend is a module with the same names in every file:

``VARIANTS``
    the ways in which it can do it, for :class:`Options`, the first one being ``auto``;
``check_options(options)``
    raises an InputError for a choice that the simulator does not have;
``configure(options, max_delay)``
    called before ``sim.setup``: takes what the user chose and the longest delay in ms, and returns the keyword
    arguments of ``sim.setup``;
``ready()``
    called after ``sim.setup``: whatever the simulator needs before the first Population;
``Connector(blocks)``
    a PyNN connector that makes the synapses of :class:`~pynn_backprop.simulation.fusion.Block` objects, weights and
    delays included, all at once;
``StaticSynapse()``, ``ReinforcedHebbianSynapse(reinforcement, eta=, w_max=)``
    PyNN synapse types; with other connectors than ours they take PyNN's weight and delay;
``settle(sim)``
    bring postponed weight changes up to date;
``take_spikes(population)``
    times in ms and neurons of the recorded spikes since the last call, arrays of shape (n_spikes,);
``take_potential(population, neurons, times)``
    the recorded membrane potential of a slice of neurons at the given times, in mV, shape (n_times, n_neurons);
``read_weights(projection, block)``
    the present weights of a block that the projection was made with, in mV, shape (n_pre, n_post);
``describe()``
    versions and choices, for the records.

A backend may have ``import_simulator()``, which imports the PyNN module with less noise.

Nothing outside this folder and ``hardware/`` asks which simulator it runs on.
"""

from __future__ import annotations

import importlib
import importlib.util
from dataclasses import dataclass
from types import ModuleType
from typing import Any

from ...checks import check_choice, check_count
from ...errors import InputError, PlatformError
from ..fusion import LAYOUTS
from .traits import Traits as Traits

SIMULATORS = {"nest": "pyNN.nest", "brian2": "pyNN.brian2", "lava": "hardware.lava"}
"""The PyNN modules behind the short names."""

BACKENDS = {
    "pyNN.nest": "pynn_backprop.simulation.backends.nest",
    "pyNN.brian2": "pynn_backprop.simulation.backends.brian2",
    "hardware.lava": "pynn_backprop.simulation.backends.lava",
}
"""The backend of each PyNN module.  Another module can name its own in an attribute ``pynn_backprop_backend``."""

NEEDED = {
    "pyNN.nest": ("nest", "pip install 'pynn_backprop[nest]'"),
    "pyNN.brian2": ("brian2", "pip install 'pynn_backprop[brian2]'"),
    "hardware.lava": ("lava", "pip install 'pynn_backprop[lava]', which needs Python 3.10"),
}
"""The package behind each PyNN module, and how to get it."""


@dataclass(frozen=True)
class Options:
    """What the user may choose of a simulator.

    Parameters
    ----------
    threads
        Threads of the simulator.
    variant
        How the simulator does it: ``auto`` for the fastest that works, or one that the backend names.
    layout
        One PyNN Population for each population of the circuit (``separate``) or few for all (``fused``); ``auto`` for
        the one that suits the simulator.
    """

    threads: int = 1
    variant: str = "auto"
    layout: str = "auto"

    def __post_init__(self) -> None:
        check_count("threads", self.threads)
        check_choice("layout", self.layout, ["auto", *LAYOUTS])


def load_simulator(name: str) -> ModuleType:
    """Import a PyNN simulator by its short name or its dotted module path.

    Raises
    ------
    InputError
        If the name is neither.
    PlatformError
        If the simulator is not installed; says how to get it.
    """
    path = SIMULATORS.get(name, name)
    if name not in SIMULATORS and not ("." in name and all(part.isidentifier() for part in name.split("."))):
        check_choice("the simulator", name, [*SIMULATORS, "reference"])
    package, remedy = NEEDED.get(path, (path, f"install the package that provides {path}"))
    if not _exists(package):
        raise PlatformError(f"the simulator {name!r} needs the module {package}, which is not installed: {remedy}")
    try:
        return _import_quietly(path)
    except ImportError as error:
        raise PlatformError(f"the simulator {name!r} can't be imported: {error}; {remedy}") from error


def _exists(module: str) -> bool:
    try:
        return importlib.util.find_spec(module) is not None
    except ModuleNotFoundError:
        return False


def _import_quietly(path: str) -> ModuleType:
    backend = BACKENDS.get(path)
    prepare = getattr(importlib.import_module(backend), "import_simulator", None) if backend else None
    return prepare() if prepare else importlib.import_module(path)


def for_simulator(sim: Any) -> Any:
    """The backend of an imported PyNN simulator.

    Raises
    ------
    InputError
        If there is none for this module.
    """
    name = getattr(sim, "__name__", repr(sim))
    own = getattr(sim, "pynn_backprop_backend", None)
    if own is not None:
        return importlib.import_module(own) if isinstance(own, str) else own
    if name not in BACKENDS:
        raise InputError(
            f"sim is {name!r}, for which there is no backend; there is one for {', '.join(BACKENDS)}, and a module "
            "may name its own in an attribute pynn_backprop_backend"
        )
    return importlib.import_module(BACKENDS[name])
