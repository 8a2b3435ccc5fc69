"""Runs: resumed from any checkpoint they end as if never stopped, and what stops them leaves a whole checkpoint."""

from __future__ import annotations

import dataclasses
import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from pynn_backprop.circuit.training import training_circuit
from pynn_backprop.cli.interrupts import StopRequest
from pynn_backprop.errors import InputError
from pynn_backprop.files import read_npz
from pynn_backprop.learning.training import Progress
from pynn_backprop.platforms import ReferencePlatform
from pynn_backprop.recording import blocks as recording
from pynn_backprop.runs import run as runs
from pynn_backprop.spikes import Spikes, first_difference

N, SIZES, EPOCHS, EVERY, RECORDED = 60, (40, 20, 4), 3, 25, 30
TOTAL = N * EPOCHS
CIRCUIT = training_circuit(SIZES)
_random = np.random.default_rng(0)
_y = np.arange(N) % SIZES[-1]
_x = np.clip(_random.random((4, SIZES[0])).round()[_y] + _random.normal(0, 0.3, (N, SIZES[0])), 0, 1)
DATA = {"x_train": _x, "y_train": _y, "x_test": _x[::2], "y_test": _y[::2]}


@pytest.fixture(scope="module", autouse=True)
def _short_runs() -> Iterator[None]:
    """A run takes 10 samples, so that trainings of a few samples have many."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ReferencePlatform, "samples_per_run", 10)
        yield


@pytest.fixture(scope="module")
def config(tmp_path_factory: pytest.TempPathFactory) -> runs.RunConfig:
    """Three epochs of which the first 30 and the last 30 samples are recorded, and a checkpoint every 25."""
    data = tmp_path_factory.mktemp("data") / "d.npz"
    np.savez(data, **DATA)
    return runs.RunConfig(
        "reference",
        str(data),
        hidden=SIZES[1],
        epochs=EPOCHS,
        checkpoint_every=EVERY,
        record=("x", "h", "o", "d+"),
        record_samples=RECORDED,
    )


@dataclass
class Whole:
    """A training that was never stopped, and copies of its folder as a kill after each checkpoint would leave it."""

    run: runs.Run
    copies: dict[int, Path]


@pytest.fixture(scope="module")
def whole(config: runs.RunConfig, tmp_path_factory: pytest.TempPathFactory) -> Whole:
    folder = tmp_path_factory.mktemp("whole")
    copies = {0: folder / "0"}

    def copy(progress: Progress) -> None:
        if progress.shown % EVERY == 0:
            copies[progress.shown] = shutil.copytree(run.folder, folder / str(progress.shown))

    run = runs.start(config, folder / "run")
    shutil.copytree(run.folder, copies[0])
    assert run.train([copy])
    return Whole(run, copies)


@pytest.fixture
def finished(config: runs.RunConfig, tmp_path: Path) -> Path:
    """The folder of a small training that was never stopped."""
    run = runs.start(dataclasses.replace(config, epochs=1, record=()), tmp_path / "run")
    assert run.train()
    return run.folder


def stopped_after(run: runs.Run, shown: int) -> None:
    """Train until a polite request arrives after `shown` samples."""
    assert not run.train(interrupted=lambda: run.progress.shown >= shown)
    assert run.progress.shown == shown


def hidden_files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.name.startswith(".")]


def assert_same_end(run: runs.Run, whole: runs.Run) -> None:
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
    last, expected_last = (read_npz(r.folder / runs.CHECKPOINT) for r in (run, whole))
    assert set(last) == set(expected_last)
    for name in set(last) - {"seconds"}:
        np.testing.assert_array_equal(last[name], expected_last[name], err_msg=name)


# --- resuming


def test_the_whole_training_learns_and_fires(whole):
    """Otherwise the comparisons below would say nothing."""
    start = whole.run.initial_weights()
    assert all((whole.run.weights[name] != start[name]).any() for name in start)
    assert (whole.run.progress.right > 0).all()
    assert [len(stretch.labels) for stretch in whole.run.progress.stretches] == [RECORDED, RECORDED]
    assert all(len(table) for stretch in whole.run.progress.stretches for table in stretch.spikes.values())
    assert sorted(whole.copies) == list(range(0, TOTAL, EVERY))


@pytest.mark.parametrize("shown", range(0, TOTAL, EVERY))
def test_a_run_killed_after_a_checkpoint_ends_as_if_never_stopped(whole, tmp_path, shown):
    run = runs.resume(shutil.copytree(whole.copies[shown], tmp_path / "run"))
    assert run.progress.shown == shown
    assert run.train()
    assert_same_end(run, whole.run)
    assert hidden_files(run.folder) == []


@pytest.mark.parametrize("shown", [10, 20, 30, 40, 60, 135, 150, 160, 170])
def test_a_run_stopped_after_a_run_ends_as_if_never_stopped(config, whole, tmp_path, shown):
    """After 10, 20 and 160 samples it stops inside a recorded stretch."""
    stopped_after(runs.start(config, tmp_path / "run"), shown)
    run = runs.resume(tmp_path / "run")
    assert run.progress.shown == shown
    assert run.train()
    assert_same_end(run, whole.run)


def test_a_run_may_be_stopped_again_and_again(config, whole, tmp_path):
    runs.start(config, tmp_path / "run")
    for shown in (10, 20, 25, 100, 160, 175):
        stopped_after(runs.resume(tmp_path / "run"), shown)
    run = runs.resume(tmp_path / "run")
    assert run.train()
    assert_same_end(run, whole.run)
    assert hidden_files(run.folder) == []


def test_the_results_of_a_resumed_run_are_those_of_the_whole_one(whole, tmp_path):
    def results(run: runs.Run) -> tuple[dict, list[Spikes]]:
        metrics = run.write_results(run.evaluate())
        for timed in ("training", "test"):
            metrics[timed] = {name: value for name, value in metrics[timed].items() if "seconds" not in name}
            del metrics[timed]["ms_per_sample"]
        del metrics["peak_memory_MB"], metrics["network"]["build_seconds"]
        return metrics, [recording.spikes_of(s) for s in recording.load(run.folder / runs.SPIKES).segments]

    resumed = runs.resume(shutil.copytree(whole.copies[25], tmp_path / "run"))
    resumed.train()
    complete = runs.resume(shutil.copytree(whole.run.folder, tmp_path / "whole"))
    (metrics, spikes), (expected_metrics, expected_spikes) = results(resumed), results(complete)
    assert metrics == expected_metrics
    assert len(spikes) == len(expected_spikes) == 2
    for one, other in zip(spikes, expected_spikes, strict=True):
        assert first_difference(one, other, CIRCUIT) is None
    assert sorted(path.name for path in resumed.folder.iterdir()) == sorted(runs.FILES)


def test_a_finished_run_that_is_resumed_shows_no_more_samples(whole, tmp_path):
    run, seen = runs.resume(shutil.copytree(whole.run.folder, tmp_path / "run")), []
    assert run.train([seen.append])
    assert seen == []
    assert_same_end(run, whole.run)


def test_a_new_run_can_be_resumed_before_its_first_sample(config, tmp_path):
    started = runs.start(config, tmp_path / "run")
    run = runs.resume(tmp_path / "run")
    assert run.config == started.config
    assert run.progress.shown == 0
    for name, matrix in started.weights.items():
        np.testing.assert_array_equal(run.weights[name], matrix)


# --- what is refused when resuming


def assert_refused(folder: Path, *words: str) -> None:
    """An InputError with all the words, and every file as it was."""
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    with pytest.raises(InputError) as error:
        runs.resume(folder)
    assert [word for word in words if word not in str(error.value)] == [], error.value
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before


def test_a_folder_without_a_run_is_refused(tmp_path):
    assert_refused(tmp_path, str(tmp_path), runs.CONFIG)


@pytest.mark.parametrize("text", ["", "{", "[1]", "null", "{}", '{"format": 2}', '{"format": 1}'])
def test_a_broken_configuration_is_refused(finished, text):
    (finished / runs.CONFIG).write_text(text)
    assert_refused(finished, runs.CONFIG)


@pytest.mark.parametrize("key", ["epochs", "hidden", "record", "samples_sha256"])
def test_a_configuration_that_lacks_something_is_refused(finished, key):
    config = json.loads((finished / runs.CONFIG).read_text())
    del config[key]
    (finished / runs.CONFIG).write_text(json.dumps(config))
    assert_refused(finished, runs.CONFIG, key)


@pytest.mark.parametrize(
    ("key", "value"), [("epochs", "two"), ("hidden", 21), ("simulator", 5), ("record", 5), ("record", None)]
)
def test_a_configuration_with_other_content_is_refused(finished, key, value):
    config = json.loads((finished / runs.CONFIG).read_text())
    (finished / runs.CONFIG).write_text(json.dumps({**config, key: value}))
    assert_refused(finished)


@pytest.mark.parametrize("size", [0, 100, -50])
def test_a_truncated_checkpoint_is_refused(finished, size):
    (finished / runs.CHECKPOINT).write_bytes((finished / runs.CHECKPOINT).read_bytes()[:size])
    assert_refused(finished, runs.CHECKPOINT, "not a whole .npz file")


def test_a_missing_checkpoint_is_refused(finished):
    (finished / runs.CHECKPOINT).unlink()
    assert_refused(finished, runs.CHECKPOINT)


BAD_CHECKPOINTS = {
    "no W1": {"W1": None},
    "other sizes": {"W1": np.zeros((40, 21), int)},
    "no integers": {"W2": np.full((20, 4), 0.5)},
    "no shown": {"shown": None},
    "shown negative": {"shown": np.array(-1)},
    "shown too large": {"shown": np.array(1000)},
    "shown text": {"shown": np.array("x")},
    "shown array": {"shown": np.array([1, 2])},
    "right too long": {"right": np.zeros(3, int)},
    "right text": {"right": np.array(["x"])},
    "seconds text": {"seconds": np.array("x")},
}


@pytest.mark.parametrize("change", BAD_CHECKPOINTS.values(), ids=BAD_CHECKPOINTS)
def test_a_checkpoint_with_other_content_is_refused(finished, change):
    arrays = {**read_npz(finished / runs.CHECKPOINT), **change}
    np.savez(finished / runs.CHECKPOINT, **{name: array for name, array in arrays.items() if array is not None})
    assert_refused(finished, runs.CHECKPOINT, *change)


@pytest.mark.parametrize("name", DATA)
def test_data_that_changed_since_are_refused(config, tmp_path, name):
    data = tmp_path / "d.npz"
    np.savez(data, **DATA)
    folder = runs.start(dataclasses.replace(config, data=str(data)), tmp_path / "run").folder
    values = DATA[name].copy()
    values[0] = 1 - values[0].round() if name.startswith("x") else 3
    np.savez(data, **{**DATA, name: values})
    assert_refused(folder, str(data), str(folder))
    data.unlink()
    assert_refused(folder, str(data))


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_can_not_be_written_any_more_is_refused(finished):
    finished.chmod(0o555)
    assert_refused(finished, str(finished), "write")


# --- what stops a run


def test_an_error_in_a_callback_leaves_the_checkpoint_before(config, whole, tmp_path):
    def fail(progress: Progress) -> None:
        if progress.shown == 70:
            raise RuntimeError("a callback fails")

    with pytest.raises(RuntimeError, match="a callback fails"):
        runs.start(config, tmp_path / "run").train([fail])
    assert hidden_files(tmp_path) == []
    run = runs.resume(tmp_path / "run")
    assert run.progress.shown == 50
    assert run.train()
    assert_same_end(run, whole.run)


@pytest.mark.parametrize("error", [OSError(28, "No space left on device"), KeyboardInterrupt()], ids=["full", "Ctrl-C"])
def test_a_checkpoint_that_fails_half_way_leaves_the_one_before(config, whole, tmp_path, monkeypatch, error):
    def write_half(stream, **arrays):
        if arrays["shown"] == 75:
            stream.write(b"PK half")
            raise error
        write(stream, **arrays)

    write = np.savez_compressed
    run = runs.start(config, tmp_path / "run")
    with monkeypatch.context() as patch:
        patch.setattr(np, "savez_compressed", write_half)
        with pytest.raises(type(error)):
            run.train()
    assert hidden_files(tmp_path) == []
    run = runs.resume(tmp_path / "run")
    assert run.progress.shown == 50
    assert run.train()
    assert_same_end(run, whole.run)


def test_a_failed_start_leaves_nothing(config, tmp_path):
    with pytest.raises(InputError):
        runs.start(dataclasses.replace(config, record=("nobody",)), tmp_path / "deep" / "run")
    assert list(tmp_path.iterdir()) == []


# --- Ctrl-C and SIGTERM

HANDLERS: tuple[Callable[[], object], ...] = tuple(
    lambda n=number: signal.getsignal(n) for number in StopRequest.SIGNALS
)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_the_first_signal_only_sets_a_flag_and_says_so(capsys, number):
    with StopRequest() as stop:
        assert not stop()
        signal.raise_signal(number)
        assert stop()
    assert "Stopping after the present run, with a checkpoint" in capsys.readouterr().err


@pytest.mark.parametrize("first", [signal.SIGINT, signal.SIGTERM])
def test_ctrl_c_after_a_first_signal_stops_at_once(first):
    with StopRequest() as stop:
        signal.raise_signal(first)
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)
        assert stop()


def test_a_second_sigterm_changes_nothing():
    with StopRequest() as stop:
        signal.raise_signal(signal.SIGTERM)
        signal.raise_signal(signal.SIGTERM)
        assert stop()


@pytest.mark.parametrize("error", [None, RuntimeError, KeyboardInterrupt])
def test_the_handlers_are_restored(error):
    before = [handler() for handler in HANDLERS]
    try:
        with StopRequest() as stop:
            assert [handler() for handler in HANDLERS] == [stop._handle, stop._handle]
            if error:
                raise error
    except (RuntimeError, KeyboardInterrupt):
        pass
    assert [handler() for handler in HANDLERS] == before


def test_ctrl_c_ends_the_training_after_the_present_run_with_a_checkpoint(config, whole, tmp_path):
    run = runs.start(config, tmp_path / "run")
    with StopRequest() as stop:
        finished = run.train([lambda p: signal.raise_signal(signal.SIGINT) if p.shown == 40 else None], stop)
    assert not finished
    again = runs.resume(tmp_path / "run")
    assert again.progress.shown == 40
    assert again.train()
    assert_same_end(again, whole.run)


# --- records


def test_the_fingerprint_changes_with_every_sample_and_label(config):
    samples = runs.load_samples(config.data)
    seen = {samples.fingerprint}
    for name in DATA:
        array = getattr(samples, name).copy()
        array.flat[-1] = 1 - array.flat[-1]
        seen.add(dataclasses.replace(samples, **{name: array}).fingerprint)
    assert len(seen) == 5
    assert runs.load_samples(config.data).fingerprint == samples.fingerprint


@pytest.mark.skipif(sys.platform != "linux", reason="on other systems a process does not inherit its parent's peak")
def test_the_peak_memory_is_that_of_the_run_and_not_of_what_started_it(config, tmp_path):
    """A parent of 1 GB starts the command."""
    command = ["-m", "pynn_backprop.cli.main", "train", "reference", "--data", config.data, "--epochs", "1"]
    parent = (
        "import subprocess, sys; ballast = b'1' * 1_000_000_000; "
        "sys.exit(subprocess.run([sys.executable, *sys.argv[1:]]).returncode)"
    )
    full = [sys.executable, "-c", parent, *command, "--out", str(tmp_path / "run")]
    subprocess.run(full, check=True, capture_output=True, timeout=120)
    metrics = json.loads((tmp_path / "run" / runs.METRICS).read_text())
    assert 50 < metrics["peak_memory_MB"] < 900
