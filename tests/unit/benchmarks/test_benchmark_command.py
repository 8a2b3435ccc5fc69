"""The command ``python -m benchmarks``."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
from benchmark_rows import job, row
from outside import a_case, a_platform
from waiting import wait_for

from benchmarks import cli, row_files
from benchmarks.cli import main
from benchmarks.jobs import process
from benchmarks.rows import FAILED, OK, TIMEOUT
from pynn_backprop.files import FolderLock


@pytest.mark.slow
def test_a_run_is_killed_and_resumed_without_a_row_lost_or_doubled(tmp_path):
    command = [sys.executable, "-m", "benchmarks", "run", "--case", "digits", "--platform", "reference", "--out"]
    command += [str(tmp_path), "--hidden", "10", "20", "--samples", "30", "--test-samples", "20"]
    command += ["--epochs", "1", "--repeats", "1"]
    rows = tmp_path / row_files.ROWS
    first = subprocess.Popen(command, cwd=process.ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        wait_for(lambda: rows.exists() and rows.read_text().count("\n"))
    finally:
        first.kill()
        first.wait()
    before = row_files.read(rows)
    assert len(before) == 1
    again = subprocess.run([*command, "--resume"], cwd=process.ROOT, capture_output=True, text=True, timeout=300)
    assert again.returncode == 0, again.stderr
    after = row_files.read(rows)
    assert after[: len(before)] == before
    assert sorted(one["layer_sizes"][1] for one in after) == [10, 20]


def test_a_failed_row_goes_on_and_is_seen_in_the_status(tmp_path, capsys):
    arguments = ["run", "--case", "digits", "xor", "--platform", "reference:all", "--samples", "30", "--epochs", "1"]
    arguments += ["--repeats", "1", "--test-samples", "20", "--time-limit", "0.01", "--out", str(tmp_path)]
    assert main(arguments) == 1
    found = [(one["case"], one["status"]) for one in row_files.read(tmp_path / row_files.ROWS)]
    assert found == [("digits", TIMEOUT)] * 2 + [("xor", TIMEOUT)] * 2
    assert "0.01 s" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--case", "mnis"], "did you mean 'mnist'"),
        (["--platform", "nset"], "did you mean 'nest'"),
        (["--samples", "0"], "--samples is 0"),
        (["--hidden", "-1"], "hidden is -1"),
        (["--out", "/dev/null/x"], "--out is /dev/null/x, which can't be made"),
    ],
)
def test_bad_input_is_refused_before_anything_runs(capsys, arguments, said):
    assert main(["run", *arguments]) == 2
    assert said in capsys.readouterr().err


def test_interrupted_it_says_how_to_go_on(monkeypatch, tmp_path, capsys):
    def interrupt(jobs):
        raise KeyboardInterrupt

    monkeypatch.setattr(cli.sweep, "one_by_one", interrupt)
    assert main(["run", "--platform", "reference", "--out", str(tmp_path)]) == 130
    assert "the same command with --resume does what is missing" in capsys.readouterr().err


def test_the_list_names_cases_platforms_variants_and_peers(capsys):
    assert main(["list"]) == 0
    lines = [line.split(maxsplit=3) for line in capsys.readouterr().out.splitlines()]
    digits = "8x8 handwritten digits, three input neurons a pixel; 10 x 1,437 samples"
    assert ["case", "digits", "192-200-10", digits] in lines
    assert ["platform", "nest", "compiled,", "dopamine           NEST, a simulator of spiking networks"] in lines
    assert ["peer", "bindsnet", "online", "reward-modulated STDP with eligibility traces, a three-factor rule"] in lines
    assert ["peer", "nest-eprop", "online", "e-prop, a three-factor rule, as NEST has it"] in lines
    assert [line[0] for line in lines].count("meter") == 2
    assert len(lines) == 5 + 4 + 5 + 2


def test_a_report_is_made_anew_into_another_folder(tmp_path, capsys):
    row_files.append(tmp_path / "r.jsonl", row())
    folder = tmp_path / "a" / "b"
    assert main(["report", str(tmp_path / "r.jsonl"), "--out", str(folder)]) == 0
    assert sorted(path.name for path in folder.iterdir()) == ["csv", "plots", "report.html", "tables"]
    said = capsys.readouterr().out
    assert "reference oracle" in said
    written = said.splitlines()[-1].removeprefix("written: ").split(", ")
    assert written[0] == f"{folder / 'csv'} (4 files)"
    assert str(folder / "report.html") in written
    files = [path for path in folder.rglob("*") if path.is_file()]
    counts = Counter(f"{path.parent}" for path in files if path.parent != folder)
    assert set(written) == {
        *(str(path) for path in files if path.parent == folder),
        *(f"{inner} ({number} files)" for inner, number in counts.items()),
    }


def test_a_report_of_no_rows_is_refused(tmp_path, capsys):
    (tmp_path / "r.jsonl").write_text("")
    assert main(["report", str(tmp_path / "r.jsonl")]) == 2
    assert "r.jsonl holds no rows" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({}, 0),
        ({"status": FAILED, "why": "x"}, 1),
        ({"status": "missing", "why": "x"}, 0),
        ({"correct": {"is": False}}, 1),
    ],
)
def test_the_status_is_that_of_the_rows_that_were_asked_for(tmp_path, change, status):
    asked = row(repeats=1) | change
    row_files.append(tmp_path / row_files.ROWS, asked)
    # Another row, of another seed, is not judged.
    row_files.append(tmp_path / row_files.ROWS, job(seed=5).row(FAILED, "it broke"))
    arguments = ["run", "--platform", "reference", "--hidden", "20", "--samples", "40", "--test-samples", "20"]
    arguments += ["--form", "published", "--epochs", "1", "--repeats", "1", "--resume", "--out", str(tmp_path)]
    assert main([*arguments, "--rows-only"]) == status
    assert len(row_files.read(tmp_path / row_files.ROWS)) == 2


# --- files outside the package


@pytest.fixture
def outside(tmp_path):
    """A case and a platform in files, and the arguments that run them."""
    case, platform = a_case(tmp_path), a_platform(tmp_path)
    return ["run", "--case", str(case), "--platform", f"{platform}:all", "reference", "--samples", "40"]


def test_files_are_run_resumed_and_reported_and_a_report_does_not_need_them(outside, tmp_path, capsys):
    out, rows = tmp_path / "out", tmp_path / "out" / row_files.ROWS
    outside += ["--repeats", "1", "--out", str(out)]
    assert main(outside) == 0, capsys.readouterr()
    found = [(one["case"], one["platform"], one["variant"], one["status"]) for one in row_files.read(rows)]
    assert found == [
        ("majority", "nearest-mean", "online", OK),
        ("majority", "nearest-mean", "all-at-once", OK),
        ("majority", "reference", "oracle", OK),
    ]
    assert row_files.read(rows)[2]["correct"]["is"] is True
    assert (out / "report.html").is_file()
    before = rows.read_bytes()
    assert main([*outside, "--resume", "--rows-only"]) == 0
    assert rows.read_bytes() == before
    for name in ("my_case.py", "my_platform.py"):
        (tmp_path / name).unlink()
    capsys.readouterr()
    assert main(["report", str(rows)]) == 0
    assert "nearest-mean online" in capsys.readouterr().out
    assert main([*outside, "--resume"]) == 2
    assert "my_case.py can't be read: No such file or directory" in capsys.readouterr().err


def test_a_file_that_can_not_be_used_is_refused_before_anything_runs(outside, tmp_path, capsys):
    (tmp_path / "my_platform.py").write_text("PLATFORM = 'nest'\n")
    assert main([*outside, "--out", str(tmp_path / "out")]) == 2
    assert "my_platform.py: PLATFORM is 'nest' but must be a BenchmarkPlatform" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


# --- one owner, and a report that can be made


def test_a_folder_that_another_run_holds_is_refused(tmp_path, capsys):
    arguments = ["run", "--platform", "reference", "--samples", "30", "--repeats", "1", "--out", str(tmp_path)]
    with FolderLock(tmp_path):
        assert main(arguments) == 2
    assert f"{tmp_path} is in use by process {os.getpid()} on" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("module", ["jinja2", "matplotlib"])
def test_what_the_report_needs_is_looked_for_before_anything_is_measured(tmp_path, capsys, monkeypatch, module):
    find = importlib.util.find_spec
    monkeypatch.setattr(importlib.util, "find_spec", lambda name, *more: None if name == module else find(name, *more))
    monkeypatch.setattr(cli.sweep, "one_by_one", lambda jobs: pytest.fail("it measured"))
    assert main(["run", "--platform", "reference", "--out", str(tmp_path)]) == 2
    assert f"the report needs {module}, which is not installed" in capsys.readouterr().err


def test_a_job_that_is_killed_leaves_no_temporary_file(tmp_path):
    (tmp_path / "temporary").mkdir()
    command = [sys.executable, "-m", "benchmarks", "run", "--case", "digits", "--platform", "reference:steps", "--out"]
    command += [str(tmp_path / "out"), "--repeats", "50"]
    environment = {**os.environ, "TMPDIR": str(tmp_path / "temporary")}
    started = subprocess.Popen(
        command, cwd=process.ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environment
    )
    try:
        children = f"/proc/{started.pid}/task/{started.pid}/children"
        wait_for(lambda: Path(children).read_text().strip())
    finally:
        started.kill()
        started.wait()
    assert list((tmp_path / "temporary").iterdir()) == []
