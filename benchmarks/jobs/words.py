"""What stands on the command line for a job, and what it means."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from typing import Any

from pynn_backprop.checks import checked_hidden
from pynn_backprop.codes.binary import Binary
from pynn_backprop.codes.code import code_of
from pynn_backprop.errors import InputError

from ..cases.base import Hidden
from ..registry import File

BINARY = Binary.kind


def code_in_words(arguments: Mapping[str, Any] | None) -> str:
    """As the command line takes it: ``binary``, ``graded:32`` or ``graded:32:noise``."""
    if not arguments:
        return BINARY
    code = code_of(arguments)
    given = {**code.arguments()}
    return ":".join(map(str, [code.kind, *(given[name] for name in ("n", "dither") if name in given)]))


def code_from_words(text: str) -> dict[str, Any]:
    """The arguments of the code that :func:`code_in_words` names.

    Raises
    ------
    InputError
        If there is no such code.
    """
    kind, _, others = text.partition(":")
    number, _, dither = others.partition(":")
    if kind == BINARY and not others:
        return {}
    if not number.isdigit():
        raise InputError(f"code is {text!r} but must be {BINARY} or KIND:NEURONS, for example graded:32")
    return code_of({"kind": kind, "n": int(number), **({"dither": dither} if dither else {})}).arguments()


def hidden_in_words(hidden: Hidden) -> str:
    """As the command line takes it: ``400``, ``400,400``, or ``0``."""
    return ",".join(map(str, checked_hidden("hidden", hidden))) or "0"


def stretch_from_words(text: str) -> tuple[int, int]:
    """``FIRST:STOP`` as two numbers.

    Raises
    ------
    InputError
        If it is something else.
    """
    first, _, stop = text.partition(":")
    if not first.isdigit() or not stop.isdigit():
        raise InputError(f"stretch is {text!r} but must be FIRST:STOP, for example 20000:21000")
    return int(first), int(stop)


def command_of(job: Any, own_code: bool) -> str:
    """The command that makes the row of a job.

    Parameters
    ----------
    job : Job
        The job (:class:`benchmarks.jobs.job.Job`, which imports this module).
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
