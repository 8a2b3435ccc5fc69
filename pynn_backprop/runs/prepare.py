"""What a configuration asks for: samples, the circuit that learns them, and the weights it starts from."""

from __future__ import annotations

from functools import partial

from ..circuit.parts import Circuit
from ..circuit.published import training_circuit
from ..codes.graded_weights import MIDDLE
from ..data.samples import Samples, load_samples
from ..learning.start import input_spikes, starting_weights
from ..weights import Weights
from .config import RunConfig


def samples_of(config: RunConfig) -> Samples:
    """The samples, as input spikes.

    Raises
    ------
    InputError
        If there are no such data, or they can't be used.
    """
    # The data set's own default is for units that take two values only.
    levels = 1 if config.levels is None and config.code.n > 1 else config.levels
    encode = partial(input_spikes, code=config.code)
    return load_samples(config.data, config.crop, levels, config.samples, config.test_samples, encode)


def circuit_of(config: RunConfig, samples: Samples) -> Circuit:
    """The circuit that learns these samples."""
    inputs, *others = samples.units(config.hidden)
    return training_circuit((inputs // config.code.n, *others), config.parameters, config.code)


def initial_weights_of(config: RunConfig, circuit: Circuit, samples: Samples) -> Weights:
    """The weights to start from, by name, integers of shape (n_pre, n_post).

    Raises
    ------
    InputError
        If they are those of a file, which does not fit the circuit.
    """
    mean = MIDDLE if samples.input_mean is None else samples.input_mean
    return starting_weights(circuit, config.seed, config.initialisation, config.init_weights, mean)
