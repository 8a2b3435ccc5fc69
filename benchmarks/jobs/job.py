"""A job: what one row is about."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from pynn_backprop.checks import check_choice, check_count, checked_hidden
from pynn_backprop.circuit.training import DEFAULT_FORM, FORMS
from pynn_backprop.errors import InputError

from ..cases import CASES
from ..cases.base import Case, Hidden
from ..platforms import PLATFORMS
from ..platforms.base import BenchmarkPlatform
from ..registry import File
from ..rows import FAILED, SCHEMA, Row, key_of
from . import host

COUNT_SAMPLES = 20
"""Samples whose spikes are counted, at the start and at the end; 40 at 400-400-10 take a second or two on NEST."""

REPEATS, TIME_LIMIT = 3, 600.0


def hidden_in_words(hidden: Hidden) -> str:
    """As the command line takes it: ``400``, ``400,400``, or ``0``."""
    return ",".join(map(str, checked_hidden("hidden", hidden))) or "0"


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
    form : str
        Of the circuit that learns; left empty for a peer, which has none.
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
    jobs_at_once: int = 1
    case_file: File | None = None
    platform_file: File | None = None

    def __post_init__(self) -> None:
        self.find_case()
        check_choice(f"variant of {self.platform}", self.variant, self.find_platform().variants)
        check_count("seed", self.seed, 0)
        object.__setattr__(self, "hidden", checked_hidden("hidden", self.hidden))
        object.__setattr__(self, "form", "" if self.find_platform().peer else check_choice("form", self.form, FORMS))
        for name in ("samples", "test_samples", "epochs", "repeats", "threads", "count_samples", "jobs_at_once"):
            check_count(name, getattr(self, name))
        for name in ("time_limit", "watt"):
            value = getattr(self, name)
            if value is not None and not (isinstance(value, (int, float)) and 0 < value < float("inf")):
                raise InputError(f"{name} is {value!r} but must be a number above 0")

    def find_case(self) -> Case:
        """The case."""
        return CASES.get(self.case, self.case_file)

    def find_platform(self) -> BenchmarkPlatform:
        """The platform."""
        return PLATFORMS.get(self.platform, self.platform_file)

    @property
    def files(self) -> list[File]:
        """The files outside the package that it needs."""
        return [file for file in (self.case_file, self.platform_file) if file is not None]

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
        return f"{self.case} {sizes} on {self.platform}:{self.variant}, seed {self.seed}"

    @property
    def command(self) -> str:
        """The command that makes this row."""
        case, platform = self.case_file or File(self.case, ""), self.platform_file or File(self.platform, "")
        words = {
            "case": case.path,
            "platform": f"{platform.path}:{self.variant}",
            "seed": self.seed,
            "hidden": hidden_in_words(self.hidden),
            **({"form": self.form} if self.form else {}),
            **{n.replace("_", "-"): getattr(self, n) for n in ("samples", "test_samples", "epochs")},
            **{n.replace("_", "-"): getattr(self, n) for n in ("repeats", "threads", "count_samples", "time_limit")},
            **({} if self.watt is None else {"watt": self.watt}),
        }
        return "python -m benchmarks run " + " ".join(f"--{k} {shlex.quote(f'{v}')}" for k, v in words.items())

    def as_dict(self) -> dict[str, Any]:
        """As JSON takes it; :meth:`from_dict` makes the job of it."""
        return asdict(self)

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> Job:
        """The job of what :meth:`as_dict` returned, in this process or another one."""
        files = {name: File(*values[name]) for name in ("case_file", "platform_file") if values[name] is not None}
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
            "code": case.code.arguments(),
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
            "correct": {"means": case.correct},
            "metrics": {},
            "counts": {},
            "energy": [],
            "peak_memory_MB": None,
            "host": {**host.host(), "jobs_at_once": self.jobs_at_once},
            "versions": {**host.versions(), **{Path(f.path).name: f"sha256 {f.sha256[:12]}" for f in self.files}},
            "started": datetime.now(timezone.utc).isoformat(timespec="seconds"),
            "command": self.command,
        }
