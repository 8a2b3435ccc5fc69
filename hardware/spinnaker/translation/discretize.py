"""Translates a description into the integers of SpiNNaker cores, and notes what every parameter is rounded to."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike

from pynn_backprop.errors import InputError

from ...integers import Grid, Rounding, RoundingReport, check_rounding, relative_error
from . import fixed_point, shifts
from .description import RECEPTORS, Cells, Connections, Description, Sources
from .network import CoreCells, CoreNetwork, CoreSources, CoreSynapses

_FINER = "a core has 15 bits below the point"
_STEPS = "a core counts steps"


@dataclass(frozen=True)
class Discretization:
    """A network in the cores' integers.

    Parameters
    ----------
    network
        What is validated, placed and emulated.
    report
        Rounding error of every parameter.
    """

    network: CoreNetwork
    report: RoundingReport


def discretize(description: Description, grid: Grid | None = None) -> Discretization:
    """Translate a network.

    Parameters
    ----------
    description
        Any.
    grid
        Which rounding errors are accepted, and whether others are refused; none, and refused, if None.  Its timestep
        must be that of the description.

    Returns
    -------
    Discretization

    Raises
    ------
    InputError
        If a parameter can't be held; names all of them, and the nearest values.
    """
    grid = grid or Grid(description.timestep)
    if grid.timestep != description.timestep:
        raise InputError(f"timestep is {grid.timestep} but must be that of the network, {description.timestep}")
    # Every rounding is noted first: so all that is refused can be said at once.
    lenient = replace(grid, strict=False)
    roundings: list[Rounding] = []
    sizes = {population.label: population.size for population in description.populations}
    populations: list[CoreCells | CoreSources] = []
    for population in description.populations:
        if isinstance(population, Sources):
            populations.append(CoreSources(population.label, population.size, population.phases))
            continue
        incoming = [projection for projection in description.projections if projection.post == population.label]
        cells = _cells(population, shifts.chosen_shifts(incoming, sizes), lenient)
        populations.append(cells)
        roundings += _roundings(population, cells, lenient)
    by_label = {population.label: population for population in populations}
    synapses = []
    for projection in description.projections:
        post = by_label[projection.post]
        assert isinstance(post, CoreCells)
        stored, found = _synapses(projection, post.shifts, lenient)
        synapses.append(stored)
        roundings += found
    report = RoundingReport(tuple(roundings))
    if grid.strict and report.beyond:
        refused = "".join(f"\n  {rounding.refusal}" for rounding in report.beyond)
        raise InputError(f"SpiNNaker's cores can't hold this network:{refused}")
    scale = fixed_point.quotient(fixed_point.UNIT, int(fixed_point.to_raw(description.timestep)))
    network = CoreNetwork(tuple(populations), tuple(synapses), scale, description.cycle)
    return Discretization(network, report)


def _cells(cells: Cells, chosen: tuple[int, int], grid: Grid) -> CoreCells:
    raw = {name: int(fixed_point.to_raw(getattr(cells, name))) for name in _POTENTIALS}
    tau, capacity = (_positive(cells, name) for name in ("tau_m", "cm"))
    told = chosen if cells.summed_weight is None else (shifts.shift_for(cells.summed_weight),) * 2
    return CoreCells(
        cells.label,
        cells.size,
        raw["v_thresh"],
        raw["v_rest"],
        raw["v_reset"],
        raw["i_offset"],
        fixed_point.quotient(tau, capacity),
        fixed_point.decay(int(fixed_point.to_raw(grid.timestep)), tau),
        math.ceil(cells.tau_refrac / grid.timestep),
        told,
        chosen,
        cells.phases,
    )


def _positive(cells: Cells, name: str) -> int:
    """A time constant or capacity, raw; 0 is one by which a core divides without a word."""
    value = getattr(cells, name)
    raw = int(fixed_point.to_raw(value))
    if raw < 1:
        raise InputError(
            f"{name} of {cells.label!r} is {value!r} but must be at least {1 / fixed_point.UNIT:.3g}: less is 0 on a "
            "core, which divides by it"
        )
    return raw


_POTENTIALS = {"v_thresh": "mV", "v_rest": "mV", "v_reset": "mV", "i_offset": "nA"}
_CONSTANTS = {"tau_m": "ms", "cm": "nF"}


def _roundings(cells: Cells, held: CoreCells, grid: Grid) -> Iterator[Rounding]:
    for name, unit in (*_POTENTIALS.items(), *_CONSTANTS.items()):
        value = np.array([getattr(cells, name)], float)
        yield _rounding(
            cells.label, name, unit, value, lambda v: fixed_point.to_float(fixed_point.to_raw(v)), grid, _FINER
        )
    time = np.array([cells.tau_refrac], float)
    yield _rounding(cells.label, "tau_refrac", "ms", time, lambda _: held.refractory * grid.timestep, grid, _STEPS)


def _synapses(
    projection: Connections, shift: tuple[int, int], grid: Grid
) -> tuple[CoreSynapses, tuple[Rounding, Rounding]]:
    kind = RECEPTORS.index(projection.receptor)
    unit = 2.0 ** (shift[kind] - shifts.WHOLE)
    weight = np.rint(np.asarray(projection.weight, float) / unit).astype(np.int64)
    steps = np.rint(grid.steps(projection.delay)).astype(np.int64)
    held = CoreSynapses(
        projection.label,
        projection.pre,
        projection.post,
        kind,
        np.asarray(projection.sources, np.int64),
        np.asarray(projection.targets, np.int64),
        weight,
        steps,
        projection.learns,
    )
    finer = f"weights are multiples of {unit:g} mV, since the ring buffer has the shift {shift[kind]}"
    roundings = (
        _rounding(
            projection.label, "weight", "mV", np.asarray(projection.weight, float), lambda _: weight * unit, grid, finer
        ),
        _rounding(
            projection.label,
            "delay",
            "ms",
            np.asarray(projection.delay, float),
            lambda _: steps * grid.timestep,
            grid,
            _STEPS,
        ),
    )
    return held, roundings


def _rounding(
    where: str,
    name: str,
    unit: str,
    value: np.ndarray,
    held: Callable[[np.ndarray], ArrayLike],
    grid: Grid,
    advice: str,
) -> Rounding:
    nearest = np.asarray(held(value), float) + np.zeros(value.shape)
    error = relative_error(value, nearest)
    return check_rounding(where, name, unit, value, nearest, error, grid.exact, advice, strict=grid.strict)
