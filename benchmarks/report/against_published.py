"""The estimated energy of the published network beside the published one, and why they differ."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from ..measure.energy import estimate
from ..measure.energy_model import models
from ..measure.model_counts import Counts, counts_of_row
from ..rows import INFERENCE, OLDER, TRAINING, is_whole
from .numbers import MICRO, MILLI, PICO
from .published import CASE, LAYER_SIZES, THIS_CIRCUIT, THIS_CIRCUIT_MS

CHIP_STATIC_WATT = 0.104
"""Of a Loihi chip; derived from Frady et al. 2020 (arXiv 2004.12691)."""

COMPARED = {
    TRAINING: ("loihi-events", "loihi-sweep", "loihi-silicon"),
    INFERENCE: ("loihi-events", "loihi-silicon"),
}
"""The models of the chip that the published figures are of; where nothing learns events and sweeps are the same."""


@dataclass(frozen=True)
class Comparison:
    """An estimate beside what was published.

    Parameters
    ----------
    of : str
        ``training`` or ``inference``.
    model : str
        Name of the energy model.
    estimated_mJ, published_mJ : float
        Energy of a sample.
    reason : str
        Why they differ, as far as the counts tell.
    """

    of: str
    model: str
    estimated_mJ: float
    published_mJ: float
    reason: str

    @property
    def ratio(self) -> float:
        """Estimated over published."""
        return self.estimated_mJ / self.published_mJ


def published_networks(rows: Iterable[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """The first row of each form that counted the published network on MNIST; those of whole trainings come first."""
    found: dict[str, Mapping[str, Any]] = {}
    for row in sorted(rows, key=lambda row: not is_whole(row)):
        same = row["case"] == CASE and tuple(row["layer_sizes"]) == LAYER_SIZES
        if same and counts_of_row(row, TRAINING) and "spikes_per_sample" in row["counts"]:
            found.setdefault({**OLDER, **row}["form"], row)
    return list(found.values())


def compare_row(row: Mapping[str, Any]) -> list[Comparison]:
    """The comparisons of a row with the published network; see :func:`compare`."""
    return [one for of in COMPARED for one in compare(of, counts_of_row(row, of))]


def compare(of: str, counts: Counts | None) -> list[Comparison]:
    """The estimates of the Loihi models beside the published energy; none if there are no counts.

    Parameters
    ----------
    of : str
        ``training`` or ``inference``.
    counts : Counts or None
        Counts of a sample of the network 400-400-10 on MNIST.
    """
    if counts is None:
        return []
    found, published = [], THIS_CIRCUIT[of].mJ
    for name in COMPARED[of]:
        if all(getattr(counts, count) is not None for count in models()[name].counts):
            joule = estimate(models()[name], counts).joule_per_sample
            reason = _REASONS[of, name](counts, joule, published * MILLI)
            found.append(Comparison(of, name, joule / MILLI, published, reason))
    return found


def _learning_by_events(counts: Counts, joule: float, published: float) -> str:
    return (
        f"Only the {counts.plastic_updates:,.0f} synapses whose two neurons fire together are charged for learning. "
        f"The measured chip used {published / joule:.0f} times as much, so events alone do not explain it."
    )


def _learning_by_sweeps(counts: Counts, joule: float, published: float) -> str:
    sweeps = counts.plastic_sweeps
    assert sweeps is not None
    term = next(term for term in models()["loihi-sweep"].terms if term.count == "plastic_sweeps")
    rest = joule - term.joule * sweeps
    fitting = (published - rest) / sweeps / PICO
    return (
        f"Every plastic synapse is visited in each step: {sweeps:,.0f} visits at {term.value:g} pJ, a pairwise STDP "
        f"update by the designers' simulation. {fitting:.0f} pJ a visit would give the published figure, if it holds "
        f"no static power ({_static_joule(TRAINING) / MILLI:.2f} mJ of a whole chip). It is the only one of these "
        "models that comes near, which speaks for sweeps and is no proof of them."
    )


def _fixed_weights(counts: Counts, joule: float, published: float) -> str:
    return (
        "The same circuit with fixed weights: no cost of learning was fitted. The published energy is "
        f"{published / joule:.0f} times as much: what learning costs, with all that the model leaves out."
    )


def _inference_before_silicon(counts: Counts, joule: float, published: float) -> str:
    static, ms = _static_joule(INFERENCE), THIS_CIRCUIT_MS[INFERENCE]
    return (
        f"Costs simulated before there was silicon: {joule / published:.0%} of the published energy. Static power, "
        "barriers and spikes into the chip are left out. The published figure can't hold the static power of a whole "
        f"chip either: about {CHIP_STATIC_WATT / MILLI:.0f} mW over {ms} ms are {static / MICRO:.1f} µJ, "
        f"{static / published:.0f} times as much."
    )


def _inference_on_silicon(counts: Counts, joule: float, published: float) -> str:
    return (
        f"Costs fitted to a chip: {joule / published:.0%} of the published energy. Left out are static power, barriers "
        "and spikes into the chip."
    )


def _static_joule(of: str) -> float:
    """What a whole chip uses by being on for the published time of a sample, in J."""
    return CHIP_STATIC_WATT * THIS_CIRCUIT_MS[of] * MILLI


_REASONS = {
    (TRAINING, "loihi-events"): _learning_by_events,
    (TRAINING, "loihi-sweep"): _learning_by_sweeps,
    (TRAINING, "loihi-silicon"): _fixed_weights,
    (INFERENCE, "loihi-events"): _inference_before_silicon,
    (INFERENCE, "loihi-silicon"): _inference_on_silicon,
}
