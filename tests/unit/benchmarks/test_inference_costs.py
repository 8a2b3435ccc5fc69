"""What inference costs by constants and by SANA-FE: of the same spikes, committed, and told as it was measured."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import numpy as np
import pytest

from benchmarks.cli import main
from benchmarks.measure import inference
from benchmarks.measure.chip_simulator import NAME, run_on_chip
from benchmarks.measure.inference import Asked, check_equal, measure
from benchmarks.report.tables.inference import tables
from pynn_backprop.circuit.inference import inference_circuit
from pynn_backprop.circuit.training import training_circuit
from pynn_backprop.data.samples import Samples
from pynn_backprop.errors import EqualityError, InputError, PlatformError
from pynn_backprop.weights import initial_weights

ROOT = Path(__file__).parents[3]
RESULTS = ROOT / "benchmarks" / "results" / "inference.json"
UNITS = (20, 12, 4)


def committed() -> list[inference.Inference]:
    return [inference.inference_of(content) for content in json.loads(RESULTS.read_text())]


def samples() -> Samples:
    generator = np.random.default_rng(5)
    x, labels = generator.random((60, UNITS[0])) < 0.5, generator.integers(0, UNITS[-1], 60)
    return Samples(x, labels, x[:10], labels[:10], UNITS[-1])


def test_the_tables_of_the_documentation_are_those_of_the_committed_results(capsys):
    page = (ROOT / "docs" / "energy.md").read_text(encoding="utf-8")
    assert main(["inference", str(RESULTS)]) == 0
    assert capsys.readouterr().out == f"{tables(committed())}\n"
    for table in tables(committed()).split("\n\n"):
        assert table in page


def test_what_is_committed_is_what_is_asked_for():
    found = committed()
    assert [one.asked for one in found] == list(inference.ASKED)
    assert [inference.inference_of(json.loads(json.dumps(one.to_dict()))).to_dict() for one in found] == [
        one.to_dict() for one in found
    ]


def test_the_chip_fires_as_the_circuit_does_and_each_part_costs():
    pytest.importorskip("sanafe", reason="the model needs the package sanafe")
    found = measure(Asked("random", None, UNITS, 3, 5), samples())
    # Populations of 20, 12, 4 and three times 4 neurons, with 5 a core, and the four gates.
    assert (found.samples, found.cores, found.steps) == (10, 4 + 3 + 4 * 1 + 4, 4)
    assert found.spikes > 200
    counts = found.counts
    assert counts.synaptic_events is not None
    assert found.joule["synapse"] == pytest.approx(35.5e-12 * counts.synaptic_events, rel=0.02)
    # Every compartment has a bias, and is updated in every step.
    neurons = 20 + 12 + 4 + 3 * 4 + 4
    assert counts.spikes is not None
    assert found.joule["soma"] == pytest.approx(
        (51.2 + 21.6) * 1e-12 * neurons * 4 + 69.3e-12 * counts.spikes, rel=0.02
    )
    assert 4 * 0.6e-6 < found.seconds < 1e-4


def test_other_spikes_are_an_error():
    table = np.array([[4, 0]])
    check_equal({"x": table, "y": table}, {"x": table})
    with pytest.raises(EqualityError, match="x fires 1 spikes on the chip but 1 step by step"):
        check_equal({"x": table + 1}, {"x": table})


def test_what_it_cannot_express_is_refused():
    pytest.importorskip("sanafe", reason="the model needs the package sanafe")
    weights, x = initial_weights(UNITS, 0), np.zeros((2, UNITS[0]), bool)
    with pytest.raises(InputError, match=f"the circuit learns, of which {NAME} knows nothing"):
        run_on_chip(training_circuit(UNITS), weights, x, 5)
    for per_core in (0, 1025):
        with pytest.raises(InputError, match=f"per_core is {per_core} but must be a whole number from 1 to 1024"):
            run_on_chip(inference_circuit(UNITS), weights, x, per_core)
    with pytest.raises(InputError, match=r"units are \(3, 12, 4\) but the samples have 20 inputs and 4 classes"):
        measure(Asked("random", None, (3, 12, 4), 1, 5), samples())
    many = (200, 4)
    with pytest.raises(InputError, match="per_core is 1, which takes 207 cores for the circuit, but the chip has 128"):
        run_on_chip(inference_circuit(many), initial_weights(many, 0), np.zeros((1, 200), bool), 1)


def test_without_the_package_it_says_what_to_install(monkeypatch, tmp_path, capsys):
    monkeypatch.setitem(sys.modules, "sanafe", None)
    with pytest.raises(PlatformError, match=r"needs the package sanafe.*pip install 'pynn_backprop\[sanafe\]'"):
        run_on_chip(inference_circuit(UNITS), initial_weights(UNITS, 0), np.zeros((1, UNITS[0]), bool), 5)
    assert main(["inference", str(tmp_path / "f.json"), "--count"]) == 2
    assert "pip install 'pynn_backprop[sanafe]'" in capsys.readouterr().err
    assert not list(tmp_path.iterdir())
