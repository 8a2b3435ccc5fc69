"""Graded circuits on every simulator: spike for spike the step simulator, weight for weight the oracle."""

from __future__ import annotations

import numpy as np
import pytest
from scenarios import graded
from simulators import COMPILED_ANEW, NUMPY, ONE_EACH, run_with_simulators

from pynn_backprop.codes.graded import Graded
from pynn_backprop.tasks.linear_map import learn_map, random_map

SMALL = graded.random_graded_case((2, 3, 2), Graded(8), 40)
DEEP = {
    "one matrix": graded.random_graded_case((3, 2), Graded(4), 30),
    "one matrix, published": graded.random_graded_case((3, 2), Graded(4), 30, form="published"),
    "two matrices, published": graded.random_graded_case((2, 3, 2), Graded(4), 30, form="published"),
    "three matrices": graded.random_graded_case((2, 3, 3, 2), Graded(4), 30),
    "four matrices": graded.random_graded_case((2, 3, 3, 3, 2), Graded(4), 40, seed=1),
}
NOISY = graded.random_graded_case((2, 3, 2), Graded(8, "noise", seed=5), 40)


@run_with_simulators(*ONE_EACH, slow=NUMPY)
def test_every_spike_of_200_samples_of_the_linear_map_equals_the_step_simulator(platform):
    graded.training_equals_step_simulator_and_oracle(platform, graded.linear_map_case(), 77)


@run_with_simulators(*ONE_EACH, slow=NUMPY)
def test_every_spike_of_100_presentations_of_xor_equals_the_step_simulator(platform):
    graded.training_equals_step_simulator_and_oracle(platform, graded.xor_case(), 33)


@run_with_simulators()
def test_every_spike_of_a_small_network_equals_the_step_simulator_in_every_configuration(platform):
    graded.training_equals_step_simulator_and_oracle(platform, SMALL, 3, 19)


@pytest.mark.parametrize("name", DEEP)
@run_with_simulators(slow=COMPILED_ANEW)
def test_every_spike_at_any_depth_and_in_any_form_equals_the_step_simulator(platform, name):
    graded.training_equals_step_simulator_and_oracle(platform, DEEP[name], 3, 19)


@pytest.mark.parametrize("dither", ["fixed", "noise"])
@run_with_simulators(*ONE_EACH, "nest:compiled, fused", slow=NUMPY)
def test_every_spike_with_another_dither_equals_the_step_simulator(platform, dither):
    case = graded.random_graded_case((2, 3, 2), Graded(8, dither, seed=5), 40)
    graded.training_equals_step_simulator_and_oracle(platform, case, 3, 19)


@run_with_simulators(*ONE_EACH, "nest:compiled, fused", slow=NUMPY)
def test_every_potential_equals_the_oracle(platform):
    graded.answers_equal_the_oracle(platform, SMALL, 11, 12)


@run_with_simulators(*ONE_EACH, "nest:compiled, fused", slow=NUMPY)
def test_a_pause_of_any_length_changes_nothing(platform):
    graded.a_pause_of_any_length_changes_nothing(platform, SMALL, 1, 5, 12, 13, 40, 200)


@pytest.mark.parametrize("skipped", [1, 13])
@run_with_simulators(*ONE_EACH, slow=NUMPY)
def test_a_network_that_is_built_anew_in_the_middle_of_training_goes_on_as_the_oracle(platform, skipped):
    graded.a_network_that_goes_on_equals_the_oracle(platform, SMALL, skipped)
    graded.a_network_that_goes_on_equals_the_oracle(platform, NOISY, skipped)


@pytest.mark.parametrize("dither", ["rotating", "fixed"])
@run_with_simulators(*ONE_EACH, "nest:compiled, fused", slow=NUMPY)
def test_a_chain_of_ten_copies_values_down_the_route_that_opens(platform, dither):
    graded.a_chain_copies_values_down_the_route_that_opens(platform, dither=dither)


@run_with_simulators(*ONE_EACH, slow=NUMPY)
def test_the_functions_of_the_tasks_run_on_every_platform(platform):
    matrix, code = random_map(1, 2, 2), Graded(8)
    found, expected = (learn_map(matrix, code, 60, platform=each, every=25) for each in (platform, None))
    np.testing.assert_array_equal(found.learnt, expected.learnt)
    np.testing.assert_array_equal(found.output_error, expected.output_error)
    assert found.shown.tolist() == [0, 25, 50, 60]
