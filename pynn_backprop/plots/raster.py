"""The spikes of a few samples."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence

import neo
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from ..checks import check_count
from ..circuit.circuit import Circuit
from ..recording.analysis import answers_of, in_order, segment_of
from ..recording.blocks import circuit_of, labels_of, samples_of, spikes_of
from ..spikes import Spikes, between
from .bands import LEFT, RIGHT, ROOM_FOR_NUMBER, bands_of, draw_all, draw_phases, firing, top_of
from .style import LARGE, MIDDLE, PALE, PRINT_DPI, SMALL, WIDTH, learning_keys, role_keys, text_inches, title_of, write

_ABOVE, _BELOW, _LINE = 0.62, 0.4, 0.105
"""Inches above and below the axes, and of a line of the key."""

_SILENT = 130
"""Characters of a line for the names of populations that are not drawn."""


def raster(block: neo.Block, segment: int = 0, first_sample: int = 0, samples: int = 3) -> Figure:
    """Draw the spikes of a few samples, 180 mm wide.

    Each population that fires has a band, with its neurons from the bottom up; the height of a band grows with the
    logarithm of the size.  Layers follow each other from the input at the bottom to the output, and the gates are on
    top.  A spike is a bar in the column of its phase, so that a replay shows as the same bar code.  Columns of phases
    in which a matrix learns are tinted.

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

    bands, below = bands_of(circuit, firing(spikes)), _BELOW + key_height(circuit)
    height = _ABOVE + top_of(bands) + below
    figure = Figure(figsize=(WIDTH, height), dpi=PRINT_DPI)
    figure.text(LEFT / WIDTH, 1 - 0.06 / height, _title(block, circuit, indices), fontsize=LARGE, va="top")
    across = WIDTH - LEFT - RIGHT
    axes = figure.add_axes((LEFT / WIDTH, below / height, across / WIDTH, top_of(bands) / height))
    axes.set(xlim=(start - 0.5, stop - 0.5), ylim=(0, top_of(bands)), yticks=[])
    draw_phases(axes, circuit.schedule, range(start, stop), across / (stop - start))
    _head_samples(axes, list(zip(indices, labels, answers, strict=True)), length, across / (stop - start))
    draw_all(axes, bands, spikes, circuit.depth)
    draw_key(figure, circuit, spikes)
    return figure


def _title(block: neo.Block, circuit: Circuit, indices: np.ndarray) -> str:
    platform = block.annotations.get("platform")
    where = f" on {platform}" if platform else ""
    which = f"sample {indices[0]}" if len(indices) == 1 else f"samples {indices[0]} to {indices[-1]}"
    return f"{title_of(circuit)}{where}: spikes of {which}"


def _head_samples(axes: Axes, samples: Sequence[tuple[int, int, str]], length: int, across: float) -> None:
    """Head the samples (index, label and answer), all alike, with the longest text that has room."""
    above, lifted = axes.get_xaxis_transform(), 0.26 if across >= ROOM_FOR_NUMBER else 0.04
    height = 1 + lifted / axes.get_ylim()[1]
    for form in ("sample {}: label {}{}", "sample {}: label {}", "{}: {}", "{}"):
        texts = [form.format(*sample) for sample in samples]
        if max(text_inches(text, MIDDLE) for text in texts) + 0.05 < across * length:
            for (index, *_), text in zip(samples, texts, strict=True):
                write(axes, (index + 1.5) * length - 0.5, height, text, MIDDLE, transform=above, va="bottom")
            return


# -- the key, also of other rasters ------------------------------------------------------------------------------------


def key_height(circuit: Circuit) -> float:
    """Inches that :func:`draw_key` takes."""
    return 0.12 + _LINE * (_rows(circuit) + 4)


def draw_key(figure: Figure, circuit: Circuit, spikes: Spikes) -> None:
    """Say at the bottom of a figure what the phases are, what the colours mean, and who is not drawn.

    Parameters
    ----------
    figure : matplotlib.figure.Figure
        Where to.
    circuit : pynn_backprop.circuit.circuit.Circuit
        Its phases.
    spikes : dict of str to numpy.ndarray of int64, shape (n_spikes, 2)
        All that might have been drawn.
    """
    height, lines = figure.get_figheight(), _lines(circuit)
    rows, width = _rows(circuit), _column(lines)
    for number, line in enumerate(lines):
        column, row = divmod(number, rows)
        y = key_height(circuit) - 0.1 - _LINE * row
        figure.text((0.1 + column * width) / WIDTH, y / height, line, fontsize=SMALL, va="center")
    silent = [name for name, table in spikes.items() if not len(table)]
    if silent:
        words = "\n".join(textwrap.wrap(f"silent here, so without a row: {', '.join(silent)}", _SILENT))
        figure.text(0.1 / WIDTH, (_LINE * 2.6 + 0.02) / height, words, fontsize=SMALL, va="center", color=PALE)
    handles = role_keys({circuit[name].role for name in firing(spikes)})
    if circuit.schedule.training:
        handles += learning_keys()
    figure.legend(
        handles=handles,
        loc="lower center",
        bbox_to_anchor=(0.5, 0),
        borderaxespad=0.1,
        ncols=len(handles),
        frameon=False,
        fontsize=SMALL,
        handlelength=1.0,
        handleheight=0.6,
        handletextpad=0.4,
        columnspacing=1.0,
    )


def _lines(circuit: Circuit) -> list[str]:
    return [f"{phase}  {label}" for phase, label in enumerate(circuit.schedule.labels)]


def _column(lines: Sequence[str]) -> float:
    """Inches of a column of the names of phases."""
    return max(text_inches(line, SMALL) for line in lines) + 0.1


def _rows(circuit: Circuit) -> int:
    lines = _lines(circuit)
    columns = max(int((WIDTH - 0.2) / _column(lines)), 1)
    return -(-len(lines) // columns)
