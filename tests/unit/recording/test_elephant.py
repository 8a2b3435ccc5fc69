"""Elephant and Neo take recordings for what they are; the example's numbers are those of the counts."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import neo
import numpy as np
import pytest
import quantities as pq

from pynn_backprop.circuit.parameters import Parameters
from pynn_backprop.circuit.training import training_circuit
from pynn_backprop.recording.blocks import load, save, suitable_format, to_block
from pynn_backprop.recording.trains import trains_of
from pynn_backprop.reference.steps import StepSimulator
from pynn_backprop.spikes import Stretch
from pynn_backprop.weights import initial_weights

elephant_statistics = pytest.importorskip("elephant.statistics")
conversion = pytest.importorskip("elephant.conversion")

ROOT = Path(__file__).resolve().parents[3]
SMALL = Parameters(theta=256)
CIRCUIT = training_circuit((20, 12, 3), SMALL)


def recorded(n: int = 4) -> Stretch:
    generator = np.random.default_rng(3)
    steps = StepSimulator(CIRCUIT, initial_weights((20, 12, 3), 2, parameters=SMALL), ["h", "o", "r"])
    labels = generator.integers(0, 3, n)
    steps.train(generator.random((n, 20)) < 0.5, labels)
    return Stretch(0, labels, steps.take_spikes())


@pytest.fixture(scope="module")
def stretch() -> Stretch:
    return recorded()


def block(stretch: Stretch, per_neuron: bool = False) -> neo.Block:
    return to_block(CIRCUIT, [stretch], {"platform": "reference"}, "some", per_neuron)


@pytest.mark.parametrize("per_neuron", [False, True])
def test_rates_and_intervals_of_neurons_are_those_of_their_spikes(stretch, per_neuron):
    segment, table = block(stretch, per_neuron).segments[0], stretch.spikes["h"]
    seconds = 4 * CIRCUIT.schedule.length / 1000
    for neuron, train in enumerate(trains_of(segment, "h")):
        mine = table[table[:, 1] == neuron, 0]
        rate = elephant_statistics.mean_firing_rate(train).rescale("Hz")
        assert float(rate) == pytest.approx(len(mine) / seconds)
        intervals = elephant_statistics.isi(train).rescale("ms").magnitude
        np.testing.assert_allclose(intervals, np.diff(mine))
        assert not len(intervals) or intervals.min() >= 1


def test_a_neuron_fires_at_most_once_in_a_bin_of_one_step(stretch):
    trains = trains_of(block(stretch).segments[0], "h")
    binned = conversion.BinnedSpikeTrain(trains, bin_size=1 * pq.ms)
    array = binned.to_array()
    table = stretch.spikes["h"]
    assert array.max() == 1
    assert array.sum() == len(table)
    steps, neurons = table.T
    assert array[neurons, steps - CIRCUIT.schedule.length].all()


def test_the_example_prints_numbers_that_are_those_of_the_counts(tmp_path):
    stretch = recorded(2)
    save(block(stretch), tmp_path / "spikes.npz")
    script = ROOT / "docs/examples/recording_statistics.py"
    if not script.is_file():
        pytest.skip("this test is about the source tree, and this is an installed package")
    done = subprocess.run(
        [sys.executable, str(script), str(tmp_path / "spikes.npz")],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    assert done.returncode == 0, done.stderr
    n = len(stretch.spikes["h"])
    length = CIRCUIT.schedule.length
    assert done.stdout.startswith(f"samples 0 to 1, 12 neurons of h, {n} spikes in {2 * length / 1000:.3f} s")
    assert "all of them equal to what the spikes count to" in done.stdout


@pytest.mark.parametrize("per_neuron", [False, True])
def test_the_compact_format_gives_back_the_same_block(tmp_path, stretch, per_neuron):
    made = block(stretch, per_neuron)
    made.annotate(figure="some")
    save(made, tmp_path / "spikes.npz")
    read = load(tmp_path / "spikes.npz")
    assert read.annotations == made.annotations
    assert [segment.name for segment in read.segments] == [segment.name for segment in made.segments]
    for one, other in zip(read.segments[0].spiketrains, made.segments[0].spiketrains, strict=True):
        assert (one.name, one.annotations) == (other.name, other.annotations)
        np.testing.assert_array_equal(one.times, other.times)
    assert [group.name for group in read.groups] == [group.name for group in made.groups]


def test_very_many_trains_are_written_compactly(stretch):
    assert suitable_format(block(stretch)) == ".nix"
    many = Stretch(0, stretch.labels, {f"g{n}": np.zeros((0, 2), int) for n in range(9)})
    many_trains = to_block(CIRCUIT, [many] * 25, {}, "many")
    assert suitable_format(many_trains) == ".npz"


def test_what_is_no_recording_is_named(tmp_path):
    np.savez(tmp_path / "other.npz", a=np.zeros(3))
    with pytest.raises(ValueError, match=r"other\.npz can't be read as a recording: this is no recording"):
        load(tmp_path / "other.npz")
