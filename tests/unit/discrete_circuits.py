"""Circuits of the package as discrete networks, made by hand: what `hardware.lava` must make of them."""

from __future__ import annotations

import numpy as np

from hardware.lava.translation.network import Compartments, DiscreteNetwork, Part, Rule, Synapses
from pynn_backprop.circuit.circuit import Circuit
from pynn_backprop.circuit.parts import Projection
from pynn_backprop.weights import initial_weights, signed_copy

LARGEST = 255


def discrete_circuit(circuit: Circuit, seed: int = 1) -> DiscreteNetwork:
    """One group of compartments, one projection for each of the circuit; the reset potential is 0, so no bias."""
    matrices = initial_weights(circuit.neurons, seed)
    places = {**_numbered(circuit.simulated), **_numbered(circuit.sources)}
    sizes = [population.size for population in circuit.simulated]
    # A probe's threshold can't be reached: the largest one will do.
    thresholds = [min(population.threshold + population.bias, 2**17 - 1) for population in circuit.simulated]
    n = sum(sizes)
    group = Compartments("neurons", 0, n, 4095, 4096, np.repeat(thresholds, sizes), np.zeros(n, int), np.zeros(n, int))
    parts = tuple(Part(p.name, places[p.name], p.size) for p in circuit.simulated)
    rule = Rule(places["r"], circuit.parameters.eta, circuit.parameters.w_max) if "r" in places else None
    synapses = tuple(_synapses(circuit, projection, places, matrices, rule) for projection in circuit.projections)
    return DiscreteNetwork(sum(p.size for p in circuit.sources), (group,), synapses, parts)


def _numbered(populations) -> dict[str, int]:
    starts = np.cumsum([0, *(population.size for population in populations)])
    return {population.name: int(start) for population, start in zip(populations, starts[:-1], strict=True)}


def _synapses(circuit: Circuit, projection: Projection, places, matrices, rule: Rule | None) -> Synapses:
    pre, post = circuit[projection.pre], circuit[projection.post]
    first, last = np.arange(pre.size), np.arange(post.size)
    if projection.connectivity.dense:
        first, last = np.repeat(first, post.size), np.tile(last, pre.size)
    if projection.matrix:
        weight = signed_copy(matrices[projection.matrix], projection.sign, projection.transpose).ravel()
    else:
        weight = np.full(len(first), projection.weight)
    weight, exponent = _mantissas(weight)
    return Synapses(
        label=projection.label,
        from_input=pre.role == "source",
        pre=places[pre.name] + first,
        post=places[post.name] + last,
        weight=weight,
        exponent=exponent,
        delay=np.full(len(first), projection.latency - 1),
        rule=rule if projection.plastic else None,
    )


def _mantissas(weight: np.ndarray) -> tuple[np.ndarray, int]:
    exponent = 0
    while np.abs(weight).max() > LARGEST:
        assert (weight % 2 == 0).all()
        weight, exponent = weight // 2, exponent + 1
    return weight, exponent
