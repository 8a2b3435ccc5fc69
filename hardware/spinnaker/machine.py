"""SpiNNaker as pynn_backprop knows it: where circuits run, and where they would sit."""

from __future__ import annotations

from dataclasses import dataclass

from pynn_backprop.circuit.circuit import Circuit
from pynn_backprop.errors import PlatformError
from pynn_backprop.interfaces import Machine, Options
from pynn_backprop.weights import Weights

from .chip.board import ToolCount
from .chip.mapping import BoardMapping, map_network
from .host import session
from .platform import SpinnakerPlatform
from .translation.circuits import describe
from .translation.description import Description
from .translation.discretize import discretize

STEPS = 100
"""That sPyNNaker is told to run for when it places a network; memory for recording depends on it, and nothing is."""


@dataclass(frozen=True)
class Spinnaker:
    """See :class:`pynn_backprop.interfaces.Machine`."""

    name: str = "spinnaker"

    def platform(self, options: Options) -> SpinnakerPlatform:
        """Where circuits run."""
        return SpinnakerPlatform(options)

    def map_circuit(self, circuit: Circuit, weights: Weights, per_core: int | None = None) -> BoardMapping:
        """How a circuit would sit on a board, by our count and, where it is installed, by sPyNNaker's own."""
        description = describe(circuit, weights)
        found = discretize(description)
        alone = map_network(found, per_core)  # what is refused needs no sPyNNaker
        if session.interpreter() is None:
            return map_network(found, per_core, f"sPyNNaker is not installed: {session.REMEDY}")
        try:
            return map_network(found, per_core, count_of_tool(description, per_core, alone.slowdown))
        except PlatformError as error:
            return map_network(found, per_core, str(error))


def count_of_tool(description: Description, per_core: int | None = None, time_scale_factor: int = 1) -> ToolCount:
    """What sPyNNaker says on its virtual board.

    Parameters
    ----------
    description
        The network.
    per_core
        No core gets more neurons; as many as fit if None.
    time_scale_factor
        How many times longer than the timestep a step lasts.

    Raises
    ------
    PlatformError
        If sPyNNaker is not installed, or fails.
    """
    facts = session.ask(description, {}, STEPS, neurons_per_core=per_core, time_scale_factor=time_scale_factor).facts
    delays = [core for core in facts["cores"] if "Delay" in core["kind"]]
    return ToolCount(
        version=facts["version"],
        cores=len(facts["cores"]) - len(delays),
        delay_cores=len(delays),
        chips=facts["chips"],
        sdram_bytes=sum(core["sdram_bytes"] for core in facts["cores"]),
        shifts={label: (shifts[0], shifts[1]) for label, shifts in facts["shifts"].items()},
        seconds=facts["seconds"],
    )


MACHINE: Machine = Spinnaker()
