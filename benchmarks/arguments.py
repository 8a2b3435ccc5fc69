"""What the command ``python -m benchmarks`` takes."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any

from pynn_backprop.circuit.learning_rule import RULES
from pynn_backprop.circuit.training import DEFAULT_FORM, FORMS
from pynn_backprop.cli.parser import CommandParser

from .cases import CASES
from .jobs.asked import USUAL_CASE, Asked
from .jobs.job import COUNT_SAMPLES, REPEATS, TIME_LIMIT
from .meters import METERS
from .platforms import PLATFORMS
from .platforms.base import EVERY
from .registry import SUFFIX

RUN, SWEEP, REPORT, COMPARE, LIST = "run", "sweep", "report", "compare", "list"
COSTS, ANSWERS, README = "forms", "inference", "readme"
OUT = "benchmark-results"


def parser() -> CommandParser:
    """The parser; what it returns has the command's name as ``command``."""
    whole = CommandParser(
        prog="python -m benchmarks",
        description="The same network, sample by sample, on every platform: accuracy, spikes, time, energy.",
    )
    commands = whole.add_subparsers(title="commands", required=True, metavar="COMMAND", dest="command")
    run = _command(commands, RUN, "Run cases on platforms, one after the other.")
    _add_jobs(run, "the case's own", "the first of the case")
    several = _command(commands, SWEEP, "Run cases, platforms, seeds and sizes, several at once.")
    _add_jobs(several, "all sizes of the case's series", "all of the case")
    engine = several.add_mutually_exclusive_group()
    engine.add_argument("--workers", type=int, default=2, metavar="N", help="jobs at once on this machine (default: 2)")
    engine.add_argument("--scheduler", metavar="ADDRESS", help="run on the workers of this dask.distributed cluster")
    report = _command(commands, REPORT, "Make table, plots and HTML page of a file of results anew.")
    report.add_argument("results", metavar="F.jsonl", type=Path, help="what a run wrote")
    report.add_argument("--out", type=Path, metavar="DIR", help="folder to write to (default: that of the file)")
    compare = _command(commands, COMPARE, "Say what changed between two files of results.")
    compare.add_argument("before", metavar="A.jsonl", type=Path)
    compare.add_argument("after", metavar="B.jsonl", type=Path)
    _command(commands, LIST, "List cases, platforms and meters.")
    readme = _command(commands, README, "Bring the README's figures up to date with a file of results.")
    readme.add_argument("results", metavar="F.jsonl", type=Path, help="what a run wrote")
    readme.add_argument(
        "readme", metavar="README.md", type=Path, help="a file with the marks of its part on benchmarks"
    )
    readme.add_argument("--check", action="store_true", help="write nothing; status 1 if it is not up to date")
    forms = _command(commands, COSTS, "Tables of what the forms of the circuit take and cost, on Loihi by each model.")
    forms.add_argument("results", metavar="F.json", type=Path, help="counted before; where to write with --count")
    forms.add_argument("--count", action="store_true", help="count anew, on the central 20x20 pixels of MNIST")
    answers = _command(commands, ANSWERS, "Tables of what inference costs on Loihi, by constants and by SANA-FE.")
    answers.add_argument("results", metavar="F.json", type=Path, help="measured before; where to write with --count")
    answers.add_argument("--count", action="store_true", help="measure anew, on digits and MNIST (needs sanafe)")
    return whole


def asked(options: argparse.Namespace) -> Asked:
    """What the options of ``run`` or ``sweep`` ask for."""
    given: Mapping[str, Any] = vars(options)
    names = [field.name for field in fields(Asked) if given.get(field.name) is not None]
    return Asked(**{name: given[name] for name in names}, series=options.command == SWEEP)


def _hidden(text: str) -> tuple[int, ...]:
    return tuple(int(number) for number in text.split(","))


def _rates(text: str) -> tuple[float, ...]:
    return tuple(float(number) for number in text.split(","))


def _command(commands: Any, name: str, text: str) -> argparse.ArgumentParser:
    made: argparse.ArgumentParser = commands.add_parser(name, help=text, description=text)
    return made


def _add_jobs(command: argparse.ArgumentParser, sizes: str, seeds: str) -> None:
    many: dict[str, Any] = {"nargs": "+", "action": "extend"}
    cases, platforms = ", ".join(CASES.registered), ", ".join(PLATFORMS.registered)
    what = command.add_argument_group("what")
    what.add_argument(
        "--case", **many, metavar="NAME", help=f"{cases}, a pattern, or a file NAME{SUFFIX} (default: {USUAL_CASE})"
    )
    what.add_argument(
        "--platform",
        **many,
        metavar="NAME",
        help=f"{platforms}, a pattern, or a file NAME{SUFFIX}; a variant: NAME:VARIANT; each one: NAME:{EVERY} "
        "(default: all but peers)",
    )
    what.add_argument("--peers", action="store_true", help="add every variant of the peers: other ways to learn")
    what.add_argument("--seed", **many, type=int, metavar="S", help=f"seeds (default: {seeds})")
    what.add_argument(
        "--hidden",
        **many,
        type=_hidden,
        metavar="N[,N...]",
        help=f"hidden units of each network; a number for each of several layers: 400,400 (default: {sizes})",
    )
    what.add_argument(
        "--depth",
        **many,
        type=int,
        metavar="N",
        help="weight matrices of each network; the hidden layers are all as large as the case's",
    )
    for name, there, usual in (("form", FORMS, DEFAULT_FORM), ("rule", RULES, "the case's own")):
        what.add_argument(f"--{name}", **many, metavar="NAME", help=f"{', '.join(there)} (default: {usual})")
    what.add_argument("--code", **many, metavar="CODE", help="binary, or graded:NEURONS (default: the case's own)")
    what.add_argument(
        "--threads", **many, type=int, metavar="N", help="threads of platforms that have them (default: 1)"
    )
    for name, text in (("only", "do only the jobs"), ("skip", "leave out the jobs")):
        what.add_argument(
            f"--{name}", **many, metavar="PATTERN", help=f"{text} whose names match; --dry-run shows them"
        )
    what.add_argument("--dry-run", action="store_true", help="show the jobs and do none")
    shown = command.add_argument_group("samples")
    shown.add_argument("--samples", type=int, metavar="N", help="the first N training samples (default: all)")
    shown.add_argument("--test-samples", type=int, metavar="N", help="the first N test samples (default: all)")
    shown.add_argument("--epochs", type=int, metavar="N", help="passes over the samples (default: the case's own)")
    shown.add_argument(
        "--validation",
        type=int,
        default=0,
        metavar="N",
        help="hold out the N training samples behind these (default: 0)",
    )
    shown.add_argument(
        "--stretch",
        default="",
        metavar="FIRST:STOP",
        help="platforms show only these samples of the training, counted through all epochs, and the rule the others",
    )
    shown.add_argument(
        "--until", type=float, default=0.0, metavar="SHARE", help="end when so many validation samples are right"
    )
    shown.add_argument("--tune", action="store_true", help="peers choose their learning rates by validation samples")
    shown.add_argument("--rates", type=_rates, metavar="R[,R...]", help="of peers; the best one if there are several")
    measuring = command.add_argument_group("measuring")
    for name, kind, default, text in (
        ("repeats", int, REPEATS, "how often the same is timed"),
        ("count-samples", int, COUNT_SAMPLES, "samples whose spikes are counted, at the start and at the end"),
        ("time-limit", float, TIME_LIMIT, "seconds after which a row is given up"),
    ):
        measuring.add_argument(
            f"--{name}", type=kind, default=default, metavar="N", help=f"{text} (default: {default})"
        )
    measuring.add_argument("--watt", type=float, help="power of a busy core, for a machine without an energy meter")
    measuring.add_argument(
        "--meter",
        default="",
        metavar="NAME",
        help=f"{', '.join(METERS.registered)}, or a file (default: the best there is)",
    )
    out = command.add_argument_group("results")
    out.add_argument("--out", type=Path, default=Path(OUT), metavar="DIR", help=f"folder (default: {OUT})")
    out.add_argument("--rows-only", action="store_true", help="write the rows, and neither tables nor plots nor page")
    out.add_argument("--resume", action="store_true", help="keep the rows that are there, and do only what is missing")
    out.add_argument("--retry", action="store_true", help="like --resume, but do again what is not ok")
