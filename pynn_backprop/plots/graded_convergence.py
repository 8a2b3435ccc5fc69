"""Weights that converge to a linear map."""

from __future__ import annotations

import json

import neo
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import FixedLocator, NullFormatter

from ..codes.graded import DITHERS
from ..figures.convergence import FLOAT, LAST, results
from ..figures.recorded import circuit_of, signal_of
from .style import BLACK, BLUE, DPI, GREEN, GREY, ORANGE, VERMILION

LOOKS = {
    "rotating": (BLUE, "-", "o"),
    "fixed": (VERMILION, "--", "s"),
    "noise": (ORANGE, "-.", "^"),
    FLOAT: (BLACK, ":", "x"),
}
"""Colour, line and marker of each way to learn: they can be told apart without the colour."""

_OUTPUTS = (BLUE, ORANGE, GREEN, VERMILION, GREY)


def convergence(block: neo.Block) -> Figure:
    """Draw the block of the figure ``convergence``: weights over samples, distance from the map, and what was found.

    Parameters
    ----------
    block
        What :func:`pynn_backprop.figures.convergence.record` returns.

    Returns
    -------
    matplotlib.figure.Figure
    """
    figure = Figure(figsize=(16, 10), dpi=DPI)
    circuit, platform = circuit_of(block), block.annotations["platform"]
    title = (
        f"A linear map is learnt: {'-'.join(map(str, circuit.units))} units of {circuit.code.n} neurons, on {platform}"
    )
    figure.suptitle(title, x=0.055, y=0.985, ha="left", fontsize=15)
    _draw_weights(figure.add_axes((0.055, 0.535, 0.545, 0.385)), block, platform)
    _draw_distance(figure.add_axes((0.055, 0.065, 0.545, 0.385)), block)
    _draw_against(figure.add_axes((0.665, 0.43, 0.325, 0.49)), block)
    _draw_table(figure.add_axes((0.665, 0.065, 0.325, 0.27)), block)
    return figure


def _head(axes: Axes, letter: str, text: str) -> None:
    axes.set_title(letter, loc="left", fontsize=13, weight="bold", x=-0.045 if axes.bbox.width > 600 else -0.085)
    axes.set_title(text, fontsize=11.5)
    axes.spines[["top", "right"]].set_visible(False)


def _map_of(block: neo.Block) -> np.ndarray:
    return np.array(json.loads(block.annotations["matrix"]))


def _draw_weights(axes: Axes, block: neo.Block, platform: str) -> None:
    matrix, segment = _map_of(block), block.segments[0]
    shown, learnt = signal_of(segment, "weights rotating")
    _, oracle = signal_of(segment, "oracle rotating")
    for j, colour in zip(range(matrix.shape[1]), _OUTPUTS, strict=False):
        axes.hlines(matrix[:, j], shown[-1] * 1.003, shown[-1] * 1.04, colors=colour, lw=2.2)
        axes.plot(shown, learnt[:, :, j], color=colour, lw=1.4)
        axes.plot(shown[::4], oracle[::4, :, j], ls="", marker="o", ms=4.5, mfc="none", mec=colour, mew=0.9)
    axes.set(xlim=(0, shown[-1] * 1.045), xlabel="samples", ylabel="weight between units")
    handles = [
        Line2D([], [], color=GREY, lw=1.4, label=f"on {platform}"),
        Line2D([], [], color=GREY, ls="", marker="o", ms=4.5, mfc="none", label="oracle"),
        Line2D([], [], color=GREY, lw=2.2, label="the map (right edge)"),
        *(
            Line2D([], [], color=colour, lw=4, label=f"to output {j}")
            for j, colour in zip(range(matrix.shape[1]), _OUTPUTS, strict=False)
        ),
    ]
    low, high = axes.get_ylim()
    axes.set_ylim(low, high + 0.2 * (high - low))
    axes.legend(handles=handles, ncols=3, frameon=False, fontsize=10, loc="upper center")
    _head(axes, "a", "weights with rotating levels")


def _draw_distance(axes: Axes, block: neo.Block) -> None:
    matrix = _map_of(block)
    for name, (colour, line, _) in LOOKS.items():
        shown, learnt = signal_of(block.segments[0], f"weights {name}")
        axes.semilogy(shown, np.abs(learnt - matrix).max(axis=(1, 2)), color=colour, ls=line, lw=1.9, label=name)
    axes.set(xlim=(0, shown[-1] * 1.045), xlabel="samples", ylabel="largest distance of a weight from the map")
    axes.legend(frameon=False, fontsize=10, loc="lower left", handlelength=3)
    axes.yaxis.set_major_locator(FixedLocator([0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0]))
    axes.yaxis.set_major_formatter("{x:g}")
    axes.yaxis.set_minor_formatter(NullFormatter())
    axes.grid(axis="y", color="#E0E0E0", lw=0.6)
    _head(axes, "b", "the worst weight: three dithers, and float backpropagation on the same samples")


def _draw_against(axes: Axes, block: neo.Block) -> None:
    matrix = _map_of(block).ravel()
    span = (-0.03, 1.08 * float(matrix.max()))
    axes.plot(span, span, color="#BBBBBB", lw=1, zorder=1)
    for name, (colour, _, marker) in LOOKS.items():
        learnt = signal_of(block.segments[0], f"weights {name}")[1][-1].ravel()
        face = {} if marker == "x" else {"mfc": "none"}
        axes.plot(matrix, learnt, marker, color=colour, ms=7.5, mew=1.5, label=name, **face)  # type: ignore[arg-type]
    axes.set(xlim=span, xlabel="weight of the map", ylabel="learnt weight")
    axes.legend(frameon=False, fontsize=10, loc="upper left")
    _head(axes, "c", "learnt weights against the map, at the end")


def _draw_table(axes: Axes, block: neo.Block) -> None:
    axes.axis("off")
    rows = [(name, *(f"{value:.4f}" for value in values)) for name, values in results(block).items()]
    heads = ("", "worst\nweight", "mean\nweight", f"output error,\nlast {LAST} samples")
    places = (0.0, 0.36, 0.6, 0.95)
    for row, cells in enumerate([heads, *rows]):
        y = 0.87 - 0.175 * row
        for place, cell in zip(places, cells, strict=True):
            weight = "bold" if row == 0 or place == 0 else "normal"
            across = "left" if place == 0 else "right"
            colour = LOOKS[cell][0] if cell in LOOKS else BLACK
            axes.text(place, y, cell, fontsize=11, ha=across, va="center", weight=weight, color=colour)
    axes.set(xlim=(0, 1), ylim=(0, 1))
    axes.hlines(0.78, 0, 0.96, color="#888888", lw=0.8)
    axes.set_title("d", loc="left", fontsize=13, weight="bold", x=-0.085)
    axes.set_title(f"distance from the map ({len(DITHERS)} dithers, float)", fontsize=11.5)
