"""Data of the figure ``mean-field``: exact transfer of graded currents in leaky neurons, S = (tau/T) exp(T/tau).

Chains of gated populations of ``IF_curr_exp`` neurons run on a PyNN simulator with a fine time step (see
:mod:`pynn_backprop.tasks.mean_field`); they are no circuit of the rest of this package, and nothing in them is binary.
"""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import neo
import numpy as np
import quantities as pq

from ..errors import InputError
from ..interfaces import Platform
from ..platforms import PyNNPlatform
from ..tasks.mean_field import LeakyPopulation, transfer_strength
from . import recorded

NAME = "mean-field"
TIMESTEP = 0.1
POPULATIONS, NEURONS = 6, 50
START = 2.0
"""When the first window opens, in ms."""


@dataclass(frozen=True)
class Chain:
    """One chain.

    Parameters
    ----------
    ratio
        Length of the gating window in synaptic time constants.
    factor
        Its strength, in units of the one that copies exactly.
    value
        Current of the first population when its window opens, as a share of the largest.
    """

    ratio: float
    factor: float
    value: float


CHAINS = (Chain(0.4, 1.0, 0.6), Chain(1.0, 1.0, 0.6), Chain(2.0, 1.0, 0.6), Chain(1.0, 0.8, 0.8), Chain(1.0, 1.2, 0.36))
"""Windows that are whole numbers of a refractory time of 0.4 ms and of 0.5 ms, one step more, which some simulators
make of it."""


def record(platform: Platform) -> neo.Block:
    """All chains in one run, one segment each.

    Raises
    ------
    InputError
        If the platform is no PyNN simulator with the cell type and the current source that this needs.
    """
    sim = platform.sim if isinstance(platform, PyNNPlatform) else None
    missing = [name for name in ("IF_curr_exp", "DCSource") if getattr(sim, name, None) is None]
    if missing:
        raise InputError(
            f"the simulator is {platform.name!r}, which lacks {' and '.join(missing)}: {NAME} needs a PyNN simulator "
            "with both"
        )
    assert isinstance(platform, PyNNPlatform)
    population = LeakyPopulation(NEURONS)
    with _quiet():
        interval = _interval(platform, population)
        segments = _run(platform, population, interval)
    block = neo.Block(name=NAME, description="spikes of gated chains of leaky integrate-and-fire neurons")
    block.annotate(**platform.describe(), **{recorded.FIGURE: NAME, "n": NEURONS, "interval": interval})
    block.segments = segments
    return block


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


def _run(platform: PyNNPlatform, population: LeakyPopulation, interval: float) -> list[neo.Segment]:
    """All chains in one run."""
    _set_up(platform)
    try:
        chains = [_build(platform.sim, population, chain, interval) for chain in CHAINS]
        platform.sim.run(START + POPULATIONS * max(chain.ratio for chain in CHAINS) * population.tau_syn)
        return [_segment(chain, cells) for chain, cells in zip(CHAINS, chains, strict=True)]
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


def _build(sim: Any, population: LeakyPopulation, chain: Chain, interval: float) -> list[Any]:
    """The populations of a chain; the spike of a starter neuron brings the first one its current."""
    window = chain.ratio * population.tau_syn
    starts = START + window * np.arange(POPULATIONS)
    starter = _cells(sim, population, 1, population.offsets[0] + population.gate, [(START - 0.4, START - 0.2)])
    cells = [
        _cells(sim, population, population.n, population.offsets, [(start, start + window)])
        for start in starts.tolist()
    ]
    gain = population.n / (population.largest * interval)
    # The delay leaves a spike's current less time to decay within the window.
    strength = chain.factor * transfer_strength(chain.ratio) * np.exp(-TIMESTEP / population.tau_syn)
    weight = strength / (population.tau_syn * gain)
    weights = [chain.value * population.largest] + [weight] * (POPULATIONS - 1)
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


def spikes_per_window(segment: neo.Segment) -> np.ndarray:
    """Number of spikes of each population of a chain, shape (populations,)."""
    return np.array([len(train) for train in segment.spiketrains])


def gain_per_copy(segment: neo.Segment) -> float:
    """Geometric mean of the ratios of neighbouring populations; the law says: the strength in units of S."""
    counts = spikes_per_window(segment)
    return float((counts[-1] / counts[0]) ** (1 / (len(counts) - 1)))


def caption(block: neo.Block) -> str:
    """What the figure shows."""
    found = ", ".join(f"{segment.name}: {gain_per_copy(segment):.3f}" for segment in block.segments)
    interval = float(block.annotations["interval"])
    return (
        f"Chains of {POPULATIONS} gated populations of {block.annotations['n']} current-based leaky neurons "
        f"(IF_curr_exp, time step {TIMESTEP} ms) on {block.annotations['platform']}, where an active neuron fires "
        f"every {interval:.1f} ms. S = (tau/T) exp(T/tau), times exp(-d/tau) for the delay d = {TIMESTEP} ms. Gain per "
        f"copy, the mean of {POPULATIONS - 1} copies; the law says the factor before S: {found}."
    )
