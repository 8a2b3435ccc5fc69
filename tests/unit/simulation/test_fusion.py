"""Layouts: every population and projection has one place, and fusing loses none."""

from __future__ import annotations

import numpy as np
import pytest

from pynn_backprop.circuit.connectivity import Block
from pynn_backprop.circuit.inference import inference_circuit
from pynn_backprop.circuit.training import training_circuit
from pynn_backprop.errors import InputError
from pynn_backprop.interfaces import LAYOUTS
from pynn_backprop.simulation.fusion import arrange

CIRCUITS = {
    "training": training_circuit((6, 5, 3)),
    "training, one matrix": training_circuit((6, 3)),
    "inference": inference_circuit((6, 5, 3), probe=True),
}


@pytest.fixture(params=CIRCUITS)
def circuit(request):
    return CIRCUITS[request.param]


@pytest.mark.parametrize("name", LAYOUTS)
def test_every_population_has_a_place_of_its_size_and_no_two_overlap(circuit, name):
    layout = arrange(circuit, name)
    places = layout.places()
    assert set(places) == {population.name for population in circuit.populations}
    for group in layout.groups:
        taken = np.zeros(group.size, int)
        for population in group.populations:
            owner, neurons = places[population.name]
            assert owner == group.name
            assert neurons.stop - neurons.start == population.size
            taken[neurons] += 1
        assert (taken == 1).all()


@pytest.mark.parametrize("name", LAYOUTS)
def test_every_projection_is_in_one_bundle_between_the_groups_of_its_ends(circuit, name):
    layout = arrange(circuit, name)
    places = layout.places()
    found = []
    for bundle in layout.bundles:
        for projection in bundle.projections:
            assert places[projection.pre][0] == bundle.pre
            assert places[projection.post][0] == bundle.post
            assert projection.plastic == bundle.is_plastic
            found.append(projection.label)
    assert sorted(found) == sorted(projection.label for projection in circuit.projections)


@pytest.mark.parametrize("name", LAYOUTS)
def test_groups_hold_sources_only_or_neurons_only(circuit, name):
    for group in arrange(circuit, name).groups:
        assert {population.role == "source" for population in group.populations} == {group.is_source}


def test_separate_is_one_each():
    circuit = CIRCUITS["training"]
    layout = arrange(circuit, "separate")
    assert [group.name for group in layout.groups] == [population.name for population in circuit.populations]
    assert [bundle.label for bundle in layout.bundles] == [projection.label for projection in circuit.projections]


def test_fused_is_two_groups_and_three_bundles():
    layout = arrange(CIRCUITS["training"], "fused")
    assert [group.name for group in layout.groups] == ["sources", "neurons"]
    labels = ["sources->neurons (static)", "neurons->neurons (plastic)", "neurons->neurons (static)"]
    assert sorted(bundle.label for bundle in layout.bundles) == sorted(labels)


def test_an_unknown_layout_is_refused():
    with pytest.raises(InputError, match=r"layout is 'fuse' but must be one of separate, fused .did you mean 'fused'"):
        arrange(CIRCUITS["training"], "fuse")


def test_a_value_of_populations_is_spread_over_their_neurons():
    group = arrange(CIRCUITS["inference"], "fused").groups[1]
    spread = group.spread(lambda population: population.threshold)
    assert spread.shape == (group.size,)
    start = 0
    for population in group.populations:
        assert (spread[start : start + population.size] == population.threshold).all()
        start += population.size


def test_a_value_of_one_population_stays_a_number():
    group = arrange(CIRCUITS["inference"], "separate").groups[-1]
    assert group.spread(lambda population: population.bias) == group.populations[0].bias


def test_the_indices_and_weights_of_a_full_block_go_row_by_row():
    weights = np.arange(6.0).reshape(2, 3)
    block = Block(slice(4, 6), slice(1, 4), True, weights, 1.0)
    matrix = np.zeros((6, 4))
    matrix[block.indices()] = block.weights()
    np.testing.assert_array_equal(matrix[4:6, 1:4], weights)
    assert np.count_nonzero(matrix) == 5


@pytest.mark.parametrize(("kind", "n"), [(False, 3), (True, 9)])
def test_one_weight_holds_for_all_synapses_of_a_block(kind, n):
    block = Block(slice(2, 5), slice(0, 3), kind, 7, 1.0)
    pre, post = block.indices()
    assert len(pre) == len(post) == n
    np.testing.assert_array_equal(block.weights(), np.full(n, 7.0))
