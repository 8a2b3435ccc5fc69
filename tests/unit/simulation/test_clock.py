"""The arithmetic of cycles, by value and for any numbers."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pynn_backprop.simulation.clock import Clock

counts = st.integers(1, 20)


def test_the_first_sample_comes_after_one_idle_cycle():
    clock = Clock(7, 0)
    np.testing.assert_array_equal(clock.book(3, 0.0), [7, 14, 21])
    assert clock.end == 28
    assert clock.ring_start == 6


def test_the_next_run_begins_after_another_idle_cycle():
    clock = Clock(7, 0)
    starts = clock.book(3, 0.0)
    assert clock.shift(starts) == 0
    clock.done(3)
    later = clock.book(2, 28.0)
    np.testing.assert_array_equal(later, [35, 42])
    assert clock.shift(later) == -7, "circuit time has one idle cycle only"


@pytest.mark.parametrize(
    ("now", "earliest", "first"),
    [(28, 7, 35), (28, 8, 42), (34, 1, 35), (35, 0, 35), (35, 1, 42), (36, 0, 42), (28.5, 6, 35)],
)
def test_a_pause_is_as_long_as_sources_need(now, earliest, first):
    """Where a source can fire `earliest` steps from now, a sample may start there, at the start of a cycle."""
    clock = Clock(7, earliest)
    clock.book(3, 0.0)
    clock.done(3)
    assert clock.book(1, now)[0] == first


@pytest.mark.parametrize(
    ("now", "too_soon"), [(0, False), (3, False), (3.5, True), (4, True), (6, True), (6.5, False), (7, False)]
)
def test_the_ring_starts_too_soon_where_its_source_could_not_fire_in_time(now, too_soon):
    assert Clock(7, 3).ring_starts_too_soon(now) == too_soon


def test_samples_are_counted_with_those_that_were_skipped():
    clock = Clock(7, 0)
    clock.skip(10)
    assert clock.numbers(3).tolist() == [10, 11, 12]
    clock.done(3)
    clock.skip(4)
    assert clock.numbers(2).tolist() == [17, 18]


@given(
    length=st.integers(2, 15),
    earliest=st.integers(0, 40),
    variants=st.integers(1, 9),
    runs=st.lists(st.tuples(counts, st.integers(0, 60), st.integers(0, 30)), min_size=1, max_size=5),
)
def test_samples_start_in_time_in_cycles_of_their_variant_and_follow_in_circuit_time(length, earliest, variants, runs):
    clock, now, shown, skipped = Clock(length, earliest, variants), 0, 0, 0
    for n_samples, pause, skip in runs:
        now += pause
        clock.skip(skip)
        skipped += skip
        starts = clock.book(n_samples, now)
        cycles, phases = np.divmod(starts, length)
        assert not phases.any()
        assert starts[0] >= max(now + earliest, length)
        np.testing.assert_array_equal(np.diff(starts), length)
        # The rotor's variant 0 comes in cycle 1.
        np.testing.assert_array_equal((cycles - 1) % variants, (skipped + shown + np.arange(n_samples)) % variants)
        np.testing.assert_array_equal(starts + clock.shift(starts), (1 + shown + np.arange(n_samples)) * length)
        assert clock.end == starts[-1] + length
        before, now = now, clock.end
        assert starts[0] - before < (variants + 1) * length + earliest + length, "no longer than needed"
        clock.done(n_samples)
        shown += n_samples
