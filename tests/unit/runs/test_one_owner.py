"""A folder has one owner: a second writer is refused with the first one's number."""

from __future__ import annotations

import dataclasses
import os
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from small_runs import assert_same_end, hidden_files

from pynn_backprop.errors import InputError
from pynn_backprop.files import read_npz, write_json
from pynn_backprop.files.lock import NAME as OWNER
from pynn_backprop.files.owner import Owner
from pynn_backprop.runs.folder import CHECKPOINT, CONFIG, FILES, MANY_SPIKES, SPIKES, WEIGHTS
from pynn_backprop.runs.opening import resume, start
from pynn_backprop.runs.place import NEWER, WHOLE


def test_a_folder_that_another_run_holds_is_refused(config, tmp_path):
    first = start(config, tmp_path / "run")
    for again in (lambda: start(config, tmp_path / "run", overwrite=True), lambda: resume(tmp_path / "run")):
        with pytest.raises(InputError, match=rf"the output folder .*run is in use by process {os.getpid()} on"):
            again()
    assert first.train()
    first.write_results(first.evaluate())
    assert sorted(path.name for path in first.folder.iterdir()) == sorted({*FILES} - {MANY_SPIKES})
    resume(first.folder)


HOLD = """
import sys
from pynn_backprop.files import FolderLock
lock = FolderLock(sys.argv[1])
print("held", flush=True)
sys.stdin.read()
"""


def test_a_folder_of_a_killed_process_is_taken_over(config, whole, tmp_path):
    folder = shutil.copytree(whole.copies[50], tmp_path / "run")
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(folder)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        with pytest.raises(InputError, match=f"is in use by process {holder.pid} on"):
            resume(folder)
        holder.kill()
    assert (folder / OWNER).read_text() == f"process {holder.pid} on {Owner.here().host}\n"
    run = resume(folder)
    assert run.train()
    assert_same_end(run, whole.run)
    run.close()
    assert not (folder / OWNER).exists()


def test_runs_without_a_name_of_their_own_get_one_each(config, tmp_path):
    runs = [start(config, tmp_path / "runs" / "name", fresh=True) for _ in range(3)]
    assert [run.folder.name for run in runs] == ["name", "name-2", "name-3"]


def test_a_start_that_fails_lets_the_folder_go(config, tmp_path, monkeypatch):
    def fail(*arguments, **named):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(np, "savez", fail)
        with pytest.raises(OSError, match="No space left"):
            start(config, tmp_path / "run")
    assert sorted(path.name for path in (tmp_path / "run").iterdir()) == [CONFIG]
    start(config, tmp_path / "run")


# --- replacing a run


def results(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.name in FILES}


@pytest.fixture(scope="module")
def done(config, tmp_path_factory):
    """The folder of a run with results."""
    run = start(config, tmp_path_factory.mktemp("done") / "run")
    run.train()
    run.write_results(run.evaluate())
    return run.folder


@pytest.fixture
def good(done, tmp_path):
    """A copy of it."""
    return shutil.copytree(done, tmp_path / "good")


def test_a_run_is_replaced_only_when_the_new_one_is_done(config, good):
    before = results(good)
    new = start(dataclasses.replace(config, seed=1, record=()), good, overwrite=True)
    assert new.train()
    assert results(good) == before
    new.write_results(new.evaluate())
    np.testing.assert_array_equal(read_npz(good / WEIGHTS)["W1"], new.weights["W1"])
    assert SPIKES not in results(good)
    assert hidden_files(good) == []
    assert resume(good).config.seed == 1


def test_a_replacement_that_was_stopped_goes_on_and_then_replaces(config, whole, good):
    before = results(good)
    new = start(dataclasses.replace(config, checkpoint_every=7), good, overwrite=True)
    assert not new.train(interrupted=lambda: new.progress.shown >= 50)
    assert results(good) == before
    again = resume(good)
    assert again.progress.shown == new.progress.shown
    assert again.train()
    again.write_results(again.evaluate())
    assert hidden_files(good) == []
    run = resume(good)
    assert run.config.checkpoint_every == 7
    np.testing.assert_array_equal(run.weights["W2"], whole.run.weights["W2"])


@pytest.mark.parametrize("moved", range(len(FILES)))
def test_a_replacement_that_was_killed_while_it_took_its_place_is_put_in_place(config, good, tmp_path, moved):
    new = start(dataclasses.replace(config, seed=1, record=()), tmp_path / "new")
    assert new.train()
    new.write_results(new.evaluate())
    wanted = results(new.folder)
    newer = shutil.copytree(new.folder, good / NEWER)
    write_json(newer / WHOLE, sorted(wanted))
    for name in sorted(wanted)[:moved]:
        (newer / name).replace(good / name)
    assert resume(good).config.seed == 1
    assert results(good) == wanted
    assert not newer.exists()


def test_a_replacement_may_be_begun_again(config, good):
    start(dataclasses.replace(config, seed=1), good, overwrite=True).close()
    start(dataclasses.replace(config, seed=2), good, overwrite=True).close()
    assert resume(good).config.seed == 2
    assert sorted(path.name for path in (good / NEWER).iterdir()) == sorted([CONFIG, CHECKPOINT])
