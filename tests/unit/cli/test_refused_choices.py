"""Choices that there are not are refused in one line, before anything is made."""

from __future__ import annotations

import pytest
from command_line import EVALUATE, TRAIN


@pytest.mark.parametrize(
    ("simulator", "words"),
    [
        ("nst", ["simulator", "'nst'", "brian2, lava, nest, reference, spinnaker", "did you mean 'nest'"]),
        ("Reference", ["simulator", "'Reference'", "did you mean 'reference'"]),
        ("", ["simulator", "''", "brian2, lava, nest, reference, spinnaker"]),
        ("no.such.module", ["simulator", "'no.such.module'", "not installed"]),
        ("pyNN.nosuch", ["simulator", "'pyNN.nosuch'", "not installed"]),
        ("json.tool", ["'json.tool'", "for which there is a backend", "pyNN.nest"]),
        (".", ["simulator", "'.'"]),
        (".nest", ["simulator", "'.nest'"]),
    ],
)
def test_a_simulator_that_does_not_exist_is_refused(refused, simulator, words):
    refused(["train", simulator, *TRAIN[2:]], words)
    refused(["evaluate", simulator, *EVALUATE[2:], "w.npz"], words)


def test_a_missing_simulator_is_asked_for(refused):
    refused(["train", *TRAIN[2:]], ["simulator is missing", "brian2, lava, nest, spinnaker, reference", "dotted path"])


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
        (["--record", "h", "hh"], ["population", "'hh'", "o_low"]),
        (["--record", "h,hh"], ["population", "'hh'", "o_low"]),
        (["--record", "all", "hh"], ["population", "'hh'", "o_low"]),
        (["--record", "h", "--hidden", "0"], ["population", "'h'", "o_low"]),
        (["--initialisation", "alife"], ["initialisation", "'alife'", "paper", "did you mean 'alive'"]),
        (["--variant", "compield"], ["variant", "'compield'", "auto"]),
    ],
    ids=lambda value: " ".join(value) if value[0].startswith("--") else "",
)
def test_a_choice_that_there_is_not_is_refused(refused, options, words):
    refused([*TRAIN, *options], words)
