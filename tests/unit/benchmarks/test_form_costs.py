"""What the forms cost: counted by kind of sample, committed, and told in the documentation as it was counted."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from benchmarks.cli import main
from benchmarks.measure import forms
from benchmarks.measure.counts import count
from benchmarks.measure.model_counts import Counts
from benchmarks.report.tables.forms import tables
from pynn_backprop.circuit.training import training_circuit
from pynn_backprop.data.samples import Samples
from pynn_backprop.errors import InputError
from pynn_backprop.reference.steps import StepSimulator
from pynn_backprop.weights import initial_weights

ROOT = Path(__file__).parents[3]
RESULTS = ROOT / "benchmarks" / "results" / "forms.json"
UNITS = (20, 12, 4)


def committed() -> list[forms.Form]:
    return [forms.form_of(content) for content in json.loads(RESULTS.read_text())]


def samples_of(n: int) -> Samples:
    generator = np.random.default_rng(5)
    x, labels = generator.random((n, UNITS[0])) < 0.3, generator.integers(0, UNITS[-1], n)
    return Samples(x, labels, x[:1], labels[:1], UNITS[-1])


def test_the_tables_of_the_documentation_are_those_of_the_committed_counts():
    page = (ROOT / "docs" / "energy.md").read_text(encoding="utf-8")
    for table in tables(committed()).split("\n\n"):
        assert table in page


def test_the_committed_sizes_are_those_of_the_circuits():
    found = committed()
    assert [(form.units, form.form) for form in found] == list(forms.ASKED)
    for form in found:
        circuit = training_circuit(form.units, form=form.form)
        size = circuit.count()
        assert form.size == {
            "neurons": size.neurons,
            "synapses": size.synapses,
            "plastic": size.plastic_synapses,
            "phases": circuit.schedule.length,
        }
        assert form.counts[forms.MEAN].plastic_sweeps == size.plastic_synapses * circuit.schedule.length


def test_both_forms_had_the_same_errors_and_the_kinds_make_up_the_mean():
    published, compact, _ = committed()
    assert published.share == compact.share
    for form in committed():
        for name in ("spikes", "synaptic_events", "plastic_updates", "active_updates", "messages"):
            parts = sum(form.share[kind] * getattr(form.counts[kind], name) for kind in (forms.RIGHT, forms.WRONG))
            assert parts == pytest.approx(getattr(form.counts[forms.MEAN], name))
        assert form.counts[forms.RIGHT].plastic_updates == 0


@pytest.mark.parametrize("form", ["published", "compact"])
def test_samples_counted_one_by_one_add_up_to_those_counted_at_once(form):
    circuit, weights, samples = training_circuit(UNITS, form=form), initial_weights(UNITS, 1), samples_of(30)
    steps = StepSimulator(circuit, weights)
    steps.train(samples.x_train, samples.y_train)
    spikes = steps.take_spikes()
    found = forms.tally_by_kind(circuit, weights, spikes, 30)
    whole, _ = count(circuit, weights, spikes, 30)
    for name in ("samples", "synaptic_events", "effective", "plastic_updates"):
        assert getattr(found[forms.MEAN], name) == getattr(whole, name)
        assert sum(getattr(found[kind], name) for kind in (forms.RIGHT, forms.WRONG)) == getattr(whole, name)
    calm = found[forms.RIGHT].spikes
    assert not calm["d+"].any()
    assert not calm["d-"].any()
    assert found[forms.RIGHT].samples == 30 - len(np.unique(np.concatenate([spikes["d+"], spikes["d-"]])[:, 0]))


def test_a_form_is_measured_after_the_rule_has_learnt_and_comes_back_from_its_file(monkeypatch):
    monkeypatch.setattr(forms, "mapping", lambda circuit, per_core=None: {"cores": 1, "us_per_step": per_core or 2})
    found = forms.measure(UNITS, "compact", samples_of(50), 30, 20)
    assert sum(found.share[kind] for kind in (forms.RIGHT, forms.WRONG)) == 1
    assert found.name == "20-12-4 compact"
    assert isinstance(found.counts[forms.MEAN], Counts)
    assert forms.form_of(json.loads(json.dumps(found.to_dict()))) == found
    with pytest.raises(InputError, match="learnt and counted are 31 and 20 but must be at most 50 together"):
        forms.measure(UNITS, "compact", samples_of(50), 31, 20)


def test_the_command_prints_the_tables(capsys):
    assert main(["forms", str(RESULTS)]) == 0
    assert capsys.readouterr().out.strip() == tables(committed())


def test_the_command_refuses_a_file_that_is_not_there(capsys, tmp_path):
    assert main(["forms", str(tmp_path / "none.json")]) == 2
    assert "none.json" in capsys.readouterr().err
