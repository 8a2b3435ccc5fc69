"""The figure ``copy``: graded values handed down a gated chain of populations, with every dither."""

from __future__ import annotations

import neo
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from ..circuit.chain import chain_circuit
from ..codes.graded import DITHERS, Graded
from ..interfaces import Platform
from ..plots.fitting import fit_heads
from ..plots.parts import DITHER_LOOKS
from ..plots.style import BLACK, BLUE, MIDDLE, SMALL, VERMILION, head, new_figure, styled, write
from ..plots.unit_bands import draw_windows
from ..plots.unit_raster import above_axes
from ..recording.blocks import spikes_of
from ..spikes import between
from ..tasks.copy_chain import chain_sources, drift
from . import recorded

NAME = "copy"
POPULATIONS, NEURONS, SAMPLES, SEED = 10, 32, 300, 0
ROUTES = ("a", "b")

_SHOWN = 6
"""Samples in the raster."""

_FOLLOWED = (2, 8, 16, 24, 30)
"""Of the values with these numbers of neurons, the first one is followed."""

_COLOURS = (BLUE, VERMILION)

_RASTER = 160
"""About how many points the raster is high."""


def record(platform: Platform, samples: int = SAMPLES) -> neo.Block:
    """Hand random values down two routes in turn.

    Parameters
    ----------
    platform : pynn_backprop.platforms.Platform
        Where.
    samples : int
        How many values are handed down.

    Returns
    -------
    neo.Block
        One segment for each dither.
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
    """The values that are handed down, and by which route.

    Parameters
    ----------
    samples : int
        How many.

    Returns
    -------
    values : numpy.ndarray, shape (samples, 1)
        Multiples of 1/N from 0 to 1.
    routes : numpy.ndarray of int, shape (samples,)
        Index of the route of each.
    """
    generator = np.random.default_rng(SEED)
    values = generator.integers(0, NEURONS + 1, (samples, 1)) / NEURONS
    return values, np.arange(samples) % len(ROUTES)


def shares(block: neo.Block, dither: str) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """What was sent, and what arrived.

    Parameters
    ----------
    block : neo.Block
        As of :func:`record`.
    dither : str
        Which part of it.

    Returns
    -------
    values : numpy.ndarray, shape (n_samples,)
        What was sent, from 0 to 1.
    routes : numpy.ndarray of int, shape (n_samples,)
        Index of the open route.
    share : numpy.ndarray, shape (n_samples, n_routes, n_populations)
        Share of the neurons that fire.
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
    """How exact the copies are.

    Parameters
    ----------
    block : neo.Block
        As of :func:`record`.
    dither : str
        Which part of it.

    Returns
    -------
    error : numpy.ndarray, shape (n_populations,)
        Root mean square distance from the value sent, after each copy.
    leak : float
        The largest share of neurons that fire in a population of the closed route.
    """
    values, routes, share = shares(block, dither)
    samples = np.arange(len(values))
    distance = share[samples, routes] - values[:, None]
    return np.sqrt((distance**2).mean(axis=0)), float(share[samples, 1 - routes].max())


@styled
def draw(block: neo.Block, width: float | None = None) -> Figure:
    """Draw spikes of a few samples, single values on their way, and the error after each copy.

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
    figure = new_figure(135, width, layout="constrained")
    circuit, platform = recorded.circuit_of(block), recorded.where(block)
    title = f"Graded values copied down gated chains of {POPULATIONS} populations of {circuit.code.n} neurons"
    figure.suptitle(f"{title}, on {platform}")
    grid = figure.add_gridspec(2, len(DITHERS) + 1, height_ratios=(1.25, 1), width_ratios=(1, 1, 1, 2))
    _draw_raster(figure.add_subplot(grid[0, :]), block)
    for place, dither in enumerate(DITHERS):
        _draw_values(figure.add_subplot(grid[1, place]), block, dither, place)
    _draw_errors(figure.add_subplot(grid[1, -1]), block)
    fit_heads(figure)
    return figure


def _draw_raster(axes: Axes, block: neo.Block) -> None:
    circuit, segment = recorded.circuit_of(block), block.segments[0]
    n, length = circuit.code.n, circuit.schedule.length
    values, routes, _ = shares(block, DITHERS[0])
    spikes = between(spikes_of(segment), length, (_SHOWN + 1) * length)
    draw_windows(axes, length, length, (_SHOWN + 1) * length)
    rows = [f"{route}{population}" for route in ROUTES for population in range(POPULATIONS)]
    heights = [1.1 * row + 0.8 * (row >= POPULATIONS) for row in range(len(rows))]
    axes.set(ylim=(-0.2, heights[-1] + 1.2), yticks=[])
    thickness = 0.8 * _RASTER / (heights[-1] + 1.4) / n
    for name, low in zip(rows, heights, strict=True):
        colour = _COLOURS[ROUTES.index(name[0])]
        steps, neurons = spikes[name].T
        axes.hlines(
            low + (neurons + 0.5) / n, steps - 0.4, steps + 0.4, colors=colour, lw=thickness, snap=False, zorder=3
        )
        write(axes, -0.004, low + 0.5, name, SMALL, transform=axes.get_yaxis_transform(), ha="right", color=colour)
    axes.axhspan(heights[POPULATIONS - 1] + 1.25, heights[POPULATIONS] - 0.25, color="#B5B5B5", lw=0, zorder=2)
    for sample in range(_SHOWN):
        text = f"{values[sample] * n:.0f}/{n} down route {ROUTES[routes[sample]]}"
        middle = (sample + 1.5) * length - 0.5
        above_axes(axes, middle, 0.6, text, MIDDLE)
    axes.set_xlabel("time (ms), one gating window each; thick lines end a pass")
    head(axes, "a", "")
    axes.spines[["top", "right"]].set_visible(True)
    write(axes, -0.034, 0.25, "route a", MIDDLE, transform=axes.transAxes, rotation=90, color=_COLOURS[0])
    write(axes, -0.034, 0.75, "route b", MIDDLE, transform=axes.transAxes, rotation=90, color=_COLOURS[1])


def _draw_values(axes: Axes, block: neo.Block, dither: str, place: int) -> None:
    """A few values from the one sent (copy 0) on."""
    n = recorded.circuit_of(block).code.n
    values, routes, share = shares(block, dither)
    colour = DITHER_LOOKS[dither][0]
    for number in _FOLLOWED:
        found = np.flatnonzero(np.rint(values * n) == number)
        if len(found):
            followed = share[found[0], routes[found[0]]]
            axes.axhline(number / n, color="#C8C8C8", lw=0.5, zorder=1)
            axes.plot(range(POPULATIONS + 1), [number / n, *followed], "o-", color=colour, ms=2, lw=0.8)
    axes.set(ylim=(-0.04, 1.04), xticks=range(0, POPULATIONS + 1, 2), xlabel="copies")
    head(axes, "" if place else "b", dither)
    axes.title.set(color=colour, weight="bold")
    if place == 0:
        axes.set_ylabel("share of neurons that fire")
    else:
        axes.set_yticklabels([])


def _draw_errors(axes: Axes, block: neo.Block) -> None:
    copies, n = np.arange(1, POPULATIONS + 1), recorded.circuit_of(block).code.n
    for dither in DITHERS:
        colour, _, marker = DITHER_LOOKS[dither]
        # The exact ones lie on each other: the one below is larger, so that both can be seen.
        size = 6.5 if dither == DITHERS[0] else 3.5
        error, _ = errors(block, dither)
        axes.plot(copies, error, marker, ls="", mfc="none", mew=1, color=colour, ms=size, label=dither)
    values, *_ = shares(block, "noise")
    theory = np.sqrt(np.mean([drift(value, n, copies) ** 2 for value in values], axis=0))
    axes.plot(copies, theory, "-", color=BLACK, lw=0.8, label="noise, theory", zorder=1)
    axes.set(xlabel="copies", ylabel="r.m.s. distance from the value sent", xticks=copies, ylim=(-0.012, None))
    axes.legend(loc="center right", bbox_to_anchor=(1.0, 0.32))
    head(axes, "c", "error after each copy, all samples")


def caption(block: neo.Block) -> str:
    """Say what the figure shows, with what was measured in its recording."""
    found = {dither: errors(block, dither) for dither in DITHERS}
    words = "; ".join(f"{name} {error[0]:.4f}, {error[4]:.4f}, {error[9]:.4f}" for name, (error, _) in found.items())
    leak = max(leak for _, leak in found.values())
    values, *_ = shares(block, DITHERS[0])
    return (
        f"{len(values)} random values are handed down two gated chains, in turn, of {POPULATIONS} populations of "
        f"{NEURONS} neurons, on {recorded.where(block)}. Root mean square distance from the value after 1, 5 "
        f"and 10 copies: {words}. In the closed route a share of {leak:.4f} of the neurons fires at most. Values and "
        f"noise have the seed {SEED}."
    )
