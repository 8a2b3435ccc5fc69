"""A circuit of pynn_backprop as a description for sPyNNaker.

Two things differ from how the circuit is told to other simulators, and neither changes a spike:

- Cells rest at 0, and the bias is part of the threshold: they fire when the drive exceeds bias + threshold either way.
  A potential below -65536 would wrap round on a core, which with a rest at -bias it could; with this none can get
  there, for what arrives in a step is less than 65536 of either sign.
- A projection with weights of both signs is two, since the sign comes from the receptor type alone.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from pynn_backprop.circuit.circuit import Circuit
from pynn_backprop.circuit.parts import Population, Projection
from pynn_backprop.weights import Weights, check_weights, signed_copy

from .description import EXCITATORY, INHIBITORY, Cells, Connections, Description, Sources
from .fixed_point import LARGEST

TIMESTEP = 1.0
"""One step of the circuit, in ms."""

NEVER = np.floor(LARGEST) + 0.5
"""A threshold that no potential reaches, since what arrives in a step is at most 65,535."""


def describe(circuit: Circuit, weights: Weights) -> Description:
    """What sPyNNaker would be told.

    Parameters
    ----------
    circuit
        Any.  Of one that learns the synapses have the weights that they start with, and do not change.
    weights
        Its matrices by name, integers of shape (n_pre, n_post); not looked at if it has none.

    Returns
    -------
    Description

    Raises
    ------
    InputError
        If the weights do not fit the circuit.
    """
    matrices = check_weights(weights, circuit.parameters, circuit.neurons) if circuit.matrices else {}
    projections = (part for projection in circuit.projections for part in _split(circuit, projection, matrices))
    return Description(
        tuple(map(_population, circuit.populations)), tuple(projections), TIMESTEP, circuit.schedule.length
    )


def _population(population: Population) -> Cells | Sources:
    if population.role == "source":
        return Sources(population.name, population.size, population.phases)
    # Half-way between whole numbers, so that > and >= agree.  A probe's threshold only has to be out of reach.
    limit = NEVER if population.role == "probe" else population.bias + population.threshold + 0.5
    return Cells(population.name, population.size, limit, phases=population.phases)


def _split(circuit: Circuit, projection: Projection, matrices: Weights) -> Iterator[Connections]:
    sources, targets, weight = _synapses(circuit, projection, matrices)
    # A synapse that learns may start at 0; one that does not would only take room.
    excites = weight >= 0 if projection.plastic else weight > 0
    signs = [(EXCITATORY, excites, "+"), (INHIBITORY, weight < 0, "-")]
    signs = [sign for sign in signs if sign[1].any()]
    for receptor, chosen, mark in signs:
        yield Connections(
            projection.label + (f" {mark}" if len(signs) > 1 else ""),
            projection.pre,
            projection.post,
            receptor,
            sources[chosen],
            targets[chosen],
            weight[chosen],
            np.full(int(chosen.sum()), projection.latency * TIMESTEP),
            projection.plastic,
        )


def _synapses(circuit: Circuit, projection: Projection, matrices: Weights) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    weight = circuit.level_weights(projection)
    if projection.matrix:
        weight = signed_copy(matrices[projection.matrix], projection.sign, projection.transpose)
    pre, post = (slice(0, circuit[name].size) for name in (projection.pre, projection.post))
    blocks = projection.connectivity.blocks(
        pre, post, projection.weight if weight is None else weight, float(projection.latency)
    )
    parts = [(*block.indices(), block.weights()) for block in blocks]
    sources, targets, weights = (np.concatenate(column) for column in zip(*parts, strict=True))
    return sources, targets, weights
