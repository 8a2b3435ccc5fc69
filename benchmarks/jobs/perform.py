"""Does a job in this process: that of the job (:mod:`benchmarks.jobs.process`)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pynn_backprop.errors import DataNotFoundError, InputError, PlatformError
from pynn_backprop.runs.memory import peak_memory

from ..cases.base import Case
from ..measure.energy import estimates
from ..platforms.base import Measurement, Task
from ..rows import FAILED, MISSING, OK, Row
from .job import Job


def perform(job: Job) -> Row:
    """Do a job.  Whatever goes wrong becomes a row that says so."""
    row = job.row()
    return _guarded(row, lambda: _measured(row, job))


def _guarded(row: Row, work: Callable[[], Row]) -> Row:
    """What `work` returns, or the row with the reason why it could not."""
    try:
        return work()
    except (PlatformError, DataNotFoundError, ImportError) as error:
        return row | {"status": MISSING, "why": _in_a_line(error)}
    except MemoryError:
        return row | {"status": FAILED, "why": "out of memory"}
    except Exception as error:  # any defect of a simulator: the other platforms go on
        return row | {"status": FAILED, "why": f"{type(error).__name__}: {_in_a_line(error)}"}


def _in_a_line(error: BaseException) -> str:
    return " ".join(str(error).split())[:1000] or type(error).__name__


def task_of(job: Job) -> Task:
    """What the platform is asked to do.

    Raises
    ------
    InputError
        If the case has fewer samples.
    DataNotFoundError
        If its data are not on this machine.
    """
    case = job.find_case()
    return Task(
        case,
        case.load(job.samples, job.test_samples, job.seed),
        job.units,
        job.variant,
        job.seed,
        job.epochs,
        job.repeats,
        job.threads,
        job.count_samples,
        job.watt,
        job.form,
    )


def _measured(row: Row, job: Job) -> Row:
    platform = job.find_platform()
    if job.threads > 1 and not platform.threads:
        raise InputError(f"threads is {job.threads} but must be 1 on {platform.name}, which has no threads")
    task = task_of(job)
    measurement = platform.measure(task)
    done = row | {
        "status": OK,
        "why": "",
        "repeat_seconds": measurement.repeat_seconds,
        "warm_up_seconds": measurement.warm_up_seconds,
        "correct": verdict(job, task.case, measurement),
        "metrics": measurement.metrics,
        "counts": measurement.counts,
        "energy": list(measurement.energy),
        "versions": {**row["versions"], **measurement.versions},
        "peak_memory_MB": peak_memory(),
    }
    done["energy"] += estimates(done)
    return done


def verdict(job: Job, case: Case, measurement: Measurement) -> dict[str, Any]:
    """The ``correct`` of a row: what "correct" means, and whether it was.

    A score is asked for with the case's own sizes and seeds only.
    """
    sizes = (case.units(), case.samples, case.epochs)
    usual = sizes == (job.units, job.samples, job.epochs) and job.seed in case.seeds
    found: dict[str, Any] = {
        "means": case.correct,
        "weights_equal_reference": measurement.weights_equal,
        "answers_equal_reference": measurement.answers_equal,
        "wanted": case.wanted if usual else None,
    }
    checks = [measurement.weights_equal, measurement.answers_equal]
    if usual:
        checks.append(case.reached(measurement.metrics))
    known = [check for check in checks if check is not None]
    return found | {"is": all(known) if known else None}
