"""What moves the levels of graded neurons: the synapses of the rotor, and the spikes of the noise sources."""

from __future__ import annotations

import numpy as np

from ..codes.code import ROTATED
from .parts import Circuit, Projection


def level_weights(circuit: Circuit, projection: Projection) -> np.ndarray:
    """The weights of a projection of kind ``levels``, int64, shape (n_pre, n_post)."""
    levels = projection.levels
    assert levels is not None
    variant = np.arange(circuit[projection.pre].size)[:, None]
    unit, neuron = np.divmod(np.arange(circuit[projection.post].size), levels.n)
    height = (neuron + levels.step * variant + unit * levels.n // levels.units) % levels.n
    return np.asarray(levels.base - levels.slope * height, dtype=np.int64)


def noise_sources(circuit: Circuit, samples: np.ndarray) -> dict[str, np.ndarray]:
    """Which noise sources of a circuit fire, bool of shape (n_samples, size) by name.

    Parameters
    ----------
    circuit
        Only the sources that it has are returned; none if its levels are not random.
    samples
        Numbers of the samples, counted from the start of training: they decide the random numbers.
    """
    code, there = circuit.code, {source.name for source in circuit.sources}
    fires: dict[str, np.ndarray] = {}
    for population in ROTATED:
        if code.bits and code.noise_source(population, 0) in there:
            fires |= code.noise(population, circuit[population].size // code.n, samples)
    return fires
