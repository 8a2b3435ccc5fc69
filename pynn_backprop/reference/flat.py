"""A circuit as flat arrays of integers, which a compiled kernel can run through."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from ..circuit.circuit import Circuit
from ..circuit.connectivity import Block
from ..circuit.parts import Projection
from ..weights import Weights, signed_copy


class Neurons(NamedTuple):
    """All neurons of a circuit, population after population, the sources too.

    Parameters
    ----------
    first
        First neuron of each population, and the number of all, int32 (n_populations + 1,).
    limit
        A neuron fires when its drive exceeds this, bias + threshold, int32 (n_neurons,).
    from_outside
        Whether the spikes of a population come from outside, bool (n_populations,).
    """

    first: np.ndarray
    limit: np.ndarray
    from_outside: np.ndarray


class Synapses(NamedTuple):
    """All synapses, as segments: from one neuron to neighbouring ones of one population, with the same latency.

    Parameters
    ----------
    pointer
        The segments of neuron i are pointer[i] to pointer[i + 1], int64 (n_neurons + 1,).
    post, length
        First target of each segment, and how many there are, int32 (n_segments,).
    population
        Which population they belong to, int32 (n_segments,).
    latency
        In steps, int32 (n_segments,).
    weight
        Where the weight of the first target is, int64 (n_segments,); the others follow if the segment is `dense`, else
        all targets have the same.
    dense, plastic
        See above, and whether the weights learn, bool (n_segments,).
    """

    pointer: np.ndarray
    post: np.ndarray
    length: np.ndarray
    population: np.ndarray
    latency: np.ndarray
    weight: np.ndarray
    dense: np.ndarray
    plastic: np.ndarray


class FlatCircuit:
    """A circuit with its weights.

    Parameters
    ----------
    circuit
        What to lay out.
    weights
        Its matrices, checked.

    Attributes
    ----------
    neurons, synapses
        See there.
    weights
        Of all synapses, int32; changed as they learn.
    """

    def __init__(self, circuit: Circuit, weights: Weights) -> None:
        self.circuit = circuit
        populations = circuit.populations
        self.index = {population.name: k for k, population in enumerate(populations)}
        first = np.concatenate(([0], np.cumsum([population.size for population in populations])))
        limits = [population.bias + population.threshold for population in populations]
        self.neurons = Neurons(
            first.astype(np.int32),
            np.repeat(limits, [population.size for population in populations]).astype(np.int32),
            np.array([population.role == "source" for population in populations]),
        )
        self._places: dict[str, tuple[int, tuple[int, ...]]] = {}
        self._values: list[np.ndarray] = []
        self._used = 0
        parts = [part for projection in circuit.projections for part in self._segments(projection, weights)]
        self.weights = np.concatenate(self._values).astype(np.int32)
        pre, *columns = (np.concatenate(column) for column in zip(*parts, strict=True))
        order = np.argsort(pre, kind="stable")
        pointer = np.searchsorted(pre[order], np.arange(first[-1] + 1))
        self.synapses = Synapses(pointer, *(column[order] for column in columns))

    def _segments(self, projection: Projection, weights: Weights) -> list[tuple[np.ndarray, ...]]:
        """Presynaptic neurons of the segments of a projection, and the columns of :class:`Synapses`."""
        circuit, first = self.circuit, self.neurons.first
        matrix = circuit.level_weights(projection)
        if projection.matrix:
            matrix = signed_copy(weights[projection.matrix], projection.sign, projection.transpose)
        place = self._used
        if matrix is None:
            self._values.append(np.array([projection.weight]))
        else:
            self._values.append(matrix.ravel())
            self._places[projection.label] = place, matrix.shape
        self._used += self._values[-1].size
        pre, post = (self.index[name] for name in (projection.pre, projection.post))
        blocks = projection.connectivity.blocks(
            slice(first[pre], first[pre + 1]), slice(first[post], first[post + 1]), 0, float(projection.latency)
        )
        return [self._segment(block, post, projection, place, matrix is not None) for block in blocks]

    @staticmethod
    def _segment(
        block: Block, population: int, projection: Projection, place: int, dense: bool
    ) -> tuple[np.ndarray, ...]:
        pre = np.arange(block.pre.start, block.pre.stop)
        one, count = np.ones(len(pre), np.int32), block.post.stop - block.post.start
        post = one * np.int32(block.post.start) if block.all_to_all else np.arange(block.post.start, block.post.stop)
        weight = place + (count * np.arange(len(pre)) if dense else np.zeros(len(pre), np.int64))
        return (
            pre,
            post.astype(np.int32),
            one * np.int32(count if block.all_to_all else 1),
            one * np.int32(population),
            one * np.int32(projection.latency),
            weight.astype(np.int64),
            one.astype(bool) & dense,
            one.astype(bool) & projection.plastic,
        )

    def place(self, projection: Projection) -> int:
        """Where the weights of a projection with weights of its own begin."""
        return self._places[projection.label][0]

    def matrix(self, projection: Projection) -> np.ndarray:
        """The present weights of a projection with weights of its own, int64 (n_pre, n_post)."""
        place, shape = self._places[projection.label]
        return self.weights[place : place + shape[0] * shape[1]].reshape(shape).astype(np.int64)
