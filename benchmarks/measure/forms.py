"""What the forms of the circuit take and cost: size, place on Loihi, and the counts that energy models ask for.

All forms have the same weights, so the rule learns first, and every form is shown the same samples from the weights
that it has then.  The samples that cause no error are counted apart from those that do.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from pynn_backprop.circuit.circuit import Circuit
from pynn_backprop.circuit.training import training_circuit
from pynn_backprop.cli.map import map_circuit
from pynn_backprop.data.samples import Samples
from pynn_backprop.errors import InputError
from pynn_backprop.reference.rule import Rule
from pynn_backprop.reference.steps import StepSimulator
from pynn_backprop.spikes import Spikes, between
from pynn_backprop.weights import Weights, initial_weights

from .counts import Tally, count
from .model_counts import NEURONS_PER_CORE, Counts, counts_of_circuit
from .per_sample import counts_per_sample

RIGHT, WRONG, MEAN = "without an error", "with an error", "mean"
"""Which samples are counted together."""

ASKED = (((400, 400, 10), "published"), ((400, 400, 10), "compact"), ((400, 400, 400, 10), "compact"))
"""The published form has at most two matrices."""

SEED, LEARNT, COUNTED = 0, 20_000, 1_000
"""Of the initial weights; how many samples are learnt before; and how many are counted."""

CHIP = "lava"


@dataclass(frozen=True)
class Form:
    """What one form of a circuit takes and costs.

    Parameters
    ----------
    units : tuple of int
        Units of the layers, input first.
    form : str
        Its name.
    size : mapping of str to int
        Neurons, synapses and plastic synapses, as :meth:`Circuit.count` counts them, and phases of a cycle.
    packed, spread : mapping of str to float
        Loihi cores, and us a step that learning takes at least there (:func:`mapping`), if cores are as full as they
        get, and with as many neurons a core as the published placement has.
    share : mapping of str to float
        Of all samples, those of each kind.
    counts : mapping of str to Counts
        Means over the samples of each kind.
    """

    units: tuple[int, ...]
    form: str
    size: Mapping[str, int]
    packed: Mapping[str, float]
    spread: Mapping[str, float]
    share: Mapping[str, float]
    counts: Mapping[str, Counts]

    @property
    def name(self) -> str:
        """Layers and form."""
        return f"{'-'.join(map(str, self.units))} {self.form}"

    def to_dict(self) -> dict[str, Any]:
        """All of it, for a JSON file."""
        return asdict(self)


def form_of(content: Mapping[str, Any]) -> Form:
    """What :meth:`Form.to_dict` gave, from a file."""
    counts = {kind: Counts(**numbers) for kind, numbers in content["counts"].items()}
    return Form(**{**content, "units": tuple(content["units"]), "counts": counts})


def measure(units: tuple[int, ...], form: str, samples: Samples, learnt: int = LEARNT, counted: int = COUNTED) -> Form:
    """Count what a form does after the rule has learnt, and place it on the chip.

    Parameters
    ----------
    units : tuple of int
        Units of the layers, input first.
    form : str
        One of :data:`~pynn_backprop.circuit.training.FORMS`.
    samples : Samples
        Their training samples are shown in their order.
    learnt, counted : int
        How many are learnt by the rule, and how many after them are counted.

    Raises
    ------
    InputError
        If there are not so many samples.
    """
    there = len(samples.x_train)
    if learnt + counted > there:
        raise InputError(f"learnt and counted are {learnt} and {counted} but must be at most {there} together")
    circuit = training_circuit(units, form=form)
    rule = Rule(initial_weights(units, SEED), form=form)
    rule.train(samples.x_train[:learnt], samples.y_train[:learnt])
    shown = slice(learnt, learnt + counted)
    weights = rule.weights()
    steps = StepSimulator(circuit, weights)
    steps.train(samples.x_train[shown], samples.y_train[shown])
    tallies = tally_by_kind(circuit, weights, steps.take_spikes(), counted)
    size = circuit.count()
    return Form(
        units,
        form,
        {
            "neurons": size.neurons,
            "synapses": size.synapses,
            "plastic": size.plastic_synapses,
            "phases": circuit.schedule.length,
        },
        mapping(circuit),
        mapping(circuit, NEURONS_PER_CORE),
        {kind: tally.samples / counted for kind, tally in tallies.items()},
        {kind: counts_of_circuit(circuit, counts_per_sample(circuit, tally)) for kind, tally in tallies.items()},
    )


def mapping(circuit: Circuit, per_core: int | None = None) -> dict[str, float]:
    """Cores of a chip that a circuit takes, and us a step that the fullest needs to visit its plastic synapses."""
    report = map_circuit(CHIP, circuit, per_core).to_dict()
    return {"cores": report["totals"]["cores"], "us_per_step": report["learning_time"]["us_per_step"]}


def tally_by_kind(circuit: Circuit, weights: Weights, spikes: Spikes, samples: int) -> dict[str, Tally]:
    """Count samples one by one, and add up those without and with an output error, and all.

    Parameters
    ----------
    circuit : Circuit
        What ran.
    weights : Weights
        The matrices before the first sample.
    spikes : Spikes
        Of all populations, of whole samples, the first one in the cycle after the first.
    samples : int
        How many they are.

    Returns
    -------
    dict of str to Tally
        By kind; a kind without samples is left out.
    """
    length, found = circuit.schedule.length, dict[str, Tally]()
    errors = np.concatenate([spikes[name][:, 0] for name in ("d+", "d-")]) // length
    for cycle in range(1, samples + 1):
        now = between(spikes, cycle * length, (cycle + 1) * length)
        tally, weights = count(circuit, weights, now, 1)
        for kind in (WRONG if cycle in errors else RIGHT, MEAN):
            found[kind] = found[kind] + tally if kind in found else tally
    return found
