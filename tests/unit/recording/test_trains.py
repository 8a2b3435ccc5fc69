"""Trains of neurons and of whole populations, and the groups that hold them together."""

from __future__ import annotations

import neo
import numpy as np
import pytest

from pynn_backprop.circuit.training import training_circuit
from pynn_backprop.recording.blocks import by_neuron, spikes_of, to_block
from pynn_backprop.recording.trains import trains_of
from pynn_backprop.spikes import Stretch

CIRCUIT = training_circuit((3, 5, 2), form="published")
SPIKES = {
    "h": np.array([[38, 4], [39, 0], [39, 4], [51, 1]]),
    "o": np.array([[40, 1]]),
    "g0": np.array([[36, 0], [48, 0]]),
    "x": np.zeros((0, 2), np.int64),
}
STRETCHES = [Stretch(2, np.array([1, 0]), SPIKES), Stretch(2, np.array([1, 0]), {"h": SPIKES["h"][:1]})]


def block(per_neuron: bool = False) -> neo.Block:
    return to_block(CIRCUIT, STRETCHES, {}, "some", per_neuron)


def pooled(name: str) -> neo.SpikeTrain:
    return next(train for train in block().segments[0].spiketrains if train.annotations["population"] == name)


def test_by_neuron_gives_one_train_for_each_neuron_silent_ones_too():
    whole = pooled("h")
    trains = by_neuron(whole)
    assert [train.name for train in trains] == [f"h[{index}]" for index in range(5)]
    assert [train.times.magnitude.tolist() for train in trains] == [[39], [51], [], [], [38, 39]]
    for index, train in enumerate(trains):
        assert (train.t_start, train.t_stop) == (whole.t_start, whole.t_stop)
        assert train.annotations == {"population": "h", "index": index, "layer": 1, "role": "data"}


def test_a_train_says_whether_it_is_that_of_one_neuron():
    names = {train.name: train.annotations["pooled"] for train in block().segments[0].spiketrains}
    assert names == {
        "h (5 neurons pooled)": True,
        "o (2 neurons pooled)": True,
        "g0": False,
        "x (3 neurons pooled)": True,
    }


def test_a_block_may_have_one_train_for_each_neuron():
    trains = block(per_neuron=True).segments[0].spiketrains
    assert [train.name for train in trains] == [train.name for name in SPIKES for train in by_neuron(pooled(name))]
    assert len(trains) == 5 + 2 + 1 + 3


@pytest.mark.parametrize("per_neuron", [False, True])
def test_spikes_and_trains_are_the_same_however_the_block_holds_them(per_neuron):
    segment = block(per_neuron).segments[0]
    found = spikes_of(segment)
    assert list(found) == list(SPIKES)
    for name, table in SPIKES.items():
        np.testing.assert_array_equal(found[name], table)
        assert [train.name for train in trains_of(segment, name)] == [f"{name}[{n}]" for n in range(CIRCUIT[name].size)]
        counts = [len(train) for train in trains_of(segment, name)]
        assert counts == np.bincount(table[:, 1], minlength=CIRCUIT[name].size).tolist()
    assert trains_of(segment, "d+") == []


@pytest.mark.parametrize("per_neuron", [False, True])
def test_groups_hold_the_trains_of_a_population_in_all_segments_and_the_populations_of_a_layer(per_neuron):
    made = block(per_neuron)
    groups = {group.name: group for group in made.groups}
    assert list(groups) == ["no layer", "layer 0", "layer 1", "layer 2", "x", "h", "o", "g0"]
    populations = {
        name: {train.annotations["population"] for train in groups[name].spiketrains} for name in list(groups)[:4]
    }
    assert populations == {"no layer": {"g0"}, "layer 0": {"x"}, "layer 1": {"h"}, "layer 2": {"o"}}
    of_h = [
        train for segment in made.segments for train in segment.spiketrains if train.annotations["population"] == "h"
    ]
    assert [id(train) for train in groups["h"].spiketrains] == [id(train) for train in of_h]
    assert len(of_h) == (10 if per_neuron else 2)
    assert groups["h"].annotations == {"population": "h", "layer": 1, "role": "data"}
