"""A circuit that answers, on an engine that runs a network from rest: the emulation of the arithmetic, or a board."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from typing import Protocol

import numpy as np

from pynn_backprop.checks import check_count, checked_samples, checked_sources
from pynn_backprop.circuit.circuit import Circuit
from pynn_backprop.circuit.parts import PROBE
from pynn_backprop.errors import InputError
from pynn_backprop.interfaces import Response
from pynn_backprop.spikes import Spikes
from pynn_backprop.weights import Weights

from .engines.emulator import Recorded
from .engines.presenting import Presentation
from .learning import REASON


class Engine(Protocol):
    """Runs a network from rest."""

    def run(self, spikes: Spikes, steps: int, watched: str | None = None) -> Recorded:
        """See :meth:`hardware.spinnaker.engines.emulator.Emulator.run`."""


class RunningNetwork:
    """See :class:`pynn_backprop.interfaces.RunningCircuit`.

    Neurons have no memory, so that samples can be shown in runs that each begin from rest.

    Parameters
    ----------
    circuit
        What runs.
    weights
        Its matrices.
    engine
        Where.
    record
        Names of the populations whose spikes are kept.
    """

    def __init__(self, circuit: Circuit, weights: Weights, engine: Engine, record: Iterable[str] = ()) -> None:
        self.circuit = circuit
        self.recorded = tuple(circuit[name].name for name in record)
        self._weights, self._engine = weights, engine
        self._shown = self._skipped = 0
        self._spikes: dict[str, list[np.ndarray]] = {name: [] for name in self.recorded}

    def train(self, x: np.ndarray, labels: np.ndarray) -> Response:
        """Refuse: nothing learns there.

        Raises
        ------
        InputError
            Always, with the reason.
        """
        raise InputError(f"a circuit can't be trained on SpiNNaker: {REASON}")

    def infer(self, x: np.ndarray) -> Response:
        """Answer samples, bool (n, n_in)."""
        x = checked_samples(x, self.circuit.neurons[0])
        check_count("the number of samples", len(x))
        return self._present({"input": x})

    def show(self, sources: dict[str, np.ndarray]) -> None:
        """Show samples to any circuit: which neurons of each source fire, bool of shape (n_samples, size) by name."""
        checked_sources(sources, {source.name: source.size for source in self.circuit.sources})
        self._present(sources)

    def skip(self, samples: int) -> None:
        """Go on as if this many samples had been shown before."""
        self._skipped += check_count("samples", samples, 0)

    def _present(self, sources: dict[str, np.ndarray]) -> Response:
        circuit = self.circuit
        shown = Presentation(circuit, sources, self._skipped + self._shown, self._shown)
        done = self._engine.run(shown.spikes(), shown.steps, PROBE if PROBE in circuit else None)
        self._shown += shown.n_samples
        self._tell_saturation(done)
        for name in self.recorded:
            self._spikes[name].append(shown.in_circuit_time(done.spikes[name]))
        n_out = circuit.neurons[-1] if circuit.matrices else 0
        outputs = shown.counted(done.spikes["o"], n_out) > 0 if n_out else np.zeros((shown.n_samples, 0), bool)
        readout = sum(
            (shown.counted(done.spikes[name], n_out) for name in circuit.readout), np.zeros_like(outputs, int)
        )
        potentials = None
        if done.potentials is not None:
            potentials = np.rint(done.potentials[shown.answered]).astype(np.int64)
        return Response(outputs, potentials, readout if circuit.readout else None)

    def _tell_saturation(self, done: Recorded) -> None:
        full = {label: sum(counts) for label, counts in done.saturated.items() if sum(counts)}
        if full:
            logging.getLogger(__name__).warning(
                "ring buffers were full when weights were added: %s",
                ", ".join(f"{count:,} times at {label}" for label, count in full.items()),
            )

    def take_spikes(self) -> Spikes:
        """The spikes of the recorded populations since this was last called, in circuit time."""
        nothing = np.zeros((0, 2), np.int64)
        taken = {name: np.concatenate([nothing, *parts]) for name, parts in self._spikes.items()}
        self._spikes = {name: [] for name in self.recorded}
        return taken

    def weights(self) -> Weights:
        """The weight matrices, which stay as they are."""
        return {name: np.array(matrix, np.int64) for name, matrix in self._weights.items()}

    def check_copies(self) -> None:
        """Nothing to check: no copy changes."""

    def close(self) -> None:
        """Nothing to free: an engine ends its processes after each run."""
