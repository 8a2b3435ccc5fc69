"""Figures: all of what they must show is there, and no text lies on another."""

from __future__ import annotations

import itertools

import neo
import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure
from matplotlib.image import imread
from matplotlib.patches import FancyArrowPatch
from matplotlib.text import Text
from matplotlib.transforms import Bbox

from pynn_backprop import plots
from pynn_backprop.circuit.parameters import Parameters
from pynn_backprop.circuit.parts import Circuit
from pynn_backprop.circuit.published import inference_circuit, training_circuit
from pynn_backprop.errors import InputError
from pynn_backprop.learning.evaluation import Evaluation
from pynn_backprop.learning.progress import Stretch
from pynn_backprop.plots import diagram, phase_table
from pynn_backprop.recording.blocks import to_block
from pynn_backprop.reference.steps import StepSimulator
from pynn_backprop.spikes import between
from pynn_backprop.weights import initial_weights

CIRCUITS = {
    "training, two matrices": training_circuit((20, 12, 4)),
    "training, one matrix": training_circuit((20, 4)),
    "training, as published": training_circuit((400, 400, 10)),
    "training, tiny": training_circuit((1, 1, 1)),
    "training, huge": training_circuit((12800, 10000, 1000)),
    "inference, two matrices": inference_circuit((20, 12, 4)),
    "inference, one matrix": inference_circuit((20, 4)),
}
FIRST = 30


def recorded(circuit: Circuit, record: list[str] | None = None, n: int = 8, first: int = FIRST) -> Stretch:
    generator = np.random.default_rng(3)
    x = generator.random((n, circuit.neurons[0])) < 0.3
    labels = generator.integers(0, circuit.neurons[-1], n)
    steps = StepSimulator(circuit, initial_weights(circuit.neurons, 1), record)
    if circuit.schedule.training:
        steps.train(x, labels)
    else:
        steps.infer(x)
    later = (first * circuit.schedule.length, 0)
    return Stretch(first, labels, {name: table + later for name, table in steps.take_spikes().items()})


def block_of(circuit: Circuit, *stretches: Stretch, **description: str) -> neo.Block:
    return to_block(circuit, stretches or [recorded(circuit)], description, "to plot")


# A circuit of 12,800 inputs and 10,000 hidden neurons can be drawn but is slow to run.
SMALL = {name: circuit for name, circuit in CIRCUITS.items() if "huge" not in name}


@pytest.fixture(scope="module", params=SMALL)
def circuit_and_block(request) -> tuple[Circuit, neo.Block]:
    circuit = SMALL[request.param]
    return circuit, block_of(circuit, platform="a platform")


def texts(figure: Figure) -> list[Text]:
    """The texts that a reader sees, with their places computed."""
    FigureCanvasAgg(figure).draw()
    hidden: set[Text] = set()
    for axes in figure.axes:
        for axis, (low, high) in ((axes.xaxis, axes.get_xlim()), (axes.yaxis, axes.get_ylim())):
            # Matplotlib keeps the labels of ticks beyond the limits, and of axes that are off, but does not draw them.
            for tick in axis.get_major_ticks():
                if not axes.axison or not low <= tick.get_loc() <= high:
                    hidden.update(tick.findobj(Text))
    return [text for text in figure.findobj(Text) if text.get_visible() and text.get_text() and text not in hidden]


def words(figure: Figure) -> list[str]:
    return [text.get_text() for text in texts(figure)]


def overlap(one: Bbox, other: Bbox) -> bool:
    """Whether two boxes share more than a pixel in each direction."""
    width = min(one.x1, other.x1) - max(one.x0, other.x0)
    height = min(one.y1, other.y1) - max(one.y0, other.y0)
    return width > 1 and height > 1


def check_legible(figure: Figure) -> None:
    """No text lies on another or beyond the edge, and none is tiny."""
    seen = texts(figure)
    places = [(text.get_text(), text.get_window_extent()) for text in seen]
    assert len(places) > 10
    for (one, at), (other, there) in itertools.combinations(places, 2):
        assert not overlap(at, there), f"{one!r} lies on {other!r}"
    width, height = figure.get_size_inches() * figure.dpi
    for text, at in places:
        assert at.x0 >= 0, text
        assert at.y0 >= 0, text
        assert at.x1 <= width, text
        assert at.y1 <= height, text
    assert min(text.get_fontsize() for text in seen) >= 8


def test_overlapping_texts_are_seen():
    figure = Figure()
    for n in range(11):
        figure.text(0.1, 0.05 + n / 12, f"line {n}", fontsize=9)
    check_legible(figure)
    figure.text(0.12, 0.06, "over it")
    with pytest.raises(AssertionError, match=r"'line 0' lies on 'over it'"):
        check_legible(figure)


# --- raster


def test_raster_names_every_population_once(circuit_and_block):
    circuit, block = circuit_and_block
    shown = words(plots.raster(block))
    names = [text.split("  (")[0] for text in shown]
    for population in circuit.populations:
        if population.role != "gate":
            assert names.count(population.name) == 1, population.name
    assert f"g0 … g{circuit.schedule.length - 1}" in shown
    for population in circuit.populations:
        if population.role != "gate" and population.size > 1:
            assert f"{population.name}  ({population.size:,})" in shown


@pytest.mark.parametrize("samples", [1, 2, 3, 5, 8])
def test_raster_is_legible(circuit_and_block, samples):
    check_legible(plots.raster(circuit_and_block[1], samples=samples))


def test_raster_of_many_late_samples_is_legible():
    circuit = training_circuit((20, 12, 4))
    figure = plots.raster(block_of(circuit, recorded(circuit, n=60, first=1_234_567)), samples=60)
    check_legible(figure)
    # Times are whole, with no offset or power of ten to add in one's head.
    assert {len(word) for word in words(figure) if word.isdigit()} == {8}


def test_raster_is_1600_by_1000_pixels(circuit_and_block, tmp_path):
    plots.save(plots.raster(circuit_and_block[1]), tmp_path / "raster.png")
    assert imread(tmp_path / "raster.png").shape[:2] == (1000, 1600)


def bars(axes: Axes) -> np.ndarray:
    """Middle of each bar, shape (n, 2)."""
    found = [segment for lines in axes.findobj(LineCollection) for segment in lines.get_segments()]
    return np.array(found).mean(axis=1)


@pytest.mark.parametrize(("first", "samples"), [(0, 1), (2, 3), (6, 99)])
def test_raster_draws_the_spikes_of_the_samples_and_no_others(circuit_and_block, first, samples):
    circuit, block = circuit_and_block
    length, last = circuit.schedule.length, min(first + samples, 8)
    expected = between(recorded(circuit).spikes, (FIRST + 1 + first) * length, (FIRST + 1 + last) * length)
    (axes,) = plots.raster(block, first_sample=first, samples=samples).axes
    steps = np.sort(np.concatenate([table[:, 0] for table in expected.values()]))
    assert np.allclose(np.sort(bars(axes)[:, 0]), steps)
    assert axes.get_xlim() == ((FIRST + 1 + first) * length - 0.5, (FIRST + 1 + last) * length - 0.5)


def test_raster_orders_the_bands_by_layer(circuit_and_block):
    circuit, block = circuit_and_block
    (axes,) = plots.raster(block).axes
    heights = {text.get_text().split("  (")[0]: text.get_position()[1] for text in axes.texts}
    heights = {name: height for name, height in heights.items() if height < 1}
    known = [population for population in circuit.populations if population.name in heights]
    known.sort(key=lambda population: heights[population.name])
    layers = [circuit.depth + 1 if population.layer is None else population.layer for population in known]
    assert len(set(layers)) == circuit.depth + 2
    assert layers == sorted(layers)
    assert max(heights.values()) == heights[f"g0 … g{circuit.schedule.length - 1}"]


def test_raster_shows_neurons_where_they_fire():
    """One spike each of the first and the last neuron of two populations: low and high in their own bands."""
    circuit = training_circuit((30, 20, 10))
    step = 12
    spikes = {
        "x": np.array([[step + 1, 0], [step + 7, 29]]),
        "m_x": np.array([[step + 6, 0]]),
        "o": np.array([[step + 3, 9]]),
        "g0": np.array([[step, 0]]),
        "g1": np.array([[step + 1, 0]]),
    }
    (axes,) = plots.raster(block_of(circuit, Stretch(0, np.array([4]), spikes))).axes
    at = {(round(x - step), round(y, 6)) for x, y in bars(axes)}
    low_x, gate = sorted(height for phase, height in at if phase == 1)
    (high_x,) = (height for phase, height in at if phase == 7)
    (memory,) = (height for phase, height in at if phase == 6)
    (output,) = (height for phase, height in at if phase == 3)
    (first_gate,) = (height for phase, height in at if phase == 0)
    assert low_x < high_x < memory < output < first_gate < gate


def colour_of(figure: Figure, name: str) -> object:
    (found,) = [text.get_color() for text in texts(figure) if text.get_text().split("  (")[0] == name]
    return found


def test_raster_tells_activations_memories_and_errors_apart():
    figure = plots.raster(block_of(training_circuit((20, 12, 4))))
    assert len({colour_of(figure, name) for name in ("x", "m_x", "d+", "r", "input")}) == 5
    assert colour_of(figure, "m_h") == colour_of(figure, "m_x")
    assert colour_of(figure, "hT") == colour_of(figure, "d-")


def test_raster_heads_samples_with_label_and_answer():
    circuit = training_circuit((4, 2))
    spikes = {"o": np.array([[9, 1], [11, 0]])}
    shown = words(plots.raster(block_of(circuit, Stretch(0, np.array([1, 0]), spikes), platform="nest")))
    assert "sample 0: label 1, output 1" in shown
    # What the output fires in phase 4 is no answer.
    assert "sample 1: label 0, no output" in shown
    assert "Training circuit 4-2 on nest: spikes of samples 0 to 1" in shown


def test_raster_without_a_recorded_output_tells_the_label_only():
    circuit = training_circuit((20, 12, 4))
    stretch = recorded(circuit, ["x", "g3"])
    shown = words(plots.raster(block_of(circuit, stretch)))
    assert f"sample {FIRST}: label {stretch.labels[0]}" in shown
    assert "g3" in shown
    assert "Training circuit 20-12-4: spikes of samples 30 to 32" in shown


def test_raster_numbers_and_names_the_phases(circuit_and_block):
    circuit, block = circuit_and_block
    shown = words(plots.raster(block, samples=2))
    for phase, label in enumerate(circuit.schedule.labels):
        assert shown.count(str(phase)) >= 2
        assert any(f"{phase}  {label}" in text.splitlines() for text in shown)
    learning = [f"W{matrix}{sign}" for matrix in range(1, circuit.depth + 1) for sign in "+−"]
    assert all(shown.count(name) == 2 * circuit.schedule.training for name in learning)


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"first_sample": 8}, "first_sample is 8 but must be a whole number from 0 to 7"),
        ({"first_sample": -1}, "first_sample is -1"),
        ({"samples": 0}, "samples is 0"),
        ({"segment": 1}, "segment is 1"),
    ],
)
def test_raster_refuses_samples_that_are_not_there(wrong, message):
    with pytest.raises(InputError, match=message):
        plots.raster(block_of(training_circuit((4, 2))), **wrong)


# --- diagram


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
    shown = words(plots.draw_circuit(training_circuit((20, 12, 4))))
    assert {label: shown.count(label) for label in ("W1", "W2", "+W2ᵀ", "−W2ᵀ")} == dict.fromkeys(
        ("W1", "W2", "+W2ᵀ", "−W2ᵀ"), 1
    )


@pytest.mark.parametrize("name", CIRCUITS)
def test_the_arrows_stand_for_the_projections_and_for_nothing_else(name):
    circuit = CIRCUITS[name]
    frames = diagram._frames(circuit)
    drawn = sorted(
        (pre, post, arrow.kind in ("plastic", "fixed"), arrow.kind == "inhibits")
        for (one, other), arrow in diagram._arrows(circuit).items()
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
    circuit = training_circuit((20, 12, 4))
    boxes = diagram.boxes_of(circuit)
    (left, _) = plots.draw_circuit(circuit).axes
    ends = {tuple(np.round(point, 6)) for patch in left.findobj(FancyArrowPatch) for point in (patch._posA_posB or ())}
    for pre, post in diagram._arrows(circuit):
        route = diagram._ROUTES.get((pre, post), diagram._Route())
        for point, box in zip(diagram._ends(boxes[pre], boxes[post], route), (boxes[pre], boxes[post]), strict=True):
            assert tuple(np.round(point, 6)) in ends
            (low_x, low_y), (high_x, high_y) = box.corner(-1), box.corner(1)
            assert low_x - 1e-9 <= point[0] <= high_x + 1e-9, (pre, post)
            assert low_y - 1e-9 <= point[1] <= high_y + 1e-9, (pre, post)


@pytest.mark.parametrize("name", CIRCUITS)
def test_boxes_do_not_overlap(name):
    circuit = CIRCUITS[name]
    boxes = diagram.boxes_of(circuit)
    single = [boxes[population.name] for population in circuit.populations if population.name in boxes]
    for one, other in itertools.combinations(single, 2):
        apart = (
            abs(one.x - other.x) >= (one.width + other.width) / 2,
            abs(one.y - other.y) >= (one.height + other.height) / 2,
        )
        assert any(apart)


@pytest.mark.parametrize("parameters", [Parameters(), Parameters(theta=64, eta=3)])
def test_the_table_tells_what_opens_whom(parameters):
    marks = phase_table._marks(training_circuit((20, 12, 4), parameters))
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
    circuit = training_circuit((20, 12, 4))
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


# --- confusion


def evaluation_of(answers: list[int], potentials: list[int], n_out: int) -> Evaluation:
    """Spikes of the neurons in `answers` (none where -1), and the largest potential at those in `potentials`."""
    classes = np.arange(n_out)
    return Evaluation(
        np.array(answers)[:, None] == classes, -5 * (np.array(potentials)[:, None] != classes).astype(int), 1.0
    )


def cells(axes: Axes) -> dict[tuple[int, int], str]:
    """The texts in the cells by row and column."""
    return {(round(y), round(x)): text.get_text() for text in axes.texts for x, y in [text.get_position()]}


LABELS = np.array([0, 0, 0, 1, 1, 2, 2, 2, 2])
ANSWERED = evaluation_of([0, 0, 1, 1, -1, 2, -1, -1, 0], [0, 0, 1, 1, 1, 2, 2, 1, 2], 3)


def test_confusion_counts_the_answers_to_each_label():
    left, right, _ = plots.confusion(ANSWERED, LABELS).axes
    assert cells(left) == {
        (0, 0): "2", (0, 1): "1", (1, 1): "1", (1, 3): "1", (2, 0): "1", (2, 2): "1", (2, 3): "2",
    }  # fmt: skip
    assert cells(right) == {(0, 0): "2", (0, 1): "1", (1, 1): "2", (2, 1): "1", (2, 2): "3"}
    assert left.get_title() == "by output spikes: 44.44% right"
    assert right.get_title() == "by potential: 77.78% right"


def test_confusion_tells_silence_in_a_column_of_its_own():
    left, right, _ = plots.confusion(ANSWERED, LABELS).axes
    assert [tick.get_text() for tick in left.get_xticklabels()] == ["0", "1", "2", "none"]
    assert left.get_xticks()[-1] == 3
    for axis in (left.yaxis, right.xaxis, right.yaxis):
        assert [tick.get_text() for tick in axis.get_ticklabels()] == ["0", "1", "2"]


def test_confusion_colours_the_shares_of_the_rows():
    (left, right, _) = plots.confusion(ANSWERED, LABELS).axes
    assert np.allclose(left.images[0].get_array(), [[2 / 3, 1 / 3, 0, 0], [0, 0.5, 0, 0.5], [0.25, 0, 0.25, 0.5]])
    assert np.allclose(right.images[0].get_array(), [[2 / 3, 1 / 3, 0], [0, 1, 0], [0, 0.25, 0.75]])


def test_confusion_takes_the_first_of_several_answers():
    outputs, potentials = np.array([[False, True, True]]), np.array([[-3, -2, -1]])
    left, right, _ = plots.confusion(Evaluation(outputs, potentials, 1.0), np.array([1])).axes
    assert (cells(left), cells(right)) == ({(1, 1): "1"}, {(1, 2): "1"})


@pytest.mark.parametrize("n_samples", [200, 20_000])
@pytest.mark.parametrize("n_out", [1, 2, 3, 10, 20, 21, 26, 47, 50, 101])
def test_confusion_is_legible(n_out, n_samples):
    generator = np.random.default_rng(5)
    labels, answers = generator.integers(0, n_out, n_samples), generator.integers(-1, n_out, n_samples)
    figure = plots.confusion(evaluation_of(answers.tolist(), labels.tolist(), n_out), labels)
    check_legible(figure)
    left, right, _ = figure.axes
    # The numbers stay within their cells.
    room = left.transData.transform((1, 0))[0] - left.transData.transform((0, 0))[0]
    counts = [text for axes in (left, right) for text in axes.texts]
    assert all(text.get_window_extent().width < room for text in counts)
    assert bool(counts) == (n_out <= 26)


@pytest.mark.parametrize("labels", [[0], [0, 3], [-1, 0], [[0, 1]], [0.0, 1.0]])
def test_confusion_refuses_labels_that_do_not_fit(labels):
    with pytest.raises(InputError, match="labels must be 2 integers from 0 to 2, one for each answer"):
        plots.confusion(evaluation_of([0, 1], [0, 1], 3), np.array(labels))


# --- files


@pytest.mark.parametrize("suffix", [".png", ".pdf", ".svg"])
def test_figures_are_written_whole(tmp_path, suffix):
    path = tmp_path / f"circuit{suffix}"
    path.write_text("old")
    plots.save(plots.draw_circuit(training_circuit((4, 2))), path)
    start = {".png": b"\x89PNG", ".pdf": b"%PDF", ".svg": b"<?xml"}[suffix]
    assert path.read_bytes().startswith(start)
    assert list(tmp_path.iterdir()) == [path]


def test_a_figure_that_can_not_be_drawn_leaves_the_old_file(tmp_path, monkeypatch):
    figure, path = Figure(), tmp_path / "figure.png"
    path.write_text("old")
    monkeypatch.setattr(figure, "savefig", lambda *args, **kwargs: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        plots.save(figure, path)
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("name", ["figure.docx", "figure"])
def test_an_unknown_format_is_refused(tmp_path, name):
    with pytest.raises(InputError, match="the format of the figure"):
        plots.save(Figure(), tmp_path / name)
    assert not list(tmp_path.iterdir())
