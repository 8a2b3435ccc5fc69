"""Folders in which a run can't be started or gone on with, as a user meets them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from command_line import DATA, EVALUATE, RECORDED, TRAIN, changed, trained

from pynn_backprop.cli.main import main
from pynn_backprop.runs import run as run  # now: as nobody no module can be imported any more


@pytest.mark.parametrize("out", ["d.npz", "d.npz/run"])
def test_an_output_folder_that_is_a_file_is_refused(refused, out):
    refused([*TRAIN, "--out", out], ["output folder", out, "no folder"])


@pytest.mark.parametrize("out", ["shut", "shut/run"])
def test_an_output_folder_that_can_not_be_written_is_refused(monkeypatch, capsys, open_folder, unprivileged, out):
    monkeypatch.chdir(open_folder)
    Path("shut").mkdir(mode=0o555)
    with unprivileged():
        assert main([*TRAIN, "--out", out]) == 2
    said = f"the output folder {out} can't be written: shut is no folder that you may write to"
    assert capsys.readouterr().err == f"pynn-backprop: error: {said}\n"
    assert list(Path("shut").iterdir()) == []


@pytest.mark.parametrize("file", RECORDED)
def test_an_output_folder_with_a_file_of_another_run_is_refused(refused, file):
    Path("run").mkdir()
    Path("run", file).write_text("precious")
    refused(TRAIN, ["output folder run", "another run", file, "--resume run", "--overwrite"])


def test_bad_input_does_not_cost_the_run_that_was_to_be_overwritten(refused):
    trained()
    refused([*TRAIN, "--overwrite", "--record", "hh"], ["'hh'"])


@pytest.mark.parametrize("target", ["nothing", "empty", "d.npz"])
def test_resuming_where_there_is_no_run_is_refused(refused, target):
    Path("empty").mkdir()
    refused(["train", "--resume", target], [target, "no run", "config.json"])


@pytest.mark.parametrize(
    "options",
    [
        ["reference"],
        ["--data", "d.npz"],
        ["--epochs", "3"],
        ["--seed", "1"],
        ["--no-shuffle"],
        ["--record", "h"],
        ["--plot-figure"],
        ["--out", "elsewhere"],
        ["--overwrite"],
        ["--init-weights", "w.npz"],
    ],
    ids=" ".join,
)
def test_resuming_with_other_options_is_refused(refused, options):
    trained()
    named = options[0].strip("-") if options[0].startswith("--") else "simulator"
    refused(["train", *options, "--resume", "run"], ["--resume", "can't be combined", named])


@pytest.mark.parametrize("file", ["config.json", "checkpoint.npz"])
def test_resuming_from_a_truncated_file_is_refused(refused, file):
    trained()
    Path("run", file).write_bytes(Path("run", file).read_bytes()[:-50])
    refused(["train", "--resume", "run"], [f"run/{file}", "not a"])


def test_resuming_after_the_data_changed_is_refused(refused):
    trained()
    np.savez("d.npz", **{**DATA, **changed("y_test", 0, 1)})
    refused(["train", "--resume", "run"], ["d.npz", "run", "started"])


@pytest.mark.parametrize("out", ["nowhere/scores.json", "run", "d.npz/scores.json"])
def test_scores_that_can_not_be_written_are_refused_before_the_evaluation(refused, out):
    trained()
    refused([*EVALUATE, "w.npz", "--out", out], [out])
