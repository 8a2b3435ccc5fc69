"""The options of the command line are the choices of a run: none is missing, and all arrive."""

from __future__ import annotations

import argparse
from dataclasses import fields

import pytest

from pynn_backprop.cli.choices import add_choices, add_group, chosen
from pynn_backprop.runs.choice import choice_of
from pynn_backprop.runs.config import DATA, NETWORK, RESULTS, RULE, SIMULATION, TRAINING, RunConfig

GROUPS = (DATA, NETWORK, RULE, TRAINING, SIMULATION, RESULTS)
GIVEN = (
    *("--data", "d.npz", "--label", "kind", "--crop", "20", "--levels", "1", "--test-samples", "7"),
    *(
        "--hidden",
        "3",
        "5",
        "--form",
        "published",
        "--initialisation",
        "paper",
        "--init-weights",
        "w.npz",
    ),
    *("--rule", "published", "--output-error", "margin", "--hidden-threshold", "128", "--thinning", "1,2", "4"),
    *("--eta", "4", "--w-max", "100", "--readout-levels", "3"),
    *("--epochs", "2", "--samples", "8", "--seed", "9", "--no-shuffle", "--shift", "1", "--validation", "0.25"),
    *("--threads", "4", "--variant", "slow", "--layout", "fused"),
    *("--checkpoint-every", "10", "--record", "h,o", "r", "--record-samples", "5", "--per-neuron"),
)
ARRIVE = {
    "data": "d.npz", "label": "kind", "crop": 20, "levels": 1, "test_samples": 7,
    "hidden": (3, 5), "form": "published", "initialisation": "paper", "init_weights": "w.npz",
    "rule": "published", "output_error": "margin", "hidden_threshold": 128, "thinning": (1, 2, 4),
    "eta": 4, "w_max": 100, "readout_levels": 3,
    "epochs": 2, "samples": 8, "seed": 9, "shuffle": False, "shift": 1, "validation": 0.25,
    "threads": 4, "variant": "slow", "layout": "fused",
    "checkpoint_every": 10, "record": ("h", "o", "r"), "record_samples": 5, "per_neuron": True,
}  # fmt: skip


@pytest.fixture
def parser() -> argparse.ArgumentParser:
    made = argparse.ArgumentParser(formatter_class=lambda prog: argparse.HelpFormatter(prog, width=500))
    for group in GROUPS:
        add_group(made, group)
    return made


def test_every_choice_arrives_in_the_configuration(parser):
    assert chosen(parser.parse_args(GIVEN)) == ARRIVE
    assert set(ARRIVE) == {field.name for field in fields(RunConfig) if choice_of(field).group}


def test_without_a_choice_the_configuration_has_its_defaults(parser):
    assert RunConfig("nest", **chosen(parser.parse_args([]))) == RunConfig("nest")


@pytest.mark.parametrize("words", [["h", "o"], ["h,o"], ["h,", "o"], [",h,,o"]], ids=" ".join)
def test_names_may_be_separated_by_commas(parser, words):
    assert chosen(parser.parse_args(["--record", *words]))["record"] == ("h", "o")


def test_a_number_may_be_repeated(parser):
    assert chosen(parser.parse_args(["--thinning", "1x3,2", "4x2"]))["thinning"] == (1, 1, 1, 2, 4, 4)


def test_the_help_says_what_a_choice_is_and_its_default(parser):
    text = parser.format_help()
    for line in (
        "--epochs N            passes over the samples (default: 10)",
        "Brian2 cython or numpy, Lava emulator, fast or stock (default: the fastest)",
        "--hidden N [N ...]    units of each hidden layer; 0 for none, that is, one weight matrix (default: 200)",
        "--no-shuffle          show samples in the given order in every epoch\n",
        "--eta ETA",
        "weight change per coincidence (default: 2)",
        "margin or published (Renner et al. 2024) (default: margin)",
        "one K for each epoch, the last one stays (default: 1)",
        "--record POPULATION [POPULATION ...]",
    ):
        assert line in text
    titles = [line[:-1] for line in text.splitlines() if line.endswith(":") and not line.startswith(" ")]
    assert [title for title in titles if title in GROUPS] == list(GROUPS)


def test_a_command_may_have_other_words_and_only_some_choices():
    parser = argparse.ArgumentParser()
    add_group(parser, DATA, test_samples="50")
    add_choices(parser, "seed", "threads", said={"threads": "threads of each simulator"})
    text = " ".join(parser.format_help().split())
    assert "use the first N test samples (default: 50)" in text
    assert "--threads T threads of each simulator" in text
    assert "(default: 1)" not in text
    assert set(chosen(parser.parse_args([]))) == {"data", "label", "crop", "levels", "test_samples", "seed", "threads"}
