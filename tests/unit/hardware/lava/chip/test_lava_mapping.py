"""The mapping report: which populations are on which core, why the next core begins, and what is written and said."""

from __future__ import annotations

import json
import subprocess
import sys

import numpy as np
import pytest
from scenarios.loihi import cells, connected, of_cells

from hardware.lava.chip import limits
from hardware.lava.chip.mapping import MappingReport, mapping_report
from hardware.lava.translation.network import DiscreteNetwork, Part, Rule
from hardware.report import DISCLAIMER
from pynn_backprop.errors import InputError

RULE = Rule(reinforcement=0, eta=2, w_max=254)


def small() -> DiscreteNetwork:
    """Three populations of six compartments; 0 drives all others, 2 and 3 learn from it."""
    group = cells(6, threshold=[1, 2, 3, 3, 3, 3])
    static, learning = connected(0, [1, 4, 5], [2, 4, 6]), connected([0, 0], [2, 3], rule=RULE)
    inputs = connected([0, 7], [0, 0], 255, from_input=True)
    parts = (Part("first", 0, 3), Part("second", 3, 1), Part("first", 4, 2, 3))
    return DiscreteNetwork(8, (group,), (static, learning, inputs), parts)


@pytest.fixture
def report() -> MappingReport:
    return mapping_report(small(), 4)


# --- what is where


def test_each_core_knows_its_populations_and_what_filled_it(report):
    first, second = report.cores
    assert (first.first, first.populations, first.full) == (0, (("first", 3), ("second", 1)), "compartments")
    assert (second.first, second.populations, second.full) == (4, (("first", 2),), "")
    assert (first.output_axons, second.output_axons) == (4, 0)
    assert report.compartments_per_core == 4


def test_a_population_in_several_parts_is_named_once():
    (core,) = mapping_report(small()).cores
    assert core.populations == (("first", 5), ("second", 1))


def test_a_population_that_only_touches_a_core_is_not_on_it():
    parts = (Part("a", 0, 2), Part("b", 2, 2))
    network = DiscreteNetwork(0, (cells(4),), (), parts)
    assert [core.populations for core in mapping_report(network, 2).cores] == [(("a", 2),), (("b", 2),)]


def test_populations_without_names_are_named_by_their_groups():
    assert mapping_report(of_cells(3)).cores[0].populations == (("cells", 3),)


def test_a_core_holds_eight_different_thresholds():
    found = mapping_report(of_cells(20, threshold=np.arange(20)))
    assert [core.need.thresholds for core in found.cores] == [8, 8, 4]
    assert [core.full for core in found.cores] == ["different thresholds", "different thresholds", ""]


def test_neurons_that_keep_all_of_v_and_none_of_it_are_on_different_cores():
    groups = (cells(10, dv=4096), cells(10, 10, dv=1), cells(10, 20, dv=0))
    found = mapping_report(DiscreteNetwork(0, groups, ()))
    assert [core.need.compartments for core in found.cores] == [20, 10]
    assert found.cores[0].full == "different offsets of dv"


def test_a_core_may_be_full_for_several_reasons():
    found = mapping_report(of_cells(1040, threshold=np.repeat(np.arange(9), [128] * 8 + [16])))
    assert found.cores[0].full == "compartments"  # the bound comes first
    groups = (cells(8, dv=4096, threshold=np.arange(8)), cells(1, 8, dv=0, threshold=9))
    found = mapping_report(DiscreteNetwork(0, groups, ()))
    assert found.cores[0].full == "different thresholds, different offsets of dv"


def test_a_core_that_was_cut_in_two_had_too_few_output_axons():
    # Each of the first 1,024 reaches one compartment on each of five other cores: 5,120 output axons.
    pre = np.repeat(np.arange(1024), 5)
    found = mapping_report(of_cells(6 * 1024, connected(pre, pre + 1024 * np.tile(np.arange(1, 6), 1024))))
    assert [core.need.compartments for core in found.cores] == [512, 512, *[1024] * 5]
    assert [core.output_axons for core in found.cores] == [2560, 2560, 0, 0, 0, 0, 0]
    assert [core.full for core in found.cores[:3]] == ["output axons", "output axons", "compartments"]


def test_shares_are_of_what_a_core_has(report):
    first = report.cores[0]
    assert first.uses["output axons"] == (4, 4096)
    assert first.share("compartments") == 4 / 1024
    assert first.share("bits of synaptic memory") == first.need.memory_bits / 2**20
    assert first.synapses == first.need.static_synapses + first.need.plastic_synapses == 5


def test_what_can_not_be_placed_is_refused():
    for network, most, message in (
        (DiscreteNetwork(0, (), ()), None, "the network has no neurons: there is nothing to place on a chip"),
        (of_cells(1), 0, "compartments_per_core is 0 but must be a whole number from 1 to 1024"),
        (of_cells(1), 1025, "compartments_per_core is 1025 but must be a whole number from 1 to 1024"),
    ):
        with pytest.raises(InputError) as refused:
            mapping_report(network, most)
        assert str(refused.value) == message
    with pytest.raises(InputError, match=r"input axons is 4,097 but must be at most 4,096"):
        mapping_report(of_cells(4097, connected(np.arange(4097), 0)))
    with pytest.raises(InputError, match="compartment 0 go to 4,100 lists"):
        mapping_report(of_cells(4100, connected(0, np.arange(4100))), 1)
    assert mapping_report(of_cells(1024), 1024).totals["cores"] == 1


# --- sums


def test_totals_are_sums_over_the_cores(report):
    assert report.totals == {
        "chips": 1,
        "cores": 2,
        "compartments": 6,
        "inputs": 8,
        "synapses": 7,
        "plastic_synapses": 2,
        "synapse_memory_bits": 5 * 64,  # lists of two inputs and two of 0, which also teaches; one on the second core
        "input_axons": 2 + 1 + 2 + 1 + 1,
        "output_axons": 4,
    }


def test_learning_takes_as_long_as_the_core_with_the_most_plastic_synapses():
    network = of_cells(4, connected(np.repeat([0, 1, 2], 500), np.repeat([1, 1, 2], 500), rule=RULE))
    assert mapping_report(network, 2).learning_us == 1000 * 6.1 / 1000
    assert mapping_report(network, 1).learning_us == mapping_report(network, 2).learning_us
    assert mapping_report(of_cells(4)).learning_us == 0


@pytest.mark.parametrize(("size", "chips"), [(128, 1), (129, 2), (256, 2), (300, 3)])
def test_a_network_that_needs_more_cores_than_a_chip_has_takes_more_chips(size, chips):
    found = mapping_report(of_cells(size), compartments_per_core=1)
    assert (found.totals["cores"], found.n_chips) == (size, chips)
    rows = found.to_dict()["cores"]
    assert [(row["chip"], row["core"]) for row in rows] == [(k // 128, k % 128) for k in range(size)]
    assert found.extent == (f"{size} cores, {chips} chips of 128" if chips > 1 else "128 of the 128 cores of a chip")


# --- as text and as JSON


def test_the_report_as_text(report):
    assert str(report).splitlines() == [
        "2 of the 128 cores of a chip",
        "6 compartments and 8 inputs",
        "7 synapses, 2 of them learning, in 0 KB, 0% of the synaptic memory of these cores",
        "7 input axons and 4 output axons",
        "at least 0 us a step for learning (estimated, Davies et al. 2018)",
        "",
        " core  compartments  synapses  learning  memory  axons in    out  populations",
        "    0             4         5         2      0%         6      4  3 first, 1 second",
        "    1             2         2         0      0%         1      0  2 first",
        "",
        "what fills cores: compartments",
        "warning: projection 'projection': the range of the weights is -254 to 254 but a chip by itself clips at -256 "
        "and 254",
        DISCLAIMER,
    ]


def test_large_numbers_as_text():
    """1,100 axons with 100 synapses of 8 bits in a row on each of two cores: lists of 64 and 36, 9 and 5 words."""
    pre, post = np.repeat(np.arange(1100), 100), np.tile(np.arange(100), 1100)
    learning = connected(pre, post, rule=Rule(1, 2, 254))
    static = connected(pre, post + 1000, 255, from_input=True)
    lines = str(mapping_report(of_cells(1100, learning, static), 1000)).splitlines()
    assert lines[1:5] == [
        "1,100 compartments and 1,100 inputs",
        "220,000 synapses, 110,000 of them learning, in 241 KB, 94% of the synaptic memory of these cores",
        "3,301 input axons and 1,101 output axons",
        "at least 671 us a step for learning (estimated, Davies et al. 2018)",
    ]
    assert lines[7:9] == [
        "    0         1,000   110,000   110,000     94%     2,201  1,001  1,000 cells",
        "    1           100   110,000         0     94%     1,100    100  100 cells",
    ]


def test_a_network_that_does_not_learn_says_nothing_of_learning():
    lines = str(mapping_report(of_cells(3, connected([0], [1])))).splitlines()
    assert lines == [
        "1 of the 128 cores of a chip",
        "3 compartments and 3 inputs",
        "1 synapses, 0 of them learning, in 0 KB, 0% of the synaptic memory of these cores",
        "1 input axons and 1 output axons",
        "",
        " core  compartments  synapses  learning  memory  axons in    out  populations",
        "    0             3         1         0      0%         1      1  3 cells",
        "",
        DISCLAIMER,
    ]


def test_reasons_are_named_once_and_populations_cut_after_60_characters():
    groups = (cells(8, threshold=np.arange(8)), cells(1, 8, dv=0, threshold=9), cells(9, 9, threshold=np.arange(9)))
    parts = tuple(Part(f"a population of {k}", k, 1) for k in range(18))
    lines = str(mapping_report(DiscreteNetwork(0, groups, (), parts))).splitlines()
    assert lines[6].endswith("  1 a population of 0, 1 a population of 1, 6 more")
    assert lines[11] == (
        "what fills cores: different offsets of dv; different thresholds; different thresholds, different offsets of dv"
    )


def test_the_report_as_json(report, tmp_path):
    report.write(tmp_path / "map.json")
    read = json.loads((tmp_path / "map.json").read_text())
    assert read == report.to_dict()
    assert read["cores"][0] == {
        "chip": 0,
        "core": 0,
        "first_compartment": 0,
        "compartments": 4,
        "room_for_compartments": 1024,
        "populations": {"first": 3, "second": 1},
        "synapses": 5,
        "plastic_synapses": 2,
        "synapse_memory_bits": 4 * 64,
        "plastic_synapse_memory_bits": 64,
        "input_axons": 6,
        "output_axons": 4,
        "synapse_formats": 2,
        "thresholds": 3,
        "full": "compartments",
    }
    assert [row["first_compartment"] for row in read["cores"]] == [0, 4]
    rest = {name: read[name] for name in ("what", "compartments_per_core", "limits", "totals", "learning_time")}
    assert rest == {
        "what": DISCLAIMER,
        "compartments_per_core": 4,
        "limits": limits.LIMITS,
        "totals": report.totals,
        "learning_time": {
            "us_per_step": 0.012,
            "ns_per_synapse": 6.1,
            "estimated_by": "Davies et al. 2018, table 2, pairwise STDP, before silicon",
        },
    }
    assert read["warnings"] == [
        {
            "level": "warning",
            "where": "projection 'projection'",
            "what": "the range of the weights",
            "value": "-254 to 254",
            "allowed": "a chip by itself clips at -256 and 254",
        }
    ]


def test_nothing_of_it_needs_lava():
    modules = "validate, mapping, figure, partition, demand, limits, table"
    script = (
        f"import sys; sys.modules['lava'] = None\nfrom hardware.lava.chip import {modules}\n"
        "from hardware.lava.translation import network"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
