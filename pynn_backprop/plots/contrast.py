"""A sample that was answered rightly beside one that was not: what an error costs."""

from __future__ import annotations

from dataclasses import dataclass

import neo
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.text import Text

from ..circuit.circuit import Circuit
from ..errors import InputError
from ..recording.analysis import answers_of, in_order, segment_of
from ..recording.blocks import circuit_of, labels_of, samples_of, spikes_of
from ..simulation.backends.registry import written
from ..spikes import Spikes, between
from .bands import (
    LEFT,
    RIGHT,
    ROOM_FOR_NUMBER,
    Band,
    bands_of,
    draw_layers,
    draw_phases,
    draw_spikes,
    firing,
    name_band,
    top_of,
)
from .fitting import shrink, shrink_title
from .parts import colour_of, title_of
from .raster import draw_key, key_height, raster
from .style import GREEN, LARGE, MIDDLE, MM, PALE, VERMILION, inches, new_figure, styled, write

_ABOVE, _BELOW, _BETWEEN = 0.98, 0.1, 0.16
"""Inches above, below and between the two panels."""

_IMAGE, _BESIDE_IMAGE = 0.42, 0.1
"""Side of the picture of an input, and from there to the words, in inches."""

_ROOM_FOR_WORDS = 4
"""Phases without any spike that are worth a word."""


@dataclass(frozen=True)
class _Shown:
    """One of the two samples."""

    label: int
    answer: int
    start: int
    spikes: Spikes

    @property
    def right(self) -> bool:
        return self.label == self.answer


@styled
def contrast(
    block: neo.Block, segment: int = 0, images: np.ndarray | None = None, width: float | None = None
) -> Figure:
    """Draw the first sample that caused no error beside the first that was answered wrongly.

    Above each is what it was shown and answered, its spikes (without those from outside) and its synaptic events.

    Parameters
    ----------
    block : neo.Block
        A recording of learning; the output and its errors ``d+`` and ``d-`` must be among what was recorded.
    segment : int
        Index of the stretch; negative numbers count from the end.
    images : numpy.ndarray of float, shape (n_samples, height, width), optional
        What the network saw, one image for each sample of the stretch, with values from 0 to 1.
    width : float, optional
        Of the figure, in mm; 180 if None.

    Returns
    -------
    matplotlib.figure.Figure

    Raises
    ------
    InputError
        If there are no two such samples in the stretch, something was not recorded, the block was not made by this
        package, or the width is not from 120 to 1000 or too little for the words.
    """
    wide, circuit, chosen = inches(width), circuit_of(block), segment_of(block, segment)
    numbers, labels, answers = samples_of(chosen), labels_of(chosen), answers_of(block, segment)
    spikes = in_order(spikes_of(chosen), circuit)
    pair, length = pair_of(block, segment), circuit.schedule.length
    shown = []
    for place in pair:
        start = (int(numbers[place]) + 1) * length
        now = between(spikes, start, start + length)
        shown.append(_Shown(int(labels[place]), int(answers[place]), start, now))
    bands = bands_of(circuit, set(firing(shown[0].spikes)) | set(firing(shown[1].spikes)))
    below = _BELOW + key_height(circuit, wide)
    height, across = _ABOVE + top_of(bands) + below, (wide - LEFT - RIGHT - _BETWEEN) / 2
    figure = new_figure(height / MM, width)
    platform = block.annotations.get("platform")
    title = title_of(circuit) + (f", on {written(platform)}" if platform else "")
    shrink_title(figure, figure.text(LEFT / wide, 1 - 0.06 / height, title, fontsize=LARGE, va="top"))
    heads = list[Text]()
    for panel, (sample, place) in enumerate(zip(shown, pair, strict=True)):
        left = LEFT + panel * (across + _BETWEEN)
        axes = figure.add_axes((left / wide, below / height, across / wide, top_of(bands) / height))
        axes.set(xlim=(sample.start - 0.5, sample.start + length - 0.5), ylim=(0, top_of(bands)), yticks=[])
        draw_phases(axes, circuit.schedule, range(sample.start, sample.start + length), across / length, time=False)
        _draw_bands(axes, circuit, bands, sample.spikes, named=not panel)
        heads += _draw_head(axes, circuit, sample, across / length, images is not None)
        _say_what_is_silent(axes, circuit, sample)
        if images is not None:
            _draw_image(figure, images[place], left, height)
    shrink(figure, heads, across - (images is not None) * (_IMAGE + _BESIDE_IMAGE), beside=2)
    together = {name: np.concatenate([each.spikes[name] for each in shown]) for name in spikes}
    draw_key(figure, circuit, together)
    return figure


def overview(block: neo.Block) -> Figure:
    """What a recording is best looked at by first.

    Parameters
    ----------
    block : neo.Block
        Of learning or of answers.

    Returns
    -------
    matplotlib.figure.Figure
        A right and a wrong sample of its last stretch (:func:`contrast`), or its first samples where there are no such
        two (:func:`~pynn_backprop.plots.raster.raster`).
    """
    try:
        return contrast(block, -1)
    except InputError:
        return raster(block)


def pair_of(block: neo.Block, segment: int = 0) -> tuple[int, int]:
    """The first sample of a stretch that caused no error, and the first with a wrong answer, rather than with none.

    Parameters and errors are those of :func:`contrast`.

    Returns
    -------
    tuple of int
        Their places in the stretch.
    """
    circuit, chosen = circuit_of(block), segment_of(block, segment)
    spikes, numbers, answers = spikes_of(chosen), samples_of(chosen), answers_of(block, segment)
    for name in ("d+", "d-"):
        if name not in spikes:
            raise InputError(f"the error {name!r} was not recorded, only {', '.join(spikes) or 'nothing'}")
    cycles = np.concatenate([spikes[name][:, 0] for name in ("d+", "d-")]) // circuit.schedule.length - 1
    right, caused = answers == labels_of(chosen), np.isin(numbers, cycles)
    calm, wrong = np.flatnonzero(right & ~caused), np.flatnonzero(~right & caused)
    if not len(calm) or not len(wrong):
        missing = "without an error" if not len(calm) else "with a wrong answer"
        raise InputError(f"of the {len(numbers)} samples of the segment there is none {missing}: record more, or later")
    return int(calm[0]), int(wrong[np.argmax(answers[wrong] >= 0)])


def synaptic_events(circuit: Circuit, spikes: Spikes) -> int:
    """Spikes times the synapses that they reach.

    Parameters
    ----------
    circuit : pynn_backprop.circuit.circuit.Circuit
        What ran.
    spikes : dict of str to numpy.ndarray of int64, shape (n_spikes, 2)
        Step in ms and neuron of each spike, by population; what is not there does not count.

    Returns
    -------
    int
    """
    return sum(
        int(p.connectivity.arriving(spikes[p.pre][:, 1], circuit[p.post].size).sum())
        for p in circuit.projections
        if p.pre in spikes
    )


def _draw_bands(axes: Axes, circuit: Circuit, bands: list[Band], spikes: Spikes, named: bool) -> None:
    for band in bands:
        if named:
            name_band(axes, band)
        draw_spikes(axes, band, spikes, colour_of(band.members[0]))
    draw_layers(axes, bands, circuit.depth, named)


def _draw_head(axes: Axes, circuit: Circuit, sample: _Shown, across: float, pictured: bool) -> list[Text]:
    above, inch = axes.get_xaxis_transform(), 1 / axes.get_ylim()[1]
    lifted = 1 + (0.3 if across >= ROOM_FOR_NUMBER else 0.1) * inch
    left = sample.start - 0.5 + (pictured * (_IMAGE + _BESIDE_IMAGE)) / across
    answer = "no answer" if sample.answer < 0 else f"answered {sample.answer}"
    words, colour = ("right", GREEN) if sample.right else ("wrong", VERMILION)
    heads = {"transform": above, "ha": "left", "va": "bottom"}
    text = f"{words}: shown {sample.label}, {answer}"
    said = write(axes, left, lifted + 0.14 * inch, text, LARGE, color=colour, weight="bold", **heads)
    count = sum(len(sample.spikes[p.name]) for p in circuit.simulated if p.name in sample.spikes)
    events = synaptic_events(circuit, sample.spikes)
    cost = write(axes, left, lifted, f"{count:,} spikes, {events:,} synaptic events", MIDDLE, color=PALE, **heads)
    return [said, cost]


def _say_what_is_silent(axes: Axes, circuit: Circuit, sample: _Shown) -> None:
    """In the phases after the last spike of all but gates, if there are many."""
    last = max(
        int(table[:, 0].max()) for name, table in sample.spikes.items() if len(table) and circuit[name].role != "gate"
    )
    stop = sample.start + circuit.schedule.length - 1
    if stop - last >= _ROOM_FOR_WORDS:
        text = "no error:\nnothing else\nfires"
        blank = {"facecolor": "white", "edgecolor": "none", "alpha": 0.85, "pad": 2}
        place = axes.get_xaxis_transform()
        write(axes, (last + stop + 1) / 2, 0.55, text, LARGE, transform=place, color=GREEN, zorder=6, bbox=blank)


def _draw_image(figure: Figure, image: np.ndarray, left: float, height: float) -> None:
    bottom, wide = height - _ABOVE + 0.27, figure.get_figwidth()
    axes = figure.add_axes((left / wide, bottom / height, _IMAGE / wide, _IMAGE / height), xticks=[], yticks=[])
    axes.imshow(image, cmap="gray_r", vmin=0, vmax=1, interpolation="nearest")
    for spine in axes.spines.values():
        spine.set_linewidth(0.5)
