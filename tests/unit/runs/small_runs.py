"""A small data set, the run that learns it, and what must be equal in the end."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from pynn_backprop.circuit.training import training_circuit
from pynn_backprop.errors import InputError
from pynn_backprop.files import read_npz
from pynn_backprop.files.lock import NAME as OWNER
from pynn_backprop.runs.config import RunConfig
from pynn_backprop.runs.folder import CHECKPOINT
from pynn_backprop.runs.opening import resume
from pynn_backprop.runs.run import Run
from pynn_backprop.spikes import first_difference

N, SIZES, EPOCHS, EVERY, RECORDED = 60, (40, 20, 4), 3, 25, 30
TOTAL = N * EPOCHS
CIRCUIT = training_circuit(SIZES)
_random = np.random.default_rng(0)
_y = np.arange(N) % SIZES[-1]
_x = np.clip(_random.random((4, SIZES[0])).round()[_y] + _random.normal(0, 0.3, (N, SIZES[0])), 0, 1)
DATA = {"x_train": _x, "y_train": _y, "x_test": _x[::2], "y_test": _y[::2]}
CONFIG = RunConfig(
    "reference",
    hidden=SIZES[1],
    epochs=EPOCHS,
    checkpoint_every=EVERY,
    record=("x", "h", "o", "d+"),
    record_samples=RECORDED,
)


@dataclass
class Whole:
    """A training that was never stopped, and copies of its folder as a kill after each checkpoint would leave it."""

    run: Run
    copies: dict[int, Path]


def stopped_after(run: Run, shown: int) -> None:
    """Train until a polite request arrives after `shown` samples."""
    assert not run.train(interrupted=lambda: run.progress.shown >= shown)
    assert run.progress.shown == shown


def hidden_files(folder: Path) -> list[Path]:
    """But for the one that says who holds the folder."""
    return [path for path in folder.rglob("*") if path.name.startswith(".") and path.name != OWNER]


def assert_same_end(run: Run, whole: Run) -> None:
    """Weights, right answers, recorded spikes and labels, and the checkpoint are equal."""
    assert run.progress.shown == whole.progress.shown == TOTAL
    np.testing.assert_array_equal(run.progress.right, whole.progress.right)
    assert list(run.weights) == list(whole.weights)
    for name, matrix in whole.weights.items():
        np.testing.assert_array_equal(run.weights[name], matrix, strict=True)
    assert [s.first for s in run.progress.stretches] == [s.first for s in whole.progress.stretches] == [0, 150]
    for stretch, expected in zip(run.progress.stretches, whole.progress.stretches, strict=True):
        np.testing.assert_array_equal(stretch.labels, expected.labels)
        assert first_difference(stretch.spikes, expected.spikes, CIRCUIT) is None
    last, expected_last = (read_npz(r.folder / CHECKPOINT) for r in (run, whole))
    assert set(last) == set(expected_last)
    for name in set(last) - {"seconds", "sums"}:
        np.testing.assert_array_equal(last[name], expected_last[name], err_msg=name)


def refusal(folder: Path) -> str:
    """What resuming a run is refused with; every file must be as it was."""
    before = contents(folder)
    try:
        resume(folder)
    except InputError as error:
        assert contents(folder) == before
        return str(error)
    raise AssertionError("it was not refused")


def contents(folder: Path) -> dict[str, bytes]:
    """All files but the one that says who holds the folder."""
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file() and path.name != OWNER}
