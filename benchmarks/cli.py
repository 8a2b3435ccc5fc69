"""The command ``python -m benchmarks``: run, sweep, report, compare, list, forms, inference, readme."""

from __future__ import annotations

import argparse
import importlib.util
import sys
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path

from pynn_backprop.checks import check_count
from pynn_backprop.cli.endings import be_a_command, ended, unbroken_output
from pynn_backprop.data.samples import load_samples
from pynn_backprop.errors import InputError, PlatformError
from pynn_backprop.extras import require
from pynn_backprop.files import FolderLock, check_writable, read_json, write_json
from pynn_backprop.files import sweep as sweep_folder
from pynn_backprop.processes import refuse_many

from . import row_files, tidy
from .arguments import ANSWERS, COMPARE, COSTS, LIST, README, REPORT, RUN, SWEEP, asked, parser
from .cases import CASES
from .changes import compare
from .jobs import queue, sweep
from .jobs.job import Job
from .jobs.progress import Progress
from .meters import METERS
from .platforms import PLATFORMS
from .rows import FAILED, TIMEOUT, Row, key_of

Engine = Callable[[list[Job]], sweep.Done]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; returns the exit status.

    0: done; 1: a row failed, or was ended at its time limit, or is not correct, or `compare` found a change beyond the
    noise; 2: bad input; 3: the machine has no room; 130: interrupted.
    """
    be_a_command()
    with unbroken_output():
        options = parser().read(arguments)
        commands = {RUN: _run, SWEEP: _sweep, REPORT: _report, COMPARE: _compare, LIST: _list, COSTS: _forms}
        commands |= {ANSWERS: _inference, README: _readme}
        return ended(
            lambda: commands[options.command](options),
            "benchmarks",
            resume="; the same command with --resume does what is missing",
        )


def _run(options: argparse.Namespace) -> int:
    return _execute(options, asked(options).jobs(), sweep.one_by_one)


def _sweep(options: argparse.Namespace) -> int:
    jobs = asked(options).jobs()
    if options.scheduler is not None:
        return _execute(options, jobs, lambda some: sweep.on_cluster(some, options.scheduler))
    check_count("--workers", options.workers)
    return _execute(options, jobs, lambda some: sweep.at_once(some, options.workers))


def _execute(options: argparse.Namespace, jobs: list[Job], engine: Engine) -> int:
    refuse_many("a benchmark")
    folder: Path = options.out
    if options.dry_run:
        print("\n".join(job.name for job in queue.without_doubles(jobs)))
        return 0
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(f"--out is {folder}, which can't be made: {error.strerror}") from error
    path = folder / row_files.ROWS
    if not options.rows_only:
        _check_report_can_be_made()
    with FolderLock(folder, "the output folder"):
        sweep_folder(folder)
        there = queue.open_file(path, options.resume or options.retry, options.retry)
        missing = queue.open_jobs(jobs, there)
        with Progress(missing, len(queue.without_doubles(jobs)) - len(missing)) as progress:
            queue.collect(path, missing, engine(missing), progress.report)
        rows = row_files.read(path)
        if not options.rows_only:
            _write_report(rows, folder, [path])
    wanted = {job.key for job in jobs}
    return int(any(_bad(row) for row in rows if key_of(row) in wanted))


def _check_report_can_be_made() -> None:
    """Refuse to measure for hours what can't be reported afterwards."""
    for module in ("jinja2", "matplotlib"):
        if importlib.util.find_spec(module) is None:
            raise PlatformError(
                f"the report needs {module}, which is not installed: pip install 'pynn_backprop[benchmarks]'"
            )


def _bad(row: Row) -> bool:
    return row["status"] in (FAILED, TIMEOUT) or row["correct"].get("is") is False


def _write_report(
    rows: list[Row], folder: Path, before: Sequence[Path] = (), unreadable: Sequence[row_files.Unreadable] = ()
) -> None:
    """Write table, plots and page; say so, and what was written before."""
    # Only here: jinja2 and matplotlib are not needed by the other commands.
    from .report.html import write_report
    from .report.terminal import print_table

    written = [*tidy.write(folder / tidy.FOLDER, rows), *write_report(rows, folder, unreadable)]
    print_table(rows, unreadable=unreadable)
    print("written:", ", ".join(_in_folders([*before, *written], folder)))


def _in_folders(paths: Sequence[Path], folder: Path) -> list[str]:
    """Files of a folder by their names, and those of folders in it by their number."""
    counts = Counter(path if path.parent == folder else path.parent for path in paths)
    return [f"{path}" if path in paths else f"{path} ({number} files)" for path, number in counts.items()]


def _report(options: argparse.Namespace) -> int:
    _check_report_can_be_made()
    from .report.readable import readable

    reading = readable(row_files.examine(options.results))
    if not reading.rows:
        found = "; ".join(f"line {one.line}: {one.why}" for one in reading.unreadable[:3])
        raise InputError(f"{options.results} holds no rows{' that can be read: ' if found else ''}{found}")
    folder = options.out or options.results.parent
    folder.mkdir(parents=True, exist_ok=True)
    for double in reading.doubles:
        print(f"{options.results}: {double}; one of them is shown", file=sys.stderr)
    _write_report(reading.rows, folder, unreadable=reading.unreadable)
    return 0


def _compare(options: argparse.Namespace) -> int:
    from .report.terminal import print_changes

    changes = compare(row_files.read(options.before), row_files.read(options.after))
    print_changes(changes)
    return int(changes.any)


def _list(options: argparse.Namespace) -> int:
    for case in CASES.registered.values():
        sizes = "-".join(map(str, case.units()))
        print(f"case      {case.name:15} {sizes:12} {case.summary}; {case.epochs} x {case.samples:,} samples")
    for platform in PLATFORMS.registered.values():
        kind = "peer" if platform.peer else "platform"
        print(f"{kind:9} {platform.name:15} {', '.join(platform.variants):28} {platform.summary}")
    for meter in METERS.registered.values():
        why_not = meter.why_not()
        print(f"meter     {meter.name:15} {meter.summary}{f' - not here: {why_not}' if why_not else ''}")
    return 0


def _readme(options: argparse.Namespace) -> int:
    from .report.readme import write_readme

    older = write_readme(row_files.read(options.results), options.results, options.readme, options.check)
    if older:
        print(f"{options.readme} {'is not up to date with' if options.check else 'is now that of'} {options.results}")
    return int(older and options.check)


def _forms(options: argparse.Namespace) -> int:
    from .measure import forms
    from .report.tables.forms import tables

    if options.count:
        check_writable(options.results)
        samples = load_samples("mnist", 20)
        found = [forms.measure(units, form, samples) for units, form in forms.ASKED]
        write_json(options.results, [form.to_dict() for form in found])
    print(tables([forms.form_of(content) for content in read_json(options.results)]))
    return 0


def _inference(options: argparse.Namespace) -> int:
    from .measure import inference
    from .measure.chip_simulator import NEEDED
    from .report.tables.inference import tables

    if options.count:
        check_writable(options.results)
        require(*NEEDED)
        found = [inference.measure(one, inference.load(one)) for one in inference.ASKED]
        write_json(options.results, [one.to_dict() for one in found])
    print(tables([inference.inference_of(content) for content in read_json(options.results)]))
    return 0
