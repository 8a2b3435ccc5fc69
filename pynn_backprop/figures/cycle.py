"""The figure ``cycle``: one learning cycle of a circuit with a hidden layer, close up."""

from __future__ import annotations

import textwrap

import neo
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from ..circuit.schedule import Schedule, TrainingSchedule
from ..circuit.training import DEFAULT_FORM, training_circuit
from ..codes.graded import Graded
from ..interfaces import Platform
from ..plots.parts import colour_of, reading_order, units_text
from ..plots.style import MM, SMALL, styled, text_inches, write
from ..plots.unit_bands import UnitBands, unit_bands
from ..plots.unit_raster import (
    SIGN_ABOVE,
    TIME_BELOW,
    above_axes,
    add_key,
    key_height,
    key_of,
    unit_raster,
    write_title,
)
from ..recording.blocks import samples_of, spikes_of
from ..spikes import Spikes, between
from ..tasks.xor import xor_samples
from ..weights import initial_weights
from . import recorded

NAME = "cycle"
UNITS, NEURONS, SEED = (3, 3, 1), 32, 1000
PRESENTATIONS = 400
"""The error must have reached the hidden layer, whose way out begins with small weights."""

_REACH = (0.42, 0.04)
"""How far a spike reaches to the left and right of its step; what is left of the window is for the number."""

_LINE = 23
"""Characters of a line of a phase's name."""


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


@styled
def draw(block: neo.Block, width: float | None = None) -> Figure:
    """Draw all populations, the number of spikes of each unit, and memories shaded.

    Parameters
    ----------
    block : neo.Block
        As of :func:`record`.
    width : float, optional
        Of the figure, in mm; 180 if None.

    Returns
    -------
    matplotlib.figure.Figure
    """
    circuit, segment = recorded.circuit_of(block), block.segments[0]
    spikes, sample, length = spikes_of(segment), int(samples_of(segment)[0]), circuit.schedule.length
    start = (sample + 1) * length
    firing = [p for p in reading_order(circuit) if len(spikes.get(p.name, ()))]
    bands = unit_bands(circuit, [p for p in firing if p.role != "gate" or p.size > 1])
    handles = key_of(circuit, bands)
    above, below = 8 + phase_names_height(circuit.schedule), TIME_BELOW + key_height(handles, width)
    figure, (axes,) = unit_raster(circuit, bands, [(spikes, start, start + length)], above, below, width, _REACH)
    write_numbers(axes, bands, spikes)
    name_phases(axes, circuit.schedule, start)
    axes.set_xticks(range(start, start + length))
    title = f"One learning cycle of {units_text(circuit)} units of {circuit.code.n} neurons"
    write_title(figure, f"{title}, on {recorded.where(block)}")
    add_key(figure, handles)
    return figure


def write_numbers(axes: Axes, bands: list[UnitBands], spikes: Spikes, end: float = 0.47) -> None:
    """Write beside the spikes of a unit how many they are.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
        Where to.
    bands : list of UnitBands
        The rows.
    spikes : dict of str to numpy.ndarray of int64, shape (n_spikes, 2)
        Step in ms and neuron of each spike, by population.
    end : float
        How far to the right of its step a number ends.
    """
    for band in bands:
        table = spikes[band.population.name]
        if band.n == 1 or band.population.role == "gate" or not len(table):
            continue
        places, counts = np.unique(np.column_stack((table[:, 0], table[:, 1] // band.n)), axis=0, return_counts=True)
        for (step, unit), count in zip(places, counts, strict=True):
            height = band.low[unit] + band.height / 2
            colour = colour_of(band.population)
            write(axes, step + end, height, str(count), SMALL, ha="right", color=colour, weight="bold", zorder=4)


def _names(schedule: Schedule) -> list[str]:
    return ["\n".join(textwrap.wrap(label, _LINE)) for label in schedule.labels]


def phase_names_height(schedule: Schedule) -> float:
    """Millimetres that :func:`name_phases` needs above the numbers of phases."""
    return SIGN_ABOVE + 2.5 + max(text_inches(name, SMALL) for name in _names(schedule)) / MM


def name_phases(axes: Axes, schedule: Schedule, start: int) -> None:
    """Write upright above the phases what happens in them."""
    for phase, name in enumerate(_names(schedule)):
        above_axes(axes, start + phase, SIGN_ABOVE + 3, name, SMALL, rotation=90, linespacing=1.0)


def caption(block: neo.Block) -> str:
    """Say what the figure shows, with what was measured in its recording."""
    sample = samples_of(block.segments[0])[0]
    return (
        f"One learning cycle of the circuit {recorded.described(block)} that is shown the patterns of XOR, recorded on "
        f"{recorded.where(block)}: sample {sample}. Numbers say how many neurons of a unit fire. Bands of "
        "memory populations are shaded: they hold input and hidden activity until the error is there. Order of "
        f"patterns and weights have the seed {SEED}."
    )
