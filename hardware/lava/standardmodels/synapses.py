"""Synapse types; :mod:`hardware.lava.translation.weights` says how weights are held."""

from __future__ import annotations

from typing import Any, ClassVar

from pyNN.standardmodels import build_translations, synapses

from pynn_backprop.errors import InputError
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


class SpikePairRule(synapses.SpikePairRule):
    """PyNN's rule for all pairs of spikes, with traces of seven bits."""

    translations = build_translations(*((name, name) for name in ("tau_plus", "tau_minus", "A_plus", "A_minus")))
    possible_models: ClassVar[set[str]] = {"pairs"}
    extra_parameters: ClassVar[dict[str, Any]] = {}


class AdditiveWeightDependence(synapses.AdditiveWeightDependence):
    """PyNN's changes that do not depend on the weight, between two bounds."""

    translations = build_translations(("w_min", "w_min"), ("w_max", "w_max"))
    possible_models: ClassVar[set[str]] = {"pairs"}
    extra_parameters: ClassVar[dict[str, Any]] = {}


class STDPMechanism(synapses.STDPMechanism):
    """PyNN's STDP: SpikePairRule with AdditiveWeightDependence.

    A neuron's spike is seen in the step in which it fires, and the whole delay lies behind the synapse.
    """

    base_translations = build_translations(*_WEIGHT_AND_DELAY, ("dendritic_delay_fraction", "dendritic_delay_fraction"))

    def _build_translations(self) -> None:
        # PyNN adds those of the parts to what all mechanisms share.
        self.translations = dict(self.base_translations)
        for part in (self.timing_dependence, self.weight_dependence):
            if part is None or not hasattr(part, "possible_models"):
                raise InputError(
                    "STDPMechanism needs this simulator's SpikePairRule and AdditiveWeightDependence: that is all that "
                    "Loihi's learning engine is made to do here"
                )
            self.translations.update(part.translations)
        if self.voltage_dependence is not None:
            raise InputError("voltage_dependence must be None: a synapse of Loihi does not know the potential")
        if self.dendritic_delay_fraction != 1:
            raise InputError(
                f"dendritic_delay_fraction is {self.dendritic_delay_fraction:g} but must be 1: the synapse sees a "
                "presynaptic spike at once"
            )

    def _get_minimum_delay(self) -> float:
        return state.default_delay
