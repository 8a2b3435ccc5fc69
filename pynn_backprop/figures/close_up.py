"""The figure ``fig3``: a close-up of one pass of ``fig2``, with arrows for what is copied, multiplied and replayed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import neo
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import FancyArrowPatch

from ..circuit.circuit import Circuit
from ..circuit.connectivity import Levels, Ring
from ..circuit.parts import Projection
from ..interfaces import Platform
from ..plots.parts import reading_order, units_text
from ..plots.style import BLACK, BLUE, GREEN, ORANGE, VERMILION, styled
from ..plots.unit_bands import UnitBands, unit_bands
from ..plots.unit_raster import TIME_BELOW, add_key, key_height, key_of, unit_raster, write_title
from ..recording.blocks import samples_of, spikes_of
from ..spikes import Spikes, between
from . import passes, recorded
from .cycle import name_phases, phase_names_height, write_numbers

NAME = "fig3"

_REACH, _NUMBER = (0.25, 0.08), 0.26
"""How far a spike reaches to the left and right of its step, and where its number ends; the rest is for arrows."""

WEIGHTS, COPY, INHIBITS, PRODUCT, REPLAY, BACK = "weights", "copy", "inhibits", "product", "replay", "back"

ARROWS = MappingProxyType(
    {
        WEIGHTS: (ORANGE, "-", "through plastic weights"),
        COPY: (BLACK, "-", "copy"),
        INHIBITS: (BLACK, (0, (4, 1)), "inhibits"),
        PRODUCT: (GREEN, (0, (2.5, 1.2)), "product: the mask r′ opens"),
        REPLAY: (BLUE, (0, (5, 1.5, 1, 1.5)), "replay from the memory"),
        BACK: (VERMILION, (0, (1, 1)), "error, gated back"),
    }
)
"""Colour, line and words of each kind of arrow, which can be told apart without the colour."""


def record(platform: Platform, form: str = passes.FORM) -> neo.Block:
    """Record the first passes of the network of ``fig2``, and keep the one that says most.

    Parameters
    ----------
    platform : pynn_backprop.platforms.Platform
        Where.
    form : str
        Of the circuit that learns.

    Returns
    -------
    neo.Block
        All spikes of the pass, in which target, d+ and d- all fire.
    """
    circuit, spikes = passes.run(platform, form, passes.SHOWN)
    length, sample = circuit.schedule.length, informative(spikes, circuit.schedule.length)
    kept = between(spikes, (sample + 1) * length, (sample + 2) * length)
    return recorded.block_of(NAME, circuit, platform, kept, 1, sample, seed=passes.SEED)


def informative(spikes: Spikes, length: int) -> int:
    """The pass in which target, d+ and d- fire, and the rarer of both errors most.

    Parameters
    ----------
    spikes : dict of str to numpy.ndarray of int64, shape (n_spikes, 2)
        Step in ms and neuron of each spike, by population.
    length : int
        Steps of a pass.

    Returns
    -------
    int
        Number of the sample, from 0.
    """
    fired = [np.bincount(spikes[name][:, 0] // length - 1, minlength=passes.SHOWN) for name in (*passes.ERRORS, "t")]
    return int(np.minimum.reduce(fired).argmax())


@styled
def draw(block: neo.Block, width: float | None = None) -> Figure:
    """Draw the pass, the number of spikes of each unit, and an arrow for everything that is handed on.

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
    rows = [p for p in reading_order(circuit) if p.name in passes.ROWS and len(spikes.get(p.name, ()))]
    bands = unit_bands(circuit, rows)
    found = list(handed_on(circuit, spikes))
    handles = key_of(circuit, bands, *(_key(kind) for kind in ARROWS if any(one.kind == kind for one in found)))
    above, below = 8 + phase_names_height(circuit.schedule), TIME_BELOW + key_height(handles, width)
    stretch = (spikes, start, start + length)
    figure, (axes,) = unit_raster(circuit, bands, [stretch], above, below, width, _REACH, 5.0)
    write_numbers(axes, bands, spikes, _NUMBER)
    name_phases(axes, circuit.schedule, start)
    _draw_arrows(axes, bands, found)
    passes.bracket_mask(axes, bands)
    axes.set_xticks(range(start, start + length))
    units = f"{units_text(circuit)} units of {circuit.code.n} neurons"
    title = f"Pass {sample + 1} of the one-layer circuit, close up: {units}, on {recorded.where(block)}"
    write_title(figure, title)
    add_key(figure, handles)
    return figure


@dataclass(frozen=True)
class HandedOn:
    """That spikes of one population made another one fire, or kept it silent.

    Parameters
    ----------
    pre, post : str
        Their names.
    at, arrival : int
        When the one fired, and the other, in ms.
    kind : str
        One of :data:`ARROWS`.
    """

    pre: str
    post: str
    at: int
    arrival: int
    kind: str


def handed_on(circuit: Circuit, spikes: Spikes) -> Iterator[HandedOn]:
    """Everything in a recording that one drawn population hands to another.

    Parameters
    ----------
    circuit : pynn_backprop.circuit.circuit.Circuit
        What was recorded.
    spikes : dict of str to numpy.ndarray of int64, shape (n_spikes, 2)
        Step in ms and neuron of each spike, by population.

    Yields
    ------
    HandedOn
        Where both fired, the second as much later as the projection takes.
    """
    fired = {name: set(table[:, 0].tolist()) for name, table in spikes.items()}
    for projection in circuit.projections:
        kind = kind_of(circuit, projection)
        if kind is None:
            continue
        for step in sorted(fired.get(projection.pre, ())):
            phase, arrival = step % circuit.schedule.length, step + projection.latency
            if phase in circuit[projection.pre].phases and arrival in fired.get(projection.post, ()):
                yield HandedOn(projection.pre, projection.post, step, arrival, kind)


def kind_of(circuit: Circuit, projection: Projection) -> str | None:
    """Which kind of arrow a projection has; None if none."""
    pre, post = circuit[projection.pre], circuit[projection.post]
    if "gate" in (pre.role, post.role) or "source" in (pre.role, post.role):
        return None
    if isinstance(projection.connectivity, (Levels, Ring)) or "reinforcement" in (pre.role, post.role):
        return None
    if projection.matrix:
        return WEIGHTS
    if pre.role == "memory":
        return REPLAY
    if pre.role == "error":
        return BACK
    if (projection.weight or 0) < 0:
        return INHIBITS
    return PRODUCT if pre.name in passes.MASK and post.role == "error" else COPY


def _draw_arrows(axes: Axes, bands: list[UnitBands], found: Sequence[HandedOn]) -> None:
    """Draw an arrow from spikes to spikes; those that begin or end together are spread over the height of the band."""
    places = {band.population.name: band for band in bands}
    drawn = [one for one in found if one.pre in places and one.post in places]
    tails = _spread(places, [(one.pre, one.at, places[one.post].bottom) for one in drawn])
    tips = _spread(places, [(one.post, one.arrival, places[one.pre].bottom) for one in drawn])
    for one, tail, tip in zip(drawn, tails, tips, strict=True):
        colour, line, _ = ARROWS[one.kind]
        arrow = FancyArrowPatch(
            (one.at + _NUMBER + 0.02, tail),
            (one.arrival - _REACH[0] - 0.02, tip),
            arrowstyle="-[,widthB=0.3,lengthB=0" if one.kind == INHIBITS else "-|>",
            mutation_scale=5,
            connectionstyle=f"arc3,rad={-0.1 if tip > tail else 0.1}",
            color=colour,
            linestyle=line,
            lw=0.9,
            zorder=5,
            shrinkA=0,
            shrinkB=0,
        )
        axes.add_patch(arrow)


def _spread(places: Mapping[str, UnitBands], ends: Sequence[tuple[str, int, float]]) -> list[float]:
    """Ordinates for ends of arrows: population, time, and how high the other end is."""
    heights = []
    for name, at, other in ends:
        together = sorted({away for each, time, away in ends if (each, time) == (name, at)})
        band, share = places[name], (together.index(other) + 1) / (len(together) + 1)
        heights.append(band.bottom + share * (band.top - band.bottom))
    return heights


def _key(kind: str) -> Line2D:
    colour, line, words = ARROWS[kind]
    return Line2D([], [], color=colour, ls=line, lw=1.0, label=words)


def caption(block: neo.Block) -> str:
    """Say what the figure shows, with what was measured in its recording."""
    segment = block.segments[0]
    sample, spikes = samples_of(segment)[0], spikes_of(segment)
    counts = ", ".join(f"{name} {len(spikes[name])}" for name in ("t", *passes.ERRORS))
    return (
        f"Pass {sample + 1} of the figure {passes.NAME}, the same network {recorded.described(block)}, recorded on "
        f"{recorded.where(block)}: spikes {counts}. Numbers say how many neurons of a unit fire. Bands "
        "of memory populations are shaded: they hold the input until the error is there. Arrows join what one "
        "population hands to another: x goes through the weights to o and is copied into its memory; o_low opens the "
        "error where the derivative is 1 and o_high vetoes it (the mask, r' in the paper); the error is gated back "
        "into the output, while x is replayed, so that coincidences change the weights, up when the reinforcement "
        f"neuron r fires and down when it does not. Map, samples and weights have the seed {passes.SEED}."
    )
