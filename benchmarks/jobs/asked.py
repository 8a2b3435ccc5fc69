"""Every job that a command asks for, checked before the first one runs."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase

from pynn_backprop.checks import check_choice, check_count, checked_hidden
from pynn_backprop.circuit.learning_rule import RULES
from pynn_backprop.circuit.training import DEFAULT_FORM, FORMS
from pynn_backprop.errors import InputError

from ..cases import CASES
from ..cases.base import Case, Hidden
from ..meters import METERS
from ..platforms import PLATFORMS
from ..platforms.base import EVERY, BenchmarkPlatform
from ..registry import SUFFIX, File, is_pattern, matching
from .job import COUNT_SAMPLES, REPEATS, TIME_LIMIT, Job
from .rehearsal import rehearse
from .words import code_from_words, stretch_from_words

USUAL_CASE = "digits"


@dataclass(frozen=True)
class Asked:
    """What a command asks for; None where the user did not say.  Names may be patterns, as ``*`` or ``nest*``.

    Parameters
    ----------
    case : Sequence[str] or None
        Names, or files whose names end in .py.
    platform : Sequence[str] or None
        The same; of a variant ``NAME:VARIANT``, of each one ``NAME:all``.
    peers : bool
        Every variant of the package's peers too.
    seed : Sequence[int] or None
        Seeds.
    hidden : Sequence[int or tuple[int, ...]] or None
        Of each network, the units of its hidden layer, or of each one.
    depth : Sequence[int] or None
        Of each network, the number of its weight matrices; its hidden layers are all as large as the case's.
    form, rule, code : Sequence[str] or None
        Forms of the circuit that learns, learning rules, and codes.
    threads : int or Sequence[int]
        Threads of a platform that has them.
    series : bool
        Whether all seeds and all sizes of a case's series are meant where the user does not say; else the first seed
        and its own size.
    samples, test_samples, epochs : int or None
        What is shown; the case's own if None, and never more samples than that.
    validation, stretch, until : int, str and float
        As of a :class:`~benchmarks.jobs.job.Job`; the stretch as ``FIRST:STOP``, or empty.
    tune : bool
        Whether peers choose their learning rates by validation samples.
    rates : Sequence[float] or None
        Their rates; those of each peer if None.
    meter : str
        Name of a meter, or a file; the best there is if empty.
    only, skip : Sequence[str] or None
        Patterns of the names of jobs, as they are shown while they run: which are meant, and which are not.
    repeats, count_samples, time_limit, watt : int, float, and float or None
        As of a :class:`~benchmarks.jobs.job.Job`.
    """

    case: Sequence[str] | None = None
    platform: Sequence[str] | None = None
    peers: bool = False
    seed: Sequence[int] | None = None
    hidden: Sequence[Hidden] | None = None
    depth: Sequence[int] | None = None
    form: Sequence[str] | None = None
    rule: Sequence[str] | None = None
    code: Sequence[str] | None = None
    threads: int | Sequence[int] = 1
    series: bool = False
    samples: int | None = None
    test_samples: int | None = None
    epochs: int | None = None
    validation: int = 0
    stretch: str = ""
    until: float = 0.0
    tune: bool = False
    rates: Sequence[float] | None = None
    meter: str = ""
    only: Sequence[str] | None = None
    skip: Sequence[str] | None = None
    repeats: int = REPEATS
    count_samples: int = COUNT_SAMPLES
    time_limit: float = TIME_LIMIT
    watt: float | None = None

    def jobs(self) -> list[Job]:
        """The jobs; what comes from files was tried.

        Raises
        ------
        InputError
            If something that is asked for is not there or not allowed, or a file can't be used; names it.
        """
        for name in ("samples", "test_samples", "epochs"):
            if getattr(self, name) is not None:
                check_count(f"--{name.replace('_', '-')}", getattr(self, name))
        cases, platforms = self._cases(), self._platforms()
        jobs = []
        for case, file in cases:
            of_case = list(self._jobs_of(case, file, platforms))
            if file is not None:
                rehearse(of_case[0])
            jobs += of_case
        chosen = [job for job in jobs if self._meant(job)]
        if jobs and not chosen:
            raise InputError(f"--only and --skip leave none of the {len(jobs)} jobs, the first of them {jobs[0].name}")
        return chosen

    def _meant(self, job: Job) -> bool:
        only, skip = (any(fnmatchcase(job.name, one) for one in some or ()) for some in (self.only, self.skip))
        return (only or not self.only) and not skip

    def _jobs_of(
        self, case: Case, file: File | None, platforms: Sequence[tuple[BenchmarkPlatform, str, File | None]]
    ) -> Iterable[Job]:
        threads = (self.threads,) if isinstance(self.threads, int) else self.threads
        codes = self.code or ("",)
        for hidden, code, (platform, variant, other) in itertools.product(self._sizes(case), codes, platforms):
            forms = ("",) if platform.peer else _chosen("form", self.form or (DEFAULT_FORM,), FORMS)
            rules = ("",) if platform.peer else _chosen("rule", self.rule or (case.rule,), RULES)
            counts = dict.fromkeys(count if platform.threads else 1 for count in threads)
            seeds = self.seed or (case.seeds if self.series else case.seeds[:1])
            for form, rule, count, seed in itertools.product(forms, rules, counts, seeds):
                yield self._job(case, file, platform, variant, other, hidden, code, form, rule, count, seed)

    def _sizes(self, case: Case) -> list[Hidden]:
        if self.depth:
            if self.hidden:
                raise InputError("--hidden and --depth can't be given both: each says how many hidden layers there are")
            first = (*checked_hidden("hidden", case.hidden), 0)[0]
            return [(first,) * (check_count("depth", depth) - 1) or 0 for depth in self.depth]
        return list(self.hidden or (case.hidden_sizes if self.series else (case.hidden,)))

    def _job(
        self,
        case: Case,
        case_file: File | None,
        platform: BenchmarkPlatform,
        variant: str,
        platform_file: File | None,
        hidden: Hidden,
        code: str,
        form: str,
        rule: str,
        threads: int,
        seed: int,
    ) -> Job:
        meter, meter_file = METERS.find(self.meter) if self.meter else (None, None)
        rates = self.rates or (platform.rates if self.tune else ())
        return Job(
            case.name,
            platform.name,
            variant,
            seed,
            hidden,
            min(self.samples or case.samples, max(1, case.samples - self.validation)),
            min(self.test_samples or case.test_samples, case.test_samples),
            self.epochs or case.epochs,
            self.repeats,
            threads,
            self.time_limit,
            self.count_samples,
            self.watt,
            form,
            rule,
            code_from_words(code) if code else None,
            self.validation,
            stretch_from_words(self.stretch) if self.stretch else (),
            self.until,
            rates,
            meter.name if meter else "",
            case_file=case_file,
            platform_file=platform_file,
            meter_file=meter_file,
        )

    def _cases(self) -> list[tuple[Case, File | None]]:
        found = [held for text in self.case or [USUAL_CASE] for held in CASES.find_all(text)]
        _check_names("case", [(case.name, file) for case, file in found])
        return found

    def _platforms(self) -> list[tuple[BenchmarkPlatform, str, File | None]]:
        registered = PLATFORMS.registered.values()
        circuits = [platform.name for platform in registered if not platform.peer]
        peers = [f"{platform.name}:{EVERY}" for platform in registered if platform.peer]
        found = []
        for text in [*(self.platform or circuits), *(peers if self.peers else [])]:
            name, variant = split_variant(text)
            held = PLATFORMS.find_all(name)
            chosen = [(platform, one, file) for platform, file in held for one in platform.chosen(variant)]
            if not chosen:
                raise InputError(f"--platform is {text!r}, which no variant of a platform matches")
            found += chosen
        _check_names("platform", [(platform.name, file) for platform, _, file in found])
        return found


def _chosen(what: str, asked: Sequence[str], there: Iterable[str]) -> list[str]:
    """The names that are asked for, patterns among them."""
    names = list(there)
    return list(
        dict.fromkeys(
            name
            for one in asked
            for name in (matching(one, names) if is_pattern(one) else [check_choice(what, one, names)])
        )
    )


def split_variant(text: str) -> tuple[str, str]:
    """``NAME:VARIANT`` or ``FILE.py:VARIANT`` in two; the second is empty without a variant.

    Raises
    ------
    InputError
        If nothing follows the colon.
    """
    name, colon, variant = text.rpartition(":")
    if not colon or (text.endswith(SUFFIX) and not name.endswith(SUFFIX)):
        return text, ""
    if not variant:
        raise InputError(f"--platform is {text!r} but must be NAME, NAME:VARIANT or NAME:{EVERY}")
    return name, variant


def _check_names(what: str, found: Sequence[tuple[str, File | None]]) -> None:
    """Refuse two files whose things have the same name: their rows could not be told apart."""
    by_name: dict[str, File] = {}
    for name, file in found:
        if file is not None and by_name.setdefault(name, file) != file:
            raise InputError(f"{by_name[name].path} and {file.path} both have a {what} of the name {name!r}")
