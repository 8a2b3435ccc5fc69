"""How far a training has come, and what was recorded of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from ..interfaces import RunningCircuit
from ..spikes import Spikes, merged
from ..spikes import Stretch as Stretch
from .curve import Curve


@dataclass
class Progress:
    """How far a training has come; what callbacks get.

    Parameters
    ----------
    samples, epochs : int
        Samples in one epoch, and number of epochs.
    shown : int
        Samples shown so far, in all epochs.
    right : numpy.ndarray of int64, shape (epochs,)
        Right answers in each epoch so far: samples whose most active output was the target (the first one of several),
        before they were learnt; or all of whose outputs were exactly their targets.
    stretches : list of Stretch
        What was recorded.
    seconds, build_seconds : float
        Wall time of the runs so far, and of building the network (the last time, if training was resumed), in s.
    running : RunningCircuit or None
        The running network; ``running.weights()`` reads the present weights.
    curve : Curve
        What is told of every epoch besides; nothing yet if it has no epochs.
    """

    samples: int
    epochs: int
    shown: int = 0
    right: np.ndarray = field(default_factory=lambda: np.zeros(0, np.int64))
    stretches: list[Stretch] = field(default_factory=list)
    seconds: float = 0.0
    build_seconds: float = 0.0
    running: RunningCircuit | None = None
    curve: Curve = field(default_factory=lambda: Curve(0))

    def __post_init__(self) -> None:
        if not self.curve.epochs:
            self.curve = Curve.unknown(self.epochs, -(-self.shown // self.samples))
        self.right = np.concatenate((self.right, np.zeros(self.epochs - len(self.right), np.int64)))

    @property
    def total(self) -> int:
        """Samples in all epochs."""
        return self.samples * self.epochs

    @property
    def ended(self) -> int:
        """Epochs all of whose samples were shown."""
        return self.shown // self.samples

    @property
    def within_epoch(self) -> bool:
        """Whether some, but not all samples of an epoch were shown."""
        return self.shown % self.samples != 0

    @property
    def accuracy(self) -> float:
        """Share of right answers in the current epoch so far."""
        epoch = max(self.shown - 1, 0) // self.samples
        seen = self.shown - epoch * self.samples
        return float(self.right[epoch]) / seen if seen else 0.0

    def count(self, right: np.ndarray, exact: np.ndarray) -> None:
        """Count samples of the present epoch as shown.

        Parameters
        ----------
        right : numpy.ndarray of bool, shape (n,)
            Which of them were answered rightly.
        exact : numpy.ndarray of bool, shape (n,)
            Of which the outputs were exactly their targets.
        """
        self.right[self.ended] += np.sum(right)
        self.curve.count(self.ended, int(np.sum(~exact)))
        self.shown += len(right)

    def keep(self, first: int, labels: np.ndarray, spikes: Spikes) -> None:
        """Append what was recorded to the last stretch if it continues it, else start a new one.

        Parameters are those of :class:`Stretch`.
        """
        last = self.stretches[-1] if self.stretches else None
        if last is not None and last.first + len(last.labels) == first:
            last.labels = np.concatenate((last.labels, labels))
            last.spikes = merged([last.spikes, spikes])
        else:
            self.stretches.append(Stretch(first, labels, spikes))


Callback = Callable[[Progress], None]
