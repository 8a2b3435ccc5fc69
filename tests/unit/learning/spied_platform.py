"""The rule, or the step simulator, that notes what it is shown; and a small training on it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from pynn_backprop.circuit.circuit import Circuit
from pynn_backprop.circuit.inference import inference_circuit
from pynn_backprop.circuit.parameters import Parameters
from pynn_backprop.circuit.training import training_circuit
from pynn_backprop.interfaces import Response, RunningCircuit
from pynn_backprop.learning.presentation import Presentation, Record
from pynn_backprop.learning.progress import Progress
from pynn_backprop.learning.training import Trainer
from pynn_backprop.platforms import ReferencePlatform
from pynn_backprop.spikes import Spikes
from pynn_backprop.weights import Weights

SMALL = Parameters(theta=64)
SIZES = (6, 5, 3)
N, EPOCHS, SEED = 23, 3, 5
CIRCUIT = training_circuit(SIZES, SMALL)
ASKING = inference_circuit(SIZES, SMALL, probe=True)
X = np.random.default_rng(0).random((N, SIZES[0])) < 0.5
LABELS = np.random.default_rng(1).integers(0, SIZES[-1], N)
WEIGHTS = {f"W{k}": np.random.default_rng(k).integers(-100, 100, SIZES[k - 1 : k + 1]) for k in (1, 2)}
PRESENTATION = Presentation(EPOCHS, SEED)


class SpiedCircuit:
    """A running circuit that notes what it is shown."""

    def __init__(self, running: RunningCircuit) -> None:
        self.running = running
        self.runs: list[tuple[np.ndarray, np.ndarray]] = []
        self.skipped = 0
        self.closed = False

    def train(self, x: np.ndarray, labels: np.ndarray) -> Response:
        self.runs.append((x, labels))
        return self.running.train(x, labels)

    def infer(self, x: np.ndarray) -> Response:
        self.runs.append((x, np.zeros(0, int)))
        return self.running.infer(x)

    def weights(self) -> Weights:
        return self.running.weights()

    def take_spikes(self) -> Spikes:
        return self.running.take_spikes()

    def check_copies(self) -> None:
        self.running.check_copies()

    def skip(self, samples: int) -> None:
        self.skipped += samples
        self.running.skip(samples)

    def close(self) -> None:
        self.closed = True


class SpiedPlatform(ReferencePlatform):
    def __init__(self, samples_per_run: int = 7) -> None:
        super().__init__()
        self.samples_per_run = samples_per_run
        self.built: list[SpiedCircuit] = []
        self.given: list[Weights] = []

    def build(self, circuit: Circuit, weights: Weights, record: Sequence[str] = ()) -> SpiedCircuit:
        self.built.append(SpiedCircuit(super().build(circuit, weights, record)))
        self.given.append(weights)
        return self.built[-1]

    @property
    def lengths(self) -> list[int]:
        """Samples in each run."""
        return [len(labels) for running in self.built for _, labels in running.runs]

    @property
    def shown(self) -> tuple[np.ndarray, np.ndarray]:
        """All samples and labels that were shown, in order."""
        x, labels = zip(*(run for running in self.built for run in running.runs), strict=True)
        return np.concatenate(x), np.concatenate(labels)


def trained(
    platform: SpiedPlatform | None = None,
    presentation: Presentation = PRESENTATION,
    record: Record = Record(),  # noqa: B008
    weights: Weights = WEIGHTS,
    **options: Any,
) -> tuple[Weights, Progress]:
    return Trainer(platform or SpiedPlatform(), CIRCUIT, presentation, record).train(X, LABELS, weights, **options)


def trained_until(cut: int, **options: Any) -> tuple[Weights, Progress]:
    """Interrupted after `cut` samples."""
    seen: list[int] = []
    note: Callable[[Progress], None] = lambda progress: seen.append(progress.shown)  # noqa: E731
    return trained(stop_at=[cut], callbacks=[note], interrupted=lambda: seen[-1] == cut, **options)


def assert_equal_weights(one: Weights, other: Weights) -> None:
    assert list(one) == list(other)
    for name, matrix in one.items():
        np.testing.assert_array_equal(matrix, other[name], err_msg=name)
