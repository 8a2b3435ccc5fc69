"""Trainings on NEST as a user starts and stops them: nothing is lost, and nothing is left behind."""

from __future__ import annotations

import dataclasses
import importlib.util
import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from pynn_backprop.circuit.training import training_circuit
from pynn_backprop.files import read_npz
from pynn_backprop.recording import blocks as recording
from pynn_backprop.runs import folder as files
from pynn_backprop.runs.config import RunConfig
from pynn_backprop.runs.opening import start as start_run
from pynn_backprop.spikes import first_difference
from pynn_backprop.weights import Weights, initial_weights

if importlib.util.find_spec("nest") is None:
    pytest.skip("NEST is not installed: pip install 'pynn_backprop[nest]'", allow_module_level=True)
if os.name != "posix":
    pytest.skip("these tests send POSIX signals", allow_module_level=True)

CONFIG = RunConfig(
    "nest",
    hidden=50,
    samples=600,
    test_samples=60,
    epochs=2,
    checkpoint_every=300,
    record=("h", "o"),
    record_samples=15,
)
TRAIN = (
    *("train", "nest", "--hidden", "50", "--samples", "600", "--test-samples", "60", "--epochs", "2"),
    *("--checkpoint-every", "300", "--record", "h", "o", "--record-samples", "15", "--out", "run"),
)
SIZES = (192, 50, 10)
CIRCUIT = training_circuit(SIZES)
TOTAL = 1200
PATIENCE = 120.0


class Command:
    """The command, in a session of its own and with an empty folder for temporary files."""

    def __init__(self, folder: Path, *arguments: str) -> None:
        self.output, self.temporary = folder / "output.txt", folder / "temporary"
        self.temporary.mkdir(exist_ok=True)
        self.peak_memory = 0.0
        with open(self.output, "w") as output:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "pynn_backprop.cli.main", *arguments],
                cwd=folder,
                env={**os.environ, "TMPDIR": str(self.temporary)},
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    @property
    def said(self) -> str:
        return self.output.read_text()

    def ended(self) -> bool:
        return self.process.poll() is not None

    def wait_until(self, condition: Callable[[], bool], patience: float = PATIENCE) -> None:
        """Watches the memory meanwhile."""
        deadline = time.monotonic() + patience
        while not condition():
            assert condition == self.ended or not self.ended(), self.said
            assert time.monotonic() < deadline, self.said
            self.peak_memory = max(self.peak_memory, peak_memory(self.process.pid))
            time.sleep(0.002)

    def assert_left_nothing(self) -> None:
        """No temporary file, and no process of its session."""
        assert list(self.temporary.rglob("*")) == []
        with pytest.raises(ProcessLookupError):
            os.killpg(self.process.pid, 0)


def peak_memory(process: int) -> float:
    """Peak memory of a process in MB; 0 where it is not to be had."""
    try:
        found = re.search(r"^VmHWM:\s+(\d+) kB$", Path(f"/proc/{process}/status").read_text(), re.MULTILINE)
    except OSError:
        return 0.0
    return int(found[1]) / 1e3 if found else 0.0


def samples_in(folder: Path) -> int:
    """How far the checkpoint has come; -1 if there is none."""
    return int(read_npz(folder / files.CHECKPOINT)["shown"]) if (folder / files.CHECKPOINT).is_file() else -1


def assert_same_weights(one: Weights, other: Weights) -> None:
    assert sorted(one) == sorted(other) == ["W1", "W2"]
    for name in one:
        np.testing.assert_array_equal(one[name], other[name], err_msg=name)


def assert_same_spikes(one: Path, other: Path) -> None:
    first, second = (recording.load(folder / files.SPIKES).segments for folder in (one, other))
    expected_names = ["samples 0 to 14", "samples 1185 to 1199"]
    assert [segment.name for segment in first] == [segment.name for segment in second] == expected_names
    for segment, expected in zip(first, second, strict=True):
        spikes = recording.spikes_of(segment)
        assert set(spikes) == {"h", "o", "r"}
        assert all(len(table) for table in spikes.values())
        assert first_difference(spikes, recording.spikes_of(expected), CIRCUIT) is None
        np.testing.assert_array_equal(recording.labels_of(segment), recording.labels_of(expected))


class Uninterrupted:
    """A training that nobody stops."""

    def __init__(self, folder: Path) -> None:
        self.command = Command(folder, *TRAIN, "--check")
        self.command.wait_until(self.command.ended)
        assert self.command.process.returncode == 0, self.command.said
        self.folder = folder / "run"
        self.weights = read_npz(self.folder / files.WEIGHTS)
        self.metrics = json.loads((self.folder / files.METRICS).read_text())


@pytest.fixture(scope="module")
def uninterrupted(tmp_path_factory: pytest.TempPathFactory) -> Uninterrupted:
    return Uninterrupted(tmp_path_factory.mktemp("uninterrupted"))


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[..., Command]]:
    """Starts commands in the test's folder, and ends those that a failed test leaves running."""
    started: list[Command] = []

    def start_one(*arguments: str) -> Command:
        started.append(Command(tmp_path, *arguments))
        return started[-1]

    yield start_one
    for command in started:
        if not command.ended():
            command.process.kill()
            command.process.wait()


def test_a_training_on_nest_gives_the_weights_and_spikes_of_the_rule(uninterrupted, tmp_path):
    reference = start_run(dataclasses.replace(CONFIG, simulator="reference"), tmp_path / "reference")
    assert reference.train()
    metrics = reference.write_results(reference.evaluate())
    assert_same_weights(uninterrupted.weights, reference.weights)
    assert_same_spikes(uninterrupted.folder, reference.folder)
    assert (uninterrupted.weights["W1"] != initial_weights(SIZES, 0)["W1"]).any()
    assert uninterrupted.metrics["platform"]["platform"] == "nest"
    assert uninterrupted.metrics["training"]["accuracy_by_epoch"] == metrics["training"]["accuracy_by_epoch"]
    for score in ("by_spikes", "by_potential", "all_right"):
        assert uninterrupted.metrics["test"][score] == metrics["test"][score]


def test_a_training_on_nest_leaves_no_temporary_file_and_no_process(uninterrupted):
    uninterrupted.command.assert_left_nothing()
    assert sorted(path.name for path in uninterrupted.folder.iterdir()) == sorted({*files.FILES} - {files.MANY_SPIKES})


@pytest.mark.skipif(not Path("/proc/self/status").is_file(), reason="the peak memory is read from /proc")
def test_a_training_on_nest_takes_less_than_500_megabytes(uninterrupted):
    assert 50 < uninterrupted.command.peak_memory < 500


@pytest.mark.parametrize(
    ("signals", "status"),
    [
        pytest.param([signal.SIGINT], 130, marks=pytest.mark.slow),
        pytest.param([signal.SIGTERM], 130, marks=pytest.mark.slow),
        pytest.param([signal.SIGINT, signal.SIGINT], 130, marks=pytest.mark.slow),
        ([signal.SIGKILL], -signal.SIGKILL),
    ],
    ids=["Ctrl-C", "SIGTERM", "Ctrl-C twice", "SIGKILL"],
)
def test_a_stopped_training_is_resumed_to_the_same_weights_and_spikes(uninterrupted, start, tmp_path, signals, status):
    folder, command = tmp_path / "run", start(*TRAIN)
    command.wait_until(lambda: samples_in(folder) >= 600)
    clock = time.monotonic()
    command.process.send_signal(signals[0])
    for number in signals[1:]:
        command.wait_until(lambda: "Ctrl-C once more" in command.said)
        command.process.send_signal(number)
    command.wait_until(command.ended)
    assert time.monotonic() - clock < 10
    assert command.process.returncode == status, command.said
    assert "Traceback" not in command.said
    command.assert_left_nothing()
    shown = samples_in(folder)
    assert 600 <= shown < TOTAL
    assert {files.CONFIG, files.CHECKPOINT} <= {path.name for path in folder.iterdir()}
    if status == 130:
        # The scores of the epochs so far are there, and no result of the whole.
        assert {path.name for path in folder.iterdir()} <= {files.CHECKPOINT, files.CONFIG, files.METRICS, files.CURVE}

    command = start("train", "--resume", "run")
    command.wait_until(command.ended)
    assert command.process.returncode == 0, command.said
    assert f"going on after {shown:,} of {TOTAL:,} samples" in command.said
    command.assert_left_nothing()
    assert_same_weights(read_npz(folder / files.WEIGHTS), uninterrupted.weights)
    assert_same_spikes(folder, uninterrupted.folder)
    metrics = json.loads((folder / files.METRICS).read_text())
    assert metrics["training"]["accuracy_by_epoch"] == uninterrupted.metrics["training"]["accuracy_by_epoch"]
    assert metrics["test"]["by_potential"] == uninterrupted.metrics["test"]["by_potential"]


@pytest.mark.parametrize(
    "number", [signal.SIGINT, pytest.param(signal.SIGKILL, marks=pytest.mark.slow)], ids=["Ctrl-C", "SIGKILL"]
)
def test_a_training_that_is_stopped_while_nest_is_built_leaves_nothing(start, tmp_path, number):
    command = start(*TRAIN)
    command.wait_until(lambda: samples_in(tmp_path / "run") == 0)
    command.process.send_signal(number)
    command.wait_until(command.ended, patience=10)
    assert command.process.returncode == (130 if number == signal.SIGINT else -number), command.said
    command.assert_left_nothing()
    assert samples_in(tmp_path / "run") < TOTAL
