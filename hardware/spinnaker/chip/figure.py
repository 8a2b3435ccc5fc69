"""How full the cores of a SpiNNaker board are, as a picture."""

from __future__ import annotations

import numpy as np
from matplotlib.figure import Figure

from pynn_backprop.plots.style import BLUE, GREEN, GREY, ORANGE

from ...cores_figure import Chips, Panel, Part, cores_figure
from . import limits
from .board import BoardPlacement
from .table import extent


def mapping_figure(mapping: BoardPlacement, title: str = "", width: float | None = None) -> Figure:
    """Draw how full the cores are; see :func:`hardware.cores_figure.cores_figure`.

    Parameters
    ----------
    mapping
        What to draw.
    title
        What the network is.
    width
        Of the figure, in mm; 180 if None.

    Returns
    -------
    matplotlib.figure.Figure
    """
    total, used = mapping.totals, _cores_of_chips(len(mapping.cores), mapping.n_chips)
    learning = (
        f", {total['synapses_meant_to_learn']:,} of them meant to learn, but static here" if mapping.learns else ""
    )
    starts = np.cumsum(used)[:-1]
    return cores_figure(
        ": ".join(filter(None, [title, extent(total["cores"], mapping.n_chips)])),
        f"{total['neurons']:,} neurons, {total['sources']:,} sources, {total['synapses']:,} synapses{learning}",
        "Computed from the network; nothing has run on a board. Percentages are of what a core has (dashed line).",
        Chips(
            np.arange(0, limits.CORES * len(used) + 1, limits.CORES),
            np.concatenate([np.arange(limits.CORES) < count for count in used]),
            f"of {limits.CORES} a chip",
        ),
        _panels(mapping),
        [((core.label, core.neurons),) for core in mapping.cores],
        starts[starts < len(mapping.cores)].tolist(),
        width,
    )


def _cores_of_chips(cores: int, chips: int) -> list[int]:
    """How many of the network's cores are on each chip, filled one after the other."""
    counts = []
    for chip in range(chips):
        room = limits.CORES - limits.MONITORS - (limits.GATHERERS if chip % limits.CHIPS == 0 else 0)
        counts.append(min(room, cores))
        cores -= counts[-1]
    return counts


def _panels(mapping: BoardPlacement) -> list[Panel]:
    cores = mapping.cores

    def column(name: str) -> np.ndarray:
        return np.array([getattr(core, name) for core in cores])

    learning, synapses = column("learning"), column("synapses")
    kinds = (
        Part(GREY, column("neurons") * (np.array([core.kind for core in cores]) == "neurons"), "neurons"),
        Part(BLUE, column("neurons") * (np.array([core.kind for core in cores]) != "neurons"), "sources and delays"),
    )
    ends = (Part(ORANGE, learning, "meant to learn"), Part(BLUE, synapses - learning, "static"))
    ones = np.ones(len(cores), np.int64)
    most = int(max(synapses.max(), 1))
    memory = limits.SDRAM // (limits.CORES - limits.MONITORS)
    return [
        Panel(650, 160, "neurons", np.maximum(limits.NEURONS, column("neurons")), kinds),
        Panel(450, 160, "synapses", most * ones, ends),
        Panel(300, 110, "rows of synapses", memory * ones, (Part(GREEN, column("row_bytes")),), (1024, " KB")),
        Panel(150, 110, "events in a step", limits.EVENTS * ones, (Part(GREEN, column("events")),)),
    ]
