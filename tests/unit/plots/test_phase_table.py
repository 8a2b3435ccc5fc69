"""The table of phases: who may fire when, and what opens whom."""

from __future__ import annotations

import pytest

from pynn_backprop import plots
from pynn_backprop.circuit.parameters import Parameters
from pynn_backprop.circuit.training import training_circuit
from pynn_backprop.plots.phase_table import marks_of


@pytest.mark.parametrize("parameters", [Parameters(), Parameters(theta=64, eta=3)])
def test_the_table_tells_what_opens_whom(parameters):
    marks = marks_of(training_circuit((20, 12, 4), parameters, form="published"))
    assert [marks.get(("h", phase)) for phase in range(12)] == [
        "⊣", None, "½", None, None, "½", None, "(½)", "⊣", "½", None, "(½)",
    ]  # fmt: skip
    assert marks["h_low", 2] == "0"
    assert marks["h_high", 2] == "1"
    assert marks["hT", 6] == marks["hT", 10] == "0"
    assert marks["d+", 4] == "(½)"
    assert ("d+", 6) not in marks
    # The target needs no gate.
    assert ("t", 3) not in marks


def test_the_table_fills_the_cells_of_phases_in_which_populations_fire():
    circuit = training_circuit((20, 12, 4), form="published")
    (_, right) = plots.draw_circuit(circuit).axes
    names = {text.get_text(): text.get_position()[1] for text in right.texts if text.get_ha() == "right"}
    cells = {
        (int(patch.get_x()), int(patch.get_y()))
        for patch in right.patches
        if hasattr(patch, "get_x") and abs(patch.get_width() - 0.88) < 1e-9 and patch.get_x() > 0
    }
    for population in circuit.populations:
        if population.name in names and population.role != "gate":
            y = int(names[population.name])
            assert {phase for phase, row in cells if row == y} == set(population.phases), population.name
