"""Which compartments are recorded, and what their numbers mean to a user."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from pynn_backprop.errors import InputError

from .translation.discretize import Discretization
from .translation.ranges import FINER
from .translation.receptors import SOMA
from .translation.sources import is_source

SPIKES, POTENTIAL = "spikes", "v"


@dataclass(frozen=True)
class _Signal:
    """A variable of a population: its compartments, and value = v * scale + origin, float (n_cells,)."""

    population: Any
    variable: str
    compartments: np.ndarray
    scale: np.ndarray
    origin: np.ndarray


class Watched:
    """What the recorders of populations want from an engine.

    Parameters
    ----------
    populations
        All of the network.
    held
        The network on the chip.
    before
        What the engine reads already; if nothing is missing there, it stays as it is.

    Attributes
    ----------
    spiking, potentials
        Compartments whose spikes, and whose v, are read, sorted, int (n,) each.
    is_new
        Whether the engine must be told.
    """

    def __init__(self, populations: Sequence[Any], held: Discretization, before: Watched | None = None) -> None:
        cells = [p for p in populations if not is_source(p)]
        none = np.zeros(0, np.int64)
        self.spiking = np.sort(
            held.numbering.number[np.concatenate([none, *(p.recorder.cells(SPIKES) for p in cells)])]
        )
        self._signals = [
            _signal(p, variable, held)
            for p in cells
            for variable in p.recorder.signals()
            if p.recorder.cells(variable).size
        ]
        self.potentials = np.unique(np.concatenate([none, *(signal.compartments for signal in self._signals)]))
        self.is_new = before is None or any(
            not np.isin(getattr(self, name), getattr(before, name)).all() for name in ("spiking", "potentials")
        )
        if before is not None and not self.is_new:
            self.spiking, self.potentials = before.spiking, before.potentials

    def hand_on(self, v: np.ndarray, resolution: float) -> None:
        """Give the recorders what was read, int (n_steps, n_potentials)."""
        for signal in self._signals:
            columns = np.searchsorted(self.potentials, signal.compartments)
            values = v[:, columns] * (resolution / FINER) * signal.scale + signal.origin
            signal.population.recorder.add_samples(signal.variable, values)


def _signal(population: Any, variable: str, held: Discretization) -> _Signal:
    ids = population.recorder.cells(variable)
    numbering = held.numbering
    if variable == POTENTIAL:
        compartments = numbering.number[ids]
        return _Signal(population, variable, compartments, np.ones(len(ids)), numbering.origin[compartments])
    receptor = population.celltype.currents[variable]
    if held.cells[population].receptors[receptor].place == SOMA:
        raise InputError(
            f"{variable!r} of {population.label!r} can only be recorded from the first run on, or after reset(): its "
            "receptors share a compartment"
        )
    ends = numbering.ends[receptor]
    return _Signal(population, variable, ends.compartment[ids], 1 / ends.scale[ids], np.zeros(len(ids)))
