"""What a checkpoint of a run must hold besides weights and counts: whose it is, and the stretches recorded so far."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

import numpy as np

from ..circuit.circuit import Circuit
from ..data.samples import Samples
from ..errors import InputError
from ..learning.presentation import Presentation, Record
from ..learning.progress import Progress, Stretch
from .config import RunConfig

FREE = ("threads", "variant", "layout", "checkpoint_every", "data")
"""Choices that decide no result, and the place of the data, whose content has a sum of its own."""

SPARE_BYTES = 2**20

_NEWER = {field.name for field in fields(RunConfig)} - RunConfig.needed()


def identity_of(config: RunConfig, circuit: Circuit, samples: Samples) -> dict[str, Any]:
    """Everything that decides where a run comes to, as JSON has it."""
    chosen = {name: value for name, value in config.as_dict().items() if name not in FREE}
    whole = {**chosen, "layer_sizes": list(circuit.neurons), "samples_sha256": samples.fingerprint}
    return dict(json.loads(json.dumps(whole)))


@dataclass(frozen=True)
class Expected:
    """What the checkpoints of a run must fit.

    Parameters
    ----------
    circuit : Circuit
        What is trained.
    presentation : Presentation
        In which order.
    record : Record
        What is recorded.
    labels : numpy.ndarray of int, shape (n_samples,)
        Of the training samples.
    identity : Mapping of str to object
        See :func:`identity_of`.
    """

    circuit: Circuit
    presentation: Presentation
    record: Record
    labels: np.ndarray
    identity: Mapping[str, Any]

    @property
    def most_bytes(self) -> int:
        """No checkpoint of the run has more in its arrays: as if all recorded neurons fired in every step."""
        matrices = sum(8 * n_pre * n_post for n_pre, n_post in self.circuit.matrices.values())
        recorded = min(2 * self.record.samples, len(self.labels) * self.presentation.epochs)
        neurons = sum(self.circuit[name].size for name in self.record.populations)
        spikes = 16 * recorded * self.circuit.schedule.length * neurons
        return matrices + spikes + 8 * (recorded + self.presentation.epochs) + SPARE_BYTES

    def check_identity(self, written: str) -> None:
        """Refuse the checkpoint of another run.

        Raises
        ------
        InputError
            Names the choices that differ.
        """
        try:
            found = json.loads(written)
        except (ValueError, RecursionError):
            found = None
        if not isinstance(found, dict):
            raise InputError("it does not say of which run it is")
        # A choice that older versions did not have is what it was then, whatever is chosen by default today.
        known = [name for name in self.identity if name in found or name not in _NEWER]
        other = [name for name in {**dict.fromkeys(known), **found} if found.get(name) != self.identity.get(name)]
        if other:
            words = ", ".join(
                f"{name} is {found.get(name)!r} there but {self.identity.get(name)!r} here" for name in other
            )
            raise InputError(f"it belongs to another run: {words}")

    def check_stretches(self, progress: Progress) -> None:
        """Refuse recorded stretches that this run can't have recorded by now.

        Raises
        ------
        InputError
            Says what is wrong with which of them.
        """
        wanted = list(self._stretches(progress.shown))
        found = [(stretch.first, len(stretch.labels)) for stretch in progress.stretches]
        if found != wanted:
            raise InputError(f"it holds recorded samples (first, number) {found} but must hold {wanted}")
        for k, stretch in enumerate(progress.stretches):
            self._check_labels(k, stretch)
            if set(stretch.spikes) != set(self.record.populations):
                held, names = ", ".join(sorted(stretch.spikes)), ", ".join(sorted(self.record.populations))
                raise InputError(f"stretch {k} holds spikes of {held or 'nothing'} but must hold those of {names}")
            for name, table in stretch.spikes.items():
                self._check_table(f"{k}/spikes/{name}", name, table, stretch)

    def _stretches(self, shown: int) -> Iterator[tuple[int, int]]:
        """First sample and number of samples of each stretch."""
        begin = 0
        for end, recorded in self.record.legs(0, len(self.labels) * self.presentation.epochs):
            if recorded and shown > begin:
                yield begin, min(end, shown) - begin
            begin = end

    def _check_labels(self, k: int, stretch: Stretch) -> None:
        shown = stretch.first + np.arange(len(stretch.labels))
        epochs, places = np.divmod(shown, len(self.labels))
        right = np.empty(len(shown), np.int64)
        for epoch in np.unique(epochs):
            order = self.presentation.order(len(self.labels), int(epoch))
            right[epochs == epoch] = self.labels[order[places[epochs == epoch]]]
        if stretch.labels.shape != right.shape or stretch.labels.dtype.kind not in "iu":
            raise InputError(f"{k}/labels is {stretch.labels.dtype} of shape {stretch.labels.shape}")
        wrong = np.flatnonzero(stretch.labels != right)
        if len(wrong):
            i = int(wrong[0])
            raise InputError(f"{k}/labels[{i}] is {stretch.labels[i]} but that sample has the label {right[i]}")

    def _check_table(self, title: str, name: str, table: np.ndarray, stretch: Stretch) -> None:
        if table.ndim != 2 or table.shape[1] != 2 or table.dtype.kind not in "iu":
            raise InputError(f"{title} is {table.dtype} of shape {table.shape} but must be integers of shape (n, 2)")
        length, size = self.circuit.schedule.length, self.circuit[name].size
        first, last = (stretch.first + 1) * length, (stretch.first + len(stretch.labels) + 1) * length
        for column, what, least, most in ((0, "step", first, last), (1, "neuron", 0, size)):
            outside = np.flatnonzero((table[:, column] < least) | (table[:, column] >= most))
            if len(outside):
                value = table[outside[0], column]
                raise InputError(f"{title} has a spike of {what} {value} but must have them from {least} to {most - 1}")


def stretches_in(arrays: Mapping[str, np.ndarray]) -> list[Stretch]:
    """The stretches among the arrays of a checkpoint."""
    found: list[Stretch] = []
    while f"{len(found)}/first" in arrays:
        k = len(found)
        prefix = f"{k}/spikes/"
        spikes = {name[len(prefix) :]: table for name, table in arrays.items() if name.startswith(prefix)}
        found.append(Stretch(int(arrays[f"{k}/first"]), arrays[f"{k}/labels"], spikes))
    return found


def as_arrays(stretches: Sequence[Stretch]) -> dict[str, np.ndarray]:
    """The inverse of :func:`stretches_in`."""
    arrays: dict[str, np.ndarray] = {}
    for k, stretch in enumerate(stretches):
        arrays[f"{k}/first"], arrays[f"{k}/labels"] = np.array(stretch.first), stretch.labels
        arrays |= {f"{k}/spikes/{name}": table for name, table in stretch.spikes.items()}
    return arrays
