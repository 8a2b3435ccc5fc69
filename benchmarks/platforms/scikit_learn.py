"""A peer: scikit-learn's multilayer perceptron in floating point, rectified hidden units, Adam."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..rows import TEST, TRAIN
from .base import Task
from .kinds.peer import BATCHES, dense_macs, effective_operations, macs_of_backpropagation, peer, versions_of


class _Perceptron:
    """scikit-learn's defaults but for size, batch, learning rate and the given order."""

    def __init__(self, task: Task, rate: float) -> None:
        from sklearn.neural_network import MLPClassifier

        self.sizes, self.batch = task.units, BATCHES[task.variant]
        self.network = MLPClassifier(
            hidden_layer_sizes=self.sizes[1:-1],
            batch_size=self.batch,
            shuffle=False,
            learning_rate_init=rate,
            random_state=task.seed,
        )

    def learn(self, x: np.ndarray, labels: np.ndarray) -> None:
        self.network.batch_size = min(self.batch, len(x))
        self.network.partial_fit(x.astype(np.float32), labels, classes=np.arange(self.sizes[-1]))

    def answer(self, x: np.ndarray) -> np.ndarray:
        answers: np.ndarray = self.network.predict(x.astype(np.float32))
        return answers

    def neurobench(self, x: np.ndarray) -> dict[str, Any]:
        matrices, biases = self.network.coefs_, self.network.intercepts_
        hidden: list[np.ndarray] = [x.astype(np.float32)]
        for matrix, bias in zip(matrices[:-1], biases[:-1], strict=True):
            hidden.append(np.maximum(hidden[-1] @ matrix + bias, 0.0))
        activities = np.concatenate([values.ravel() for values in hidden[1:]] or [np.ones(1)])
        operations = [effective_operations(a, m) for a, m in zip(hidden, matrices, strict=True)]
        return {
            "Footprint": sum(array.nbytes for array in (*matrices, *biases)),
            "ConnectionSparsity": sum(int(np.sum(m == 0)) for m in matrices) / dense_macs(self.sizes),
            "ActivationSparsity": float(np.mean(activities == 0)),
            "SynapticOperations": {
                # The input is 0 or 1, so the first layer only adds.
                "Effective_ACs": operations[0] / len(x),
                "Effective_MACs": sum(operations[1:]) / len(x),
                "Dense": dense_macs(self.sizes),
            },
            "MembraneUpdates": 0,
        }

    def macs(self) -> dict[str, int]:
        return {TRAIN: macs_of_backpropagation(self.sizes), TEST: dense_macs(self.sizes)}


PLATFORM = peer(
    "scikit-learn",
    "multilayer perceptron in floating point",
    tuple(BATCHES),
    _Perceptron,
    versions_of("scikit-learn"),
    rates=(1e-3, 3e-4, 1e-4, 3e-3),
)
