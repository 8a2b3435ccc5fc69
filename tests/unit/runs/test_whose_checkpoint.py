"""A checkpoint belongs to its run: what another one wrote, or somebody changed, is refused and named."""

from __future__ import annotations

import dataclasses
import json
import shutil
from pathlib import Path

import numpy as np
import pytest
from small_runs import RECORDED, Whole, refusal

from pynn_backprop.errors import InputError
from pynn_backprop.files import read_npz
from pynn_backprop.runs.config import RunConfig
from pynn_backprop.runs.expected import FREE, Expected
from pynn_backprop.runs.folder import CHECKPOINT
from pynn_backprop.runs.opening import resume, start

SHOWN = 150


@pytest.fixture
def stopped(whole: Whole, tmp_path: Path) -> Path:
    """The folder of a run that was killed after its first recorded stretch."""
    return shutil.copytree(whole.copies[SHOWN], tmp_path / "run")


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"seed": 1}, "seed is 1 there but 0 here"),
        ({"eta": 4}, "eta is 4 there but 2 here"),
        ({"w_max": 250}, "w_max is 250 there but 254 here"),
        ({"shuffle": False}, "shuffle is False there but True here"),
        ({"epochs": 2}, "epochs is 2 there but 3 here"),
        ({"record_samples": 20}, "record_samples is 20 there but 30 here"),
    ],
)
def test_the_checkpoint_of_another_run_is_refused(config, stopped, tmp_path, change, words):
    other = start(dataclasses.replace(config, **change), tmp_path / "other")
    shutil.copy(other.folder / CHECKPOINT, stopped / CHECKPOINT)
    assert f"{stopped / CHECKPOINT} is no checkpoint of this run: it belongs to another run: {words}" in refusal(
        stopped
    )


def test_what_decides_no_result_may_differ(config, stopped, tmp_path):
    """A run may go on from another place, and checkpoints may be rarer there."""
    data = shutil.copy(config.data, tmp_path / "moved.npz")
    other = start(dataclasses.replace(config, data=str(data), checkpoint_every=10), tmp_path / "other")
    shutil.copy(stopped / CHECKPOINT, other.folder / CHECKPOINT)
    other.close()
    assert resume(other.folder).progress.shown == SHOWN


def test_a_choice_that_was_not_there_yet_may_lack(stopped):
    """As in the checkpoint of an older version."""
    expected = resume(stopped).expected
    older = {name: value for name, value in expected.identity.items() if name != "form"}
    expected.check_identity(json.dumps(older))
    with pytest.raises(InputError, match="it belongs to another run: seed is None there but 0 here"):
        expected.check_identity(json.dumps({name: value for name, value in older.items() if name != "seed"}))


def test_every_choice_decides_a_result_or_is_known_not_to():
    names = {field.name for field in dataclasses.fields(RunConfig)}
    assert set(FREE) < names


CHANGED = {
    "shown": {"shown": np.array(SHOWN - 10), "right": np.zeros(3, int)},
    "right": {"right": np.zeros(3, int)},
    "seconds": {"seconds": np.array(0.125)},
    "labels": {"0/labels": np.full(RECORDED, 99)},
    "label": {"0/labels": None},
    "fewer labels": {"0/labels": np.zeros(RECORDED - 1, int)},
    "labels of another shape": {"0/labels": np.zeros((RECORDED, 4), bool)},
    "first": {"0/first": np.array(3)},
    "a spike before": {"0/spikes/h": np.array([[0, 0]])},
    "a spike of nobody": {"0/spikes/h": np.array([[40, 20]])},
    "a spike less": {"0/spikes/h": np.zeros((0, 2), int)},
    "no spikes": {"0/spikes/h": None},
    "spikes of another shape": {"0/spikes/h": np.zeros(3, int)},
    "a stretch too many": {"1/first": np.array(31), "1/labels": np.zeros(2, int)},
    "weights": {"W1": np.zeros((40, 20), int)},
    "whose": {"run": np.array("{}")},
    "whose, no JSON": {"run": np.array("[" * 100_000)},
    "nobody's": {"run": None},
    "no sums": {"sums": None},
    "sums of nothing": {"sums": np.array("[]")},
}


@pytest.mark.parametrize("arrays", CHANGED.values(), ids=CHANGED)
def test_a_checkpoint_that_somebody_changed_is_refused_before_training(stopped, arrays):
    changed = {**read_npz(stopped / CHECKPOINT), **arrays}
    np.savez(stopped / CHECKPOINT, **{name: array for name, array in changed.items() if array is not None})
    assert f"{stopped / CHECKPOINT} is no checkpoint of this run: " in refusal(stopped)


@pytest.mark.parametrize("shown", [0, 25, 50, SHOWN, 175])
def test_the_checkpoints_that_it_writes_fit(whole, tmp_path, shown):
    run = resume(shutil.copytree(whole.copies[shown], tmp_path / "run"))
    assert run.progress.shown == shown
    assert sum(array.nbytes for array in read_npz(run.folder / CHECKPOINT).values()) < run.expected.most_bytes


def test_what_a_checkpoint_holds_besides_is_not_read(stopped):
    """An array of 3 GB takes 3 MB on disk."""
    arrays = read_npz(stopped / CHECKPOINT)
    np.savez_compressed(stopped / CHECKPOINT, **arrays, more=np.zeros(30_000_000, np.int8))
    assert resume(stopped).progress.shown == SHOWN


def test_an_array_that_is_far_too_large_is_not_read(stopped):
    arrays = read_npz(stopped / CHECKPOINT)
    np.savez_compressed(stopped / CHECKPOINT, **{**arrays, "W1": np.zeros((40, 200_000), np.int64)})
    assert "checkpoint.npz is not read: the arrays up to" in refusal(stopped)


def test_older_checkpoints_are_held_against_what_was_shown(whole, stopped):
    """They have no sums, but labels and stretches must be those of the run all the same."""
    expected: Expected = whole.run.expected
    progress = resume(stopped).progress
    expected.check_stretches(progress)
    progress.stretches[0].labels[3] = (progress.stretches[0].labels[3] + 1) % 4
    with pytest.raises(InputError, match=r"0/labels\[3\] is \d but that sample has the label \d"):
        expected.check_stretches(progress)
