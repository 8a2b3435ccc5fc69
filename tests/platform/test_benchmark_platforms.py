"""Every simulator gives the benchmark a row that equals the rule, and the counts of the step simulator."""

from __future__ import annotations

import functools

import pytest
from simulators import has_compiler

from benchmarks.jobs import process
from benchmarks.jobs.job import Job
from benchmarks.jobs.perform import perform
from benchmarks.platforms import PLATFORMS
from benchmarks.rows import MISSING, OK, Row

NEEDS_COMPILER = ("compiled", "cython")
SLOW = ("stock",)
"""Half a second a step: not here."""

ALWAYS = ("compiled", "emulator", "rule", "steps")
"""The other variants are for `make test-all`."""


def case(platform: str, variant: str) -> object:
    return pytest.param(platform, variant, marks=() if variant in ALWAYS else pytest.mark.slow)


SPIKING = [
    case(platform.name, variant)
    for platform in PLATFORMS.registered.values()
    if not platform.peer
    for variant in platform.variants
    if variant not in SLOW
]
QUICK_PEER = "scikit-learn"
PEERS = [
    pytest.param(platform.name, platform.variants[-1], marks=() if platform.name == QUICK_PEER else pytest.mark.slow)
    for platform in PLATFORMS.registered.values()
    if platform.peer
]


def job(platform: str, variant: str, **changes: int) -> Job:
    usual = {"seed": 1, "hidden": 20, "samples": 60, "test_samples": 40, "epochs": 1, "repeats": 2, "count_samples": 3}
    return Job("digits", platform, variant, time_limit=300, **{**usual, **changes})


@functools.cache
def standard() -> Row:
    return perform(job("reference", "steps"))


def row_of(wanted: Job) -> Row:
    """The job's row, made in this process, which has imported most already; skips where the platform is missing."""
    if wanted.variant in NEEDS_COMPILER and not has_compiler():
        pytest.skip("there is no C++ compiler")
    row = perform(wanted)
    if row["status"] == MISSING:
        pytest.skip(row["why"])
    assert (row["status"], row["why"]) == (OK, "")
    return row


@pytest.mark.parametrize(("platform", "variant"), SPIKING)
def test_a_simulator_equals_the_rule_and_counts_what_the_step_simulator_counts(platform, variant):
    row = row_of(job(platform, variant))
    assert row["correct"]["is"] is True
    assert row["correct"]["weights_equal_reference"] is row["correct"]["answers_equal_reference"] is True
    assert row["metrics"] == standard()["metrics"]
    here, there = ({k: v for k, v in one["counts"].items() if k != "counted_on"} for one in (row, standard()))
    assert here == there
    assert min(row["repeat_seconds"]["train"]) > 0
    assert min(row["repeat_seconds"]["build"]) > 0


@pytest.mark.parametrize(("platform", "variant"), PEERS)
def test_a_peer_learns(platform, variant):
    row = row_of(job(platform, variant, hidden=100, samples=1437, test_samples=360, epochs=4, repeats=1))
    assert row["correct"]["weights_equal_reference"] is None
    # Ten classes: chance is 0.1.
    assert row["metrics"]["ClassificationAccuracy"] > 0.6
    operations = row["metrics"]["SynapticOperations"]
    assert 0 < operations["Effective_ACs"] + operations["Effective_MACs"] < operations["Dense"]
    assert row["counts"]["macs_per_sample"] > row["counts"]["inference"]["macs_per_sample"] > 0


@pytest.mark.slow
@pytest.mark.parametrize("threads", [2])
def test_threads_reach_the_platforms_that_have_them(threads):
    for name in ("reference", "nest"):
        row = process.run(job(name, PLATFORMS.named(name).variants[0], threads=threads, samples=10, repeats=1))
        if row["status"] != MISSING:
            assert (row["status"] == OK) is PLATFORMS.named(name).threads, row["why"]
