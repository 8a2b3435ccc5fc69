"""``train --config F.json``: the choices of another run, or of a file written by hand, and what goes before them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from command_line import read_json, trained

from pynn_backprop.cli.main import main
from pynn_backprop.codes.graded import Graded
from pynn_backprop.errors import InputError
from pynn_backprop.runs.config import RunConfig
from pynn_backprop.runs.config_file import config_of_file


def write(content: object, path: str = "c.json") -> str:
    Path(path).write_text(json.dumps(content))
    return path


def test_what_is_given_beside_the_configuration_of_a_run_goes_first_even_if_it_is_the_default():
    trained("--seed", "3", "--thinning", "1,2", "--no-shuffle")
    assert main(["train", "--config", "run/config.json", "--seed", "0", "--out", "again"]) == 0
    before = read_json("run/config.json")
    assert (before["seed"], before["shuffle"], before["thinning"]) == (3, False, [1, 2])
    assert read_json("again/config.json") == {**before, "seed": 0}


def test_the_configuration_of_a_run_means_what_it_meant():
    older = RunConfig("reference", rule="published", seed=3)
    path = write({"format": 1, **{name: value for name, value in older.as_dict().items() if name != "rule"}})
    assert config_of_file(path, {}) == older
    assert config_of_file(path, {"rule": "margin"}).learning_rule.readout_levels == 8


def test_a_file_by_hand_needs_to_say_only_what_is_not_the_default():
    path = write({"simulator": "reference", "data": "d.npz", "hidden": [20], "code": {"kind": "graded", "n": 4}})
    config = config_of_file(path, {"epochs": 3})
    assert config == RunConfig("reference", "d.npz", hidden=(20,), code=Graded(4), epochs=3)
    assert config_of_file(write({"seed": 2}), {"simulator": "nest"}) == RunConfig("nest", seed=2)


@pytest.mark.parametrize(
    ("content", "begin", "end"),
    [
        ({"simulator": "nest", "epohcs": 3}, "c.json: the name of a choice is 'epohcs'", "did you mean 'epochs'?)"),
        ({"simulator": "nest", "epochs": 0}, "c.json: epochs is 0", ""),
        ({"seed": 1}, "c.json: it names no simulator", "on the command line"),
        ([1], "c.json holds [1] but must hold choices of a run by name", ""),
        ({"format": 2, "seed": 1}, "c.json: it lacks ", "variant, w_max"),
    ],
    ids=str,
)
def test_a_file_that_can_t_be_used_is_refused_by_name(content, begin, end):
    with pytest.raises(InputError) as refusal:
        config_of_file(write(content), {})
    assert str(refusal.value).startswith(begin)
    assert str(refusal.value).endswith(end)


def test_a_choice_of_the_command_line_is_not_said_to_be_the_file_s():
    path = write({"simulator": "reference"})
    with pytest.raises(InputError, match=r"^epochs is 0"):
        config_of_file(path, {"epochs": 0})


def test_a_resumed_run_takes_no_file(refused):
    refused(["train", "--resume", "run", "--config", "run/config.json"], ["--resume", "config"])
    refused(["train", "--resume", "run", "--epochs", "10"], ["--resume", "epochs"])
