"""Sweeps of benchmark jobs: several at once on this machine, and on a real cluster that loses a worker."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time

import pytest

from benchmarks import row_files
from benchmarks.cases import CASES
from benchmarks.cli import main
from benchmarks.jobs import queue, sweep
from benchmarks.jobs.job import Job
from benchmarks.platforms import PLATFORMS
from benchmarks.rows import OK, Row, key_of
from pynn_backprop.errors import InputError, PlatformError


def jobs(count: int) -> list[Job]:
    """Jobs of about two seconds."""
    return [
        Job("digits", "reference", "steps", seed, 20, 60, 20, 1, repeats=1, count_samples=3, time_limit=120)
        for seed in range(count)
    ]


@pytest.mark.slow
@pytest.mark.timeout(180)
def test_two_at_once_give_every_row_once(tmp_path):
    wanted, seen = jobs(3), []
    queue.collect(tmp_path / "r.jsonl", wanted, sweep.at_once(wanted, 2), lambda job, row: seen.append(job.key))
    rows = row_files.read(tmp_path / "r.jsonl")
    assert sorted(map(key_of, rows)) == sorted(seen) == sorted(job.key for job in wanted)
    assert {row["status"] for row in rows} == {OK}
    assert {row["host"]["jobs_at_once"] for row in rows} == {2}


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_a_cluster_of_two_workers_one_of_them_killed_loses_no_row_and_doubles_none(tmp_path):
    distributed = pytest.importorskip("distributed", reason="dask.distributed is not installed")
    path, wanted, pids = tmp_path / "r.jsonl", jobs(4), []
    with (
        distributed.LocalCluster(
            n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None, host="127.0.0.1"
        ) as cluster,
        distributed.Client(cluster, set_as_default=False) as client,
    ):
        workers = client.run(os.getpid)

        def kill_one(job: Job, row: Row) -> None:
            # Both workers have jobs: the first row is there, and three more are under way or waiting.
            if not pids:
                busy = [address for address, tasks in client.processing().items() if tasks]
                pids.append(workers[busy[0]])
                os.kill(pids[0], signal.SIGKILL)

        queue.collect(path, wanted, sweep.on_cluster(wanted, cluster.scheduler_address), kill_one)
        assert pids[0] not in client.run(os.getpid).values()
    rows = row_files.read(path)
    assert sorted(map(key_of, rows)) == sorted(job.key for job in wanted)
    assert len(path.read_text().splitlines()) == len(wanted)
    assert [row["why"] for row in rows] == [""] * len(wanted)


MINE = """
from dataclasses import replace
from benchmarks.cases import CASES
from benchmarks.platforms.scikit_learn import PLATFORM as ORIGINAL
CASE = replace(CASES.named("digits"), name="my-digits")
PLATFORM = replace(ORIGINAL, name="mine", variants=("batch1", "batch32"))
"""


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_files_of_the_user_reach_the_workers_of_a_cluster(tmp_path):
    distributed = pytest.importorskip("distributed", reason="dask.distributed is not installed")
    (tmp_path / "mine.py").write_text(MINE)
    (case, file), (platform, _) = CASES.read(tmp_path / "mine.py"), PLATFORMS.read(tmp_path / "mine.py")
    wanted = [
        Job(case.name, platform.name, variant, 0, 10, 30, 20, 1, repeats=1, case_file=file, platform_file=file)
        for variant in platform.variants
    ]
    with distributed.LocalCluster(
        n_workers=1, threads_per_worker=1, processes=True, dashboard_address=None, host="127.0.0.1"
    ) as cluster:
        rows = [row for _, row in sweep.on_cluster(wanted, cluster.scheduler_address)]
    assert sorted((row["case"], row["platform"], row["variant"], row["status"], row["why"]) for row in rows) == [
        ("my-digits", "mine", "batch1", OK, ""),
        ("my-digits", "mine", "batch32", OK, ""),
    ]
    assert sorted(map(key_of, rows)) == sorted(job.key for job in wanted)


def test_a_scheduler_that_does_not_answer_is_named(monkeypatch):
    pytest.importorskip("distributed", reason="dask.distributed is not installed")
    monkeypatch.setattr(sweep, "CONNECT_SECONDS", 1)
    with pytest.raises(InputError, match=r"scheduler is 'tcp://127\.0\.0\.1:9', where no cluster answers"):
        list(sweep.on_cluster(jobs(1), "tcp://127.0.0.1:9"))


@pytest.mark.parametrize(
    "address", ["", "x", "tcp://", ":::", "127.0.0.1:99999", "nonsense://a b:1", "tcp://h:0", None]
)
def test_an_address_that_is_none_is_refused_at_once(address):
    pytest.importorskip("distributed", reason="dask.distributed is not installed")
    with pytest.raises(InputError, match=r"scheduler is .* but must be an address, for example tcp://"):
        list(sweep.on_cluster(jobs(1), address))


def test_an_address_that_accepts_and_is_silent_is_named(monkeypatch):
    pytest.importorskip("distributed", reason="dask.distributed is not installed")
    monkeypatch.setattr(sweep, "CONNECT_SECONDS", 1)
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen(5)
        with pytest.raises(InputError, match="where no cluster answers: nothing is said there"):
            list(sweep.on_cluster(jobs(1), f"127.0.0.1:{silent.getsockname()[1]}"))


@pytest.fixture
def scheduler(tmp_path):
    """A scheduler in a process of its own, without workers, and its address."""
    pytest.importorskip("distributed", reason="dask.distributed is not installed")
    file = tmp_path / "scheduler.json"
    command = [sys.executable, "-m", "distributed.cli.dask_scheduler", "--host", "127.0.0.1", "--port", "0"]
    command += ["--no-dashboard", "--scheduler-file", str(file)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    while not (file.exists() and file.read_text().endswith("}")):
        assert process.poll() is None
        time.sleep(0.05)
    yield process, json.loads(file.read_text())["address"]
    process.kill()
    process.wait()


@pytest.mark.timeout(120)
def test_a_scheduler_without_workers_is_named(scheduler, monkeypatch):
    monkeypatch.setattr(sweep, "CONNECT_SECONDS", 2)
    with pytest.raises(InputError, match=r"scheduler is 'tcp://127.*', which has no workers"):
        list(sweep.on_cluster(jobs(1), scheduler[1]))


SWEEP = ("sweep", "--case", "digits", "--platform", "reference:steps", "--hidden", "20", "--seed", "0", "1", "2", "3")
SWEEP += ("--samples", "60", "--test-samples", "20", "--epochs", "1", "--repeats", "1", "--count-samples", "3")


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_a_sweep_whose_scheduler_is_killed_is_an_error_and_resume_does_the_rest(
    scheduler, tmp_path, capsys, monkeypatch
):
    monkeypatch.setattr(sweep, "CONNECT_SECONDS", 60)  # on a busy machine the worker takes long to start
    process, address = scheduler
    path = tmp_path / "out" / row_files.ROWS
    command = [sys.executable, "-m", "distributed.cli.dask_worker", address, "--nthreads", "1", "--no-dashboard"]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    worker = subprocess.Popen(
        [*command, "--no-nanny"], env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    killed: list[float] = []

    def kill_after_the_first_row() -> None:
        while not (path.exists() and path.read_text().endswith("\n")):
            time.sleep(0.01)
        process.kill()
        killed.append(time.monotonic())

    threading.Thread(target=kill_after_the_first_row, daemon=True).start()
    try:
        assert main([*SWEEP, "--out", str(path.parent), "--scheduler", address]) == 2
    finally:
        worker.kill()
        worker.wait()
    assert time.monotonic() - killed[0] < 10
    assert re.search(r"has gone, with [123] jobs to do; the rows so far are kept.*--resume", capsys.readouterr().err)
    kept = path.read_text()
    assert 1 <= len(kept.splitlines()) < 4

    assert main([*SWEEP, "--out", str(path.parent), "--resume"]) == 0
    assert path.read_text().startswith(kept)
    rows = row_files.read(path)
    assert sorted(row["seed"] for row in rows) == [0, 1, 2, 3]
    assert len(path.read_text().splitlines()) == 4
    assert {row["status"] for row in rows} == {OK}


@pytest.mark.parametrize("module", ["joblib", "distributed"])
def test_an_engine_that_is_not_installed_is_said_to_be_missing(monkeypatch, module):
    monkeypatch.setitem(sys.modules, module, None)
    engine = {
        "joblib": lambda: sweep.at_once(jobs(1), 2),
        "distributed": lambda: sweep.on_cluster(jobs(1), "tcp://x:1"),
    }
    with pytest.raises(PlatformError, match=f"a sweep needs the package {module}"):
        list(engine[module]())


@pytest.mark.slow
@pytest.mark.timeout(180)
def test_the_command_sweeps_sizes_and_seeds(tmp_path):
    arguments = ["sweep", "--case", "digits", "--platform", "reference", "--hidden", "10", "20", "--seed", "0", "1"]
    arguments += ["--samples", "30", "--test-samples", "20", "--epochs", "1", "--repeats", "1", "--out", str(tmp_path)]
    assert main(arguments) == 0
    found = {(row["layer_sizes"][1], row["seed"]) for row in row_files.read(tmp_path / row_files.ROWS)}
    assert found == {(10, 0), (10, 1), (20, 0), (20, 1)}
