"""What a configuration asks for: samples, the circuit that learns them, and the weights it starts from."""

from __future__ import annotations

from ..circuit.circuit import Circuit
from ..circuit.training import training_circuit
from ..data.samples import Samples, load_samples
from ..weights import Weights, starting_weights
from .config import RunConfig


def samples_of(config: RunConfig) -> Samples:
    """The samples, as input spikes.

    Raises
    ------
    InputError
        If there are no such data, or they can't be used.
    """
    code, levels = config.code, config.code.value_levels(config.levels)
    return load_samples(
        config.data, config.crop, levels, config.samples, config.test_samples, code.inputs, config.label
    )


def circuit_of(config: RunConfig, samples: Samples) -> Circuit:
    """The circuit that learns these samples."""
    inputs, *others = samples.units(config.hidden)
    return training_circuit((inputs // config.code.n, *others), config.parameters, config.code, config.form)


def initial_weights_of(config: RunConfig, circuit: Circuit, samples: Samples) -> Weights:
    """The weights to start from, by name, integers of shape (n_pre, n_post).

    Raises
    ------
    InputError
        If they are those of a file, which does not fit the circuit.
    """
    return starting_weights(circuit, config.seed, config.initialisation, config.init_weights, samples.input_mean)
