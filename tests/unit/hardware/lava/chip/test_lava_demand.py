"""What compartments need of a core: counted in another way, and by value."""

from __future__ import annotations

import numpy as np
import pytest
from scenarios.counted_networks import counted, random_network
from scenarios.loihi import cells, connected, of_cells

from hardware.lava.chip import limits
from hardware.lava.chip.demand import MEMORY, Demand, Need
from hardware.lava.translation.network import DiscreteNetwork, Rule


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize(("first", "stop"), [(0, 60), (0, 1), (13, 14), (5, 41), (59, 60)])
def test_needs_are_those_of_a_count_synapse_by_synapse(seed, first, stop):
    network = random_network(seed)
    need, expected = Demand(network).of(first, stop), counted(network, first, stop)
    assert {name: getattr(need, name) for name in expected} == expected


def test_a_need_by_value():
    """Compartment 1 is reached by input 5 and by compartment 5, which are two axons, and by a plastic synapse of 5."""
    network = of_cells(
        6,
        connected([5], [1], 255, from_input=True),
        connected([5, 5, 5], [1, 2, 4], [4, 8, 252], [0, 3, 0]),
        connected([5], [1], rule=Rule(reinforcement=0, eta=2, w_max=254)),
        connected([0], [5]),
    )
    assert Demand(network).of(1, 4) == Need(
        compartments=3,
        room=1024,
        static_synapses=3,
        plastic_synapses=1,
        static_bits=64 + 64,  # 10 + 8, and 10 + 2 (6 + 2 + 0) in a row
        plastic_bits=64,
        input_axons=2 + 2 + 1,  # two static ones, one that learns, and the reinforcement neuron
        formats=3,
        thresholds=1,
        decays=1,
        decays_clash=False,
    )


def test_neurons_without_synapses_need_only_places():
    need = Demand(of_cells(5)).of(1, 4)
    assert (need.compartments, need.room, need.memory_bits, need.input_axons, need.formats) == (3, 1024, 0, 0, 0)


def test_projections_without_synapses_need_nothing():
    rule = Rule(reinforcement=0, eta=2, w_max=254)
    network = of_cells(3, connected([0], [1]), connected([], [], rule=rule), connected([], []))
    assert Demand(network).of(0, 3) == Demand(of_cells(3, connected([0], [1]))).of(0, 3)


def test_pairs_of_decays_are_counted_and_those_that_exclude_each_other_found():
    groups = (
        cells(1, 0, du=1, dv=0), cells(1, 1, du=0, dv=4096), cells(1, 2, du=1, dv=1), cells(1, 3, du=0, dv=1),
        cells(1, 4, du=1, dv=1),
    )  # fmt: skip
    demand = Demand(DiscreteNetwork(0, groups, ()))
    assert [demand.of(*places).decays for places in ((0, 5), (0, 2), (2, 5), (4, 5))] == [4, 2, 2, 1]
    assert [demand.of(*places).decays_clash for places in ((0, 5), (0, 2), (0, 1), (1, 5))] == [1, 1, 0, 0]


def test_uses_are_set_against_what_a_core_has():
    need = Need(1, 512, 3, 4, 700, 60, 7, 8, 9, 10, True)
    assert need.memory_bits == 760
    assert need.uses == {
        "compartments": (1, 512),
        "bits of synaptic memory": (760, 1_048_576),
        "input axons": (7, 4096),
        "formats of synapses": (8, 16),
        "different thresholds": (9, 8),
        "different pairs of decays": (10, 32),
        "different offsets of dv": (2, 1),
    }
    assert MEMORY in need.uses
    assert need.excess == {"different thresholds": (9, 8), "different offsets of dv": (2, 1)}
    assert Need(512, 512, 0, 0, 2**20, 0, 4096, 16, 8, 32, False).excess == {}


def test_weights_and_delays_alone_bound_how_many_compartments_fit(monkeypatch):
    """Weights of 8 bits: 160 of them at compartment 0, and 96 at 1 to 3."""
    post = np.repeat(np.arange(8), [20, 4, 5, 3, 0, 1, 1, 1])
    demand = Demand(of_cells(8, connected(0, post, 255)))
    monkeypatch.setattr(limits, "SYNAPSE_MEMORY", 96)
    assert [demand.most(first) for first in range(8)] == [1, 5, 8, 8, 8, 8, 8, 8]
    monkeypatch.setattr(limits, "SYNAPSE_MEMORY", 95)
    assert [demand.most(first) for first in range(8)] == [1, 3, 8, 8, 8, 8, 8, 8]


def test_delays_count_for_what_fits(monkeypatch):
    demand = Demand(of_cells(3, connected(0, [0, 1, 2], 255, [3, 0, 0])))
    monkeypatch.setattr(limits, "SYNAPSE_MEMORY", 20)
    assert demand.most(0) == 2


def test_a_refractory_time_of_its_own_is_a_profile_of_decays_of_its_own():
    groups = tuple(cells(1, k, f"group {k}", refractory=pause) for k, pause in enumerate((1, 1, 3)))
    demand = Demand(DiscreteNetwork(0, groups, ()))
    assert [demand.of(0, stop).decays for stop in (1, 2, 3)] == [1, 1, 2]
