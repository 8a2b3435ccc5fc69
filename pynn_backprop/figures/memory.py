"""The figure ``memory``: a short-term memory bridges gaps while another value passes through the same population."""

from __future__ import annotations

import neo
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from ..circuit.memory import BETWEEN, MEMORY
from ..codes.graded import Graded
from ..interfaces import Platform
from ..plots.style import BLACK, BLUE, INK, ORANGE, SMALL, styled, write
from ..recording.blocks import spikes_of
from ..tasks.mechanisms import memory_trial
from . import recorded
from .panels import Row, draw_rows, key, name_axes, panel, sheet
from .trials import numbers_of, recorded_trial, together

NAME = "memory"
NEURONS, UNITS, SAMPLES, SEED = 32, 2, 33, 0
GAPS = (4, 12, 24, 56)
"""The longest delay on a Loihi chip is 63 steps."""
_SHOWN, _DRAWN = 1, 3


def record(platform: Platform) -> neo.Block:
    """Keep values for gaps of several lengths.

    Parameters
    ----------
    platform : pynn_backprop.platforms.Platform
        Where.

    Returns
    -------
    neo.Block
        A segment for each gap.
    """
    code, random = Graded(NEURONS), np.random.default_rng(SEED)
    values, between = random.integers(0, NEURONS + 1, (2, SAMPLES, UNITS)) / NEURONS
    blocks = []
    for gap in GAPS:
        trial = memory_trial(code, gap, values, between)
        blocks.append(recorded_trial(NAME, platform, trial, ["x", MEMORY], f"gap of {gap}", seed=SEED))
        blocks[-1].segments[0].annotate(gap=gap)
    return together(blocks)


def kept(segment: neo.Segment) -> tuple[np.ndarray, np.ndarray, int]:
    """What was stored and what came back after the gap, and how often another neuron fired than at first.

    Parameters
    ----------
    segment : neo.Segment
        Of a block of :func:`record`.

    Returns
    -------
    tuple
        Two arrays of int, numbers of neurons, shape (n_samples, n_units); and a number of spikes.
    """
    gap, length = int(segment.annotations["gap"]), int(segment.annotations["length"])
    stored, back = (numbers_of(segment, {"x": UNITS}, phase)["x"] for phase in (1, 1 + gap))
    x = spikes_of(segment)["x"]
    tables = [x[x[:, 0] % length == phase] - np.array([phase, 0]) for phase in (1, 1 + gap)]
    first, second = (set(map(tuple, table.tolist())) for table in tables)
    return stored, back, len(first ^ second)


@styled
def draw(block: neo.Block, width: float | None = None) -> Figure:
    """Draw a gap in spikes, and what came back against what was stored.

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
    figure = sheet(f"A short-term memory bridges a gap, on {recorded.where(block)}", 4.0, width)
    segment = block.segments[_SHOWN]
    gap, length = int(segment.annotations["gap"]), int(segment.annotations["length"])
    axes = panel(figure, (0.4, 2.5, 6.6, 0.75), "a", f"a gap of {gap} steps, {_DRAWN} samples", 0.22)
    rows = [Row("x", UNITS * NEURONS), Row(MEMORY, UNITS * NEURONS, BLUE)]
    draw_rows(axes, spikes_of(segment), rows, length, (_DRAWN + 1) * length, length)
    for sample in range(_DRAWN):
        for phase, word in ((1, "kept"), (BETWEEN, "another"), (1 + gap, "back")):
            write(axes, (sample + 1) * length + phase, -0.1, word, SMALL, va="bottom")
    for place, segment in enumerate(block.segments):
        box = (0.5 + 1.68 * place, 0.45, 1.4, 1.4)
        axes = panel(figure, box, "bcde"[place], f"gap of {segment.annotations['gap']} steps")
        _draw_kept(axes, segment, place == 0)
    return figure


def _draw_kept(axes: Axes, segment: neo.Segment, first: bool) -> None:
    stored, back, _ = kept(segment)
    passed = numbers_of(segment, {"x": UNITS}, BETWEEN)["x"]
    axes.plot([0, NEURONS], [0, NEURONS], "-", color=INK, lw=0.5)
    axes.plot(stored.ravel(), passed.ravel(), ".", ms=2, color=ORANGE, label="passed")
    axes.plot(stored.ravel(), back.ravel(), "o", ms=2.6, mfc="none", mew=0.6, color=BLACK, label="came back")
    axes.set(ylim=(-1.5, 1.4 * NEURONS), yticks=(0, 10, 20, 30))
    name_axes(axes, "neurons at first", "neurons later" if first else "")
    if first:
        key(axes, loc="upper left")


def caption(block: neo.Block) -> str:
    """Say what the figure shows, with what was measured in its recording."""
    found = [(int(segment.annotations["gap"]), *kept(segment)) for segment in block.segments]
    words = ", ".join(
        f"{gap} steps: {np.abs(back - stored).max()} neurons, {other} spikes" for gap, stored, back, other in found
    )
    return (
        f"Values of {UNITS} units of {NEURONS} neurons are kept by delayed copies while other values pass through the "
        f"same population, {SAMPLES} samples for each gap on {recorded.where(block)}. Largest difference of "
        f"what comes back, and spikes of other neurons than at first, after a gap of {words}. Values: seed "
        f"{block.annotations['seed']}."
    )
