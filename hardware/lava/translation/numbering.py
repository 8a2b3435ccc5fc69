"""Numbers of PyNN's neurons on the chip: cells become compartments, neurons of spike sources become inputs.

Compartments are numbered so that cells with equal decays and refractory times follow each other, in the order of their
creation: they are one group, which is one LIF process of Lava's.  Dendrites follow after all cells.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np

from .network import Compartments, Part
from .neurons import Cells
from .ranges import STATE
from .receptors import EXCITATORY, RECEPTORS

SILENT = STATE >> 6
"""A threshold that v, clipped as it is, never passes: that of dendrites."""


@dataclass(frozen=True)
class Ends:
    """Where synapses of one receptor type end.

    Parameters
    ----------
    compartment
        Of every PyNN neuron, by its ID; -1 for spike sources, int (n_neurons,).
    scale
        How many mV a weight of 1 to a neuron adds to u there, float (n_neurons,).
    """

    compartment: np.ndarray
    scale: np.ndarray


@dataclass(frozen=True)
class Numbering:
    """Where PyNN's neurons are on the chip.

    Parameters
    ----------
    number
        Of every PyNN neuron, by its ID, among the compartments or the inputs, int (n_neurons,).
    is_input
        Which of them are inputs, bool (n_neurons,).
    ends
        By PyNN's receptor type.
    lateness
        By how many steps a delay to a neuron is longer on the chip, int (n_neurons,).
    in_mv
        Whether weights to a neuron are in mV, and not in nA, bool (n_neurons,).
    origin
        The potential in mV at which v of a compartment is 0, float (n_compartments,); 0 for dendrites.
    neuron
        The ID of every compartment's PyNN neuron, int (n_compartments,).
    """

    number: np.ndarray
    is_input: np.ndarray
    ends: dict[str, Ends]
    lateness: np.ndarray
    in_mv: np.ndarray
    origin: np.ndarray
    neuron: np.ndarray

    @property
    def scale(self) -> np.ndarray:
        """How many mV an excitatory weight of 1 to a neuron adds to u, float (n_neurons,)."""
        return self.ends[EXCITATORY].scale


@dataclass(frozen=True)
class _Rows:
    """All compartments, those of the cells first, in the order of creation."""

    population: np.ndarray
    cell: np.ndarray
    place: np.ndarray
    values: dict[str, np.ndarray]

    @property
    def order(self) -> np.ndarray:
        """The rows in the order of their compartments, int (n_compartments,)."""
        v = self.values
        return np.lexsort((v["refractory"], v["dv"], v["du"], self.place > 0))


VALUES = ("du", "dv", "threshold", "bias_mantissa", "bias_exponent", "refractory")


def _rows(cells: Mapping[Any, Cells]) -> _Rows:
    none = np.zeros(0, np.int64)
    population, cell, place = [none], [none], [none]
    values: dict[str, list[np.ndarray]] = {name: [none] for name in VALUES}
    most = max((len(each.dendrites) for each in cells.values()), default=0)
    for k in range(most + 1):
        for number, (p, each) in enumerate(cells.items()):
            if k > len(each.dendrites):
                continue
            population.append(np.full(p.size, number))
            cell.append(np.arange(p.size))
            place.append(np.full(p.size, k))
            for name in VALUES:
                values[name].append(getattr(each, name) if k == 0 else _of_dendrite(each, k - 1, name))
    joined = {name: np.concatenate(parts) for name, parts in values.items()}
    return _Rows(np.concatenate(population), np.concatenate(cell), np.concatenate(place), joined)


def _of_dendrite(cells: Cells, k: int, name: str) -> np.ndarray:
    dendrite = cells.dendrites[k]
    silent = np.zeros_like(dendrite.decay_u)
    known = {
        "du": dendrite.decay_u - 1,
        "dv": dendrite.decay_v,
        "threshold": silent + SILENT - 1,
        "refractory": silent + 1,
    }
    return known.get(name, silent)


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
    n = len(is_input)
    number = np.zeros(n, np.int64)
    number[is_input] = np.arange(is_input.sum())
    late, in_mv = np.zeros(n, np.int64), np.ones(n, bool)
    ends = {receptor: Ends(np.full(n, -1), np.ones(n)) for receptor in RECEPTORS}
    rows = _rows(cells)
    first = np.array([p.ids[0] for p in cells], np.int64)
    neuron = (first[rows.population] + rows.cell)[rows.order]
    origin = np.zeros(len(neuron))
    compartment = np.empty(len(neuron), np.int64)
    compartment[rows.order] = np.arange(len(neuron))
    for k, (population, each) in enumerate(cells.items()):
        ids = population.ids
        own = {
            place: compartment[(rows.population == k) & (rows.place == place)]
            for place in range(1 + len(each.dendrites))
        }
        number[ids], origin[own[0]] = own[0], each.origin
        late[ids], in_mv[ids] = each.lateness, each.lateness == 0
        for receptor, where in each.receptors.items():
            ends[receptor].compartment[ids], ends[receptor].scale[ids] = own[where.place], where.scale
    return Numbering(number, is_input, ends, late, in_mv, origin, neuron)


def groups_of(cells: Mapping[Any, Cells]) -> tuple[Compartments, ...]:
    """The groups of compartments with equal decays and refractory times, in the order of their numbers."""
    rows = _rows(cells)
    order = rows.order
    owner, place = rows.population[order], rows.place[order]
    labels = [p.label for p in cells]
    values = {name: array[order] for name, array in rows.values.items()}
    joined = _joined(rows)
    new = np.diff(place > 0, prepend=np.array([False])).astype(bool)
    for name in ("du", "dv", "refractory"):
        new |= np.diff(values[name], prepend=-1) != 0
    new[:1] = True
    groups = []
    for first, stop in _stretches(new):
        members = dict.fromkeys(labels[k] for k in owner[first:stop])
        own: dict[str, Any] = {
            name: values[name][first:stop] for name in ("threshold", "bias_mantissa", "bias_exponent")
        }
        own |= {name: int(values[name][first]) for name in ("du", "dv", "refractory")}
        mine = joined[:, first:stop]
        groups.append(
            Compartments(
                label=", ".join(members),
                first=first,
                size=stop - first,
                dendrite=bool(place[first]),
                joined=mine if (mine >= 0).any() else None,
                **own,
            )
        )
    return tuple(groups)


def _joined(rows: _Rows) -> np.ndarray:
    """The dendrites of every compartment in the order of the compartments, int (n, n_compartments)."""
    most = int(rows.place.max(initial=0))
    compartment = np.empty(len(rows.place), np.int64)
    compartment[rows.order] = np.arange(len(rows.place))
    joined = np.full((most, len(rows.place)), -1)
    key = rows.population * (1 + rows.cell.max(initial=0)) + rows.cell
    somata = np.flatnonzero(rows.place == 0)
    for k in range(most):
        dendrites = np.flatnonzero(rows.place == k + 1)
        owners = somata[np.searchsorted(key[somata], key[dendrites])]
        joined[k, compartment[owners]] = compartment[dendrites]
    return joined


def parts_of(populations: Sequence[Any], numbering: Numbering) -> tuple[Part, ...]:
    """The populations, in pieces where their cells are not neighbours, in the order of their compartments.

    Parameters
    ----------
    populations
        Those that are no spike sources.
    numbering
        Of the whole network.
    """
    parts = []
    owns = numbering.number[numbering.neuron] == np.arange(len(numbering.neuron))
    for population in populations:
        mine = (population.ids[0] <= numbering.neuron) & (numbering.neuron <= population.ids[-1])
        for of_cells, label in ((True, population.label), (False, f"dendrites of {population.label}")):
            numbers = np.flatnonzero(mine & (owns == of_cells))
            cells = numbering.neuron[numbers] - population.ids[0]
            order = np.lexsort((numbers, cells)) if of_cells else np.arange(len(numbers))
            numbers, cells = numbers[order], cells[order]
            begins = (np.diff(numbers, prepend=-2) != 1) | (np.diff(cells, prepend=-2) != 1)
            for first, stop in _stretches(begins) if len(numbers) else []:
                parts.append(Part(label, int(numbers[first]), stop - first, int(cells[first])))
    return tuple(sorted(parts, key=lambda part: part.first))


def _stretches(begins: np.ndarray) -> list[tuple[int, int]]:
    """First and last + 1 of what lies between places where something begins, bool (n,)."""
    places = [*np.flatnonzero(begins).tolist(), len(begins)]
    return list(pairwise(places))
