"""The figure ``layer``: the one-layer circuit learns a linear map, over many gating windows."""

from __future__ import annotations

import neo
from matplotlib.figure import Figure

from ..circuit.training import DEFAULT_FORM, training_circuit
from ..codes.graded import Graded
from ..interfaces import Platform
from ..plots.style import DPI, learning_keys, reading_order, role_keys, tints, units_text, write
from ..plots.unit_bands import draw_bands, draw_layers, draw_spikes, draw_windows, unit_bands
from ..recording.blocks import samples_of, spikes_of
from ..tasks.linear_map import map_samples, random_map
from ..weights import initial_weights
from . import recorded

NAME = "layer"
SHOWN = ("x", "m_x", "o", "t", "d+", "d-", "e", "r")
SAMPLES, NEURONS, SEED = 8, 32, 0


def record(platform: Platform, form: str = DEFAULT_FORM) -> neo.Block:
    """Record the first samples of learning a map of 4 values to 3.

    Parameters
    ----------
    platform : pynn_backprop.platforms.Platform
        Where.
    form : str
        Of the circuit that learns.

    Returns
    -------
    neo.Block
        The spikes of the populations that are `SHOWN`, of those that the circuit has.
    """
    code, matrix = Graded(NEURONS), random_map(SEED)
    circuit = training_circuit(matrix.shape, code=code, form=form)
    x, targets = map_samples(matrix, code, SAMPLES, SEED)
    weights = initial_weights(circuit.units, SEED, parameters=circuit.parameters, code=code)
    there = [population.name for population in circuit.populations if population.name in SHOWN]
    spikes = recorded.train(platform, circuit, weights, x, targets, there)
    return recorded.block_of(NAME, circuit, platform, spikes, SAMPLES, seed=SEED)


def draw(block: neo.Block) -> Figure:
    """Draw the spikes, sub-populations up and time across.

    Parameters
    ----------
    block : neo.Block
        As of :func:`record`.

    Returns
    -------
    matplotlib.figure.Figure
    """
    circuit, segment = recorded.circuit_of(block), block.segments[0]
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
    name = f"{units_text(circuit)} units of {circuit.code.n} neurons"
    title = f"A one-layer circuit learns a linear map: {name}, on {block.annotations['platform']}"
    figure.suptitle(title, x=0.115, y=0.985, ha="left", fontsize=15)
    handles = role_keys({circuit[name].role for name in spikes}) + learning_keys()
    figure.legend(handles=handles, loc="lower right", bbox_to_anchor=(0.99, 0.002), ncols=6, frameon=False, fontsize=10)
    return figure


def caption(block: neo.Block) -> str:
    """Say what the figure shows, with what was measured in its recording."""
    return (
        f"Activity of the one-layer circuit {recorded.described(block)} in the first {SAMPLES} samples of learning a "
        f"linear map, recorded on {block.annotations['platform']}. Each band is one unit, a sub-population whose share "
        "of firing neurons is a number; each bar is a spike. Fine lines are gating windows of one step, thick ones "
        f"passes through the circuit. Map, samples and weights have the seed {SEED}."
    )
