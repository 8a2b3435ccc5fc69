"""What all platforms of a comparison are to do."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..checks import check_count
from ..circuit.circuit import Circuit
from ..circuit.parts import PROBE
from ..data.samples import Samples
from ..learning.evaluation import answering_circuit
from ..learning.presentation import Presentation

TRAINING, INFERENCE = "training", "inference"
"""The two passes."""


@dataclass(frozen=True, eq=False)
class Task:
    """One pass: samples that a circuit is shown.

    Parameters
    ----------
    circuit : Circuit
        What is shown them.
    record : tuple of str
        The populations whose spikes are compared.
    x : numpy.ndarray of bool, shape (n, n_in)
        Which input neurons fire.
    labels : numpy.ndarray of int64, shape (n,)
        What is to be learnt or answered.
    learning : bool
        Whether it is training.
    """

    circuit: Circuit
    record: tuple[str, ...]
    x: np.ndarray
    labels: np.ndarray
    learning: bool

    @property
    def what(self) -> str:
        """:data:`TRAINING` or :data:`INFERENCE`."""
        return TRAINING if self.learning else INFERENCE

    def steps(self, first: int, stop: int) -> tuple[int, int]:
        """The first of the steps in which samples `first` to `stop` - 1 are shown, and the one behind the last."""
        length = self.circuit.schedule.length
        return (first + 1) * length, (stop + 1) * length


def tasks_of(
    circuit: Circuit, samples: Samples, presentation: Presentation, readout_levels: int = 1
) -> tuple[Task, Task]:
    """To learn the training samples, in the order of the first epoch, and to answer the test samples.

    Raises
    ------
    InputError
        If there are no samples.
    """
    check_count("the number of samples", len(samples.x_train))
    check_count("the number of test samples", len(samples.x_test))
    order = presentation.order(len(samples.x_train), epoch=0)
    asking = answering_circuit(circuit, readout_levels)
    return (
        Task(circuit, _recorded(circuit), presentation.shown(samples.x_train, 0, order), samples.y_train[order], True),
        Task(asking, _recorded(asking), samples.x_test, samples.y_test, learning=False),
    )


def _recorded(circuit: Circuit) -> tuple[str, ...]:
    """All populations that can fire while samples are shown.

    The probe is there for its potential, and ``start`` fires once, in the cycle before the first sample.
    """
    return tuple(p.name for p in circuit.populations if p.name not in (PROBE, "start"))
