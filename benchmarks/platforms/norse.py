"""A peer: a spiking network in Norse, trained with surrogate gradients through time.

Hidden neurons are Norse's leaky integrate-and-fire neurons with currents that decay, outputs leaky integrators that do
not fire.  The class is the output whose potential was the highest at any time; the loss on it, the neurons' parameters
and the first learning rate are those of Norse's example on MNIST.
"""

from __future__ import annotations

import functools
from typing import Any

from .kinds.peer import BATCHES, peer, versions_of
from .kinds.unrolled import Cell, Library, Steps, Unrolled

RATES = (2e-3, 5e-4, 2e-4, 5e-3)
"""That of the example first."""


def _load() -> Library:
    import norse.torch as norse
    import torch

    entropy = torch.nn.CrossEntropyLoss()

    def cells(layers: int) -> list[Cell]:
        return [*(_cell(norse.LIFCell(), fires=True) for _ in range(layers - 1)), _cell(norse.LICell(), fires=False)]

    def highest(potentials: Steps) -> Any:
        return torch.stack(list(potentials)).max(dim=0).values

    return Library(
        cells,
        lambda spikes, potentials: highest(potentials),
        lambda potentials, labels: entropy(highest(potentials), labels),
    )


def _cell(neuron: Any, fires: bool) -> Cell:
    def step(arriving: Any, state: Any) -> tuple[Any, Any, Any]:
        out, now = neuron(arriving, state)
        # An integrator gives its potential on, and has no spikes.
        return out if fires else out * 0, now, now.v

    return step


PLATFORM = peer(
    "norse",
    "leaky spiking network with decaying currents, surrogate gradients",
    tuple(BATCHES),
    functools.partial(Unrolled, _load, "Norse"),
    versions_of("norse", "torch"),
    RATES,
)
