r"""A network in the integers of a Loihi chip: what the translation makes, the chip is asked for, and the engines run.

Compartments and inputs (the neurons of spike sources) are numbered through the whole network, each from 0.  In every
step a compartment with decays :math:`\delta_u, \delta_v` computes

.. math::

    u &\leftarrow u\,(4095 - \delta_u) / 4096 + \sum w \\
    v &\leftarrow v\,(4096 - \delta_v) / 4096 + u + b

with :math:`w` = weight mantissa :math:`\cdot\,2^{6 + \text{exponent}}` of the spikes that arrive and :math:`b` = bias
mantissa :math:`\cdot\,2^{\text{exponent}}`, and spikes and sets v to 0 when v > threshold mantissa :math:`\cdot\,2^6`.
Fractions are cut off.  After a spike v stays 0 for the rest of the refractory time, while u goes on.

A *dendrite* is a compartment that never fires; another compartment adds the v that it has reached in the same step to
its own, as the chip's compartments of one neuron do (Davies et al. 2018).  It gives a cell a second synaptic current,
or one that is not a single exponential.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from .ranges import UNITY


@dataclass(frozen=True)
class Compartments:
    """Compartments that share their decays: one LIF process.

    Parameters
    ----------
    label
        Names of the PyNN populations in it, for messages.
    first, size
        They are the compartments ``first`` to ``first + size - 1`` of the network.
    du, dv
        Decays of current, 0 to 4095, to which the chip adds 1, and of voltage, 0 to 4096, in units of 1/4096; du = 4095
        and dv = 4096 leave no memory.
    threshold
        Mantissas, int (size,), in units of 2**6.
    bias_mantissa, bias_exponent
        Int (size,) each.
    refractory
        Steps from a spike to the first in which v integrates again: 1, which means no pause, to 63.
    dendrite
        Whether they never fire.
    joined
        Dendrites whose v each compartment adds to its own, int (n, size), -1 for none; or None.
    """

    label: str
    first: int
    size: int
    du: int
    dv: int
    threshold: np.ndarray
    bias_mantissa: np.ndarray
    bias_exponent: np.ndarray
    refractory: int = 1
    dendrite: bool = False
    joined: np.ndarray | None = None


@dataclass(frozen=True)
class Rule:
    r"""The reinforced Hebbian rule: :math:`\Delta w = \eta\,x_0 y_0\,(2 r - 1)`, clipped.

    Parameters
    ----------
    reinforcement
        The compartment whose spike in the same step says +eta.
    eta, w_max
        In units of the weight mantissa.
    """

    reinforcement: int
    eta: int
    w_max: int


@dataclass(frozen=True)
class PairRule:
    r"""Additive pair-based STDP: :math:`\Delta w = A_+\,x_1 y_0 - A_-\,x_0 y_1`, clipped.

    :math:`x_0, y_0` say that the presynaptic and the postsynaptic neuron fire; the traces :math:`x_1, y_1` have 7 bits,
    get TRACE_IMPULSE (:mod:`.ranges`) with each spike after they were read, and decay in every step.

    Parameters
    ----------
    keep_x, keep_y
        What is left of a trace in a step, in 4096ths.
    plus, minus
        :math:`A_+` and :math:`A_-` times 2**16, in units of the weight mantissa for one unit of a trace; each is a
        mantissa of 3 bits times a power of two.
    w_min, w_max
        In units of the weight mantissa.
    """

    keep_x: int
    keep_y: int
    plus: int
    minus: int
    w_min: int
    w_max: int

    reinforcement: ClassVar[int] = -1
    """There is none."""


@dataclass(frozen=True)
class Synapses:
    """The synapses of one PyNN projection, in the order of their creation.

    Parameters
    ----------
    label
        Of the projection.
    from_input
        Whether `pre` counts inputs; else it counts compartments.
    pre, post
        Int (n_synapses,): global numbers of the presynaptic input or compartment, and of the postsynaptic compartment.
    weight
        Mantissas, int (n_synapses,), initially.
    exponent
        Of the whole projection: one unit of the mantissa is 2**(6 + exponent).
    delay
        Loihi's delays, int (n_synapses,): a spike of step t acts in step t + 1 + delay.
    rule
        For plastic synapses, else None.
    """

    label: str
    from_input: bool
    pre: np.ndarray
    post: np.ndarray
    weight: np.ndarray
    exponent: int
    delay: np.ndarray
    rule: Rule | PairRule | None = None

    @property
    def where(self) -> str:
        """Its name, for findings."""
        return f"projection {self.label!r}"


@dataclass(frozen=True)
class Part:
    """Compartments that are one PyNN population, or a part of it, for messages and reports.

    Parameters
    ----------
    label
        Of the population.
    first, size
        They are the compartments ``first`` to ``first + size - 1`` of the network.
    offset
        The first of them is this neuron of the population.
    """

    label: str
    first: int
    size: int
    offset: int = 0


@dataclass(frozen=True)
class DiscreteNetwork:
    """A whole network.

    Parameters
    ----------
    n_inputs
        Neurons of all spike sources.
    compartments
        Groups in the order of their numbers, without gaps.
    synapses
        One for each projection.
    parts
        The PyNN populations in the order of their compartments, without gaps; if there are none, messages and reports
        name the groups.
    """

    n_inputs: int
    compartments: tuple[Compartments, ...]
    synapses: tuple[Synapses, ...]
    parts: tuple[Part, ...] = ()

    @property
    def n_compartments(self) -> int:
        """All compartments."""
        return sum(group.size for group in self.compartments)

    @property
    def populations(self) -> tuple[Part, ...]:
        """The PyNN populations in the order of their compartments, or the groups if there are none."""
        return self.parts or tuple(Part(group.label, group.first, group.size) for group in self.compartments)

    def of_compartments(self, name: str) -> np.ndarray:
        """A value of every compartment, int (n_compartments,): an attribute of :class:`Compartments`."""
        return _joined([np.broadcast_to(getattr(group, name), group.size) for group in self.compartments])

    def of_synapses(self, name: str) -> np.ndarray:
        """A value of every synapse, one projection after the other, int (n_synapses,): one of :class:`Synapses`."""
        return _joined([getattr(synapses, name) for synapses in self.synapses])

    @property
    def sources(self) -> np.ndarray:
        """The presynaptic neuron of every synapse, int (n_synapses,), inputs being counted after the compartments."""
        return _joined([synapses.pre + self.n_compartments * synapses.from_input for synapses in self.synapses])

    @property
    def forgets(self) -> np.ndarray:
        """Which compartments keep nothing from step to step, bool (n_compartments,)."""
        return (self.of_compartments("du") == UNITY - 1) & (self.of_compartments("dv") == UNITY)

    def name_of(self, compartment: int) -> str:
        """The population and the neuron in it that a compartment is."""
        for part in self.populations:
            if part.first <= compartment < part.first + part.size:
                return f"{part.label}[{compartment - part.first + part.offset}]"
        return f"compartment {compartment}"


def _joined(arrays: Iterable[np.ndarray]) -> np.ndarray:
    return np.concatenate([np.zeros(0, np.int64), *arrays]).astype(np.int64)
