"""Rows of results that differ only in their seed, taken together: medians, and from where to where they reach."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ..rows import INFERENCE, KEY, OK, OLDER, STAGE, TRAINING, platform_in, samples_in, sizes_in
from .numbers import Spread, spread

_SAME = tuple(name for name in KEY if name not in ("seed", "repeats"))
"""What rows have in common that are taken together."""


@dataclass(frozen=True)
class Energy:
    """An energy and how it is known.

    Parameters
    ----------
    kind : str
        ``measured`` or ``estimated``.
    of : str
        ``training`` or ``inference``.
    by : str
        Name of the meter or of the model.
    joule : float
        Per sample.
    covers : str
        What is in it.
    model : bool
        Whether it comes from counts; else from a meter, or from time x a declared power.
    """

    kind: str
    of: str
    by: str
    joule: float
    covers: str
    model: bool


@dataclass(frozen=True)
class Line:
    """Rows of one case, platform and size, of all seeds.

    Parameters
    ----------
    rows : tuple[dict-like, ...]
        At least one, all of status ``ok``.
    label : str
        What tells it from the other lines of its group; platform and variant if empty.
    """

    rows: tuple[Mapping[str, Any], ...]
    label: str = ""

    @property
    def first(self) -> Mapping[str, Any]:
        """The first of the rows."""
        return self.rows[0]

    @property
    def case(self) -> str:
        """Name of the case."""
        return str(self.first["case"])

    @property
    def name(self) -> str:
        """What it is called: platform and variant, and in a group what else tells it from others."""
        return self.label or platform_in(self.first)

    @property
    def sizes(self) -> str:
        """Neurons of the layers."""
        return sizes_in(self.first)

    @property
    def hidden(self) -> int | None:
        """Units of the hidden layer, None if there is not exactly one."""
        layers = self.first["layer_sizes"]
        return int(layers[1]) if len(layers) == 3 else None

    @property
    def depth(self) -> int:
        """Number of weight matrices."""
        return len(self.first["layer_sizes"]) - 1

    @property
    def equal(self) -> bool | None:
        """Whether every seed came to the weights and answers of the integer rule; None where that was not asked."""
        names = ("weights_equal_reference", "answers_equal_reference")
        found = [row["correct"].get(name) for row in self.rows for name in names]
        return False if False in found else True if True in found else None

    @property
    def accuracy(self) -> Spread | None:
        """Test accuracy, 0 to 1, over the seeds."""
        return self.over_seeds(lambda row: row["metrics"].get("ClassificationAccuracy"))

    def seconds(self, stage: str) -> Spread | None:
        """Wall time of a stage over all repeats of all seeds, in s."""
        return spread([seconds for row in self.rows for seconds in row["repeat_seconds"].get(stage) or ()])

    def ms_per_sample(self, of: str) -> Spread | None:
        """Wall time of a sample in training or inference over all repeats of all seeds, in ms."""
        stage = STAGE[of]
        each = [
            1e3 * seconds / samples_in(row, stage)
            for row in self.rows
            for seconds in row["repeat_seconds"].get(stage) or ()
        ]
        return spread(each)

    def count(self, name: str, of: str = TRAINING) -> Spread | None:
        """One of the counts, over the seeds."""
        return self.over_seeds(lambda row: counts_in(row, of).get(name))

    def over_seeds(self, value: Callable[[Mapping[str, Any]], Any]) -> Spread | None:
        """A value over the seeds; None where no row has it."""
        return spread([found for found in map(value, self.rows) if found is not None])

    @property
    def energies(self) -> list[Energy]:
        """All energies, medians over the seeds, in the order of the first row."""
        found: dict[tuple[str, str, str], list[Mapping[str, Any]]] = {}
        for row in self.rows:
            for entry in row["energy"]:
                found.setdefault((entry["kind"], entry["of"], entry["by"]), []).append(entry)
        return [_median_energy(entries) for entries in found.values()]

    def metered(self, of: str) -> Energy | None:
        """What a meter, or time x a declared power, gave for this run; None if there was neither."""
        return next((energy for energy in self.energies if energy.of == of and not energy.model), None)

    def joule_seconds(self, of: str) -> float | None:
        """Energy of this run x its time for a sample, in J s; None if one of them is not known."""
        energy, time = self.metered(of), self.ms_per_sample(of)
        return None if energy is None or time is None else energy.joule * time.median * 1e-3


def _median_energy(entries: Sequence[Mapping[str, Any]]) -> Energy:
    """What the same meter or model gave with each seed."""
    first, joule = entries[0], statistics.median(entry["joule_per_sample"] for entry in entries)
    return Energy(first["kind"], first["of"], first["by"], joule, first["covers"], "parts" in first)


def counts_in(row: Mapping[str, Any], of: str) -> Mapping[str, Any]:
    """The counts of a row in training or inference."""
    counts = row["counts"] or {}
    return counts if of == TRAINING else counts.get(INFERENCE) or {}


def lines_of(rows: Iterable[Mapping[str, Any]]) -> list[Line]:
    """The rows that are ``ok``, taken together over the seeds; by case and size, else in their order."""
    groups: dict[tuple[str, ...], list[Mapping[str, Any]]] = {}
    for row in rows:
        if row["status"] == OK:
            groups.setdefault(tuple(str({**OLDER, **row}[name]) for name in _SAME), []).append(row)
    lines = [Line(tuple(group)) for group in groups.values()]
    cases = list(dict.fromkeys(line.case for line in lines))
    return sorted(lines, key=lambda line: (cases.index(line.case), line.first["layer_sizes"]))


def same_counts(lines: Iterable[Line], of: str) -> list[list[Line]]:
    """Lines whose counted spikes are the same with every seed that they share; those that counted none are left out."""
    groups: list[list[Line]] = []
    for line in lines:
        if _spikes(line, of):
            group = next((group for group in groups if _fired_the_same(group[0], line, of)), None)
            if group is None:
                groups.append([line])
            else:
                group.append(line)
    return groups


def _spikes(line: Line, of: str) -> dict[int, Any]:
    """Spikes by seed, where they were counted."""
    found = {row["seed"]: counts_in(row, of).get("spikes_per_sample") for row in line.rows}
    return {seed: spikes for seed, spikes in found.items() if spikes}


def _fired_the_same(one: Line, other: Line, of: str) -> bool:
    """Whether they are of one size, share seeds, and counted the same spikes with all of these."""
    first, second = _spikes(one, of), _spikes(other, of)
    shared = first.keys() & second.keys()
    return one.sizes == other.sizes and bool(shared) and all(first[seed] == second[seed] for seed in shared)
