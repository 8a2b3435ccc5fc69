"""The integer rule without spikes, and the plain simulation of the circuit step by step."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from importlib import metadata

from pynn_backprop.circuit.circuit import Circuit
from pynn_backprop.interfaces import Platform, RunningCircuit
from pynn_backprop.platforms import REFERENCE, ReferencePlatform
from pynn_backprop.reference.steps import StepSimulator
from pynn_backprop.weights import Weights

from .kinds.spiking import spiking


class StepPlatform:
    """The step simulator, whether spikes are recorded or not."""

    name = REFERENCE
    samples_per_run = 250

    def build(self, circuit: Circuit, weights: Weights, record: Sequence[str] = ()) -> RunningCircuit:
        """See :meth:`pynn_backprop.platforms.Platform.build`."""
        return StepSimulator(circuit, weights, record)

    def describe(self) -> dict[str, str]:
        """See :meth:`pynn_backprop.platforms.Platform.describe`."""
        return {"platform": self.name, "variant": "steps", "numpy": metadata.version("numpy")}


class RulePlatform(ReferencePlatform):
    """The integer rule; it has no spikes, so those of the step simulator are counted."""

    def describe(self) -> dict[str, str]:
        """See :meth:`pynn_backprop.platforms.Platform.describe`."""
        return {**super().describe(), "variant": "oracle", "spikes": "counted on the step simulator"}


# "oracle" is what rows have called the rule from the first one on.
_MAKERS: dict[str, Callable[[], Platform]] = {"oracle": RulePlatform, "steps": StepPlatform}


def _make(variant: str, threads: int) -> Platform:
    return _MAKERS[variant]()


PLATFORM = spiking(REFERENCE, "the integer rule, and the circuit step by step", tuple(_MAKERS), _make)
