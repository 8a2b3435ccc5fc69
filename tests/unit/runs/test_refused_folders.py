"""Folders in which no run can be started or gone on with."""

from __future__ import annotations

import dataclasses
import json
import shutil

import numpy as np
import pytest
from small_runs import DATA, refusal

from pynn_backprop.errors import InputError
from pynn_backprop.runs.folder import CHECKPOINT, CONFIG, check_folder
from pynn_backprop.runs.opening import start


def test_a_folder_without_a_run_is_refused(tmp_path):
    assert refusal(tmp_path) == f"{tmp_path} holds no run to resume: there is no config.json in it"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "is not a JSON file"),
        ("{", "is not a JSON file"),
        ("[1]", "is not the configuration of a run: it holds [1]"),
        ("null", "is not the configuration of a run: it holds None"),
        ("{}", "has format None; this version reads 1 and 2"),
        ('{"format": 3}', "has format 3; this version reads 1 and 2"),
        ('{"format": 1}', "lacks checkpoint_every, crop, data"),
    ],
)
def test_a_broken_configuration_is_refused(finished, text, words):
    (finished / CONFIG).write_text(text)
    assert refusal(finished).startswith(f"{finished / CONFIG} {words}")


def change_config(folder, **changes):
    config = {**json.loads((folder / CONFIG).read_text()), **changes}
    (folder / CONFIG).write_text(json.dumps({key: value for key, value in config.items() if value is not ...}))


@pytest.mark.parametrize("key", ["epochs", "hidden", "record", "samples_sha256"])
def test_a_configuration_that_lacks_something_is_refused(finished, key):
    change_config(finished, **{key: ...})
    assert refusal(finished) == f"{finished / CONFIG} lacks {key}"


@pytest.mark.parametrize(
    ("key", "value", "words"),
    [
        ("epochs", "two", "config.json: epochs is 'two' but must be a whole number of at least 1"),
        ("simulator", 5, "config.json: simulator is 5 but must be text"),
        ("layout", "wide", "config.json: layout is 'wide' but must be one of auto, separate, fused"),
        ("record", 5, "config.json: record is 5 but must be a list of names"),
        ("record", None, "config.json: record is None but must be a list of names"),
        ("code", {"m": 3}, "config.json: code is {'m': 3}, which describes no code"),
        ("code", 8, "config.json: code is 8, which describes no code"),
        ("hidden", 21, "it belongs to another run: hidden is [20] there but [21] here, layer_sizes is"),
        (
            "seed",
            5,
            "checkpoint.npz is no checkpoint of this run: it belongs to another run: seed is 0 there but 5 here",
        ),
        ("eta", 4, "it belongs to another run: eta is 2 there but 4 here"),
        ("shuffle", False, "it belongs to another run: shuffle is True there but False here"),
        ("record_samples", 31, "it belongs to another run: record_samples is 30 there but 31 here"),
        ("initialisation", "paper", "it belongs to another run: initialisation is 'alive' there but 'paper' here"),
        ("samples_sha256", "0", "is not what it was when the run"),
    ],
)
def test_a_configuration_with_other_content_is_refused(finished, key, value, words):
    change_config(finished, **{key: value})
    assert words in refusal(finished)


@pytest.mark.parametrize("name", DATA)
def test_data_that_changed_since_are_refused(config, tmp_path, name):
    data = tmp_path / "d.npz"
    np.savez(data, **DATA)
    folder = start(dataclasses.replace(config, data=str(data)), tmp_path / "run").folder
    values = DATA[name].copy()
    values[0] = 1 - values[0].round() if name.startswith("x") else 3
    np.savez(data, **{**DATA, name: values})
    changed = f"the data set '{data}' is not what it was when the run in {folder} was started"
    assert refusal(folder) == changed
    data.unlink()
    assert str(data) in refusal(folder)


# --- folders that can't be written


def test_a_run_in_a_folder_that_can_not_be_written_any_more_is_refused(finished, open_folder, unprivileged):
    folder = shutil.copytree(finished, open_folder / "run")
    folder.chmod(0o555)
    with unprivileged():
        assert refusal(folder) == f"{folder / CHECKPOINT} can't be written: you may not write to the folder {folder}"


def test_a_checkpoint_that_is_a_folder_is_refused(finished):
    (finished / CHECKPOINT).unlink()
    (finished / CHECKPOINT).mkdir()
    assert refusal(finished) == f"{finished / CHECKPOINT} can't be written: it is a folder"


@pytest.mark.parametrize("name", ["", "deep/run"])
def test_a_folder_that_can_not_be_written_holds_no_new_run(open_folder, unprivileged, name):
    shut = open_folder / "shut"
    shut.mkdir(mode=0o555)
    with unprivileged(), pytest.raises(InputError) as refused:
        check_folder(shut / name, overwrite=False)
    wanted = f"the output folder {shut / name} can't be written: {shut} is no folder that you may write to"
    assert str(refused.value) == wanted


def test_a_folder_with_too_long_a_name_can_not_be_made(config, tmp_path):
    with pytest.raises(InputError, match=r"the output folder .* can.t be made: File name too long"):
        start(config, tmp_path / "here" / ("x" * 300))
