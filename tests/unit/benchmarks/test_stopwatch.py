"""What is timed, stage by stage, and the energy around it."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks.measure import stopwatch
from benchmarks.measure.stopwatch import Watch, WatchedPlatform
from benchmarks.rows import STAGES
from pynn_backprop.circuit.inference import inference_circuit
from pynn_backprop.circuit.training import training_circuit
from pynn_backprop.platforms import ReferencePlatform
from pynn_backprop.weights import initial_weights


class Clock:
    """A second later each time that it is asked."""

    def __init__(self) -> None:
        self.now = 100.0

    def perf_counter(self) -> float:
        self.now += 1.0
        return self.now


class Meter:
    """Has used 2 J more each time that it is asked."""

    name, kind, covers = "a meter", "measured", "everything"

    def __init__(self) -> None:
        self.joule = 50.0

    def read(self) -> float:
        self.joule += 2.0
        return self.joule

    def close(self) -> None:
        pass


@pytest.fixture
def clock(monkeypatch):
    monkeypatch.setattr(stopwatch, "time", Clock())


@pytest.mark.usefixtures("clock")
def test_a_stage_may_come_in_pieces_and_each_repeat_begins_anew():
    watch = Watch(Meter())
    for pieces in (2, 1):
        watch.new_repeat()
        for _ in range(pieces):
            with watch.time("train"):
                pass
    assert watch.seconds == {"build": [0, 0], "train": [2, 1], "build_test": [0, 0], "test": [0, 0]}
    assert watch.joules == {"build": [0, 0], "train": [4, 2], "build_test": [0, 0], "test": [0, 0]}


@pytest.mark.usefixtures("clock")
def test_what_fails_is_timed_too():
    watch = Watch()
    watch.new_repeat()
    with pytest.raises(ZeroDivisionError), watch.time("test"):
        raise ZeroDivisionError
    assert watch.seconds["test"] == [1]


@pytest.mark.usefixtures("clock")
def test_the_energy_of_a_sample_is_the_median_over_the_repeats():
    watch = Watch(Meter())
    for pieces in (3, 1, 2):
        watch.new_repeat()
        for stage, times in (("train", pieces), ("test", 1)):
            for _ in range(times):
                with watch.time(stage):
                    pass
    common = {"kind": "measured", "by": "a meter", "covers": "everything"}
    assert watch.energy({"train": 8, "test": 4}) == [
        common | {"of": "training", "joule_per_sample": 0.5, "repeats_joule_per_sample": [0.75, 0.25, 0.5]},
        common | {"of": "inference", "joule_per_sample": 0.5, "repeats_joule_per_sample": [0.5, 0.5, 0.5]},
    ]


@pytest.mark.usefixtures("clock")
def test_without_a_meter_there_are_times_and_no_energy():
    watch = Watch()
    watch.new_repeat()
    with watch.time("train"):
        pass
    assert watch.seconds["train"] == [1]
    assert watch.energy({"train": 1, "test": 1}) == []


@pytest.mark.usefixtures("clock")
def test_building_training_and_answering_are_timed_apart_and_nothing_else():
    sizes, watch = (5, 4, 3), Watch()
    platform = WatchedPlatform(ReferencePlatform(), watch)
    weights = initial_weights(sizes, 0)
    x, labels = np.eye(5, dtype=bool), np.array([0, 1, 2, 0, 1])
    watch.new_repeat()
    running = platform.build(training_circuit(sizes), weights)
    assert {stage: watch.seconds[stage] for stage in STAGES} == {
        "build": [1],
        "train": [0],
        "build_test": [0],
        "test": [0],
    }
    plain = ReferencePlatform().build(training_circuit(sizes), weights)
    for _ in range(2):
        np.testing.assert_array_equal(running.train(x, labels).outputs, plain.train(x, labels).outputs)
    running.check_copies()
    running.skip(0)
    for name, matrix in plain.weights().items():
        np.testing.assert_array_equal(running.weights()[name], matrix)
    running.close()
    answering = platform.build(inference_circuit(sizes), weights)
    other = ReferencePlatform().build(inference_circuit(sizes), weights)
    np.testing.assert_array_equal(answering.infer(x).outputs, other.infer(x).outputs)
    assert {stage: watch.seconds[stage] for stage in STAGES} == {
        "build": [1],
        "train": [2],
        "build_test": [1],
        "test": [1],
    }


def test_it_is_the_platform_that_it_watches():
    platform = ReferencePlatform()
    watched = WatchedPlatform(platform, Watch())
    assert (watched.name, watched.samples_per_run) == (platform.name, platform.samples_per_run)
    assert watched.describe() == platform.describe()
    watched = WatchedPlatform(platform, watch := Watch())
    watch.new_repeat()
    weights = initial_weights((5, 3), 0)
    x = np.eye(5, dtype=bool)
    running = watched.build(inference_circuit((5, 3)), weights, ["x", "o"])
    running.infer(x)
    assert {name: len(table) for name, table in running.take_spikes().items()}["x"] == 5
