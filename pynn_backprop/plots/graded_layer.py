"""The activity of a one-layer circuit over many gating windows."""

from __future__ import annotations

import neo
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from ..figures.recorded import circuit_of
from ..recording.blocks import samples_of, spikes_of
from .graded_raster import draw_bands, draw_layers, draw_spikes, draw_windows, unit_bands
from .style import DPI, LEARNING, ROLES, reading_order, tints, write


def layer(block: neo.Block) -> Figure:
    """Draw the block of the figure ``layer``: sub-populations up, time across.

    Parameters
    ----------
    block
        What :func:`pynn_backprop.figures.layer.record` returns.

    Returns
    -------
    matplotlib.figure.Figure
    """
    circuit, segment = circuit_of(block), block.segments[0]
    spikes, samples, length = spikes_of(segment), samples_of(segment), circuit.schedule.length
    start, stop = int(samples[0] + 1) * length, int(samples[-1] + 2) * length
    figure = Figure(figsize=(16, 9), dpi=DPI)
    axes = figure.add_axes((0.115, 0.1, 0.875, 0.79))
    draw_windows(axes, length, start, stop)
    bands = unit_bands(circuit, [p for p in reading_order(circuit) if p.name in spikes])
    draw_bands(axes, bands)
    draw_layers(axes, bands, circuit.depth)
    draw_spikes(axes, bands, spikes)
    tinted, above = tints(circuit.schedule), axes.get_xaxis_transform()
    for step in range(start, stop):
        if step % length in tinted:
            axes.axvspan(step - 0.5, step + 0.5, color=tinted[step % length][0], lw=0, zorder=0)
        write(axes, step, 1.004, str(step % length), 8, transform=above, va="bottom", color="#555555")
    for sample in samples:
        middle = (sample + 1.5) * length - 0.5
        write(axes, middle, 1.032, f"pass {sample + 1}", 11, transform=above, va="bottom")
    axes.set_xlabel("time (ms), one gating window each; above the passes, the phase of each window", fontsize=11)
    name = f"{'-'.join(map(str, circuit.units))} units of {circuit.code.n} neurons"
    title = f"A one-layer circuit learns a linear map: {name}, on {block.annotations['platform']}"
    figure.suptitle(title, x=0.115, y=0.985, ha="left", fontsize=15)
    roles = {circuit[name].role for name in spikes}
    handles = [Patch(color=colour, label=words) for role, (colour, words) in ROLES.items() if role in roles]
    for tint, word, sign in LEARNING:
        handles.append(Patch(facecolor=tint, edgecolor="#999999", lw=0.5, label=f"{word} ({sign})"))
    figure.legend(handles=handles, loc="lower right", bbox_to_anchor=(0.99, 0.002), ncols=6, frameon=False, fontsize=10)
    return figure
