"""Resumed from any checkpoint a run ends as if never stopped, and what stops it leaves a whole checkpoint."""

from __future__ import annotations

import dataclasses
import shutil
import signal

import numpy as np
import pytest
from small_runs import (
    CIRCUIT,
    EVERY,
    RECORDED,
    TOTAL,
    assert_same_end,
    hidden_files,
    stopped_after,
)

from pynn_backprop.cli.interrupts import StopRequest
from pynn_backprop.errors import InputError
from pynn_backprop.learning.progress import Progress
from pynn_backprop.recording import blocks
from pynn_backprop.runs.folder import FILES, MANY_SPIKES, SPIKES
from pynn_backprop.runs.opening import resume, start
from pynn_backprop.runs.run import Run
from pynn_backprop.spikes import Spikes, first_difference


def test_the_whole_training_learns_and_fires(whole):
    """Otherwise the comparisons below would say nothing."""
    begin = whole.run.initial_weights()
    assert all((whole.run.weights[name] != begin[name]).any() for name in begin)
    assert (whole.run.progress.right > 0).all()
    assert [len(stretch.labels) for stretch in whole.run.progress.stretches] == [RECORDED, RECORDED]
    assert all(len(table) for stretch in whole.run.progress.stretches for table in stretch.spikes.values())
    assert sorted(whole.copies) == list(range(0, TOTAL, EVERY))


@pytest.mark.parametrize("shown", range(0, TOTAL, EVERY))
def test_a_run_killed_after_a_checkpoint_ends_as_if_never_stopped(whole, tmp_path, shown):
    run = resume(shutil.copytree(whole.copies[shown], tmp_path / "run"))
    assert run.progress.shown == shown
    assert run.train()
    assert_same_end(run, whole.run)
    assert hidden_files(run.folder) == []


@pytest.mark.parametrize("shown", [10, 20, 30, 40, 60, 135, 150, 160, 170])
def test_a_run_stopped_after_a_run_ends_as_if_never_stopped(config, whole, tmp_path, shown):
    """After 10, 20 and 160 samples it stops inside a recorded stretch."""
    stopped_after(start(config, tmp_path / "run"), shown)
    run = resume(tmp_path / "run")
    assert run.progress.shown == shown
    assert run.train()
    assert_same_end(run, whole.run)


def test_a_run_may_be_stopped_again_and_again(config, whole, tmp_path):
    start(config, tmp_path / "run")
    for shown in (10, 20, 25, 100, 160, 175):
        stopped_after(resume(tmp_path / "run"), shown)
    run = resume(tmp_path / "run")
    assert run.train()
    assert_same_end(run, whole.run)
    assert hidden_files(run.folder) == []


def test_the_results_of_a_resumed_run_are_those_of_the_whole_one(whole, tmp_path):
    def results(run: Run) -> tuple[dict, list[Spikes]]:
        metrics = run.write_results(run.evaluate())
        for timed in ("training", "test"):
            metrics[timed] = {name: value for name, value in metrics[timed].items() if "seconds" not in name}
            del metrics[timed]["ms_per_sample"]
        del metrics["peak_memory_MB"], metrics["network"]["build_seconds"]
        return metrics, [blocks.spikes_of(s) for s in blocks.load(run.folder / SPIKES).segments]

    resumed = resume(shutil.copytree(whole.copies[25], tmp_path / "run"))
    resumed.train()
    complete = resume(shutil.copytree(whole.run.folder, tmp_path / "whole"))
    (metrics, spikes), (expected_metrics, expected_spikes) = results(resumed), results(complete)
    assert metrics == expected_metrics
    assert len(spikes) == len(expected_spikes) == 2
    for one, other in zip(spikes, expected_spikes, strict=True):
        assert first_difference(one, other, CIRCUIT) is None
    assert sorted(path.name for path in resumed.folder.iterdir()) == sorted({*FILES} - {MANY_SPIKES})


def test_a_finished_run_that_is_resumed_shows_no_more_samples(whole, tmp_path):
    run, seen = resume(shutil.copytree(whole.run.folder, tmp_path / "run")), []
    assert run.train([seen.append])
    assert seen == []
    assert_same_end(run, whole.run)


def test_a_new_run_can_be_resumed_before_its_first_sample(config, tmp_path):
    started = start(config, tmp_path / "run")
    started.close()
    run = resume(tmp_path / "run")
    assert run.config == started.config
    assert run.progress.shown == 0
    for name, matrix in started.weights.items():
        np.testing.assert_array_equal(run.weights[name], matrix)


# --- what stops a run


def test_an_error_in_a_callback_leaves_the_checkpoint_before(config, whole, tmp_path):
    def fail(progress: Progress) -> None:
        if progress.shown == 70:
            raise RuntimeError("a callback fails")

    with pytest.raises(RuntimeError, match="a callback fails"):
        start(config, tmp_path / "run").train([fail])
    assert hidden_files(tmp_path) == []
    run = resume(tmp_path / "run")
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
    run = start(config, tmp_path / "run")
    with monkeypatch.context() as patch:
        patch.setattr(np, "savez_compressed", write_half)
        with pytest.raises(type(error)):
            run.train()
    assert hidden_files(tmp_path) == []
    run = resume(tmp_path / "run")
    assert run.progress.shown == 50
    assert run.train()
    assert_same_end(run, whole.run)


def test_ctrl_c_ends_the_training_after_the_present_run_with_a_checkpoint(config, whole, tmp_path):
    run = start(config, tmp_path / "run")
    with StopRequest() as stop:
        finished = run.train([lambda p: signal.raise_signal(signal.SIGINT) if p.shown == 40 else None], stop)
    assert not finished
    again = resume(tmp_path / "run")
    assert again.progress.shown == 40
    assert again.train()
    assert_same_end(again, whole.run)


def test_a_failed_start_leaves_nothing(config, tmp_path):
    with pytest.raises(InputError, match="there is no population 'nobody'; the circuit has input, start"):
        start(dataclasses.replace(config, record=("nobody",)), tmp_path / "deep" / "run")
    assert list(tmp_path.iterdir()) == []
