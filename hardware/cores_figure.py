"""How full the cores of a chip are, as a picture; what is drawn in it comes from the chip's own package."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch, Rectangle
from matplotlib.ticker import MaxNLocator, PercentFormatter

from pynn_backprop.plots.style import (
    BLACK,
    BLUE,
    GREY,
    LARGE,
    MIDDLE,
    PALE,
    PRINT_WIDTH,
    SMALL,
    figure_of,
    new_figure,
    styled,
    text_inches,
    write,
)

_WIDTH, _HEIGHT = 1600, 1000
"""Of the figure, in the unit of the places below."""
_LEFT, _RIGHT = 250, 1565
"""Where the axes begin and end."""

_BAR, _ROOM_FOR_GAPS = 0.84, 0.035
"""Width of a bar where cores are 1 apart, and the inches that a core must have for gaps to be seen."""

_TOPS = (0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0)
"""Where an axis may end: the first share that no core exceeds; beyond the last, the largest share itself."""

_BANDS = ("#DCE6EE", "#F2EBDD")
"""Grounds of neighbouring populations."""


@dataclass(frozen=True)
class Part:
    """What is stacked in a bar.

    Parameters
    ----------
    colour
        Of it.
    amounts
        How much of it each core holds, (n_cores,).
    label
        What it is called, where bars have more than one part.
    """

    colour: str
    amounts: np.ndarray
    label: str = ""


@dataclass(frozen=True)
class Panel:
    """One resource of a core.

    Parameters
    ----------
    bottom, height
        Of its axes, where the figure is 1600 wide and 1000 high.
    name
        As it is written.
    room
        What each core has of it, (n_cores,).
    parts
        What is stacked in a bar.
    unit
        Its size, and what is written behind a number of them.
    """

    bottom: int
    height: int
    name: str
    room: np.ndarray
    parts: tuple[Part, ...]
    unit: tuple[int, str] = (1, "")


@dataclass(frozen=True)
class Chips:
    """The chips as a strip of cores.

    Parameters
    ----------
    edges
        The first core of each chip, and how many there are, (n_chips + 1,).
    used
        Which of them are in use, bool (n_cores,).
    below
        What is written below its name.
    """

    edges: np.ndarray
    used: np.ndarray
    below: str


@styled
def cores_figure(
    head: str,
    words: str,
    note: str,
    chips: Chips,
    panels: Sequence[Panel],
    cores: Sequence[Sequence[tuple[str, int]]],
    breaks: Sequence[int] = (),
    width: float | None = None,
) -> Figure:
    """Draw how full the cores are.

    Cores stand side by side, in the order of their neurons.  On top is which share of the chips is used, below it bars
    for what each core holds, as a share of what it has room for, and at the bottom which populations are where.

    Parameters
    ----------
    head, words, note
        The title, a line below it, and one at the bottom.
    chips
        The strip on top.
    panels
        Below it.
    cores
        The populations on each core in use: labels, and how many of its neurons belong to each.
    breaks
        Before which cores a new chip begins, for a line.
    width
        Of the figure, in mm; 180 if None.
    """
    figure = new_figure(PRINT_WIDTH * _HEIGHT / _WIDTH, width)
    figure.text(_LEFT / _WIDTH, 0.965, head, fontsize=LARGE, va="center")
    figure.text(_LEFT / _WIDTH, 0.932, words, fontsize=MIDDLE, va="center", color=PALE)
    _draw_chips(_axes(figure, 855, 36), chips)
    for panel in panels:
        _draw_panel(_axes(figure, panel.bottom, panel.height), panel, breaks)
    _draw_populations(_axes(figure, 70, 40), cores)
    figure.text(_LEFT / _WIDTH, 0.02, note, fontsize=SMALL, color=PALE, va="center")
    return figure


def _axes(figure: Figure, bottom: int, height: int) -> Axes:
    place = (_LEFT / _WIDTH, bottom / _HEIGHT, (_RIGHT - _LEFT) / _WIDTH, height / _HEIGHT)
    axes = figure.add_axes(place)
    axes.spines[["top", "right"]].set_visible(False)
    return axes


def _name(axes: Axes, name: str, below: str = "") -> None:
    """The name of a row, left of its axis."""
    style = {"transform": axes.transAxes, "ha": "right"}
    write(axes, -0.054, 0.5, name, MIDDLE, va="bottom" if below else "center", **style)
    write(axes, -0.054, 0.47, below, SMALL, va="top", color=PALE, **style)


def _draw_chips(axes: Axes, chips: Chips) -> None:
    """All cores of the chips as a strip of cells, those in use filled."""
    n_cells = len(chips.used)
    lines = 0.6 if n_cells <= 512 else 0
    for colour, cells in ((BLUE, np.flatnonzero(chips.used)), ("#E4E4E4", np.flatnonzero(~chips.used))):
        axes.bar(cells, 1, width=1, align="edge", color=colour, edgecolor="white", linewidth=lines)
    axes.vlines(chips.edges, 0, 1, color=BLACK, lw=1.2, clip_on=False)
    axes.set(xlim=(0, n_cells), ylim=(0, 1))
    axes.axis("off")
    _name(axes, "cores in use", chips.below)


def _draw_panel(axes: Axes, panel: Panel, breaks: Sequence[int]) -> None:
    amounts, n_cores = np.array([part.amounts for part in panel.parts]), len(panel.room)
    centres, shares = np.arange(n_cores) + 0.5, amounts.sum(axis=0) / panel.room
    top = next((top for top in _TOPS if shares.max() <= top), float(shares.max()))
    bottom, width = np.zeros(n_cores), _BAR if _across(axes, n_cores) > _ROOM_FOR_GAPS else 1
    for values, part in zip(amounts, panel.parts, strict=True):
        axes.bar(centres, values / panel.room, width, bottom, color=part.colour, linewidth=0)
        bottom = bottom + values / panel.room
    axes.axhline(1, color=GREY, lw=1, ls=(0, (4, 3)))
    _write_amounts(axes, shares, amounts.sum(axis=0) / panel.unit[0])
    axes.vlines(breaks, 0, 1.19 * top, color=BLACK, lw=1.2)
    axes.set(xlim=(0, n_cores), ylim=(0, 1.19 * top), yticks=_ticks(top))
    axes.yaxis.set_major_formatter(PercentFormatter(1, 0 if top > 1 or (50 * top).is_integer() else 1))
    axes.tick_params(labelbottom=False, bottom=False)
    _name(axes, panel.name, _of(panel.room // panel.unit[0], panel.unit[1]))
    if len(panel.parts) > 1:
        keys = [Patch(color=part.colour, label=part.label) for part in panel.parts]
        axes.legend(handles=keys, loc="lower right", bbox_to_anchor=(1, 0.96), ncols=2)


def _ticks(top: float) -> tuple[float, ...]:
    """None, half and all of an axis; of one beyond 100 % that, and none where there is no room for it."""
    if top <= 1:
        return 0, top / 2, top
    return (0, 1, top) if top < 4 else (1, top)


def _of(room: np.ndarray, unit: str) -> str:
    """Of how much the bars are shares; some cores may have room for less."""
    few = "" if room.min() == room.max() else f"{room.min():,} to "
    return f"of {few}{room.max():,}{unit}"


def _write_amounts(axes: Axes, tops: np.ndarray, amounts: np.ndarray) -> None:
    """The amounts above the bars, if the bars are wide enough."""
    texts = [f"{amount:,.0f}" for amount in amounts]
    if max(text_inches(text, SMALL) for text in texts) < 0.85 * _across(axes, len(tops)):
        for place, (top, text) in enumerate(zip(tops, texts, strict=True)):
            # White behind it, where it lies on the line of 100 %.
            axes.annotate(
                text,
                (place + 0.5, top),
                (0, 2),
                textcoords="offset points",
                ha="center",
                fontsize=SMALL,
                bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.5},
            )


def _across(axes: Axes, n_cores: int) -> float:
    """Inches across for each core."""
    return float(axes.get_position().width * figure_of(axes).get_figwidth()) / n_cores


def _draw_populations(axes: Axes, cores: Sequence[Sequence[tuple[str, int]]]) -> None:
    """A band for each population from its first to its last core; names where there is room."""
    across = _across(axes, len(cores))
    for place, (label, start, stop) in enumerate(_bands(cores)):
        axes.add_patch(Rectangle((start, 0), stop - start, 1, facecolor=_BANDS[place % 2], linewidth=0))
        if text_inches(label, SMALL) < 0.85 * (stop - start) * across:
            write(axes, (start + stop) / 2, 0.48, label, SMALL)
    if across > _ROOM_FOR_GAPS:
        axes.vlines(np.arange(len(cores) + 1), 0, 1, color="white", lw=1.2)
    axes.set(xlim=(0, len(cores)), ylim=(0, 1), yticks=())
    axes.spines[["left", "bottom"]].set_visible(False)
    ticks = MaxNLocator(nbins=20, integer=True).tick_values(0, max(len(cores) - 1, 1))
    ticks = [int(tick) for tick in ticks if 0 <= tick < len(cores)]
    axes.set_xticks([tick + 0.5 for tick in ticks], [str(tick) for tick in ticks])
    axes.set_xlabel("core", loc="right")
    _name(axes, "populations")


def _bands(cores: Sequence[Sequence[tuple[str, int]]]) -> Iterator[tuple[str, float, float]]:
    """Label, begin and end of each population; on a core populations take the room of their share of its neurons."""
    label, start, stop = "", 0.0, 0.0
    for place, core in enumerate(cores):
        edges = place + np.cumsum([0, *(share for _, share in core)]) / sum(share for _, share in core)
        for (name, _), low, high in zip(core, edges[:-1].tolist(), edges[1:].tolist(), strict=True):
            if name == label:
                stop = high
                continue
            if stop > start:
                yield label, start, stop
            label, start, stop = name, low, high
    yield label, start, stop
