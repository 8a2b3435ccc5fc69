"""The table of phases: who may fire when, and what opens whom."""

from __future__ import annotations

import numpy as np
import pytest
from matplotlib.patches import Rectangle

from pynn_backprop import plots
from pynn_backprop.circuit.parameters import Parameters
from pynn_backprop.circuit.training import FORMS, training_circuit
from pynn_backprop.plots.phase_table import marks_of, opened_if_error


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


@pytest.mark.parametrize("form", FORMS)
def test_the_table_fills_the_cells_of_phases_in_which_populations_fire(form):
    circuit = training_circuit((20, 12, 4), form=form)
    (_, table) = plots.draw_circuit(circuit).axes
    places = {text.get_text(): text.get_position() for text in table.texts if text.get_va() != "top"}
    heads = {text.get_text(): text.get_position()[0] for text in table.texts if text.get_weight() == "bold"}
    columns = [heads[str(phase)] for phase in range(circuit.schedule.length)]
    cells = {
        (patch.get_x() + patch.get_width() / 2, patch.get_y() + patch.get_height() / 2)
        for patch in table.patches
        if isinstance(patch, Rectangle) and patch.get_height() < 0.2  # what is higher is a tint
    }
    for population in circuit.populations:
        if population.name in places and population.role != "gate" and population.name != "start":
            y = places[population.name][1]
            filled = {int(np.argmin(np.abs(np.subtract(columns, x)))) for x, up in cells if abs(up - y) < 0.01}
            assert filled == set(population.phases), population.name


def test_what_e_opens_is_the_rest_of_the_cycle_and_the_published_form_has_no_such_phases():
    assert opened_if_error(training_circuit((400, 400, 400, 10), form="compact")) == list(range(7, 26))
    assert opened_if_error(training_circuit((9, 8, 7), form="published")) == []


def test_what_e_opens_is_marked_as_what_gates_open():
    marks = marks_of(training_circuit((20, 12, 4), form="compact"))
    assert [marks.get(("h", phase)) for phase in range(17)] == [
        None, None, "½", None, None, None, "½", None, "½", None, "0", None, "1", None, "(½)", None, "(½)",
    ]  # fmt: skip
    assert marks["hT", 7] == marks["hT", 9] == "0"
