"""The PyNN interface of the Lava backend: what changes before, between and after runs, and what a failure leaves."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from lava_pynn import LEAKY, driven, learning, neurons, potentials, sources, spikes
from pyNN.random import NumpyRNG, RandomDistribution
from scenarios.numpy_engine import NumpyEngine

from hardware.lava import running
from pynn_backprop.errors import InputError, PlatformError

# --- parameters and states


def test_parameters_are_read_as_they_were_given(sim):
    population = neurons(sim, 3, v_thresh=np.array([1.5, 2.5, 3.5]), v_rest=-3.0, v_reset=-3.0)
    assert population.get("v_rest") == -3.0
    assert population.get("v_thresh").tolist() == [1.5, 2.5, 3.5]
    assert population[1:].get(["v_thresh", "tau_m"])[0].tolist() == [2.5, 3.5]
    assert population[1].v_thresh == 2.5
    population[1].v_thresh = 9.5
    population[2:].set(v_thresh=lambda i: 7.5 + i)
    assert population.get("v_thresh").tolist() == [1.5, 9.5, 7.5]
    pre = sources(sim, [1.0, 2.0], [3.0])
    assert [list(train.value) for train in pre.get("spike_times")] == [[1.0, 2.0], [3.0]]


def test_thresholds_and_biases_change_between_runs(sim):
    _, post, _ = driven(sim, [2.0, 7.0], [2.0, 7.0])
    sim.run(5.0)
    post[1:].set(v_thresh=16.5)
    sim.run(5.0)
    post.set(v_rest=20.0)
    sim.run(2.0)
    assert spikes(post) == [[3.0, 8.0, 11.0, 12.0], [3.0, 11.0, 12.0]]
    assert post.get("v_thresh").tolist() == [10.5, 16.5]


def test_the_reset_potential_of_a_cell_without_memory_changes_between_runs(sim):
    _, post, _ = driven(sim, [2.0, 7.0], record="v")
    sim.run(5.0)
    post.set(v_rest=-30.0, v_reset=-30.0, v_thresh=0.0)
    sim.run(5.0)
    assert potentials(post).ravel().tolist() == [0, 0, 0, 0, 0, 0, -30, -30, -14, -30, -30]


def test_what_an_engine_is_built_for_does_not_change_between_runs(sim):
    _, post, projection = driven(sim, [2.0], **LEAKY)
    sim.run(5.0)
    for changes in ({"tau_m": 5.0}, {"cm": 2.0}, {"v_reset": -5.0}):
        with pytest.raises(InputError, match=rf"{next(iter(changes))} of 'neurons' can't be changed.*reset\(\)"):
            post.set(**changes)
    with pytest.raises(InputError, match="changing delay of 'sources→neurons' can only be done before the first run"):
        projection.set(delay=2.0)
    post.set(tau_m=LEAKY["tau_m"])
    sim.reset()
    post.set(tau_m=0.001)
    projection.set(delay=2.0)
    assert sim.run(5.0) == 5.0


def test_a_refused_parameter_can_be_put_right(sim):
    _, post, _ = driven(sim, [2.0, 7.0], **LEAKY, weight=1008.0)
    sim.run(5.0)
    post.set(v_thresh=1000.3)
    with pytest.raises(InputError, match=r"v_thresh of 'neurons' is 1000\.3 mV"):
        sim.run(5.0)
    post.set(v_thresh=1001.0)
    sim.run(5.0)
    assert spikes(post) == [[3.0, 8.0]]


def test_initial_potentials_decay_from_where_they_start(sim):
    population = neurons(sim, 3, record="v", **LEAKY)
    population.initialize(v=[512.0, 0.0, 0.0])
    population[1:2].initialize(v=-256.0)
    sim.run(2.0)
    assert potentials(population).tolist() == [[512, -256, 0], [384, -192, 0], [288, -144, 0]]


def test_potentials_are_set_between_runs(sim):
    population, other = neurons(sim, 2, record="v", **LEAKY), neurons(sim, 1, "other", record="v", **LEAKY)
    other.initialize(v=512.0)
    population.initialize(v=512.0)
    sim.run(1.0)
    population[1:].initialize(v=64.0)
    sim.run(1.0)
    assert potentials(population).tolist() == [[512, 512], [384, 384], [288, 48]]
    assert potentials(other).ravel().tolist() == [512, 384, 288]


def test_random_initial_potentials_are_drawn_once(sim):
    population = neurons(sim, 3, record="v", **LEAKY)
    population.initialize(v=RandomDistribution("uniform", low=0, high=900, rng=NumpyRNG(seed=1)))
    sim.run(1.0)
    first = potentials(population)[0]
    assert len(set(first)) == 3
    sim.reset()
    sim.run(1.0)
    assert potentials(population)[0].tolist() == first.tolist()


# --- weights


def test_weights_are_read_in_all_of_pynns_ways(sim):
    pre, post = sources(sim, [2.0], [3.0]), neurons(sim, 2)
    rows = [(0, 0, 1.0, 1.0), (0, 1, 2.0, 3.0), (0, 1, 4.0, 1.0)]
    projection = sim.Projection(pre, post, sim.FromListConnector(rows), sim.StaticSynapse())
    assert projection.get(["weight", "delay"], format="list") == rows
    assert projection.get("weight", format="list", with_address=False) == [1.0, 2.0, 4.0]
    for multiple, expected in {"sum": 6.0, "min": 2.0, "max": 4.0, "first": 2.0, "last": 4.0}.items():
        matrix = projection.get("weight", format="array", multiple_synapses=multiple)
        np.testing.assert_array_equal(matrix, [[1.0, expected], [np.nan, np.nan]])
    assert [connection.weight for connection in projection.connections] == [1.0, 2.0, 4.0]
    assert (len(projection), projection[1].postsynaptic_index, projection[-1].weight) == (3, 1, 4.0)
    assert [connection.as_tuple("weight", "delay") for connection in projection[1:]] == [(2.0, 3.0), (4.0, 1.0)]


def test_weights_change_before_and_between_runs(sim):
    _, post, projection = driven(sim, [2.0, 7.0, 12.0], [2.0, 7.0, 12.0], weight=8.0)
    projection.set(weight=12.0)
    sim.run(5.0)
    projection.set(weight=[4.0, 12.0])
    sim.run(5.0)
    projection[0].weight = 20.0
    assert projection.get("weight", format="list", with_address=False) == [20.0, 12.0]
    sim.run(5.0)
    assert spikes(post) == [[3.0, 13.0], [3.0, 8.0, 13.0]]


def test_a_weight_that_is_set_in_flight_does_not_reach_spikes_on_their_way(sim):
    _, post, projection = driven(sim, [2.0, 8.0], delay=5.0)
    sim.run(4.0)
    projection.set(weight=2.0)
    sim.run(20.0)
    assert spikes(post) == [[7.0]]


def test_weights_that_the_chosen_exponent_does_not_hold_are_refused(sim):
    _, _, projection = driven(sim, [2.0], weight=512.0)
    sim.run(2.0)
    for wrong in (1024.0, -4.0, 5.0):
        with pytest.raises(InputError, match="'sources→neurons'"):
            projection.set(weight=wrong)
    assert projection.get("weight", format="list") == [(0, 0, 512.0)]
    sim.reset()
    projection.set(weight=5.0)
    sim.run(2.0)


def test_plastic_weights_are_read_and_set_between_runs(sim):
    _, projection = learning(sim)
    found = [projection[0].weight]
    for _ in range(2):
        sim.run(4.0)
        found.append(projection[0].weight)
    projection.set(weight=-6.0)
    found.append(projection[0].weight)
    sim.run(4.0)
    assert [*found, projection[0].weight] == [4.0, 6.0, 4.0, -6.0, -4.0]
    assert projection.get(["eta", "w_max"], format="list", with_address=False) == [(2.0, 6.0)]


# --- reset, end, and several networks


def test_reset_begins_a_new_segment_with_the_first_weights(sim):
    pair, projection = learning(sim)
    sim.run(4.0)
    assert projection[0].weight == 6.0
    sim.reset()
    assert (sim.get_current_time(), projection[0].weight) == (0.0, 4.0)
    sim.run(4.0)
    projection.set(weight=-2.0)
    sim.reset(annotations={"trial": 2})
    sim.run(10.0)
    assert projection[0].weight == 6.0
    block = pair.get_data()
    assert [[np.asarray(train).tolist() for train in segment.spiketrains] for segment in block.segments] == [
        [[3.0], [3.0]], [[3.0], [3.0]], [[3.0, 6.0, 9.0], [3.0, 6.0, 9.0]],
    ]  # fmt: skip
    assert block.segments[1].annotations["trial"] == 2


def test_static_weights_that_were_set_between_runs_are_the_first_ones_after_reset(sim):
    _, post, projection = driven(sim, [2.0, 7.0], weight=16.0)
    sim.run(5.0)
    projection.set(weight=4.0)
    assert projection.get("weight", format="list", with_address=False) == [4.0]
    sim.reset()
    assert projection.get("weight", format="list", with_address=False) == [16.0]
    sim.run(10.0)
    assert spikes(post) == [[3.0, 8.0]]
    assert projection.get("weight", format="list", with_address=False) == [16.0]


def test_static_weights_that_were_set_between_runs_can_be_read_after_the_end(sim):
    _, _, projection = driven(sim, [2.0], weight=16.0)
    sim.run(5.0)
    projection.set(weight=4.0)
    sim.end()
    assert projection.get("weight", format="list", with_address=False) == [4.0]


def test_reset_forgets_spikes_on_their_way(sim):
    pre, post, _ = driven(sim, [2.0], delay=6.0)
    sim.run(4.0)
    sim.reset()
    pre.set(spike_times=[[]])
    sim.run(20.0)
    assert spikes(post) == [[]]


def test_results_can_be_read_after_the_end(sim):
    pair, projection = learning(sim)
    sim.run(4.0)
    sim.end()
    assert projection[0].weight == 6.0
    assert spikes(pair) == [[3.0], [3.0]]
    with pytest.raises(PlatformError, match=r"end\(\) was called"):
        sim.run(1.0)
    with pytest.raises(InputError, match="after the end can only be done before"):
        projection.set(weight=2.0)


def test_networks_follow_each_other(sim):
    for trains, expected in (([[2.0]], [[3.0]]), ([[4.0], [5.0]], [[5.0], [6.0]])):
        sim.setup(timestep=1.0, strict=True, resolution=1.0)
        _, post, _ = driven(sim, *trains)
        sim.run(10.0)
        assert spikes(post) == expected


def test_a_network_grows_only_before_the_first_run(sim):
    pre, post, _ = driven(sim, [2.0])
    sim.run(2.0)
    for grow, what in (
        (lambda: neurons(sim), "adding a Population"),
        (lambda: sim.Projection(pre, post, sim.AllToAllConnector()), "adding a Projection"),
    ):
        with pytest.raises(InputError, match=f"{what}.* before the first run"):
            grow()
    sim.reset()
    more = neurons(sim, 1, "more")
    sim.Projection(pre, more, sim.AllToAllConnector(), sim.StaticSynapse(weight=16.0))
    sim.run(5.0)
    assert spikes(more) == [[3.0]]


# --- when an engine fails


class Failing(NumpyEngine):
    """Fails in its second run."""

    def run(self, steps: int) -> None:
        if self.step:
            raise PlatformError("the process of the synapses was killed")
        super().run(steps)


def test_after_a_failure_nothing_runs_on_as_if_nothing_had_happened(sim, monkeypatch):
    monkeypatch.setattr(running, "make_engine", lambda name, *network: Failing(*network))
    pair, projection = learning(sim)
    sim.run(4.0)
    with pytest.raises(PlatformError, match="synapses was killed"):
        sim.run(4.0)
    assert sim.get_current_time() == 4.0
    assert spikes(pair) == [[3.0], [3.0]]
    with pytest.raises(PlatformError, match=r"last run failed: call reset\(\)"):
        sim.run(4.0)
    with pytest.raises(PlatformError, match=r"the weights of .* are lost, since the last run failed"):
        projection.get("weight", format="array")
    sim.reset()
    assert projection[0].weight == 4.0
    sim.run(4.0)
    assert projection[0].weight == 6.0


def test_an_interrupted_start_leaves_no_engine(sim, monkeypatch):
    engines = []

    class Interrupted(NumpyEngine):
        def __init__(self, *network: Any) -> None:
            super().__init__(*network)
            engines.append(self)

        def set_spikes(self, steps: np.ndarray, inputs: np.ndarray) -> None:
            raise KeyboardInterrupt

    monkeypatch.setattr(running, "make_engine", lambda name, *network: Interrupted(*network))
    driven(sim, [2.0])
    with pytest.raises(KeyboardInterrupt):
        sim.run(4.0)
    assert [engine.closed for engine in engines] == [True]
