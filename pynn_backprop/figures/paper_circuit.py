"""The figure ``fig1``: the one-layer circuit in the five boxes of the paper, beside our populations.

Figure 1 of Renner et al. (2020): input x, output o, target t, error d, and r', the derivative of the activation, which
masks the error.  **r' is the mask here, o_low and not o_high; r is the reinforcement neuron.**
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

import neo
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import FancyArrowPatch, FancyBboxPatch, Rectangle

from ..circuit.circuit import Circuit
from ..interfaces import Platform
from ..plots.diagram_arrows import GATHERS, INHIBITS, OPENS, PLASTIC, Arrow, arrows_of
from ..plots.fitting import legend_below, shrink_title
from ..plots.parts import colour_of, units_text
from ..plots.style import (
    BLACK,
    INK,
    LARGE,
    MIDDLE,
    MM,
    ORANGE,
    PALE,
    PRINT_WIDTH,
    SMALL,
    VERMILION,
    inches,
    new_figure,
    styled,
    write,
)
from ..recording.blocks import samples_of, spikes_of
from ..spikes import between
from . import close_up, passes, recorded

NAME = "fig1"

FORWARD, COPIED, BACK = "forward", "copied", "back"
LOOKS = MappingProxyType(
    {
        FORWARD: (ORANGE, "forward, through plastic weights"),
        COPIED: (BLACK, "copied or compared, one to one"),
        BACK: (VERMILION, "the error, back"),
    }
)
"""The three colours of arrows, and what they mean."""

MASKS = "dashed: opens, the product with the mask r′"

Rect = tuple[float, float, float, float]
"""Left, bottom, width and height, in mm."""

_PAPER: Mapping[str, Rect] = MappingProxyType(
    {
        "x": (2, 14, 13, 9),
        "o": (27, 14, 13, 9),
        "t": (46, 14, 10, 9),
        "r′": (22, 33, 10, 9),
        "d": (34, 51, 13, 9),
    }
)
_WORDS = MappingProxyType({"x": "input", "o": "output", "t": "target", "r′": "derivative", "d": "error"})

_REGIONS: Mapping[str, tuple[Rect, tuple[str, ...]]] = MappingProxyType(
    {
        "x": ((0, 3, 25, 37), ("input", "x", "m_x")),
        "o": ((36, 10, 16, 19), ("o",)),
        "r′": ((54, 10, 29, 19), ("o_low", "o_high")),
        "t": ((89, 3, 20, 26), ("target", "t")),
        "d": ((46, 48, 44, 15), ("d+", "d-")),
    }
)
"""Where the boxes of the paper are in the panel of our populations, and which of ours are in them."""

_BOXES: Mapping[str, tuple[float, float]] = MappingProxyType(
    {
        "input": (12.5, 9),
        "x": (12.5, 20.5),
        "m_x": (12.5, 32),
        "o": (44, 18),
        "o_low": (61.25, 18),
        "o_high": (75.75, 18),
        "target": (99, 8.5),
        "t": (99, 20),
        "d+": (58, 54.5),
        "d-": (79, 54.5),
        "e": (102, 54.5),
        "r": (7, 54.5),
        "rotor": (23, 54.5),
    }
)
"""The middle of each of our populations."""

_FRAMES = MappingProxyType({"output": ("o", "o_low", "o_high"), "error": ("d+", "d-")})
_FRAME_BOXES: Mapping[str, Rect] = MappingProxyType({"output": (34, 8, 51, 23), "error": (44, 46, 48, 19)})
_SIZE = (12.5, 7.0)
_ACROSS, _UP, _OTHER = 58.0, 68.0, 112.0
"""Width of the paper's panel, height of both, and width of ours, in mm."""


def record(platform: Platform, form: str = passes.FORM) -> neo.Block:
    """Record the pass that ``fig3`` shows: all spikes of the network.

    Parameters
    ----------
    platform : pynn_backprop.platforms.Platform
        Where.
    form : str
        Of the circuit that learns.

    Returns
    -------
    neo.Block
    """
    circuit, spikes = passes.run(platform, form, passes.SHOWN)
    length = circuit.schedule.length
    sample = close_up.informative(spikes, length)
    kept = between(spikes, (sample + 1) * length, (sample + 2) * length)
    return recorded.block_of(NAME, circuit, platform, kept, 1, sample, seed=passes.SEED)


@styled
def draw(block: neo.Block, width: float | None = None) -> Figure:
    """Draw the circuit as the paper does, and as it is here, with the number of spikes of each population.

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
    counts = {name: len(table) for name, table in spikes_of(segment).items()}
    wide, high = inches(width) / MM, 100.0
    scale = wide / PRINT_WIDTH
    figure = new_figure(high, width)
    title = (
        f"The one-layer circuit: {units_text(circuit)} units of {circuit.code.n} neurons, {circuit.schedule.form} form"
    )
    shrink_title(figure, figure.text(0.012, 1 - 1.5 / high, title, fontsize=LARGE, va="top"))
    paper = figure.add_axes((3 / PRINT_WIDTH, 17 / high, _ACROSS / PRINT_WIDTH, _UP / high))
    ours = figure.add_axes((66 / PRINT_WIDTH, 17 / high, _OTHER / PRINT_WIDTH, _UP / high))
    for axes, across, letter, words in (
        (paper, _ACROSS, "a", "as the paper draws it"),
        (ours, _OTHER, "b", f"here: spikes in pass {samples_of(segment)[0] + 1}, on {recorded.where(block)}"),
    ):
        axes.set(xlim=(0, across), ylim=(0, _UP))
        axes.axis("off")
        write(axes, 0, _UP + 3.5, letter, LARGE, ha="left", weight="bold", clip_on=False)
        write(axes, 4.5 / scale, _UP + 3.5, words, MIDDLE, ha="left", color=PALE, clip_on=False)
    _draw_paper(paper)
    _draw_ours(ours, circuit, counts)
    _draw_key(figure, high)
    return figure


def _box(axes: Axes, place: Rect, colour: str, lw: float = 1.0) -> FancyBboxPatch:
    left, bottom, width, height = place
    box = FancyBboxPatch((left, bottom), width, height, "round,pad=0,rounding_size=1", fc="white", ec=colour, lw=lw)
    box.set_zorder(3)
    axes.add_patch(box)
    return box


def _arrow(axes: Axes, ends: tuple[Any, Any], look: str, kind: str = "", rad: float = 0.0) -> None:
    """An arrow from the edge of one patch to that of another."""
    (start, end), thick = ends, kind == PLASTIC
    at, to = (patch.get_window_extent().transformed(axes.transData.inverted()) for patch in (start, end))
    axes.add_patch(
        FancyArrowPatch(
            ((at.x0 + at.x1) / 2, (at.y0 + at.y1) / 2),
            ((to.x0 + to.x1) / 2, (to.y0 + to.y1) / 2),
            patchA=start,
            patchB=end,
            shrinkA=0.5,
            shrinkB=2.0 if kind == INHIBITS else 0.5,
            connectionstyle=f"arc3,rad={rad}",
            arrowstyle="-[,widthB=0.45,lengthB=0" if kind == INHIBITS else "-|>",
            mutation_scale=9 if thick else 6,
            linestyle=(0, (3, 1.5)) if kind == OPENS else "-",
            color=LOOKS[look][0],
            lw=2.0 if thick else 0.9,
            zorder=4,
        )
    )


def _draw_paper(axes: Axes) -> None:
    """Five boxes and their arrows."""
    boxes = {}
    for name, place in _PAPER.items():
        left, bottom, width, height = place
        boxes[name] = _box(axes, place, VERMILION if name == "d" else INK)
        write(axes, left + width / 2, bottom + height / 2, name, LARGE, weight="bold", zorder=5)
        if name == "d":  # below it arrows arrive
            write(axes, left + width + 0.8, bottom + height / 2, _WORDS[name], SMALL, ha="left", color=PALE)
        else:
            across = "right" if name == "r′" else "center"  # an arrow arrives right of its middle
            write(axes, left + width / 2, bottom - 0.8, _WORDS[name], SMALL, ha=across, va="top", color=PALE)
    _arrow(axes, (boxes["x"], boxes["o"]), FORWARD, PLASTIC)
    write(axes, 21, 21, "W", MIDDLE, weight="bold")
    _arrow(axes, (boxes["o"], boxes["r′"]), COPIED)
    _arrow(axes, (boxes["r′"], boxes["d"]), COPIED, OPENS)
    _arrow(axes, (boxes["o"], boxes["d"]), COPIED, INHIBITS)
    _arrow(axes, (boxes["t"], boxes["d"]), COPIED)
    _arrow(axes, (boxes["d"], boxes["x"]), BACK, rad=0.42)
    write(axes, 1.5, 50, "changes W:\nx dᵀ", SMALL, ha="left", color=VERMILION)


def _draw_ours(axes: Axes, circuit: Circuit, counts: Mapping[str, int]) -> None:
    """Our populations in the boxes of the paper, with their spikes."""
    patches: dict[str, Any] = {}
    for word, (place, _) in _REGIONS.items():
        left, bottom, width, height = place
        axes.add_patch(Rectangle((left, bottom), width, height, fc="#F4F4F4", ec="#999999", lw=0.6, zorder=1))
        # Arrows leave the target to the left.
        at, across = (left + width - 0.9, "right") if word == "t" else (left + 0.9, "left")
        write(axes, at, bottom + height - 0.6, word, LARGE, ha=across, va="top", weight="bold")
    for frame, (left, bottom, width, height) in _FRAME_BOXES.items():
        patches[frame] = Rectangle((left, bottom), width, height, fc="none", ec="#999999", lw=0.6, ls=":", zorder=1)
        axes.add_patch(patches[frame])
    for population in circuit.populations:
        if population.name in _BOXES:
            (x, y), (width, height) = _BOXES[population.name], _SIZE
            colour = colour_of(population)
            patches[population.name] = _box(axes, (x - width / 2, y - height / 2, width, height), colour)
            write(axes, x, y + 1.5, population.name, MIDDLE, weight="bold", color=colour, zorder=5)
            write(axes, x, y - 1.6, f"{counts.get(population.name, 0):,}", SMALL, color=INK, zorder=5)
    for name, words in (("r", "reinforcement"), ("rotor", "levels"), ("e", "any error?")):
        if name in patches:
            write(axes, _BOXES[name][0], _BOXES[name][1] - 4.2, words, SMALL, va="top", color=PALE)
    errors = ("error", *_FRAMES["error"])
    for arrow in arrows_of(circuit, _FRAMES):
        if arrow.pre in patches and arrow.post in patches and arrow.kind != GATHERS:
            look = FORWARD if arrow.kind == PLASTIC else BACK if arrow.pre in errors else COPIED
            _arrow(axes, (patches[arrow.pre], patches[arrow.post]), look, arrow.kind, _bend(arrow))


def _bend(arrow: Arrow) -> float:
    """Arrows to and fro lie side by side, and the error goes back round the mask."""
    if {arrow.pre, arrow.post} == {"x", "m_x"}:
        return 0.35
    return 0.35 if (arrow.pre, arrow.post) == ("error", "output") else 0.0


def _draw_key(figure: Figure, high: float) -> None:
    handles = [
        Line2D([], [], color=colour, lw=2 if look == FORWARD else 1, label=words)
        for look, (colour, words) in LOOKS.items()
    ]
    handles += [
        Line2D([], [], color=BLACK, lw=0.9, ls=(0, (3, 1.5)), label=MASKS),
        Line2D([], [], color=BLACK, lw=0.9, marker="|", markevery=[1], ms=5, label="inhibits"),
    ]
    where = {"loc": "lower center", "bbox_to_anchor": (0.5, 6 / high), "columnspacing": 1.2}
    legend_below(figure, handles, fontsize=SMALL, handlelength=1.6, borderaxespad=0, **where)
    said = "r′ is the mask, the derivative of the activation: o_low and not o_high.  r is the reinforcement neuron."
    shrink_title(figure, figure.text(0.5, 2 / high, said, fontsize=MIDDLE, weight="bold", ha="center"))


def caption(block: neo.Block) -> str:
    """Say what the figure shows, with what was measured in its recording."""
    segment = block.segments[0]
    counts = {name: len(table) for name, table in spikes_of(segment).items()}
    names = ("x", "o", "o_low", "o_high", "t", "d+", "d-", "r")
    said = ", ".join(f"{name} {counts[name]}" for name in names if name in counts)
    return (
        f"The one-layer circuit {recorded.described(block)}. a: the five boxes of the paper. b: the populations "
        "here, in the boxes that they stand for; numbers are their spikes in the pass of the figure fig3, recorded on "
        f"{recorded.where(block)}: {said}. What the paper calls r' is the derivative of the activation, which "
        "masks the error: here o_low and not o_high. r is the reinforcement neuron. Samples and weights have the "
        f"seed {passes.SEED}."
    )
