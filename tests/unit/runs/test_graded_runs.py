"""A run with a graded code: it learns, is taken up again, and is evaluated and written as any other."""

from __future__ import annotations

import dataclasses
import json

import numpy as np
import pytest
from small_runs import DATA, N, stopped_after

from pynn_backprop import BackpropClassifier
from pynn_backprop.codes.graded import Graded
from pynn_backprop.errors import InputError
from pynn_backprop.recording import blocks
from pynn_backprop.recording.analysis import accuracy
from pynn_backprop.runs.config import RunConfig
from pynn_backprop.runs.folder import CONFIG, FILES, MANY_SPIKES, METRICS, SPIKES, WEIGHTS
from pynn_backprop.runs.opening import resume, start
from pynn_backprop.weights import Weights, load_weights

CODE = Graded(8)


@pytest.fixture
def graded(config: RunConfig) -> RunConfig:
    return dataclasses.replace(config, code=CODE, hidden=10, epochs=2, record=("o",), record_samples=N)


def assert_same(one: Weights, other: Weights) -> None:
    assert list(one) == list(other)
    for name in one:
        np.testing.assert_array_equal(one[name], other[name], err_msg=name)


def test_it_is_trained_and_written(graded, tmp_path):
    run = start(graded, tmp_path / "run")
    first = run.initial_weights()
    assert run.circuit.units == (41, 10, 4)
    assert run.train(check=True)
    metrics = run.write_results(run.evaluate())
    assert sorted(path.name for path in run.folder.iterdir()) == sorted({*FILES} - {MANY_SPIKES})
    weights = load_weights(run.folder / WEIGHTS, run.circuit.parameters, code=CODE)
    assert {name: matrix.shape for name, matrix in weights.items()} == {"W1": (328, 80), "W2": (80, 32)}
    assert_same(weights, run.weights)
    assert all((weights[name] != first[name]).any() for name in weights)
    assert metrics["training"]["accuracy_by_epoch"][1] > 0.5
    assert metrics["test"]["by_potential"] > 0.5
    assert json.loads((run.folder / METRICS).read_text()) == metrics


def test_its_recording_tells_the_accuracy(graded, tmp_path):
    run = start(graded, tmp_path / "run")
    run.train()
    run.write_results(run.evaluate())
    block = blocks.load(run.folder / SPIKES)
    assert blocks.circuit_of(block) == run.circuit
    assert accuracy(block) == run.progress.right.sum() / (2 * N)


@pytest.mark.parametrize("shown", [10, 60, 85])
@pytest.mark.parametrize("code", [CODE, Graded(8, "noise", seed=3)], ids=lambda code: code.dither)
def test_it_is_taken_up_where_it_was_stopped(graded, tmp_path, shown, code):
    """Also the levels, which change from sample to sample."""
    config = dataclasses.replace(graded, code=code, record_samples=20)
    whole = start(config, tmp_path / "whole")
    whole.train()
    stopped_after(start(config, tmp_path / "run"), shown)
    run = resume(tmp_path / "run")
    assert run.config == config
    assert (run.progress.shown, run.circuit) == (shown, whole.circuit)
    assert run.train()
    assert_same(run.weights, whole.weights)
    for stretch, expected in zip(run.progress.stretches, whole.progress.stretches, strict=True):
        for name, table in expected.spikes.items():
            np.testing.assert_array_equal(stretch.spikes[name], table, err_msg=name)


@pytest.mark.parametrize("hidden", [6, 0])
@pytest.mark.parametrize("code", [CODE, None], ids=["graded", "binary"])
def test_it_learns_what_the_classifier_learns(config, tmp_path, hidden, code):
    choices = {"hidden": hidden, "epochs": 2, "seed": 3}
    network = BackpropClassifier("reference", code=code, levels=1, scale=None, **choices).fit(
        DATA["x_train"], DATA["y_train"]
    )
    other = {} if code is None else {"code": code}
    run = start(dataclasses.replace(config, record=(), **choices, **other), tmp_path / "run")
    assert run.train()
    assert_same(run.weights, network.weights_)


def test_more_levels_are_refused(graded, tmp_path):
    with pytest.raises(InputError, match="levels is 2 but must be 1 with a graded code"):
        start(dataclasses.replace(graded, levels=2), tmp_path / "run")
    assert list(tmp_path.iterdir()) == []


def test_the_digits_have_no_levels_of_their_own_then(tmp_path):
    config = RunConfig("reference", code=CODE, hidden=4, samples=20, test_samples=10, epochs=1)
    run = start(config, tmp_path / "run")
    assert run.circuit.units == (65, 4, 10)
    assert json.loads((run.folder / CONFIG).read_text())["code"] == CODE.arguments()
