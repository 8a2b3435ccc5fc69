"""The command ``pynn-backprop compare``: what it prints and writes, and how it ends."""

from __future__ import annotations

import io
import json
import re
import signal
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest
from rich.console import Console

from pynn_backprop import platforms
from pynn_backprop.circuit.parts import Circuit
from pynn_backprop.cli import main as cli
from pynn_backprop.cli import terminal_compare as console_compare
from pynn_backprop.errors import EqualityError
from pynn_backprop.reference.steps import StepSimulator
from pynn_backprop.spikes import Spikes
from pynn_backprop.weights import Weights

_random = np.random.default_rng(0)
N, N_TEST = 30, 12
DATA = {
    "x_train": _random.random((N, 16)),
    "y_train": np.arange(N) % 3,
    "x_test": _random.random((N_TEST, 16)),
    "y_test": np.arange(N_TEST) % 3,
}
SMALL = ("--data", "d.npz", "--hidden", "8")
COMPARE = ("compare", "reference", "other", *SMALL)


class Other(platforms.ReferencePlatform):
    """The reference under another name; a test puts a step simulator with a defect in its place."""

    name = "other"
    samples_per_run = 7
    simulator: type[StepSimulator] = StepSimulator

    def build(self, circuit: Circuit, weights: Weights, record: Sequence[str] = ()) -> StepSimulator:
        return self.simulator(circuit, weights, record)


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The present folder; and ``other`` is a platform."""
    real = platforms.get_platform
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "100")
    monkeypatch.setattr(
        "pynn_backprop.comparison.compare.get_platform",
        lambda name, options: Other() if name == "other" else real(name, options),
    )
    np.savez("d.npz", **DATA)
    return tmp_path


class LosesASpike(StepSimulator):
    """Of ``h``, the last of the second run of a training."""

    def take_spikes(self) -> Spikes:
        spikes = super().take_spikes()
        if (
            self.circuit.schedule.training
            and self._step == (1 + 2 * Other.samples_per_run) * self.circuit.schedule.length
        ):
            spikes["h"] = spikes["h"][:-1]
        return spikes


class LearnsTooMuch(StepSimulator):
    """One weight of W2 is two too large, or too small."""

    def weights(self) -> Weights:
        weights = super().weights()
        weights["W2"][2, 1] += -2 if weights["W2"][2, 1] > 0 else 2
        return weights


class CopiesDiffer(StepSimulator):
    """Says so."""

    def check_copies(self) -> None:
        raise EqualityError("7 weights of W1 differ between two copies")


@pytest.fixture
def said(capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, str]]:
    """Runs the command with more options; returns the exit status and what it printed, with single spaces."""

    def run(*options: str) -> tuple[int, str]:
        capsys.readouterr()
        status = cli.main([*COMPARE, *options])
        return status, " ".join(capsys.readouterr().out.split())

    return run


# --- equal


def test_equal_platforms_give_0_and_one_line_that_says_so(said):
    status, text = said("--json", "c.json")
    told = json.loads(Path("c.json").read_text())
    spikes = sum(part["compared"] for part in told["pairs"][0]["spikes"].values())
    assert status == 0
    assert told["equal"]
    assert spikes > 1000
    weights, outputs = 16 * 8 + 8 * 3, (N + N_TEST) * 3
    assert (
        f"reference = other: {spikes:,} spikes, {weights} weights, {outputs} outputs and {N_TEST * 3} potentials equal"
        in text
    )
    assert "differ" not in text


def test_the_table_has_every_population_and_its_spikes_per_sample(said):
    _, text = said("--json", "c.json")
    training = json.loads(Path("c.json").read_text())["platforms"][0]["training"]["spikes"]
    for name, spikes in training.items():
        if not re.fullmatch(r"g\d+", name):
            assert re.search(rf" {re.escape(name)} \d+ {spikes / N:.1f} = ", text), name
    assert " g0 to g11 12 12.0 = " in text
    assert f" all {re.search(r' all ([0-9,]+) ', text)[1]} {sum(training.values()) / N:.1f} = " in text


def test_what_was_compared_and_what_was_not_is_said(said):
    _, text = said("--samples", "20", "--test-samples", "5")
    assert "every spike of all 30 populations in the 12 steps of 20 training samples" in text
    assert "all 8 copies" in text
    assert "the 4 steps of 5 test samples, with the weights that reference learnt" in text
    assert "Not compared: weights during training" in text


def test_one_matrix_and_three_platforms_can_be_compared(capsys):
    assert cli.main(["compare", "reference", "other", "other", *SMALL, "--hidden", "0"]) == 0
    text = " ".join(capsys.readouterr().out.split())
    assert "reference = other: " in text
    assert "reference = other (2): " in text
    assert "the matrix after training" in text
    assert " W2 " not in text


def test_the_file_holds_what_is_needed_to_repeat_it(said):
    said("--json", "c.json", "--seed", "3", "--samples", "20")
    told = json.loads(Path("c.json").read_text())
    assert (told["config"]["data"], told["config"]["seed"], told["config"]["hidden"]) == ("d.npz", 3, 8)
    assert (told["samples"], told["test_samples"], told["layer_sizes"]) == (20, N_TEST, [16, 8, 3])
    assert len(told["samples_sha256"]) == 64
    assert {"numpy", "python", "pynn_backprop"} <= set(told["versions"])


def test_the_usual_number_of_samples_is_shown_where_there_are_as_many(said):
    many = {name: np.concatenate([array] * 10) for name, array in DATA.items()}
    np.savez("d.npz", **many)
    said("--json", "c.json")
    told = json.loads(Path("c.json").read_text())
    assert (told["samples"], told["test_samples"]) == (200, 50)


# --- different


def test_a_spike_that_differs_gives_1_and_is_told_in_words(said, monkeypatch):
    monkeypatch.setattr(Other, "simulator", LosesASpike)
    status, text = said("--json", "c.json", "--plot", "d.png")
    (pair,) = json.loads(Path("c.json").read_text())["pairs"]
    first = pair["spikes"]["training"]["first"]
    assert status == 1
    assert first["population"] == "h"
    assert first["only_in"] == "reference"
    assert first["sample"] == 13
    assert "reference and other are not equal" in text
    where = f"at step {first['step']:,} (sample 13, phase {first['phase']}: W1 depression)"
    assert f"first in training: neuron {first['neuron']} of h fires only on reference, {where}" in text
    assert re.search(r" h 8 [0-9.]+ 1 differ ", text)
    assert "1 spike is on only one of the two" in text
    assert "reference =" not in text
    assert Path("d.png").read_bytes().startswith(b"\x89PNG")


@pytest.mark.parametrize(
    ("simulator", "words"),
    [
        (LearnsTooMuch, ["1 of 24 weights of W2 differ, by up to 2"]),
        (CopiesDiffer, ["copies within each 8 equal differ", "other: 7 weights of W1 differ between two copies"]),
    ],
)
def test_weights_or_copies_that_differ_give_1(said, monkeypatch, simulator, words):
    monkeypatch.setattr(Other, "simulator", simulator)
    status, text = said("--plot", "d.png")
    assert status == 1
    assert [word for word in words if word not in text] == []
    assert "no spike differs" in text
    assert not Path("d.png").exists()


def test_a_standard_that_breaks_off_gives_1(monkeypatch, capsys):
    def broken(self: StepSimulator, x: np.ndarray, labels: np.ndarray) -> None:
        raise EqualityError("fires where it must not")

    monkeypatch.setattr(StepSimulator, "train", broken)
    assert cli.main(COMPARE) == 1
    out, error = capsys.readouterr()
    assert "reference can't be the standard" in error
    assert "fires where it must not" in error
    assert "equal" not in out


# --- the form


@pytest.mark.parametrize("simulator", [StepSimulator, LosesASpike])
@pytest.mark.parametrize("width", [80, 120])
def test_lines_fit_and_hold_no_codes_in_a_pipe(capsys, monkeypatch, width, simulator):
    monkeypatch.setenv("COLUMNS", str(width))
    monkeypatch.setattr(Other, "simulator", simulator)
    cli.main(["compare", "reference", "other", "other", *SMALL])
    out = capsys.readouterr().out
    assert "\x1b" not in out
    assert max(map(len, out.splitlines())) <= width
    assert "…" not in out


def test_a_pipe_without_utf8_is_written_to_as_well(folder):
    command = [sys.executable, "-m", "pynn_backprop.cli.main", "compare", "reference", "reference", *SMALL]
    done = subprocess.run(command, capture_output=True, timeout=120, env={"PYTHONIOENCODING": "ascii"})
    assert done.returncode == 0, done.stderr
    assert b"reference = reference (2): " in done.stdout
    assert done.stdout.isascii()


# --- how it ends otherwise


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["reference"], ["reference", "at least two"]),
        (["reference", "nst"], ["'nst'", "did you mean 'nest'"]),
        (["reference", "pyNN.nosuch"], ["'pyNN.nosuch'", "not installed"]),
        (["reference", "reference:fast"], ["variant", "'fast'"]),
        (["reference", "other", "--samples", "31"], ["samples", "31", "from 1 to 30"]),
        (["reference", "other", "--samples", "0"], ["samples", "0", "from 1 to 30"]),
        (["reference", "other", "--test-samples", "13"], ["test_samples", "13", "from 1 to 12"]),
        (["reference", "other", "--hidden", "-1"], ["hidden", "-1", "at least 0"]),
        (["reference", "other", "--seed", "-1"], ["seed", "-1", "at least 0"]),
        (["reference", "other", "--eta", "0"], ["eta", "0", "at least 1"]),
        (["reference", "other", "--threads", "0"], ["threads", "0", "at least 1"]),
        (["reference", "other", "--initialisation", "alife"], ["'alife'", "did you mean 'alive'"]),
        (["reference", "other", "--init-weights", "w.npz"], ["w.npz", "not a file"]),
        (["reference", "other", "--json", "nowhere/c.json"], ["nowhere/c.json"]),
        (["reference", "other", "--plot", "nowhere/c.png"], ["nowhere/c.png"]),
        (["reference", "other", "--plot", "c.xyz"], ["'xyz'", "png"]),
    ],
    ids=lambda value: " ".join(value),
)
def test_bad_input_is_refused_before_anything_runs(folder, capsys, monkeypatch, arguments, words):
    monkeypatch.setattr(StepSimulator, "train", lambda *_: pytest.fail("it ran"))
    assert cli.main(["compare", *arguments, "--data", "d.npz"]) == 2
    out, error = capsys.readouterr()
    assert out == ""
    (line,) = error.splitlines()
    assert [word for word in words if word not in line] == [], line
    assert sorted(path.name for path in folder.iterdir()) == ["d.npz"]


def test_ctrl_c_leaves_with_130_and_writes_nothing(folder, capsys, monkeypatch):
    real = StepSimulator.train

    def interrupted(self: StepSimulator, x: np.ndarray, labels: np.ndarray) -> object:
        signal.raise_signal(signal.SIGINT)
        return real(self, x, labels)

    monkeypatch.setattr(StepSimulator, "train", interrupted)
    assert cli.main([*COMPARE, "--json", "c.json"]) == 130
    assert "interrupted" in capsys.readouterr().err
    assert sorted(path.name for path in folder.iterdir()) == ["d.npz"]


def test_progress_is_shown_for_every_platform_in_a_terminal(monkeypatch):
    screen = io.StringIO()
    monkeypatch.setattr(console_compare, "_console", Console(file=screen, force_terminal=True, width=100))
    with console_compare.comparison_progress(["one", "two"], 10) as tick:
        for shown in (0, 5, 10):
            tick("one", "training", shown, 10)
        shown_meanwhile = screen.getvalue()
        tick("one", "inference", 4, 4)
    assert "one" in shown_meanwhile
    assert "two" in shown_meanwhile
    assert "waiting" in shown_meanwhile
    assert "done" in screen.getvalue()


def test_the_command_explains_itself(capsys):
    with pytest.raises(SystemExit) as leaving:
        cli.main(["compare", "--help"])
    assert leaving.value.code == 0
    text = " ".join(capsys.readouterr().out.split())
    assert "NAME:VARIANT:LAYOUT" in text
    assert "the exit status is 1 if anything differs" in text
    assert "(default: 200)" in text
    assert "(default: 50)" in text
