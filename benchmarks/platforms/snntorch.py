"""A peer: a spiking network in snnTorch, trained with surrogate gradients through time.

The network has the case's layers of leaky integrate-and-fire neurons; the input fires in every one of :data:`STEPS`
steps, as many as the training circuit takes for a sample.  The class is the output that fires most.  The loss, the
decay and the optimiser are those of snnTorch's introductory tutorial on MNIST (number 5).
"""

from __future__ import annotations

from importlib import metadata
from typing import Any

import numpy as np

from pynn_backprop.errors import PlatformError

from ..rows import TEST, TRAIN
from .base import Task
from .kinds.peer import BATCHES, dense_macs, effective_operations, macs_of_backpropagation, peer

STEPS, DECAY, LEARNING_RATE = 12, 0.95, 5e-4
ANSWERED_AT_ONCE = 250


class _Leaky:
    """Layers of leaky neurons between full matrices."""

    def __init__(self, task: Task) -> None:
        try:
            import snntorch
            import torch
        except ImportError as error:
            raise PlatformError("snnTorch and PyTorch are needed: pip install 'pynn_backprop[peers]'") from error
        torch.set_num_threads(task.threads)
        torch.manual_seed(task.seed)
        self.torch, self.sizes, self.batch = torch, task.units, BATCHES[task.variant]
        pairs = zip(self.sizes[:-1], self.sizes[1:], strict=True)
        self.layers = torch.nn.ModuleList(torch.nn.Linear(pre, post) for pre, post in pairs)
        self.neurons = [snntorch.Leaky(beta=DECAY) for _ in self.layers]
        self.loss = torch.nn.CrossEntropyLoss()
        self.optimiser = torch.optim.Adam(self.layers.parameters(), lr=LEARNING_RATE, betas=(0.9, 0.999))

    def _steps(self, x: Any) -> tuple[list[list[Any]], list[list[Any]]]:
        """Spikes and potentials by step and layer; samples come first in each tensor."""
        potentials = [neuron.init_leaky() for neuron in self.neurons]
        all_spikes, all_potentials = [], []
        for _ in range(STEPS):
            spikes, arriving = [], x
            for k, (layer, neuron) in enumerate(zip(self.layers, self.neurons, strict=True)):
                arriving, potentials[k] = neuron(layer(arriving), potentials[k])
                spikes.append(arriving)
            all_spikes.append(spikes)
            all_potentials.append(list(potentials))
        return all_spikes, all_potentials

    def learn(self, x: np.ndarray, labels: np.ndarray) -> None:
        torch = self.torch
        values, targets = torch.from_numpy(x.astype(np.float32)), torch.from_numpy(labels)
        for first in range(0, len(x), self.batch):
            last = first + self.batch
            _, potentials = self._steps(values[first:last])
            loss = sum(self.loss(step[-1], targets[first:last]) for step in potentials)
            self.optimiser.zero_grad()
            loss.backward()
            self.optimiser.step()

    def answer(self, x: np.ndarray) -> np.ndarray:
        answers = [np.zeros(0, np.int64)]
        with self.torch.no_grad():
            for first in range(0, len(x), ANSWERED_AT_ONCE):
                values = self.torch.from_numpy(x[first : first + ANSWERED_AT_ONCE].astype(np.float32))
                spikes, _ = self._steps(values)
                answers.append(sum(step[-1] for step in spikes).argmax(dim=1).numpy())
        return np.concatenate(answers)

    def neurobench(self, x: np.ndarray) -> dict[str, Any]:
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
        return {TRAIN: STEPS * macs_of_backpropagation(self.sizes), TEST: STEPS * dense_macs(self.sizes)}


def _versions() -> dict[str, str]:
    return {name: metadata.version(name) for name in ("snntorch", "torch")}


PLATFORM = peer("snntorch", "leaky spiking network, surrogate gradients", tuple(BATCHES), _Leaky, _versions)
