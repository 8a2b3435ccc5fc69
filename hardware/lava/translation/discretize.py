"""Translates a PyNN network into the integers of a chip.

Populations become compartments and inputs (:mod:`.neurons`, :mod:`.numbering`), projections become synapses
(:mod:`~hardware.lava.translation.synapses`).
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from pynn_backprop.errors import InputError

from ...integers import Grid, RoundingReport
from .network import DiscreteNetwork, Synapses
from .neurons import Cells, discretize_cells
from .numbering import Numbering, groups_of, number_neurons, parts_of
from .sources import hold_times, is_planned, is_source
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
    cells
        Of every population that is no spike source.
    grid
        Timestep, resolution and tolerance.
    """

    network: DiscreteNetwork
    report: RoundingReport
    numbering: Numbering
    projections: tuple[HeldProjection, ...]
    cells: dict[Any, Cells]
    grid: Grid


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
        If something can't be held; names everything that can't, and the nearest values.
    """
    # Every rounding is noted first: so all that is refused can be said at once.
    lenient = replace(grid, strict=False)
    refusals: list[str] = []
    cells: dict[Any, Cells] = {}
    for population in populations:
        if not is_source(population):
            with noted(refusals):
                cells[population] = _cells(population, lenient)
    refuse(refusals)
    numbering = number_neurons(populations, cells)
    roundings = [rounding for each in cells.values() for rounding in each.roundings]
    synapses: list[Synapses] = []
    held = []
    for projection in projections:
        with noted(refusals):
            found, parts, worst = discretize_projection(projection, numbering, lenient, len(synapses))
            synapses += parts
            held.append(found)
            roundings += worst
    roundings += [hold_times(p, lenient)[2] for p in populations if is_planned(p)]
    if grid.strict:
        refusals += [rounding.refusal for rounding in roundings if not rounding.is_accepted]
    refuse(refusals)
    n_inputs = int(numbering.is_input.sum())
    network = DiscreteNetwork(n_inputs, groups_of(cells), tuple(synapses), parts_of(list(cells), numbering))
    return Discretization(network, RoundingReport(tuple(roundings)), numbering, tuple(held), cells, grid)


def _cells(population: Any, grid: Grid) -> Cells:
    separate = any(population.recorder.cells(current).size for current in population.celltype.currents)
    return discretize_cells(population.label, population.parameters, grid, population.celltype.current_shape, separate)


@contextlib.contextmanager
def noted(refusals: list[str]) -> Iterator[None]:
    """What is refused is noted, and said together with all else."""
    try:
        yield
    except InputError as error:
        refusals.append(str(error))


def refuse(refusals: list[str]) -> None:
    """Refuse what was noted, if anything was.

    Raises
    ------
    InputError
        With all of it.
    """
    if len(refusals) == 1:
        raise InputError(refusals[0])
    if refusals:
        raise InputError("the chip can't hold this network:" + "".join(f"\n  {refusal}" for refusal in refusals))
