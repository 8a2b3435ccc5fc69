"""What a training records: the first and the last samples, in the time of the whole training."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from spied_platform import CIRCUIT, EPOCHS, LABELS, PRESENTATION, WEIGHTS, N, SpiedPlatform, X, trained, trained_until

from pynn_backprop.learning.presentation import Record
from pynn_backprop.learning.progress import Stretch
from pynn_backprop.reference.steps import StepSimulator
from pynn_backprop.spikes import Spikes, first_difference

RECORD = ("x", "h", "o", "g0", "r")


def recorded_without_cuts(record: Sequence[str]) -> tuple[Spikes, np.ndarray]:
    """All spikes and labels of the whole training, in circuit time."""
    order = np.concatenate([PRESENTATION.order(N, epoch) for epoch in range(EPOCHS)])
    steps = StepSimulator(CIRCUIT, WEIGHTS, record)
    steps.train(X[order], LABELS[order])
    return steps.take_spikes(), LABELS[order]


def assert_stretch_is(stretch: Stretch, first: int, end: int) -> None:
    spikes, labels = recorded_without_cuts(tuple(stretch.spikes))
    length = CIRCUIT.schedule.length
    inside = {
        name: table[((first + 1) * length <= table[:, 0]) & (table[:, 0] < (end + 1) * length)]
        for name, table in spikes.items()
    }
    assert stretch.first == first
    np.testing.assert_array_equal(stretch.labels, labels[first:end])
    assert first_difference(stretch.spikes, inside, CIRCUIT) is None
    assert all(len(table) for table in inside.values())


@pytest.mark.parametrize("samples_per_run", [3, 1000])
def test_the_first_and_the_last_samples_are_recorded_in_circuit_time(samples_per_run):
    _, progress = trained(SpiedPlatform(samples_per_run), record=Record(RECORD, 10))
    assert len(progress.stretches) == 2
    assert_stretch_is(progress.stretches[0], 0, 10)
    assert_stretch_is(progress.stretches[1], N * EPOCHS - 10, N * EPOCHS)


@pytest.mark.parametrize("samples", [N * EPOCHS // 2 + 1, N * EPOCHS, 1000])
def test_a_short_training_is_recorded_as_one_stretch(samples):
    _, progress = trained(record=Record(RECORD, samples))
    assert len(progress.stretches) == 1
    assert_stretch_is(progress.stretches[0], 0, N * EPOCHS)


@pytest.mark.parametrize("cut", [4, 10, 30, N * EPOCHS - 3])
def test_steps_and_stretches_are_the_same_after_resuming(cut):
    record = Record(RECORD, 10)
    half, progress = trained_until(cut, record=record)
    _, progress = trained(weights=half, record=record, progress=progress)
    assert len(progress.stretches) == 2
    assert_stretch_is(progress.stretches[0], 0, 10)
    assert_stretch_is(progress.stretches[1], N * EPOCHS - 10, N * EPOCHS)


def test_nothing_is_recorded_unless_asked():
    assert trained()[1].stretches == []


def test_the_spikes_of_a_sample_are_a_mean():
    stretch = Stretch(3, np.array([0, 1, 1, 0]), {"h": np.zeros((6, 2), int), "r": np.zeros((0, 2), int)})
    assert stretch.per_sample() == {"h": 1.5, "r": 0}
