"""The diagram of a circuit: every population and projection is there, once, and nothing else."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from legible import check_legible, words
from matplotlib.patches import FancyArrowPatch
from plotted import CIRCUITS

from pynn_backprop import plots
from pynn_backprop.circuit.inference import inference_circuit
from pynn_backprop.circuit.training import training_circuit
from pynn_backprop.plots.diagram_arrows import arrows_of
from pynn_backprop.plots.diagram_layout import boxes_of, course_of, frames_of


@pytest.mark.parametrize("name", CIRCUITS)
def test_diagram_names_every_population_and_is_legible(name):
    circuit = CIRCUITS[name]
    figure = plots.draw_circuit(circuit)
    check_legible(figure)
    left, right = figure.axes
    boxes = {text.get_text() for text in left.texts}
    rows = {text.get_text() for text in right.texts}
    for population in circuit.populations:
        if population.role == "gate" or population.name == "start":
            assert population.name in rows
        else:
            assert population.name in boxes & rows
            assert f"{population.size:,}" in boxes


def test_diagram_of_a_circuit_with_a_probe():
    figure = plots.draw_circuit(inference_circuit((20, 12, 4), probe=True))
    check_legible(figure)
    assert "v_o" in words(figure)


def test_diagram_labels_the_matrices():
    shown = words(plots.draw_circuit(training_circuit((20, 12, 4), form="published")))
    assert {label: shown.count(label) for label in ("W1", "W2", "+W2ᵀ", "−W2ᵀ")} == dict.fromkeys(
        ("W1", "W2", "+W2ᵀ", "−W2ᵀ"), 1
    )


@pytest.mark.parametrize("name", CIRCUITS)
def test_the_arrows_stand_for_the_projections_and_for_nothing_else(name):
    circuit = CIRCUITS[name]
    frames = frames_of(circuit)
    drawn = sorted(
        (pre, post, arrow.kind in ("plastic", "fixed"), arrow.kind == "inhibits")
        for (one, other), arrow in arrows_of(circuit).items()
        for pre in frames.get(one, (one,))
        for post in frames.get(other, (other,))
    )
    meant = {
        (q.pre, q.post, q.matrix is not None, q.weight is not None and q.weight < 0)
        for q in circuit.projections
        if circuit[q.pre].role != "gate" and q.pre != "start"
    }
    assert drawn == sorted(meant)


def test_every_arrow_ends_at_the_boxes_it_joins():
    circuit = training_circuit((20, 12, 4), form="published")
    boxes = boxes_of(circuit)
    (left, _) = plots.draw_circuit(circuit).axes
    ends = {tuple(np.round(point, 6)) for patch in left.findobj(FancyArrowPatch) for point in (patch._posA_posB or ())}
    for pre, post in arrows_of(circuit):
        course = course_of(boxes, pre, post)
        for point, box in ((course.start, boxes[pre]), (course.end, boxes[post])):
            assert tuple(np.round(point, 6)) in ends
            (low_x, low_y), (high_x, high_y) = box.corner(-1), box.corner(1)
            assert low_x - 1e-9 <= point[0] <= high_x + 1e-9, (pre, post)
            assert low_y - 1e-9 <= point[1] <= high_y + 1e-9, (pre, post)


@pytest.mark.parametrize("name", CIRCUITS)
def test_boxes_do_not_overlap(name):
    circuit = CIRCUITS[name]
    boxes = boxes_of(circuit)
    single = [boxes[population.name] for population in circuit.populations if population.name in boxes]
    for one, other in itertools.combinations(single, 2):
        apart = (
            abs(one.x - other.x) >= (one.width + other.width) / 2,
            abs(one.y - other.y) >= (one.height + other.height) / 2,
        )
        assert any(apart)
