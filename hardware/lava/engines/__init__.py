"""What runs a discrete network: two engines with one meaning, behind the same methods.

``fast``
    two Lava processes: Lava's own fixed-point LIF for all compartments, and one process of ours with all synapses,
    delays, plasticity, input and recording;
``stock``
    stock Lava processes only, the network as Loihi's compiler would be given it; many times slower.
"""

from __future__ import annotations

import importlib
import importlib.util
import sys
from collections.abc import Callable
from typing import Protocol

import numpy as np

from pynn_backprop.checks import check_choice
from pynn_backprop.errors import PlatformError

from ..translation.network import DiscreteNetwork
from .forking import forking

LAVA = "lava.magma.core.process.process"
LAVA_PYTHON = (3, 10)
"""The newest Python that lava-nc 0.10.0 can be installed on."""

LOIHI_EXTENSION = "lava.utils.loihi2_profiler"
"""The module by which lava-nc itself decides whether its extension for Loihi is there."""


class Engine(Protocol):
    """A network that is ready to run.  Steps are counted from 1, the first step of the first run.

    Every method raises a PlatformError once the engine has ended, but for :meth:`take_spikes` and
    :meth:`take_potentials`, which still hand out what was recorded, and :meth:`close`.
    """

    def set_spikes(self, steps: np.ndarray, inputs: np.ndarray) -> None:
        """Replace all spikes of inputs that lie ahead, int (n_spikes,) each, in any order.

        Refused with an InputError: past steps, and two spikes of an input in one step, which a chip can't have.
        """

    def run(self, steps: int) -> None:
        """Run this many steps.

        Raises
        ------
        PlatformError
            If a process fails or is killed: names it and carries its traceback.  All processes are then ended, as
            they are after Ctrl-C.
        """

    def take_spikes(self) -> tuple[np.ndarray, np.ndarray]:
        """Steps and compartments of the recorded compartments' spikes since the last call, sorted by both."""

    def take_potentials(self) -> tuple[np.ndarray, np.ndarray]:
        """First step, shape (), and v of the recorded compartments since the last call, int (n_steps, n_recorded)."""

    def weights(self, synapses: int) -> np.ndarray:
        """Present mantissas of the network's ``synapses[k]``, int (n_synapses,)."""

    def set_weights(self, synapses: int, weight: np.ndarray) -> None:
        """Change the mantissas of the network's ``synapses[k]`` from the next step on."""

    def set_compartments(self, group: int, name: str, values: np.ndarray, places: np.ndarray | None = None) -> None:
        """Change ``threshold``, ``bias_mantissa``, ``bias_exponent`` or the present ``v`` or ``u`` of a group.

        Parameters
        ----------
        group
            Index of the group.
        name
            What to change.
        values
            Int (n,), in the units of :class:`~hardware.lava.translation.network.Compartments`; v and u in units of 1.
        places
            Int (n,): which compartments of the group, counted from its first; all if None.
        """

    def close(self) -> None:
        """End all processes and free all memory; harmless when called again."""


def make_engine(name: str, network: DiscreteNetwork, spikes: np.ndarray, potentials: np.ndarray) -> Engine:
    """An engine for a network.

    Its processes start with the first run; all v and u are 0 until then, unless they are set.

    Parameters
    ----------
    name
        ``fast`` or ``stock``.
    network
        What to run.
    spikes, potentials
        Int (n,) each: the compartments whose spikes, and whose v after each step, are recorded.

    Raises
    ------
    InputError
        If there is no such engine, or the network is inconsistent.
    PlatformError
        If lava-nc is not installed, if the engine can't express the network, or for ``loihi``, a chip.
    """
    make = _MAKERS[check_choice("the engine", name, _MAKERS)]
    return make(network, np.asarray(spikes), np.asarray(potentials))


def require_lava() -> None:
    """Check that lava-nc is there.

    Raises
    ------
    PlatformError
        Says how to get it, and on which Python.
    """
    if _exists(LAVA):
        return
    if sys.version_info[:2] > LAVA_PYTHON:
        needed, here = (".".join(map(str, version)) for version in (LAVA_PYTHON, sys.version_info[:2]))
        raise PlatformError(
            f"Lava can't be installed here: lava-nc 0.10.0 needs Python {needed}, this is Python {here}.  Make an "
            f"environment with Python {needed} and install 'pynn_backprop[lava]' there"
        )
    raise PlatformError("Lava is not installed: pip install 'pynn_backprop[lava]'")


def _exists(module: str) -> bool:
    try:
        return importlib.util.find_spec(module) is not None
    except ModuleNotFoundError:
        return False


def _made_by(module: str, name: str) -> Callable[[DiscreteNetwork, np.ndarray, np.ndarray], Engine]:
    """What makes the engine of this name in a module that imports Lava."""

    def make(network: DiscreteNetwork, spikes: np.ndarray, potentials: np.ndarray) -> Engine:
        require_lava()
        with forking():
            engine = getattr(importlib.import_module(module, __package__), name)
        made: Engine = engine(network, spikes, potentials)
        return made

    return make


def _loihi(network: DiscreteNetwork, spikes: np.ndarray, potentials: np.ndarray) -> Engine:
    require_lava()
    missing = [] if _exists(LOIHI_EXTENSION) else ["Intel's extension of Lava for Loihi (to members of its INRC)"]
    raise PlatformError(
        "nothing can run on a Loihi chip here.  Missing: "
        + "; ".join([*missing, "a Loihi board, local or through slurm", "an engine that was tried on one"])
        + ".  The engines 'fast' and 'stock' run Loihi's arithmetic on this computer"
    )


_MAKERS: dict[str, Callable[[DiscreteNetwork, np.ndarray, np.ndarray], Engine]] = {
    "fast": _made_by(".fast", "FastEngine"),
    "stock": _made_by(".stock", "StockEngine"),
    "loihi": _loihi,
}
