"""What a page knows: spikes step by step, arrows and their projections, weights as far as there is room."""

from __future__ import annotations

import base64
import zlib

import numpy as np
import pytest

from pynn_backprop.circuit.training import training_circuit
from pynn_backprop.plots.diagram_arrows import folded
from pynn_backprop.recording.blocks import circuit_of, spikes_of
from pynn_backprop.view import content, record, write_page
from pynn_backprop.view.diagram import diagram_of
from pynn_backprop.view.packing import packed
from pynn_backprop.view.page import MOST_BYTES


def unpacked(given: dict) -> np.ndarray:
    data = zlib.decompress(base64.b64decode(given["data"]))
    return np.frombuffer(data, np.dtype(given["type"]).newbyteorder("<")).reshape(given["shape"])


@pytest.mark.parametrize(
    ("values", "kind"),
    [([0, 255], "uint8"), ([-1, 300], "int16"), ([0, 65535], "uint16"), ([-1, 40000], "int32"), ([], "uint8")],
)
def test_arrays_are_packed_in_the_smallest_type_that_holds_them(values, kind):
    given = packed(np.array(values, np.int64))
    assert given["type"] == kind
    assert unpacked(given).tolist() == values


def test_the_spikes_of_a_page_are_the_recorded_ones(finished_run):
    recorded = record(finished_run, 3)
    said, circuit = content.content_of(recorded), circuit_of(recorded.block)
    length = circuit.schedule.length
    for population, kept in zip(circuit.populations, said["spikes"], strict=True):
        counts, neurons = unpacked(kept["counts"]), unpacked(kept["neurons"])
        assert len(counts) == 4 * length
        steps = np.repeat(np.arange(len(counts)), counts) + length
        table = spikes_of(recorded.block.segments[0])[population.name]
        np.testing.assert_array_equal(np.column_stack((steps, neurons)), table)


def test_a_page_names_data_and_simulator_as_their_makers_do(finished_run):
    recorded = record(finished_run, 1)
    recorded.block.annotate(data="mnist", platform="nest")
    said = content.content_of(recorded)
    assert (said["data"], said["platform"]) == ("MNIST", "NEST")


def test_matrices_for_which_there_is_no_room_are_left_out_and_the_page_stays_small(finished_run, tmp_path, monkeypatch):
    recorded = record(finished_run, 3)
    monkeypatch.setattr(content, "MOST_CHARACTERS", 2000)
    weights = content.content_of(recorded)["weights"]
    assert weights["W1"] is None
    assert unpacked(weights["W2"]).tolist() == recorded.weights["W2"].tolist()
    assert write_page(recorded, tmp_path / "page.html") == (tmp_path / "page.html").stat().st_size < MOST_BYTES


@pytest.mark.parametrize(
    ("units", "form"),
    [((6, 4, 3), "compact"), ((6, 4, 3), "published"), ((6, 5, 4, 4, 3), "compact"), ((6, 3), "published")],
)
def test_every_projection_that_is_not_a_gate_s_has_one_arrow(units, form):
    circuit = training_circuit(units, form=form)
    arrows = diagram_of(circuit).arrows
    drawn = sorted(number for arrow in arrows for number in arrow)
    assert all(arrows)
    assert drawn == [n for n, projection in enumerate(circuit.projections) if folded(circuit, projection) is None]
