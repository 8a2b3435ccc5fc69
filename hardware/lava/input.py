"""What comes from the host while a network runs: spikes of sources, and currents."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from ..integers import Grid
from .host import drawn
from .translation.biases import check_biases, hold_bias
from .translation.discretize import Discretization
from .translation.sources import planned_spikes


class SpikeInput:
    """The spikes of all sources: those that are given, and those that are drawn for each run.

    Parameters
    ----------
    populations
        All of the network.
    number
        The input of each neuron, by its ID.
    grid
        Timestep and tolerance.
    seed
        For what is drawn.
    """

    def __init__(self, populations: Sequence[Any], number: np.ndarray, grid: Grid, seed: int) -> None:
        self._populations, self._number, self._grid = populations, number, grid
        self._drawn = [(p, source) for p in populations if (source := drawn(p, seed)) is not None]
        self._planned = planned_spikes(populations, number, grid, after=0)
        self.of_run = self._planned

    def change(self, step: int) -> None:
        """Take note of other given spikes after this step."""
        self._planned = planned_spikes(self._populations, self._number, self._grid, after=step)

    def ahead(self, step: int, n_steps: int) -> tuple[np.ndarray, np.ndarray]:
        """Spikes of the next `n_steps`, and given ones after them: steps and inputs, int (n_spikes,) each, sorted."""
        low = np.searchsorted(self._planned[0], step, "right")
        parts = [tuple(array[low:] for array in self._planned)]
        for population, source in self._drawn:
            steps, neurons = source.draw(step, n_steps, self._grid)
            parts.append((steps, self._number[population.ids[neurons]]))
        steps, inputs = (np.concatenate(arrays) for arrays in zip(*parts, strict=True))
        if self._drawn:
            order = np.lexsort((inputs, steps))
            steps, inputs = steps[order], inputs[order]
        stop = np.searchsorted(steps, step + n_steps, "right")
        self.of_run = steps[:stop], inputs[:stop]
        return steps, inputs

    @property
    def changes_by_itself(self) -> bool:
        """Whether there are spikes that are drawn for each run."""
        return bool(self._drawn)


class CurrentInput:
    """Injected currents as biases that change."""

    def __init__(self, current_sources: Sequence[Any]) -> None:
        self._sources = list(current_sources)

    def ahead(
        self, held: Discretization, step: int, n_steps: int
    ) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
        """The changes in the next `n_steps`: steps, compartments, mantissas and exponents, int (n_changes,) each."""
        none = np.zeros(0, np.int64)
        parts = [(none, none, none, none)]
        for population, cell, current in self._totals(step, n_steps):
            parts.append(_changes(held, population, cell, current, step))
        return tuple(np.concatenate(arrays) for arrays in zip(*parts, strict=True))

    def _totals(self, step: int, n_steps: int) -> list[tuple[Any, int, np.ndarray]]:
        """For each cell with a current its population, its place there, and the sum of its currents, (n_steps,)."""
        totals: dict[int, tuple[Any, np.ndarray]] = {}
        for source in self._sources:
            amplitudes = source.during(step, n_steps)
            for cell in source.cell_list:
                before = totals.get(int(cell), (None, 0.0))[1]
                totals[int(cell)] = cell.parent, before + amplitudes
        return [(parent, identity - int(parent.ids[0]), total) for identity, (parent, total) in totals.items()]


def _changes(
    held: Discretization, population: Any, cell: int, current: np.ndarray, step: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    # The first one always: what was there before may have been changed.
    when = np.flatnonzero(np.append(True, np.diff(current) != 0)[: len(current)])
    cells = held.cells[population]
    per_nA = float(cells.per_nanoampere[cell])
    units = cells.resting[cell] + per_nA * (float(population.parameters["i_offset"][cell]) + current[when])
    check_biases(population.label, "the current that is injected, with v_rest and i_offset,", units, per_nA, "nA")
    mantissa, exponent = hold_bias(units)
    compartment = held.numbering.number[population.ids[cell]]
    return step + 1 + when, np.full(len(when), compartment), mantissa, exponent
