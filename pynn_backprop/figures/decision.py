"""The figure ``decision``: chains whose amplitudes compete, and the route that the winner opens."""

from __future__ import annotations

import neo
import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import ListedColormap
from matplotlib.figure import Figure

from ..circuit.decision import WINS, rounds_for
from ..codes.code import Code
from ..codes.graded import NOISE, ROTATING, Graded
from ..interfaces import Platform
from ..plots.style import BLACK, BLUE, GREEN, GREY, INK, ORANGE, SMALL, VERMILION, styled, tint_key, write
from ..recording.blocks import spikes_of
from ..tasks.decision import UNDECIDED, all_pairs, chances, decided, decision_trial
from ..tasks.trial import Trial, counted
from . import recorded
from .panels import Row, draw_rows, key, name_axes, panel, sheet
from .trials import recorded_trial, together

NAME = "decision"
NEURONS, SEED, POPULATIONS = 32, 0, 3
CONTESTANTS = ("a", "b")
_COLOURS = (BLUE, VERMILION)
AREAS = (BLUE, "#EDB184", "#FFFFFF")
"""Where a wins, b wins, and nobody does: each much lighter than the one before, so that they differ in grey, too."""
_SHOWN = np.array([[18, 17], [11, 20], [16, 16]])
"""Amplitudes in the raster, in 32nds."""


def record(platform: Platform, neurons: int = NEURONS) -> neo.Block:
    """Let every pair of amplitudes compete, without noise and with it.

    Parameters
    ----------
    platform : pynn_backprop.platforms.Platform
        Where.
    neurons : int
        Neurons of a unit.

    Returns
    -------
    neo.Block
        A segment without noise, one with it, and one with the spikes of three samples.
    """
    pairs, ends = all_pairs(neurons), [name + WINS for name in CONTESTANTS]
    parts = [
        recorded_trial(NAME, platform, _trial(Graded(neurons, dither, SEED), pairs), ends, dither, seed=SEED)
        for dither in (ROTATING, NOISE)
    ]
    few, rows = _trial(Graded(neurons, ROTATING, SEED), _SHOWN / NEURONS), [row.name for row in _rows(neurons)]
    return together([*parts, recorded_trial(NAME, platform, few, rows, "three samples")])


def _trial(code: Code, amplitudes: np.ndarray) -> Trial:
    return decision_trial(code, amplitudes, np.full(len(amplitudes), 0.5), CONTESTANTS, POPULATIONS)


def choices(block: neo.Block, part: int) -> np.ndarray:
    """Who won: 0 or 1, or UNDECIDED, by the two numbers of neurons; int of shape (n + 1, n + 1).

    Parameters
    ----------
    block : neo.Block
        As of :func:`record`.
    part : int
        0 without noise, 1 with it.
    """
    segment = block.segments[part]
    n, samples, length = (int(segment.annotations[name]) for name in ("n", "samples", "length"))
    return decided(spikes_of(segment), length, samples, CONTESTANTS).reshape(n + 1, n + 1)


def agreement(won: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """How often the larger amplitude won, and how often nobody did, by the difference of the two from 1 to n.

    Parameters
    ----------
    won : numpy.ndarray
        Of :func:`choices`; or probabilities of shape (n + 1, n + 1, 2).

    Returns
    -------
    tuple of numpy.ndarray, shape (n,)
    """
    n = len(won) - 1
    larger, nobody = (np.zeros(n) for _ in range(2))
    for d in range(1, n + 1):
        low = np.arange(n + 1 - d)
        if won.ndim == 3:
            first, second = won[low + d, low], won[low, low + d]
            larger[d - 1] = (first[:, 0].mean() + second[:, 1].mean()) / 2
            nobody[d - 1] = 1 - (first.sum(axis=1).mean() + second.sum(axis=1).mean()) / 2
        else:
            first, second = won[low + d, low], won[low, low + d]
            larger[d - 1] = ((first == 0).mean() + (second == 1).mean()) / 2
            nobody[d - 1] = ((first == UNDECIDED).mean() + (second == UNDECIDED).mean()) / 2
    return larger, nobody


@styled
def draw(block: neo.Block, width: float | None = None) -> Figure:
    """Draw three contests in spikes, who wins where, and how often the larger amplitude does.

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
    n, platform = _neurons(block), recorded.where(block)
    figure = sheet(f"Two graded chains compete, and the winner opens its route, on {platform}", 5.7, width)
    _draw_spikes(panel(figure, (0.55, 2.88, 6.45, 2.25), "a", "three contests, spike by spike", 0.2), block)
    boxes = ((0.45, 0.42, 1.8, 1.8), (2.62, 0.42, 1.8, 1.8))
    for part, (box, letter, how) in enumerate(zip(boxes, "bc", ("without noise", "with noise"), strict=True)):
        axes = panel(figure, box, letter, f"who wins {how}")
        colours = ListedColormap([AREAS[-1], *AREAS[:-1]])
        axes.pcolormesh(np.arange(n + 2) - 0.5, np.arange(n + 2) - 0.5, choices(block, part).T, cmap=colours, vmin=-1)
        name_axes(axes, "neurons of a", "neurons of b" if part == 0 else "")
        axes.set_aspect("equal")
    _draw_agreement(panel(figure, (4.95, 0.42, 2.05, 1.8), "d", "the larger amplitude wins"), block)
    words = ("a wins", "b wins", "undecided")
    handles = [tint_key(colour, word) for colour, word in zip(AREAS, words, strict=True)]
    figure.legend(
        handles=handles, loc="lower left", bbox_to_anchor=(0.28, 0.41), ncols=3, frameon=False, fontsize=SMALL
    )
    return figure


def _rows(n: int) -> list[Row]:
    """Populations of the raster, from the top: the value, the contest, who wins, the routes."""
    rows = [Row("v", n, GREEN)]
    for name, colour in zip(CONTESTANTS, _COLOURS, strict=True):
        rows += [Row(f"{name}{k}", n, colour) for k in range(rounds_for(n) + 1)]
    rows += [Row(name + WINS, 1, colour) for name, colour in zip(CONTESTANTS, _COLOURS, strict=True)]
    return rows + [Row(f"via {name}{k}", n, GREEN) for name in CONTESTANTS for k in range(POPULATIONS)]


def _draw_spikes(axes: Axes, block: neo.Block) -> None:
    segment = block.segments[2]
    n, samples, length = (int(segment.annotations[name]) for name in ("n", "samples", "length"))
    spikes = spikes_of(segment)
    draw_rows(axes, spikes, _rows(n), length, (samples + 1) * length, length)
    first = [counted(spikes[f"{name}0"], n, length, samples)[:, 0] for name in CONTESTANTS]
    for sample, (one, other) in enumerate(zip(*first, strict=True)):
        text = f"a {one}, b {other} of {n}"
        write(axes, (sample + 1.5) * length - 0.5, -0.35, text, SMALL, va="bottom")


def _draw_agreement(axes: Axes, block: neo.Block) -> None:
    n = _neurons(block)
    differences = np.arange(1, n + 1)
    larger, nobody = agreement(choices(block, 1))
    wanted, undecided = agreement(chances(n))
    axes.plot(differences, agreement(choices(block, 0))[0], "s", ms=2.6, mfc="none", mew=0.6, color=BLACK)
    axes.plot(differences, larger, "o", ms=2.2, color=ORANGE)
    axes.plot(differences, nobody, "^", ms=2.2, color=GREY)
    axes.plot(differences, wanted, "-", lw=0.7, color=ORANGE)
    axes.plot(differences, undecided, "-", lw=0.7, color=GREY)
    labels = ("without noise", "with noise", "with noise, undecided")
    for line, label in zip(axes.lines, labels, strict=False):
        line.set_label(label)
    axes.plot([], [], "-", lw=0.7, color=INK, label="theory")
    axes.set(ylim=(-0.04, 1.06), xlim=(0, n + 0.5))
    key(axes, loc="center right", bbox_to_anchor=(1.0, 0.45))
    name_axes(axes, "difference in neurons", "share of the pairs")


def _neurons(block: neo.Block) -> int:
    return int(block.segments[0].annotations["n"])


def caption(block: neo.Block) -> str:
    """Say what the figure shows, with what was measured in its recording."""
    n, sure, noisy = _neurons(block), choices(block, 0), choices(block, 1)
    larger, nobody = agreement(noisy)
    m = np.arange(n + 1)
    right = (sure == np.sign(m - m[:, None]).clip(0)) & (m != m[:, None])
    wanted, undecided = agreement(chances(n))
    apart = [d for d in (1, 2, 4, 8, 16) if d <= n]
    words = ", ".join(f"{larger[d - 1]:.3f} ({wanted[d - 1]:.3f}) at {d}" for d in apart)
    return (
        f"Two chains of {n} neurons a population compete, on {recorded.where(block)}: every pair of amplitudes "
        f"once, {sure.size} samples. Without noise the larger one wins in {right.sum():,} of {sure.size - n - 1:,} "
        f"pairs, and equal ones decide nothing in {(np.diag(sure) == UNDECIDED).sum()} of {n + 1}. "
        f"With noise it wins in a share of (in parentheses: theory, a Markov chain) {words} neurons; nobody wins in "
        f"{nobody[0]:.3f} ({undecided[0]:.3f}) at 1. The winner opens its route for a value of 1/2, which arrives "
        f"unchanged; no outside source chooses. Noise has the seed {block.annotations['seed']}."
    )
