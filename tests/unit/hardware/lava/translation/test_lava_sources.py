"""Spikes of sources as steps and inputs."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from scenarios.described import currents, population, sources

from hardware.integers import Grid
from hardware.lava.simulator import state
from hardware.lava.translation.discretize import discretize
from hardware.lava.translation.sources import is_source, planned_spikes
from pynn_backprop.errors import InputError

STEP = Grid(1.0)

pytestmark = pytest.mark.usefixtures("described")


def plan(after: int = 0, grid: Grid = STEP) -> list[list[int]]:
    """Steps and inputs of all sources that there are."""
    numbering = discretize(state.populations, state.projections, replace(grid, strict=False)).numbering
    steps, inputs = planned_spikes(state.populations, numbering.number, grid, after)
    assert (steps.dtype, inputs.dtype) == (np.int64, np.int64)
    return np.column_stack((steps, inputs)).tolist()


def refusal(*arguments) -> str:
    with pytest.raises(InputError) as refused:
        plan(*arguments)
    return str(refused.value)


def test_sources_are_known_from_cells():
    assert is_source(sources([1.0]))
    assert not any(is_source(cells) for cells in (population(1), currents(1)))


def test_spikes_are_steps_and_inputs_in_order():
    sources([4.0], label="first")
    population(3)
    sources([3.0, 7.0], [], [3.0])
    assert plan() == [[3, 1], [3, 3], [4, 0], [7, 1]]


def test_without_sources_or_spikes_there_is_nothing_to_plan():
    assert plan() == []
    sources([], [])
    assert plan() == []


def test_spikes_up_to_the_present_are_past():
    sources([3.0, 7.0, 8.0], [7.0])
    assert plan(after=6) == [[7, 0], [7, 1], [8, 0]]
    assert plan(after=7) == [[8, 0]]


def test_the_first_step_can_hold_a_spike():
    sources([1.0])
    assert plan() == [[1, 0]]


@pytest.mark.parametrize("timestep", [0.1, 1.0])
def test_spike_times_are_multiples_of_the_timestep_whatever_floating_point_numbers_make_of_them(timestep):
    """0.3 / 0.1 is 2.9999999999999996."""
    sources([3 * timestep, 7 * timestep + 5e-7 * timestep])
    assert plan(grid=Grid(timestep)) == [[3, 0], [7, 0]]


@pytest.mark.parametrize("time", [4.3, 4.00001, 3.99999])
def test_a_spike_between_two_steps_is_refused_with_the_nearest(time):
    sources([2.0], [3.0, time])
    assert refusal().startswith(
        f"spike_times of 'sources' is {time} ms, which the chip's integers can't hold: the nearest value is 4 ms, "
    )
    assert refusal().endswith(" and nothing is accepted; a spike time is a multiple of the timestep, 1 ms")


def test_the_nearest_step_is_named_in_ms():
    sources([2.2])
    assert "spike_times of 'sources' is 2.2 ms" in refusal(0, Grid(0.5))
    assert "the nearest value is 2 ms, 40 % off" in refusal(0, Grid(0.5))


def test_spikes_are_moved_to_a_step_within_the_tolerance():
    sources([3.25, 4.5 - 1e-9])
    assert plan(grid=Grid(1.0, tolerance=0.5)) == [[3, 0], [4, 0]]
    assert "no more than 20 %" in refusal(0, Grid(1.0, tolerance=0.2))


@pytest.mark.parametrize("time", [0.0, -3.0])
def test_a_spike_before_the_first_step_is_refused(time):
    sources([2.0], [time, 0.5, 5.0])
    assert refusal(0, Grid(0.5)) == (
        f"spike_times of 'sources' hold {time:g} ms, but the first step, and so the nearest value, is 0.5 ms"
    )


def test_a_spike_that_is_rounded_to_the_first_step_is_accepted():
    sources([0.4])
    assert plan(grid=Grid(0.5, tolerance=0.9)) == [[1, 0]]


def test_later_a_spike_before_the_first_step_is_past_like_others():
    sources([0.0, 9.0])
    assert plan(after=3) == [[9, 0]]


@pytest.mark.parametrize("time", [math.nan, math.inf])
def test_times_that_are_no_numbers_are_refused(time):
    sources([2.0], [4.0, time])
    assert refusal() == f"spike_times of 'sources' hold {time} but must be numbers"


def test_two_spikes_of_a_neuron_in_one_step_are_refused():
    sources([2.0, 4.0], [3.0, 4.0, 4.0])
    assert refusal(0, Grid(0.5)) == (
        "neuron 1 of 'sources' fires twice at 4 ms, but a spike on the chip is one or none in a step"
    )
    assert plan(after=4) == []


def test_neurons_that_follow_each_other_may_fire_in_the_same_step():
    sources([2.0, 4.0], [4.0, 6.0])
    assert plan() == [[2, 0], [4, 0], [4, 1], [6, 1]]
