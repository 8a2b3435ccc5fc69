"""The figure ``fig2``: many passes of the one-layer circuit, early and late in learning a linear map.

Figure 2 of Renner et al. (2020) shows the same: sub-populations up, time across, marks at every gating window and at
the end of each pass.  What is called r' there is the mask, o_low and not o_high; r is the reinforcement.
"""

from __future__ import annotations

import neo
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from ..circuit.circuit import Circuit
from ..circuit.training import training_circuit
from ..codes.graded import Graded
from ..interfaces import Platform
from ..plots.parts import reading_order, units_text
from ..plots.style import INK, MIDDLE, PALE, SMALL, VERMILION, figure_of, styled, write
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
from ..tasks.linear_map import map_samples, random_map
from ..weights import initial_weights
from . import recorded

NAME = "fig2"
FORM = "published"
"""That of the paper, which has no conditional gating."""

SAMPLES, SHOWN, NEURONS, SEED = 2000, 6, 32, 0
"""Samples in all; passes that are drawn of the first and of the last of them."""

ROWS = ("x", "m_x", "o", "o_low", "o_high", "t", "d+", "d-", "e", "r", "rotor")
ERRORS = ("d+", "d-")
MASK = ("o_low", "o_high")
MASK_WORD = "r′"


def network(form: str) -> tuple[Circuit, dict[str, np.ndarray]]:
    """The one-layer circuit of all figures of the paper, and its first weights.

    Parameters
    ----------
    form : str
        One of :data:`pynn_backprop.circuit.training.FORMS`.

    Returns
    -------
    circuit : pynn_backprop.circuit.circuit.Circuit
        4-3 units of 32 neurons.
    weights : dict of str to numpy.ndarray
        By name of the matrix.
    """
    code, matrix = Graded(NEURONS), random_map(SEED)
    circuit = training_circuit(matrix.shape, code=code, form=form)
    return circuit, dict(initial_weights(circuit.units, SEED, parameters=circuit.parameters, code=code))


def run(platform: Platform, form: str, samples: int) -> tuple[Circuit, Spikes]:
    """Let the network learn from the first samples of the map, and record all that it has.

    Parameters
    ----------
    platform : pynn_backprop.platforms.Platform
        Where.
    form : str
        Of the circuit.
    samples : int
        How many.

    Returns
    -------
    circuit : pynn_backprop.circuit.circuit.Circuit
        What ran.
    spikes : dict of str to numpy.ndarray of int64, shape (n_spikes, 2)
        Step in ms and neuron of each spike, by population.
    """
    circuit, weights = network(form)
    x, targets = map_samples(random_map(SEED), circuit.code, samples, SEED)
    everything = [population.name for population in circuit.populations]
    return circuit, recorded.train(platform, circuit, weights, x, targets, everything)


def record(platform: Platform, form: str = FORM, samples: int = SAMPLES) -> neo.Block:
    """Record the first and the last passes of learning a map of 4 values to 3.

    Parameters
    ----------
    platform : pynn_backprop.platforms.Platform
        Where.
    form : str
        Of the circuit that learns.
    samples : int
        How many there are in all.

    Returns
    -------
    neo.Block
        All spikes of these passes, in two segments.
    """
    circuit, spikes = run(platform, form, samples)
    shown, length = min(SHOWN, samples // 2), circuit.schedule.length
    blocks = []
    for first in (0, samples - shown):
        kept = between(spikes, (first + 1) * length, (first + shown + 1) * length)
        blocks.append(recorded.block_of(NAME, circuit, platform, kept, shown, first, seed=SEED))
    whole = blocks[0]
    whole.segments = [block.segments[0] for block in blocks]
    return whole


@styled
def draw(block: neo.Block, width: float | None = None) -> Figure:
    """Draw the spikes, sub-populations up and time across.

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
    circuit, length = recorded.circuit_of(block), recorded.circuit_of(block).schedule.length
    found = [(spikes_of(segment), samples_of(segment)) for segment in block.segments]
    firing = {name for spikes, _ in found for name, table in spikes.items() if len(table)}
    bands = unit_bands(circuit, [p for p in reading_order(circuit) if p.name in ROWS and p.name in firing])
    stretches = [(spikes, int(samples[0] + 1) * length, int(samples[-1] + 2) * length) for spikes, samples in found]
    handles = key_of(circuit, bands)
    below = TIME_BELOW + key_height(handles, width)
    figure, panels = unit_raster(circuit, bands, stretches, 24, below, width, beside=5.0)
    for axes, (spikes, samples) in zip(panels, found, strict=True):
        _head_passes(axes, spikes, samples, length)
    bracket_mask(panels[-1], bands)
    title = f"The one-layer circuit learns a linear map: {units_text(circuit)} units of {circuit.code.n} neurons"
    write_title(figure, f"{title}, on {recorded.where(block)}")
    add_key(figure, handles)
    return figure


def errors_of(spikes: Spikes, samples: np.ndarray, length: int) -> list[int]:
    """Spikes of d+ and d- in each pass.

    Parameters
    ----------
    spikes : dict of str to numpy.ndarray of int64, shape (n_spikes, 2)
        Step in ms and neuron of each spike, by population.
    samples : numpy.ndarray of int
        Numbers of the samples.
    length : int
        Steps of a pass.

    Returns
    -------
    list of int
        One for each sample.
    """
    steps = np.concatenate([spikes[name][:, 0] for name in ERRORS])
    return [int((steps // length - 1 == sample).sum()) for sample in samples]


def _head_passes(axes: Axes, spikes: Spikes, samples: np.ndarray, length: int) -> None:
    """Number the passes, and say how large the error of each is."""
    for sample, errors in zip(samples, errors_of(spikes, samples, length), strict=True):
        middle = (sample + 1.5) * length - 0.5
        above_axes(axes, middle, SIGN_ABOVE + 3, f"{errors}", SMALL, color=VERMILION, weight="bold")
        above_axes(axes, middle, SIGN_ABOVE + 6, f"{sample + 1:,}", SMALL)
    start, stop = (samples[0] + 1) * length, (samples[-1] + 2) * length
    words = f"passes {samples[0] + 1:,} to {samples[-1] + 1:,}; below, spikes of the error"
    above_axes(axes, (start + stop) / 2 - 0.5, SIGN_ABOVE + 9.5, words, MIDDLE, color=PALE)


def bracket_mask(axes: Axes, bands: list[UnitBands]) -> None:
    """Say on the right of the axes which rows are what the paper calls r prime."""
    rows = [band for band in bands if band.population.name in MASK]
    if not rows:
        return
    low, high, edge = rows[0].bottom, rows[-1].top, axes.get_xlim()[1]
    inch = (edge - axes.get_xlim()[0]) / (axes.get_position().width * figure_of(axes).get_figwidth())
    axes.plot([edge + 0.04 * inch] * 2, [low, high], color=INK, lw=0.8, clip_on=False)
    write(axes, edge + 0.12 * inch, (low + high) / 2, MASK_WORD, MIDDLE, color=INK, weight="bold", clip_on=False)


def caption(block: neo.Block) -> str:
    """Say what the figure shows, with what was measured in its recording."""
    length = recorded.circuit_of(block).schedule.length
    found = [
        (samples_of(segment) + 1, np.mean(errors_of(spikes_of(segment), samples_of(segment), length)))
        for segment in block.segments
    ]
    said = "; ".join(f"passes {n[0]:,} to {n[-1]:,}: {mean:.1f}" for n, mean in found)
    return (
        f"Activity of the one-layer circuit {recorded.described(block)} that learns a linear map, recorded on "
        f"{recorded.where(block)}, early and late. Each band is one unit, a sub-population whose share "
        "of firing neurons is a number; each bar is a spike. Fine lines are gating windows of one step, thick ones "
        "passes through the circuit. Rows o_low and o_high are the mask, which the paper calls r' (the derivative: "
        "o_low and not o_high); r is the reinforcement neuron. Mean number of error spikes (d+ and d-) in a pass, "
        f"{said}. Map, samples and weights have the seed {SEED}."
    )
