"""Folders of runs that version 0.1 wrote, before the packages had their present places: they load, and go on.

``whole`` came to its end; ``half`` is the same run, stopped after 150 of 240 samples.
"""

from __future__ import annotations

import gzip
import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from pynn_backprop.circuit.training import training_circuit
from pynn_backprop.cli.main import main
from pynn_backprop.files import read_npz
from pynn_backprop.learning.curve import NAMES as TOLD
from pynn_backprop.recording import analysis, blocks
from pynn_backprop.runs.folder import CHECKPOINT, METRICS, SPIKES, WEIGHTS
from pynn_backprop.runs.opening import resume
from pynn_backprop.weights import load_weights

OLD = Path(__file__).resolve().parents[2] / "data" / "run-0.1"
WHOLE, HALF = OLD / "whole", OLD / "half"
SIZES = (64, 12, 10)


@pytest.fixture
def recording(tmp_path: Path) -> Path:
    """Its spikes are kept compressed."""
    path = tmp_path / SPIKES
    path.write_bytes(gzip.decompress((WHOLE / f"{SPIKES}.gz").read_bytes()))
    return path


def test_weights_load_and_answer_as_they_did(tmp_path):
    weights = load_weights(WHOLE / WEIGHTS, neurons=SIZES)
    checkpoint = read_npz(WHOLE / CHECKPOINT)
    for name, matrix in weights.items():
        np.testing.assert_array_equal(matrix, checkpoint[name])
    command = ["evaluate", "reference", "--weights", str(WHOLE / WEIGHTS), "--levels", "1", "--test-samples", "40"]
    assert main([*command, "--out", str(tmp_path / "scores.json")]) == 0
    scores = json.loads((tmp_path / "scores.json").read_text())
    then = json.loads((WHOLE / METRICS).read_text())["test"]
    assert {name: scores[name] for name in ("samples", "by_spikes", "by_potential", "all_right")} == {
        name: then[name] for name in ("samples", "by_spikes", "by_potential", "all_right")
    }


def test_spikes_are_read_and_analysed(recording):
    block = blocks.load(recording)
    assert blocks.circuit_of(block) == training_circuit(SIZES, form="published")
    analysis.check_silence(block)
    assert [segment.name for segment in block.segments] == ["samples 0 to 3", "samples 236 to 239"]
    per_sample = json.loads((WHOLE / METRICS).read_text())["spikes_per_sample"]
    means = analysis.spike_table(block, -1).per_sample()
    assert {name: counts.sum() for name, counts in means.items()} == per_sample == {"o": 2.75, "r": 2.0}
    assert analysis.outputs(block).shape == (4, 10)


def test_a_run_that_was_stopped_goes_on_to_the_end_of_the_whole_one(tmp_path):
    run = resume(shutil.copytree(HALF, tmp_path / "run"))
    assert run.progress.shown == 150
    assert run.train(check=True)
    whole, ended = read_npz(WHOLE / CHECKPOINT), read_npz(run.folder / CHECKPOINT)
    assert set(ended) == {*whole, "run", "sums", *(f"curve/{name}" for name in TOLD)}
    for name in set(whole) - {"seconds"}:
        np.testing.assert_array_equal(ended[name], whole[name], err_msg=name)
    run.write_results(run.evaluate())
    metrics, then = (json.loads((folder / METRICS).read_text()) for folder in (run.folder, WHOLE))
    assert set(metrics) == set(then)
    assert metrics["training"]["accuracy_by_epoch"] == then["training"]["accuracy_by_epoch"]
    assert metrics["spikes_per_sample"] == then["spikes_per_sample"]


def test_a_run_that_came_to_its_end_is_resumed_as_it_is(tmp_path):
    run = resume(shutil.copytree(WHOLE, tmp_path / "run"))
    assert run.train([lambda progress: pytest.fail("it showed a sample")])
    for name, matrix in load_weights(WHOLE / WEIGHTS).items():
        np.testing.assert_array_equal(run.weights[name], matrix)
