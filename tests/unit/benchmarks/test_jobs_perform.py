"""Doing a job: what is measured, what is correct, and what a failure is called."""

from __future__ import annotations

import functools

import pytest
from benchmark_rows import job

from benchmarks.cases import CASES
from benchmarks.jobs import process
from benchmarks.jobs.job import Job
from benchmarks.jobs.perform import perform, verdict
from benchmarks.platforms.base import BenchmarkPlatform, Measurement
from benchmarks.rows import FAILED, MISSING, OK, STAGES, Row, check_row
from pynn_backprop.errors import DataNotFoundError, InputError, PlatformError


@functools.cache
def row_of(variant: str) -> Row:
    """Not to be changed."""
    return process.run(job(variant=variant, hidden=20, samples=40, repeats=2))


@pytest.mark.parametrize("variant", ["oracle", "steps"])
def test_a_job_measures_and_equals_the_rule(variant):
    row = row_of(variant)
    assert (row["status"], row["why"]) == (OK, "")
    assert row["correct"]["weights_equal_reference"] is row["correct"]["answers_equal_reference"] is True
    assert {stage: len(times) for stage, times in row["repeat_seconds"].items()} == dict.fromkeys(STAGES, 2)
    assert row["counts"]["counted_samples"] == 6
    assert row["counts"]["inference"]["steps_per_sample"] == 4
    assert row["metrics"]["training"]["SynapticOperations"]["Effective_ACs"] > 0
    assert row["peak_memory_MB"] > 50
    assert row["warm_up_seconds"] > 0


def test_the_two_references_count_the_same():
    one, other = row_of("oracle"), row_of("steps")
    assert {**one["counts"], "counted_on": ""} == {**other["counts"], "counted_on": ""}
    assert one["metrics"] == other["metrics"]


def test_few_samples_are_counted_once_each():
    row = process.run(job(samples=5, count_samples=20, repeats=1))
    assert (row["status"], row["counts"]["counted_samples"]) == (OK, 5)


# --- correct or not

USUAL = {"hidden": 200, "samples": 1437, "epochs": 10}
"""The sizes that digits is scored with."""


def measured(accuracy: float, weights: bool | None = True, answers: bool | None = True) -> Measurement:
    return Measurement({}, 0.0, {"ClassificationAccuracy": accuracy}, {}, weights_equal=weights, answers_equal=answers)


def test_a_row_of_the_usual_size_says_whether_it_reaches_what_is_wanted():
    digits = CASES.named("digits")
    assert verdict(job(**USUAL), digits, measured(0.94)) == {
        "means": "weights and answers equal the integer rule's; and the output that fires most is the digit",
        "weights_equal_reference": True,
        "answers_equal_reference": True,
        "wanted": "at least 94% right",
        "reached": True,
        "is": True,
    }
    assert verdict(job(**USUAL), digits, measured(0.93))["is"] is False


@pytest.mark.parametrize("other", [{"hidden": 100}, {"samples": 40}, {"epochs": 1}, {"seed": 3}])
def test_other_sizes_and_seeds_are_not_scored(other):
    found = verdict(job(**{**USUAL, **other}), CASES.named("digits"), measured(0.1))
    assert (found["wanted"], found["is"]) == (None, True)


@pytest.mark.parametrize(
    ("weights", "answers", "correct"),
    [(True, False, False), (False, True, False), (None, True, True), (None, None, None), (False, None, False)],
)
def test_what_differs_from_the_rule_is_not_correct_and_a_peer_is_neither(weights, answers, correct):
    found = verdict(job(), CASES.named("digits"), measured(0.9, weights, answers))
    assert (found["weights_equal_reference"], found["answers_equal_reference"]) == (weights, answers)
    assert found["is"] is correct


def test_a_peer_is_correct_if_it_answers_well():
    assert verdict(job(**USUAL), CASES.named("digits"), measured(0.95, None, None))["is"] is True
    assert verdict(job(**USUAL), CASES.named("digits"), measured(0.8, None, None))["is"] is False


@pytest.mark.parametrize(
    ("change", "score", "asked"),
    [
        ({"case": "linear-map", "hidden": 0, "samples": 4000, "test_samples": 50}, "LargestWeightError", "0.03"),
        ({"case": "xor", "hidden": 12, "samples": 4000, "test_samples": 128}, "SmallestMargin", "0.25"),
    ],
)
def test_a_graded_case_is_learnt_and_equals_the_rule(change, score, asked):
    row = process.run(job(**change, repeats=1))
    assert (row["status"], row["why"]) == (OK, "")
    assert row["correct"]["is"] is True
    assert asked in row["correct"]["wanted"]
    assert row["metrics"][score] > 0
    assert row["code"]["n"] == 32
    assert row["counts"]["plastic_updates_per_sample"] > 0


def test_peers_do_not_learn_values_and_say_so():
    row = perform(job(case="xor", hidden=12, platform="scikit-learn", variant="batch1"))
    assert row["status"] == MISSING
    assert "the peers learn classes, but the case xor has values to be learnt" in row["why"]


# --- what goes wrong


def breaking(error: Exception) -> BenchmarkPlatform:
    def measure(task):
        raise error

    return BenchmarkPlatform("reference", "breaks", ("oracle",), measure)


@pytest.mark.parametrize(
    ("error", "status", "why"),
    [
        (PlatformError("it is not\n  installed"), MISSING, "it is not installed"),
        (ImportError("no module"), MISSING, "no module"),
        (ZeroDivisionError("by zero"), FAILED, "ZeroDivisionError: by zero"),
        (MemoryError(), FAILED, "out of memory"),
        (DataNotFoundError("no data"), MISSING, "no data"),
        (InputError("no such thing"), FAILED, "InputError: no such thing"),
        (ValueError(), FAILED, "ValueError: ValueError"),
    ],
)
def test_what_a_platform_raises_is_a_row_that_says_why(monkeypatch, error, status, why):
    one = job()
    monkeypatch.setattr(Job, "find_platform", lambda job: breaking(error))
    row = check_row(perform(one))
    assert (row["status"], row["why"]) == (status, why)
    assert (row["metrics"], row["repeat_seconds"], row["peak_memory_MB"]) == ({}, {}, None)


def test_more_samples_than_there_are_is_a_row_that_says_so():
    row = perform(job(samples=2000))
    assert row["status"] == FAILED
    assert "samples is 2000 but must be a whole number from 1 to 1437" in row["why"]


def test_threads_on_a_platform_without_are_a_row_that_says_so():
    assert "threads is 2 but must be 1 on reference" in perform(job(threads=2))["why"]
