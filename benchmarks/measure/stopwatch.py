"""Times what a platform does, stage by stage, and reads an energy meter around it."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from pynn_backprop.circuit.circuit import Circuit
from pynn_backprop.interfaces import Platform, Response, RunningCircuit, spikes_of
from pynn_backprop.spikes import Spikes
from pynn_backprop.weights import Weights

from ..meters.base import Meter
from ..rows import BUILD, BUILD_TEST, STAGE, STAGES, TEST, TRAIN


class Watch:
    """Seconds and joules of each stage of each repeat.

    Parameters
    ----------
    meter : Meter or None
        Where energy is read; None if there is no meter.
    """

    def __init__(self, meter: Meter | None = None) -> None:
        self.meter = meter
        self.seconds: dict[str, list[float]] = {stage: [] for stage in STAGES}
        self.joules: dict[str, list[float]] = {stage: [] for stage in STAGES}

    def new_repeat(self) -> None:
        """What is timed from here on belongs to another repeat."""
        for stage in STAGES:
            self.seconds[stage].append(0.0)
            self.joules[stage].append(0.0)

    @contextlib.contextmanager
    def time(self, stage: str) -> Iterator[None]:
        """Time the body of a ``with`` statement; a stage may come in several pieces."""
        joule = self.meter.read() if self.meter else 0.0
        start = time.perf_counter()
        try:
            yield
        finally:
            self.seconds[stage][-1] += time.perf_counter() - start
            self.joules[stage][-1] += (self.meter.read() - joule) if self.meter else 0.0

    def energy(self, samples: dict[str, int]) -> list[dict[str, Any]]:
        """Entries for a row: the median over repeats, per sample; `samples` says how many each stage shows."""
        if self.meter is None:
            return []
        return [
            {
                "kind": self.meter.kind,
                "by": self.meter.name,
                "of": phase,
                "joule_per_sample": float(np.median(self.joules[stage])) / samples[stage],
                "repeats_joule_per_sample": [joule / samples[stage] for joule in self.joules[stage]],
                "covers": self.meter.covers,
            }
            for phase, stage in STAGE.items()
        ]


class WatchedPlatform:
    """A platform whose running circuits are timed: building them, training and answering, each apart.

    Parameters
    ----------
    platform : Platform
        Where.
    watch : Watch
        What times it.
    """

    def __init__(self, platform: Platform, watch: Watch) -> None:
        self.name, self.samples_per_run = platform.name, platform.samples_per_run
        self._platform, self._watch = platform, watch

    def build(self, circuit: Circuit, weights: Weights, record: Sequence[str] = ()) -> RunningCircuit:
        """See :meth:`pynn_backprop.platforms.Platform.build`."""
        with self._watch.time(BUILD if circuit.schedule.training else BUILD_TEST):
            return _WatchedCircuit(self._platform.build(circuit, weights, record), self._watch)

    def describe(self) -> dict[str, str]:
        """See :meth:`pynn_backprop.platforms.Platform.describe`."""
        return self._platform.describe()


class _WatchedCircuit:
    """A running circuit whose runs are timed."""

    def __init__(self, running: RunningCircuit, watch: Watch) -> None:
        self._running, self._watch = running, watch

    def train(self, x: np.ndarray, labels: np.ndarray) -> Response:
        with self._watch.time(TRAIN):
            return self._running.train(x, labels)

    def infer(self, x: np.ndarray) -> Response:
        with self._watch.time(TEST):
            return self._running.infer(x)

    def weights(self) -> Weights:
        return self._running.weights()

    def check_copies(self) -> None:
        self._running.check_copies()

    def skip(self, samples: int) -> None:
        self._running.skip(samples)

    def take_spikes(self) -> Spikes:
        return spikes_of(self._running)

    def close(self) -> None:
        self._running.close()
