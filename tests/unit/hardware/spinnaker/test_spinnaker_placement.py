"""Where a network would sit: slices, rows, events, packets, and what the report says of it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from legible import check_legible
from spinnaker_networks import connections, description, network

from hardware.spinnaker.chip import limits
from hardware.spinnaker.chip.board import ToolCount
from hardware.spinnaker.chip.mapping import map_network
from hardware.spinnaker.chip.placement import cores_if_plastic, longest_row, place
from hardware.spinnaker.translation.circuits import describe
from hardware.spinnaker.translation.description import Cells, Connections, Description, Sources
from hardware.spinnaker.translation.discretize import discretize
from pynn_backprop.circuit.training import training_circuit
from pynn_backprop.errors import InputError
from pynn_backprop.weights import initial_weights


@pytest.fixture(scope="module")
def all_to_all():
    """300 sources to 300 cells."""
    pre, post = (grid.ravel() for grid in np.meshgrid(np.arange(300), np.arange(300), indexing="ij"))
    ones = np.ones(len(pre))
    dense = Connections("dense", "source", "cells", "excitatory", pre, post, ones, ones)
    return discretize(Description((Sources("source", 300), Cells("cells", 300, 9.5)), (dense,)))


def test_a_population_is_cut_into_slices_of_256(all_to_all):
    cores = place(all_to_all.network)
    assert [(core.label, core.kind, core.first, core.stop) for core in cores] == [
        ("source", "sources", 0, 300),
        ("cells", "neurons", 0, 256),
        ("cells", "neurons", 256, 300),
    ]
    assert [core.synapses for core in cores] == [0, 300 * 256, 300 * 44]
    assert [core.events for core in cores] == [0, 300 * 256, 300 * 44]
    assert [core.row_bytes for core in cores] == [0, 300 * (3 + 256) * 4, 300 * (3 + 44) * 4]
    assert [core.packets for core in cores] == [300, 256, 44]
    assert longest_row(all_to_all.network.synapses[0]) == 256


def test_fewer_neurons_a_core_take_more_cores(all_to_all):
    assert [core.stop - core.first for core in place(all_to_all.network, 100)] == [100, 100, 100] * 2
    with pytest.raises(InputError, match="neurons_per_core is 257 but must be a whole number from 1 to 256"):
        place(all_to_all.network, 257)


def test_plastic_rows_would_be_shorter(all_to_all):
    (dense,) = all_to_all.network.synapses
    plastic = replace(all_to_all.network, synapses=(replace(dense, learns=True),))
    assert (len(place(plastic)), cores_if_plastic(plastic, 254), cores_if_plastic(plastic, 100)) == (3, 3, 4)
    assert cores_if_plastic(all_to_all.network, 100) == 3
    found = map_network(replace(all_to_all, network=plastic))
    assert found.to_dict()["learning"]["cores_if_modulated"] == found.if_plastic[1] == 3
    assert "plastic rows would hold 254 targets, modulated ones 169: 3 and 3 cores" in str(found)


def test_long_delays_wait_on_cores_of_the_sender():
    slots = limits.delay_slots(256)
    assert (slots, limits.delay_slots(128), limits.delay_slots(1), limits.delay_slots(2)) == (32, 64, 4096, 4096)
    for delay, kinds in (
        (slots, ["sources", "neurons", "neurons"]),
        (slots + 1, ["sources", "delays", "neurons", "neurons"]),
    ):
        pops = (Sources("source", 2), Cells("cells", 300, 9.5))
        found = discretize(Description(pops, (connections([5.0], float(delay)),)))
        assert [core.kind for core in place(found.network)] == kinds


@pytest.mark.parametrize(
    ("cores", "chips"), [(1, 1), (15, 1), (16, 2), (31, 2), (32, 3), (47 * 16 + 15, 48), (768, 49)]
)
def test_the_tools_keep_cores_of_every_chip(cores, chips):
    assert limits.chips_for(cores) == chips


def test_the_report_counts_the_circuit():
    circuit = training_circuit((20, 12, 4))
    mapping = map_network(discretize(describe(circuit, initial_weights((20, 12, 4), 0))))
    totals, count = mapping.totals, circuit.count()
    assert totals["neurons"] == count.neurons + count.reinforcement_neurons
    assert totals["synapses"] == count.synapses + count.reinforcement_synapses
    assert totals["synapses_meant_to_learn"] == count.plastic_synapses
    assert totals["sources"] == 20 + 4 + 1
    assert totals["cores"] == len(circuit.populations)


def test_a_circuit_that_learns_is_told_that_it_does_not():
    circuit = training_circuit((20, 12, 4))
    mapping = map_network(discretize(describe(circuit, initial_weights((20, 12, 4), 0))))
    found = mapping.to_dict()
    assert (found["learning"]["wanted"], found["learning"]["possible"]) == (True, False)
    assert "no signed, gated third-factor rule" in found["learning"]["reason"]
    assert "here its weights stay as they are" in str(mapping)
    assert found["exact"]
    assert "sPyNNaker's own count: none, since sPyNNaker was not asked" in str(mapping)


def test_the_count_of_the_tool_stands_beside_ours():
    tool = ToolCount("1!7.4.1", 2, 1, 1, 2048, {"cells": (15, 15)}, 1.5)
    mapping = map_network(discretize(description()), tool=tool)
    assert "sPyNNaker 1!7.4.1 on its virtual board: 3 cores, 1 of them for delays, on 1 chip; 2 KB" in str(mapping)
    assert mapping.to_dict()["spynnaker"]["cores"] == 2


def test_what_is_cut_off_is_not_called_exact():
    over = discretize(description(connections([60000.0, 6000.0], targets=np.zeros(2, int))))
    mapping = map_network(over)
    assert (mapping.is_exact, mapping.largest_sum) == (False, 66_000)
    assert "the largest sum is 66,000, so that what is beyond is cut off" in str(mapping)
    assert (
        "left alone, sPyNNaker would take shifts of up to 17 and round the weights to multiples of 4, at cells"
        in str(mapping)
    )


def test_the_slowest_core_says_how_long_a_step_lasts(all_to_all):
    assert map_network(all_to_all).slowdown == -(-300 * 256 // limits.EVENTS)


def test_the_picture_has_a_bar_for_each_core(all_to_all):
    figure = map_network(all_to_all).figure("Dense")
    texts = [text.get_text() for text in figure.findobj(lambda artist: hasattr(artist, "get_text"))]
    assert "Dense: 3 cores, at least 1 chip of a board of 48" in texts
    assert {"neurons", "synapses", "rows of synapses", "events in a step", "source", "cells"} <= set(texts)


@pytest.mark.parametrize("sizes", [(20, 12, 4), (400, 400, 10)])
def test_the_picture_can_be_read(sizes):
    circuit = training_circuit(sizes)
    mapping = map_network(discretize(describe(circuit, initial_weights(sizes, 0))))
    check_legible(mapping.figure("Training circuit 400-400-10, compact form"))


def test_an_empty_network_is_refused():
    empty = discretize(Description((), ()))
    with pytest.raises(InputError, match="there is nothing to place"):
        map_network(empty)


def test_errors_are_refused_before_anything_is_placed():
    with pytest.raises(InputError, match="a core takes the magnitude"):
        map_network(discretize(description(connections([-5.0]))))
    assert network().n_neurons == 6
