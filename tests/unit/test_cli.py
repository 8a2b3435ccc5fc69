"""The command line: what each command writes, and that bad input is refused before anything is made."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, fields
from pathlib import Path

import numpy as np
import pytest

import pynn_backprop
from pynn_backprop.circuit.published import inference_circuit, training_circuit
from pynn_backprop.cli import main as cli
from pynn_backprop.cli import terminal as console
from pynn_backprop.data.datasets import encode
from pynn_backprop.errors import EqualityError, InputError
from pynn_backprop.learning.training import evaluate, order_of_epoch
from pynn_backprop.platforms import ReferencePlatform
from pynn_backprop.recording import blocks as recording
from pynn_backprop.reference.rule import Rule
from pynn_backprop.runs import run as runs
from pynn_backprop.weights import Weights, initial_weights

N, SIZES = 60, (40, 20, 4)
_random = np.random.default_rng(0)
_y = np.arange(N) % SIZES[-1]
_x = np.clip(_random.random((4, SIZES[0])).round()[_y] + _random.normal(0, 0.3, (N, SIZES[0])), 0, 1)
DATA = {"x_train": _x, "y_train": _y, "x_test": _x[::2], "y_test": _y[::2]}
WEIGHTS = {"W1": _random.integers(-120, 121, SIZES[:2]), "W2": _random.integers(-120, 121, SIZES[1:])}
TRAIN = ("train", "reference", "--data", "d.npz", "--hidden", "20", "--epochs", "2", "--out", "run")
EVALUATE = ("evaluate", "reference", "--data", "d.npz", "--weights")
ALWAYS = ["checkpoint.npz", "config.json", "metrics.json", "weights.npz"]
RECORDED = sorted([*ALWAYS, "raster.png", "spikes.nix"])


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The present folder of each test: it holds the data set d.npz and the weights w.npz."""
    monkeypatch.chdir(tmp_path)
    np.savez("d.npz", **DATA)
    np.savez("w.npz", **WEIGHTS)
    return tmp_path


def content(folder: Path) -> dict[str, bytes | None]:
    """All that is in a folder: the bytes of every file, None for a folder."""
    paths = sorted(folder.rglob("*"))
    return {str(path.relative_to(folder)): path.read_bytes() if path.is_file() else None for path in paths}


def names(folder: str) -> list[str]:
    return sorted(path.name for path in Path(folder).iterdir())


def read(path: str) -> Weights:
    with np.load(path) as archive:
        return dict(archive)


def read_json(path: str) -> dict:
    return json.loads(Path(path).read_text())


def write(path: str, good: Mapping[str, np.ndarray], change: bytes | Mapping[str, np.ndarray | None] | None) -> None:
    """An .npz with changed arrays (None: left out); or these bytes; or no file."""
    if isinstance(change, Mapping):
        np.savez(path, **{name: array for name, array in {**good, **change}.items() if array is not None})
    elif change is not None:
        Path(path).write_bytes(change)


def changed(name: str, index: object, value: float) -> dict[str, np.ndarray]:
    array = DATA[name].copy()
    array[index] = value
    return {name: array}


def trained(*options: str, out: str = "run") -> Weights:
    """The weights that the command writes."""
    assert cli.main([*TRAIN, "--out", out, *options]) == 0
    return read(f"{out}/weights.npz")


def by_the_rule(weights: Weights, seed: int = 0, shuffle: bool = True, levels: int = 1) -> Weights:
    """The weights after two epochs by the oracle alone."""
    oracle, x = Rule(weights), encode(DATA["x_train"], levels)
    for epoch in range(2):
        order = order_of_epoch(N, epoch, seed, shuffle)
        oracle.train(x[order], DATA["y_train"][order])
    return oracle.weights()


def assert_same(one: Weights, other: Weights) -> None:
    assert list(one) == list(other)
    for name in one:
        np.testing.assert_array_equal(one[name], other[name], err_msg=name)


# --- bad input


Refused = Callable[[Sequence[str], Sequence[str]], None]


@pytest.fixture
def refused(folder: Path, capsys: pytest.CaptureFixture[str]) -> Refused:
    """Checks that a command says one line with all the given words, leaves with 2, and changed no file."""

    def check(arguments: Sequence[str], words: Sequence[str]) -> None:
        before = content(folder)
        capsys.readouterr()
        assert cli.main(arguments) == 2
        out, error = capsys.readouterr()
        assert out == ""
        (line,) = error.splitlines()
        assert line.startswith("pynn-backprop: error: ")
        assert [word for word in words if word not in line] == [], line
        assert content(folder) == before

    return check


@pytest.mark.parametrize(
    ("simulator", "words"),
    [
        ("nst", ["simulator", "'nst'", "brian2, lava, nest, reference", "did you mean 'nest'"]),
        ("Reference", ["simulator", "'Reference'", "did you mean 'reference'"]),
        ("", ["simulator", "''", "brian2, lava, nest, reference"]),
        ("no.such.module", ["simulator", "'no.such.module'", "not installed"]),
        ("pyNN.nosuch", ["simulator", "'pyNN.nosuch'", "not installed"]),
        ("json.tool", ["'json.tool'", "no backend", "pyNN.nest"]),
        (".", ["simulator", "'.'"]),
        (".nest", ["simulator", "'.nest'"]),
    ],
)
def test_a_simulator_that_does_not_exist_is_refused(refused, simulator, words):
    refused(["train", simulator, *TRAIN[2:]], words)
    refused(["evaluate", simulator, *EVALUATE[2:], "w.npz"], words)


def test_a_missing_simulator_is_asked_for(refused):
    refused(["train", *TRAIN[2:]], ["simulator is missing", "brian2, lava, nest, reference", "dotted path"])


COUNTS = ["epochs", "samples", "test-samples", "levels", "crop", "threads", "checkpoint-every", "record-samples", "eta"]


@pytest.mark.parametrize(
    ("option", "value", "allowed"),
    [
        *((f"--{name}", value, "at least 1") for name in COUNTS for value in ("0", "-1")),
        ("--w-max", "0", "at least 1"),
        ("--w-max", "1", "at least 2"),
        ("--hidden", "-1", "at least 0"),
        ("--seed", "-1", "at least 0"),
        ("--samples", "61", "from 1 to 60"),
        ("--test-samples", "31", "from 1 to 30"),
    ],
)
def test_a_count_out_of_range_is_refused(refused, option, value, allowed):
    refused([*TRAIN, option, value], [option.strip("-").replace("-", "_"), f" {value} ", allowed])


@pytest.mark.parametrize("option", ["--threads", "--levels", "--crop", "--test-samples"])
def test_a_count_out_of_range_is_refused_by_evaluate(refused, option):
    refused([*EVALUATE, "w.npz", option, "0"], [option.strip("-").replace("-", "_"), " 0 "])


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--data", "digit"], ["data set", "'digit'", "mnist", "did you mean 'digits'", ".npz"]),
        (["--data", ""], ["data set", "''", "digits"]),
        (["--data", "missing.npz"], ["data set", "missing.npz", "does not exist"]),
        (["--crop", "2"], ["crop", "2", "square images"]),
        (["--record", "h", "hh"], ["population", "'hh'", "h_low"]),
        (["--record", "h,hh"], ["population", "'hh'", "h_low"]),
        (["--record", "all", "hh"], ["population", "'hh'", "h_low"]),
        (["--record", "h", "--hidden", "0"], ["population", "'h'", "o_low"]),
        (["--initialisation", "alife"], ["initialisation", "'alife'", "paper", "did you mean 'alive'"]),
        (["--variant", "compield"], ["variant", "'compield'", "auto"]),
    ],
    ids=lambda value: " ".join(value) if value[0].startswith("--") else "",
)
def test_a_choice_that_there_is_not_is_refused(refused, options, words):
    refused([*TRAIN, *options], words)


BAD_WEIGHTS = {
    "missing": (None, ["not a file"]),
    "text": (b"1 2 3", ["not a whole .npz"]),
    "fraction": ({"W1": WEIGHTS["W1"] + 0.5}, ["W1[0, 0]", "integers"]),
    "NaN": ({"W2": np.where(np.eye(20, 4) == 1, np.nan, 1.0)}, ["W2[0, 0]", "nan", "integers"]),
    "beyond w_max": ({"W1": np.full((40, 20), 255)}, ["W1[0, 0]", "255", "-254 and 254"]),
    "below -w_max": ({"W2": np.full((20, 4), -255)}, ["W2[0, 0]", "-255", "-254 and 254"]),
    "vector": ({"W1": WEIGHTS["W1"].ravel()}, ["W1", "(800,)", "matrix"]),
    "text array": ({"W1": WEIGHTS["W1"].astype(str)}, ["W1", "integers"]),
    "no W1": ({"W1": None}, ["W1", "W2"]),
}


@pytest.mark.parametrize("command", [(*TRAIN, "--init-weights"), EVALUATE], ids=["train", "evaluate"])
@pytest.mark.parametrize(("change", "words"), BAD_WEIGHTS.values(), ids=BAD_WEIGHTS)
def test_bad_weights_are_refused(refused, command, change, words):
    write("bad.npz", WEIGHTS, change)
    refused([*command, "bad.npz"], ["bad.npz", *words])


@pytest.mark.parametrize(
    ("change", "options", "words"),
    [
        ({"W1": np.zeros((41, 20), int)}, [], ["W1", "(41, 20)", "(40, 20)"]),
        ({"W2": np.zeros((20, 3), int)}, [], ["W2", "(20, 3)", "(20, 4)"]),
        ({"W2": None}, [], ["holds W1", "must hold W1, W2"]),
        ({}, ["--hidden", "6"], ["W1", "(40, 20)", "(40, 6)"]),
        ({}, ["--hidden", "0"], ["holds W1, W2", "must hold W1"]),
        ({}, ["--levels", "2"], ["W1", "(40, 20)", "(80, 20)"]),
    ],
    ids=["inputs", "outputs", "no W2", "hidden", "no hidden", "levels"],
)
def test_initial_weights_of_other_sizes_are_refused(refused, change, options, words):
    write("bad.npz", WEIGHTS, change)
    refused([*TRAIN, "--init-weights", "bad.npz", *options], ["bad.npz", *words])


@pytest.mark.parametrize(
    ("change", "options", "words"),
    [
        ({"W1": np.zeros((41, 20), int)}, [], ["41 inputs and 4 outputs", "40 and 4"]),
        ({"W2": np.zeros((20, 3), int)}, [], ["40 inputs and 3 outputs", "40 and 4"]),
        ({"W2": None}, [], ["40 inputs and 20 outputs", "40 and 4"]),
        ({}, ["--levels", "2"], ["40 inputs and 4 outputs", "80 and 4", "--levels"]),
        ({"W1": np.zeros((40, 21), int)}, [], ["W2", "(20, 4)", "(21, 4)"]),
    ],
    ids=["inputs", "outputs", "no W2", "levels", "not fitting"],
)
def test_evaluating_weights_of_other_sizes_is_refused(refused, change, options, words):
    write("bad.npz", WEIGHTS, change)
    refused([*EVALUATE, "bad.npz", *options], ["bad.npz", *words])


BAD_DATA = {
    "NaN": (changed("x_train", (3, 2), np.nan), ["x_train[3, 2]", "nan", "0 to 1"]),
    "too large": (changed("x_test", (3, 2), 1.5), ["x_test[3, 2]", "1.5", "0 to 1"]),
    "below 0": (changed("x_train", (3, 2), -0.1), ["x_train[3, 2]", "-0.1", "0 to 1"]),
    "negative label": (changed("y_train", 7, -1), ["y_train[7]", "-1", "0 to n - 1"]),
    "label left out": (changed("y_train", slice(None, None, 4), 4), ["y_train", "is 0"]),
    "unknown label": (changed("y_test", 5, 4), ["y_test[5]", "4", "end at 3"]),
    "float labels": ({"y_train": DATA["y_train"] + 0.0}, ["y_train", "float64", "integer"]),
    "no y_test": ({"y_test": None}, ["lacks", "y_test", "x_train"]),
    "lengths": ({"y_train": DATA["y_train"][:-1]}, ["x_train has 60", "y_train has 59"]),
    "features": ({"x_test": DATA["x_test"][:, :-1]}, ["x_train", "(40,)", "x_test", "(39,)"]),
    "empty": ({"x_test": DATA["x_test"][:0], "y_test": DATA["y_test"][:0]}, ["x_test", "empty"]),
    "text": (b"1 2 3", ["not a whole .npz"]),
}


@pytest.mark.parametrize(("change", "words"), BAD_DATA.values(), ids=BAD_DATA)
def test_bad_data_are_refused(refused, change, words):
    write("bad.npz", DATA, change)
    refused([*TRAIN, "--data", "bad.npz"], ["bad", *words])
    refused([*EVALUATE, "w.npz", "--data", "bad.npz"], ["bad", *words])


@pytest.mark.parametrize(("option", "file"), [("--data", "d.npz"), ("--init-weights", "w.npz")])
def test_a_truncated_file_is_refused(refused, option, file):
    Path("cut.npz").write_bytes(Path(file).read_bytes()[:-50])
    refused([*TRAIN, option, "cut.npz"], ["cut.npz", "not a whole .npz"])


@pytest.mark.parametrize("out", ["d.npz", "d.npz/run"])
def test_an_output_folder_that_is_a_file_is_refused(refused, out):
    refused([*TRAIN, "--out", out], ["output folder", out, "no folder"])


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
@pytest.mark.parametrize("out", ["shut", "shut/run"])
def test_an_output_folder_that_can_not_be_written_is_refused(refused, out):
    Path("shut").mkdir(mode=0o555)
    refused([*TRAIN, "--out", out], ["output folder", out, "may write"])


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


@pytest.mark.parametrize(
    ("sizes", "words"),
    [
        (["6"], ["units", "(6,)", "2 or 3"]),
        (["6", "5", "4", "3"], ["units", "(6, 5, 4, 3)", "2 or 3"]),
        (["6", "0", "2"], ["units[1]", "0", "at least 1"]),
        (["-6", "2"], ["units[0]", "-6", "at least 1"]),
    ],
    ids=["one", "four", "zero", "negative"],
)
def test_a_circuit_of_bad_sizes_is_refused(refused, sizes, words):
    refused(["circuit", *sizes], words)


@pytest.mark.parametrize("file", ["a.xyz", "nowhere/a.png", "d.npz/a.png"])
def test_a_picture_that_can_not_be_written_is_refused(folder, capsys, file):
    before = content(folder)
    assert cli.main(["circuit", "6", "2", "--plot", file]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert ("xyz" if file == "a.xyz" else file) in line
    assert content(folder) == before


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ([], "COMMAND"),
        (["learn"], "'learn'"),
        (["train", "--no-such-option"], "--no-such-option"),
        (["evaluate", "reference"], "--weights"),
        ([*TRAIN, "--epochs", "1.5"], "--epochs: invalid int value: '1.5'"),
        (["circuit", "4", "1.5"], "invalid int value: '1.5'"),
    ],
)
def test_a_command_line_that_is_not_understood_is_refused(folder, capsys, arguments, words):
    before = content(folder)
    with pytest.raises(SystemExit) as leaving:
        cli.main(arguments)
    assert leaving.value.code == 2
    assert words in capsys.readouterr().err
    assert content(folder) == before


# --- train


def test_train_writes_the_documented_files():
    weights = trained()
    assert names("run") == ALWAYS
    assert [(matrix.shape, matrix.dtype.kind) for matrix in weights.values()] == [((40, 20), "i"), ((20, 4), "i")]
    start = initial_weights(SIZES, 0)
    assert all((weights[name] != start[name]).any() for name in start)
    assert_same(weights, by_the_rule(start))


def test_the_metrics_are_those_of_the_run():
    weights = trained("--samples", "50", "--test-samples", "20")
    metrics = read_json("run/metrics.json")
    assert set(metrics) == {"platform", "training", "test", "network", "peak_memory_MB"}
    assert metrics["platform"]["platform"] == "reference"
    assert len(metrics["training"]["accuracy_by_epoch"]) == 2
    assert metrics["training"]["samples_shown"] == 100
    score = evaluate(ReferencePlatform(), encode(DATA["x_test"][:20]), weights).score(DATA["y_test"][:20])
    assert {name: metrics["test"][name] for name in asdict(score)} == asdict(score)
    assert score.by_potential > 0
    count = asdict(training_circuit(SIZES).count())
    assert {name: metrics["network"][name] for name in count} == count
    assert all(metrics[part]["ms_per_sample"] > 0 for part in ("training", "test"))
    assert metrics["peak_memory_MB"] > 10


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
    again = runs.start(runs.RunConfig(**{f.name: config[f.name] for f in fields(runs.RunConfig)}), "again")
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


@pytest.mark.parametrize("record", [["h", "o"], ["h,o"], ["h,", "o"]], ids=" ".join)
def test_populations_are_recorded(record):
    assert_same(trained("--record", *record, "--record-samples", "4"), by_the_rule(initial_weights(SIZES, 0)))
    assert names("run") == RECORDED
    block = recording.load("run/spikes.nix")
    assert [recording.labels_of(segment).size for segment in block.segments] == [4, 4]
    spikes = [recording.spikes_of(segment) for segment in block.segments]
    assert [set(populations) for populations in spikes] == [{"h", "o", "r"}] * 2
    assert all(len(table) for populations in spikes for table in populations.values())
    per_sample = {name: len(table) / 4 for name, table in spikes[-1].items()}
    assert read_json("run/metrics.json")["spikes_per_sample"] == per_sample


@pytest.mark.parametrize("options", ["--plot-figure", "--record all", "--plot-figure --record h"])
def test_a_figure_shows_everything_or_what_was_asked_for(options):
    trained("--record-samples", "2", *options.split())
    asked_for = {"h", "r"} if options.endswith("h") else {p.name for p in training_circuit(SIZES).populations}
    assert Path("run/raster.png").read_bytes().startswith(b"\x89PNG")
    assert set(recording.spikes_of(recording.load("run/spikes.nix").segments[0])) == asked_for


def test_without_out_the_folder_is_named_by_simulator_data_and_time():
    assert cli.main(TRAIN[:-2]) == 0
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

    assert cli.main([*TRAIN, "--check"]) == 0
    monkeypatch.setattr(Rule, "check_copies", differ)
    assert cli.main([*TRAIN, "--overwrite", "--check"]) == 1
    assert capsys.readouterr().err == "pynn-backprop: error: copies differ\n"


def test_ctrl_c_leaves_with_130_and_says_how_to_go_on(monkeypatch, capsys):
    progress_bar, expected = console.training_progress, trained(out="whole")

    @contextlib.contextmanager
    def interrupting(run: runs.Run) -> Iterator[Callable[[object], None]]:
        with progress_bar(run) as callback:
            yield lambda p: (callback(p), signal.raise_signal(signal.SIGINT) if p.shown == 70 else None)

    monkeypatch.setattr(ReferencePlatform, "samples_per_run", 10)
    monkeypatch.setattr(console, "training_progress", interrupting)
    assert cli.main(TRAIN) == 130
    assert names("run") == ["checkpoint.npz", "config.json"]
    out = capsys.readouterr().out
    assert "stopped after 70 of 120 samples" in out
    assert "pynn-backprop train --resume run" in out
    assert cli.main(["train", "--resume", "run"]) == 0
    assert "going on after 70 of 120 samples" in capsys.readouterr().out
    assert_same(read("run/weights.npz"), expected)


def test_a_run_can_be_resumed_from_another_folder(monkeypatch):
    trained()
    Path("deep").mkdir()
    monkeypatch.chdir("deep")
    assert cli.main(["train", "--resume", "../run"]) == 0


# --- evaluate


@pytest.mark.parametrize("hidden", ["20", "0"])
def test_evaluate_gives_the_scores_of_the_training(capsys, hidden):
    trained("--hidden", hidden)
    assert cli.main([*EVALUATE, "run/weights.npz", "--out", "scores.json"]) == 0
    scores, metrics = read_json("scores.json"), read_json("run/metrics.json")
    assert {name: scores[name] for name in scores if name in metrics["test"]} == {
        name: metrics["test"][name] for name in ("samples", "by_spikes", "by_potential", "all_right")
    }
    assert (scores["platform"], scores["weights"]) == (metrics["platform"], "run/weights.npz")
    assert f"{scores['by_potential']:.1%}" in capsys.readouterr().out


def test_evaluate_makes_no_file_unless_asked(folder):
    before = content(folder)
    assert cli.main([*EVALUATE, "w.npz"]) == 0
    assert content(folder) == before


def test_evaluate_draws_the_confusion_matrix_beside_the_weights():
    trained()
    assert cli.main([*EVALUATE, "run/weights.npz", "--plot-figure", "--test-samples", "20"]) == 0
    assert names("run") == sorted([*ALWAYS, "confusion.png"])
    assert Path("run/confusion.png").read_bytes().startswith(b"\x89PNG")


def test_weights_of_a_training_with_a_larger_bound_can_be_evaluated():
    assert max(np.abs(matrix).max() for matrix in trained("--w-max", "256", "--eta", "16").values()) == 256
    assert cli.main([*EVALUATE, "run/weights.npz"]) == 0


@pytest.mark.parametrize("text", ["[1]", "{}", "null"])
def test_a_config_of_something_else_beside_the_weights_is_passed_over(text):
    trained()
    Path("run/config.json").write_text(text)
    assert cli.main([*EVALUATE, "run/weights.npz"]) == 0


def test_a_broken_bound_beside_the_weights_is_named(capsys):
    trained()
    Path("run/config.json").write_text('{"w_max": "many"}')
    assert cli.main([*EVALUATE, "run/weights.npz"]) == 2
    assert "w_max" in capsys.readouterr().err


# --- circuit, demo, and the command itself


def test_circuit_prints_populations_and_projections(capsys):
    assert cli.main(["circuit", "6", "4", "2"]) == 0
    assert capsys.readouterr().out == f"{training_circuit((6, 4, 2))}\n"
    assert cli.main(["circuit", "6", "4", "2", "--inference"]) == 0
    assert capsys.readouterr().out == f"{inference_circuit((6, 4, 2))}\n"


def test_circuit_counts_the_published_network_by_default(capsys):
    assert cli.main(["circuit", "--count"]) == 0
    out, count = capsys.readouterr().out, training_circuit((400, 400, 10)).count()
    assert len(out.splitlines()) == 1
    assert all(f"{number:,}" in out for number in (count.neurons, count.synapses, count.plastic_synapses))


@pytest.mark.parametrize(("options", "file"), [([], "circuit.png"), (["mine.pdf"], "mine.pdf")])
def test_circuit_is_drawn(capsys, options, file):
    assert cli.main(["circuit", "6", "4", "2", "--count", "--plot", *options]) == 0
    assert f"drawn: {file}" in capsys.readouterr().out
    assert Path(file).read_bytes().startswith((b"\x89PNG", b"%PDF"))


def test_the_demo_replaces_an_earlier_demo(monkeypatch):
    monkeypatch.setattr(cli, "DEMO", {**cli.DEMO, "data": "d.npz", "epochs": 1, "hidden": 5})
    for _ in range(2):
        assert cli.main(["demo", "--simulator", "reference"]) == 0
    assert names("demo-results") == RECORDED


def test_debug_raises_the_error():
    with pytest.raises(InputError, match="'digit'"):
        cli.main([*TRAIN, "--data", "digit", "--debug"])


@pytest.mark.parametrize("debug", [False, True])
def test_only_debug_prints_a_traceback(debug):
    command = [sys.executable, "-m", "pynn_backprop.cli.main", "circuit", "6", *["--debug"] * debug]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert done.returncode != 0
    assert ("Traceback" in done.stderr) == debug
    assert "units is (6,)" in done.stderr


def test_the_version_is_printed(capsys):
    with pytest.raises(SystemExit) as leaving:
        cli.main(["--version"])
    assert leaving.value.code == 0
    assert capsys.readouterr().out == f"pynn_backprop {pynn_backprop.__version__}\n"


@pytest.mark.parametrize("command", ["train", "evaluate", "circuit", "demo"])
def test_every_command_explains_itself(capsys, command):
    with pytest.raises(SystemExit) as leaving:
        cli.main([command, "--help"])
    assert leaving.value.code == 0
    assert f"pynn-backprop {command}" in capsys.readouterr().out
