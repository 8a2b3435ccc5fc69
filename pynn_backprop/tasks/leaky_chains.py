"""Gated chains of leaky neurons on a PyNN simulator, with a fine time step.

They are no circuit of the rest of this package, and nothing in them is binary; the law that they follow is that of
:mod:`pynn_backprop.tasks.mean_field`.
"""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import neo
import numpy as np
import quantities as pq

from ..platforms import PyNNPlatform
from .mean_field import LeakyPopulation, transfer_strength

TIMESTEP = 0.1
"""In ms."""

START = 2.0
"""When the first window opens, in ms."""


@dataclass(frozen=True)
class Chain:
    """One chain.

    Parameters
    ----------
    ratio : float
        Length of the gating window in synaptic time constants.
    factor : float
        Its strength, in units of the one that copies exactly.
    value : float
        Current of the first population when its window opens, as a share of the largest.
    """

    ratio: float
    factor: float
    value: float


def run_chains(
    platform: PyNNPlatform, population: LeakyPopulation, chains: Sequence[Chain], populations: int
) -> tuple[float, list[neo.Segment]]:
    """Run chains side by side.

    Parameters
    ----------
    platform : pynn_backprop.platforms.PyNNPlatform
        Where; its simulator needs the cell type ``IF_curr_exp`` and the current source ``DCSource``.
    population : pynn_backprop.tasks.mean_field.LeakyPopulation
        What each population is.
    chains : sequence of Chain
        Which.
    populations : int
        Populations of a chain.

    Returns
    -------
    interval : float
        How long an active neuron takes from spike to spike, in ms.
    segments : list of neo.Segment
        One for each chain, with a spike train for each population: times in ms, and the neurons as its array
        annotation ``index``.
    """
    with _quiet():
        interval = _interval(platform, population)
        return interval, _run(platform, population, chains, populations, interval)


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """Without a warning for each population that its currents, which are 0, can't be given an initial value."""
    logger = logging.getLogger("PyNN")
    level = logger.level
    logger.setLevel(logging.ERROR)
    try:
        yield
    finally:
        logger.setLevel(level)


def _run(
    platform: PyNNPlatform, population: LeakyPopulation, chains: Sequence[Chain], populations: int, interval: float
) -> list[neo.Segment]:
    """All chains in one run."""
    _set_up(platform)
    try:
        built = [_build(platform.sim, population, chain, populations, interval) for chain in chains]
        platform.sim.run(START + populations * max(chain.ratio for chain in chains) * population.tau_syn)
        return [_segment(chain, cells) for chain, cells in zip(chains, built, strict=True)]
    finally:
        platform.sim.end()


def _set_up(platform: PyNNPlatform) -> None:
    platform.backend.open(platform.sim, platform.options, 10 * TIMESTEP, TIMESTEP, mended=False)


def _cells(sim: Any, population: LeakyPopulation, size: int, offsets: Any, windows: list[tuple[float, float]]) -> Any:
    """Recorded neurons that a pulse of the gate's current opens in each window."""
    names = ("tau_m", "cm", "tau_refrac", "v_rest", "v_reset", "v_thresh")
    cell = sim.IF_curr_exp(
        **{name: getattr(population, name) for name in names}, tau_syn_E=population.tau_syn, i_offset=offsets
    )
    made = sim.Population(size, cell)
    made.record("spikes")
    for start, stop in windows:
        sim.DCSource(amplitude=population.gate, start=start, stop=stop).inject_into(made)
    return made


def _interval(platform: PyNNPlatform, population: LeakyPopulation) -> float:
    """How long an active neuron takes from spike to spike: simulators count the refractory time differently."""
    _set_up(platform)
    try:
        # The gate's pulse and as much again: far above the threshold.
        cells = _cells(platform.sim, population, 1, population.offsets[0] + population.gate, [(START, 2 * START)])
        platform.sim.run(2 * START)
        (train,) = cells.get_data("spikes").segments[0].spiketrains
        return float(np.median(np.diff(train.rescale("ms").magnitude)))
    finally:
        platform.sim.end()


def _build(sim: Any, population: LeakyPopulation, chain: Chain, populations: int, interval: float) -> list[Any]:
    """The populations of a chain; the spike of a starter neuron brings the first one its current."""
    window = chain.ratio * population.tau_syn
    starts = START + window * np.arange(populations)
    starter = _cells(sim, population, 1, population.offsets[0] + population.gate, [(START - 0.4, START - 0.2)])
    cells = [
        _cells(sim, population, population.n, population.offsets, [(start, start + window)])
        for start in starts.tolist()
    ]
    # The delay leaves a spike's current less time to decay within the window.
    strength = chain.factor * transfer_strength(chain.ratio) * np.exp(-TIMESTEP / population.tau_syn)
    weight = strength / (population.tau_syn * population.gain(interval))
    weights = [chain.value * population.largest] + [weight] * (populations - 1)
    for pre, post, each in zip([starter, *cells[:-1]], cells, weights, strict=True):
        sim.Projection(pre, post, sim.AllToAllConnector(safe=False), sim.StaticSynapse(weight=each, delay=TIMESTEP))
    return cells


def _segment(chain: Chain, cells: list[Any]) -> neo.Segment:
    segment = neo.Segment(name=f"T/tau {chain.ratio}, {chain.factor} S")
    segment.annotate(ratio=chain.ratio, factor=chain.factor, value=chain.value)
    for place, population in enumerate(cells):
        trains = population.get_data("spikes").segments[0].spiketrains
        times = [train.rescale("ms").magnitude for train in trains]
        index = np.repeat(np.arange(len(times)), [len(each) for each in times])
        merged = np.concatenate(times)
        order = np.argsort(merged, kind="stable")
        segment.spiketrains.append(
            neo.SpikeTrain(
                merged[order] * pq.ms,
                t_stop=max(float(train.t_stop.rescale("ms")) for train in trains) * pq.ms,
                name=f"population {place}",
                array_annotations={"index": index[order]},
            )
        )
    return segment
