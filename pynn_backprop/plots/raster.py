"""The spikes of a few samples."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import neo
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import MaxNLocator

from ..checks import check_count
from ..circuit.parts import Circuit, Population
from ..circuit.schedule import Schedule
from ..recording.analysis import answers_of, in_order, segment_of
from ..recording.blocks import circuit_of, labels_of, samples_of, spikes_of
from ..spikes import Spikes, between
from .style import DPI, LEARNING, ROLES, colour_of, layer_word, reading_order, text_width, tints, title_of, write

LEFT = 0.105
"""Where the axes, the title and the key begin, as a share of the figure."""

_GAP = 0.6
"""Between neighbouring bands of a layer; a band is 2.5 high and 1 more for each doubling of its size."""

_ROOM_FOR_LINE, _ROOM_FOR_NUMBER, _ROOM_FOR_NAME = 5, 18, 30
"""Pixels that a phase needs to have edges, to bear its number, and the short name of what it learns."""


@dataclass(frozen=True)
class Band:
    """Where the spikes of one population (or of all gates) go: ordinates from `low` to `high`."""

    members: tuple[Population, ...]
    low: float
    high: float

    @property
    def size(self) -> int:
        """Neurons in the band."""
        return sum(population.size for population in self.members)


def raster(block: neo.Block, segment: int = 0, first_sample: int = 0, samples: int = 3) -> Figure:
    """Draw the spikes of a few samples, 1600 by 1000 pixels.

    Each population has a band, with its neurons from the bottom up; the height of a band grows with the logarithm of
    the size.  Layers follow each other from the input at the bottom to the output, and the gates are on top.  A spike
    is a bar in the column of its phase, so that a replay shows as the same bar code.  Columns of phases in which a
    matrix learns are tinted.

    Parameters
    ----------
    block
        The recording.
    segment
        Index of the stretch; negative numbers count from the end.
    first_sample
        Where in the segment to begin, 0 is its first sample.
    samples
        How many to draw; fewer if the segment ends before.  Of a dozen or more, less is written above them.

    Returns
    -------
    matplotlib.figure.Figure

    Raises
    ------
    InputError
        If the block was not made by this package, or has no such segment or sample.
    """
    circuit, chosen = circuit_of(block), segment_of(block, segment)
    indices, length = samples_of(chosen), circuit.schedule.length
    first_sample = check_count("first_sample", first_sample, 0, len(indices) - 1)
    shown = slice(first_sample, first_sample + check_count("samples", samples))
    indices, labels = indices[shown], labels_of(chosen)[shown]
    start, stop = (indices[0] + 1) * length, (indices[-1] + 2) * length
    spikes = between(in_order(spikes_of(chosen), circuit), start, stop)
    answers = [""] * len(indices)
    if "o" in spikes:
        told = answers_of(block, segment)[shown]
        answers = [", no output" if answer < 0 else f", output {answer}" for answer in told]

    figure = Figure(figsize=(16, 10), dpi=DPI)
    figure.suptitle(_title(block, circuit, indices), x=LEFT, y=0.985, ha="left", fontsize=15)
    axes = figure.add_axes((LEFT, 0.145, 0.875, 0.74))
    axes.set(xlim=(start - 0.5, stop - 0.5), ylim=(0, 1), yticks=[])
    pixels = axes.bbox.width / (stop - start)
    draw_phases(axes, circuit.schedule, range(start, stop), pixels)
    _head_samples(axes, list(zip(indices, labels, answers, strict=True)), length, pixels)
    bands = bands_of(circuit, spikes)
    for band in bands:
        name_band(axes, band)
        draw_spikes(axes, band, spikes, colour_of(band.members[0]))
    draw_layers(axes, bands, circuit.depth)
    _draw_keys(figure, circuit, spikes)
    return figure


def _title(block: neo.Block, circuit: Circuit, indices: np.ndarray) -> str:
    platform = block.annotations.get("platform")
    where = f" on {platform}" if platform else ""
    which = f"sample {indices[0]}" if len(indices) == 1 else f"samples {indices[0]} to {indices[-1]}"
    return f"{title_of(circuit)}{where}: spikes of {which}"


def bands_of(circuit: Circuit, spikes: Iterable[str]) -> list[Band]:
    """One band per recorded population from the bottom up, one for all gates; together they fill 0 to 1."""
    recorded = [population for population in reading_order(circuit) if population.name in spikes]
    grouped = itertools.groupby(recorded, key=lambda p: "gates" if p.role == "gate" else p.name)
    groups = [tuple(group) for _, group in grouped]
    heights = 2.5 + np.log2([1 + sum(population.size for population in group) for group in groups])
    same = [True, *(below[0].layer == above[0].layer for below, above in itertools.pairwise(groups))]
    high = np.cumsum(heights + np.where(same, _GAP, 4 * _GAP))
    low, total = high - heights, high[-1] + _GAP
    return [Band(*band) for band in zip(groups, (low / total).tolist(), (high / total).tolist(), strict=True)]


def draw_phases(axes: Axes, schedule: Schedule, steps: range, pixels: float) -> None:
    """Columns of so many pixels, with tints, edges and what has room above them."""
    tinted, above = tints(schedule), axes.get_xaxis_transform()
    for step in steps:
        phase = step % schedule.length
        tint, name = tinted.get(phase, ("none", ""))
        axes.axvspan(step - 0.5, step + 0.5, color=tint, lw=0, zorder=0)
        if phase == 0:
            axes.axvline(step - 0.5, color="#222222", lw=min(1.6, 0.4 + pixels / 12), zorder=1)
        elif pixels >= _ROOM_FOR_LINE:
            axes.axvline(step - 0.5, color="#DDDDDD", lw=0.6, zorder=1)
        if pixels >= _ROOM_FOR_NUMBER:
            write(axes, step, 1.008, str(phase), 10, transform=above, va="bottom")
        if pixels >= _ROOM_FOR_NAME:
            write(axes, step, 1.032, name, 9, transform=above, va="bottom", weight="bold")
    axes.set_xlabel("time (ms)", fontsize=11)
    axes.tick_params(axis="x", labelsize=10)
    axes.xaxis.set_major_locator(MaxNLocator(9, integer=True))
    axes.ticklabel_format(axis="x", style="plain", useOffset=False)


def name_band(axes: Axes, band: Band) -> None:
    """Write name and size of a band to its left."""
    first, *others = band.members
    size = band.size
    name = f"{first.name} … {others[-1].name}" if others else f"{first.name}  ({size:,})" if size > 1 else first.name
    middle = (band.low + band.high) / 2
    write(axes, -0.006, middle, name, 10, transform=axes.transAxes, ha="right", color=colour_of(first))


def draw_spikes(axes: Axes, band: Band, spikes: Spikes, colour: str, thinnest: float = 0.5) -> None:
    """A bar for each spike of a band, at least so many pixels thick; much thinner than half a pixel it would vanish."""
    row = (band.high - band.low) / band.size
    width = min(max(0.9 * axes.bbox.height * row, thinnest), 6.0) * 72 / DPI
    lowest = band.low + row / 2
    for population in band.members:
        steps, neurons = spikes[population.name].T
        heights = lowest + neurons * row
        # Snapped to pixels, equal patterns would look different in bands of equal height.
        axes.hlines(heights, steps - 0.4, steps + 0.4, colors=colour, linewidths=width, zorder=3, snap=False)
        lowest += population.size * row


def draw_layers(axes: Axes, bands: Sequence[Band], depth: int) -> None:
    """A name for each layer, lines between its bands, and grey bars between the layers."""
    place, top = axes.transAxes, 0.0
    for layer, group in itertools.groupby(bands, key=lambda band: band.members[0].layer):
        members = list(group)
        for below, above in itertools.pairwise(members):
            axes.axhline((below.high + above.low) / 2, color="#BBBBBB", lw=0.7, zorder=1.5)
        low, high = members[0].low, members[-1].high
        if top:
            edge = (low - top) / 4
            axes.axhspan(top + edge, low - edge, color="#EEEEEE", lw=0, zorder=2)
        top = high
        axes.add_line(Line2D([-0.088] * 2, [low, high], transform=place, color="#888888", lw=1.5, clip_on=False))
        write(axes, -0.093, (low + high) / 2, layer_word(layer, depth), 11, transform=place, rotation=90, ha="right")


def _head_samples(axes: Axes, samples: Sequence[tuple[int, int, str]], length: int, pixels: float) -> None:
    """Head the samples (index, label and answer), all alike, with the longest text that has room."""
    size, above, height = 11.5, axes.get_xaxis_transform(), 1.058 if pixels >= _ROOM_FOR_NUMBER else 1.012
    for form in ("sample {}: label {}{}", "sample {}: label {}", "{}: {}", "{}"):
        texts = [form.format(*sample) for sample in samples]
        if max(text_width(text, size) for text in texts) + 6 < pixels * length:
            for (index, *_), text in zip(samples, texts, strict=True):
                write(axes, (index + 1.5) * length - 0.5, height, text, size, transform=above, va="bottom")
            return


def _draw_keys(figure: Figure, circuit: Circuit, spikes: Iterable[str]) -> None:
    """Below the raster: what the phases are, and what the colours mean."""
    figure.text(LEFT, 0.071, "phases", fontsize=10, weight="bold")
    lines = [f"{phase}  {label}" for phase, label in enumerate(circuit.schedule.labels)]
    for column, first in enumerate(range(0, len(lines), 3)):
        text = "\n".join(lines[first : first + 3])
        figure.text(LEFT + 0.14 * column, 0.064, text, fontsize=10, va="top", linespacing=1.3)
    roles = {circuit[name].role for name in spikes}
    handles = [Patch(color=colour, label=words) for role, (colour, words) in ROLES.items() if role in roles]
    if circuit.schedule.training:
        for tint, word, sign in LEARNING:
            handles.append(Patch(facecolor=tint, edgecolor="#999999", lw=0.5, label=f"{word} ({sign})"))
    figure.legend(
        handles=handles, loc="lower right", ncols=3, frameon=False, fontsize=10, handlelength=1.2, columnspacing=1.2
    )
