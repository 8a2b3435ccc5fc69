"""A process that fails ends all of them at once, with one message, and the last checkpoint is whole."""

from __future__ import annotations

import json
import os
import signal
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from mpi import Done, Started, built_python, mpirun, skip_without_mpirun

from pynn_backprop.files import read_npz
from pynn_backprop.runs.folder import CHECKPOINT
from pynn_backprop.weights import load_weights

skip_without_mpirun()
pytestmark = [pytest.mark.slow, pytest.mark.timeout(3600)]

WITHIN = 10.0
"""Seconds in which all must have ended."""

TRAIN = ("-m", "pynn_backprop", "train", "nest", "--hidden", "60", "--epochs", "2", "--samples", "1400")
TRAIN = (*TRAIN, "--test-samples", "40", "--checkpoint-every", "100", "--out", "run")


@pytest.fixture(scope="session")
def python() -> str:
    return str(built_python())


@pytest.mark.parametrize("rank", [0, 1])
@pytest.mark.parametrize("how", ["raise", "kill"])
def test_one_that_fails_ends_all(python, tmp_path, how, rank):
    done = mpirun(tmp_path, 3, python, "-m", "scenarios.many_processes", "fail", how, str(rank), seconds=120)
    failed = json.loads(done.stdout.splitlines()[-1])["failed"]
    assert done.status != 0
    assert done.ended - failed < WITHIN
    told = done.stderr.count("ValueError: one of the processes finds something wrong")
    assert told == (how == "raise"), done.stderr
    assert done.stderr.count("has failed, and ends all") == (how == "raise")


def processes_of(started: Started) -> list[int]:
    """The processes of a launcher that do the work."""
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            parent = int(path.read_text().rpartition(")")[2].split()[1])
        except (OSError, ValueError):
            continue
        if parent == started.process.pid:
            found.append(int(path.parent.name))
    return sorted(found)


def kill_last(started: Started) -> None:
    os.kill(processes_of(started)[-1], signal.SIGKILL)


def kill_first(started: Started) -> None:
    os.kill(processes_of(started)[0], signal.SIGKILL)


def interrupt(started: Started) -> None:
    """As Ctrl-C in a terminal does."""
    started.process.send_signal(signal.SIGINT)


def stopped(python: str, folder: Path, stop: Callable[[Started], None]) -> tuple[Done, float]:
    """A training that was stopped once there was a checkpoint of 300 samples, and when it was."""
    with Started(folder, 2, python, *TRAIN) as started:
        deadline = time.monotonic() + 300
        while not (folder / "run" / CHECKPOINT).is_file() or read_npz(folder / "run" / CHECKPOINT)["shown"] < 300:
            assert started.process.poll() is None, started.ended(1)
            assert time.monotonic() < deadline
            time.sleep(0.05)
        workers, at = processes_of(started), time.time()
        stop(started)
        done = started.ended(60)
        for worker in workers:
            deadline = time.monotonic() + WITHIN
            while Path(f"/proc/{worker}").exists():
                assert time.monotonic() < deadline, f"process {worker} is left"
                time.sleep(0.05)
        return done, at


@pytest.mark.parametrize("stop", [kill_first, kill_last, interrupt])
def test_a_training_that_is_stopped_goes_on_from_its_checkpoint_on_other_processes(python, tmp_path, stop):
    done, at = stopped(python, tmp_path, stop)
    assert done.status != 0
    assert done.ended - at < WITHIN
    assert done.stderr.count("Stopping after the present run") <= 1, done.stderr
    assert "Traceback" not in done.stderr
    assert 300 <= read_npz(tmp_path / "run" / CHECKPOINT)["shown"] < 2800
    resumed = mpirun(tmp_path, 3, python, "-m", "pynn_backprop", "train", "--resume", "run", seconds=900)
    assert resumed.status == 0, resumed.stderr
    (tmp_path / "alone").mkdir()
    whole = mpirun(tmp_path / "alone", 1, python, *TRAIN, seconds=900)
    assert whole.status == 0, whole.stderr
    weights = load_weights(tmp_path / "run" / "weights.npz")
    for name, matrix in load_weights(tmp_path / "alone/run/weights.npz").items():
        np.testing.assert_array_equal(weights[name], matrix)
