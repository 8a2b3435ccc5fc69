"""Rows of benchmark results, made by hand."""

from __future__ import annotations

from typing import Any

from benchmarks import rows as results
from benchmarks.jobs.job import Job
from benchmarks.rows import OK


def job(**changes: Any) -> Job:
    """A job that takes a second: the integer rule on a few digits."""
    usual = {"case": "digits", "platform": "reference", "variant": "oracle", "seed": 0, "hidden": 20, "repeats": 3}
    return Job(**{**usual, "samples": 40, "test_samples": 20, "epochs": 1, "count_samples": 3, **changes})


def row(train: list[float] | None = None, accuracy: float = 0.9, **changes: Any) -> results.Row:
    """A row that is ok, with these seconds of training."""
    found = job(**changes).row(OK, "")
    found["repeat_seconds"] = {"build": [0.5] * 3, "train": train or [2.0, 2.1, 2.2], "test": [1.0, 1.1, 1.2]}
    found["metrics"] = {"ClassificationAccuracy": accuracy, "SynapticOperations": {"Effective_ACs": 12.5}}
    found["counts"] = {
        "spikes_per_sample": {"h": 3.5},
        "spikes_by_phase": {"h": [0, 3.5]},
        "counted_on": {"numpy": "1"},
    }
    found["correct"] = {"means": "it is right", "is": True}
    found["warm_up_seconds"], found["peak_memory_MB"] = 1.5, 200.0
    return found
