"""The figure ``contrast``: a right and a wrong sample of a trained network side by side."""

from __future__ import annotations

import json

import neo
import numpy as np
from matplotlib.figure import Figure

from .. import plots
from ..circuit.training import DEFAULT_FORM, training_circuit
from ..data import datasets
from ..data.samples import load_samples
from ..interfaces import Platform
from ..learning.presentation import Presentation
from ..plots.contrast import pair_of, synaptic_events
from ..plots.parts import units_text
from ..recording.blocks import circuit_of, samples_of, spikes_of
from ..reference.rule import Rule
from ..spikes import between
from ..weights import initial_weights
from . import recorded

NAME = "contrast"
DATA, HIDDEN, EPOCHS, SEED = "digits", (200,), 5, 0
SHOWN = 60
"""Samples of the epoch after that which run on the platform; among them are right and wrong ones."""


def record(platform: Platform, form: str = DEFAULT_FORM, hidden: tuple[int, ...] = HIDDEN) -> neo.Block:
    """Let the rule learn digits, and the platform go on from its weights.

    Parameters
    ----------
    platform : pynn_backprop.platforms.Platform
        Where.
    form : str
        Of the circuit that learns.
    hidden : tuple of int
        Units of the hidden layers.

    Returns
    -------
    neo.Block
        All spikes of all populations in the first samples of the epoch after.
    """
    samples = load_samples(DATA)
    units = (samples.x_train.shape[1], *hidden, samples.n_classes)
    circuit = training_circuit(units, form=form)
    rule = Rule(initial_weights(units, SEED), form=form)
    shown = Presentation(EPOCHS + 1, SEED)
    orders = [shown.order(len(samples.x_train), epoch) for epoch in range(EPOCHS + 1)]
    for order in orders[:-1]:
        rule.train(samples.x_train[order], samples.y_train[order])
    chosen = orders[-1][:SHOWN]
    everything = [population.name for population in circuit.populations]
    labels = samples.y_train[chosen]
    spikes = recorded.train(platform, circuit, rule.weights(), samples.x_train[chosen], labels, everything)
    images = json.dumps(datasets.load(DATA).x_train[chosen].round(3).tolist())
    return recorded.block_of(
        NAME, circuit, platform, spikes, len(chosen), labels=labels, seed=SEED, epochs=EPOCHS, images=images
    )


def draw(block: neo.Block, width: float | None = None) -> Figure:
    """Draw the two samples, their inputs, and what they cost.

    Parameters
    ----------
    block : neo.Block
        As of :func:`record`.
    width : float, optional
        Of the figure, in mm; 180 if None.

    Returns
    -------
    matplotlib.figure.Figure
    """
    images = np.array(json.loads(block.annotations["images"]))
    side = int(images.shape[1] ** 0.5)
    return plots.contrast(block, 0, images.reshape(len(images), side, -1), width)


def caption(block: neo.Block) -> str:
    """Say what the figure shows, with what was measured in its recording."""
    circuit, segment = circuit_of(block), block.segments[0]
    spikes, length, events = spikes_of(segment), circuit.schedule.length, []
    for place in pair_of(block):
        start = (int(samples_of(segment)[place]) + 1) * length
        events.append(synaptic_events(circuit, between(spikes, start, start + length)))
    right, wrong = events
    return (
        f"A right and a wrong sample of the circuit {units_text(circuit)} ({circuit.schedule.form} form), recorded on "
        f"{recorded.where(block)} after {block.annotations['epochs']} epochs of {DATA}: {right:,} synaptic "
        f"events without an error, {wrong:,} with one. Order of samples and weights have the seed "
        f"{block.annotations['seed']}."
    )
