"""A peer in PyTorch: layers of spiking neurons, unrolled through time and trained with surrogate gradients.

The network has the case's layers; the input fires in every one of :data:`STEPS` steps, as many as the published circuit
takes for a sample.  A library brings its neurons, how an answer is read, and the loss.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from pynn_backprop.errors import PlatformError

from ...rows import TEST, TRAIN
from ..base import Task
from .peer import BATCHES, dense_macs, effective_operations, macs_of_backpropagation

STEPS = 12

ANSWERED_AT_ONCE = 250

Cell = Callable[[Any, Any], tuple[Any, Any, Any]]
"""Takes what arrives at a layer and its state (None at first); gives its spikes, its state and its potentials."""

Steps = Sequence[Any]
"""Spikes or potentials of the last layer by step, each of shape (samples, outputs)."""


@dataclass(frozen=True)
class Library:
    """What a library brings.

    Parameters
    ----------
    cells : Callable[[int], list[Cell]]
        Neurons of so many layers, fresh ones.
    score : Callable[[Steps, Steps], Any]
        From spikes and potentials of the last layer to a score of each class, (samples, outputs); the highest answers.
    loss : Callable[[Steps, Any], Any]
        From potentials of the last layer and labels to what is to become small.
    """

    cells: Callable[[int], list[Cell]]
    score: Callable[[Steps, Steps], Any]
    loss: Callable[[Steps, Any], Any]


class Unrolled:
    """Layers of neurons between full matrices, trained by Adam; a :class:`~benchmarks.platforms.kinds.peer.Learner`.

    Parameters
    ----------
    load : Callable[[], Library]
        Imports the library.
    name : str
        What it is called where it is missing.
    task : Task
        What is learnt.
    rate : float
        The learning rate.
    """

    def __init__(self, load: Callable[[], Library], name: str, task: Task, rate: float) -> None:
        try:
            import torch

            self.library = load()
        except ImportError as error:
            raise PlatformError(f"{name} and PyTorch are needed: pip install 'pynn_backprop[peers]'") from error
        torch.set_num_threads(task.threads)
        torch.manual_seed(task.seed)
        self.torch, self.sizes, self.batch = torch, task.units, BATCHES[task.variant]
        pairs = zip(self.sizes[:-1], self.sizes[1:], strict=True)
        self.layers = torch.nn.ModuleList(torch.nn.Linear(pre, post) for pre, post in pairs)
        self.cells = self.library.cells(len(self.layers))
        self.optimiser = torch.optim.Adam(self.layers.parameters(), lr=rate, betas=(0.9, 0.999))

    def _steps(self, x: Any) -> tuple[list[list[Any]], list[list[Any]]]:
        """Spikes and potentials by step and layer; samples come first in each tensor."""
        states: list[Any] = [None] * len(self.cells)
        all_spikes, all_potentials = [], []
        for _ in range(STEPS):
            spikes, potentials, arriving = [], [], x
            for k, (layer, cell) in enumerate(zip(self.layers, self.cells, strict=True)):
                arriving, states[k], potential = cell(layer(arriving), states[k])
                spikes.append(arriving)
                potentials.append(potential)
            all_spikes.append(spikes)
            all_potentials.append(potentials)
        return all_spikes, all_potentials

    def learn(self, x: np.ndarray, labels: np.ndarray) -> None:
        """See :class:`~benchmarks.platforms.kinds.peer.Learner`."""
        torch = self.torch
        values, targets = torch.from_numpy(x.astype(np.float32)), torch.from_numpy(labels)
        for first in range(0, len(x), self.batch):
            last = first + self.batch
            _, potentials = self._steps(values[first:last])
            loss = self.library.loss([step[-1] for step in potentials], targets[first:last])
            self.optimiser.zero_grad()
            loss.backward()
            self.optimiser.step()

    def answer(self, x: np.ndarray) -> np.ndarray:
        """See :class:`~benchmarks.platforms.kinds.peer.Learner`."""
        answers = [np.zeros(0, np.int64)]
        with self.torch.no_grad():
            for first in range(0, len(x), ANSWERED_AT_ONCE):
                values = self.torch.from_numpy(x[first : first + ANSWERED_AT_ONCE].astype(np.float32))
                last = ([step[-1] for step in steps] for steps in self._steps(values))
                answers.append(self.library.score(*last).argmax(dim=1).numpy())
        return np.concatenate(answers)

    def neurobench(self, x: np.ndarray) -> dict[str, Any]:
        """See :class:`~benchmarks.platforms.kinds.peer.Learner`."""
        matrices = [layer.weight.detach().numpy().T for layer in self.layers]
        with self.torch.no_grad():
            spikes, potentials = self._steps(self.torch.from_numpy(x.astype(np.float32)))
        operations, fired, updates = 0, 0, 0
        before = [np.zeros_like(potential.numpy()) for potential in potentials[0]]
        for step, held in zip(spikes, potentials, strict=True):
            activity = [x, *(layer.numpy() for layer in step)]
            operations += sum(effective_operations(a, m) for a, m in zip(activity[:-1], matrices, strict=True))
            fired += sum(int(np.count_nonzero(a)) for a in activity[1:])
            now = [potential.numpy() for potential in held]
            updates += sum(int(np.count_nonzero(b != n)) for b, n in zip(before, now, strict=True))
            before = now
        return {
            "Footprint": sum(p.numel() * p.element_size() for p in self.layers.parameters()),
            "ConnectionSparsity": sum(int(np.sum(m == 0)) for m in matrices) / dense_macs(self.sizes),
            "ActivationSparsity": 1.0 - fired / (sum(self.sizes[1:]) * STEPS * len(x)),
            "SynapticOperations": {
                "Effective_ACs": operations / len(x),
                "Effective_MACs": 0.0,
                "Dense": dense_macs(self.sizes) * STEPS,
            },
            "MembraneUpdates": updates / len(x),
        }

    def macs(self) -> dict[str, int]:
        """See :class:`~benchmarks.platforms.kinds.peer.Learner`."""
        return {TRAIN: STEPS * macs_of_backpropagation(self.sizes), TEST: STEPS * dense_macs(self.sizes)}
