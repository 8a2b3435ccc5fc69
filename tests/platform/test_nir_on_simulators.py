"""Graphs of others as PyNN populations and projections: the outputs of the graph, step by step."""

from __future__ import annotations

import numpy as np
import pytest
from simulators import ONE_EACH, platform_of, run_with_simulators

pytest.importorskip("nir", reason="NIR needs the package nir")

from scenarios.nir_graphs import READ, integrators, skipping, thresholds, two_leaky_layers

from pynn_backprop.circuit.parameters import Parameters
from pynn_backprop.errors import InputError, PlatformError
from pynn_backprop.exchange import from_nir, to_nir
from pynn_backprop.exchange.graph import SpikingGraph
from pynn_backprop.exchange.populations import GraphNetwork
from pynn_backprop.platforms import PyNNPlatform
from pynn_backprop.weights import initial_weights

STEPS = 40


def spikes(graph: SpikingGraph) -> np.ndarray:
    return np.random.default_rng(5).random((STEPS, graph.n_in)) < 0.3


def shown(platform: PyNNPlatform, graph: SpikingGraph) -> np.ndarray:
    network = GraphNetwork(platform.sim, graph, platform.options)
    try:
        return network.run(spikes(graph))
    finally:
        network.close()


@run_with_simulators("nest:compiled", "brian2:numpy", slow=("brian2:numpy",))
@pytest.mark.parametrize("made", READ.values(), ids=READ)
def test_a_simulator_gives_the_outputs_of_the_graph(platform, made):
    graph = from_nir(made(), 1e-3)
    found, expected = shown(platform, graph), graph.respond(spikes(graph)[:, None])[:, 0]
    np.testing.assert_allclose(found, expected, rtol=1e-12)
    assert np.ptp(found) > 0


@run_with_simulators(*ONE_EACH, slow=("brian2:numpy",))
def test_a_trained_network_answers_in_consecutive_steps(platform):
    """Neurons without memory, weights in integers: on a chip too."""
    weights = {name: np.clip(2 * matrix, -254, 254) for name, matrix in initial_weights((30, 16, 4), 1).items()}
    graph = from_nir(to_nir(weights, Parameters(), readout_levels=8))
    np.testing.assert_array_equal(shown(platform, graph), graph.answer(spikes(graph)))


def test_what_remembers_runs_once_and_what_does_not_goes_on():
    platform = platform_of("nest:compiled")
    leaky, plain = from_nir(two_leaky_layers()), from_nir(thresholds())
    network = GraphNetwork(platform.sim, leaky)
    network.run(spikes(leaky))
    with pytest.raises(InputError, match="has run before, and its neurons are not at rest any more"):
        network.run(spikes(leaky))
    with GraphNetwork(platform.sim, plain) as other:
        first, again = other.run(spikes(plain)[:9]), other.run(spikes(plain)[9:])
    np.testing.assert_array_equal(np.concatenate([first, again]), plain.answer(spikes(plain)))
    with pytest.raises(PlatformError, match="can't be used any more"):
        network.run(spikes(leaky))
    network.close()


def test_it_is_plain_pynn_with_the_names_of_the_nodes():
    platform = platform_of("nest:compiled")
    with GraphNetwork(platform.sim, from_nir(skipping())) as network:
        assert {name: len(population) for name, population in network.populations.items()} == {
            "in": 6,
            "l1": 8,
            "l2": 4,
        }
        assert set(network.projections) == {"in->l1", "in->l2", "l1->l2"}
        (delay,) = set(np.ravel(network.projections["in->l2"].get("delay", format="list", with_address=False)))
        assert delay == 2.0
        network.run(np.ones((3, 6), bool))
        assert network.populations["l1"].get_data("spikes").segments[0].spiketrains is not None


def test_spikes_of_another_shape_are_refused():
    platform = platform_of("nest:compiled")
    with GraphNetwork(platform.sim, from_nir(integrators())) as network:
        for x in (np.zeros((3, 5), bool), np.zeros((3, 6)), np.zeros(6, bool)):
            with pytest.raises(InputError, match=r"x is .* but must be bool of shape \(n, 6\)"):
                network.run(x)
