"""Every job that a command asks for, checked before the first one runs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pynn_backprop.checks import check_count
from pynn_backprop.circuit.training import DEFAULT_FORM
from pynn_backprop.errors import InputError

from ..cases import CASES
from ..cases.base import Case, Hidden
from ..platforms import PLATFORMS
from ..platforms.base import EVERY, BenchmarkPlatform
from ..registry import SUFFIX, File
from .job import COUNT_SAMPLES, REPEATS, TIME_LIMIT, Job
from .rehearsal import rehearse

USUAL_CASE = "digits"


@dataclass(frozen=True)
class Asked:
    """What a command asks for; None where the user did not say.

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
    form : Sequence[str] or None
        Forms of the circuit that learns.
    series : bool
        Whether all seeds and all sizes of a case's series are meant where the user does not say; else the first seed
        and its own size.
    samples, test_samples, epochs : int or None
        What is shown; the case's own if None, and never more samples than that.
    repeats, threads, count_samples, time_limit, watt : int, float, and float or None
        As of a :class:`~benchmarks.jobs.job.Job`.
    """

    case: Sequence[str] | None = None
    platform: Sequence[str] | None = None
    peers: bool = False
    seed: Sequence[int] | None = None
    hidden: Sequence[Hidden] | None = None
    form: Sequence[str] | None = None
    series: bool = False
    samples: int | None = None
    test_samples: int | None = None
    epochs: int | None = None
    repeats: int = REPEATS
    threads: int = 1
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
            of_case = [
                self._job(case, file, platform, variant, other, hidden, form, seed)
                for hidden in self.hidden or (case.hidden_sizes if self.series else (case.hidden,))
                for platform, variant, other in platforms
                for form in (("",) if platform.peer else self.form or (DEFAULT_FORM,))
                for seed in self.seed or (case.seeds if self.series else case.seeds[:1])
            ]
            if file is not None:
                rehearse(of_case[0])
            jobs += of_case
        return jobs

    def _job(
        self,
        case: Case,
        case_file: File | None,
        platform: BenchmarkPlatform,
        variant: str,
        platform_file: File | None,
        hidden: Hidden,
        form: str,
        seed: int,
    ) -> Job:
        return Job(
            case.name,
            platform.name,
            variant,
            seed,
            hidden,
            min(self.samples or case.samples, case.samples),
            min(self.test_samples or case.test_samples, case.test_samples),
            self.epochs or case.epochs,
            self.repeats,
            self.threads if platform.threads else 1,
            self.time_limit,
            self.count_samples,
            self.watt,
            form,
            case_file=case_file,
            platform_file=platform_file,
        )

    def _cases(self) -> list[tuple[Case, File | None]]:
        found = [CASES.find(text) for text in self.case or [USUAL_CASE]]
        _check_names("case", [(case.name, file) for case, file in found])
        return found

    def _platforms(self) -> list[tuple[BenchmarkPlatform, str, File | None]]:
        registered = PLATFORMS.registered.values()
        circuits = [platform.name for platform in registered if not platform.peer]
        peers = [f"{platform.name}:{EVERY}" for platform in registered if platform.peer]
        found = []
        for text in [*(self.platform or circuits), *(peers if self.peers else [])]:
            name, variant = split_variant(text)
            platform, file = PLATFORMS.find(name)
            found += [(platform, one, file) for one in platform.chosen(variant)]
        _check_names("platform", [(platform.name, file) for platform, _, file in found])
        return found


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
