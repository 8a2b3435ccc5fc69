"""SpiNNaker as a platform for circuits that answer: a board, or the arithmetic of its cores on this computer."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import metadata

import numpy as np

from pynn_backprop.checks import check_choice
from pynn_backprop.circuit.circuit import Circuit
from pynn_backprop.errors import InputError
from pynn_backprop.interfaces import Options
from pynn_backprop.spikes import Spikes, sorted_spikes
from pynn_backprop.weights import Weights

from .chip.mapping import map_network
from .chip.validate import validate
from .engines.emulator import Emulator, Recorded
from .host import session
from .host.configuration import configured_board
from .learning import REASON
from .running import RunningNetwork
from .translation.circuits import describe
from .translation.description import Description
from .translation.discretize import discretize

BOARD, EMULATION = "board", "emulation"
VARIANTS = ("auto", BOARD, EMULATION)


class SpinnakerPlatform:
    """See :class:`pynn_backprop.interfaces.Platform`.

    Parameters
    ----------
    options
        The variant: ``board``, which is meant by ``auto``, or ``emulation``.  There is one thread and one layout.
    """

    name = "spinnaker"
    samples_per_run = 1000

    def __init__(self, options: Options) -> None:
        variant = check_choice("variant on spinnaker", options.variant, VARIANTS)
        check_choice("layout on spinnaker", options.layout, ("auto", "separate"))
        if options.threads != 1:
            raise InputError(f"threads is {options.threads} but must be 1 on SpiNNaker")
        self.variant = BOARD if variant == "auto" else variant

    def build(self, circuit: Circuit, weights: Weights, record: Sequence[str] = ()) -> RunningNetwork:
        """See :meth:`pynn_backprop.interfaces.Platform.build`."""
        self.check_circuit(circuit)
        description = describe(circuit, weights)
        found = discretize(description)
        validate(found.network)
        engine: Board | Emulator = Emulator(found.network)
        if self.variant == BOARD:
            engine = Board(description, map_network(found).slowdown)
        return RunningNetwork(circuit, weights, engine, record)

    def check_circuit(self, circuit: Circuit) -> None:
        """See :meth:`pynn_backprop.interfaces.Limited.check_circuit`: nothing learns, and numbers end somewhere.

        Raises
        ------
        InputError
            If it learns, or a number of it is none that a core has.
        PlatformError
            If it is to run on a board and none is configured, or sPyNNaker is not installed.
        """
        if circuit.schedule.training:
            raise InputError(f"a circuit that learns can't run on SpiNNaker: {REASON}")
        if self.variant == BOARD:
            configured_board()
            session.require_interpreter()
        nothing = {name: np.zeros(shape, np.int64) for name, shape in circuit.matrices.items()}
        validate(discretize(describe(circuit, nothing)).network)

    def describe(self) -> dict[str, str]:
        """See :meth:`pynn_backprop.interfaces.Platform.describe`."""
        if self.variant == BOARD:
            return {"platform": self.name, "variant": BOARD, "sPyNNaker": session.VERSION}
        what = "arithmetic of SpiNNaker's cores, emulated; not a run on a board"
        return {"platform": self.name, "variant": EMULATION, "what": what, "numba": metadata.version("numba")}


class Board:
    """A board that sPyNNaker is configured for; the network is built and loaded anew for each run.

    Parameters
    ----------
    description
        What to build.
    time_scale_factor
        How many times longer than the timestep a step lasts.
    """

    def __init__(self, description: Description, time_scale_factor: int = 1) -> None:
        self._description, self._slowdown = description, time_scale_factor

    def run(self, spikes: Spikes, steps: int, watched: str | None = None) -> Recorded:
        """Run from rest; see :meth:`hardware.spinnaker.engines.emulator.Emulator.run`.

        Raises
        ------
        PlatformError
            If no board is configured, or sPyNNaker fails.
        """
        answer = session.ask(
            self._description, spikes, steps + 1, executes=True, watched=watched, time_scale_factor=self._slowdown
        )
        nothing = np.zeros((0, 2), np.int64)
        found = {
            population.label: spikes.get(population.label, nothing) for population in self._description.populations
        }
        for place, label in enumerate(answer.facts["record"]):
            found[label] = sorted_spikes(*answer.arrays[f"spikes {place}"].T)
        potentials = None
        if watched is not None:
            # Potentials are recorded before the step in which they change.
            potentials = answer.arrays["v 0"][1 : steps + 1]
        return Recorded(found, potentials, {})
