"""Does a job in this process: that of the job (:mod:`benchmarks.jobs.process`)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from pynn_backprop.circuit.training import DEFAULT_FORM
from pynn_backprop.data.samples import Samples
from pynn_backprop.errors import DataNotFoundError, InputError, PlatformError
from pynn_backprop.runs.memory import peak_memory

from ..cases import CASES
from ..cases.base import Case
from ..measure.energy import estimates
from ..meters import open_meter
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
        case=case,
        samples=_held_out(case.load(job.samples + job.validation, job.test_samples, job.seed), job.validation),
        units=job.units,
        variant=job.variant,
        seed=job.seed,
        epochs=job.epochs,
        repeats=job.repeats,
        threads=job.threads,
        count_samples=job.count_samples,
        form=job.form or DEFAULT_FORM,
        rule=job.rule or case.rule,
        stretch=tuple(job.stretch),
        until=job.until,
        rates=tuple(job.rates),
        time_limit=job.time_limit,
    )


def _held_out(samples: Samples, validation: int) -> Samples:
    """The samples without the last ones of the training set, which are kept for validation."""
    if not validation:
        return samples
    x, y = samples.x_train, samples.y_train
    return replace(
        samples,
        x_train=x[:-validation],
        y_train=y[:-validation],
        x_validation=x[-validation:],
        y_validation=y[-validation:],
    )


def _measured(row: Row, job: Job) -> Row:
    platform = job.find_platform()
    if job.threads > 1 and not platform.threads:
        raise InputError(f"threads is {job.threads} but must be 1 on {platform.name}, which has no threads")
    task = replace(task_of(job), meter=open_meter(job.meter, job.meter_file, job.watt))
    try:
        measurement = platform.measure(task)
    finally:
        if task.meter is not None:
            task.meter.close()
    done = row | {
        "status": OK,
        "why": "",
        "repeat_seconds": measurement.repeat_seconds,
        "warm_up_seconds": measurement.warm_up_seconds,
        "correct": verdict(job, task.case, measurement),
        "metrics": measurement.metrics,
        "curve": measurement.curve,
        "rates": measurement.rates,
        "counts": measurement.counts,
        "energy": list(measurement.energy),
        "versions": {**row["versions"], **measurement.versions},
        "peak_memory_MB": peak_memory(),
    }
    done["energy"] += estimates(done)
    return done


def verdict(job: Job, case: Case, measurement: Measurement) -> dict[str, Any]:
    """The ``correct`` of a row: what "correct" means, and whether it was.

    A score is asked for after the case's own training only, with its own sizes, rule and seeds.
    """
    sizes = (case.units(), case.samples, case.epochs, case.rule)
    usual = sizes == (job.units, job.samples, job.epochs, job.rule or case.rule) and job.seed in case.seeds
    usual = usual and not job.until and case == CASES.get(job.case, job.case_file)
    found: dict[str, Any] = {
        "means": case.correct,
        "weights_equal_reference": measurement.weights_equal,
        "answers_equal_reference": measurement.answers_equal,
        "wanted": case.wanted if usual else None,
        "reached": case.reached(measurement.metrics) if usual else None,
    }
    checks = [measurement.weights_equal, measurement.answers_equal, found["reached"]]
    known = [check for check in checks if check is not None]
    return found | {"is": all(known) if known else None}
