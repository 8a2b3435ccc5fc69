"""What the figures of single mechanisms have in common: small panels, and spikes as bars, a row for each population."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from ..plots.fitting import shrink_title
from ..plots.style import BLACK, INK, LARGE, MIDDLE, MM, PALE, PRINT_DPI, SMALL, WIDTH, new_figure, write
from ..spikes import Spikes


@dataclass(frozen=True)
class Row:
    """A population in a picture of spikes.

    Parameters
    ----------
    name : str
        Of the population.
    size : int
        Its neurons.
    colour : str
        Of its spikes.
    """

    name: str
    size: int
    colour: str = BLACK


def sheet(title: str, height: float, width: float | None = None) -> Figure:
    """An empty figure with a title; `height` in inches, `width` in mm, that of a column of print if None."""
    figure = new_figure(height / MM, width)
    shrink_title(figure, figure.text(0.012, 1 - 0.05 / height, title, fontsize=LARGE, va="top", color=INK))
    return figure


def box_in(figure: Figure, box: tuple[float, float, float, float]) -> Axes:
    """Axes at left, bottom, width and height in inches; across in those of a figure of the usual width."""
    height = figure.get_figheight()
    return figure.add_axes((box[0] / WIDTH, box[1] / height, box[2] / WIDTH, box[3] / height))


def panel(figure: Figure, box: tuple[float, float, float, float], letter: str, title: str, above: float = 0.06) -> Axes:
    """A panel with its letter and, so many inches above, what it shows.

    Parameters
    ----------
    figure : matplotlib.figure.Figure
        Where.
    box : tuple of float
        As of :func:`box_in`.
    letter, title : str
        By which texts refer to it, and what it shows.
    above : float
        Inches between the panel and its title.
    """
    axes = box_in(figure, box)
    axes.tick_params(labelsize=SMALL, length=2, width=0.5, pad=2, colors=INK)
    axes.spines[["top", "right"]].set_visible(False)
    axes.spines[["left", "bottom"]].set_linewidth(0.5)
    write(
        axes,
        0,
        1 + above / box[3],
        f"$\\bf{{{letter}}}$  {title}",
        MIDDLE + 0.5,
        transform=axes.transAxes,
        ha="left",
        va="bottom",
    )
    return axes


def name_axes(axes: Axes, across: str, up: str) -> None:
    """Name both axes of a panel."""
    axes.set_xlabel(across, fontsize=MIDDLE, labelpad=2)
    axes.set_ylabel(up, fontsize=MIDDLE, labelpad=3)


def key(axes: Axes, **style: object) -> None:
    """A legend without a frame."""
    axes.legend(frameon=False, **{"fontsize": SMALL, "handlelength": 1.6, "borderaxespad": 0.2, **style})


def draw_rows(axes: Axes, spikes: Spikes, rows: Sequence[Row], start: int, stop: int, length: int) -> None:
    """Draw the spikes of steps from `start` on and before `stop`; the first row is on top.

    A fine line stands at the beginning of each step, a thick one at that of each cycle of `length` steps.
    """
    axes.set(xlim=(start - 0.5, stop - 0.5), ylim=(len(rows), 0), yticks=[])
    axes.spines["left"].set_visible(False)
    for step in range(start, stop + 1):
        first = step % length == 0
        axes.axvline(step - 0.5, color=PALE if first else "#E4E4E4", lw=0.9 if first else 0.35, zorder=1)
    inches = axes.bbox.height / PRINT_DPI
    for place, row in enumerate(rows):
        step, neuron = spikes[row.name].T
        shown = (start <= step) & (step < stop)
        thick = min(0.62 * 72 * inches / len(rows) / row.size, 2.4)
        at = place + 0.9 - 0.8 * (neuron[shown] + 0.5) / row.size
        axes.hlines(at, step[shown] - 0.36, step[shown] + 0.36, colors=row.colour, lw=thick, zorder=3, snap=False)
        write(
            axes, -0.008, place + 0.5, row.name, SMALL, transform=axes.get_yaxis_transform(), ha="right",
            color=row.colour,
        )  # fmt: skip
    axes.set_xlabel("time (ms), a gating window each", fontsize=MIDDLE, labelpad=2)
