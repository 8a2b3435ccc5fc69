"""The figure ``hebbian``: what a single plastic synapse does when its two neurons and the reinforcement neuron fire."""

from __future__ import annotations

from dataclasses import astuple

import neo
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from ..circuit.hebbian import OFFSETS
from ..circuit.parameters import Parameters
from ..interfaces import Platform
from ..plots.style import BLUE, GREY, INK, ORANGE, PURPLE, SMALL, styled, write
from ..recording.blocks import spikes_of
from ..spikes import merged
from ..tasks.mechanisms import MEETINGS, Meeting, hebbian_trial, weights_after
from . import recorded
from .panels import Row, draw_rows, key, name_axes, panel, sheet
from .trials import block_of_trial, together

NAME = "hebbian"
WEIGHT = 100
BOUND = tuple(Meeting(True, 0, reinforced) for reinforced in (True,) * 6 + (False,) * 6)
BOUND_WEIGHT = 246
"""A synapse near its bound, which is strengthened and then weakened."""
_DRAWN = 8
_NONE = 99.0
_ROWS = (Row("x", 1), Row("o", 1, BLUE), Row("r", 1, PURPLE))


def record(platform: Platform) -> neo.Block:
    """Let a synapse see everything that can happen to it; and another one its bound.

    Parameters
    ----------
    platform : pynn_backprop.platforms.Platform
        Where.

    Returns
    -------
    neo.Block
        A segment for each synapse, with its spikes, what it saw, and its weight before and after each sample.
    """
    blocks = []
    for name, meetings, weight in (("everything", MEETINGS, WEIGHT), ("bound", BOUND, BOUND_WEIGHT)):
        trial = hebbian_trial(meetings, weight)
        parts = list(trial.parts(platform, [row.name for row in _ROWS], 1))
        length, spikes = trial.circuit.schedule.length, merged([part for part, _ in parts])
        block = block_of_trial(NAME, platform, trial, spikes, name)
        segment = block.segments[0]
        weights = np.array([weight, *(found["W1"][0, 0] for _, found in parts)])
        recorded.add_signals(segment, np.arange(len(weights)), length, {"weight": weights})
        # No postsynaptic spike is written as an offset beyond all others.
        seen = np.array([astuple(each) for each in meetings], float)
        recorded.add_signals(segment, np.arange(len(seen)), length, {"seen": np.nan_to_num(seen, nan=_NONE)})
        blocks.append(block)
    return together(blocks)


def changes(block: neo.Block) -> dict[Meeting, int]:
    """By how much the weight changed, for everything that the first synapse saw.

    Parameters
    ----------
    block : neo.Block
        As of :func:`record`.
    """
    segment = block.segments[0]
    weight = recorded.signal_of(segment, "weight")[1].ravel().astype(int)
    seen = recorded.signal_of(segment, "seen")[1]
    meetings = [Meeting(bool(pre), None if at == _NONE else int(at), bool(r)) for pre, at, r in seen]
    return dict(zip(meetings, np.diff(weight).tolist(), strict=True))


@styled
def draw(block: neo.Block, width: float | None = None) -> Figure:
    """Draw the first samples in spikes, the change against the time between the spikes, and the bound.

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
    figure = sheet(f"Pulse-gated Hebbian learning of a single synapse, on {recorded.where(block)}", 3.7, width)
    axes = panel(figure, (0.4, 2.4, 6.6, 0.65), "a", "some samples: the change of the weight above each", 0.22)
    length, found = int(block.segments[0].annotations["length"]), changes(block)
    # From the sample before the coincidences on.
    first = 2 * OFFSETS.index(0) - 2
    draw_rows(axes, spikes_of(block.segments[0]), _ROWS, (first + 1) * length, (first + 1 + _DRAWN) * length, length)
    for place, change in enumerate(list(found.values())[first : first + _DRAWN]):
        write(axes, (first + place + 1.5) * length - 0.5, -0.1, f"{change:+d}" if change else "0", SMALL, va="bottom")
    _draw_changes(panel(figure, (0.45, 0.45, 3.2, 1.3), "b", "change of the weight"), block)
    axes = panel(figure, (4.2, 0.45, 2.8, 1.3), "c", "at its bound: six times with r, six times without")
    weight = recorded.signal_of(block.segments[1], "weight")[1].ravel()
    axes.axhline(Parameters().w_max, color=GREY, lw=0.7, ls="--")
    axes.plot(np.arange(len(weight)), weight, "o-", ms=2.4, lw=0.8, color=BLUE)
    name_axes(axes, "samples", "weight")
    return figure


def _draw_changes(axes: Axes, block: neo.Block) -> None:
    found = changes(block)
    looks = ((True, "o", BLUE, "with r"), (False, "s", ORANGE, "without r"))
    axes.axhline(0, color=INK, lw=0.5)
    for reinforced, marker, colour, label in looks:
        values = [found[Meeting(True, offset, reinforced)] for offset in OFFSETS]
        size = 5.0 if reinforced else 2.6
        axes.plot(OFFSETS, values, marker, ms=size, mfc="none", mew=0.9, color=colour, label=label)
    axes.set(xticks=OFFSETS, ylim=(-2.8, 2.8), yticks=(-2, 0, 2), xlim=(-2.4, 3.9))
    key(axes, loc="center right", bbox_to_anchor=(1.0, 0.72))
    name_axes(axes, "steps from the presynaptic to the postsynaptic spike", "change")


def caption(block: neo.Block) -> str:
    """Say what the figure shows, with what was measured in its recording."""
    found, p = changes(block), Parameters()
    wrong = sum(change != meeting.change(p.eta) for meeting, change in found.items())
    others = {change for meeting, change in found.items() if not (meeting.pre and meeting.offset == 0)}
    bound = recorded.signal_of(block.segments[1], "weight")[1].ravel().astype(int).tolist()
    right = bound[1:] == weights_after(BOUND, BOUND_WEIGHT, p)
    return (
        f"A single synapse on {recorded.where(block)}, weight {WEIGHT} at first, sees {len(found)} samples: "
        f"presynaptic spike or none, postsynaptic spike up to 2 steps before or after it or none, reinforcement neuron "
        f"or not. Coincidence with reinforcement: {found[Meeting(True, 0, True)]:+d}; without: "
        f"{found[Meeting(True, 0, False)]:+d}; everything else: {', '.join(map(str, sorted(others)))}. {wrong} of the "
        f"{len(found)} changes differ from theory. At its bound the weight goes {bound[0]} to {max(bound)} to "
        f"{bound[-1]}, {'as' if right else 'not as'} clipping at {p.w_max} gives it."
    )
