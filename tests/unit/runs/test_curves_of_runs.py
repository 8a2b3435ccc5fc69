"""A run tells every epoch in metrics.json and learning_curve.png, and holds samples out; stopped or not, the same."""

from __future__ import annotations

import dataclasses
import json
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from matplotlib.image import imread
from small_runs import EPOCHS, EVERY, TOTAL, N, stopped_after

from pynn_backprop.errors import InputError
from pynn_backprop.files import read_npz, write_npz
from pynn_backprop.learning.evaluation import evaluate
from pynn_backprop.learning.progress import Progress
from pynn_backprop.runs import run as run_module
from pynn_backprop.runs.checkpoint import SUMS
from pynn_backprop.runs.config import RunConfig
from pynn_backprop.runs.folder import CHECKPOINT, CURVE, METRICS
from pynn_backprop.runs.opening import resume, start
from pynn_backprop.runs.prepare import samples_of
from pynn_backprop.runs.run import Run

TOLD = ("accuracy", "error_samples", "weights_changed", "weights_at_bound", "validation")
LEARNT = N - N // 4


@pytest.fixture(scope="module")
def held(config: RunConfig) -> RunConfig:
    """A quarter is held out; checkpoints come in the middle of epochs, and at the end of the second one."""
    return dataclasses.replace(config, validation=0.25, checkpoint_every=EVERY - 10)


def curve_of(folder: Path) -> dict[str, Any]:
    training = json.loads((folder / METRICS).read_text())["training"]
    return {name: training[f"{name}_by_epoch"] for name in TOLD if f"{name}_by_epoch" in training}


@pytest.fixture(scope="module")
def curve(held: RunConfig, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    run = start(held, tmp_path_factory.mktemp("curve") / "run")
    assert run.train()
    return curve_of(run.folder)


# --- what is held out


def test_held_out_samples_are_a_share_of_each_class_and_are_not_learnt(held, config):
    samples, everything = samples_of(held), samples_of(config)
    assert samples.x_validation is not None
    assert (len(samples.x_train), len(samples.x_validation)) == (LEARNT, N - LEARNT)
    assert np.bincount(samples.y_validation).max() - np.bincount(samples.y_validation).min() <= 1
    out = np.setdiff1d(np.arange(N), samples.learnt)
    np.testing.assert_array_equal(samples.x_train, everything.x_train[samples.learnt])
    np.testing.assert_array_equal(samples.x_validation, everything.x_train[out])
    np.testing.assert_array_equal(samples.y_validation, everything.y_train[out])
    np.testing.assert_array_equal(samples.x_test, everything.x_test)
    assert everything.x_validation is None


def test_the_seed_decides_which(held):
    first, again = samples_of(held), samples_of(held)
    other = samples_of(dataclasses.replace(held, seed=1))
    np.testing.assert_array_equal(first.learnt, again.learnt)
    assert not np.array_equal(first.learnt, other.learnt)
    assert len({samples.fingerprint for samples in (first, again, other)}) == 2


@pytest.mark.parametrize("wrong", [1, 1.0, -0.1, float("nan"), True, "a tenth"])
def test_a_share_that_is_none_is_refused(config, wrong):
    with pytest.raises(InputError, match=r"validation is .* but must be a number from 0 on that is below 1"):
        dataclasses.replace(config, validation=wrong)


def test_a_share_that_leaves_a_class_without_samples_is_refused(config, tmp_path):
    with pytest.raises(InputError, match=r"validation is 0.01, but so 60 samples can't be split class by class"):
        start(dataclasses.replace(config, validation=0.01), tmp_path / "run")
    assert not (tmp_path / "run").exists()


# --- what is told


def test_every_epoch_is_told_as_soon_as_it_has_ended(held, tmp_path):
    run, seen = start(held, tmp_path / "run"), []

    def look(progress: Progress) -> None:
        metrics = json.loads((run.folder / METRICS).read_text())
        assert "test" not in metrics
        seen.append({name: len(values) for name, values in curve_of(run.folder).items()})
        score = evaluate(run.platform, run.inference, run.samples.x_validation, last[-1]).score(
            run.samples.y_validation
        )
        assert progress.curve.validation[progress.ended - 1] == score.by_spikes

    last: list[Any] = []
    whole = lambda progress: last.append(progress.running.weights())  # noqa: E731
    assert run.train([whole], epoch_callbacks=[look])
    assert seen == [dict.fromkeys(TOLD, epoch) for epoch in (1, 2, 3)]
    told = curve_of(run.folder)
    metrics = run.write_results(run.evaluate())
    assert "test" in metrics
    assert curve_of(run.folder) == told
    assert told["accuracy"] == (run.progress.right / LEARNT).tolist()
    assert imread(run.folder / CURVE).shape[1] == 1600


def test_epochs_that_end_fast_share_a_picture_and_the_last_one_is_in_it(config, tmp_path, monkeypatch):
    drawn: list[int] = []
    draw = run_module.plots.learning_curve
    monkeypatch.setattr(
        run_module.plots,
        "learning_curve",
        lambda progress, title: (drawn.append(progress.ended), draw(progress, title))[1],
    )
    monkeypatch.setattr(run_module, "PICTURE_SECONDS", 1000.0)
    start(config, tmp_path / "fast").train()
    assert drawn == [1, EPOCHS]
    drawn.clear()
    monkeypatch.setattr(run_module, "PICTURE_SECONDS", 0.0)
    start(config, tmp_path / "slow").train()
    assert drawn == [1, 2, 3]


# --- stopped, killed and resumed


def taken_up(run: Run) -> dict[str, Any]:
    assert run.train()
    return curve_of(run.folder)


@pytest.mark.parametrize("shown", [10, 15, 30, 45, 60, 90, 100])
def test_a_run_that_was_stopped_tells_the_same_bit_for_bit(held, curve, tmp_path, shown):
    """Within an epoch, and at its end, where the score of the samples that are held out is made up for."""
    stopped_after(start(held, tmp_path / "run"), shown)
    assert taken_up(resume(tmp_path / "run")) == curve
    assert list(map(len, curve.values())) == [EPOCHS] * 5


def test_a_run_that_was_killed_before_an_epoch_is_validated_tells_the_same(held, curve, tmp_path):
    """As its folder is at the checkpoint at the end of the second epoch, without the score."""
    run = start(held, tmp_path / "run")
    copies: list[Path] = []

    def copy(progress: Progress) -> None:
        if progress.shown == 2 * LEARNT:
            copies.append(shutil.copytree(run.folder, tmp_path / "killed"))

    assert run.train([copy])
    killed = resume(copies[0])
    assert killed.progress.shown == 2 * LEARNT
    assert np.isnan(killed.progress.curve.validation[1:]).all()
    assert taken_up(killed) == curve


def test_a_run_without_validation_tells_no_score(whole, tmp_path):
    assert set(curve_of(whole.run.folder)) == set(TOLD) - {"validation"}


def test_checkpoints_of_before_there_were_curves_are_taken_up(whole, tmp_path):
    folder = shutil.copytree(whole.copies[75], tmp_path / "run")
    arrays = {
        name: a for name, a in read_npz(folder / CHECKPOINT).items() if not name.startswith(("curve/", "before/"))
    }
    sums = json.loads(str(arrays[SUMS]))
    arrays[SUMS] = np.array(json.dumps({name: sums[name] for name in arrays if name != SUMS}))
    write_npz(folder / CHECKPOINT, arrays)
    run = resume(folder)
    told, expected = taken_up(run), curve_of(whole.run.folder)
    assert run.progress.shown == TOTAL
    assert told["accuracy"] == expected["accuracy"]
    assert told["error_samples"] == [None, None, expected["error_samples"][2]]
    assert told["weights_changed"] == [None, None, expected["weights_changed"][2]]
    assert told["weights_at_bound"] == [None, *expected["weights_at_bound"][1:]]
    assert imread(folder / CURVE).shape[1] == 1600


@pytest.mark.parametrize(
    ("name", "wrong"),
    [
        ("curve/error_samples", np.array([N + 1, 0, 0])),
        ("curve/error_samples", np.array([-2, 0, 0])),
        ("curve/error_samples", np.zeros(2, int)),
        ("curve/weights_changed", np.array([1.5, 0, 0])),
        ("curve/weights_at_bound", np.array([0, 0, 0])),
    ],
)
def test_a_checkpoint_whose_curve_can_not_be_is_refused(whole, tmp_path, name, wrong):
    folder = shutil.copytree(whole.copies[25], tmp_path / "run")
    write_npz(folder / CHECKPOINT, {**read_npz(folder / CHECKPOINT), name: wrong})
    with pytest.raises(InputError, match=name):
        resume(folder)
