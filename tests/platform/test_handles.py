"""PyNN Populations of a running network give PyNN's data, on every simulator and in both layouts."""

from __future__ import annotations

import numpy as np
import pytest
from scenarios import handles
from simulators import run_with_simulators

from pynn_backprop.circuit.inference import inference_circuit
from pynn_backprop.circuit.parts import PROBE
from pynn_backprop.errors import PlatformError
from pynn_backprop.recording import analysis
from pynn_backprop.recording.blocks import spikes_of
from pynn_backprop.simulation.network import Network

EACH = ("nest:compiled", "nest:compiled, fused", "brian2:numpy", "lava:fast")
SCENARIOS = [
    handles.handles_have_all_spikes_whether_they_were_taken_or_not,
    handles.data_begin_anew_where_they_were_cleared,
    handles.the_potential_of_a_handle_is_there_after_runs,
    handles.what_can_not_be_given_is_refused_with_a_reason,
    handles.a_reset_of_the_simulator_ends_the_network,
]


@run_with_simulators(*EACH)
@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.__name__)
def test_handles(platform, scenario):
    scenario(platform)


@run_with_simulators(*EACH)
def test_potentials_beside_the_probe_are_there_or_refused_and_the_answers_stay(platform):
    case = handles.CASE
    circuit, found = inference_circuit(case.layer_sizes, probe=True), []
    for asked in (False, True):
        network = Network(platform.sim, circuit, case.weights, ["h"], platform.options)
        if asked and network.layout.places()["h"][0] == network.layout.places()[PROBE][0]:
            with pytest.raises(PlatformError, match=r"potential of its probe .*layout='separate'"):
                network.populations["h"].record("v")
        elif asked:
            network.populations["h"].record("v")
        found.append([network.infer(case.x[:9]).potentials, network.infer(case.x[9:]).potentials])
        assert not network.populations[PROBE].get_data().segments[0].analogsignals
        block = network.block()
        network.close()
        assert np.array_equal(spikes_of(block.segments[0])["h"], network.take_spikes()["h"])
        with pytest.raises(ValueError, match="has no labels: its samples were shown without"):
            analysis.spike_table(block)
    for one, other in zip(*found, strict=True):
        np.testing.assert_array_equal(one, other)
