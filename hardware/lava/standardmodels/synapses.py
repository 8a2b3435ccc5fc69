"""Synapse types; :mod:`hardware.lava.translation.weights` says how weights are held."""

from __future__ import annotations

from typing import Any, ClassVar

from pyNN.standardmodels import StandardSynapseType, build_translations, synapses

from pynn_backprop.errors import InputError

from ..simulator import state

_WEIGHT_AND_DELAY = (("weight", "weight"), ("delay", "delay"))


class StaticSynapse(synapses.StaticSynapse):
    """A synapse with fixed weight and delay; a projection may hold weights of both signs."""

    translations = build_translations(*_WEIGHT_AND_DELAY)
    # PyNN's own check would refuse both signs; the projection checks the sign where there is only one.
    parameter_checks: ClassVar[dict[str, Any]] = {}

    def _get_minimum_delay(self) -> float:
        return state.min_delay


class ReinforcedHebbianSynapse(StandardSynapseType):
    """The reinforced Hebbian synapse, which is a rule of Loihi's learning engine.

    Where the pre- and the postsynaptic neuron fire in the same step, the weight changes by `eta` if the reinforcement
    neuron fires in that step and by -`eta` if it does not; it stays between -`w_max` and `w_max`.  A spike hands on the
    weight as it was before its own change.

    Parameters
    ----------
    reinforcement
        A Population or PopulationView of one neuron.
    weight
        Initial weight, in mV; both signs are allowed.
    delay
        One timestep, in ms: learning connections have no delays.
    eta, w_max
        Change per coincidence and bound, in mV; one value for a projection.
    """

    default_parameters: ClassVar[dict[str, Any]] = {"weight": 0.0, "delay": None, "eta": 2.0, "w_max": 254.0}
    parameter_checks: ClassVar[dict[str, Any]] = {}
    translations = build_translations(*_WEIGHT_AND_DELAY, ("eta", "eta"), ("w_max", "w_max"))

    def __init__(self, reinforcement: Any, **parameters: Any) -> None:
        if getattr(reinforcement, "size", None) != 1:
            raise InputError(f"reinforcement is {reinforcement!r} but must be a Population of one neuron")
        super().__init__(**parameters)
        self.reinforcement = reinforcement

    def _get_minimum_delay(self) -> float:
        return state.dt
