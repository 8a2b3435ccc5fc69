"""A short recording for each figure, made once where it is asked for."""

from __future__ import annotations

import dataclasses
import functools

import neo
import numpy as np
import pytest
import quantities as pq

from pynn_backprop.figures import (
    circuit,
    close_up,
    contrast,
    convergence,
    copy,
    curves,
    cycle,
    mean_field,
    paper_circuit,
    passes,
    xor,
)
from pynn_backprop.figures.mechanisms import MECHANISMS
from pynn_backprop.platforms import ReferencePlatform
from pynn_backprop.tasks.leaky_chains import START
from pynn_backprop.tasks.mean_field import LeakyPopulation

REFERENCE = ReferencePlatform()


def theoretical_chains(interval: float = 0.5) -> neo.Block:
    """A block of the figure mean-field in which every population does what the law says, to a spike."""
    population = LeakyPopulation(mean_field.NEURONS)
    block = neo.Block(name=mean_field.NAME)
    block.annotate(figure=mean_field.NAME, platform="theory", n=population.n, interval=interval)
    for chain in mean_field.CHAINS:
        segment = neo.Segment(name=f"T/tau {chain.ratio}, {chain.factor} S")
        segment.annotate(**dataclasses.asdict(chain))
        window = chain.ratio * population.tau_syn
        for place in range(mean_field.POPULATIONS):
            time = interval * np.arange(round(window / interval))
            share = chain.value * chain.factor**place * np.exp(-time / population.tau_syn)
            firing = np.rint(population.n * share).astype(int)
            times = np.repeat(START + place * window + time, firing)
            segment.spiketrains.append(neo.SpikeTrain(times * pq.ms, t_stop=200 * pq.ms, name=f"population {place}"))
        block.segments.append(segment)
    return block


MAKERS = {
    "fig1": lambda: paper_circuit.record(REFERENCE),
    "fig2": lambda: passes.record(REFERENCE, samples=400),
    "fig3": lambda: close_up.record(REFERENCE),
    "fig4": lambda: convergence.record(REFERENCE, 600),
    "curves": lambda: curves.record(REFERENCE, "compact", "digits", None, (20,), (50, 400), 400),
    "circuit": lambda: circuit.record(REFERENCE),
    "contrast": lambda: contrast.record(REFERENCE),
    "cycle": lambda: cycle.record(REFERENCE),
    "copy": lambda: copy.record(REFERENCE, 120),
    "mean-field": theoretical_chains,
    "xor": lambda: xor.record(REFERENCE, 200, 2),
    "decision": lambda: MECHANISMS["decision"].record(REFERENCE, 8),
    "prediction": lambda: MECHANISMS["prediction"].record(REFERENCE, 500),
    "synaptic-copy": lambda: MECHANISMS["synaptic-copy"].record(REFERENCE, 40),
    "hebbian": lambda: MECHANISMS["hebbian"].record(REFERENCE),
    "product": lambda: MECHANISMS["product"].record(REFERENCE),
    "memory": lambda: MECHANISMS["memory"].record(REFERENCE),
    "transfer": lambda: MECHANISMS["transfer"].record(REFERENCE),
    "gating": lambda: MECHANISMS["gating"].record(REFERENCE),
}

NOT_RANDOM = ("mean-field", "hebbian", "transfer")
"""Figures in which nothing has a seed."""

SLOW_TO_WRITE = {name: pytest.mark.slow for name in MAKERS if name not in ("fig2", "gating")}
"""Marks of figures whose files take two seconds; some are written in every run of the tests."""


@functools.cache
def block_for(name: str) -> neo.Block:
    """What is recorded for a figure; not to be changed."""
    return MAKERS[name]()
