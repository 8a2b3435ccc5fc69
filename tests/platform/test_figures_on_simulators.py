"""The figures of graded circuits hold the same spikes and weights whichever simulator recorded them."""

from __future__ import annotations

import json

import numpy as np
import pytest
from simulators import NUMPY, ONE_EACH, run_with_simulators

from pynn_backprop.codes.graded import DITHERS
from pynn_backprop.errors import InputError
from pynn_backprop.figures import circuit, close_up, convergence, copy, cycle, mean_field, paper_circuit, recorded, xor
from pynn_backprop.platforms import ReferencePlatform
from pynn_backprop.recording.blocks import spikes_of

REFERENCE = ReferencePlatform()
RECORDS = {
    "circuit": circuit.record,
    "fig1": paper_circuit.record,
    "fig3": close_up.record,
    "cycle": cycle.record,
    "copy": lambda platform: copy.record(platform, 20),
}


@pytest.mark.parametrize("name", RECORDS)
@run_with_simulators(*ONE_EACH, slow=NUMPY)
def test_a_figure_holds_the_spikes_of_the_step_simulator(platform, name):
    found, expected = (RECORDS[name](each) for each in (platform, REFERENCE))
    assert found.annotations["platform"] == platform.name
    assert len(found.segments) == len(expected.segments)
    for ours, theirs in zip(found.segments, expected.segments, strict=True):
        spikes, wanted = spikes_of(ours), spikes_of(theirs)
        assert sum(map(len, wanted.values())) > 100
        assert spikes.keys() == wanted.keys()
        for population, table in wanted.items():
            np.testing.assert_array_equal(spikes[population], table, population)


@run_with_simulators(*ONE_EACH, slow=NUMPY)
def test_the_weights_of_the_map_are_the_oracles_with_every_dither(platform):
    block = convergence.record(platform, 120)
    assert json.loads(block.annotations["equal_to_oracle"]) == list(DITHERS)
    assert [reading.shape for _, reading in [recorded.signal_of(block.segments[0], "weights fixed")]] == [(3, 4, 3)]


@run_with_simulators(*ONE_EACH, slow=NUMPY)
def test_the_learning_curve_of_xor_is_that_of_the_rule_and_the_spikes_are_those_of_its_network(platform):
    found, expected = (xor.record(each, 100, 1).segments[0] for each in (platform, REFERENCE))
    curve, rule = (recorded.signal_of(found, name)[1].ravel() for name in ("margins", "margins of seeds"))
    np.testing.assert_array_equal(curve, rule)
    for population, table in spikes_of(expected).items():
        np.testing.assert_array_equal(spikes_of(found)[population], table, population)


@run_with_simulators("nest:compiled")
def test_leaky_neurons_copy_as_the_law_of_the_mean_field_says(platform):
    leaky_neurons_copy_as_the_law_says(platform)


@pytest.mark.slow
@run_with_simulators("brian2:numpy")
def test_leaky_neurons_copy_as_the_law_of_the_mean_field_says_where_they_take_a_minute(platform):
    leaky_neurons_copy_as_the_law_says(platform)


def leaky_neurons_copy_as_the_law_says(platform):
    block = mean_field.record(platform)
    gains = [mean_field.gain_per_copy(segment) for segment in block.segments]
    wanted = [chain.factor for chain in mean_field.CHAINS]
    np.testing.assert_allclose(gains, wanted, rtol=0.01)
    assert all(mean_field.spikes_per_window(segment).min() > 100 for segment in block.segments)


@run_with_simulators("lava:emulator")
def test_a_simulator_that_cannot_hold_the_leaky_neurons_says_so(platform):
    with pytest.raises(InputError, match=r"the chip can't hold this network:\n  the bias .* which the chip's integers"):
        mean_field.record(platform)
