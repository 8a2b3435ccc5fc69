"""What a circuit consists of: populations and projections.

Neurons have no memory from step to step: a neuron fires in a step exactly when

    -bias + (sum of the integer weights of the spikes that arrive in this step) > threshold .

The bias keeps it silent unless one gate opens it (:class:`~pynn_backprop.circuit.parameters.Parameters`).
"""

from __future__ import annotations

from dataclasses import dataclass

from .connectivity import Connectivity

PROBE = "v_o"
PROBE_THRESHOLD = 2**20
"""Above any drive of a probe of up to 4,000 hidden neurons."""


READOUT = "o_"
"""Populations of a read-out are called ``o_1``, ``o_2`` and so on."""


@dataclass(frozen=True)
class Population:
    """Neurons that do the same thing.

    Parameters
    ----------
    name
        For example ``h`` or ``d+``.
    size
        Number of neurons.
    role
        ``source`` (spikes from outside), ``data``, ``memory``, ``error``, ``gate``, ``reinforcement`` or ``probe``.
    layer
        Index of the layer it belongs to (0 is the input), None for gates.
    phases
        The phases of a cycle in which it may fire; it must be silent in all others.
    bias, threshold
        The neuron fires when -bias + drive > threshold.
    """

    name: str
    size: int
    role: str
    layer: int | None
    phases: tuple[int, ...]
    bias: int
    threshold: int


@dataclass(frozen=True)
class Projection:
    """Synapses from one population to another.

    Parameters
    ----------
    pre, post
        Names of the populations.
    connectivity
        Which neurons are connected.
    latency
        A spike at step t acts at step t + latency, in which it can make the target fire.
    weight
        The same for all synapses, or None where the weights are those of `matrix` or follow from the connectivity.
    matrix
        Name of the weight matrix, ``W1`` or ``W2``, or None.
    sign, transpose
        The weights are sign * W, or sign * W transposed.
    plastic
        Whether the synapses follow the reinforced Hebbian rule.
    """

    pre: str
    post: str
    connectivity: Connectivity
    latency: int
    weight: int | None = None
    matrix: str | None = None
    sign: int = 1
    transpose: bool = False
    plastic: bool = False

    @property
    def label(self) -> str:
        """A name that no other projection of the circuit has."""
        return f"{self.pre}->{self.post} ({self.latency})"
