"""Jobs in processes of their own: whatever happens to one, there is a row that says so."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest
from benchmark_rows import job
from waiting import wait_for, wait_until_gone

from benchmarks.jobs import process
from benchmarks.platforms import PLATFORMS
from benchmarks.rows import FAILED, OK, TIMEOUT

LONG = {"variant": "steps", "samples": 1437, "epochs": 100, "time_limit": 60.0}
"""Would take minutes."""


def test_a_job_that_takes_too_long_is_ended_with_all_that_it_started():
    with _watched() as children:
        row = process.run(job(**{**LONG, "time_limit": 3.0}))
    assert row["status"] == TIMEOUT
    assert "time limit of 3 s" in row["why"]
    wait_until_gone(children)


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
            if "benchmarks.jobs.process" in str(arguments):  # others are asked what machine this is
                open({str(pid_file)!r}, "w").write(str(child.pid))
            return child
        process.subprocess.Popen = noted
        process.run(Job.from_dict({job(**LONG).as_dict()!r}))
    """
    parent = subprocess.Popen([sys.executable, "-c", textwrap.dedent(script)], cwd=process.ROOT)
    try:
        wait_for(lambda: pid_file.exists() and pid_file.read_text())
        time.sleep(2.0)  # so that it has started to work
        child = int(pid_file.read_text())
        assert Path(f"/proc/{child}").exists()
    finally:
        parent.kill()
        parent.wait()
    wait_until_gone([child])


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


def test_a_job_runs_this_package_whatever_lies_in_the_folder_that_it_starts_in(tmp_path, monkeypatch):
    for name in ("benchmarks", "pynn_backprop"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "__init__.py").write_text("raise RuntimeError('not this one')\n")
    monkeypatch.chdir(tmp_path)
    row = process.run(job(repeats=1))
    assert (row["status"], row["why"]) == (OK, "")


def test_a_job_has_as_many_threads_as_it_is_to_have(tmp_path):
    """Numerical libraries read their number from variables when they start."""
    platform = tmp_path / "told.py"
    platform.write_text(
        textwrap.dedent(f"""
        import os
        from benchmarks.platforms.base import BenchmarkPlatform
        def measure(task):
            raise RuntimeError(" ".join(os.environ[name] for name in {process.THREAD_VARIABLES!r}))
        PLATFORM = BenchmarkPlatform("told", "says what it was told", ("v",), measure, threads=True)
    """)
    )
    _, file = PLATFORMS.read(platform)
    row = process.run(job(platform="told", variant="v", platform_file=file, threads=3))
    assert (row["status"], row["why"]) == (FAILED, "RuntimeError: 3 3 3 3")
