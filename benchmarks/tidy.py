"""Rows as tidy tables: each variable a column, each observation a line, one value in each cell.

=================  ================================================================================================
``runs``           a line for each row of results: what ran where, how it ended, and what is one number
``times``          a line for each repeat of each stage
``scores``         a line for each metric of NeuroBench, of training and of inference
``counts``         a line for each count of a sample
``spikes``         a line for each population and phase in which it fires: spikes in a sample
``energies``       a line for each part of each energy, and for the ``total``
``curves``         a line for each point of each learning curve
``rates``          a line for each learning rate that was tried
=================  ================================================================================================

``run`` is the number of the row in its file, counted from 1, by which the tables belong together.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from pynn_backprop.files import written_whole

from .rows import INFERENCE, OLDER, STAGES, TEST, TRAIN, TRAINING, flat, is_whole, ms_per_sample, samples_in, sizes_in

Line = dict[str, Any]

FOLDER = "csv"

_PLAIN = ("case", "platform", "variant", "form", "rule", "seed", "threads", "samples", "epochs", "test_samples")
_AFTER = ("validation", "until", "repeats", "time_limit", "status", "why", "warm_up_seconds", "peak_memory_MB")


def tidy(rows: Iterable[Mapping[str, Any]]) -> dict[str, list[Line]]:
    """All tables by name; see the head of this module."""
    there = [(number, {**OLDER, **row}) for number, row in enumerate(rows, 1)]
    return {
        name: [{"run": number, **line} for number, row in there for line in lines(row)]
        for name, lines in _TABLES.items()
    }


def write(folder: Path, rows: Iterable[Mapping[str, Any]]) -> list[Path]:
    """Write the tables that have lines as CSV files into a folder, which is made; returns the files."""
    folder.mkdir(exist_ok=True)
    written = []
    for name, lines in tidy(rows).items():
        if lines:
            path = folder / f"{name}.csv"
            with written_whole(path) as temporary, open(temporary, "w", newline="", encoding="utf-8") as stream:
                writer = csv.DictWriter(stream, list(dict.fromkeys(key for line in lines for key in line)), restval="")
                writer.writeheader()
                writer.writerows(lines)
            written.append(path)
    return written


def _runs(row: Mapping[str, Any]) -> Iterator[Line]:
    layers, stretch = row["layer_sizes"], row["stretch"] or (None, None)
    correct, host = row["correct"], row["host"]
    yield {
        **{name: row[name] for name in _PLAIN},
        "network": sizes_in(row),
        "depth": len(layers) - 1,
        "hidden": layers[1] if len(set(layers[1:-1])) == 1 else None,
        "code": row["code"].get("kind", "graded" if "n" in row["code"] else "binary"),
        "neurons_a_unit": row["code"].get("n", 1),
        "stretch_first": stretch[0],
        "stretch_stop": stretch[1],
        "whole_training": is_whole(row),
        **{name: row[name] for name in _AFTER},
        "accuracy": row["metrics"].get("ClassificationAccuracy"),
        "ms_per_training_sample": ms_per_sample(row, TRAIN),
        "ms_per_test_sample": ms_per_sample(row, TEST),
        "weights_equal_rule": correct.get("weights_equal_reference"),
        "answers_equal_rule": correct.get("answers_equal_reference"),
        "floor": correct.get("wanted"),
        "floor_reached": correct.get("reached"),
        **{name: host.get(name) for name in ("processor", "cores", "jobs_at_once")},
        "started": row["started"],
        "command": row["command"],
    }


def _times(row: Mapping[str, Any]) -> Iterator[Line]:
    for stage in STAGES:
        for repeat, seconds in enumerate(row["repeat_seconds"].get(stage) or (), 1):
            shown = samples_in(row, stage) if stage in (TRAIN, TEST) else None
            yield {"stage": stage, "repeat": repeat, "seconds": seconds, "samples": shown}


def _scores(row: Mapping[str, Any]) -> Iterator[Line]:
    metrics = dict(row["metrics"])
    training = metrics.pop(TRAINING, None) or {}
    for of, some in ((INFERENCE, metrics), (TRAINING, training)):
        yield from ({"of": of, "metric": name, "value": value} for name, value in flat(some).items())


def _counts(row: Mapping[str, Any]) -> Iterator[Line]:
    for of, some in _by_part(row):
        for name, value in some.items():
            if isinstance(value, (int, float)) and not isinstance(value, bool):
                yield {"of": of, "count": name, "value": value}


def _spikes(row: Mapping[str, Any]) -> Iterator[Line]:
    for of, some in _by_part(row):
        for population, phases in (some.get("spikes_by_phase") or {}).items():
            for phase, spikes in enumerate(phases):
                if spikes:
                    yield {"of": of, "population": population, "phase": phase, "spikes": spikes}


def _by_part(row: Mapping[str, Any]) -> Sequence[tuple[str, Mapping[str, Any]]]:
    counts = row["counts"] or {}
    return ((TRAINING, counts), (INFERENCE, counts.get(INFERENCE) or {}))


def _energies(row: Mapping[str, Any]) -> Iterator[Line]:
    for entry in row["energy"]:
        about = {"of": entry["of"], "kind": entry["kind"], "by": entry["by"]}
        for part, joule in {**entry.get("parts", {}), "total": entry["joule_per_sample"]}.items():
            yield {**about, "part": part, "joule_per_sample": joule}


def _curves(row: Mapping[str, Any]) -> Iterator[Line]:
    yield from ({name: point.get(name) for name in ("shown", "seconds", "right")} for point in row["curve"])


def _rates(row: Mapping[str, Any]) -> Iterator[Line]:
    chosen = row["rates"].get("chosen")
    for rate, right in row["rates"].get("tried", {}).items():
        yield {"rate": float(rate), "right": right, "chosen": float(rate) == chosen}


_TABLES: dict[str, Callable[[Mapping[str, Any]], Iterator[Line]]] = {
    "runs": _runs,
    "times": _times,
    "scores": _scores,
    "counts": _counts,
    "spikes": _spikes,
    "energies": _energies,
    "curves": _curves,
    "rates": _rates,
}
