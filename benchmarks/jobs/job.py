"""A job: what one row is about."""

from __future__ import annotations

import shlex
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from pynn_backprop.checks import check_choice, check_count, checked_hidden
from pynn_backprop.circuit.learning_rule import RULES
from pynn_backprop.circuit.parameters import PUBLISHED
from pynn_backprop.circuit.training import DEFAULT_FORM, FORMS
from pynn_backprop.codes.code import code_of
from pynn_backprop.errors import InputError

from ..cases import CASES
from ..cases.base import Case, Hidden
from ..meters import METERS
from ..platforms import PLATFORMS
from ..platforms.base import BenchmarkPlatform
from ..registry import File
from ..rows import FAILED, SCHEMA, Row, key_of
from . import host
from .words import code_in_words, hidden_in_words

COUNT_SAMPLES = 20
"""Samples whose spikes are counted, at the start and at the end; 40 at 400-400-10 take a second or two on NEST."""

REPEATS, TIME_LIMIT = 3, 600.0


def _checked_rule(case: Case, rule: str | None) -> str:
    """The name of a rule that the case can be learnt by."""
    chosen = check_choice("rule", rule or case.rule, RULES)
    if chosen != case.rule and case.rule == PUBLISHED:
        raise InputError(f"rule is {chosen!r}, but the case {case.name} can be learnt by the {case.rule} one only")
    return chosen


@dataclass(frozen=True)
class Job:
    """What one row is about.

    Parameters
    ----------
    case, platform, variant : str
        Names of what runs where, and of how the platform does it.
    seed : int
        Of the initial weights and the order of samples.
    hidden : int or sequence of int
        Units of the hidden layer, or of each one; 0 for one weight matrix.  Kept as a tuple, one number a layer.
    samples, test_samples, epochs : int
        The first training samples, shown so often; the first test samples.
    repeats : int
        How often the same is timed.
    threads : int
        Threads that the platform may use.
    time_limit : float
        Seconds after which the process is ended.
    count_samples : int
        Of how many samples, at the start and at the end of training, spikes are counted.
    watt : float or None
        Power of a busy core in W, for a machine without an energy meter; None if it is not known.
    form, rule : str
        Of the circuit that learns; left empty for a peer, which has none.
    code : dict or None
        How numbers become spikes, as :func:`pynn_backprop.codes.code.code_of` takes it; the case's own if None.
    validation : int
        How many samples of the training set behind the first `samples` are held out.
    stretch : sequence of int
        The first of the samples of the training that the platform shows itself, counted through all epochs, and the
        one behind the last; the rule learns the others.  Empty for all.
    until : float
        The share of right validation samples at which training ends; 0 if it goes on to its end.
    rates : sequence of float
        Learning rates that a peer chooses from by its validation samples; its usual one if there are none.
    meter : str
        What meters energy; the best that the machine has if empty.
    jobs_at_once : int
        How many jobs run at the same time, for the records: they disturb one another.
    case_file, platform_file : File or None
        Where the case or the platform is, if it is none of the package's own.

    Raises
    ------
    InputError
        If a value is not allowed, or a file has changed since the run began.
    """

    case: str
    platform: str
    variant: str
    seed: int
    hidden: Hidden
    samples: int
    test_samples: int
    epochs: int
    repeats: int = REPEATS
    threads: int = 1
    time_limit: float = TIME_LIMIT
    count_samples: int = COUNT_SAMPLES
    watt: float | None = None
    form: str = DEFAULT_FORM
    rule: str | None = None
    code: Mapping[str, Any] | None = None
    validation: int = 0
    stretch: Sequence[int] = ()
    until: float = 0.0
    rates: Sequence[float] = ()
    meter: str = ""
    jobs_at_once: int = 1
    case_file: File | None = None
    platform_file: File | None = None
    meter_file: File | None = None

    def __post_init__(self) -> None:
        case, platform = self.find_case(), self.find_platform()
        check_choice(f"variant of {self.platform}", self.variant, platform.variants)
        check_count("seed", self.seed, 0)
        given = {
            "hidden": checked_hidden("hidden", self.hidden),
            "form": "" if platform.peer else check_choice("form", self.form, FORMS),
            "rule": "" if platform.peer else _checked_rule(case, self.rule),
            "code": dict(case.code.arguments()),
            "stretch": tuple(self.stretch),
            "rates": tuple(self.rates) if platform.peer else (),
            "until": float(self.until),
        }
        for name, value in given.items():
            object.__setattr__(self, name, value)
        for name in ("samples", "test_samples", "epochs", "repeats", "threads", "count_samples", "jobs_at_once"):
            check_count(name, getattr(self, name))
        check_count("validation", self.validation, 0)
        for name in ("time_limit", "watt"):
            value = getattr(self, name)
            if value is not None and not (isinstance(value, (int, float)) and 0 < value < float("inf")):
                raise InputError(f"{name} is {value!r} but must be a number above 0")
        self._check_stretch(platform.peer)
        self._check_held_out()
        if self.meter:
            METERS.get(self.meter, self.meter_file)

    def _check_stretch(self, peer: bool) -> None:
        total = self.samples * self.epochs
        if self.stretch and peer:
            object.__setattr__(self, "stretch", ())
        elif self.stretch and not (len(self.stretch) == 2 and 0 <= self.stretch[0] < self.stretch[1] <= total):
            raise InputError(f"stretch is {self.stretch} but must be two numbers from 0 to {total}, the smaller first")
        if self.stretch and self.until:
            raise InputError("stretch and until can't be given both: to end at a score, a platform shows all samples")

    def _check_held_out(self) -> None:
        if not 0 <= self.until < 1:
            raise InputError(f"until is {self.until!r} but must be a share from 0 to below 1")
        for name, wanted in (("until", bool(self.until)), ("rates", len(self.rates) > 1)):
            if wanted and not self.validation:
                raise InputError(f"{name} needs samples that are held out: validation must be at least 1")
        if any(not 0 < rate < float("inf") for rate in self.rates):
            raise InputError(f"rates are {self.rates!r} but must be numbers above 0")

    def find_case(self) -> Case:
        """The case, in the code that was asked for."""
        case = CASES.get(self.case, self.case_file)
        return case if self.code is None else case.coded(code_of(self.code))

    def find_platform(self) -> BenchmarkPlatform:
        """The platform."""
        return PLATFORMS.get(self.platform, self.platform_file)

    @property
    def files(self) -> list[File]:
        """The files outside the package that it needs."""
        return [file for file in (self.case_file, self.platform_file, self.meter_file) if file is not None]

    @property
    def units(self) -> tuple[int, ...]:
        """Units of the layers, input first."""
        return self.find_case().units(self.hidden)

    @property
    def key(self) -> str:
        """What makes its row another one."""
        return key_of({**asdict(self), "layer_sizes": list(self.units)})

    @property
    def name(self) -> str:
        """What a person reads while it runs."""
        sizes = "-".join(map(str, self.units))
        more = [self.form, self.rule, f"{self.threads} threads" if self.threads > 1 else ""]
        words = " ".join(filter(None, [f"{self.platform}:{self.variant}", *more]))
        return f"{self.case} {sizes} on {words}, seed {self.seed}"

    @property
    def command(self) -> str:
        """The command that makes this row."""
        return command_of(self, self.code != CASES.get(self.case, self.case_file).code.arguments())

    def as_dict(self) -> dict[str, Any]:
        """As JSON takes it; :meth:`from_dict` makes the job of it."""
        return asdict(self)

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> Job:
        """The job of what :meth:`as_dict` returned, in this process or another one."""
        names = ("case_file", "platform_file", "meter_file")
        files = {name: File(*values[name]) for name in names if values[name] is not None}
        return cls(**{**values, **files})

    def row(self, status: str = FAILED, why: str = "nothing has run yet") -> Row:
        """A row without results."""
        case = self.find_case()
        return {
            "schema": SCHEMA,
            "case": self.case,
            "platform": self.platform,
            "variant": self.variant,
            "seed": self.seed,
            "layer_sizes": list(self.units),
            "form": self.form,
            "rule": self.rule,
            "code": case.code.arguments(),
            "samples": self.samples,
            "test_samples": self.test_samples,
            "epochs": self.epochs,
            "whole_training": {"samples": case.samples, "epochs": case.epochs},
            "validation": self.validation,
            "stretch": list(self.stretch),
            "until": self.until,
            "repeats": self.repeats,
            "threads": self.threads,
            "time_limit": self.time_limit,
            "status": status,
            "why": why,
            "repeat_seconds": {},
            "warm_up_seconds": None,
            "correct": {"means": case.correct},
            "metrics": {},
            "curve": [],
            "rates": {},
            "counts": {},
            "energy": [],
            "peak_memory_MB": None,
            "host": {**host.host(), "jobs_at_once": self.jobs_at_once},
            "versions": {**host.versions(), **{Path(f.path).name: f"sha256 {f.sha256[:12]}" for f in self.files}},
            "started": datetime.now(timezone.utc).isoformat(timespec="seconds"),
            "command": self.command,
        }


def command_of(job: Job, own_code: bool) -> str:
    """The command that makes the row of a job.

    Parameters
    ----------
    job : Job
        The job.
    own_code : bool
        Whether its code is another one than the case's.
    """
    case, platform = job.case_file or File(job.case, ""), job.platform_file or File(job.platform, "")
    meter = job.meter_file.path if job.meter_file else job.meter
    words: dict[str, Any] = {
        "case": case.path,
        "platform": f"{platform.path}:{job.variant}",
        "seed": job.seed,
        "hidden": hidden_in_words(job.hidden),
        **({"form": job.form} if job.form else {}),
        **({"rule": job.rule} if job.rule else {}),
        **({"code": code_in_words(job.code)} if own_code else {}),
        **{n.replace("_", "-"): getattr(job, n) for n in ("samples", "test_samples", "epochs")},
        **({"validation": job.validation} if job.validation else {}),
        **({"stretch": ":".join(map(str, job.stretch))} if job.stretch else {}),
        **({"until": job.until} if job.until else {}),
        **({"rates": ",".join(f"{rate:g}" for rate in job.rates)} if job.rates else {}),
        **{n.replace("_", "-"): getattr(job, n) for n in ("repeats", "threads", "count_samples", "time_limit")},
        **({} if job.watt is None else {"watt": job.watt}),
        **({"meter": meter} if meter else {}),
    }
    return "python -m benchmarks run " + " ".join(f"--{k} {shlex.quote(f'{v}')}" for k, v in words.items())
