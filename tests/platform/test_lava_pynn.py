"""The PyNN interface of the Lava backend, on Lava and on plain numpy: time, spikes and what is recorded."""

from __future__ import annotations

import pickle

import numpy as np
from lava_pynn import LEAKY, driven, neurons, potentials, spikes

# --- time and spikes


def test_a_spike_acts_after_its_delay(sim):
    _, post, _ = driven(sim, [2.0, 5.0], [3.0], delay=4.0)
    assert sim.run(20.0) == 20.0
    assert sim.get_current_time() == 20.0
    assert spikes(post) == [[6.0, 9.0], [7.0]]


def test_runs_follow_each_other_without_a_seam(sim):
    _, post, _ = driven(sim, list(np.arange(1.0, 30.0, 3.0)), delay=5.0)
    for pause in (1, 2, 3, 0, 7, 22):
        sim.run(float(pause))
    assert spikes(post) == [[6.0, 9.0, 12.0, 15.0, 18.0, 21.0, 24.0, 27.0, 30.0, 33.0]]


def test_the_timestep_is_a_unit_of_time(sim):
    sim.setup(timestep=0.1, strict=True, resolution=1.0)
    _, post, _ = driven(sim, [0.3, 1.7], delay=0.4)
    sim.run(5.0)
    np.testing.assert_allclose(spikes(post), [[0.7, 2.1]])
    assert (sim.get_time_step(), sim.get_min_delay()) == (0.1, 0.4)


def test_callbacks_are_called_when_they_want(sim):
    driven(sim, [2.0])
    times: list[float] = []

    def every_third(t: float) -> float:
        times.append(t)
        return t + 3

    sim.run(10.0, callbacks=[every_third])
    assert times == [0.0, 3.0, 6.0, 9.0, 10.0]


def test_spike_times_change_between_runs(sim):
    pre, post, _ = driven(sim, [2.0, 8.0], [4.0])
    pre.record("spikes")
    sim.run(5.0)
    pre.set(spike_times=[[3.0, 6.0], [9.0]])
    sim.run(5.0)
    pre[1:].set(spike_times=[12.0])
    sim.run(10.0)
    assert spikes(post) == [[3.0, 7.0], [5.0, 10.0, 13.0]]
    assert spikes(pre) == [[2.0, 6.0], [4.0, 9.0, 12.0]]


def test_a_source_spike_on_the_border_of_two_runs_is_recorded_once_and_in_its_own(sim):
    pre, post, _ = driven(sim, [1.0, 5.0, 6.0], [5.0], [6.0])
    pre.record("spikes")
    sim.run(5.0)
    assert spikes(pre) == [[1.0, 5.0], [5.0], []]
    sim.run(1.0)
    assert spikes(pre) == [[1.0, 5.0, 6.0], [5.0], [6.0]]
    pre.get_data(clear=True)
    sim.run(4.0)
    assert spikes(pre) == [[], [], []]
    assert spikes(post) == [[2.0, 6.0, 7.0], [6.0], [7.0]]


def test_spike_times_may_be_a_function_of_the_neuron(sim):
    from pyNN.parameters import Sequence

    pre = sim.Population(3, sim.SpikeSourceArray(spike_times=lambda i: [Sequence([k + 2.0]) for k in i]))
    pre.record("spikes")
    neurons(sim)
    sim.run(10.0)
    assert spikes(pre) == [[2.0], [3.0], [4.0]]


# --- recording


def test_the_first_sample_of_v_is_its_initial_value(sim):
    _, post, _ = driven(sim, [2.0], [3.0], weight=8.0, record="v")
    sim.run(5.0)
    assert potentials(post).tolist() == [[0, 0], [0, 0], [0, 0], [8, 0], [0, 8], [0, 0]]
    assert post.get_data("v").segments[0].analogsignals[0].t_start == 0


def test_v_of_a_cell_that_fires_is_its_reset_potential(sim):
    _, post, _ = driven(sim, [2.0], record="v", v_rest=-65.0, v_reset=-70.0, v_thresh=-55.5)
    sim.run(4.0)
    assert potentials(post).tolist() == [[-65], [-65], [-65], [-70], [-65]]


def test_a_leaky_cell_adds_up_what_arrives(sim):
    _, post, _ = driven(sim, [2.0, 3.0, 4.0], weight=512.0, record="v", **LEAKY)
    post.record("spikes")
    sim.run(6.0)
    assert potentials(post).ravel().tolist() == [0, 0, 0, 512, 896, 0, 0]
    assert spikes(post) == [[5.0]]


def test_only_what_is_asked_for_is_recorded(sim):
    _, post, _ = driven(sim, [2.0], [3.0], [4.0], weight=8.0, record=None)
    post[1:].record("v")
    post[[0, 2]].record("spikes")
    sim.run(5.0)
    block = post.get_data()
    assert [train.annotations["source_index"] for train in block.segments[0].spiketrains] == [0, 2]
    assert block.segments[0].analogsignals[0].array_annotations["channel_index"].tolist() == [1, 2]
    assert potentials(post)[:, 0].tolist() == [0, 0, 0, 0, 8, 0]
    assert potentials(post[2:])[:, 0].tolist() == [0, 0, 0, 0, 0, 8]


def test_a_block_names_the_engine_that_ran(sim):
    _, post, _ = driven(sim, [2.0], weight=8.0)
    sim.run(5.0)
    told = post.get_data().annotations
    assert (told["simulator"], told["engine"]) == ("Lava", sim.simulator.state.engine)


def test_v_can_be_sampled_less_often(sim):
    _, post, _ = driven(sim, [2.0, 5.0], weight=8.0, record=None)
    post.record("v", sampling_interval=3.0)
    sim.run(9.0)
    assert potentials(post).ravel().tolist() == [0, 8, 8, 0]
    assert post.get_data("v").segments[0].analogsignals[0].sampling_period == 3


def test_data_that_was_cleared_does_not_come_back(sim):
    _, post, _ = driven(sim, [2.0, 7.0], weight=8.0, record="v")
    post.record("spikes")
    post.set(v_thresh=7.5)
    sim.run(3.0)
    first = post.get_data(clear=True).segments[0]
    sim.run(6.0)
    second = post.get_data().segments[0]
    assert [len(segment.analogsignals[0]) for segment in (first, second)] == [4, 7]
    assert second.analogsignals[0].t_start == 3
    assert [np.asarray(segment.spiketrains[0]).tolist() for segment in (first, second)] == [[3.0], [8.0]]


def test_spikes_are_counted(sim):
    _, post, _ = driven(sim, [2.0, 4.0], [], [3.0])
    sim.run(10.0)
    assert list(post.get_spike_counts().values()) == [2, 0, 1]
    assert post.mean_spike_count() == 1.0
    assert post[:1].mean_spike_count() == 2.0


def test_an_assembly_is_recorded_as_one(sim):
    _, post, _ = driven(sim, [2.0], [3.0], record=None)
    both = post + neurons(sim, 1, "others", record=None)
    both.record("spikes")
    sim.run(5.0)
    trains = both.get_data().segments[0].spiketrains
    assert [np.asarray(train).tolist() for train in trains] == [[3.0], [4.0], []]


def test_recording_can_be_stopped_and_taken_up_again(sim):
    _, post, _ = driven(sim, [2.0, 7.0, 12.0])
    sim.run(5.0)
    post.record(None)
    sim.run(5.0)
    post.record("spikes")
    sim.run(5.0)
    assert spikes(post) == [[13.0]]


def test_recorded_data_is_written_to_a_file_at_the_end(sim, tmp_path):
    _, post, _ = driven(sim, [2.0], record=None)
    post.record("spikes", to_file=str(tmp_path / "spikes.pkl"))
    sim.run(5.0)
    sim.end()
    block = pickle.loads((tmp_path / "spikes.pkl").read_bytes())
    assert np.asarray(block.segments[0].spiketrains[0]).tolist() == [3.0]
    assert block.annotations["simulator"] == "Lava"
