"""Energy estimated from counts.

The energy of a sample is the sum over the terms of a model (:mod:`benchmarks.measure.energy_model`) of count x cost.
It is an estimate for the device that the model is of, whatever the network ran on: platforms that give the same spikes
have the same estimate.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pynn_backprop.errors import InputError

from ..rows import ESTIMATED, INFERENCE, TRAINING
from .energy_model import EnergyModel, models
from .model_counts import Counts, counts_of_row


@dataclass(frozen=True)
class Estimate:
    """An estimated energy.

    Parameters
    ----------
    model : str
        Name of the model.
    parts : dict[str, float]
        Energy of each term in J a sample.
    covers, leaves_out : str and tuple[str, ...]
        As in the model.
    """

    model: str
    parts: dict[str, float]
    covers: str
    leaves_out: tuple[str, ...]

    @property
    def joule_per_sample(self) -> float:
        """The sum of the parts, in J."""
        return sum(self.parts.values())


def estimate(model: EnergyModel, counts: Counts) -> Estimate:
    """The energy of a sample by a model.

    Raises
    ------
    InputError
        If a count that the model needs is not known.
    """
    missing = [name for name in model.counts if getattr(counts, name) is None]
    if missing:
        raise InputError(f"the energy model {model.name!r} needs {', '.join(missing)}, which the counts do not have")
    parts = {term.part: term.joule * getattr(counts, term.count) for term in model.terms}
    return Estimate(model.name, parts, model.covers, model.leaves_out)


def estimates(row: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The entries of a row's ``energy`` by every model whose counts the row has, in training and in inference.

    Parameters
    ----------
    row : dict-like
        A row of results (:mod:`benchmarks.rows`); one that was not counted has no estimates.

    Returns
    -------
    list of dict
        ``kind``, ``of``, ``by``, ``joule_per_sample``, ``parts`` (J), ``covers``, ``leaves_out``.
    """
    entries = []
    for of in (TRAINING, INFERENCE):
        counts = counts_of_row(row, of)
        for model in models().values():
            if counts is not None and all(getattr(counts, name) is not None for name in model.counts):
                entries.append(_entry(estimate(model, counts), of))
    return entries


def _entry(found: Estimate, of: str) -> dict[str, Any]:
    return {
        "kind": ESTIMATED,
        "of": of,
        "by": found.model,
        "joule_per_sample": found.joule_per_sample,
        "parts": found.parts,
        "covers": found.covers,
        "leaves_out": list(found.leaves_out),
    }
