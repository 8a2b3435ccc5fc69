"""The spikes of a few samples."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Sequence

import neo
import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from ..checks import check_count
from ..circuit.circuit import Circuit
from ..recording.analysis import LAST, answers_of, in_order, segment_of
from ..recording.blocks import circuit_of, labels_of, samples_of, spikes_of
from ..simulation.backends.registry import written
from ..spikes import Spikes, between
from .bands import LEFT, RIGHT, ROOM_FOR_NUMBER, bands_of, draw_all, draw_phases, firing, top_of
from .diagram_arrows import lifted
from .parts import learning_keys, role_keys, title_of
from .style import LARGE, MIDDLE, MM, PALE, SMALL, columns_of, inches, new_figure, styled, text_inches, write
from .unit_bands import lifted_key

_ABOVE, _BELOW, _LINE = 0.62, 0.4, 0.105
"""Inches above and below the axes, and of a line of the key."""


@styled
def raster(
    block: neo.Block, segment: int = LAST, first_sample: int = 0, samples: int = 3, width: float | None = None
) -> Figure:
    """Draw the spikes of a few samples.

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
    width : float, optional
        Of the figure, in mm; 180 if None.

    Returns
    -------
    matplotlib.figure.Figure

    Raises
    ------
    InputError
        If the block was not made by this package, or has no such segment or sample, or the width is not from 120 to
        1000.
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

    wide = inches(width)
    bands, below = bands_of(circuit, firing(spikes)), _BELOW + key_height(circuit, wide)
    height, across = _ABOVE + top_of(bands) + below, wide - LEFT - RIGHT
    figure = new_figure(height / MM, width)
    figure.text(LEFT / wide, 1 - 0.06 / height, _title(block, circuit, indices), fontsize=LARGE, va="top")
    axes = figure.add_axes((LEFT / wide, below / height, across / wide, top_of(bands) / height))
    axes.set(xlim=(start - 0.5, stop - 0.5), ylim=(0, top_of(bands)), yticks=[])
    draw_phases(axes, circuit.schedule, range(start, stop), across / (stop - start))
    _head_samples(axes, list(zip(indices, labels, answers, strict=True)), length, across / (stop - start))
    draw_all(axes, bands, spikes, circuit.depth)
    draw_key(figure, circuit, spikes)
    return figure


def _title(block: neo.Block, circuit: Circuit, indices: np.ndarray) -> str:
    platform = block.annotations.get("platform")
    where = f" on {written(platform)}" if platform else ""
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


def key_height(circuit: Circuit, width: float) -> float:
    """Inches that :func:`draw_key` takes of a figure so many inches wide."""
    legend = _legend_rows(_handles(circuit, [population.name for population in circuit.populations]), width)
    return 0.12 + _LINE * (_rows(circuit, width) + 2.8 + 1.2 * legend)


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
    (wide, height), lines = figure.get_size_inches(), _lines(circuit)
    rows, column_width = _rows(circuit, wide), _column(lines)
    for number, line in enumerate(lines):
        column, row = divmod(number, rows)
        y = key_height(circuit, wide) - 0.1 - _LINE * row
        figure.text((0.1 + column * column_width) / wide, y / height, line, fontsize=SMALL, va="center")
    handles = _handles(circuit, firing(spikes))
    silent = [name for name, table in spikes.items() if not len(table)]
    if silent:
        text = f"silent here, so without a row: {', '.join(silent)}"
        words = "\n".join(textwrap.wrap(text, int((wide - 0.2) / text_inches("n", SMALL))))
        y = _LINE * (1.4 + 1.2 * _legend_rows(handles, wide)) + 0.02
        figure.text(0.1 / wide, y / height, words, fontsize=SMALL, va="center", color=PALE)
    figure.legend(
        handles=handles,
        loc="lower center",
        bbox_to_anchor=(0.5, 0),
        borderaxespad=0.1,
        ncols=columns_of(handles, wide / MM),
        fontsize=SMALL,
        handlelength=1.0,
        handleheight=0.6,
        handletextpad=0.4,
        columnspacing=1.0,
    )


def _handles(circuit: Circuit, shown: Iterable[str]) -> list[Artist]:
    """Entries of the legend for some populations."""
    shown = set(shown)
    handles: list[Artist] = [*role_keys({circuit[name].role for name in shown})]
    if circuit.schedule.training:
        handles += learning_keys()
    return [*handles, lifted_key()] if lifted(circuit) & shown else handles


def _legend_rows(handles: Sequence[Artist], width: float) -> int:
    return -(-len(handles) // columns_of(handles, width / MM))


def _lines(circuit: Circuit) -> list[str]:
    return [f"{phase}  {label}" for phase, label in enumerate(circuit.schedule.labels)]


def _column(lines: Sequence[str]) -> float:
    """Inches of a column of the names of phases."""
    return max(text_inches(line, SMALL) for line in lines) + 0.1


def _rows(circuit: Circuit, width: float) -> int:
    lines = _lines(circuit)
    columns = max(int((width - 0.2) / _column(lines)), 1)
    return -(-len(lines) // columns)
