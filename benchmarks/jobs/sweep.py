"""Engines that run jobs: one after the other, several at once on this machine, or on the workers of a cluster.

An engine yields each job with its row as soon as it is done, in any order, each job once.  The rows are written by the
one who asks (:func:`benchmarks.jobs.queue.collect`), not by the workers, so that a lost worker loses no row and doubles
none: its jobs are done again by another.
"""

from __future__ import annotations

import contextlib
import logging
import re
import socket
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from pynn_backprop.checks import check_count
from pynn_backprop.errors import InputError, PlatformError
from pynn_backprop.extras import require

from ..rows import FAILED, Row
from . import process
from .job import Job

Done = Iterator[tuple[Job, Row]]

CONNECT_SECONDS = 8
"""How long a cluster may take to answer, and to have a worker."""

LOST_SECONDS, WORKERS_SECONDS, POLL_SECONDS = 5.0, 60.0, 0.1
"""After how long a scheduler that is not there, or has no workers, is given up; and how often it is looked."""

_ADDRESS = re.compile(r"(?:(?P<scheme>[a-z]+)://)?(?P<host>[^:/\s]+|\[[0-9a-fA-F:.]+\]):(?P<port>[0-9]{1,5})")


def one_by_one(jobs: Sequence[Job]) -> Done:
    """Run jobs one after the other: nothing else of ours disturbs what is timed."""
    for job in jobs:
        yield job, process.run(job)


def at_once(jobs: Sequence[Job], workers: int) -> Done:
    """Run up to `workers` jobs at once with joblib.  Threads suffice, since every job has a process of its own.

    Raises
    ------
    PlatformError
        If joblib is not installed.
    """
    check_count("workers", workers)
    joblib = require("joblib", "a sweep", "sweep")
    jobs = [replace(job, jobs_at_once=workers) for job in jobs]
    parallel = joblib.Parallel(n_jobs=workers, prefer="threads", return_as="generator_unordered")
    yield from parallel(joblib.delayed(_done)(job) for job in jobs)


def _done(job: Job) -> tuple[Job, Row]:
    return job, process.run(job)


def on_cluster(jobs: Sequence[Job], scheduler: str) -> Done:
    """Run jobs on the workers of a dask.distributed cluster, each of which must find this package
    (``PYTHONPATH`` with the checkout), and files of the user under the same path.

    A job whose worker dies is given to another one; one that has ended several workers (dask's setting
    ``distributed.scheduler.allowed-failures``) becomes a row that says so.

    Parameters
    ----------
    jobs : Sequence[Job]
        What to run.
    scheduler : str
        Address of the scheduler, for example ``tcp://127.0.0.1:8786``.

    Raises
    ------
    PlatformError
        If dask.distributed is not installed.
    InputError
        If nothing answers at the address, or there are no workers.
    PlatformError
        If the scheduler, or its last worker, goes; the rows that were yielded are whole.
    """
    distributed = require("distributed", "a sweep", "sweep")
    _check_answers(scheduler)
    try:
        client = distributed.Client(scheduler, timeout=CONNECT_SECONDS, set_as_default=False)
    except (OSError, ValueError) as error:
        raise InputError(f"scheduler is {scheduler!r}, where no cluster answers: {error}") from error
    try:
        try:
            client.wait_for_workers(1, timeout=CONNECT_SECONDS)
        except Exception as error:  # dask's own TimeoutError is another one in each of its versions
            raise InputError(f"scheduler is {scheduler!r}, which has no workers: {error}") from error
        slots = max(1, sum(client.nthreads().values()))
        jobs = [replace(job, jobs_at_once=slots) for job in jobs]
        # What it would say of a lost scheduler, with a traceback, is said once by the error.
        logging.getLogger("distributed.client").addFilter(_nothing)
        yield from _each_done(client, {client.submit(process.run, job, pure=False): job for job in jobs}, scheduler)
    finally:
        with contextlib.suppress(Exception):  # a cluster that has gone can't be left politely
            client.close(timeout=2)
        logging.getLogger("distributed.client").removeFilter(_nothing)


def _nothing(record: logging.LogRecord) -> bool:
    """Lets no message through."""
    return False


def _check_answers(scheduler: str) -> None:
    """Refuse an address at which nobody speaks first, as a scheduler does: dask would wait for ever."""
    found = _ADDRESS.fullmatch(scheduler) if isinstance(scheduler, str) else None
    if found is None or not 0 < int(found["port"]) < 2**16:
        raise InputError(f"scheduler is {scheduler!r} but must be an address, for example tcp://127.0.0.1:8786")
    host = found["host"].strip("[]")
    try:
        with socket.create_connection((host, int(found["port"])), timeout=CONNECT_SECONDS / 2) as connection:
            connection.settimeout(CONNECT_SECONDS / 2)
            if (found["scheme"] or "tcp") == "tcp" and not connection.recv(1):
                raise OSError("the connection was closed")
    except OSError as error:  # a timeout too
        why = "nothing is said there" if isinstance(error, TimeoutError) else error
        raise InputError(f"scheduler is {scheduler!r}, where no cluster answers: {why}") from error


def _each_done(client: Any, futures: dict[Any, Job], scheduler: str) -> Done:
    """Each job and its row as soon as it is there; an error if the cluster, or all of its workers, have gone."""
    running = workers = time.monotonic()
    while futures:
        now = time.monotonic()
        if client.status == "running":
            running = now
        if now - workers > CONNECT_SECONDS and client.status == "running" and client.nthreads():
            workers = now
        cancelled = any(future.status in ("cancelled", "lost") for future in futures)
        if cancelled or now - running > LOST_SECONDS or now - workers > WORKERS_SECONDS:
            gone = "has gone" if cancelled or now - running > LOST_SECONDS else "has had no worker for a minute"
            raise PlatformError(
                f"the scheduler {scheduler} {gone}, with {len(futures)} jobs to do; the rows so far are kept, and the "
                "same command with --resume does the others"
            )
        done = [future for future in futures if future.status in ("finished", "error")]
        for future in done:
            job = futures.pop(future)
            failure = future.exception()
            yield job, future.result() if failure is None else job.row(FAILED, f"no worker could do it: {failure}")
            future.release()
        if not done:
            time.sleep(POLL_SECONDS)
