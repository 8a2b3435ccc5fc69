"""A whole PyNN network in the integers of a chip."""

from __future__ import annotations

import pytest
from scenarios.described import discretized, plastic, population, sources, static

import hardware.lava as sim
from hardware.integers import Grid
from hardware.lava.translation.discretize import discretize
from hardware.lava.translation.network import Part

pytestmark = pytest.mark.usefixtures("described")


def test_populations_become_groups_parts_and_inputs():
    population(2, "a"), population(3, "b", tau_m=20.0, v_thresh=1000.0), population(1, "c"), sources([3.0], [4.0])
    found = discretized().network
    assert [(g.label, g.first, g.size, g.du, g.dv) for g in found.compartments] == [
        ("b", 0, 3, 4095, 200), ("a, c", 3, 3, 4095, 4096),
    ]  # fmt: skip
    assert found.parts == (Part("b", 0, 3), Part("a", 3, 2), Part("c", 5, 1))
    assert discretized().numbering.number.tolist() == [3, 4, 0, 1, 2, 5, 0, 1]
    assert found.compartments[1].threshold.tolist() == [1024] * 3
    assert (found.n_inputs, found.n_compartments, found.synapses) == (2, 6, ())
    assert found.forgets.tolist() == [False] * 3 + [True] * 3


def test_projections_become_synapses_in_the_order_of_their_creation():
    pre, post, source = population(2, "pre"), population(3, "post"), sources([3.0])
    static(source + pre, post, label="first")
    plastic(pre, post)
    static(source, pre, label="last")
    found = discretized()
    assert [s.label for s in found.network.synapses] == ["first", "first", "plastic", "last"]
    assert [[number for number, _ in held.parts] for held in found.projections] == [[0, 1], [2], [3]]


def test_a_rounding_report_names_every_parameter():
    pre, post = sources([1.0]), population(1, "cells", tau_m=20.0, v_thresh=1000.0)
    static(pre, post, 8.0, label="drive")
    named = [(rounding.where, rounding.parameter) for rounding in sim.rounding_report()]
    assert named == [
        ("cells", "tau_m"),
        ("cells", "the bias (from v_rest - v_reset and i_offset)"),
        ("cells", "v_thresh"),
        ("cells", "tau_refrac"),
        ("cells", "v, by fractions cut off"),
        ("drive", "weight"),
        ("drive", "delay"),
        ("sources", "spike_times"),
    ]
    assert str(sim.rounding_report()) == (
        "6 of 8 parameters are held exactly\n"
        "cells: tau_m 20 ms is held as 19.9758 ms, error 0.12%\n"
        "cells: v, by fractions cut off 0 mV is held as 0.32 mV, error 0.03%"
    )


def test_an_empty_network_is_no_error():
    found = discretize((), (), Grid(1.0))
    assert (found.network.n_compartments, found.network.n_inputs, found.network.parts) == (0, 0, ())
    assert str(sim.rounding_report()) == "0 of 0 parameters are held exactly"
