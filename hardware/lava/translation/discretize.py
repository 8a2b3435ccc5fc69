"""Translates a PyNN network into the integers of a chip.

Populations become compartments and inputs (:mod:`.neurons`, :mod:`.numbering`), projections become synapses
(:mod:`.synapses`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from ...integers import Grid, RoundingReport
from .network import DiscreteNetwork, Synapses
from .neurons import discretize_cells
from .numbering import Numbering, groups_of, number_neurons, parts_of
from .sources import is_source
from .synapses import HeldProjection, discretize_projection


@dataclass(frozen=True)
class Discretization:
    """A network in the chip's integers, and how it is found there.

    Parameters
    ----------
    network
        What is run.
    report
        Rounding error of every parameter.
    numbering
        Where PyNN's neurons are in the network.
    projections
        In the order of the PyNN projections.
    """

    network: DiscreteNetwork
    report: RoundingReport
    numbering: Numbering
    projections: tuple[HeldProjection, ...]


def discretize(populations: Sequence[Any], projections: Sequence[Any], grid: Grid) -> Discretization:
    """Translate a network.

    Parameters
    ----------
    populations, projections
        Of this backend, all of them, in the order of their creation.
    grid
        Timestep, resolution and tolerance.

    Raises
    ------
    InputError
        If something can't be held; names what and where, and the nearest value.
    """
    cells = {p: discretize_cells(p.label, p.parameters, grid) for p in populations if not is_source(p)}
    numbering = number_neurons(populations, cells)
    roundings = [rounding for each in cells.values() for rounding in each.roundings]
    synapses: list[Synapses] = []
    held = []
    for projection in projections:
        found, parts, worst = discretize_projection(projection, numbering, grid, len(synapses))
        synapses += parts
        held.append(found)
        roundings += worst
    n_inputs = int(numbering.is_input.sum())
    network = DiscreteNetwork(n_inputs, groups_of(cells), tuple(synapses), parts_of(list(cells), numbering.number))
    return Discretization(network, RoundingReport(tuple(roundings)), numbering, tuple(held))
