"""What a configuration asks for: samples, the circuit that learns them, and the weights it starts from."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path

from ..circuit.circuit import Circuit
from ..circuit.training import training_circuit
from ..data.samples import Samples, load_around, load_samples
from ..data.shift import Shift
from ..errors import InputError
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
        config.data,
        config.crop,
        levels,
        config.samples,
        config.test_samples,
        code.inputs,
        config.label,
        config.validation,
        config.seed,
    )


def unchanged_samples_of(config: RunConfig, fingerprint: str, folder: Path) -> Samples:
    """The samples of a run that was started before.

    Parameters
    ----------
    config : RunConfig
        What it does.
    fingerprint : str
        That of its samples when it was started.
    folder : pathlib.Path
        Where its files are.

    Raises
    ------
    InputError
        If they are others now, or can't be used any more.
    """
    samples = samples_of(config)
    if samples.fingerprint != fingerprint:
        raise InputError(f"the data set {config.data!r} is not what it was when the run in {folder} was started")
    return samples


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
    return replace(config.presentation, shift=_shift_of(config, samples))


def _shift_of(config: RunConfig, samples: Samples) -> Shift | None:
    """How the images are moved; of those that were cropped, that what surrounds them comes in."""
    if not config.shift:
        return None
    code, pixels = config.code, max(1, math.prod(samples.shape))
    neurons = max(1, samples.x_train.shape[1] // code.n // pixels) * code.n
    moved = Shift(config.shift, samples.shape, config.seed, neurons)
    if config.crop is None:
        return moved
    levels = code.value_levels(config.levels)
    around = load_around(config.data, config.crop, config.shift, levels, config.samples, code.inputs)
    return replace(moved, around=around if samples.learnt is None else around[samples.learnt])


def initial_weights_of(config: RunConfig, circuit: Circuit, samples: Samples) -> Weights:
    """The weights to start from, by name, integers of shape (n_pre, n_post).

    Raises
    ------
    InputError
        If they are those of a file, which does not fit the circuit.
    """
    return starting_weights(circuit, config.seed, config.initialisation, config.init_weights, samples.input_mean)
