"""``pynn-backprop train``: what it writes, and that it is the rule."""

from __future__ import annotations

import contextlib
import signal
from collections.abc import Callable, Iterator
from dataclasses import asdict
from pathlib import Path

import numpy as np
import pytest
from command_line import (
    ALWAYS,
    DATA,
    RECORDED,
    SIZES,
    TRAIN,
    WEIGHTS,
    assert_same,
    by_the_rule,
    names,
    read,
    read_json,
    trained,
)

from pynn_backprop.circuit.inference import inference_circuit
from pynn_backprop.circuit.learning_rule import LearningRule
from pynn_backprop.circuit.training import training_circuit
from pynn_backprop.cli import terminal
from pynn_backprop.cli.main import main
from pynn_backprop.codes.binary import Binary
from pynn_backprop.data.datasets import encode
from pynn_backprop.errors import EqualityError
from pynn_backprop.learning.evaluation import evaluate
from pynn_backprop.platforms import ReferencePlatform
from pynn_backprop.recording import blocks
from pynn_backprop.reference.rule import Rule
from pynn_backprop.runs.config import RunConfig
from pynn_backprop.runs.memory import peak_memory
from pynn_backprop.runs.opening import start
from pynn_backprop.runs.run import Run
from pynn_backprop.weights import initial_weights


def test_train_writes_the_documented_files():
    weights = trained()
    assert names("run") == ALWAYS
    assert [(matrix.shape, matrix.dtype.kind) for matrix in weights.values()] == [((40, 20), "i"), ((20, 4), "i")]
    start = initial_weights(SIZES, 0)
    assert all((weights[name] != start[name]).any() for name in start)
    assert_same(weights, by_the_rule(start))


def test_the_metrics_are_those_of_the_run():
    before = peak_memory()
    weights = trained("--samples", "50", "--test-samples", "20")
    metrics = read_json("run/metrics.json")
    assert set(metrics) == {"platform", "training", "test", "network", "peak_memory_MB"}
    assert metrics["platform"]["platform"] == "reference"
    assert metrics["training"]["accuracy_by_epoch"] == [right / 50 for right in read("run/checkpoint.npz")["right"]]
    assert metrics["training"]["samples_shown"] == 100
    asking = inference_circuit(SIZES, probe=True, readout_levels=8)
    score = evaluate(ReferencePlatform(), asking, encode(DATA["x_test"][:20]), weights).score(DATA["y_test"][:20])
    assert {name: metrics["test"][name] for name in asdict(score)} == asdict(score)
    assert score.by_potential > 0
    count = asdict(training_circuit(SIZES, LearningRule().parameters(Binary())).count())
    assert {name: metrics["network"][name] for name in count} == count
    assert all(metrics[part]["ms_per_sample"] > 0 for part in ("training", "test"))
    assert before <= metrics["peak_memory_MB"] <= peak_memory()


@pytest.mark.parametrize(
    "options",
    [
        ["--seed", "3"],
        ["--no-shuffle", "--samples", "40", "--checkpoint-every", "7"],
        ["--levels", "2", "--eta", "4", "--w-max", "250", "--initialisation", "paper"],
        ["--init-weights", "w.npz", "--record", "h", "--record-samples", "5"],
        ["--hidden", "0"],
    ],
    ids=" ".join,
)
def test_the_configuration_repeats_the_run(options):
    weights = trained(*options)
    config = read_json("run/config.json")
    assert {"pynn_backprop", "python", "numpy", "PyNN", "machine"} <= set(config["versions"])
    again = start(RunConfig.from_dict(config), "again")
    assert again.train()
    assert_same(again.weights, weights)
    assert read_json("again/config.json") == config


def test_without_shuffling_samples_come_in_their_order():
    weights = trained("--no-shuffle")
    assert_same(weights, by_the_rule(initial_weights(SIZES, 0), shuffle=False))
    assert (weights["W1"] != trained(out="shuffled")["W1"]).any()


@pytest.mark.parametrize("dtype", [np.int16, np.float64])
def test_training_starts_from_the_initial_weights_of_a_file(dtype):
    np.savez("w.npz", **{name: matrix.astype(dtype) for name, matrix in WEIGHTS.items()})
    assert_same(trained("--init-weights", "w.npz"), by_the_rule(WEIGHTS))


def test_without_hidden_neurons_there_is_one_matrix():
    assert_same(trained("--hidden", "0"), by_the_rule(initial_weights((40, 4), 0)))


def test_levels_multiply_the_inputs():
    assert_same(trained("--levels", "3"), by_the_rule(initial_weights((120, 20, 4), 0), levels=3))


def test_images_are_cropped():
    images = {n: a[:, :36].reshape(-1, 6, 6) if n.startswith("x") else a for n, a in DATA.items()}
    np.savez("images.npz", **images)
    assert trained("--data", "images.npz", "--crop", "4")["W1"].shape == (16, 20)


def test_the_embedded_digits_have_three_levels():
    assert trained("--data", "digits", "--samples", "20", "--epochs", "1")["W1"].shape == (192, 20)


@pytest.mark.parametrize(
    "record", [["h", "o"], pytest.param(["h,o"], marks=pytest.mark.slow), ["h,", "o"]], ids=" ".join
)
def test_populations_are_recorded(record):
    assert_same(trained("--record", *record, "--record-samples", "4"), by_the_rule(initial_weights(SIZES, 0)))
    assert names("run") == RECORDED
    block = blocks.load("run/spikes.nix")
    assert [blocks.labels_of(segment).size for segment in block.segments] == [4, 4]
    spikes = [blocks.spikes_of(segment) for segment in block.segments]
    assert [set(populations) for populations in spikes] == [{"h", "o", "r"}] * 2
    assert all(len(table) for populations in spikes for table in populations.values())
    per_sample = {name: len(table) / 4 for name, table in spikes[-1].items()}
    assert read_json("run/metrics.json")["spikes_per_sample"] == per_sample


@pytest.mark.parametrize(
    "options", ["--plot-figure", pytest.param("--record all", marks=pytest.mark.slow), "--plot-figure --record h"]
)
def test_a_figure_shows_everything_or_what_was_asked_for(options):
    trained("--record-samples", "2", *options.split())
    asked_for = {"h", "r"} if options.endswith("h") else {p.name for p in training_circuit(SIZES).populations}
    assert Path("run/raster.png").read_bytes().startswith(b"\x89PNG")
    assert set(blocks.spikes_of(blocks.load("run/spikes.nix").segments[0])) == asked_for


def test_without_out_the_folder_is_named_by_simulator_data_and_time():
    assert main(TRAIN[:-2]) == 0
    (name,) = names("runs")
    assert name.startswith("reference-d-2")
    assert names(f"runs/{name}") == ALWAYS


def test_overwrite_replaces_the_other_run_and_keeps_other_files():
    trained("--record", "h")
    Path("run", "notes.txt").write_text("mine")
    weights = trained("--overwrite", "--seed", "1")
    assert names("run") == sorted([*ALWAYS, "notes.txt"])
    assert_same(weights, by_the_rule(initial_weights(SIZES, 1), seed=1))


def test_a_check_that_fails_gives_1(monkeypatch, capsys):
    def differ(self: Rule) -> None:
        raise EqualityError("copies differ")

    assert main([*TRAIN, "--check"]) == 0
    monkeypatch.setattr(Rule, "check_copies", differ)
    assert main([*TRAIN, "--overwrite", "--check"]) == 1
    assert capsys.readouterr().err == "pynn-backprop: error: copies differ\n"


def test_ctrl_c_leaves_with_130_and_says_how_to_go_on(monkeypatch, capsys):
    progress_bar, expected = terminal.training_progress, trained(out="whole")

    @contextlib.contextmanager
    def interrupting(run: Run) -> Iterator[tuple[Callable[[object], object], object]]:
        with progress_bar(run) as (callback, tell):
            yield lambda p: (callback(p), signal.raise_signal(signal.SIGINT) if p.shown == 70 else None), tell

    monkeypatch.setattr(ReferencePlatform, "samples_per_run", 10)
    monkeypatch.setattr(terminal, "training_progress", interrupting)
    assert main(TRAIN) == 130
    assert names("run") == ["checkpoint.npz", "config.json", "learning_curve.png", "metrics.json"]
    out = capsys.readouterr().out
    assert "stopped after 70 of 120 samples" in out
    assert "pynn-backprop train --resume run" in out
    assert main(["train", "--resume", "run"]) == 0
    assert "going on after 70 of 120 samples" in capsys.readouterr().out
    assert_same(read("run/weights.npz"), expected)


def test_a_run_can_be_resumed_from_another_folder(monkeypatch):
    trained()
    Path("deep").mkdir()
    monkeypatch.chdir("deep")
    assert main(["train", "--resume", "../run"]) == 0
