"""Circuits of the package in Loihi's integers, by the package's own translation: there is no other in the tests.

That the translation is right is shown by spikes and weights that equal those of the rule and of other simulators.
"""

from __future__ import annotations

from hardware.lava.simulator import state
from hardware.lava.translation.network import DiscreteNetwork
from pynn_backprop.circuit.circuit import Circuit
from pynn_backprop.platforms import get_platform
from pynn_backprop.weights import initial_weights


def translated(circuit: Circuit) -> DiscreteNetwork:
    """The circuit with initial weights; needs Lava to be installed, but does not run it."""
    network = get_platform("lava").build(circuit, initial_weights(circuit.neurons, 1))
    try:
        return state.discretized().network
    finally:
        network.close()
