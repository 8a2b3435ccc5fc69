"""``pynn-backprop evaluate``: scores of weights in a file."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from command_line import ALWAYS, EVALUATE, content, names, read_json, trained

from pynn_backprop.cli.main import main


@pytest.mark.parametrize("hidden", ["20", "0"])
def test_evaluate_gives_the_scores_of_the_training(capsys, hidden):
    trained("--hidden", hidden)
    assert main([*EVALUATE, "run/weights.npz", "--out", "scores.json"]) == 0
    scores, metrics = read_json("scores.json"), read_json("run/metrics.json")
    assert {name: scores[name] for name in scores if name in metrics["test"]} == {
        name: metrics["test"][name] for name in ("samples", "by_spikes", "by_potential", "all_right")
    }
    assert (scores["platform"], scores["weights"]) == (metrics["platform"], "run/weights.npz")
    assert f"{scores['by_potential']:.1%}" in capsys.readouterr().out


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
    Path("run/config.json").write_text('{"w_max": "many"}')
    assert main([*EVALUATE, "run/weights.npz"]) == 2
    assert "w_max" in capsys.readouterr().err
