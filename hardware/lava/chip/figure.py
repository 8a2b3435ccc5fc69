"""How full the cores of a chip are, as a picture."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch, Rectangle
from matplotlib.ticker import MaxNLocator, PercentFormatter

from pynn_backprop.plots.style import BLACK, BLUE, DPI, GREEN, GREY, ORANGE, text_width, write

from . import limits
from .demand import MEMORY
from .placement import Core, Placement

_WIDTH, _HEIGHT = 1600, 1000
_LEFT, _RIGHT = 215, 1565
"""Where the axes begin and end, in pixels."""

_BAR, _ROOM_FOR_GAPS = 0.84, 8
"""Width of a bar where cores are 1 apart, and the pixels that a core must have for gaps to be seen."""

_TOPS = (0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0)
"""Where an axis may end: the first share that no core exceeds."""

_SIZE = 10
"""Of numbers and names, in points."""

_BANDS = ("#DCE6EE", "#F2EBDD")
"""Grounds of neighbouring populations."""


@dataclass(frozen=True)
class _Panel:
    """One resource of a core.

    Parameters
    ----------
    bottom, height
        Of its axes, in pixels.
    name, resource
        As it is written, and as :attr:`Core.uses` calls it.
    unit
        Its size, and what is written behind a number of them.
    parts
        What is stacked in a bar: colours, and how much of it a core holds.
    """

    bottom: int
    height: int
    name: str
    resource: str
    unit: tuple[int, str]
    parts: tuple[tuple[str, Callable[[Core], int]], ...]


_MEMORY = ((ORANGE, lambda core: core.need.plastic_bits), (BLUE, lambda core: core.need.static_bits))
_PANELS = (
    _Panel(650, 160, "compartments", "compartments", (1, ""), ((GREY, lambda core: core.need.compartments),)),
    _Panel(450, 160, "synaptic memory", MEMORY, (8 * 1024, " KB"), _MEMORY),
    _Panel(300, 110, "input axons", "input axons", (1, ""), ((GREEN, lambda core: core.need.input_axons),)),
    _Panel(150, 110, "output axons", "output axons", (1, ""), ((GREEN, lambda core: core.output_axons),)),
)


def mapping_figure(placement: Placement, title: str = "") -> Figure:
    """Draw how full the cores are, 1600 by 1000 pixels.

    Cores stand side by side, in the order of their compartments.  On top is which share of the chips is used, below it
    bars for what each core holds of compartments, synaptic memory, input and output axons, as a share of what it has
    room for, and at the bottom which populations are where.

    Parameters
    ----------
    placement
        What to draw.
    title
        What the network is.

    Returns
    -------
    matplotlib.figure.Figure
    """
    figure = Figure(figsize=(_WIDTH / DPI, _HEIGHT / DPI), dpi=DPI)
    total = placement.totals
    head = ": ".join(filter(None, [title, placement.extent]))
    figure.text(_LEFT / _WIDTH, 0.965, head, fontsize=16, va="center")
    plastic = f", {total['plastic_synapses']:,} of them learning" if total["plastic_synapses"] else ""
    words = (
        f"{total['compartments']:,} compartments, {total['inputs']:,} inputs, {total['synapses']:,} synapses{plastic}"
    )
    figure.text(_LEFT / _WIDTH, 0.932, words, fontsize=11, va="center", color="#555555")
    _draw_chips(_axes(figure, 855, 36), placement)
    for panel in _PANELS:
        _draw_panel(_axes(figure, panel.bottom, panel.height), placement, panel)
    _draw_populations(_axes(figure, 70, 40), placement.cores)
    note = "Computed from the network; nothing has run on a chip. Percentages are of what a core has (dashed line)."
    figure.text(_LEFT / _WIDTH, 0.02, note, fontsize=9.5, color="#555555", va="center")
    return figure


def _axes(figure: Figure, bottom: int, height: int) -> Axes:
    place = (_LEFT / _WIDTH, bottom / _HEIGHT, (_RIGHT - _LEFT) / _WIDTH, height / _HEIGHT)
    axes = figure.add_axes(place)
    axes.spines[["top", "right"]].set_visible(False)
    return axes


def _name(axes: Axes, name: str, below: str = "") -> None:
    """The name of a row, left of its axis."""
    style = {"transform": axes.transAxes, "ha": "right"}
    write(axes, -0.04, 0.5, name, 11, va="bottom" if below else "center", **style)
    write(axes, -0.04, 0.47, below, 9.5, va="top", color="#555555", **style)


def _draw_chips(axes: Axes, placement: Placement) -> None:
    """All cores of the chips as a strip of cells, those in use filled."""
    n_cells = placement.n_chips * limits.CORES
    used = np.arange(n_cells) < len(placement.cores)
    lines = 0.6 if n_cells <= 4 * limits.CORES else 0
    for colour, cells in ((BLUE, np.flatnonzero(used)), ("#E4E4E4", np.flatnonzero(~used))):
        axes.bar(cells, 1, width=1, align="edge", color=colour, edgecolor="white", linewidth=lines)
    axes.vlines(np.arange(0, n_cells + 1, limits.CORES), 0, 1, color=BLACK, lw=1.2, clip_on=False)
    axes.set(xlim=(0, n_cells), ylim=(0, 1))
    axes.axis("off")
    _name(axes, "cores in use", f"of {limits.CORES} a chip")


def _draw_panel(axes: Axes, placement: Placement, panel: _Panel) -> None:
    cores, centres = placement.cores, np.arange(len(placement.cores)) + 0.5
    amounts = np.array([[amount(core) for core in cores] for _, amount in panel.parts])
    room = np.array([core.uses[panel.resource][1] for core in cores])
    shares = amounts.sum(axis=0) / room
    top, bottom = next(top for top in _TOPS if shares.max() <= top), np.zeros(len(cores))
    width = _BAR if _pixels(len(cores)) > _ROOM_FOR_GAPS else 1
    for values, (colour, _) in zip(amounts, panel.parts, strict=True):
        axes.bar(centres, values / room, width, bottom, color=colour, linewidth=0)
        bottom = bottom + values / room
    axes.axhline(1, color=GREY, lw=1, ls=(0, (4, 3)))
    _write_amounts(axes, shares, amounts.sum(axis=0) / panel.unit[0])
    axes.vlines(np.arange(limits.CORES, len(cores), limits.CORES), 0, 1.19 * top, color=BLACK, lw=1.2)
    axes.set(xlim=(0, len(cores)), ylim=(0, 1.19 * top), yticks=(0, top / 2, top))
    axes.yaxis.set_major_formatter(PercentFormatter(1, 0 if (50 * top).is_integer() else 1))
    axes.tick_params(labelbottom=False, bottom=False)
    _name(axes, panel.name, _of(room // panel.unit[0], panel.unit[1]))
    if len(panel.parts) > 1:
        keys = [Patch(color=ORANGE, label="plastic synapses"), Patch(color=BLUE, label="static synapses")]
        axes.legend(handles=keys, loc="lower right", bbox_to_anchor=(1, 0.96), ncols=2, frameon=False, fontsize=10)


def _of(room: np.ndarray, unit: str) -> str:
    """Of how much the bars are shares; delays leave some cores room for fewer compartments."""
    few = "" if room.min() == room.max() else f"{room.min():,} to "
    return f"of {few}{room.max():,}{unit}"


def _write_amounts(axes: Axes, tops: np.ndarray, amounts: np.ndarray) -> None:
    """The amounts above the bars, if the bars are wide enough."""
    texts = [f"{amount:,.0f}" for amount in amounts]
    if max(text_width(text, _SIZE) for text in texts) < 0.8 * _pixels(len(tops)):
        for place, (top, text) in enumerate(zip(tops, texts, strict=True)):
            # White behind it, where it lies on the line of 100 %.
            axes.annotate(
                text,
                (place + 0.5, top),
                (0, 3),
                textcoords="offset points",
                ha="center",
                fontsize=_SIZE,
                bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.8},
            )


def _pixels(n_cores: int) -> float:
    """Pixels across for each core."""
    return (_RIGHT - _LEFT) / n_cores


def _draw_populations(axes: Axes, cores: Sequence[Core]) -> None:
    """A band for each population from its first to its last core; names where there is room."""
    pixels = _pixels(len(cores))
    for place, (label, start, stop) in enumerate(_bands(cores)):
        axes.add_patch(Rectangle((start, 0), stop - start, 1, facecolor=_BANDS[place % 2], linewidth=0))
        if text_width(label, _SIZE) < (stop - start) * pixels:
            write(axes, (start + stop) / 2, 0.48, label, _SIZE)
    if pixels > _ROOM_FOR_GAPS:
        axes.vlines(np.arange(len(cores) + 1), 0, 1, color="white", lw=1.2)
    axes.set(xlim=(0, len(cores)), ylim=(0, 1), yticks=())
    axes.spines[["left", "bottom"]].set_visible(False)
    ticks = MaxNLocator(nbins=20, integer=True).tick_values(0, max(len(cores) - 1, 1))
    ticks = [int(tick) for tick in ticks if 0 <= tick < len(cores)]
    axes.set_xticks([tick + 0.5 for tick in ticks], [str(tick) for tick in ticks])
    axes.set_xlabel("core", fontsize=11, labelpad=2)
    _name(axes, "populations")


def _bands(cores: Sequence[Core]) -> Iterator[tuple[str, float, float]]:
    """Label, begin and end of each population; on a core populations take the room of their share of compartments."""
    label, start, stop = "", 0.0, 0.0
    for place, core in enumerate(cores):
        edges = place + np.cumsum([0, *(share for _, share in core.populations)]) / core.need.compartments
        for (name, _), low, high in zip(core.populations, edges[:-1].tolist(), edges[1:].tolist(), strict=True):
            if name == label:
                stop = high
                continue
            if stop > start:
                yield label, start, stop
            label, start, stop = name, low, high
    yield label, start, stop
