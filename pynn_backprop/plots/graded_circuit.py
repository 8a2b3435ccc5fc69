"""The diagram of a graded circuit: that of its populations, and what lifts their neurons to their levels."""

from __future__ import annotations

import neo
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import FancyArrowPatch, FancyBboxPatch
from matplotlib.text import Text

from ..circuit.circuit import Circuit
from ..circuit.connectivity import Levels, Ring, UnitToUnit
from ..figures.recorded import circuit_of
from . import diagram
from .style import GREEN, write

_ROTOR = (4.2, -0.6)
"""Where the rotor stands: right of the target."""


def circuit(block: neo.Block) -> Figure:
    """Draw the circuit that the block of the figure ``circuit`` describes.

    Parameters
    ----------
    block
        What :func:`pynn_backprop.figures.circuit.record` returns.

    Returns
    -------
    matplotlib.figure.Figure
    """
    described = circuit_of(block)
    figure = diagram.draw_circuit(described)
    axes = figure.axes[0]
    _reword(figure, described)
    lifted = {projection.post for projection in described.projections if isinstance(projection.connectivity, Levels)}
    boxes = diagram.boxes_of(described)
    for name in lifted:
        x, y = boxes[name].at(1, 1)
        _badge(axes, x - 0.02, y - 0.02)
    for rotor in {projection.pre for projection in described.projections if isinstance(projection.connectivity, Ring)}:
        _draw_rotor(axes, rotor, described)
    return figure


def _reword(figure: Figure, circuit: Circuit) -> None:
    """Say where an arrow joins whole units."""
    joined = [(p.pre, p.weight or 0) for p in circuit.projections if isinstance(p.connectivity, UnitToUnit)]
    excite, inhibit = (" and ".join(sorted({pre for pre, weight in joined if sign * weight > 0})) for sign in (1, -1))
    words = {
        "one to one, excites": f"one to one (from {excite}: unit to unit), excites",
        "one to one, inhibits": f"one to one (from {inhibit}: unit to unit), inhibits",
        "one to one, opens as a gate does": "one to one, opens\nas a gate does",
    }
    for text in figure.findobj(Text):
        if text.get_text() in words:
            text.set_text(words[text.get_text()])


def _badge(axes: Axes, x: float, y: float) -> None:
    frame = {"boxstyle": "circle,pad=0.18", "facecolor": GREEN, "edgecolor": "white", "linewidth": 1.2}
    write(axes, x, y, "λ", 10, color="white", weight="bold", zorder=7, bbox=frame)


def _draw_rotor(axes: Axes, name: str, circuit: Circuit) -> None:
    x, y = _ROTOR
    axes.add_patch(
        FancyBboxPatch((x - 0.5, y - 0.25), 1, 0.5, "round,pad=0,rounding_size=0.08", fc="white", ec=GREEN, lw=1.8)
    )
    write(axes, x, y + 0.07, name, 11.5, color=GREEN, weight="bold")
    write(axes, x, y - 0.13, str(circuit[name].size), 9.5, color="#333333")
    axes.add_patch(
        FancyArrowPatch(
            (x + 0.2, y + 0.26),
            (x - 0.2, y + 0.26),
            connectionstyle="arc3,rad=0.9",
            arrowstyle="-|>",
            mutation_scale=10,
            color=GREEN,
            lw=1.3,
        )
    )
    _badge(axes, x + 0.72, y + 0.1)
    text = "lifts these: one\nneuron each cycle"
    write(axes, x + 0.88, y + 0.01, text, 10, ha="left", color="#555555", linespacing=1.3)
