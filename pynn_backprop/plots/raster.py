"""The spikes of a few samples."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import neo
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from ..checks import check_count
from ..circuit.circuit import Circuit
from ..recording.analysis import LAST, answers_of, in_order, segment_of
from ..recording.blocks import circuit_of, labels_of, samples_of, spikes_of
from ..spikes import between
from .bands import LEFT, ROOM_FOR_NUMBER, bands_of, draw_layers, draw_phases, draw_spikes, name_band
from .style import DPI, colour_of, learning_keys, role_keys, text_width, title_of, write


def raster(block: neo.Block, segment: int = LAST, first_sample: int = 0, samples: int = 3) -> Figure:
    """Draw the spikes of a few samples, 1600 by 1000 pixels.

    Each population has a band, with its neurons from the bottom up; the height of a band grows with the logarithm of
    the size.  Layers follow each other from the input at the bottom to the output, and the gates are on top.  A spike
    is a bar in the column of its phase, so that a replay shows as the same bar code.  Columns of phases in which a
    matrix learns are tinted.

    Parameters
    ----------
    block : neo.Block
        The recording.
    segment : int
        Index of the stretch; negative numbers count from the end.
    first_sample : int
        Where in the segment to begin, 0 is its first sample.
    samples : int
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


def _head_samples(axes: Axes, samples: Sequence[tuple[int, int, str]], length: int, pixels: float) -> None:
    """Head the samples (index, label and answer), all alike, with the longest text that has room."""
    size, above, height = 11.5, axes.get_xaxis_transform(), 1.058 if pixels >= ROOM_FOR_NUMBER else 1.012
    for form in ("sample {}: label {}{}", "sample {}: label {}", "{}: {}", "{}"):
        texts = [form.format(*sample) for sample in samples]
        if max(text_width(text, size) for text in texts) + 6 < pixels * length:
            for (index, *_), text in zip(samples, texts, strict=True):
                write(axes, (index + 1.5) * length - 0.5, height, text, size, transform=above, va="bottom")
            return


def _draw_keys(figure: Figure, circuit: Circuit, spikes: Collection[str]) -> None:
    """Below the raster: what the phases are, and what the colours mean."""
    figure.text(LEFT, 0.071, "phases", fontsize=10, weight="bold")
    lines = [f"{phase}  {label}" for phase, label in enumerate(circuit.schedule.labels)]
    for column, first in enumerate(range(0, len(lines), 3)):
        text = "\n".join(lines[first : first + 3])
        figure.text(LEFT + 0.14 * column, 0.064, text, fontsize=10, va="top", linespacing=1.3)
    handles = role_keys({circuit[name].role for name in spikes})
    if circuit.schedule.training:
        handles += learning_keys()
    figure.legend(
        handles=handles, loc="lower right", ncols=3, frameon=False, fontsize=10, handlelength=1.2, columnspacing=1.2
    )
