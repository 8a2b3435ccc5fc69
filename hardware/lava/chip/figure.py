"""How full the cores of a Loihi chip are, as a picture."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from matplotlib.figure import Figure

from pynn_backprop.plots.style import BLUE, GREEN, GREY, ORANGE

from ...cores_figure import Chips, Panel, Part, cores_figure
from . import limits
from .demand import MEMORY
from .placement import Core, Placement

Amount = Callable[[Core], int]

_MEMORY = (
    (ORANGE, lambda core: core.need.plastic_bits, "plastic synapses"),
    (BLUE, lambda core: core.need.static_bits, "static synapses"),
)
_PANELS: tuple[tuple[int, int, str, str, tuple[int, str], tuple[tuple[str, Amount, str], ...]], ...] = (
    (650, 160, "compartments", "compartments", (1, ""), ((GREY, lambda core: core.need.compartments, ""),)),
    (450, 160, "synaptic memory", MEMORY, (8 * 1024, " KB"), _MEMORY),
    (300, 110, "input axons", "input axons", (1, ""), ((GREEN, lambda core: core.need.input_axons, ""),)),
    (150, 110, "output axons", "output axons", (1, ""), ((GREEN, lambda core: core.output_axons, ""),)),
)
"""Bottom, height, name, what :attr:`Core.uses` calls it, its unit, and what is stacked in a bar."""


def mapping_figure(placement: Placement, title: str = "", width: float | None = None) -> Figure:
    """Draw how full the cores are; see :func:`hardware.cores_figure.cores_figure`.

    Parameters
    ----------
    placement
        What to draw.
    title
        What the network is.
    width
        Of the figure, in mm; 180 if None.

    Returns
    -------
    matplotlib.figure.Figure
    """
    cores, total = placement.cores, placement.totals
    plastic = f", {total['plastic_synapses']:,} of them learning" if total["plastic_synapses"] else ""
    n_cells = placement.n_chips * limits.CORES
    return cores_figure(
        ": ".join(filter(None, [title, placement.extent])),
        f"{total['compartments']:,} compartments, {total['inputs']:,} inputs, {total['synapses']:,} synapses{plastic}",
        "Computed from the network; nothing has run on a chip. Percentages are of what a core has (dashed line).",
        Chips(np.arange(0, n_cells + 1, limits.CORES), np.arange(n_cells) < len(cores), f"of {limits.CORES} a chip"),
        [
            Panel(
                bottom,
                height,
                name,
                np.array([core.uses[resource][1] for core in cores]),
                tuple(Part(colour, np.array([amount(core) for core in cores]), said) for colour, amount, said in parts),
                unit,
            )
            for bottom, height, name, resource, unit, parts in _PANELS
        ],
        [core.populations for core in cores],
        range(limits.CORES, len(cores), limits.CORES),
        width,
    )
