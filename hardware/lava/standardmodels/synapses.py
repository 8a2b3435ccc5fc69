"""Synapse types; :mod:`hardware.lava.translation.weights` says how weights are held."""

from __future__ import annotations

from typing import Any, ClassVar

from pyNN.standardmodels import build_translations, synapses

from pynn_backprop.simulation import synapse as hebbian

from ..simulator import state

_WEIGHT_AND_DELAY = (("weight", "weight"), ("delay", "delay"))


class StaticSynapse(synapses.StaticSynapse):
    """A synapse with fixed weight and delay; a projection may hold weights of both signs."""

    translations = build_translations(*_WEIGHT_AND_DELAY)
    # PyNN's own check would refuse both signs; the projection checks the sign where there is only one.
    parameter_checks: ClassVar[dict[str, Any]] = {}

    def _get_minimum_delay(self) -> float:
        return state.default_delay


class ReinforcedHebbianSynapse(hebbian.ReinforcedHebbianSynapse):
    """The reinforced Hebbian synapse, which is a rule of Loihi's learning engine.

    Its parameters and its rule are those of :mod:`pynn_backprop.simulation.synapse`; the delay must be one timestep,
    since learning connections have no delays.
    """

    translations = build_translations(*_WEIGHT_AND_DELAY, ("eta", "eta"), ("w_max", "w_max"))

    def _get_minimum_delay(self) -> float:
        return state.dt
