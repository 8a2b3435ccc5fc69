"""How compartments are spread over cores."""

from __future__ import annotations

import numpy as np
import pytest
from scenarios.counted_networks import counted, random_network
from scenarios.loihi import connected, of_cells

from hardware.lava.chip import limits
from hardware.lava.chip.demand import Demand
from hardware.lava.chip.partition import output_axons, partition
from hardware.lava.translation.network import DiscreteNetwork, Rule
from pynn_backprop.errors import InputError

SMALL = {
    "little memory": ({"SYNAPSE_MEMORY": 20_000}, 0, 1024, 4),
    "few input axons": ({"INPUT_AXONS": 130}, 1, 1024, 4),
    "few thresholds": ({"THRESHOLD_PROFILES": 5}, 0, 1024, 6),
    "little of all": ({"SYNAPSE_MEMORY": 14_000, "INPUT_AXONS": 120, "THRESHOLD_PROFILES": 7}, 1, 1024, 5),
    "little of all, and a bound": ({"SYNAPSE_MEMORY": 14_000, "INPUT_AXONS": 120}, 2, 5, 12),
    "a bound": ({}, 2, 11, 6),
    "enough": ({}, 0, 1024, 1),
}
"""Limits of a chip, seed of a network of 60 compartments, bound for a core, and how many cores it takes at least."""


def filled(network: DiscreteNetwork, most: int) -> list[int]:
    """Where cores begin if each takes one compartment after the other as long as its limits allow."""
    begins = [0]
    for stop in range(1, network.n_compartments + 1):
        need = counted(network, begins[-1], stop)
        memory = need["static_bits"] + need["plastic_bits"]
        fits = (
            need["compartments"] <= min(need["room"], most)
            and memory <= limits.SYNAPSE_MEMORY
            and need["input_axons"] <= limits.INPUT_AXONS
            and need["thresholds"] <= limits.THRESHOLD_PROFILES
        )
        if not fits:
            begins.append(stop - 1)
    return [*begins, network.n_compartments]


@pytest.mark.parametrize(("small", "seed", "most", "least"), SMALL.values(), ids=SMALL)
def test_cores_are_filled_one_after_the_other_with_as_much_as_fits(small, seed, most, least, monkeypatch):
    for name, value in small.items():
        monkeypatch.setattr(limits, name, value)
    network = random_network(seed)
    begins, sent = partition(Demand(network), most)
    assert begins.tolist() == filled(network, most)
    assert len(begins) > least
    assert sent.tolist() == output_axons(Demand(network), begins).tolist()


def test_a_core_takes_1024_compartments_and_512_if_a_delay_is_above_6():
    assert partition(Demand(of_cells(2500)))[0].tolist() == [0, 1024, 2048, 2500]
    delayed = of_cells(2500, connected(np.arange(2500), np.arange(2500), delay=7))
    assert partition(Demand(delayed))[0].tolist() == [0, 512, 1024, 1536, 2048, 2500]


def test_only_delays_of_synapses_that_end_on_a_core_count():
    network = of_cells(2048, connected([0], [2000], delay=62))
    assert partition(Demand(network))[0].tolist() == [0, 1024, 2000, 2048]


# --- what a core sends out


@pytest.mark.parametrize("seed", range(3))
def test_output_axons_are_those_of_a_count_spike_by_spike(seed):
    network, begins = random_network(seed), np.array([0, 9, 10, 33, 60])
    core = np.repeat(np.arange(4), np.diff(begins))
    reached = set()
    for synapses in network.synapses:
        for pre, post in zip(synapses.pre.tolist(), synapses.post.tolist(), strict=True):
            if not synapses.from_input:
                reached.add((pre, core[post], "plastic" if synapses.rule else "static"))
            if synapses.rule:
                reached.add((synapses.rule.reinforcement, core[post], "teaches"))
    expected = np.bincount([core[pre] for pre, _, _ in reached], minlength=4)
    assert output_axons(Demand(network), begins).tolist() == expected.tolist()


def test_output_axons_by_value():
    """On two cores of two: 0 reaches both, with synapses that learn on the second, where 3 teaches."""
    rule = Rule(reinforcement=3, eta=2, w_max=254)
    network = of_cells(
        4, connected([0, 0, 1], [1, 2, 2]), connected([0], [3], rule=rule), connected([2], [2], rule=rule)
    )
    assert output_axons(Demand(network), np.array([0, 2, 4])).tolist() == [2 + 1 + 1, 1 + 1]
    assert output_axons(Demand(of_cells(4)), np.array([0, 2, 4])).tolist() == [0, 0]
    inputs = of_cells(4, connected([0, 1, 2, 3], [0, 1, 2, 3], from_input=True))
    assert output_axons(Demand(inputs), np.array([0, 2, 4])).tolist() == [0, 0]


def reaching(*times: int) -> DiscreteNetwork:
    """Compartment k of the first core reaches as many others of 20 cores of 10; the limits allow 10 on a core."""
    pre = np.repeat(np.arange(len(times)), times)
    cores = np.concatenate([1 + np.arange(n) for n in times])
    return of_cells(200, connected(pre, 10 * cores))


@pytest.mark.parametrize(
    ("times", "begins"),
    [
        ((5, 5, 5, 5), [0, 10]),
        ((5, 5, 5, 6), [0, 2, 5, 10]),
        ((5, 5, 0, 0, 0, 5, 6), [0, 5, 10]),
        ((10, 10, 5, 1), [0, 2, 5, 10]),
        ((19, 19, 3, 1), [0, 1, 2, 5, 10]),
    ],
)
def test_a_core_that_reaches_too_many_others_is_cut_in_two(times, begins, monkeypatch):
    monkeypatch.setattr(limits, "OUTPUT_AXONS", 20)
    found, sent = partition(Demand(reaching(*times)), 10)
    assert found[found <= 10].tolist() == begins
    assert sent.max() <= 20
    assert sent.sum() == sum(times)


def test_every_core_that_reaches_too_many_is_cut(monkeypatch):
    monkeypatch.setattr(limits, "OUTPUT_AXONS", 3)
    pre = np.repeat([0, 1, 2, 6, 7], [2, 1, 1, 3, 1])
    network = of_cells(12, connected(pre, [4, 8, 4, 8, 0, 4, 8, 0]))
    assert partition(Demand(network), 4)[0].tolist() == [0, 2, 4, 6, 7, 8, 12]


def test_a_compartment_that_reaches_too_many_can_not_be_placed(monkeypatch):
    monkeypatch.setattr(limits, "OUTPUT_AXONS", 20)
    pre, post = np.repeat([3, 7], [1100, 1200]), np.concatenate([np.arange(1100), np.arange(1200)])
    with pytest.raises(InputError) as refused:
        partition(Demand(of_cells(1200, connected(pre, post))), 1)
    assert str(refused.value) == (
        "the spikes of compartment 3 go to 1,100 lists on other cores, but a core has 20 output axons: the network "
        "can't be placed"
    )
