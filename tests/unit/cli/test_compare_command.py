"""``pynn-backprop compare``: what it prints and writes."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from compared_platforms import COMPARE, COMPARED, N_TEST, SMALL, CopiesDiffer, LearnsTooMuch, LosesASpike, N, Other

from pynn_backprop.cli.main import main
from pynn_backprop.errors import EqualityError
from pynn_backprop.reference.steps import StepSimulator

pytestmark = pytest.mark.usefixtures("compared")

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
    assert " g0 to g16 17 17.0 = " in text
    assert f" all {re.search(r' all ([0-9,]+) ', text)[1]} {sum(training.values()) / N:.1f} = " in text


def test_what_was_compared_and_what_was_not_is_said(said):
    _, text = said("--samples", "20", "--test-samples", "5")
    assert "every spike of all 34 populations in the 17 steps of 20 training samples" in text
    assert "all 6 copies" in text
    assert "the 4 steps of 5 test samples, with the weights that reference learnt" in text
    assert "Not compared: weights during training" in text


def test_one_matrix_and_three_platforms_can_be_compared(capsys):
    assert main(["compare", "reference", "other", "other", *SMALL, "--hidden", "0"]) == 0
    text = " ".join(capsys.readouterr().out.split())
    assert "reference = other: " in text
    assert "reference = other (2): " in text
    assert "the matrix after training" in text
    assert " W2 " not in text


def test_the_file_holds_what_is_needed_to_repeat_it(said):
    said("--json", "c.json", "--seed", "3", "--samples", "20")
    told = json.loads(Path("c.json").read_text())
    assert (told["config"]["data"], told["config"]["seed"], told["config"]["hidden"]) == ("d.npz", 3, [8])
    assert (told["samples"], told["test_samples"], told["layer_sizes"]) == (20, N_TEST, [16, 8, 3])
    assert len(told["samples_sha256"]) == 64
    assert {"numpy", "python", "pynn_backprop"} <= set(told["versions"])


def test_the_usual_number_of_samples_is_shown_where_there_are_as_many(said):
    many = {name: np.concatenate([array] * 10) for name, array in COMPARED.items()}
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
        (CopiesDiffer, ["copies within each 6 equal differ", "other: 7 weights of W1 differ between two copies"]),
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
    assert main(COMPARE) == 1
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
    main(["compare", "reference", "other", "other", *SMALL])
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


# --- forms of the circuit


def test_two_forms_stand_side_by_side_with_equal_weights_and_other_spikes(capsys):
    forms = ("compare", "reference", *SMALL, "--form", "published", "compact")
    assert main([*forms, "--json", "c.json"]) == 0
    text, told = " ".join(capsys.readouterr().out.split()), json.loads(Path("c.json").read_text())
    assert f"published = compact: {16 * 8 + 8 * 3} weights and {N * 3} training outputs equal" in text
    assert "published: 12 phases" in text
    assert "compact: 17 phases" in text
    assert "is there an error?" in text
    assert told["config"]["form"] == ["published", "compact"]
    phases = [(one["form"], len(one["spikes_with_error"])) for one in told["results"]]
    assert phases == [("published", 12), ("compact", 17)]


def test_two_forms_on_two_platforms_are_compared_in_spikes_as_well(capsys, monkeypatch):
    forms = (*COMPARE, "--form", "compact", "published")
    assert main([*forms]) == 0
    assert "compact on other: " in " ".join(capsys.readouterr().out.split())
    monkeypatch.setattr(Other, "simulator", LearnsTooMuch)
    assert main([*forms]) == 1
    text = " ".join(capsys.readouterr().out.split())
    assert "compact on reference and compact on other are not equal" in text
    assert "1 of 24 weights of W2 differ, by up to 2" in text


def test_three_matrices_are_compared_and_not_in_the_published_form(capsys):
    deep = ("compare", "reference", "other", "--data", "d.npz", "--hidden", "8", "6")
    assert main([*deep]) == 0
    assert f"{16 * 8 + 8 * 6 + 6 * 3} weights" in capsys.readouterr().out
    assert main([*deep, "--form", "published", "compact"]) == 2
    assert "at most 2 in the published form" in capsys.readouterr().err


def test_spikes_of_two_forms_can_not_be_drawn_as_a_difference(capsys):
    assert main([*COMPARE, "--form", "compact", "published", "--plot", "d.png"]) == 2
    assert "--plot draws the first spike that differs" in capsys.readouterr().err
    assert main(["compare", "reference", *SMALL]) == 2
    assert "must be at least two" in capsys.readouterr().err
