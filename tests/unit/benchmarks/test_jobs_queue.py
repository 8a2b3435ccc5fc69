"""Which jobs are open, and what came of them."""

from __future__ import annotations

import pytest
from benchmark_rows import job, row

from benchmarks import row_files
from benchmarks.jobs import queue
from benchmarks.rows import FAILED, OK
from pynn_backprop.errors import InputError


def test_a_file_with_rows_is_not_overwritten(tmp_path):
    path = tmp_path / "r.jsonl"
    row_files.append(path, row())
    with pytest.raises(InputError, match="holds 1 rows"):
        queue.open_file(path)
    assert len(row_files.read(path)) == 1


def test_resuming_skips_every_row_and_retrying_only_those_that_are_ok(tmp_path):
    path = tmp_path / "r.jsonl"
    jobs = [job(seed=seed) for seed in range(3)]
    row_files.append(path, row(seed=0))
    row_files.append(path, jobs[1].row(FAILED, "it broke"))
    assert queue.open_jobs(jobs, queue.open_file(path, resume=True)) == jobs[2:]
    assert queue.open_jobs(jobs, queue.open_file(path, resume=True, retry=True)) == jobs[1:]
    assert [one["status"] for one in row_files.read(path)] == [OK]


def test_a_job_that_is_asked_for_twice_runs_once():
    assert queue.open_jobs([job(), job(), job(seed=1)], []) == [job(), job(seed=1)]


def test_a_row_that_nobody_waits_for_or_that_comes_twice_is_refused(tmp_path):
    one = job()
    with pytest.raises(InputError, match="nobody waits for"):
        queue.collect(tmp_path / "a.jsonl", [one], [(one, row()), (one, row())], lambda *_: None)
    assert len(row_files.read(tmp_path / "a.jsonl")) == 1
    with pytest.raises(InputError, match="1 jobs did not come back"):
        queue.collect(tmp_path / "b.jsonl", [one, job(seed=1)], [(one, row())], lambda *_: None)


def test_every_row_is_in_the_file_before_it_is_reported(tmp_path):
    path, jobs, rows, seen = tmp_path / "r.jsonl", [job(seed=0), job(seed=1)], [row(seed=0), row(seed=1)], []

    def report(one, found):
        assert row_files.read(path)[-1] == found
        seen.append(one)

    assert queue.collect(path, jobs, [(jobs[1], rows[1]), (jobs[0], rows[0])], report) == [rows[1], rows[0]]
    assert seen == [jobs[1], jobs[0]]
    assert row_files.read(path) == [rows[1], rows[0]]
