"""The figure ``synaptic-copy``: a matrix is copied from one circuit to another by Hebbian learning."""

from __future__ import annotations

import neo
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from ..circuit.parameters import Parameters
from ..circuit.synaptic_copy import levels_of
from ..interfaces import Platform
from ..plots.style import BLACK, BLUE, INK, MIDDLE, PURPLE, SMALL, VERMILION, styled, write
from ..recording.blocks import spikes_of
from ..spikes import merged
from ..tasks.synaptic_copy import copy_trial, random_matrix
from . import recorded
from .panels import Row, box_in, draw_rows, name_axes, panel, sheet

NAME = "synaptic-copy"
N_PRE, N_POST, SEED = 10, 8, 0
_RECORDED = ("x", "up", "down", "x'", "o", "r")
_DRAWN = 6
"""Cycles that are drawn spike by spike."""


def record(platform: Platform, w_max: int = 254) -> neo.Block:
    """Copy a random matrix.

    Parameters
    ----------
    platform : pynn_backprop.platforms.Platform
        Where.
    w_max : int
        Bound of the weights.

    Returns
    -------
    neo.Block
        The spikes, and as signals the original and the copy after each presynaptic neuron.
    """
    p = Parameters(w_max=w_max)
    original = random_matrix(SEED, N_PRE, N_POST, p)
    trial = copy_trial(original, p)
    every, length = levels_of(p), trial.circuit.schedule.length
    parts = list(trial.parts(platform, _RECORDED, every))
    spikes = merged([part for part, _ in parts])
    block = recorded.block_of(
        NAME, trial.circuit, platform, spikes, trial.samples, seed=SEED, levels=every, length=length, w_max=w_max
    )
    copies = [trial.weights["W1"], *(weights["W1"] for _, weights in parts)]
    recorded.add_signals(block.segments[0], every * np.arange(len(copies)), length, {"copy": np.array(copies)})
    recorded.add_signals(block.segments[0], np.array([0]), length, {"original": original[None]})
    return block


def matrices(block: neo.Block) -> tuple[np.ndarray, np.ndarray]:
    """The original, int of shape (n_pre, n_post), and its copies after each presynaptic neuron, 0 first.

    Parameters
    ----------
    block : neo.Block
        As of :func:`record`.
    """
    original, copies = (recorded.signal_of(block.segments[0], name)[1] for name in ("original", "copy"))
    return original[0].astype(int), copies.astype(int)


@styled
def draw(block: neo.Block, width: float | None = None) -> Figure:
    """Draw some cycles in spikes, the original beside its copy, and how the copy comes near it.

    Parameters
    ----------
    block : neo.Block
        As of :func:`record`.
    width : float, optional
        In mm; 180 if None.

    Returns
    -------
    matplotlib.figure.Figure
    """
    original, copies = matrices(block)
    figure = sheet(f"A synaptic matrix is copied from one circuit to another, on {recorded.where(block)}", 4.6, width)
    length = int(block.annotations["length"])
    sizes = {"x": N_PRE, "x'": N_PRE, "r": 1}
    colours = {"up": BLUE, "down": VERMILION, "r": PURPLE}
    rows = [Row(name, sizes.get(name, N_POST), colours.get(name, BLACK)) for name in _RECORDED]
    axes = panel(figure, (0.4, 2.85, 6.6, 1.2), "a", "the first neuron, at one level after the other", 0.2)
    # Where the level passes the smallest of its weights.
    passes = int(np.abs(original[0]).min()) // Parameters().eta - _DRAWN // 2
    first = max(0, min(passes, int(block.annotations["levels"]) - _DRAWN))
    draw_rows(axes, spikes_of(block.segments[0]), rows, (first + 1) * length, (first + 1 + _DRAWN) * length, length)
    for level in range(first, first + _DRAWN):
        text = f"weights above {2 * level + 1}"
        write(axes, (level + 1.5) * length - 0.5, -0.15, text, SMALL, va="bottom")
    bound = int(block.annotations["w_max"])
    for letter, left, matrix, what in (("b", 0.4, original, "original"), ("c", 2.05, copies[-1], "copy")):
        axes = panel(figure, (left, 0.45, 1.35, 1.65), letter, what)
        picture = axes.imshow(matrix, cmap="cividis", vmin=-bound, vmax=bound, aspect="auto")
        name_axes(axes, "postsynaptic", "presynaptic" if letter == "b" else "")
    bar = figure.colorbar(picture, cax=box_in(figure, (3.45, 0.45, 0.085, 1.65)))
    bar.ax.tick_params(labelsize=SMALL, length=2, width=0.5)
    bar.set_label("weight", fontsize=MIDDLE, labelpad=0)
    bar.ax.spines["outline"].set_linewidth(0.4)
    _draw_distance(panel(figure, (4.45, 0.45, 1.1, 1.65), "d", "distance"), block)
    axes = panel(figure, (5.95, 0.45, 1.05, 1.65), "e", "every synapse")
    axes.plot([-bound, bound], [-bound, bound], "-", color=INK, lw=0.5)
    axes.plot(original.ravel(), copies[-1].ravel(), "o", color=BLUE, ms=1.8)
    name_axes(axes, "original", "copy")
    return figure


def _draw_distance(axes: Axes, block: neo.Block) -> None:
    original, copies = matrices(block)
    axes.plot(np.arange(len(copies)), np.abs(copies - original).mean(axis=(1, 2)), "o-", color=BLUE, ms=2, lw=0.8)
    axes.set(ylim=(-3, None))
    name_axes(axes, "neurons shown", "mean |copy - original|")


def caption(block: neo.Block) -> str:
    """Say what the figure shows, with what was measured in its recording."""
    original, copies = matrices(block)
    wrong, cycles = int((copies[-1] != original).sum()), int(block.annotations["levels"]) * N_PRE
    return (
        f"A random {N_PRE} x {N_POST} matrix of even weights up to {block.annotations['w_max']} is copied on "
        f"{recorded.where(block)}, in {cycles:,} cycles of {block.annotations['length']} steps: each "
        f"presynaptic neuron alone, at {block.annotations['levels']} levels. {wrong} of {original.size} synapses of "
        f"the copy differ from the original, by at most {int(np.abs(copies[-1] - original).max())}. Matrix: seed "
        f"{block.annotations['seed']}."
    )
