"""What PyNN has and a Loihi chip has not: why not, and what to take instead."""

from __future__ import annotations

ADAPTATION = "it has an adaptation current or an exponential spike, which a LIF compartment can't compute"
CONDUCTANCE = "a compartment adds currents, whatever its potential is"
ONE_RULE = "Loihi's learning engine has sums of products of traces, and this rule multiplies by the weight"
SHORT_TERM = "a synapse of Loihi has no state but its weight, and traces belong to neurons"
BY_CHANCE = "a synapse of Loihi transmits every spike"

PART = ("it is a part of PointNeuron, whose receptors are free, and a compartment has one current", "IF_curr_exp")

WHY: dict[str, tuple[str, str]] = {
    "IF_cond_exp": (CONDUCTANCE, "IF_curr_exp with weights in nA, or setup(substitute=True), which puts it in place"),
    "IF_cond_alpha": (
        CONDUCTANCE,
        "IF_curr_alpha with weights in nA, or setup(substitute=True), which puts it in place",
    ),
    "IF_cond_exp_gsfa_grr": (ADAPTATION, "IF_curr_exp"),
    "IF_facets_hardware1": (CONDUCTANCE, "IF_curr_exp with weights in nA"),
    "HH_cond_exp": ("it has ion channels", "IF_curr_exp"),
    "EIF_cond_alpha_isfa_ista": (ADAPTATION, "IF_curr_alpha"),
    "EIF_cond_exp_isfa_ista": (ADAPTATION, "IF_curr_exp"),
    "GIF_cond_exp": (ADAPTATION, "IF_curr_exp"),
    "Izhikevich": ("it multiplies its potential by itself", "IF_curr_exp"),
    "PointNeuron": (
        "its receptors are free, and a compartment has one current",
        "IF_curr_exp, which has two receptors",
    ),
    "LIF": PART,
    "AdExp": (ADAPTATION, "IF_curr_exp"),
    "AlphaPSR": PART,
    "ExpPSR": PART,
    "CondAlphaPostSynapticResponse": PART,
    "CondExpPostSynapticResponse": PART,
    "CurrExpPostSynapticResponse": PART,
    "MultiCompartmentNeuron": ("it has ion channels", "IF_curr_exp"),
    "SpikeSourceInhGamma": (
        "it is not drawn here",
        "SpikeSourceGamma, or SpikeSourceArray with times drawn by yourself",
    ),
    "TsodyksMarkramSynapse": (SHORT_TERM, "StaticSynapse"),
    "SimpleStochasticSynapse": (BY_CHANCE, "StaticSynapse"),
    "StochasticTsodyksMarkramSynapse": (BY_CHANCE, "StaticSynapse"),
    "MultiQuantalSynapse": (BY_CHANCE, "StaticSynapse"),
    "ElectricalSynapse": ("compartments exchange spikes only", "StaticSynapse"),
    "MultiplicativeWeightDependence": (ONE_RULE, "AdditiveWeightDependence"),
    "AdditivePotentiationMultiplicativeDepression": (ONE_RULE, "AdditiveWeightDependence"),
    "GutigWeightDependence": (ONE_RULE, "AdditiveWeightDependence"),
    "Vogels2011Rule": ("its change at a presynaptic spike alone is not translated", "SpikePairRule"),
}
"""By PyNN's name: the reason, and the substitute."""


def refusal(name: str) -> str:
    """What is said to someone who asks for a model."""
    reason, instead = WHY[name]
    return f"{name} can't be had on Loihi: {reason}. Instead: {instead}"
