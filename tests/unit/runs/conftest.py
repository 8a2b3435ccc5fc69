"""Small runs, and one that was never stopped."""

from __future__ import annotations

import contextlib
import dataclasses
import shutil
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from small_runs import CONFIG, DATA, EVERY, Whole

from pynn_backprop.learning.progress import Progress
from pynn_backprop.platforms import ReferencePlatform
from pynn_backprop.runs.config import RunConfig
from pynn_backprop.runs.opening import start


@contextlib.contextmanager
def short_runs() -> Iterator[None]:
    """A run takes 10 samples, so that trainings of a few samples have many."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ReferencePlatform, "samples_per_run", 10)
        yield


@pytest.fixture(autouse=True)
def _short_runs() -> Iterator[None]:
    """Not longer than a test of this folder: those of others come in between."""
    with short_runs():
        yield


@pytest.fixture(scope="session")
def config(tmp_path_factory: pytest.TempPathFactory) -> RunConfig:
    """Three epochs of which the first 30 and the last 30 samples are recorded, and a checkpoint every 25."""
    data = tmp_path_factory.mktemp("data") / "d.npz"
    np.savez(data, **DATA)
    return dataclasses.replace(CONFIG, data=str(data))


@pytest.fixture(scope="session")
def whole(config: RunConfig, tmp_path_factory: pytest.TempPathFactory) -> Whole:
    folder = tmp_path_factory.mktemp("whole")
    copies = {0: folder / "0"}

    def copy(progress: Progress) -> None:
        if progress.shown % EVERY == 0:
            copies[progress.shown] = shutil.copytree(run.folder, folder / str(progress.shown))

    with short_runs():
        run = start(config, folder / "run")
        shutil.copytree(run.folder, copies[0])
        assert run.train([copy])
    return Whole(run, copies)


@pytest.fixture
def finished(config: RunConfig, tmp_path: Path) -> Path:
    """The folder of a small training that was never stopped."""
    run = start(dataclasses.replace(config, epochs=1, record=()), tmp_path / "run")
    assert run.train()
    return run.folder
