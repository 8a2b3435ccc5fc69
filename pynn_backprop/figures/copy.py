"""Data of the figure ``copy``: graded values handed down a gated chain of populations, with every dither."""

from __future__ import annotations

import neo
import numpy as np

from ..circuit.chain import chain_circuit, chain_sources
from ..codes.code import DITHERS, Graded
from ..interfaces import Platform
from ..recording.blocks import spikes_of
from . import recorded

NAME = "copy"
POPULATIONS, NEURONS, SAMPLES, SEED = 10, 32, 300, 0
ROUTES = ("a", "b")


def record(platform: Platform, samples: int = SAMPLES) -> neo.Block:
    """One segment per dither: random values go down two routes in turn.

    Parameters
    ----------
    platform
        Where.
    samples
        How many values are handed down.
    """
    values, routes = sent(samples)
    blocks = []
    for dither in DITHERS:
        circuit = chain_circuit(1, POPULATIONS, Graded(NEURONS, dither, SEED), ROUTES)
        sources = chain_sources(circuit, values, [ROUTES[route] for route in routes])
        names = [population.name for population in circuit.populations if population.role == "data"]
        spikes = recorded.show(platform, circuit, sources, names)
        block = recorded.block_of(NAME, circuit, platform, spikes, samples, seed=SEED)
        segment = block.segments[0]
        segment.name = dither
        signals = {"values": values[:, 0], "routes": routes}
        recorded.add_signals(segment, np.arange(samples), circuit.schedule.length, signals)
        blocks.append(block)
    whole = blocks[0]
    whole.segments = [block.segments[0] for block in blocks]
    return whole


def sent(samples: int) -> tuple[np.ndarray, np.ndarray]:
    """Values, shape (samples, 1), multiples of 1/N, and the index of the route of each, shape (samples,)."""
    generator = np.random.default_rng(SEED)
    values = generator.integers(0, NEURONS + 1, (samples, 1)) / NEURONS
    return values, np.arange(samples) % len(ROUTES)


def shares(block: neo.Block, dither: str) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Values sent, index of the open route, and the share of neurons that fire, by route and population.

    Returns
    -------
    tuple
        Shapes (samples,), (samples,) and (samples, routes, populations).
    """
    circuit = recorded.circuit_of(block)
    segment = next(segment for segment in block.segments if segment.name == dither)
    spikes, length = spikes_of(segment), circuit.schedule.length
    values, routes = (recorded.signal_of(segment, name)[1] for name in ("values", "routes"))
    share = np.zeros((len(values), len(ROUTES), POPULATIONS))
    for name, table in spikes.items():
        route, population = ROUTES.index(name[0]), int(name[1:])
        np.add.at(share[:, route, population], table[:, 0] // length - 1, 1 / circuit.code.n)
    return values, routes.astype(int), share


def errors(block: neo.Block, dither: str) -> tuple[np.ndarray, float]:
    """Root mean square distance from the value sent after each copy, shape (populations,), and activity elsewhere.

    Returns
    -------
    tuple
        The second part is the largest share of neurons that fire in a population of the closed route.
    """
    values, routes, share = shares(block, dither)
    samples = np.arange(len(values))
    distance = share[samples, routes] - values[:, None]
    return np.sqrt((distance**2).mean(axis=0)), float(share[samples, 1 - routes].max())


def caption(block: neo.Block) -> str:
    """What the figure shows."""
    found = {dither: errors(block, dither) for dither in DITHERS}
    words = "; ".join(f"{name} {error[0]:.4f}, {error[4]:.4f}, {error[9]:.4f}" for name, (error, _) in found.items())
    leak = max(leak for _, leak in found.values())
    values, *_ = shares(block, DITHERS[0])
    return (
        f"{len(values)} random values are handed down two gated chains, in turn, of {POPULATIONS} populations of "
        f"{NEURONS} neurons, on {block.annotations['platform']}. Root mean square distance from the value after 1, 5 "
        f"and 10 copies: {words}. In the closed route a share of {leak:.4f} of the neurons fires at most. Values and "
        f"noise have the seed {SEED}."
    )
