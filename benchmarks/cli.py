"""The command ``python -m benchmarks``: run, sweep, report, compare, list."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from pynn_backprop.checks import check_count
from pynn_backprop.errors import InputError, PlatformError

from . import rows as results
from .cases.case import Case, all_cases, case_named
from .jobs import queue as running
from .jobs import sweep
from .jobs.job import COUNT_SAMPLES, REPEATS, TIME_LIMIT, Job
from .platforms.base import EVERY, all_platforms, variants_named
from .rows import FAILED, TIMEOUT, Row

INTERRUPTED = 130
USUAL_CASE = "digits"
OUT = "benchmark-results"
Engine = Callable[[list[Job]], sweep.Done]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; returns the exit status.

    0: done; 1: a row failed, or was ended at its time limit, or is not correct, or `compare` found a change beyond the
    noise; 2: bad input; 130: interrupted.
    """
    options = _parser().parse_args(arguments)
    try:
        return int(options.command(options))
    except (InputError, PlatformError) as error:
        print(f"benchmarks: error: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("benchmarks: interrupted; the same command with --resume does what is missing", file=sys.stderr)
        return INTERRUPTED


# -- the parser --------------------------------------------------------------------------------------------------------


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks",
        description="The same network, sample by sample, on every platform: accuracy, spikes, time, energy.",
    )
    commands = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")
    run = _command(commands, "run", _run, "Run cases on platforms, one after the other.")
    _add_jobs(run, "the case's own", "the first of the case")
    several = _command(commands, "sweep", _sweep, "Run cases, platforms, seeds and sizes, several at once.")
    _add_jobs(several, "all sizes of the case's series", "all of the case")
    engine = several.add_mutually_exclusive_group()
    engine.add_argument("--workers", type=int, default=2, metavar="N", help="jobs at once on this machine (default: 2)")
    engine.add_argument("--scheduler", metavar="ADDRESS", help="run on the workers of this dask.distributed cluster")
    report = _command(commands, "report", _report, "Make table, plots and HTML page of a file of results anew.")
    report.add_argument("results", metavar="F.jsonl", type=Path, help="what a run wrote")
    report.add_argument("--out", type=Path, metavar="DIR", help="folder to write to (default: that of the file)")
    compare = _command(commands, "compare", _compare, "Say what changed between two files of results.")
    compare.add_argument("before", metavar="A.jsonl", type=Path)
    compare.add_argument("after", metavar="B.jsonl", type=Path)
    _command(commands, "list", _list, "List cases and platforms.")
    return parser


def _command(commands: Any, name: str, function: Any, text: str) -> argparse.ArgumentParser:
    parser: argparse.ArgumentParser = commands.add_parser(name, help=text, description=text)
    parser.set_defaults(command=function)
    return parser


def _add_jobs(parser: argparse.ArgumentParser, sizes: str, seeds: str) -> None:
    many: dict[str, Any] = {"nargs": "+", "action": "extend"}
    what = parser.add_argument_group("what")
    what.add_argument("--case", **many, metavar="NAME", help=f"{', '.join(all_cases())} (default: {USUAL_CASE})")
    what.add_argument(
        "--platform",
        **many,
        metavar="NAME",
        help=f"{', '.join(all_platforms())}; a variant: NAME:VARIANT; each one: NAME:{EVERY} (default: all but peers)",
    )
    what.add_argument("--peers", action="store_true", help="add every variant of the peers: other ways to learn")
    what.add_argument("--seed", **many, type=int, metavar="S", help=f"seeds (default: {seeds})")
    what.add_argument("--hidden", **many, type=int, metavar="N", help=f"hidden neurons (default: {sizes})")
    shown = parser.add_argument_group("samples")
    shown.add_argument("--samples", type=int, metavar="N", help="the first N training samples (default: all)")
    shown.add_argument("--test-samples", type=int, metavar="N", help="the first N test samples (default: all)")
    shown.add_argument("--epochs", type=int, metavar="N", help="passes over the samples (default: the case's own)")
    measuring = parser.add_argument_group("measuring")
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
    out = parser.add_argument_group("results")
    out.add_argument("--out", type=Path, default=Path(OUT), metavar="DIR", help=f"folder (default: {OUT})")
    out.add_argument("--resume", action="store_true", help="keep the rows that are there, and do only what is missing")
    out.add_argument("--retry", action="store_true", help="like --resume, but do again what is not ok")


# -- run and sweep -----------------------------------------------------------------------------------------------------


def _run(options: argparse.Namespace) -> int:
    return _execute(options, _jobs(options, lambda case: case.seeds[:1], lambda case: (case.hidden,)), sweep.one_by_one)


def _sweep(options: argparse.Namespace) -> int:
    jobs = _jobs(options, lambda case: case.seeds, lambda case: case.hidden_sizes)
    if options.scheduler is not None:
        return _execute(options, jobs, lambda some: sweep.on_cluster(some, options.scheduler))
    check_count("--workers", options.workers)
    return _execute(options, jobs, lambda some: sweep.at_once(some, options.workers))


def _jobs(
    options: argparse.Namespace, seeds: Callable[[Case], Sequence[int]], sizes: Callable[[Case], Sequence[int]]
) -> list[Job]:
    """Every job that the options ask for; all of them are checked before the first one runs."""
    circuits = [name for name, platform in all_platforms().items() if not platform.peer]
    peers = [f"{name}:{EVERY}" for name, platform in all_platforms().items() if platform.peer]
    wanted = [*(options.platform or circuits), *(peers if options.peers else [])]
    chosen = [pair for text in wanted for pair in variants_named(text)]
    for name in ("samples", "test_samples", "epochs"):
        if getattr(options, name) is not None:
            check_count(f"--{name.replace('_', '-')}", getattr(options, name))
    return [
        Job(
            case.name,
            platform.name,
            variant,
            seed,
            hidden,
            min(options.samples or case.samples, case.samples),
            min(options.test_samples or case.test_samples, case.test_samples),
            options.epochs or case.epochs,
            options.repeats,
            options.threads if platform.threads else 1,
            options.time_limit,
            options.count_samples,
            options.watt,
        )
        for case in map(case_named, options.case or [USUAL_CASE])
        for hidden in (options.hidden or sizes(case))
        for platform, variant in chosen
        for seed in (options.seed or seeds(case))
    ]


def _execute(options: argparse.Namespace, jobs: list[Job], engine: Engine) -> int:
    from .jobs.progress import Progress

    folder: Path = options.out
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(f"--out is {folder}, which can't be made: {error.strerror}") from error
    path = folder / results.ROWS
    there = running.open_file(path, options.resume or options.retry, options.retry)
    missing = running.open_jobs(jobs, there)
    progress = Progress(len(missing), len(running.without_doubles(jobs)) - len(missing))
    running.collect(path, missing, engine(missing), progress.report)
    rows = results.read(path)
    _write_report(rows, folder)
    asked = {job.key for job in jobs}
    return int(any(_bad(row) for row in rows if results.key_of(row) in asked))


def _bad(row: Row) -> bool:
    return row["status"] in (FAILED, TIMEOUT) or row["correct"].get("is") is False


# -- report, compare, list ---------------------------------------------------------------------------------------------


def _write_report(rows: list[Row], folder: Path) -> None:
    from . import report

    results.write_csv(folder / results.TABLE, rows)
    written = report.write_report(rows, folder)
    report.print_table(rows)
    print("written:", ", ".join(map(str, [folder / results.ROWS, folder / results.TABLE, *written])))


def _report(options: argparse.Namespace) -> int:
    rows = results.read(options.results)
    if not rows:
        raise InputError(f"{options.results} holds no rows")
    folder = options.out or options.results.parent
    folder.mkdir(parents=True, exist_ok=True)
    _write_report(rows, folder)
    return 0


def _compare(options: argparse.Namespace) -> int:
    from . import changes as change
    from .jobs import progress

    changes = change.compare(results.read(options.before), results.read(options.after))
    progress.print_changes(changes)
    return int(changes.any)


def _list(options: argparse.Namespace) -> int:
    for case in all_cases().values():
        sizes = "-".join(map(str, case.units()))
        print(f"case      {case.name:15} {sizes:12} {case.summary}")
    for platform in all_platforms().values():
        kind = "peer" if platform.peer else "platform"
        print(f"{kind:9} {platform.name:15} {', '.join(platform.variants):28} {platform.summary}")
    return 0
