"""The file of benchmark rows: whole lines or nothing, and no row twice."""

from __future__ import annotations

import json
import threading

import pytest
from benchmark_rows import job, row

from benchmarks import row_files
from benchmarks.cli import main
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
    path.write_text("".join(json.dumps(one) + "\n" for one in (row(), row(seed=1) | change, row(seed=2))))
    with pytest.raises(InputError, match=said) as caught:
        row_files.read(path)
    assert "line 2" in str(caught.value)


@pytest.mark.parametrize("first", [0, 1], ids=["first", "second"])
def test_of_two_rows_of_the_same_one_that_is_ok_stays(tmp_path, first):
    """Two runs at once would leave them."""
    path = tmp_path / "r.jsonl"
    rows = [row(accuracy=0.3), job().row(FAILED, "it broke"), row(accuracy=0.1)]
    for one in (rows[first], rows[1 - first], rows[2], row(seed=1)):
        row_files.append(path, {**one, "repeats": 3})
    reading = row_files.examine(path)
    assert reading.rows == row_files.read(path) == [rows[0], row(seed=1)]
    assert [double.partition(" of ")[0] for double in reading.doubles] == [f"line {k} is a second row" for k in (2, 3)]
    assert row_files.set_aside(path, reading) is None
    assert row_files.examine(path).doubles == []


@pytest.mark.parametrize("end", [b"{", b"\0" * 50, b"{\n", b"\xff\n\xff"])
def test_a_damaged_end_is_set_aside(tmp_path, end):
    path = tmp_path / "r.jsonl"
    row_files.append(path, row())
    before = path.read_bytes()
    path.write_bytes(before + end)
    assert row_files.read(path) == [row() | {"started": row_files.read(path)[0]["started"]}]
    beside = row_files.set_aside(path, row_files.examine(path))
    assert beside == tmp_path / "r.damaged"
    assert beside.read_bytes().rstrip(b"\n") == end.rstrip(b"\n")
    assert path.read_bytes() == before


BAD = {
    "NaN": {"metrics": {"ClassificationAccuracy": float("nan")}},
    "more than all": {"metrics": {"ClassificationAccuracy": 1.5}},
    "text for a share": {"metrics": {"ClassificationAccuracy": "0.5"}},
    "text seconds": {"repeat_seconds": {"train": "2 s"}},
    "text for a time": {"repeat_seconds": {"train": ["2"], "test": [1.0]}},
    "seconds without end": {"repeat_seconds": {"train": [float("inf")]}},
    "energy of nothing": {"energy": [1]},
    "energy without a model": {"energy": [{"kind": "measured"}]},
    "counts as text": {"counts": {"spikes_per_sample": {"h": "3"}}},
    "counts by no phase": {"counts": {"spikes_by_phase": {"h": 3}}},
    "operations as text": {"metrics": {"SynapticOperations": "many"}},
    "too deep": {"counts": json.loads('{"a":' * 50 + "1" + "}" * 50)},
    "a name that is a path": {"case": "../../x"},
    "a name that is HTML": {"case": 'x" onload="alert(1)'},
    "no layers": {"layer_sizes": []},
    "layers of text": {"layer_sizes": ["a", "b"]},
    "huge": {"peak_memory_MB": 10**400},
    "host of lists": {"host": {"cores": [1]}},
}


@pytest.mark.parametrize("change", BAD.values(), ids=BAD)
def test_one_bad_row_is_named_and_the_others_are_read(tmp_path, change):
    path = tmp_path / "r.jsonl"
    path.write_text("".join(json.dumps(one) + "\n" for one in (row(), row(seed=1) | change, row(seed=2))))
    reading = row_files.examine(path)
    assert [one["seed"] for one in reading.rows] == [0, 2]
    ((line, why),) = [(one.line, one.why) for one in reading.unreadable]
    assert line == 2
    assert "but must be" in why or "lacks" in why
    assert reading.damaged_end == []
    with pytest.raises(InputError, match="line 2"):
        row_files.read(path)


def test_a_row_that_can_not_be_read_is_shown_with_its_line_and_the_rest_is_reported(tmp_path, capsys):
    path = tmp_path / "r.jsonl"
    # The fourth has values that are allowed one by one, and a population that no circuit has.
    unknown = row(seed=3, accuracy=0.4) | {
        "counts": {"spikes_by_phase": {"nobody": []}, "spikes_per_sample": {"nobody": 1}}
    }
    lines = [json.dumps(one) for one in (row(seed=0), row(seed=1) | BAD["NaN"], row(seed=2), unknown)]
    path.write_text("\n".join([*lines, "half"]))
    assert main(["report", str(path), "--out", str(tmp_path / "out")]) == 0
    page = (tmp_path / "out" / "report.html").read_text()
    said = capsys.readouterr().out
    for shown in (page, said):
        assert "ClassificationAccuracy is nan" in shown
        assert "the line has no end" in shown
    assert "reference oracle" in page


def test_a_file_that_is_not_there_is_named(tmp_path):
    with pytest.raises(InputError, match=r"none\.jsonl can't be read"):
        row_files.read(tmp_path / "none.jsonl")


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
        with pytest.raises(ValueError, match="is nan but must be a finite number"):
            write(tmp_path / "r.jsonl", row(accuracy=float("nan")))


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"{\n", r"line 1: the line is not a JSON file: "),
        (b"\xff\n", "line 1: the line is not text: 'utf-8' codec can't decode"),
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
