"""How the populations of a circuit are laid out on a simulator's own: one each, or many fused into one.

A simulator that does a fixed amount of work for each of its objects in each step, as Brian2 does, is many times faster
with two large populations than with thirty small ones.  The circuit, what is recorded and what is read look the same
in either layout.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..checks import check_choice
from ..circuit.circuit import Circuit
from ..circuit.parts import Population, Projection
from ..interfaces import LAYOUTS


@dataclass(frozen=True)
class Group:
    """What becomes one PyNN Population: sources only, or neurons only, one population after the other.

    Parameters
    ----------
    name
        Label of the PyNN Population.
    populations
        The circuit's populations in it.
    """

    name: str
    populations: tuple[Population, ...]

    @property
    def size(self) -> int:
        """Neurons of all its populations."""
        return sum(population.size for population in self.populations)

    @property
    def is_source(self) -> bool:
        """Whether its spikes come from outside."""
        return self.populations[0].role == "source"

    def spread(self, value: Callable[[Population], float]) -> Any:
        """A value of each population, for each of its neurons: a number if there is but one, else shape (size,)."""
        values = [value(population) for population in self.populations]
        return values[0] if len(values) == 1 else np.repeat(values, [p.size for p in self.populations])


@dataclass(frozen=True)
class Bundle:
    """What becomes one PyNN Projection: projections from one group to another, all plastic or none.

    Parameters
    ----------
    pre, post
        Names of the groups.
    projections
        The circuit's projections in it.
    """

    pre: str
    post: str
    projections: tuple[Projection, ...]

    @property
    def is_plastic(self) -> bool:
        """Whether its synapses learn."""
        return self.projections[0].plastic

    @property
    def label(self) -> str:
        """Label of the PyNN Projection."""
        if len(self.projections) == 1:
            return self.projections[0].label
        return f"{self.pre}->{self.post} ({'plastic' if self.is_plastic else 'static'})"


@dataclass(frozen=True)
class Layout:
    """All groups and bundles of a circuit.

    Parameters
    ----------
    groups
        Every population of the circuit is in one of them.
    bundles
        Every projection of the circuit is in one of them.
    """

    groups: tuple[Group, ...]
    bundles: tuple[Bundle, ...]

    def places(self) -> dict[str, tuple[str, slice]]:
        """The group of each population, and where in it its neurons are."""
        found = {}
        for group in self.groups:
            start = 0
            for population in group.populations:
                found[population.name] = group.name, slice(start, start + population.size)
                start += population.size
        return found


def separate(circuit: Circuit) -> Layout:
    """One PyNN Population for each population, one PyNN Projection for each projection."""
    return _arrange(circuit, lambda population: population.name, lambda projection: projection.label)


def fused(circuit: Circuit) -> Layout:
    """All sources in one PyNN Population, all neurons in another, and a PyNN Projection for each kind of synapse."""
    return _arrange(circuit, _side, lambda projection: projection.plastic)


def _side(population: Population) -> str:
    return "sources" if population.role == "source" else "neurons"


def arrange(circuit: Circuit, layout: str) -> Layout:
    """The circuit in the layout of this name, one of :data:`pynn_backprop.interfaces.LAYOUTS`."""
    check_choice("layout", layout, LAYOUTS)
    return fused(circuit) if layout == "fused" else separate(circuit)


def _arrange(
    circuit: Circuit, group_of: Callable[[Population], str], kind_of: Callable[[Projection], object]
) -> Layout:
    groups: dict[str, list[Population]] = {}
    for population in circuit.populations:
        groups.setdefault(group_of(population), []).append(population)
    bundles: dict[tuple[str, str, object], list[Projection]] = {}
    for projection in circuit.projections:
        ends = group_of(circuit[projection.pre]), group_of(circuit[projection.post])
        bundles.setdefault((*ends, kind_of(projection)), []).append(projection)
    return Layout(
        tuple(Group(name, tuple(members)) for name, members in groups.items()),
        tuple(Bundle(pre, post, tuple(members)) for (pre, post, _), members in bundles.items()),
    )
