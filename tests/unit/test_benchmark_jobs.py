"""Jobs in processes of their own: whatever happens to one, there is a row that says so."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest
from benchmark_rows import job

import benchmarks.jobs.job
from benchmarks import rows as results
from benchmarks.cases.case import all_cases
from benchmarks.cli import main
from benchmarks.jobs import process
from benchmarks.jobs.job import perform
from benchmarks.platforms.base import BenchmarkPlatform, all_platforms, variants_named
from benchmarks.rows import FAILED, MISSING, OK, TIMEOUT
from pynn_backprop.errors import InputError, PlatformError

LONG = {"variant": "steps", "samples": 1437, "epochs": 100, "time_limit": 60.0}
"""Would take minutes."""


def test_the_cases_and_platforms_of_the_issue_are_there():
    assert set(all_cases()) == {"linear-map", "xor", "digits", "mnist", "fashion-mnist"}
    spiking = {name: platform.variants for name, platform in all_platforms().items() if not platform.peer}
    assert spiking == {
        "nest": ("compiled", "dopamine"),
        "brian2": ("cython", "numpy"),
        "lava": ("fast", "stock"),
        "reference": ("oracle", "steps"),
    }
    assert {name for name, platform in all_platforms().items() if platform.peer} >= {"scikit-learn", "snntorch"}


def test_a_platform_is_asked_for_with_its_usual_variant_or_another_or_all():
    assert [variant for _, variant in variants_named("nest")] == ["compiled"]
    assert [variant for _, variant in variants_named("nest:dopamine")] == ["dopamine"]
    assert [variant for _, variant in variants_named("nest:all")] == ["compiled", "dopamine"]
    with pytest.raises(InputError, match="did you mean 'brian2'"):
        variants_named("brian")
    with pytest.raises(InputError, match="variant of nest is 'cython' but must be one of compiled, dopamine, all"):
        variants_named("nest:cython")


@pytest.mark.parametrize("variant", ["oracle", "steps"])
def test_a_job_measures_and_equals_the_rule(variant):
    row = process.run(job(variant=variant, hidden=20, samples=40, repeats=2))
    assert (row["status"], row["why"]) == (OK, "")
    assert row["correct"]["weights_equal_reference"] is row["correct"]["answers_equal_reference"] is True
    assert {stage: len(times) for stage, times in row["repeat_seconds"].items()} == dict.fromkeys(results.STAGES, 2)
    assert row["counts"]["counted_samples"] == 6
    assert row["counts"]["inference"]["steps_per_sample"] == 4
    assert row["metrics"]["training"]["SynapticOperations"]["Effective_ACs"] > 0
    assert row["peak_memory_MB"] > 50
    assert row["warm_up_seconds"] > 0


def test_the_two_references_count_the_same():
    one, other = (process.run(job(variant=variant, repeats=1)) for variant in ("oracle", "steps"))
    for row in (one, other):
        del row["counts"]["counted_on"]
    assert one["counts"] == other["counts"]
    assert one["metrics"] == other["metrics"]


def test_few_samples_are_counted_once_each():
    row = process.run(job(samples=5, count_samples=20, repeats=1))
    assert (row["status"], row["counts"]["counted_samples"]) == (OK, 5)


def test_a_row_of_the_usual_size_says_whether_it_reaches_what_is_wanted():
    found = benchmarks.jobs.job._correct(
        job(hidden=200, samples=1437, epochs=10),
        all_cases()["digits"],
        benchmarks.jobs.job.Measurement({}, 0.0, {"ClassificationAccuracy": 0.5}, {}, weights_equal=True),
    )
    assert found["wanted"] == "at least 86% right"
    assert found["is"] is False


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


def _raise(error: Exception) -> BenchmarkPlatform:
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
    ],
)
def test_what_a_platform_raises_is_a_row_that_says_why(monkeypatch, error, status, why):
    monkeypatch.setattr(benchmarks.jobs.job, "platform_named", lambda name: _raise(error))
    row = results.check_row(perform(job()))
    assert (row["status"], row["why"]) == (status, why)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"case": "digit"}, "did you mean 'digits'"),
        ({"variant": "fast"}, "variant of reference is 'fast' but must be one of oracle, steps"),
        ({"repeats": 0}, "repeats is 0 but must be a whole number of at least 1"),
        ({"time_limit": 0}, "time_limit is 0 but must be a number above 0"),
        ({"watt": float("nan")}, "watt is nan but must be a number above 0"),
    ],
)
def test_a_job_that_can_not_be_is_refused_before_it_runs(change, said):
    with pytest.raises(InputError, match=said):
        job(**change)


def test_more_samples_than_there_are_is_a_row_that_says_so():
    row = perform(job(samples=2000))
    assert row["status"] == FAILED
    assert "samples is 2000 but must be a whole number from 1 to 1437" in row["why"]


def test_threads_on_a_platform_without_are_a_row_that_says_so():
    assert "threads is 2 but must be 1 on reference" in perform(job(threads=2))["why"]


# --- processes


def test_a_job_that_takes_too_long_is_ended_with_all_that_it_started():
    with _watched() as children:
        row = process.run(job(**{**LONG, "time_limit": 3.0}))
    assert row["status"] == TIMEOUT
    assert "time limit of 3 s" in row["why"]
    _wait_until_gone(children)


def test_a_job_that_is_killed_is_a_row_that_says_so():
    with _watched(lambda child: os.kill(child, signal.SIGKILL)):
        row = process.run(job(**LONG))
    assert row["status"] == FAILED
    assert "killed by SIGKILL" in row["why"]


def test_a_job_that_can_not_even_start_leaves_its_last_words(monkeypatch):
    monkeypatch.setattr(process, "ROOT", Path("/nowhere"))
    monkeypatch.setenv("PYTHONPATH", "")
    monkeypatch.setattr(process.sys, "executable", "/bin/false")
    row = process.run(job())
    assert row["status"] == FAILED
    assert "its process ended with status 1 and without a result" in row["why"]


def test_a_job_ends_when_the_one_who_started_it_is_killed(tmp_path):
    pid_file = tmp_path / "pid"
    script = f"""
        import subprocess
        from benchmarks.jobs import process
        from benchmarks.jobs.job import Job
        start = subprocess.Popen
        def noted(*arguments, **options):
            child = start(*arguments, **options)
            open({str(pid_file)!r}, "w").write(str(child.pid))
            return child
        process.subprocess.Popen = noted
        process.run(Job(**{job(**LONG).as_dict()!r}))
    """
    parent = subprocess.Popen([sys.executable, "-c", textwrap.dedent(script)], cwd=process.ROOT)
    try:
        _wait_for(lambda: pid_file.exists() and pid_file.read_text())
        child = int(pid_file.read_text())
        time.sleep(2.0)  # so that it has started to work
        assert Path(f"/proc/{child}").exists()
    finally:
        parent.kill()
        parent.wait()
    _wait_until_gone([child])


@contextlib.contextmanager
def _watched(then=lambda pid: None):
    """The processes that are started; `then` is done to each."""
    children, start = [], subprocess.Popen

    def started(*arguments, **options):
        child = start(*arguments, **options)
        children.append(child.pid)
        then(child.pid)
        return child

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(process.subprocess, "Popen", started)
        yield children


def _wait_for(condition, seconds=20.0):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "waited too long"
        time.sleep(0.05)


def _alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"


def _wait_until_gone(children):
    assert children
    _wait_for(lambda: not any(map(_alive, children)))


# --- the command


def test_a_run_is_killed_and_resumed_without_a_row_lost_or_doubled(tmp_path):
    command = [sys.executable, "-m", "benchmarks", "run", "--case", "digits", "--platform", "reference:all", "--out"]
    command += [str(tmp_path), "--hidden", "10", "20", "--samples", "30", "--test-samples", "20"]
    command += ["--epochs", "1", "--repeats", "1"]
    rows = tmp_path / results.ROWS
    first = subprocess.Popen(command, cwd=process.ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        _wait_for(lambda: rows.exists() and rows.read_text().count("\n"))
    finally:
        first.kill()
        first.wait()
    before = results.read(rows)
    assert 1 <= len(before) < 4
    again = subprocess.run([*command, "--resume"], cwd=process.ROOT, capture_output=True, text=True, timeout=300)
    assert again.returncode == 0, again.stderr
    after = results.read(rows)
    assert after[: len(before)] == before
    assert sorted((one["layer_sizes"][1], one["variant"]) for one in after) == [
        (10, "oracle"),
        (10, "steps"),
        (20, "oracle"),
        (20, "steps"),
    ]


def test_a_failed_row_goes_on_and_is_seen_in_the_status(tmp_path, capsys):
    arguments = ["run", "--case", "digits", "xor", "--platform", "reference:all", "--samples", "30", "--epochs", "1"]
    arguments += ["--repeats", "1", "--test-samples", "20", "--time-limit", "0.01", "--out", str(tmp_path)]
    assert main(arguments) == 1
    found = [(one["case"], one["status"]) for one in results.read(tmp_path / results.ROWS)]
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


def test_the_command_in_a_row_makes_the_same_row():
    from benchmarks.cli import _jobs, _parser

    one = job(watt=12.5, hidden=30)
    words = one.command.split()
    assert words[:4] == ["python", "-m", "benchmarks", "run"]
    options = _parser().parse_args(words[3:])
    (again,) = _jobs(options, lambda case: case.seeds, lambda case: case.hidden_sizes)
    assert again == one
    assert json.loads(again.key)
