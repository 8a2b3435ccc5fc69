"""Checkpoints are read as they were written, and what can't be one is refused."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from small_runs import CIRCUIT, SIZES, N, refusal

from pynn_backprop.errors import InputError
from pynn_backprop.files import read_npz
from pynn_backprop.learning.progress import Progress, Stretch
from pynn_backprop.runs.checkpoint import read_checkpoint, write_checkpoint
from pynn_backprop.runs.folder import CHECKPOINT
from pynn_backprop.weights import CheckedWeights, initial_weights

WEIGHTS = initial_weights(SIZES, 3)


def progress() -> Progress:
    """In the third of four epochs."""
    spikes = {"h": np.array([[13, 0], [14, 2]]), "r": np.zeros((0, 2), np.int64)}
    stretches = [Stretch(0, np.array([2, 1]), spikes), Stretch(100, np.array([0]), {"h": spikes["h"][:1]})]
    return Progress(N, 4, 130, np.array([12, 40, 9]), stretches, seconds=2.5)


def test_a_checkpoint_is_read_as_it_was_written(tmp_path):
    path, written = tmp_path / "c.npz", progress()
    write_checkpoint(path, WEIGHTS, written)
    weights, read = read_checkpoint(path, CIRCUIT, N, 4)
    assert isinstance(weights, CheckedWeights)
    for name, matrix in WEIGHTS.items():
        np.testing.assert_array_equal(weights[name], matrix, strict=True)
    assert (read.samples, read.epochs, read.shown, read.seconds) == (N, 4, 130, 2.5)
    assert read.right.tolist() == [12, 40, 9, 0]
    assert [stretch.first for stretch in read.stretches] == [0, 100]
    for stretch, expected in zip(read.stretches, written.stretches, strict=True):
        np.testing.assert_array_equal(stretch.labels, expected.labels, strict=True)
        assert set(stretch.spikes) == set(expected.spikes)
        for name, table in expected.spikes.items():
            np.testing.assert_array_equal(stretch.spikes[name], table, strict=True)


@pytest.mark.parametrize(("largest", "kind"), [(0, "uint8"), (254, "int16"), (40_000, "int32")])
def test_weights_take_no_more_room_than_they_need_and_are_read_as_ever(tmp_path, largest, kind):
    weights = {name: np.clip(matrix, -largest, largest) for name, matrix in WEIGHTS.items()}
    weights["W1"][0, 0] = largest
    for stretches in ([], progress().stretches):
        write_checkpoint(tmp_path / "c.npz", weights, Progress(N, 4, stretches=stretches))
        assert read_npz(tmp_path / "c.npz")["W1"].dtype == kind


def change(path: Path, arrays: dict[str, np.ndarray | None]) -> None:
    """Put other arrays in a file; None leaves one out."""
    changed = {**read_npz(path), **arrays}
    np.savez(path, **{name: array for name, array in changed.items() if array is not None})


IMPOSSIBLE = {
    "shown negative": ({"shown": np.array(-1)}, "shown is -1 but must be a whole number from 0 to 240"),
    "shown too large": ({"shown": np.array(241)}, "shown is 241 but must be a whole number from 0 to 240"),
    "shown a half": ({"shown": np.array(2.5)}, "shown is 2.5 but must be a whole number"),
    "shown text": ({"shown": np.array("x")}, "shown is array('x'"),
    "shown array": ({"shown": np.array([1, 2])}, "shown is array([1, 2]) but must be a number"),
    "right too short": ({"right": np.zeros(3, int)}, "right is array([0, 0, 0]) but must be 4 counts"),
    "right negative": ({"right": np.array([12, -1, 9, 0])}, "right is array([12, -1,  9,  0]) but must be 4 counts"),
    "right text": ({"right": np.array(["x"] * 4)}, "right is array(['x'"),
    "right a half": ({"right": np.array([12, 0.5, 9, 0])}, "right is array([12. ,  0.5,"),
    "more right than an epoch has": ({"right": np.array([N + 1, 0, 0, 0])}, "of at most 60, 60, 10, 0"),
    "more right than the present epoch has shown": ({"right": np.array([12, 40, 11, 0])}, "of at most 60, 60, 10, 0"),
    "right in an epoch to come": ({"right": np.array([12, 40, 9, 1])}, "of at most 60, 60, 10, 0"),
    "seconds negative": ({"seconds": np.array(-0.5)}, "seconds is -0.5 but must be a time"),
    "seconds NaN": ({"seconds": np.array(np.nan)}, "seconds is nan but must be a time"),
    "seconds without end": ({"seconds": np.array(np.inf)}, "seconds is inf but must be a time"),
    "seconds text": ({"seconds": np.array("x")}, "seconds is array('x'"),
    "no labels": ({"1/labels": None}, "'1/labels'"),
}


@pytest.mark.parametrize(("arrays", "words"), IMPOSSIBLE.values(), ids=IMPOSSIBLE)
def test_a_progress_that_can_not_be_is_refused(tmp_path, arrays, words):
    path = tmp_path / "c.npz"
    write_checkpoint(path, WEIGHTS, progress())
    change(path, arrays)
    with pytest.raises(InputError) as refused:
        read_checkpoint(path, CIRCUIT, N, 4)
    assert str(refused.value).startswith(f"{path} is no checkpoint of this run: ")
    assert words in str(refused.value)


@pytest.mark.parametrize("right", [[60, 60, 10, 0], [0, 0, 0, 0]])
def test_all_and_none_may_be_right(tmp_path, right):
    path = tmp_path / "c.npz"
    write_checkpoint(path, WEIGHTS, progress())
    change(path, {"right": np.array(right)})
    assert read_checkpoint(path, CIRCUIT, N, 4)[1].right.tolist() == right


@pytest.mark.parametrize("shown", [0, 240])
def test_it_may_be_the_first_and_the_last_moment(tmp_path, shown):
    path = tmp_path / "c.npz"
    write_checkpoint(path, WEIGHTS, Progress(N, 4, shown))
    assert read_checkpoint(path, CIRCUIT, N, 4)[1].shown == shown


# --- of a run


OTHERS = {
    "no W1": ({"W1": None}, "it holds W2 but must hold W1, W2"),
    "other sizes": ({"W1": np.zeros((40, 21), int)}, "W1 has shape (40, 21) but must have (40, 20)"),
    "no integers": ({"W2": np.full((20, 4), 0.5)}, "W2[0, 0] is 0.5 but weights must be integers"),
    "too large": ({"W2": np.full((20, 4), 255)}, "W2[0, 0] is 255 but must lie within -254 and 254 (w_max)"),
    "no shown": ({"shown": None}, "lacks shown: it is no checkpoint of a training run"),
    "no right, no seconds": ({"right": None, "seconds": None}, "lacks right, seconds: it is no checkpoint"),
}


@pytest.mark.parametrize(("arrays", "words"), OTHERS.values(), ids=OTHERS)
def test_a_run_with_a_checkpoint_of_something_else_is_refused(finished, arrays, words):
    change(finished / CHECKPOINT, arrays)
    said = refusal(finished)
    assert said.startswith(str(finished / CHECKPOINT))
    assert words in said


@pytest.mark.parametrize("size", [0, 100, -50])
def test_a_truncated_checkpoint_is_refused(finished, size):
    (finished / CHECKPOINT).write_bytes((finished / CHECKPOINT).read_bytes()[:size])
    assert refusal(finished).startswith(f"{finished / CHECKPOINT} is not a whole .npz file")


def test_a_missing_checkpoint_is_refused(finished):
    (finished / CHECKPOINT).unlink()
    assert refusal(finished) == f"{finished / CHECKPOINT} is not a file"
