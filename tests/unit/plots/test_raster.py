"""The raster of a recording: every spike of the samples is there, in the band of its population."""

from __future__ import annotations

import neo
import numpy as np
import pytest
from legible import check_legible, texts, words
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure
from matplotlib.image import imread
from matplotlib.text import Annotation
from plotted import FIRST, SMALL, block_of, recorded

from pynn_backprop import plots
from pynn_backprop.circuit.circuit import Circuit
from pynn_backprop.circuit.training import training_circuit
from pynn_backprop.errors import InputError
from pynn_backprop.learning.progress import Stretch
from pynn_backprop.spikes import between


@pytest.fixture(scope="module", params=[name for name in SMALL if "its size" not in name])
def circuit_and_block(request) -> tuple[Circuit, neo.Block]:
    circuit = SMALL[request.param]
    return circuit, block_of(circuit, platform="a platform")


def fires(circuit: Circuit, first: int = 0, samples: int = 3) -> set[str]:
    length = circuit.schedule.length
    shown = between(recorded(circuit).spikes, (FIRST + 1 + first) * length, (FIRST + 1 + first + samples) * length)
    return {name for name, table in shown.items() if len(table)}


def test_raster_has_a_row_for_every_population_that_fires_and_names_the_others(circuit_and_block):
    circuit, block = circuit_and_block
    shown = words(plots.raster(block))
    names = [text.split("  (")[0] for text in shown]
    (silent,) = [text for text in shown if text.startswith("silent here")]
    for population in circuit.populations:
        if population.role != "gate":
            assert names.count(population.name) == (population.name in fires(circuit)), population.name
            if population.name not in fires(circuit):
                assert population.name in silent
            elif population.size > 1:
                assert f"{population.name}  ({population.size:,})" in shown
    assert f"g0 … g{circuit.schedule.length - 1}" in shown


@pytest.mark.parametrize("samples", [1, 3, 8])
def test_raster_is_legible(circuit_and_block, samples):
    check_legible(plots.raster(circuit_and_block[1], samples=samples))


@pytest.mark.parametrize("samples", [1, pytest.param(8, marks=pytest.mark.slow)])
def test_raster_of_the_published_size_is_legible(samples):
    check_legible(plots.raster(block_of(SMALL["published, its size"]), samples=samples))


def test_raster_of_many_late_samples_is_legible():
    circuit = training_circuit((20, 12, 4), form="published")
    figure = plots.raster(block_of(circuit, recorded(circuit, n=60, first=1_234_567)), samples=60)
    check_legible(figure)
    # Times are whole, with no offset or power of ten to add in one's head.
    assert {len(word) for word in words(figure) if word.isdigit()} <= {2, 8}


def test_raster_is_180_mm_and_1600_pixels_wide(circuit_and_block, tmp_path):
    figure = plots.raster(circuit_and_block[1])
    assert figure.get_figwidth() == pytest.approx(180 / 25.4)
    plots.save(figure, tmp_path / "raster.png")
    assert imread(tmp_path / "raster.png").shape[1] == 1600


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
    heights = {text.get_text().split("  (")[0]: text.xy[1] for text in axes.texts if isinstance(text, Annotation)}
    known = [population for population in circuit.populations if population.name in heights]
    known.sort(key=lambda population: heights[population.name])
    layers = [circuit.depth + 1 if population.layer is None else population.layer for population in known]
    assert {p.name for p in known} == {name for name in fires(circuit) if circuit[name].role != "gate"}
    assert layers == sorted(layers)
    assert max(heights.values()) == heights[f"g0 … g{circuit.schedule.length - 1}"]


def test_raster_shows_neurons_where_they_fire():
    """One spike each of the first and the last neuron of two populations: low and high in their own bands."""
    circuit = training_circuit((30, 20, 10), form="published")
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
    circuit = training_circuit((20, 12, 4), form="published")
    names = ("input", "x", "m_x", "m_h", "d+", "d-", "hT", "r")
    spikes = {name: np.array([[circuit.schedule.length + 1, 0]]) for name in names}
    figure = plots.raster(block_of(circuit, Stretch(0, np.array([3]), spikes)))
    assert len({colour_of(figure, name) for name in ("x", "m_x", "d+", "r", "input")}) == 5
    assert colour_of(figure, "m_h") == colour_of(figure, "m_x")
    assert colour_of(figure, "hT") == colour_of(figure, "d-")


def test_raster_heads_samples_with_label_and_answer():
    circuit = training_circuit((4, 2), form="published")
    spikes = {"o": np.array([[9, 1], [11, 0]])}
    shown = words(plots.raster(block_of(circuit, Stretch(0, np.array([1, 0]), spikes), platform="nest")))
    assert "sample 0: label 1, output 1" in shown
    # What the output fires in phase 4 is no answer.
    assert "sample 1: label 0, no output" in shown
    assert "Training circuit 4-2, published form on NEST: spikes of samples 0 to 1" in shown


def test_raster_without_a_recorded_output_tells_the_label_only():
    circuit = training_circuit((20, 12, 4), form="published")
    stretch = recorded(circuit, ["x", "g3"])
    shown = words(plots.raster(block_of(circuit, stretch)))
    assert f"sample {FIRST}: label {stretch.labels[0]}" in shown
    assert "g3" in shown
    assert "Training circuit 20-12-4, published form: spikes of samples 30 to 32" in shown


def test_raster_numbers_and_names_the_phases(circuit_and_block):
    circuit, block = circuit_and_block
    shown = words(plots.raster(block, samples=2))
    for phase, label in enumerate(circuit.schedule.labels):
        assert shown.count(str(phase)) >= 2 or circuit.depth > 2
        assert any(f"{phase}  {label}" in text.splitlines() for text in shown)
    learning = [f"W{matrix}{sign}" for matrix in range(1, circuit.depth + 1) for sign in "+−"]
    room = circuit.schedule.length < 14
    assert all(shown.count(name) == 2 * circuit.schedule.training * room for name in learning)


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
        plots.raster(block_of(training_circuit((4, 2), form="published")), **wrong)
