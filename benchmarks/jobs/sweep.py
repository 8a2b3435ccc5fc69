"""Engines that run jobs: one after the other, several at once on this machine, or on the workers of a cluster.

An engine yields each job with its row as soon as it is done, in any order, each job once.  The rows are written by the
one who asks (:func:`benchmarks.jobs.queue.collect`), not by the workers, so that a lost worker loses no row and doubles
none: its jobs are done again by another.
"""

from __future__ import annotations

import importlib
from collections.abc import Iterator, Sequence
from dataclasses import replace
from types import ModuleType

from pynn_backprop.checks import check_count
from pynn_backprop.errors import InputError, PlatformError

from ..rows import FAILED, Row
from . import process
from .job import Job

Done = Iterator[tuple[Job, Row]]

CONNECT_SECONDS = 10
"""How long a cluster may take to answer."""


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
    joblib = _needed("joblib", "pip install 'pynn_backprop[sweep]'")
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
        If nothing answers at the address.
    """
    distributed = _needed("distributed", "pip install 'pynn_backprop[sweep]'")
    try:
        client = distributed.Client(scheduler, timeout=CONNECT_SECONDS, set_as_default=False)
    except (OSError, ValueError) as error:
        raise InputError(f"scheduler is {scheduler!r}, where no cluster answers: {error}") from error
    with client:
        slots = max(1, sum(client.nthreads().values()))
        jobs = [replace(job, jobs_at_once=slots) for job in jobs]
        futures = {client.submit(process.run, job, pure=False): job for job in jobs}
        for future in distributed.as_completed(futures, loop=client.loop):
            job = futures[future]
            failure = future.exception()
            yield job, future.result() if failure is None else job.row(FAILED, f"no worker could do it: {failure}")
            future.release()


def _needed(module: str, remedy: str) -> ModuleType:
    try:
        return importlib.import_module(module)
    except ImportError as error:
        raise PlatformError(f"this needs the module {module}, which is not installed: {remedy}") from error
