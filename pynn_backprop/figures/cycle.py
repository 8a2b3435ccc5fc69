"""The figure ``cycle``: one learning cycle of a circuit with a hidden layer, close up."""

from __future__ import annotations

import neo
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from ..circuit.schedule import Schedule, TrainingSchedule
from ..circuit.training import DEFAULT_FORM, training_circuit
from ..codes.graded import Graded
from ..interfaces import Platform
from ..plots.style import DPI, colour_of, learning_keys, reading_order, role_keys, tint_key, tints, units_text, write
from ..plots.unit_bands import SHADE, UnitBands, draw_bands, draw_layers, draw_spikes, draw_windows, unit_bands
from ..recording.blocks import samples_of, spikes_of
from ..spikes import Spikes, between
from ..tasks.xor import xor_samples
from ..weights import initial_weights
from . import recorded

NAME = "cycle"
UNITS, NEURONS, SEED = (3, 3, 1), 32, 1000
PRESENTATIONS = 400
"""The error must have reached the hidden layer, whose way out begins with small weights."""

_RIGHT = 0.14
"""How far a spike reaches to the right of its step; what is left of the window is for the number."""


def record(platform: Platform, form: str = DEFAULT_FORM) -> neo.Block:
    """Show XOR; of the last half of the presentations, keep the one with most hidden errors of both signs.

    Parameters
    ----------
    platform : pynn_backprop.platforms.Platform
        Where.
    form : str
        Of the circuit that learns.

    Returns
    -------
    neo.Block
        All spikes of the simulated populations in one cycle.
    """
    code = Graded(NEURONS)
    circuit = training_circuit(UNITS, code=code, form=form)
    length = circuit.schedule.length
    x, targets = xor_samples(code, PRESENTATIONS, SEED)
    weights = initial_weights(UNITS, SEED, parameters=circuit.parameters, code=code)
    everything = [population.name for population in circuit.simulated]
    spikes = recorded.train(platform, circuit, weights, x, targets, everything)
    schedule = circuit.schedule
    assert isinstance(schedule, TrainingSchedule)
    cycle, phase = np.divmod(spikes["hT"][:, 0] - length, length)
    signs = [np.bincount(cycle[phase == p], minlength=PRESENTATIONS) for p in schedule.hidden_error(1)]
    sample = PRESENTATIONS // 2 + int(np.minimum(*signs)[PRESENTATIONS // 2 :].argmax())
    kept = between(spikes, (sample + 1) * length, (sample + 2) * length)
    return recorded.block_of(NAME, circuit, platform, kept, 1, sample, seed=SEED)


def draw(block: neo.Block) -> Figure:
    """Draw all populations, the number of spikes of each unit, and memories shaded.

    Parameters
    ----------
    block : neo.Block
        As of :func:`record`.

    Returns
    -------
    matplotlib.figure.Figure
    """
    circuit, segment = recorded.circuit_of(block), block.segments[0]
    spikes, sample, length = spikes_of(segment), int(samples_of(segment)[0]), circuit.schedule.length
    start = (sample + 1) * length
    figure = Figure(figsize=(16, 13), dpi=DPI)
    axes = figure.add_axes((0.115, 0.075, 0.875, 0.815))
    draw_windows(axes, length, start, start + length)
    bands = unit_bands(circuit, [p for p in reading_order(circuit) if len(spikes.get(p.name, ())) and p.role != "gate"])
    draw_bands(axes, bands)
    draw_layers(axes, bands, circuit.depth)
    draw_spikes(axes, bands, spikes, _RIGHT)
    _write_numbers(axes, bands, spikes)
    _head_phases(axes, circuit.schedule, start)
    axes.set_xticks(range(start, start + length))
    axes.set_xlabel("time (ms)", fontsize=11)
    title = f"One learning cycle of {units_text(circuit)} units of {circuit.code.n} neurons"
    figure.suptitle(f"{title}, on {block.annotations['platform']}", x=0.115, y=0.987, ha="left", fontsize=15)
    handles = role_keys({band.population.role for band in bands})
    handles += [tint_key(SHADE, "memory populations"), *learning_keys()]
    figure.legend(handles=handles, loc="lower right", bbox_to_anchor=(0.99, 0.002), ncols=7, frameon=False, fontsize=10)
    return figure


def _write_numbers(axes: Axes, bands: list[UnitBands], spikes: Spikes) -> None:
    """Beside the spikes of a unit, how many they are."""
    for band in bands:
        table = spikes[band.population.name]
        if band.n == 1 or not len(table):
            continue
        places, counts = np.unique(np.column_stack((table[:, 0], table[:, 1] // band.n)), axis=0, return_counts=True)
        for (step, unit), count in zip(places, counts, strict=True):
            height = band.low[unit] + band.height / 2
            colour = colour_of(band.population)
            write(axes, step + 0.42, height, str(count), 8.5, ha="right", color=colour, weight="bold", zorder=4)


def _head_phases(axes: Axes, schedule: Schedule, start: int) -> None:
    above, tinted = axes.get_xaxis_transform(), tints(schedule)
    for phase, label in enumerate(schedule.labels):
        step = start + phase
        if phase in tinted:
            axes.axvspan(step - 0.5, step + 0.5, color=tinted[phase][0], lw=0, zorder=0)
        write(axes, step, 1.006, str(phase), 10, transform=above, va="bottom", weight="bold")
        words = label.replace(", ", " ").replace(" ", "\n")
        write(axes, step, 1.024, words, 9, transform=above, va="bottom", linespacing=1.05)


def caption(block: neo.Block) -> str:
    """Say what the figure shows, with what was measured in its recording."""
    sample = samples_of(block.segments[0])[0]
    return (
        f"One learning cycle of the circuit {recorded.described(block)} that is shown the patterns of XOR, recorded on "
        f"{block.annotations['platform']}: sample {sample}. Numbers say how many neurons of a unit fire. Bands of "
        "memory populations are shaded: they hold input and hidden activity until the error is there. Order of "
        f"patterns and weights have the seed {SEED}."
    )
