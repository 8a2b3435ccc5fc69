"""Parameters in PyNN's units become integers of a core; what they are rounded to is noted, or refused."""

from __future__ import annotations

import numpy as np
import pytest
from spinnaker_networks import connections, description, network

from hardware.integers import Grid
from hardware.spinnaker.translation.description import Cells, Connections, Description, Sources
from hardware.spinnaker.translation.discretize import discretize
from hardware.spinnaker.translation.shifts import chosen_shifts, shift_for
from pynn_backprop.errors import InputError


def test_our_cells_are_held_exactly():
    found = discretize(description(connections([5.0, 7.0], 2.0), v_rest=-3.0, v_reset=-2.0, i_offset=0.5))
    (cells,), (synapses,) = found.network.cells, found.network.synapses
    assert (cells.threshold, cells.rest, cells.reset, cells.current) == (311296, -98304, -65536, 16384)
    assert (cells.resistance, cells.decay, cells.refractory, cells.shifts) == (32768, 0, 0, (15, 15))
    assert (synapses.weight.tolist(), synapses.delay.tolist(), synapses.kind) == ([5, 7], [2, 2], 0)
    assert found.network.scale == 32768
    assert found.report.largest_error == 0
    assert len(found.report) == 9


@pytest.mark.parametrize(
    ("cell", "resistance", "decay"),
    [
        ({"tau_m": 0.001, "cm": 1.0}, 33, 0),
        ({"tau_m": 0.0625, "cm": 0.125}, 16384, 0),
        ({"tau_m": 0.0965, "cm": 0.0965}, 32768, 1),  # 10.36 time constants
        ({"tau_m": 20.0, "cm": 1.0}, 655360, 31170),
    ],
)
def test_time_constants_become_what_a_core_computes_with(cell, resistance, decay):
    found = discretize(description(**cell), Grid(1.0, tolerance=0.9)).network.cells[0]
    assert (found.resistance, found.decay) == (resistance, decay)


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        ({"v_thresh": 9.00001}, r"v_thresh of 'cells' is 9.00001 mV.*nearest value is 9 mV.*15 bits below the point"),
        ({"tau_refrac": 0.1}, r"tau_refrac of 'cells' is 0.1 ms.*nearest value is 1 ms"),
        ({"tau_m": 0.1, "cm": 0.1}, r"tau_m of 'cells' is 0.1 ms"),
    ],
)
def test_what_is_rounded_is_refused_with_the_nearest_value(cell, said):
    with pytest.raises(InputError, match=said):
        network(**cell)


def test_all_that_is_refused_is_said_at_once():
    with pytest.raises(InputError) as raised:
        network(connections([2.25], 1.5), tau_refrac=0.5)
    assert [word for word in ("tau_refrac", "weight of 'in'", "delay of 'in'") if word not in str(raised.value)] == []


def test_a_tolerance_accepts_and_notes_it():
    found = discretize(description(connections([2.25])), Grid(1.0, tolerance=0.2))
    assert found.network.synapses[0].weight.tolist() == [2]
    assert found.report.largest_error == pytest.approx(1 / 9)


def test_a_time_constant_by_which_a_core_would_divide_by_zero_is_refused():
    with pytest.raises(
        InputError, match=r"tau_m of 'cells' is 1e-05 but must be at least 3.05e-05: less is 0 on a core"
    ):
        network(tau_m=1e-5)


def test_the_timestep_is_that_of_the_network():
    with pytest.raises(InputError, match=r"timestep is 0\.5 but must be that of the network, 1\.0"):
        discretize(description(), Grid(0.5))


# --- shifts


@pytest.mark.parametrize(("expected", "shift"), [(0, 0), (0.5, 0), (1, 1), (1.5, 1), (2, 2), (32767, 15), (32768, 16)])
def test_the_shift_is_the_smallest_whose_power_of_two_is_larger(expected, shift):
    assert shift_for(expected) == shift


def test_the_sum_that_is_expected_is_that_of_all_largest_weights_at_once():
    targets = np.array([0, 0, 0, 1])
    projection = connections([3.0, -100.0, 1.0, 1.0], targets=targets)
    inhibitory = connections([-4.0], receptor="inhibitory", label="inhibits")
    sizes = {"source": 4, "cells": 4}
    assert chosen_shifts([projection], sizes) == (shift_for(300), 0)
    assert chosen_shifts([projection, projection, inhibitory], sizes) == (shift_for(600), shift_for(4))


def test_left_alone_weights_are_rounded_to_the_chosen_scale():
    left = description(connections(np.full(3, 30001.0), targets=np.zeros(3, int)), summed_weight=None)
    found = discretize(left, Grid(1.0, tolerance=0.1)).network
    assert found.cells[0].shifts == found.cells[0].chosen_shifts == (17, 0)
    assert found.synapses[0].weight.tolist() == [7500] * 3
    with pytest.raises(InputError, match="weights are multiples of 4 mV, since the ring buffer has the shift 17"):
        discretize(left)


# --- descriptions


def test_a_description_must_fit_together():
    cells, sources = Cells("cells", 3, 9.5), Sources("source", 3)
    with pytest.raises(InputError, match="two populations 'cells'"):
        Description((cells, cells), ())
    with pytest.raises(InputError, match=r"an end of 'in' is 'source' but must be one of cells"):
        Description((cells,), (connections(),))
    with pytest.raises(InputError, match=r"neurons of 'source' in 'in' are .* from 0 to 2"):
        Description((sources, cells), (connections(np.ones(4)),))
    with pytest.raises(InputError, match="sources have no synapses"):
        Description((sources, cells), (connections(post="source"),))
    with pytest.raises(InputError, match="the receptor of 'in' is 'both'"):
        connections(receptor="both")
    with pytest.raises(InputError, match="columns of 'in' have the shapes"):
        Connections("in", "a", "b", "excitatory", np.arange(2), np.arange(2), np.ones(3), np.ones(2))
