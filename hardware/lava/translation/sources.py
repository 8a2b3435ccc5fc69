"""The spikes of SpikeSourceArrays as steps and inputs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from pynn_backprop.errors import InputError

from ...integers import ROUND_OFF, Grid, Rounding, check_rounding

PARAMETER = "spike_times"
"""By which sources of given spikes are known."""


def is_source(population: Any) -> bool:
    """Whether its neurons are spike sources and become inputs."""
    return "v_thresh" not in population.celltype.default_parameters


def is_planned(population: Any) -> bool:
    """Whether it is a source whose spikes are given, and not drawn."""
    return PARAMETER in population.celltype.default_parameters


def planned_spikes(
    populations: Sequence[Any], number: np.ndarray, grid: Grid, after: int
) -> tuple[np.ndarray, np.ndarray]:
    """All spikes after a step.

    Parameters
    ----------
    populations
        All of the network; those that are no sources are passed over.
    number
        The input of each neuron, by its ID.
    grid
        Timestep and tolerance.
    after
        The present step: spikes up to it are past.  At the start, where it is 0, there can be none of them.

    Returns
    -------
    steps, inputs
        Int (n_spikes,) each, sorted by both.

    Raises
    ------
    InputError
        If a spike lies between two steps or before the first one, or an input fires twice in a step.
    """
    empty = np.zeros(0, np.int64)
    found = [_spikes(p, number, grid, after) for p in populations if is_planned(p)]
    steps, inputs = (np.concatenate([empty, *parts]) for parts in zip((empty, empty), *found, strict=True))
    order = np.lexsort((inputs, steps))
    return steps[order], inputs[order]


def hold_times(population: Any, grid: Grid) -> tuple[np.ndarray, np.ndarray, Rounding]:
    """Given spikes on the chip's steps.

    Returns
    -------
    steps, cells
        Int (n_spikes,) each; cells are places in the population.
    rounding
        Relative to the timestep.

    Raises
    ------
    InputError
        If a time is no number; if one lies between two steps, and the grid is strict.
    """
    trains = [np.ravel(getattr(train, "value", train)) for train in population.parameters[PARAMETER]]
    times = np.concatenate([np.zeros(0), *trains])
    cells = np.repeat(np.arange(population.size), [len(train) for train in trains])
    if not np.isfinite(times).all():
        raise InputError(
            f"spike_times of {population.label!r} hold {times[~np.isfinite(times)][0]} but must be numbers"
        )
    exact = grid.steps(times)
    steps = np.rint(exact).astype(np.int64)
    error = np.abs(exact - steps)
    rounding = check_rounding(
        population.label, PARAMETER, "ms", times, steps * grid.timestep, np.where(error <= ROUND_OFF, 0.0, error),
        grid.exact, f"a spike time is a multiple of the timestep, {grid.timestep:g} ms", grid.strict,
    )  # fmt: skip
    return steps, cells, rounding


def _spikes(population: Any, number: np.ndarray, grid: Grid, after: int) -> tuple[np.ndarray, np.ndarray]:
    steps, cells, _ = hold_times(population, grid)
    if not after and (steps < 1).any():
        raise InputError(
            f"spike_times of {population.label!r} hold {steps.min() * grid.timestep:g} ms, but the first step, and so "
            f"the nearest value, is {grid.timestep:g} ms"
        )
    ahead = steps > after
    steps, cells = steps[ahead], cells[ahead]
    _check_single(population.label, steps, cells, grid)
    return steps, number[population.ids[cells]]


def _check_single(label: str, steps: np.ndarray, cells: np.ndarray, grid: Grid) -> None:
    order = np.lexsort((steps, cells))
    twice = (np.diff(steps[order]) == 0) & (np.diff(cells[order]) == 0)
    if twice.any():
        at = order[np.flatnonzero(twice)[0]]
        raise InputError(
            f"neuron {cells[at]} of {label!r} fires twice at {steps[at] * grid.timestep:g} ms, but a spike on the chip "
            "is one or none in a step"
        )
