"""What inference costs: energy by constants and by a simulator of the chip, time by the latter, of the same samples.

The rule learns first.  Then test samples are shown to the inference circuit, its spikes are counted for the energy
models, and the same circuit runs on SANA-FE's Loihi, whose spikes must be the same.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from pynn_backprop.circuit.inference import inference_circuit
from pynn_backprop.circuit.learning_rule import LearningRule
from pynn_backprop.codes.binary import Binary
from pynn_backprop.data.samples import Samples, load_samples
from pynn_backprop.errors import EqualityError, InputError
from pynn_backprop.reference.rule import Rule
from pynn_backprop.reference.steps import StepSimulator
from pynn_backprop.spikes import Spikes
from pynn_backprop.weights import initial_weights

from .chip_simulator import run_on_chip
from .counts import count
from .model_counts import NEURONS_PER_CORE, Counts, counts_of_circuit
from .per_sample import counts_per_sample

SEED, LEARNT, SHOWN = 0, 20_000, 100
"""Of the initial weights; how many samples are learnt at most; and how many test samples are shown."""

PACKED = 200
"""Neurons a core, so that the 400 synapses of each of them fit into its memory."""


@dataclass(frozen=True)
class Asked:
    """An inference circuit that is measured.

    Parameters
    ----------
    data, crop : str, and int or None
        Which data set, and how much of its images.
    units : tuple of int
        Units of the layers, input first.
    readout_levels : int
        Neurons with which each output answers.
    per_core : int
        Neurons a core.
    """

    data: str
    crop: int | None
    units: tuple[int, ...]
    readout_levels: int
    per_core: int

    @property
    def name(self) -> str:
        """Layers and read-out."""
        readout = f", read-out of {self.readout_levels}" if self.readout_levels > 1 else ""
        return f"{'-'.join(map(str, self.units))}{readout}"


ASKED = tuple(
    Asked(data, crop, units, levels, per_core)
    for data, crop, units in (("digits", None, (192, 200, 10)), ("mnist", 20, (400, 400, 10)))
    for levels in (1, 8)
    for per_core in (NEURONS_PER_CORE, PACKED)
)
"""The networks of the README, with and without a read-out, spread and packed."""


@dataclass(frozen=True)
class Inference:
    """What was measured.

    Parameters
    ----------
    asked : Asked
        Of what.
    samples, spikes : int
        How many were shown, and fired by both simulations alike.
    cores : int
        On how many cores the circuit was.
    steps : int
        Of a sample.
    counts : Counts
        Of a sample, for energy models.
    joule : mapping of str to float
        Energy of a sample on SANA-FE's Loihi by part.
    seconds : float
        Time of a sample there.
    """

    asked: Asked
    samples: int
    spikes: int
    cores: int
    steps: int
    counts: Counts
    joule: Mapping[str, float]
    seconds: float

    @property
    def joule_per_sample(self) -> float:
        """The sum of the parts, in J."""
        return sum(self.joule.values())

    def to_dict(self) -> dict[str, Any]:
        """All of it, for a JSON file."""
        return asdict(self)


def inference_of(content: Mapping[str, Any]) -> Inference:
    """What :meth:`Inference.to_dict` gave, from a file."""
    asked = Asked(**{**content["asked"], "units": tuple(content["asked"]["units"])})
    return Inference(**{**content, "asked": asked, "counts": Counts(**content["counts"])})


def load(asked: Asked) -> Samples:
    """The samples of its data set."""
    return load_samples(asked.data, asked.crop)


def measure(asked: Asked, samples: Samples, learnt: int = LEARNT, shown: int = SHOWN) -> Inference:
    """Let the rule learn, and the circuit answer.

    Parameters
    ----------
    asked : Asked
        What.
    samples : Samples
        What is learnt, and shown.
    learnt, shown : int
        How many, at most.

    Raises
    ------
    InputError
        If units and samples do not fit.
    EqualityError
        If the two simulations fire otherwise.
    """
    fits = (samples.x_train.shape[1], samples.n_classes)
    if (asked.units[0], asked.units[-1]) != fits:
        raise InputError(f"units are {asked.units} but the samples have {fits[0]} inputs and {fits[1]} classes")
    parameters = LearningRule().parameters(Binary(), asked.units)
    rule = Rule(initial_weights(asked.units, SEED, parameters=parameters), parameters)
    rule.train(samples.x_train[:learnt], samples.y_train[:learnt])
    weights, x = rule.weights(), samples.x_test[:shown]
    circuit = inference_circuit(asked.units, parameters, readout_levels=asked.readout_levels)
    steps = StepSimulator(circuit, weights)
    steps.infer(x)
    spikes = steps.take_spikes()
    on_chip = run_on_chip(circuit, weights, x, asked.per_core)
    check_equal(spikes, on_chip.spikes)
    tally, _ = count(circuit, weights, spikes, len(x))
    return Inference(
        asked,
        len(x),
        sum(map(len, on_chip.spikes.values())),
        on_chip.cores,
        circuit.schedule.length,
        counts_of_circuit(circuit, counts_per_sample(circuit, tally)),
        dict(on_chip.joule),
        on_chip.seconds,
    )


def check_equal(steps: Spikes, chip: Spikes) -> None:
    """Refuse energies of something else than the circuit.

    Raises
    ------
    EqualityError
        Names the first population of which the spikes differ.
    """
    for name, table in chip.items():
        if not np.array_equal(np.asarray(steps[name]), table):
            raise EqualityError(
                f"{name} fires {len(table)} spikes on the chip but {len(steps[name])} step by step, or others"
            )
