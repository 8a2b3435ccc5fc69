"""Small runs that have come to their end, for the pages that show them."""

from __future__ import annotations

from pathlib import Path

from pynn_backprop.runs.config import RunConfig
from pynn_backprop.runs.opening import start

TEST_SAMPLES = 80


def small_run(folder: Path, simulator: str = "reference", **choices: object) -> Path:
    """Digits on a simulator, so briefly that some are answered wrongly; returns the folder."""
    usual = {"hidden": (40,), "samples": 600, "test_samples": TEST_SAMPLES, "epochs": 3}
    with start(RunConfig(simulator, **{**usual, **choices}), folder) as run:
        run.train()
        run.write_results(run.evaluate())
    return folder
