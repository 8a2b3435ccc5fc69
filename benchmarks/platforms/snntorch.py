"""A peer: a spiking network in snnTorch, trained with surrogate gradients through time.

Leaky integrate-and-fire neurons; the class is the output that fires most.  The loss, the decay and the optimiser are
those of snnTorch's introductory tutorial on MNIST (number 5).
"""

from __future__ import annotations

import functools
from typing import Any

from .kinds.peer import BATCHES, peer, versions_of
from .kinds.unrolled import Cell, Library, Steps, Unrolled

DECAY = 0.95
RATES = (5e-4, 2e-4, 1.5e-3, 5e-3)
"""That of the tutorial first."""


def _load() -> Library:
    import snntorch
    import torch

    entropy = torch.nn.CrossEntropyLoss()

    def cells(layers: int) -> list[Cell]:
        return [_cell(snntorch.Leaky(beta=DECAY)) for _ in range(layers)]

    def loss(potentials: Steps, labels: Any) -> Any:
        return sum(entropy(step, labels) for step in potentials)

    return Library(cells, lambda spikes, potentials: sum(spikes), loss)


def _cell(neuron: Any) -> Cell:
    def step(arriving: Any, potential: Any) -> tuple[Any, Any, Any]:
        spikes, now = neuron(arriving, neuron.init_leaky() if potential is None else potential)
        return spikes, now, now

    return step


PLATFORM = peer(
    "snntorch",
    "leaky spiking network, surrogate gradients",
    tuple(BATCHES),
    functools.partial(Unrolled, _load, "snnTorch"),
    versions_of("snntorch", "torch"),
    RATES,
)
