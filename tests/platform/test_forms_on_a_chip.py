"""The places of both forms on a chip that docs/energy.md tells are those that are computed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from scenarios.translated import translated
from simulators import skip_unless_installed

from benchmarks.measure import forms
from benchmarks.measure.model_counts import NEURONS_PER_CORE
from hardware.lava.chip import limits
from hardware.lava.chip.demand import MEMORY
from hardware.lava.chip.mapping import mapping_report
from pynn_backprop.circuit.training import training_circuit

skip_unless_installed("lava")

RESULTS = Path(__file__).parents[2] / "benchmarks" / "results" / "forms.json"
FORMS = {(tuple(form["units"]), form["form"]): form for form in json.loads(RESULTS.read_text())}


@pytest.mark.parametrize("asked", FORMS, ids=str)
def test_the_committed_cores_are_those_of_the_mapping_report(asked):
    units, form = asked
    circuit = training_circuit(units, form=form)
    assert FORMS[asked]["packed"] == forms.mapping(circuit)
    assert FORMS[asked]["spread"] == forms.mapping(circuit, NEURONS_PER_CORE)


def test_delays_and_not_memory_keep_the_compact_form_from_fewer_cores():
    report = mapping_report(translated(training_circuit((400, 400, 10), form="compact")))
    published = mapping_report(translated(training_circuit((400, 400, 10), form="published")))
    assert len(report.cores) == len(published.cores) == 6
    assert report.totals["synapse_memory_bits"] / 6 / limits.SYNAPSE_MEMORY == pytest.approx(0.34, abs=0.005)
    assert published.totals["synapse_memory_bits"] / 6 / limits.SYNAPSE_MEMORY == pytest.approx(0.81, abs=0.005)
    assert min(core.need.room for core in report.cores) == 512
    assert sum(MEMORY in core.full for core in report.cores) == 1
