"""What ``metrics.json`` says of a run: after every epoch what is known by then, in the end all."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from ..circuit.circuit import Circuit
from ..interfaces import Platform
from ..learning.evaluation import Score
from ..learning.progress import Progress
from .memory import peak_memory


def metrics_of(
    platform: Platform, circuit: Circuit, progress: Progress, test: Score | None = None, test_seconds: float = 0.0
) -> dict[str, Any]:
    """The metrics of a run, as JSON has them.

    Parameters
    ----------
    platform : Platform
        Where it runs.
    circuit : Circuit
        What learns.
    progress : Progress
        How far it has come; what is told of epochs is told of those that have ended.
    test : Score, optional
        Of the test samples; None before they were asked.
    test_seconds : float
        How long that took, in s.

    Returns
    -------
    dict
    """
    found: dict[str, Any] = {
        "platform": platform.describe(),
        "training": {
            "accuracy_by_epoch": [float(right) / progress.samples for right in progress.right[: progress.ended]],
            **progress.curve.as_dict(progress.ended),
            "samples": progress.samples,
            "samples_shown": progress.shown,
            "seconds": progress.seconds,
            "ms_per_sample": 1e3 * progress.seconds / max(progress.shown, 1),
        },
        "test": {},
        "network": {**asdict(circuit.count()), "build_seconds": progress.build_seconds},
        "peak_memory_MB": peak_memory(),
    }
    if test is None:
        del found["test"]
    else:
        found["test"] = {**asdict(test), "ms_per_sample": 1e3 * test_seconds / test.samples}
    return found
