"""A job: what one row is about.  It runs in a process of its own (:mod:`benchmarks.jobs.process`)."""

from __future__ import annotations

import shlex
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime, timezone
from typing import Any

from pynn_backprop.checks import check_choice, check_count
from pynn_backprop.errors import DataNotFoundError, InputError, PlatformError

from ..cases.case import Case, case_named
from ..platforms.base import BenchmarkPlatform, Measurement, Task, platform_named
from ..rows import FAILED, MISSING, OK, SCHEMA, Row, key_of
from . import host

COUNT_SAMPLES = 20
"""Samples whose spikes are counted, at the start and at the end; 40 at 400-400-10 take a second or two on NEST."""

REPEATS, TIME_LIMIT = 3, 600.0


@dataclass(frozen=True)
class Job:
    """What one row is about.

    Parameters
    ----------
    case, platform, variant
        What runs where, and how the platform does it.
    seed
        Of the initial weights and the order of samples.
    hidden
        Hidden units; 0 for one weight matrix.
    samples, test_samples, epochs
        The first training samples, shown so often; the first test samples.
    repeats
        How often the same is timed.
    threads
        Threads that the platform may use.
    time_limit
        Seconds after which the process is ended.
    count_samples
        Of how many samples, at the start and at the end of training, spikes are counted.
    watt
        Power of a busy core in W, for a machine without an energy meter; None if it is not known.
    jobs_at_once
        How many jobs run at the same time, for the records: they disturb one another.
    """

    case: str
    platform: str
    variant: str
    seed: int
    hidden: int
    samples: int
    test_samples: int
    epochs: int
    repeats: int = REPEATS
    threads: int = 1
    time_limit: float = TIME_LIMIT
    count_samples: int = COUNT_SAMPLES
    watt: float | None = None
    jobs_at_once: int = 1

    def __post_init__(self) -> None:
        case_named(self.case)
        check_choice(f"variant of {self.platform}", self.variant, platform_named(self.platform).variants)
        check_count("seed", self.seed, 0)
        check_count("hidden", self.hidden, 0)
        for name in ("samples", "test_samples", "epochs", "repeats", "threads", "count_samples", "jobs_at_once"):
            check_count(name, getattr(self, name))
        for name in ("time_limit", "watt"):
            value = getattr(self, name)
            if value is not None and not (isinstance(value, (int, float)) and 0 < value < float("inf")):
                raise InputError(f"{name} is {value!r} but must be a number above 0")

    @property
    def units(self) -> tuple[int, ...]:
        """Units of the layers, input first."""
        return case_named(self.case).units(self.hidden)

    @property
    def key(self) -> str:
        """What makes its row another one."""
        return key_of({**self.as_dict(), "layer_sizes": list(self.units)})

    @property
    def name(self) -> str:
        """What a person reads while it runs."""
        sizes = "-".join(map(str, self.units))
        return f"{self.case} {sizes} on {self.platform}:{self.variant}, seed {self.seed}"

    @property
    def command(self) -> str:
        """The command that makes this row."""
        words = {
            "case": self.case,
            "platform": f"{self.platform}:{self.variant}",
            **{n.replace("_", "-"): getattr(self, n) for n in ("seed", "hidden", "samples", "test_samples", "epochs")},
            **{n.replace("_", "-"): getattr(self, n) for n in ("repeats", "threads", "count_samples", "time_limit")},
            **({} if self.watt is None else {"watt": self.watt}),
        }
        return "python -m benchmarks run " + " ".join(f"--{k} {shlex.quote(f'{v}')}" for k, v in words.items())

    def as_dict(self) -> dict[str, Any]:
        """As JSON takes it; ``Job(**...)`` makes the job of it."""
        return asdict(self)

    def row(self, status: str = FAILED, why: str = "nothing has run yet") -> Row:
        """A row without results."""
        return {
            "schema": SCHEMA,
            "case": self.case,
            "platform": self.platform,
            "variant": self.variant,
            "seed": self.seed,
            "layer_sizes": list(self.units),
            "code": case_named(self.case).code.arguments(),
            "samples": self.samples,
            "test_samples": self.test_samples,
            "epochs": self.epochs,
            "repeats": self.repeats,
            "threads": self.threads,
            "time_limit": self.time_limit,
            "status": status,
            "why": why,
            "repeat_seconds": {},
            "warm_up_seconds": None,
            "correct": {"means": case_named(self.case).correct},
            "metrics": {},
            "counts": {},
            "energy": [],
            "peak_memory_MB": None,
            "host": {**host.host(), "jobs_at_once": self.jobs_at_once},
            "versions": host.versions(),
            "started": datetime.now(timezone.utc).isoformat(timespec="seconds"),
            "command": self.command,
        }


# -- in the process of the job -----------------------------------------------------------------------------------------


def perform(job: Job) -> Row:
    """Run a job in this process.  Whatever goes wrong becomes a row that says so."""
    row = job.row()
    case, platform = case_named(job.case), platform_named(job.platform)
    return _guarded(row, lambda: _measured(row, job, case, platform))


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


def _measured(row: Row, job: Job, case: Case, platform: BenchmarkPlatform) -> Row:
    if job.threads > 1 and not platform.threads:
        raise InputError(f"threads is {job.threads} but must be 1 on {platform.name}, which has no threads")
    samples = case.load(job.samples, job.test_samples, job.seed)
    measurement = platform.measure(
        Task(
            case,
            samples,
            job.units,
            job.variant,
            job.seed,
            job.epochs,
            job.repeats,
            job.threads,
            job.count_samples,
            job.watt,
        )
    )
    done = row | {
        "status": OK,
        "why": "",
        "repeat_seconds": measurement.repeat_seconds,
        "warm_up_seconds": measurement.warm_up_seconds,
        "correct": _correct(job, case, measurement),
        "metrics": measurement.metrics,
        "counts": measurement.counts,
        "energy": list(measurement.energy),
        "versions": {**row["versions"], **measurement.versions},
        "peak_memory_MB": host.peak_memory_MB(),
    }
    done["energy"] += _estimates(done)
    return done


def _estimates(row: Row) -> list[dict[str, Any]]:
    from ..measure.energy import estimates

    return list(estimates(row))


def _correct(job: Job, case: Case, measurement: Measurement) -> dict[str, Any]:
    """What "correct" means here, and whether it was; a score is asked for with the case's own sizes and seeds only."""
    usual = (case.hidden, case.samples, case.epochs) == (job.hidden, job.samples, job.epochs) and job.seed in case.seeds
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
