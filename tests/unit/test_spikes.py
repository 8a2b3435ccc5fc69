"""What is asked of spikes: the first difference, silence, counts."""

from __future__ import annotations

import numpy as np
import pytest

from pynn_backprop.circuit.parameters import Parameters
from pynn_backprop.circuit.training import training_circuit
from pynn_backprop.errors import EqualityError
from pynn_backprop.reference.steps import StepSimulator
from pynn_backprop.spikes import (
    Difference,
    Spikes,
    between,
    check_silence,
    count_by_phase,
    first_difference,
    merged,
    sorted_spikes,
)

CIRCUIT = training_circuit((6, 5, 3), Parameters(theta=64), form="published")
N_SAMPLES = 5
FIRST, LAST = 12, 12 * (N_SAMPLES + 1)
"""Steps from the first to behind the last sample."""


@pytest.fixture
def spikes() -> Spikes:
    generator = np.random.default_rng(1)
    weights = {name: generator.integers(-100, 100, shape) for name, shape in CIRCUIT.matrices.items()}
    steps = StepSimulator(CIRCUIT, weights)
    steps.train(generator.random((N_SAMPLES, 6)) < 0.5, generator.integers(0, 3, N_SAMPLES))
    return steps.take_spikes()


def added(spikes: Spikes, population: str, step: int, neuron: int) -> Spikes:
    table = np.vstack((spikes[population], (step, neuron)))
    return {**spikes, population: sorted_spikes(table[:, 0], table[:, 1])}


def removed(spikes: Spikes, population: str, row: int) -> Spikes:
    return {**spikes, population: np.delete(spikes[population], row, axis=0)}


def copied(spikes: Spikes) -> Spikes:
    return {name: table.copy() for name, table in spikes.items()}


# --- the first difference


def test_equal_spikes_have_no_difference(spikes):
    assert first_difference(spikes, copied(spikes), CIRCUIT) is None


def test_the_earlier_of_two_differences_is_found(spikes):
    """A spike too many at phase 8 of sample 1, in the last population, and one that lacks later, in the first."""
    step = 12 * 2 + 8
    other = added(removed(spikes, "input", len(spikes["input"]) - 1), "g11", step, 0)
    assert spikes["input"][-1, 0] > step
    found = first_difference(spikes, other, CIRCUIT, ("NEST", "the step simulator"))
    assert found == Difference("g11", neuron=0, step=step, phase=8, sample=1, only_in="the step simulator")


def test_the_earlier_of_two_differences_of_one_population_is_found(spikes):
    """A spike that lacks at first, and one too many later."""
    step, neuron = spikes["x"][0]
    assert step == 12 + 1
    other = added(removed(spikes, "x", 0), "x", 12 * 4 + 3, 5)
    found = first_difference(spikes, other, CIRCUIT, ("NEST", "the step simulator"))
    assert found == Difference("x", neuron, step, phase=1, sample=0, only_in="NEST")


def test_a_spike_of_another_neuron_at_the_same_step_is_a_difference(spikes):
    moved = copied(spikes)
    moved["r"][3, 1] = 1
    step = spikes["r"][3, 0]
    assert first_difference(spikes, moved, CIRCUIT) == Difference("r", 0, step, 7, 1, "the first")


def test_a_difference_says_where_it_is(spikes):
    found = str(first_difference(spikes, removed(spikes, "x", 0), CIRCUIT, ("NEST", "Brian2")))
    for part in (f"neuron {spikes['x'][0, 1]} of 'x'", "only on NEST", "step 13", "sample 0", "phase 1"):
        assert part in found


def test_equal_differences_are_one():
    assert len({Difference("x", 1, 13, 1, 0, "NEST"), Difference("x", 1, 13, 1, 0, "NEST")}) == 1


def test_recordings_of_other_populations_can_not_be_compared(spikes):
    fewer = {name: table for name, table in spikes.items() if name != "hT"}
    for pair in ((spikes, fewer), (fewer, spikes)):
        with pytest.raises(EqualityError, match="only one has hT"):
            first_difference(*pair, CIRCUIT)


def test_spikes_that_are_there_twice_are_an_error(spikes):
    with pytest.raises(EqualityError, match=r"'o'.*twice"):
        first_difference(spikes, {**spikes, "o": np.repeat(spikes["o"], 2, axis=0)}, CIRCUIT)


# --- silence


def test_the_circuit_is_silent_where_it_must_be(spikes):
    check_silence(spikes, CIRCUIT)


@pytest.mark.parametrize(("population", "phase"), [("h", 6), ("h_low", 5), ("hT", 4), ("o", 10), ("g3", 4)])
def test_a_spike_in_a_silent_phase_is_named(spikes, population, phase):
    step = 12 * 3 + phase
    with pytest.raises(EqualityError, match=rf"1 spikes of '{population}' .*neuron 0 at step {step} \(phase {phase}\)"):
        check_silence(added(spikes, population, step, 0), CIRCUIT)


def test_only_the_first_of_the_spikes_that_must_not_be_is_named(spikes):
    wrong = added(added(spikes, "o", 12 * 3 + 10, 2), "o", 12 * 2 + 8, 1)
    with pytest.raises(EqualityError, match=r"2 spikes of 'o' .*neuron 1 at step 32 \(phase 8\)"):
        check_silence(wrong, CIRCUIT)


# --- tables


def test_spikes_are_sorted_by_step_and_then_by_neuron():
    for steps, neurons in (([3.0, 1.0, 3.0, 2.0], [2, 7, 0, 1]), ([3, 1, 3, 2], [2.0, 7.0, 0.0, 1.0])):
        table = sorted_spikes(np.array(steps), np.array(neurons))
        assert table.tolist() == [[1, 7], [2, 1], [3, 0], [3, 2]]
        assert table.dtype == np.int64


def test_stretches_cut_and_merged_give_the_whole(spikes):
    cut = FIRST + 30
    parts = [between(spikes, 0, cut), between(spikes, cut, LAST)]
    assert max(table[-1, 0] for table in parts[0].values() if len(table)) == cut - 1
    assert min(table[0, 0] for table in parts[1].values() if len(table)) == cut
    assert first_difference(merged(parts), spikes, CIRCUIT) is None
    assert first_difference(merged([spikes]), spikes, CIRCUIT) is None
    assert merged([]) == {}


def test_spikes_are_counted_by_phase(spikes):
    counts = count_by_phase(spikes, CIRCUIT)
    assert counts["r"].tolist() == [0, 0, 0, 0, 0, N_SAMPLES, 0, N_SAMPLES, 0, 0, 0, 0]
    assert counts["t"].tolist() == [0, 0, 0, N_SAMPLES, 0, 0, 0, 0, 0, 0, 0, 0]
    assert {name: count.sum() for name, count in counts.items()} == {name: len(t) for name, t in spikes.items()}
