"""``pynn-backprop evaluate``: scores of weights in a file."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from command_line import ALWAYS, DATA, EVALUATE, TRAIN, content, names, read_json, trained

from pynn_backprop.cli.main import main
from pynn_backprop.data.datasets import encode
from pynn_backprop.learning.evaluation import first_firing
from pynn_backprop.reference.rule import Rule


@pytest.mark.parametrize("hidden", ["20", "0"])
def test_evaluate_gives_the_scores_of_the_training(capsys, hidden):
    trained("--hidden", hidden)
    assert main([*EVALUATE, "run/weights.npz", "--out", "scores.json"]) == 0
    scores, metrics = read_json("scores.json"), read_json("run/metrics.json")
    names = ("samples", "by_spikes", "by_single_spikes", "by_potential", "all_right", "ties")
    assert {name: scores[name] for name in scores if name in metrics["test"]} == {
        name: metrics["test"][name] for name in names
    }
    assert (scores["platform"], scores["weights"]) == (metrics["platform"], "run/weights.npz")
    assert f"{scores['by_potential']:.1%}" in capsys.readouterr().out


def test_half_a_configuration_beside_the_weights_is_named(capsys):
    trained()
    Path("run/config.json").write_text('{"w_max": 254}')
    assert main([*EVALUATE, "run/weights.npz"]) == 2
    assert "config.json lacks checkpoint_every, crop, data" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("training", "asking", "levels"),
    [
        ((), (), 8),
        (("--rule", "published"), (), 1),
        ((), ("--readout-levels", "3"), 3),
        (("--readout-levels", "4"), (), 4),
    ],
    ids=str,
)
def test_the_read_out_is_that_of_the_run_beside_the_weights_unless_another_is_asked_for(training, asking, levels):
    weights = trained(*training)
    assert main([*EVALUATE, "run/weights.npz", "--out", "scores.json", *asking]) == 0
    rule = Rule(weights, readout_levels=levels)
    response = rule.infer(encode(DATA["x_test"]))
    spikes = response.outputs if levels == 1 else response.readout
    assert read_json("scores.json")["by_spikes"] == np.mean(first_firing(spikes) == DATA["y_test"])


def test_weights_of_a_graded_run_are_evaluated_with_its_code(capsys):
    trained("--neurons", "4", "--dither", "fixed")
    assert main([*EVALUATE, "run/weights.npz", "--out", "scores.json"]) == 0
    assert read_json("scores.json")["by_spikes"] == read_json("run/metrics.json")["test"]["by_spikes"]
    assert main([*EVALUATE, "run/weights.npz", "--neurons", "2"]) == 2
    assert "the code graded 4 fixed, but the code here is graded 2 rotating" in capsys.readouterr().err


def test_a_dither_needs_neurons(capsys):
    assert main([*TRAIN, "--dither", "fixed"]) == 2
    assert "dither is 'fixed', but with one neuron a unit there is none: give --neurons, too" in capsys.readouterr().err


def test_evaluate_makes_no_file_unless_asked(folder):
    before = content(folder)
    assert main([*EVALUATE, "w.npz"]) == 0
    assert content(folder) == before


def test_evaluate_draws_the_confusion_matrix_beside_the_weights():
    trained()
    assert main([*EVALUATE, "run/weights.npz", "--plot-figure", "--test-samples", "20"]) == 0
    assert names("run") == sorted([*ALWAYS, "confusion.png"])
    assert Path("run/confusion.png").read_bytes().startswith(b"\x89PNG")


def test_weights_of_a_training_with_a_larger_bound_can_be_evaluated():
    assert max(np.abs(matrix).max() for matrix in trained("--w-max", "256", "--eta", "16").values()) == 256
    assert main([*EVALUATE, "run/weights.npz"]) == 0


@pytest.mark.parametrize("text", ["[1]", "{}", "null"])
def test_a_config_of_something_else_beside_the_weights_is_passed_over(text):
    trained()
    Path("run/config.json").write_text(text)
    assert main([*EVALUATE, "run/weights.npz"]) == 0


def test_a_broken_bound_beside_the_weights_is_named(capsys):
    trained()
    Path("run/config.json").write_text(json.dumps({**read_json("run/config.json"), "w_max": "many"}))
    assert main([*EVALUATE, "run/weights.npz"]) == 2
    assert "w_max" in capsys.readouterr().err


def test_several_networks_answer_together_by_all_their_spikes(capsys):
    members = [trained("--seed", str(seed), out=f"run{seed}") for seed in (1, 2, 3)]
    folders = [f"run{seed}" for seed in (1, 2, 3)]
    assert main([*EVALUATE, *folders, "--out", "scores.json"]) == 0
    x = encode(DATA["x_test"])
    spikes = np.sum([Rule(weights, readout_levels=8).infer(x).readout for weights in members], axis=0)
    scores = read_json("scores.json")
    assert scores["by_spikes"] == np.mean(first_firing(spikes) == DATA["y_test"])
    assert scores["weights"] == [f"run{seed}/weights.npz" for seed in (1, 2, 3)]
    alone = [read_json(f"{folder}/metrics.json")["test"]["by_spikes"] for folder in folders]
    assert [member["by_spikes"] for member in scores["members"]] == alone
    assert "together, 3 networks:" in capsys.readouterr().out


def test_networks_that_learnt_other_encodings_of_the_data_answer_together():
    choices = {"one": (1, 20), "two": (2, 30)}
    members = {
        name: trained("--levels", str(levels), "--hidden", str(hidden), out=name)
        for name, (levels, hidden) in choices.items()
    }
    assert main([*EVALUATE, *members, "--out", "scores.json"]) == 0
    answers = [
        Rule(weights, readout_levels=8).infer(encode(DATA["x_test"], choices[name][0])).readout
        for name, weights in members.items()
    ]
    assert read_json("scores.json")["by_spikes"] == np.mean(first_firing(np.sum(answers, axis=0)) == DATA["y_test"])


def test_a_network_that_cannot_be_asked_is_refused_before_any_is_asked(capsys):
    trained()
    capsys.readouterr()
    assert main([*EVALUATE, "run", "nowhere.npz"]) == 2
    said = capsys.readouterr()
    assert "nowhere.npz" in said.err
    assert "evaluating" not in said.out
