"""Numbers of PyNN's neurons on the chip: cells become compartments, neurons of spike sources become inputs.

Compartments are numbered so that cells with equal decays follow each other, in the order of their creation: they are
one group, which is one LIF process of Lava's.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np

from .network import Compartments, Part
from .neurons import Cells


@dataclass(frozen=True)
class Numbering:
    """Where PyNN's neurons are on the chip.

    Parameters
    ----------
    number
        Of every PyNN neuron, by its ID, among the compartments or the inputs, int (n_neurons,).
    is_input
        Which of them are inputs, bool (n_neurons,).
    scale
        How many mV a weight of 1 to a neuron adds to u, float (n_neurons,).
    lateness
        By how many steps a delay to a neuron is longer on the chip, int (n_neurons,).
    in_mv
        Whether weights to a neuron are in mV, and not in nA, bool (n_neurons,).
    origin
        The potential in mV at which v of a compartment is 0, float (n_compartments,).
    """

    number: np.ndarray
    is_input: np.ndarray
    scale: np.ndarray
    lateness: np.ndarray
    in_mv: np.ndarray
    origin: np.ndarray

    @property
    def neuron(self) -> np.ndarray:
        """The ID of every compartment's PyNN neuron, int (n_compartments,)."""
        ids = np.flatnonzero(~self.is_input)
        return ids[np.argsort(self.number[ids])]


def number_neurons(populations: Sequence[Any], cells: Mapping[Any, Cells]) -> Numbering:
    """Number all neurons.

    Parameters
    ----------
    populations
        All of the network, in the order of their creation.
    cells
        Of those that are no spike sources, in the same order.
    """
    is_input = np.concatenate([np.zeros(0, bool), *(np.full(p.size, p not in cells) for p in populations)])
    number = np.zeros(len(is_input), np.int64)
    number[is_input] = np.arange(is_input.sum())
    scale, late, in_mv = np.ones(len(number)), np.zeros(len(number), np.int64), np.ones(len(number), bool)
    order = _order(cells)
    number[np.flatnonzero(~is_input)[order]] = np.arange(len(order))
    for population, each in cells.items():
        ids = population.ids
        scale[ids], late[ids], in_mv[ids] = each.weight_scale, each.lateness, each.lateness == 0
    origin = np.concatenate([np.zeros(0), *(each.origin for each in cells.values())])[order]
    return Numbering(number, is_input, scale, late, in_mv, origin)


def groups_of(cells: Mapping[Any, Cells]) -> tuple[Compartments, ...]:
    """The groups of compartments with equal decays, in the order of their numbers."""
    order = _order(cells)
    owner = np.repeat(np.arange(len(cells)), [p.size for p in cells])[order]
    labels = [p.label for p in cells]
    values = {name: _of_cells(cells, name)[order] for name in ("threshold", "bias_mantissa", "bias_exponent")}
    du, dv = _of_cells(cells, "du")[order], _of_cells(cells, "dv")[order]
    new = (np.diff(du, prepend=-1) != 0) | (np.diff(dv, prepend=-1) != 0)
    groups = []
    for first, stop in _stretches(new):
        members = dict.fromkeys(labels[k] for k in owner[first:stop])
        own = {name: array[first:stop] for name, array in values.items()}
        groups.append(Compartments(", ".join(members), first, stop - first, int(du[first]), int(dv[first]), **own))
    return tuple(groups)


def parts_of(populations: Sequence[Any], number: np.ndarray) -> tuple[Part, ...]:
    """The populations, in pieces where their cells' decays differ, in the order of their compartments.

    Parameters
    ----------
    populations
        Those that are no spike sources.
    number
        Of every PyNN neuron, by its ID, int (n_neurons,).
    """
    parts = []
    for population in populations:
        numbers = number[population.ids]
        for first, stop in _stretches(np.diff(numbers, prepend=-2) != 1):
            parts.append(Part(population.label, int(numbers[first]), stop - first, first))
    return tuple(sorted(parts, key=lambda part: part.first))


def _order(cells: Mapping[Any, Cells]) -> np.ndarray:
    """The cells, counted in the order of their creation, in the order of their compartments, int (n_compartments,)."""
    return np.lexsort((_of_cells(cells, "dv"), _of_cells(cells, "du")))


def _of_cells(cells: Mapping[Any, Cells], name: str) -> np.ndarray:
    return np.concatenate([np.zeros(0, np.int64), *(getattr(each, name) for each in cells.values())])


def _stretches(begins: np.ndarray) -> list[tuple[int, int]]:
    """First and last + 1 of what lies between places where something begins, bool (n,)."""
    places = [*np.flatnonzero(begins).tolist(), len(begins)]
    return list(pairwise(places))
