"""``pynn-backprop export``, and ``evaluate`` of everything that holds a network."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from command_line import DATA, EVALUATE, WEIGHTS, assert_same, content, read_json, trained

pytest.importorskip("nir", reason="NIR needs the package nir")

from pynn_backprop.cli.main import main
from pynn_backprop.data.datasets import encode
from pynn_backprop.exchange import from_nir
from pynn_backprop.models.reading import read_network

EXPORT = ("export", "run", "--nir", "net.nir")


@pytest.mark.parametrize("options", [(), ("--rule", "published"), ("--levels", "3"), ("--hidden", "0")], ids=str)
def test_all_that_holds_a_network_has_the_scores_of_the_run(options, capsys):
    trained(*options)
    assert main(EXPORT) == 0
    test = {name: value for name, value in read_json("run/metrics.json")["test"].items() if name != "ms_per_sample"}
    assert len(test) == 6
    for network in ("run", "run/weights.npz", "run/checkpoint.npz", "net.nir"):
        assert main([*EVALUATE, network, "--out", "scores.json"]) == 0
        assert {name: read_json("scores.json")[name] for name in test} == test
    assert "written: net.nir" in capsys.readouterr().out


def test_levels_and_crop_are_those_of_the_network_if_the_data_are_the_same(capsys):
    trained("--levels", "3")
    assert main([*EVALUATE, "run"]) == 0
    assert main([*EVALUATE, "run", "--levels", "1"]) == 2
    assert (
        "run/weights.npz is for 120 inputs and 4 outputs, but d.npz as encoded has 40 and 4" in capsys.readouterr().err
    )


def test_the_graph_answers_as_the_network_does():
    weights = trained("--levels", "2")
    assert main([*EXPORT, "--node", "threshold"]) == 0
    assert_same(read_network("net.nir").weights, weights)
    graph = from_nir("net.nir")
    assert json.loads(graph.metadata["classes"]) == [0, 1, 2, 3]
    assert (graph.metadata["levels"], "crop" in graph.metadata) == (2, False)
    counts = graph.answer(encode(DATA["x_test"], 2))
    right = np.mean((counts.argmax(axis=1) == DATA["y_test"]) & counts.any(axis=1))
    assert right == read_json("run/metrics.json")["test"]["by_spikes"]


def test_any_weights_are_exported_with_a_read_out_of_choice():
    np.savez("plain.npz", **WEIGHTS)
    assert main(["export", "plain.npz", "--nir", "net.nir", "--readout-levels", "3"]) == 0
    assert len(from_nir("net.nir").neurons[-1].threshold) == 12


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("export", "nowhere", "--nir", "net.nir"), "nowhere is not a file"),
        (("export", "w.npz", "--nir", "net.h5"), "nir is 'net.h5' but must end in .nir"),
        (("export", "w.npz", "--nir", "no/net.nir"), "there is no folder no"),
        (("export", "w.npz", "--nir", "net.nir", "--node", "cuba"), "node is 'cuba' but must be one of lif, if"),
        (("evaluate", "reference", "--data", "d.npz", "--weights", "d.nir"), "d.nir is not a file"),
    ],
    ids=str,
)
def test_what_cannot_be_done_is_refused_and_leaves_no_file(arguments, said, capsys, folder):
    before = content(folder)
    assert main(arguments) == 2
    assert said in capsys.readouterr().err
    assert content(folder) == before


def test_a_graded_run_is_no_nir(capsys):
    trained("--neurons", "2")
    assert main(EXPORT) == 2
    assert "code is graded 2 rotating but must be binary" in capsys.readouterr().err
    assert not Path("net.nir").exists()
