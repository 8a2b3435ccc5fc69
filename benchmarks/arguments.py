"""What the command ``python -m benchmarks`` takes."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any

from pynn_backprop.circuit.training import DEFAULT_FORM, FORMS
from pynn_backprop.cli.parser import CommandParser

from .cases import CASES
from .jobs.asked import USUAL_CASE, Asked
from .jobs.job import COUNT_SAMPLES, REPEATS, TIME_LIMIT
from .platforms import PLATFORMS
from .platforms.base import EVERY
from .registry import SUFFIX

RUN, SWEEP, REPORT, COMPARE, LIST, COSTS, ANSWERS = "run", "sweep", "report", "compare", "list", "forms", "inference"
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
    _command(commands, LIST, "List cases and platforms.")
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
    names = [field.name for field in fields(Asked) if field.name in given]
    return Asked(**{name: given[name] for name in names}, series=options.command == SWEEP)


def _hidden(text: str) -> tuple[int, ...]:
    return tuple(int(number) for number in text.split(","))


def _command(commands: Any, name: str, text: str) -> argparse.ArgumentParser:
    made: argparse.ArgumentParser = commands.add_parser(name, help=text, description=text)
    return made


def _add_jobs(command: argparse.ArgumentParser, sizes: str, seeds: str) -> None:
    many: dict[str, Any] = {"nargs": "+", "action": "extend"}
    cases, platforms = ", ".join(CASES.registered), ", ".join(PLATFORMS.registered)
    what = command.add_argument_group("what")
    what.add_argument("--case", **many, metavar="NAME", help=f"{cases}, or a file NAME{SUFFIX} (default: {USUAL_CASE})")
    what.add_argument(
        "--platform",
        **many,
        metavar="NAME",
        help=f"{platforms}, or a file NAME{SUFFIX}; a variant: NAME:VARIANT; each one: NAME:{EVERY} (default: all but "
        "peers)",
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
        "--form", **many, choices=tuple(FORMS), help=f"forms of the circuit that learns (default: {DEFAULT_FORM})"
    )
    shown = command.add_argument_group("samples")
    shown.add_argument("--samples", type=int, metavar="N", help="the first N training samples (default: all)")
    shown.add_argument("--test-samples", type=int, metavar="N", help="the first N test samples (default: all)")
    shown.add_argument("--epochs", type=int, metavar="N", help="passes over the samples (default: the case's own)")
    measuring = command.add_argument_group("measuring")
    for name, kind, default, text in (
        ("repeats", int, REPEATS, "how often the same is timed"),
        ("threads", int, 1, "threads of a platform that has them"),
        ("count-samples", int, COUNT_SAMPLES, "samples whose spikes are counted, at the start and at the end"),
        ("time-limit", float, TIME_LIMIT, "seconds after which a row is given up"),
    ):
        measuring.add_argument(
            f"--{name}", type=kind, default=default, metavar="N", help=f"{text} (default: {default})"
        )
    measuring.add_argument("--watt", type=float, help="power of a busy core, for a machine without an energy meter")
    out = command.add_argument_group("results")
    out.add_argument("--out", type=Path, default=Path(OUT), metavar="DIR", help=f"folder (default: {OUT})")
    out.add_argument("--resume", action="store_true", help="keep the rows that are there, and do only what is missing")
    out.add_argument("--retry", action="store_true", help="like --resume, but do again what is not ok")
