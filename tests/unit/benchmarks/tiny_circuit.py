"""A circuit that can be counted by hand."""

from __future__ import annotations

import numpy as np

from pynn_backprop.circuit.circuit import Circuit
from pynn_backprop.circuit.connectivity import AllToAll, OneToOne
from pynn_backprop.circuit.parameters import Parameters
from pynn_backprop.circuit.parts import Population, Projection
from pynn_backprop.circuit.published import PublishedSchedule

LENGTH = PublishedSchedule(1).length


def population(name: str, size: int, role: str = "data", layer: int | None = 0) -> Population:
    return Population(name, size, role, layer, tuple(range(LENGTH)), 8192, 1024)


def tiny_circuit() -> Circuit:
    """Two neurons ``a``, each copied to one of two ``b`` after 2 steps; ``a`` to three ``c`` through plastic W1."""
    return Circuit(
        (2, 3),
        PublishedSchedule(1),
        Parameters(),
        (
            population("s", 1, "source"),
            population("a", 2),
            population("b", 2),
            population("c", 3, layer=1),
            population("r", 1, "reinforcement", None),
        ),
        (
            Projection("s", "a", AllToAll(), 1, 600),
            Projection("a", "b", OneToOne(), 2, 520),
            Projection("a", "c", AllToAll(), 1, None, "W1", plastic=True),
            Projection("a", "r", AllToAll(), 1, 9280),
        ),
    )


def spikes(**events: list[tuple[int, int]]) -> dict[str, np.ndarray]:
    """(step, neuron) by population."""
    return {name: np.array(found, np.int64).reshape(-1, 2) for name, found in events.items()}


WEIGHTS = {"W1": np.array([[0, 10, -10], [254, 0, 10]])}
