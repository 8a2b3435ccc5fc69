"""The file of benchmark rows: whole lines or nothing, and no row twice."""

from __future__ import annotations

import csv
import json
import threading

import pytest
from benchmark_rows import row

from benchmarks import row_files
from benchmarks.rows import FAILED
from pynn_backprop.errors import InputError


def test_what_is_appended_is_read_back(tmp_path):
    path = tmp_path / "r.jsonl"
    rows = [row(seed=seed) for seed in range(3)]
    for one in rows:
        row_files.append(path, one)
    assert row_files.read(path) == rows
    assert len(path.read_text().splitlines()) == 3


@pytest.mark.parametrize("half", ["{", '{"schema": 1, "case"', "x" * 100_000])
def test_half_a_line_of_a_killed_process_is_left_out_and_then_replaced(tmp_path, half):
    path = tmp_path / "r.jsonl"
    row_files.append(path, row(seed=0))
    with open(path, "a") as stream:
        stream.write(half)
    assert [one["seed"] for one in row_files.read(path)] == [0]
    row_files.append(path, row(seed=1))
    assert [one["seed"] for one in row_files.read(path)] == [0, 1]


def test_several_at_once_append_whole_lines(tmp_path):
    path = tmp_path / "r.jsonl"

    def add(first: int) -> None:
        for seed in range(first, first + 10):
            row_files.append(path, row(seed=seed))

    threads = [threading.Thread(target=add, args=(10 * number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(one["seed"] for one in row_files.read(path)) == list(range(40))


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
        row_files.read(path)
    assert "line 2" in str(caught.value)


def test_a_second_row_of_the_same_is_refused(tmp_path):
    path = tmp_path / "r.jsonl"
    row_files.append(path, row())
    row_files.append(path, row(accuracy=0.1))
    with pytest.raises(InputError, match=r"line 2 is a second row of"):
        row_files.read(path)


def test_a_file_that_is_not_there_is_named(tmp_path):
    with pytest.raises(InputError, match=r"none\.jsonl can't be read"):
        row_files.read(tmp_path / "none.jsonl")


def test_the_table_has_a_column_for_every_name(tmp_path):
    path = tmp_path / "r.csv"
    second = row(seed=1) | {"energy": [{"kind": "estimated", "by": "m", "joule_per_sample": 2.0}]}
    row_files.write_csv(path, [row(), second])
    with open(path, newline="") as stream:
        read = list(csv.DictReader(stream))
    assert [line["metrics.SynapticOperations.Effective_ACs"] for line in read] == ["12.5", "12.5"]
    assert [line["energy.0.joule_per_sample"] for line in read] == ["", "2.0"]
    assert read[0]["repeat_seconds.train"] == "2.0 2.1 2.2"
    assert read[0]["layer_sizes"] == "192 20 10"


def test_rows_are_written_whole_or_not_at_all(tmp_path):
    path = tmp_path / "r.jsonl"
    row_files.write(path, [row(seed=0), row(seed=1)])
    before = path.read_bytes()
    with pytest.raises(InputError, match="the row lacks energy"):
        row_files.write(path, [row(seed=2), {name: value for name, value in row(seed=3).items() if name != "energy"}])
    assert path.read_bytes() == before
    assert [one["seed"] for one in row_files.read(path)] == [0, 1]


def test_a_number_that_json_does_not_know_is_not_written(tmp_path):
    for write in (lambda path, one: row_files.append(path, one), lambda path, one: row_files.write(path, [one])):
        with pytest.raises(ValueError, match="not JSON compliant"):
            write(tmp_path / "r.jsonl", row(accuracy=float("nan")))


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"{\n", r"line 1 is not JSON: "),
        (b"\xff\n", "can't be read: 'utf-8' codec can't decode"),
        (b"[1]\n", "is \\[1\\]"),
    ],
)
def test_a_file_of_something_else_is_refused_by_name(tmp_path, content, said):
    path = tmp_path / "other.jsonl"
    path.write_bytes(content)
    with pytest.raises(InputError, match=rf"other\.jsonl.*{said}"):
        row_files.read(path)


def test_a_file_that_can_not_be_written_is_named(tmp_path):
    with pytest.raises(InputError, match=r"nowhere/r\.jsonl can't be written: No such file"):
        row_files.append(tmp_path / "nowhere" / "r.jsonl", row())
