"""What a configuration asks for: samples, the circuit that learns them, and the weights it starts from."""

from __future__ import annotations

import math
from dataclasses import replace

from ..circuit.circuit import Circuit
from ..circuit.training import training_circuit
from ..codes.code import Code
from ..data.samples import Samples, load_samples
from ..data.shift import Shift
from ..learning.presentation import Presentation
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
    """The circuit that learns the first epoch of these samples."""
    code, (inputs, *others) = config.code, samples.units(config.hidden)
    units = (inputs // code.n, *others)
    return training_circuit(units, config.learning_rule.parameters(code, units), code, config.form)


def presentation_of(config: RunConfig, samples: Samples) -> Presentation:
    """How these samples are shown.

    Raises
    ------
    InputError
        If they are to be shifted but are no images.
    """
    return replace(config.presentation, shift=shift_of(samples, config.shift, config.seed, config.code))


def shift_of(samples: Samples, pixels: int, seed: int, code: Code) -> Shift | None:
    """Shifts of up to some pixels for these samples; None if there are none."""
    if not pixels:
        return None
    units = samples.x_train.shape[1] // code.n
    return Shift(pixels, samples.shape, seed, max(1, units // max(1, math.prod(samples.shape))) * code.n)


def initial_weights_of(config: RunConfig, circuit: Circuit, samples: Samples) -> Weights:
    """The weights to start from, by name, integers of shape (n_pre, n_post).

    Raises
    ------
    InputError
        If they are those of a file, which does not fit the circuit.
    """
    return starting_weights(circuit, config.seed, config.initialisation, config.init_weights, samples.input_mean)
