"""The stock Lava processes that a network is divided into: plain numbers, no Lava."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..translation.network import Rule

SPARSE, DELAYED, LEARNING = "Sparse", "DelaySparse", "LearningDense"
"""Lava's processes of synapses."""


@dataclass(frozen=True)
class Place:
    """One LIF process.

    Parameters
    ----------
    label
        For messages.
    group
        Index of its Compartments.
    members
        Int (n,): its compartments.
    copies
        Whether it is the same reinforcement neuron n times: a learning process wants its reward once for each
        postsynaptic neuron, in the step in which the neuron fires, and every connection of Lava takes a step.
    """

    label: str
    group: int
    members: np.ndarray
    copies: bool = False


@dataclass(frozen=True)
class Connection:
    """One process of synapses.

    Parameters
    ----------
    kind
        Its Lava process.
    label
        For messages.
    from_input, pre
        Index of the source or place that the spikes come from.
    post
        Index of the place they go to.
    exponent
        Of the weights.
    projection, synapse
        Int (n,): its synapses.
    row, column
        Int (n,): the target's place in `post` and the source's in `pre`.
    delay
        Int (n,).
    rule, reward
        Of learning processes: the rule, and the index of the place with copies of the reinforcement neuron.
    """

    kind: str
    label: str
    from_input: bool
    pre: int
    post: int
    exponent: int
    projection: np.ndarray
    synapse: np.ndarray
    row: np.ndarray
    column: np.ndarray
    delay: np.ndarray
    rule: Rule | None = None
    reward: int = -1


@dataclass(frozen=True)
class Plan:
    """All processes but those that record.

    Parameters
    ----------
    places, connections
        LIF processes and processes of synapses.
    sources
        Int (n,) each: the inputs of each source of spikes.
    """

    places: tuple[Place, ...]
    sources: tuple[np.ndarray, ...]
    connections: tuple[Connection, ...]
