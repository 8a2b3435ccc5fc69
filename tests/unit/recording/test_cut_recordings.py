"""Recordings that Neo cuts: no spike twice or in a wrong phase, and numbers of whole samples only."""

from __future__ import annotations

import warnings
from collections import Counter

import neo
import numpy as np
import pytest
import quantities as pq
from neo.utils import cut_segment_by_epoch

from pynn_backprop.circuit.parameters import Parameters
from pynn_backprop.circuit.training import training_circuit
from pynn_backprop.errors import InputError
from pynn_backprop.recording import analysis
from pynn_backprop.recording.blocks import by_neuron, labels_of, load, samples_of, save, spikes_of, to_block
from pynn_backprop.reference.steps import StepSimulator
from pynn_backprop.spikes import Stretch, between
from pynn_backprop.weights import initial_weights

SMALL = Parameters(theta=256)
CIRCUIT = training_circuit((20, 12, 3), SMALL)
LENGTH = CIRCUIT.schedule.length
FIRST, N = 5, 12
RECORD = ["x", "h", "o", "g0", "r"]


def made(per_neuron: bool = False, n: int = N) -> neo.Block:
    generator, shift = np.random.default_rng(3), np.array([FIRST * LENGTH, 0])
    steps = StepSimulator(CIRCUIT, initial_weights((20, 12, 3), 2, parameters=SMALL), RECORD)
    labels = generator.integers(0, 3, n)
    steps.train(generator.random((n, 20)) < 0.5, labels)
    spikes = {name: table + shift for name, table in steps.take_spikes().items()}
    return to_block(CIRCUIT, [Stretch(FIRST, labels, spikes)], {}, "made", per_neuron)


BLOCK = made()
SEGMENT = BLOCK.segments[0]


def epoch(name: str, segment: neo.Segment = SEGMENT) -> neo.Epoch:
    return next(epoch for epoch in segment.epochs if epoch.name == name)


def n_spikes(*segments: neo.Segment) -> int:
    return sum(len(train) for segment in segments for train in segment.spiketrains)


def whole_samples(first: int, stop: int, **more: bool) -> neo.Segment:
    """Cut from the beginning of one sample of the segment to that of another."""
    edges = [*epoch("samples").times, epoch("samples").times[-1] + epoch("samples").durations[-1]]
    return SEGMENT.time_slice(edges[first], edges[stop], **more)


# --- Neo's own cuts


@pytest.mark.parametrize(("per_neuron", "n"), [(False, 5), (True, 2)])
@pytest.mark.parametrize("reset_time", [False, True])
def test_cutting_by_phases_gives_every_spike_once_in_its_phase(reset_time, per_neuron, n):
    segment = made(per_neuron, n).segments[0]
    parts = cut_segment_by_epoch(segment, epoch("phases", segment), reset_time=reset_time)
    assert len(parts) == n * LENGTH
    assert n_spikes(*parts) == n_spikes(segment) > 20
    for part, step in zip(parts, range((FIRST + 1) * LENGTH, (FIRST + 1 + n) * LENGTH), strict=True):
        assert part.annotations["phase"] == step % LENGTH
        for name, table in spikes_of(part).items():
            assert set(table[:, 0].tolist()) <= {step}
            assert step % LENGTH in CIRCUIT[name].phases or not len(table)


@pytest.mark.parametrize("reset_time", [False, True])
def test_cutting_by_samples_gives_every_spike_once_in_its_sample(reset_time):
    parts = cut_segment_by_epoch(SEGMENT, epoch("samples"), reset_time=reset_time)
    assert n_spikes(*parts) == n_spikes(SEGMENT)
    whole = spikes_of(SEGMENT)
    for k, part in enumerate(parts):
        start = (FIRST + 1 + k) * LENGTH
        for name, table in between(whole, start, start + LENGTH).items():
            np.testing.assert_array_equal(spikes_of(part)[name], table)
        # Its neighbours' epochs begin on its edges; they are not in it.
        assert samples_of(part).tolist() == [FIRST + k]
        assert labels_of(part).tolist() == [labels_of(SEGMENT)[k]]


def test_a_train_that_was_cut_gives_its_neurons():
    part = whole_samples(2, 5)
    (h,) = [train for train in part.spiketrains if train.annotations["population"] == "h"]
    neurons = by_neuron(h)
    assert [len(neuron) for neuron in neurons] == np.bincount(spikes_of(part)["h"][:, 1], minlength=12).tolist()
    assert (neurons[0].t_start, neurons[0].t_stop) == (h.t_start, h.t_stop)


# --- numbers of what was cut


@pytest.mark.parametrize("reset_time", [False, True])
@pytest.mark.parametrize(("first", "stop"), [(0, 12), (0, 1), (3, 9), (11, 12)])
def test_numbers_of_whole_samples_are_those_of_the_samples(first, stop, reset_time):
    cut, right = whole_samples(first, stop, reset_time=reset_time), analysis.answers_of(BLOCK) == labels_of(SEGMENT)
    assert 0 < right.sum() < N
    assert analysis.accuracy(BLOCK, cut) == right[first:stop].mean()
    table, whole = analysis.spike_table(BLOCK, cut), analysis.spike_table(BLOCK)
    assert table.samples.tolist() == list(range(FIRST + first, FIRST + stop))
    for name, counts in whole.counts.items():
        np.testing.assert_array_equal(table.counts[name], counts[first:stop])
        np.testing.assert_array_equal(table.per_sample()[name], counts[first:stop].mean(axis=0))


@pytest.mark.parametrize(("before", "behind"), [(1, 0), (0.5, 0.5), (3, 4), (11, 11), (0, 7.25)])
def test_a_sample_of_which_a_part_is_missing_does_not_count(before, behind):
    """The cut begins some steps after the start of sample 2 and ends some before the end of sample 8."""
    starts = epoch("samples").times
    cut = SEGMENT.time_slice(starts[2] + before * pq.ms, starts[9] - behind * pq.ms)
    first, stop = 2 + (before > 0), 9 - (behind > 0)
    assert samples_of(cut).tolist() == list(range(FIRST + first, FIRST + stop))
    expected = (analysis.answers_of(BLOCK) == labels_of(SEGMENT))[first:stop].mean()
    assert analysis.accuracy(BLOCK, cut) == expected
    np.testing.assert_array_equal(
        analysis.spike_table(BLOCK, cut).total()["h"], analysis.spike_table(BLOCK).counts["h"][first:stop].sum(axis=0)
    )


def test_a_cut_is_asked_in_a_block_of_its_own_as_well():
    block = neo.Block(**BLOCK.annotations)
    block.segments = [whole_samples(3, 9)]
    assert analysis.accuracy(block) == analysis.accuracy(BLOCK, whole_samples(3, 9))
    analysis.check_silence(block)


@pytest.mark.parametrize("ask", [analysis.spike_table, analysis.outputs, analysis.answers_of, analysis.accuracy])
def test_a_cut_without_a_whole_sample_is_refused(ask):
    start = epoch("samples").times[3]
    for first, stop in ((1, 9), (4, LENGTH + 4), (2, 3)):
        with pytest.raises(InputError, match="was cut and holds no whole sample"):
            ask(BLOCK, SEGMENT.time_slice(start + first * pq.ms, start + stop * pq.ms))


# --- recordings of before


@pytest.mark.parametrize("suffix", [".nix", ".pkl"])
def test_a_recording_whose_epochs_begin_on_steps_is_read_with_edges_between_them(tmp_path, suffix):
    new, old = made(n=2).segments[0], made(n=2)
    segment = old.segments[0]
    segment.epochs = [each.time_shift(0.5 * pq.ms) for each in segment.epochs]
    for train in segment.spiketrains:
        train.t_stop, train.t_start = train.t_stop + 0.5 * pq.ms, train.t_start + 0.5 * pq.ms
        train.name = train.annotations["population"]
        del train.annotations["pooled"]
    doubled = cut_segment_by_epoch(segment, epoch("phases", segment))
    assert n_spikes(*doubled) > 1.5 * n_spikes(segment)
    save(old, tmp_path / f"old{suffix}")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        read = load(tmp_path / f"old{suffix}", allow_pickle=True).segments[0]
    assert n_spikes(*cut_segment_by_epoch(read, epoch("phases", read))) == n_spikes(new)
    for name, table in spikes_of(new).items():
        np.testing.assert_array_equal(spikes_of(read)[name], table)
    assert [train.name for train in read.spiketrains] == [train.name for train in new.spiketrains]
    assert Counter(train.annotations["pooled"] for train in read.spiketrains) == Counter(
        train.annotations["pooled"] for train in new.spiketrains
    )
