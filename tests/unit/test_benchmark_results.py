"""The file of benchmark rows: whole lines or nothing, and no row twice."""

from __future__ import annotations

import csv
import json
import threading

import pytest
from benchmark_rows import job, row

from benchmarks import rows as results
from benchmarks.jobs import queue as running
from benchmarks.rows import FAILED, MISSING, OK
from pynn_backprop.errors import InputError


def test_what_is_appended_is_read_back(tmp_path):
    path = tmp_path / "r.jsonl"
    rows = [row(seed=seed) for seed in range(3)]
    for one in rows:
        results.append(path, one)
    assert results.read(path) == rows
    assert len(path.read_text().splitlines()) == 3


@pytest.mark.parametrize("half", ["{", '{"schema": 1, "case"', "x" * 100_000])
def test_half_a_line_of_a_killed_process_is_left_out_and_then_replaced(tmp_path, half):
    path = tmp_path / "r.jsonl"
    results.append(path, row(seed=0))
    with open(path, "a") as stream:
        stream.write(half)
    assert [one["seed"] for one in results.read(path)] == [0]
    results.append(path, row(seed=1))
    assert [one["seed"] for one in results.read(path)] == [0, 1]


def test_several_at_once_append_whole_lines(tmp_path):
    path = tmp_path / "r.jsonl"

    def add(first: int) -> None:
        for seed in range(first, first + 10):
            results.append(path, row(seed=seed))

    threads = [threading.Thread(target=add, args=(10 * number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(one["seed"] for one in results.read(path)) == list(range(40))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"schema": 2}, "schema 2; this version reads 1"),
        ({"status": "fine"}, "status is 'fine' but must be one of ok"),
        ({"samples": "40"}, "samples is '40' but must be int"),
        ({"peak_memory_MB": "much"}, "must be int or float or null"),
        ({"why": "no reason"}, "why is 'no reason' but must say why exactly when the status is not 'ok'"),
        ({"status": FAILED}, "why is '' but must say why"),
    ],
)
def test_a_line_that_is_no_row_is_refused_by_name(tmp_path, change, said):
    path = tmp_path / "r.jsonl"
    path.write_text(json.dumps(row()) + "\n" + json.dumps({**row(seed=1), **change}) + "\n")
    with pytest.raises(InputError, match=said) as caught:
        results.read(path)
    assert "line 2" in str(caught.value)


def test_a_row_that_lacks_a_field_is_refused_by_name():
    incomplete = row()
    del incomplete["energy"], incomplete["host"]
    with pytest.raises(InputError, match="the row lacks energy, host"):
        results.check_row(incomplete)


def test_a_second_row_of_the_same_is_refused(tmp_path):
    path = tmp_path / "r.jsonl"
    results.append(path, row())
    results.append(path, row(accuracy=0.1))
    with pytest.raises(InputError, match=r"line 2 is a second row of"):
        results.read(path)


def test_a_file_that_is_not_there_is_named(tmp_path):
    with pytest.raises(InputError, match=r"none\.jsonl can't be read"):
        results.read(tmp_path / "none.jsonl")


@pytest.mark.parametrize(
    "change",
    [{"seed": 1}, {"hidden": 21}, {"samples": 41}, {"test_samples": 21}, {"epochs": 2}, {"variant": "steps"}],
)
def test_what_decides_a_result_makes_another_row(change):
    assert job(**change).key != job().key
    assert job(**change).key == results.key_of(job(**change).row())


@pytest.mark.parametrize("change", [{"time_limit": 1.0}, {"watt": 10.0}, {"jobs_at_once": 2}])
def test_what_does_not_decide_a_result_leaves_the_row_the_same(change):
    assert job(**change).key == job().key


def test_the_table_has_a_column_for_every_name(tmp_path):
    path = tmp_path / "r.csv"
    second = row(seed=1) | {"energy": [{"kind": "estimated", "by": "m", "joule_per_sample": 2.0}]}
    results.write_csv(path, [row(), second])
    with open(path, newline="") as stream:
        read = list(csv.DictReader(stream))
    assert [line["metrics.SynapticOperations.Effective_ACs"] for line in read] == ["12.5", "12.5"]
    assert [line["energy.0.joule_per_sample"] for line in read] == ["", "2.0"]
    assert read[0]["repeat_seconds.train"] == "2.0 2.1 2.2"
    assert read[0]["layer_sizes"] == "192 20 10"


def test_times_are_medians_per_sample_of_all_epochs():
    one = row(train=[9.0, 1.0, 2.0], epochs=5)
    assert results.median_seconds(one, "train") == 2.0
    assert results.ms_per_sample(one, "train") == pytest.approx(1e3 * 2.0 / 200)
    assert results.ms_per_sample(one, "test") == pytest.approx(1e3 * 1.1 / 20)
    assert results.ms_per_sample(job().row(MISSING, "why"), "train") is None


# --- which jobs are open


def test_a_file_with_rows_is_not_overwritten(tmp_path):
    path = tmp_path / "r.jsonl"
    results.append(path, row())
    with pytest.raises(InputError, match="holds 1 rows"):
        running.open_file(path)
    assert len(results.read(path)) == 1


def test_resuming_skips_every_row_and_retrying_only_those_that_are_ok(tmp_path):
    path = tmp_path / "r.jsonl"
    jobs = [job(seed=seed) for seed in range(3)]
    results.append(path, row(seed=0))
    results.append(path, jobs[1].row(FAILED, "it broke"))
    assert running.open_jobs(jobs, running.open_file(path, resume=True)) == jobs[2:]
    assert running.open_jobs(jobs, running.open_file(path, resume=True, retry=True)) == jobs[1:]
    assert [one["status"] for one in results.read(path)] == [OK]


def test_a_job_that_is_asked_for_twice_runs_once():
    assert running.open_jobs([job(), job(), job(seed=1)], []) == [job(), job(seed=1)]


def test_a_row_that_nobody_waits_for_or_that_comes_twice_is_refused(tmp_path):
    one = job()
    with pytest.raises(InputError, match="nobody waits for"):
        running.collect(tmp_path / "a.jsonl", [one], [(one, row()), (one, row())], lambda *_: None)
    assert len(results.read(tmp_path / "a.jsonl")) == 1
    with pytest.raises(InputError, match="1 jobs did not come back"):
        running.collect(tmp_path / "b.jsonl", [one, job(seed=1)], [(one, row())], lambda *_: None)
