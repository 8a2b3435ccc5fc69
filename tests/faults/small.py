"""A training that takes a tenth of a second and writes a checkpoint every few samples."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from pynn_backprop.files import read_npz
from pynn_backprop.platforms import ReferencePlatform
from pynn_backprop.runs.config import RunConfig
from pynn_backprop.runs.folder import WEIGHTS
from pynn_backprop.runs.opening import resume, start
from pynn_backprop.runs.run import Run

CHECKPOINT_EVERY = 5


def config(data: Path, **changes: object) -> RunConfig:
    """Of 240 samples."""
    random = np.random.default_rng(0)
    y = np.arange(60) % 4
    x = (random.random((4, 30)) < 0.4)[y] != (random.random((60, 30)) < 0.1)
    if not data.exists():
        np.savez(data, x_train=x.astype(float), y_train=y, x_test=x[:20].astype(float), y_test=y[:20])
    usual = {"hidden": 12, "epochs": 4, "checkpoint_every": CHECKPOINT_EVERY, "record_samples": 8}
    ReferencePlatform.samples_per_run = CHECKPOINT_EVERY
    return RunConfig("reference", data=str(data), **{**usual, **changes})  # type: ignore[arg-type]


def finish(run: Run) -> None:
    """Train to the end and write the results."""
    with run:
        assert run.train(check=True)
        run.write_results(run.evaluate())


def weights(folder: Path) -> dict[str, np.ndarray]:
    """Of a run that is done."""
    return read_npz(folder / WEIGHTS, ("W1", "W2"))


def undisturbed(folder: Path, **changes: object) -> dict[str, np.ndarray]:
    """The weights of a run that nothing happens to."""
    finish(start(config(folder / "d.npz", **changes), folder / "undisturbed"))
    return weights(folder / "undisturbed")


def go_on(folder: Path) -> None:
    """Resume and finish."""
    finish(resume(folder))


def assert_same(one: dict[str, np.ndarray], other: dict[str, np.ndarray]) -> None:
    """Bit for bit."""
    for name, matrix in one.items():
        np.testing.assert_array_equal(matrix, other[name], err_msg=name)
