"""XOR: learning curves, outputs, and the spikes of the trained network."""

from __future__ import annotations

import neo
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from ..figures.recorded import circuit_of, signal_of
from ..figures.xor import WINDOWS
from ..recording.blocks import samples_of, spikes_of
from ..tasks.xor import EXCLUSIVE_OR, MARGIN, PATTERNS
from .graded_raster import draw_bands, draw_layers, draw_spikes, draw_windows, unit_bands
from .style import BLUE, DPI, GREEN, ORANGE, VERMILION, write

_LOOKS = ((BLUE, "-"), (ORANGE, "--"), (VERMILION, "-."), (GREEN, ":"))
_ABOVE = 0.2
"""The margin of XOR lies between -1/2 and 1/2; so much room is left above for the key."""


def xor(block: neo.Block) -> Figure:
    """Draw the block of the figure ``xor``: margins of all seeds, outputs of one, and its spikes for the four patterns.

    Parameters
    ----------
    block
        What :func:`pynn_backprop.figures.xor.record` returns.

    Returns
    -------
    matplotlib.figure.Figure
    """
    figure = Figure(figsize=(16, 10), dpi=DPI)
    circuit, platform = circuit_of(block), block.annotations["platform"]
    title = f"XOR is learnt: {'-'.join(map(str, circuit.units))} units of {circuit.code.n} neurons, on {platform}"
    figure.suptitle(title, x=0.055, y=0.985, ha="left", fontsize=15)
    _draw_margins(figure.add_axes((0.055, 0.56, 0.36, 0.36)), block, platform)
    _draw_outputs(figure.add_axes((0.055, 0.065, 0.36, 0.39)), block)
    _draw_spikes(figure.add_axes((0.53, 0.065, 0.46, 0.82)), block)
    return figure


def _head(axes: Axes, letter: str, text: str) -> None:
    axes.set_title(text, fontsize=11.5)
    axes.text(-0.1, 1.03, letter, transform=axes.transAxes, fontsize=13, weight="bold")
    axes.spines[["top", "right"]].set_visible(False)


def _draw_margins(axes: Axes, block: neo.Block, platform: str) -> None:
    segment = block.segments[0]
    shown, curves = signal_of(segment, "margins of seeds")
    first, *_ = axes.plot(shown, curves, color="#A8A8A8", lw=0.9)
    first.set_label(f"{curves.shape[1]} seeds, the rule in numbers")
    (ours,) = axes.plot(
        *signal_of(segment, "margins"), color=BLUE, lw=2.2, label=f"seed {block.annotations['seed']}, {platform}"
    )
    line = axes.axhline(MARGIN, color=VERMILION, lw=1.3, ls="--", label="solved")
    axes.set(xlim=(0, shown[-1]), ylim=(-0.52, 0.5 + _ABOVE), xlabel="presentations", ylabel="smallest margin")
    axes.legend(handles=[first, ours, line], ncols=3, frameon=False, fontsize=10, loc="upper center")
    _head(axes, "a", "distance of the worst output from 1/2, towards the right side")


def _draw_outputs(axes: Axes, block: neo.Block) -> None:
    shown, outputs = signal_of(block.segments[0], "outputs")
    for pattern, wanted, (colour, line), values in zip(
        PATTERNS, EXCLUSIVE_OR, _LOOKS, np.moveaxis(outputs, 1, 0), strict=True
    ):
        label = f"{pattern[0]:.0f} xor {pattern[1]:.0f} = {wanted:.0f}"
        axes.fill_between(shown, values.min(axis=1), values.max(axis=1), color=colour, alpha=0.15, lw=0)
        axes.plot(shown, values.mean(axis=1), color=colour, ls=line, lw=2, label=label)
    axes.axhline(0.5, color="#888888", lw=0.9)
    axes.set(xlim=(0, shown[-1]), ylim=(-0.03, 1.15), xlabel="presentations", ylabel="share of output neurons")
    axes.set_yticks(np.linspace(0, 1, 6))
    axes.legend(ncols=4, frameon=False, fontsize=10, loc="upper center", columnspacing=1.2)
    windows = outputs.shape[2]
    _head(axes, "b", f"output of seed {block.annotations['seed']}: mean and range of {windows} windows")


def _draw_spikes(axes: Axes, block: neo.Block) -> None:
    circuit, segment = circuit_of(block), block.segments[0]
    spikes, length, samples = spikes_of(segment), circuit.schedule.length, samples_of(segment)
    draw_windows(axes, length, length, (len(samples) + 1) * length)
    bands = unit_bands(circuit, [circuit[name] for name in ("x", "h", "o")])
    draw_bands(axes, bands)
    draw_layers(axes, bands, circuit.depth, -0.1)
    draw_spikes(axes, bands, spikes)
    above = axes.get_xaxis_transform()
    fired = np.bincount(spikes["o"][:, 0] // length - 1, minlength=len(samples))
    for sample, count in enumerate(fired):
        write(axes, (sample + 1.5) * length - 0.5, 1.005, str(count), 9, transform=above, va="bottom")
    for number, (pattern, (colour, _)) in enumerate(zip(PATTERNS, _LOOKS, strict=True)):
        middle = ((number + 0.5) * WINDOWS + 1) * length - 0.5
        text = f"{pattern[0]:.0f} xor {pattern[1]:.0f}"
        write(axes, middle, 1.03, text, 11, transform=above, va="bottom", color=colour, weight="bold")
    axes.set_xlabel("time (ms); thick lines end a pass", fontsize=11)
    axes.text(-0.15, 1.025, "c", transform=axes.transAxes, fontsize=13, weight="bold")
    write(
        axes,
        0.5,
        1.062,
        f"spikes after learning; above, output neurons that fire (of {circuit.code.n})",
        11.5,
        transform=axes.transAxes,
        va="bottom",
    )
