"""What is told of every epoch of a training: its learning curve."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from ..weights import Weights

UNKNOWN = -1
"""Error samples of an epoch that was begun by a version which did not count them."""

NAMES: Mapping[str, str] = {
    "error_samples": "error_samples_by_epoch",
    "weights_changed": "weights_changed_by_epoch",
    "weights_at_bound": "weights_at_bound_by_epoch",
    "validation": "validation_by_epoch",
}
"""Fields of a :class:`Curve` and their names in ``metrics.json``."""


@dataclass
class Curve:
    """What is told of every epoch besides right answers; each array has shape (epochs,).

    Parameters
    ----------
    epochs : int
        How many there are.
    error_samples : numpy.ndarray of int64
        Samples of the epoch so far whose outputs were not exactly their targets before they were learnt;
        :data:`UNKNOWN` where they were not counted.
    weights_changed : numpy.ndarray of float64
        Share of the weights, of all matrices together, that at the end of the epoch are other than at its start; NaN
        before its end, and where it is not known.
    weights_at_bound : numpy.ndarray of float64
        Share of the weights that are w_max or -w_max at the end of the epoch; NaN likewise.
    validation : numpy.ndarray of float64
        Share of the samples that were held out that is answered rightly after the epoch; NaN likewise.
    before : Mapping of str to numpy.ndarray of int64, optional
        The weights at the start of the present epoch; None if they are not known.
    """

    epochs: int
    error_samples: np.ndarray = field(default_factory=lambda: np.zeros(0, np.int64))
    weights_changed: np.ndarray = field(default_factory=lambda: np.zeros(0))
    weights_at_bound: np.ndarray = field(default_factory=lambda: np.zeros(0))
    validation: np.ndarray = field(default_factory=lambda: np.zeros(0))
    before: Weights | None = None

    def __post_init__(self) -> None:
        for name in NAMES:
            known = getattr(self, name)
            later = np.full(self.epochs - len(known), 0 if known.dtype.kind == "i" else np.nan, known.dtype)
            setattr(self, name, np.concatenate((known, later)))

    @classmethod
    def unknown(cls, epochs: int, begun: int) -> Curve:
        """That of a training of which nothing was told yet.

        Parameters
        ----------
        epochs : int
            How many there are.
        begun : int
            How many of them were begun before.
        """
        return cls(epochs, np.full(begun, UNKNOWN, np.int64))

    def count(self, epoch: int, errors: int) -> None:
        """Count error samples of an epoch, from 0."""
        if self.error_samples[epoch] != UNKNOWN:
            self.error_samples[epoch] += errors

    def end(self, epoch: int, weights: Weights, w_max: int) -> None:
        """Note the weights at the end of an epoch, from 0, of which none is beyond `w_max`."""
        total = sum(matrix.size for matrix in weights.values())
        if self.before is not None:
            changed = sum(int(np.sum(matrix != self.before[name])) for name, matrix in weights.items())
            self.weights_changed[epoch] = changed / total
        bound = sum(int(np.sum(np.abs(matrix) >= w_max)) for matrix in weights.values())
        self.weights_at_bound[epoch] = bound / total
        self.before = weights

    def as_dict(self, epochs: int) -> dict[str, Any]:
        """The first epochs, as plain lists with None for what is not known; a score that no epoch has is left out."""
        known: dict[str, Any] = {}
        for name, title in NAMES.items():
            values = getattr(self, name)[:epochs].tolist()
            known[title] = [None if value == UNKNOWN or value != value else value for value in values]
        if np.isnan(self.validation).all():
            del known[NAMES["validation"]]
        return known
