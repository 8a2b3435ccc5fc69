"""The engines by name."""

from __future__ import annotations

import contextlib
import importlib

import numpy as np

from pynn_backprop.checks import check_choice
from pynn_backprop.errors import PlatformError

from ..translation.network import DiscreteNetwork, PairRule
from .engine import Engine
from .forking import forking
from .installed import require_lava, require_loihi

EMULATOR = "emulator"
"""Needs no Lava."""

RUNNING = {
    EMULATOR: (".emulator", "EmulatorEngine"),
    "fast": (".fast", "FastEngine"),
    "stock": (".stock", "StockEngine"),
}
"""Modules, of which all but the emulator's import Lava, and classes of the engines that run on this computer."""

ACCUMULATORS = ("wide", "chip")
"""What the emulator can do with the input of a step beyond 21 bits and a sign."""

CHIP = "loihi"
"""Asked for, it says what is missing."""

ENGINES = (*RUNNING, CHIP)


def require_engine(name: str) -> None:
    """Check that an engine can run here.

    Parameters
    ----------
    name
        One of :data:`ENGINES`.

    Raises
    ------
    PlatformError
        If lava-nc is not installed and the engine needs it; and for a chip.
    """
    if name == EMULATOR:
        return
    require_lava()
    if name == CHIP:
        require_loihi()


def make_engine(
    name: str, network: DiscreteNetwork, spikes: np.ndarray, potentials: np.ndarray, accumulator: str = "wide"
) -> Engine:
    """An engine for a network.

    Processes, where it has any, start with the first run; all v and u are 0 until then, unless they are set.

    Parameters
    ----------
    name
        One of :data:`RUNNING`.
    network
        What to run.
    spikes, potentials
        Int (n,) each: the compartments whose spikes, and whose v after each step, are recorded.
    accumulator
        Of the emulator; see :class:`hardware.lava.engines.emulator.EmulatorEngine`.

    Raises
    ------
    InputError
        If there is no such engine, or the network is inconsistent.
    PlatformError
        If lava-nc is needed and not installed, if the engine can't express the network, or for ``loihi``, a chip.
    """
    require_engine(check_choice("the engine", name, ENGINES))
    if name != EMULATOR:
        check_lava_has(name, network)
    module, made_by = RUNNING[name]
    with contextlib.nullcontext() if name == EMULATOR else forking():
        engine = getattr(importlib.import_module(module, __package__), made_by)
    more = (accumulator,) if name == EMULATOR else ()
    made: Engine = engine(network, np.asarray(spikes), np.asarray(potentials), *more)
    return made


def check_lava_has(name: str, network: DiscreteNetwork) -> None:
    """Refuse what Lava's fixed-point LIF has not.

    Raises
    ------
    PlatformError
        Names the populations, and the engine that has it.
    """
    for synapses in network.synapses:
        if isinstance(synapses.rule, PairRule):
            raise PlatformError(
                f"{synapses.label!r} learns by pairs of spikes: the engine {name!r} can't run it; the emulator can"
            )
    for group in network.compartments:
        if group.refractory > 1:
            lacks = f"a refractory time of {group.refractory - 1} steps, and Lava's fixed-point LIF has none"
        elif group.dendrite:
            lacks = "dendrites, and Lava's fixed-point LIF is one compartment"
        else:
            continue
        raise PlatformError(f"{group.label!r} has {lacks}: the engine {name!r} can't run it; the emulator can")
