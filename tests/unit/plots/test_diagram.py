"""The diagram of a circuit: every population and projection is there, once, and nothing lies on anything else."""

from __future__ import annotations

import functools
import itertools

import pytest
from legible import check_legible, words
from matplotlib.colors import to_hex
from matplotlib.figure import Figure
from matplotlib.patches import FancyArrowPatch, FancyBboxPatch
from plotted import CIRCUITS

from pynn_backprop import plots
from pynn_backprop.circuit.circuit import Circuit
from pynn_backprop.circuit.inference import inference_circuit
from pynn_backprop.circuit.training import training_circuit
from pynn_backprop.codes.graded import Graded
from pynn_backprop.plots.diagram_arrows import arrows_of, folded, lifted
from pynn_backprop.plots.diagram_courses import Course, courses_of
from pynn_backprop.plots.diagram_layout import Box, Layout, layout_of, noise_of, ring_of, units_across
from pynn_backprop.plots.style import WIDTH

GRADED = {
    "graded, published": training_circuit((4, 3, 2), code=Graded(8), form="published"),
    "graded, compact": training_circuit((4, 3), code=Graded(8, "noise"), form="compact"),
}
ALL = {**CIRCUITS, **GRADED, "probe": inference_circuit((20, 12, 4), probe=True)}
ALL = {name: circuit for name, circuit in ALL.items() if "its size" not in name and "tiny" not in name}


LATER = ("compact, huge", "compact, three matrices")
"""They take as long as all others, and what they show others do too: one of four matrices, and a huge published one."""


@pytest.fixture(scope="module", params=[pytest.param(name, marks=[pytest.mark.slow] * (name in LATER)) for name in ALL])
def circuit(request) -> Circuit:
    return ALL[request.param]


@functools.cache
def placed(circuit: Circuit) -> Layout:
    return layout_of(circuit, min(max((WIDTH - 0.2) / units_across(circuit), 0.3), 0.5))


@functools.cache
def routed(circuit: Circuit) -> list[Course]:
    layout = placed(circuit)
    return courses_of(layout, arrows_of(circuit, layout.members))


@functools.cache
def drawn(circuit: Circuit) -> Figure:
    return plots.draw_circuit(circuit)


def test_every_population_is_drawn_exactly_once(circuit):
    figure = drawn(circuit)
    check_legible(figure)
    upper, lower = figure.axes
    boxes = [text.get_text() for text in upper.texts]
    rows = [text.get_text() for text in lower.texts if text.get_va() != "top"]  # those are the names of phases
    ring, noise = ring_of(circuit), noise_of(circuit)
    for population in circuit.populations:
        name = population.name
        assert rows.count(name) == 1, name
        assert boxes.count(name) == (0 if name in ring | noise else 1), name
    assert len([patch for patch in upper.patches if isinstance(patch, FancyBboxPatch)]) == len(placed(circuit).boxes)


def test_every_projection_has_an_arrow_or_is_told_elsewhere(circuit):
    layout = placed(circuit)
    shown = {
        (pre, post, arrow.label or arrow.kind)
        for arrow in arrows_of(circuit, layout.members)
        for pre in layout.members.get(arrow.pre, (arrow.pre,))
        for post in layout.members.get(arrow.post, (arrow.post,))
    }
    joined = {(pre, post) for pre, post, _ in shown}
    meant = set()
    for projection in circuit.projections:
        told = folded(circuit, projection)
        if told is None:
            meant.add((projection.pre, projection.post))
            assert (projection.pre, projection.post) in joined, projection.label
        else:
            pre = circuit[projection.pre]
            reason = {"ring": projection.pre in ring_of(circuit) | {"rotor"}, "table": pre.layer is None}
            reason["level"] = projection.post in lifted(circuit)
            assert reason[told], projection.label
    assert joined == meant


def test_both_signs_between_two_populations_have_arrows_of_their_own():
    circuit = training_circuit((20, 12, 4), form="compact")
    found = {(a.pre, a.post, a.kind) for a in arrows_of(circuit, {})}
    assert {("h", "c_h", "excites"), ("h", "c_h", "inhibits"), ("c_h", "h", "opens")} <= found
    assert {("d+", "e", "gathers"), ("d-", "e", "gathers")} <= found


@pytest.mark.parametrize(
    ("circuit", "labels"),
    [
        (training_circuit((20, 12, 4), form="published"), ["W1", "W2", "+W2ᵀ", "−W2ᵀ"]),
        (
            training_circuit((9, 8, 7, 6, 5), form="compact"),
            ["W1", "W2", "W3", "W4", "+W2ᵀ", "−W2ᵀ", "+W3ᵀ", "−W3ᵀ", "+W4ᵀ", "−W4ᵀ"],
        ),
    ],
    ids=["published", "compact"],
)
def test_every_matrix_is_labelled_once_with_its_sign(circuit, labels):
    shown = words(plots.draw_circuit(circuit))
    assert sorted(word for word in shown if word in labels) == sorted(labels)


def test_boxes_do_not_overlap_and_frames_hold_their_members_only(circuit):
    layout = placed(circuit)
    for (one, at), (other, there) in itertools.combinations(layout.boxes.items(), 2):
        assert not at.meets(there), (one, other)
    for (frame, around), (name, box) in itertools.product(layout.frames.items(), layout.boxes.items()):
        assert around.meets(box) == (name in layout.members[frame]), (frame, name)
    for one, other in itertools.combinations(layout.frames.values(), 2):
        assert not one.meets(other)


def test_every_arrow_ends_at_the_boxes_it_joins_and_passes_through_no_other(circuit):
    layout = placed(circuit)
    places = {**layout.boxes, **layout.frames}
    for course in routed(circuit):
        arrow, points = course.arrow, course.points
        assert on_edge(points[0], places[arrow.pre]), arrow
        assert on_edge(points[-1], places[arrow.post]), arrow
        inside = {m for end in (arrow.pre, arrow.post) for m in layout.members.get(end, (end,))}
        for name, box in layout.boxes.items():
            if name not in inside:
                assert not any(inner(point, box) for point in along(points)), (arrow, name)


def on_edge(point: tuple[float, float], box: Box) -> bool:
    x, y = point
    inside = box.left - 1e-9 <= x <= box.right + 1e-9 and box.bottom - 1e-9 <= y <= box.top + 1e-9
    return inside and min(abs(x - box.left), abs(x - box.right), abs(y - box.bottom), abs(y - box.top)) < 1e-9


def along(points: tuple[tuple[float, float], ...]) -> list[tuple[float, float]]:
    return [
        (start[0] + share / 50 * (end[0] - start[0]), start[1] + share / 50 * (end[1] - start[1]))
        for start, end in itertools.pairwise(points)
        for share in range(51)
    ]


def inner(point: tuple[float, float], box: Box) -> bool:
    return box.left < point[0] < box.right and box.bottom < point[1] < box.top


def test_no_arrow_lies_along_another(circuit):
    runs = [(course.arrow, *sorted(part)) for course in routed(circuit) for part in itertools.pairwise(course.points)]
    for (one, *a), (other, *b) in itertools.combinations(runs, 2):
        for axis in (0, 1):
            if one is not other and len({point[axis] for point in (*a, *b)}) == 1:
                low, high = (max(a[0][1 - axis], b[0][1 - axis]), min(a[1][1 - axis], b[1][1 - axis]))
                assert high - low < 1e-9, (one, other)


def test_labels_lie_on_no_box(circuit):
    layout = placed(circuit)
    for course in routed(circuit):
        if course.arrow.label:
            assert not any(inner(course.label_at, box) for box in layout.boxes.values()), course.arrow


def test_up_to_three_matrices_fit_a_column_of_print(circuit):
    width, height = drawn(circuit).get_size_inches()
    assert width == pytest.approx(WIDTH) or circuit.depth > 3
    assert height < 14


def test_plastic_weights_have_one_colour_and_inhibition_not_that_of_errors():
    circuit = training_circuit((9, 8, 7, 6), form="compact")
    (upper, _) = plots.draw_circuit(circuit).axes
    arrows = [patch for patch in upper.patches if isinstance(patch, FancyArrowPatch)]
    assert len({a.get_edgecolor() for a in arrows if a.get_linewidth() > 2}) == 1
    errors = {text.get_color() for text in upper.texts if text.get_text() in ("d+", "d-", "e", "h1T")}
    assert len(errors) == 1
    assert not {to_hex(a.get_edgecolor()).upper() for a in arrows} & errors
