"""``pynn-backprop circuit``: tables, counts and drawings."""

from __future__ import annotations

from pathlib import Path

import pytest
from command_line import content

from pynn_backprop.circuit.inference import inference_circuit
from pynn_backprop.circuit.training import training_circuit
from pynn_backprop.cli.main import main


def test_circuit_prints_populations_and_projections(capsys):
    assert main(["circuit", "6", "4", "2"]) == 0
    assert capsys.readouterr().out == f"{training_circuit((6, 4, 2))}\n"
    assert main(["circuit", "6", "5", "4", "2"]) == 0
    assert capsys.readouterr().out == f"{training_circuit((6, 5, 4, 2))}\n"
    assert main(["circuit", "6", "4", "2", "--form", "published"]) == 0
    assert capsys.readouterr().out == f"{training_circuit((6, 4, 2), form='published')}\n"
    assert main(["circuit", "6", "4", "2", "--inference"]) == 0
    assert capsys.readouterr().out == f"{inference_circuit((6, 4, 2))}\n"


def test_circuit_counts_the_published_network_by_default(capsys):
    assert main(["circuit", "--count"]) == 0
    out, count = capsys.readouterr().out, training_circuit((400, 400, 10)).count()
    assert len(out.splitlines()) == 1
    assert all(f"{number:,}" in out for number in (count.neurons, count.synapses, count.plastic_synapses))


@pytest.mark.parametrize(("options", "file"), [([], "circuit.png"), (["mine.pdf"], "mine.pdf")])
def test_circuit_is_drawn(capsys, options, file):
    assert main(["circuit", "6", "4", "2", "--count", "--plot", *options]) == 0
    assert f"drawn: {file}" in capsys.readouterr().out
    assert Path(file).read_bytes().startswith((b"\x89PNG", b"%PDF"))


@pytest.mark.parametrize(
    ("sizes", "words"),
    [
        (["6"], ["units", "(6,)", "at least 2"]),
        (["6", "5", "4", "3", "--form", "published"], ["3 weight matrices", "at most 2", "published", "compact"]),
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
    assert main(["circuit", "6", "2", "--plot", file]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert ("xyz" if file == "a.xyz" else file) in line
    assert content(folder) == before
