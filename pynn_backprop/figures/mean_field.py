"""The figure ``mean-field``: exact transfer of graded currents in leaky neurons, S = (tau/T) exp(T/tau)."""

from __future__ import annotations

import neo
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from ..errors import InputError
from ..interfaces import Platform
from ..platforms import PyNNPlatform
from ..plots.fitting import fit_heads
from ..plots.style import (
    BLACK,
    BLUE,
    GREEN,
    GREY,
    ORANGE,
    PURPLE,
    SMALL,
    VERMILION,
    head,
    new_figure,
    styled,
    write,
)
from ..tasks.leaky_chains import START, TIMESTEP, Chain, run_chains
from ..tasks.mean_field import LeakyPopulation, transfer_strength
from . import recorded

NAME = "mean-field"
POPULATIONS, NEURONS = 6, 50

CHAINS = (Chain(0.4, 1.0, 0.6), Chain(1.0, 1.0, 0.6), Chain(2.0, 1.0, 0.6), Chain(1.0, 0.8, 0.8), Chain(1.0, 1.2, 0.36))
"""Windows that are whole numbers of a refractory time of 0.4 ms and of 0.5 ms, one step more, which some simulators
make of it."""

_LOOKS = ((BLUE, "o"), (GREEN, "s"), (VERMILION, "^"), (ORANGE, "v"), (PURPLE, "D"))
_TRACED = 1
"""The chain whose rates are drawn over time."""


def record(platform: Platform) -> neo.Block:
    """Run all chains.

    Parameters
    ----------
    platform : pynn_backprop.platforms.Platform
        Where.

    Returns
    -------
    neo.Block
        One segment for each chain, with a spike train for each population.

    Raises
    ------
    InputError
        If the platform is no PyNN simulator with the cell type and the current source that this needs.
    """
    sim = getattr(platform, "sim", None)
    missing = [name for name in ("IF_curr_exp", "DCSource") if getattr(sim, name, None) is None]
    if missing or not isinstance(platform, PyNNPlatform):
        raise InputError(
            f"the simulator is {platform.name!r}, which lacks {' and '.join(missing)}: {NAME} needs a PyNN simulator "
            "with both"
        )
    interval, segments = run_chains(platform, LeakyPopulation(NEURONS), CHAINS, POPULATIONS)
    block = neo.Block(name=NAME, description="spikes of gated chains of leaky integrate-and-fire neurons")
    block.annotate(**platform.describe(), **{recorded.FIGURE: NAME, "n": NEURONS, "interval": interval})
    block.segments = segments
    return block


def spikes_per_window(segment: neo.Segment) -> np.ndarray:
    """Number of spikes of each population of a chain, shape (n_populations,)."""
    return np.array([len(train) for train in segment.spiketrains])


def gain_per_copy(segment: neo.Segment) -> float:
    """Geometric mean of the ratios of neighbouring populations of a chain; the law says: the strength in units of S."""
    counts = spikes_per_window(segment)
    return float((counts[-1] / counts[0]) ** (1 / (len(counts) - 1)))


@styled
def draw(block: neo.Block, width: float | None = None) -> Figure:
    """Draw rates over time, what is left after each copy, and the law.

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
    figure = new_figure(115, width, layout="constrained")
    platform = recorded.where(block)
    figure.suptitle(f"Current-based leaky neurons copy graded values if S = (τ/T) exp(T/τ), on {platform}")
    grid = figure.add_gridspec(2, 2, width_ratios=(1.5, 1))
    _draw_rates(figure.add_subplot(grid[0, :]), block)
    _draw_copies(figure.add_subplot(grid[1, 0]), block)
    _draw_law(figure.add_subplot(grid[1, 1]), block)
    fit_heads(figure)
    return figure


def _draw_rates(axes: Axes, block: neo.Block) -> None:
    """The share of neurons that fire in each interval between two spikes of a neuron, window by window."""
    segment, tau = block.segments[_TRACED], LeakyPopulation().tau_syn
    n, interval = int(block.annotations["n"]), float(block.annotations["interval"])
    ratio = segment.annotations["ratio"]
    window = ratio * tau
    counts = spikes_per_window(segment)
    for place, train in enumerate(segment.spiketrains):
        start = START + place * window
        edges = start + interval * np.arange(round(window / interval) + 1)
        # Half a step earlier, so that no spike lies on an edge.
        heights, _ = np.histogram(train.rescale("ms").magnitude, edges - TIMESTEP / 2)
        axes.bar(edges[:-1], heights / n, interval, align="edge", color=(BLUE, ORANGE)[place % 2], lw=0)
        time = np.linspace(0, window, 100)
        first = counts[0] * interval / (n * tau * (1 - np.exp(-window / tau)))
        label = "theory" if place == 0 else None
        axes.plot(start + time, first * np.exp(-time / tau), color=BLACK, lw=1.2, label=label)
        axes.axvline(start, color="#222222", lw=0.6)
        write(axes, start + window / 2, 0.96, f"population {place}", SMALL, va="top")
    axes.set(
        xlim=(START, START + len(counts) * window), ylim=(0, 1), xlabel="time (ms)", ylabel="share of neurons that fire"
    )
    axes.legend(loc="upper right", bbox_to_anchor=(1.0, 0.88))
    text = f"one window of T = {ratio:.1f} τ after the other: rates, in steps of {interval:.1f} ms"
    head(axes, "a", text)


def _draw_copies(axes: Axes, block: neo.Block) -> None:
    for segment, (colour, marker) in zip(block.segments, _LOOKS, strict=True):
        counts, factor = spikes_per_window(segment), float(segment.annotations["factor"])
        copies = np.arange(len(counts))
        axes.plot(copies, factor**copies, color=GREY, lw=0.7, zorder=1)
        strength = "S" if factor == 1 else f"{factor:.1f} S"
        label = f"{strength}, T = {segment.annotations['ratio']:.1f} τ: {gain_per_copy(segment):.3f} a copy"
        axes.plot(copies, counts / counts[0], marker, color=colour, mfc="none", mew=1, ms=4.5, label=label)
    axes.plot([], [], color=GREY, lw=0.7, label="theory")
    axes.set(xlabel="copies", ylabel="spikes in a window, first = 1", ylim=(0, None))
    axes.legend(loc="upper left")
    head(axes, "b", "what is left after each copy")


def _draw_law(axes: Axes, block: neo.Block) -> None:
    """The strength that would have copied exactly: the one that was used, by the gain that was measured."""
    ratio = np.linspace(0.25, 2.4, 200)
    axes.plot(ratio, np.exp(ratio) / ratio, color=GREY, lw=0.8, label="S = (τ/T) exp(T/τ)", zorder=1)
    for segment, (colour, marker) in zip(block.segments, _LOOKS, strict=True):
        used = float(segment.annotations["factor"]) * transfer_strength(float(segment.annotations["ratio"]))
        exact = used / gain_per_copy(segment)
        axes.plot(segment.annotations["ratio"], exact, marker, color=colour, mfc="none", mew=1, ms=4.5)
    axes.set(xlabel="T / τ", ylabel="strength that copies exactly", ylim=(2, 5))
    axes.legend(loc="upper center")
    head(axes, "c", "strength used, divided by the gain measured")


def caption(block: neo.Block) -> str:
    """Say what the figure shows, with what was measured in its recording."""
    found = ", ".join(f"{segment.name}: {gain_per_copy(segment):.3f}" for segment in block.segments)
    interval = float(block.annotations["interval"])
    return (
        f"Chains of {POPULATIONS} gated populations of {block.annotations['n']} current-based leaky neurons "
        f"(IF_curr_exp, time step {TIMESTEP} ms) on {recorded.where(block)}, where an active neuron fires "
        f"every {interval:.1f} ms. S = (tau/T) exp(T/tau), times exp(-d/tau) for the delay d = {TIMESTEP} ms. Gain per "
        f"copy, the mean of {POPULATIONS - 1} copies; the law says the factor before S: {found}."
    )
