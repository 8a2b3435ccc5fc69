"""``pynn-backprop train``: train a network, with checkpoints, and write its results to a folder."""

from __future__ import annotations

import argparse
import time
from pathlib import Path
from typing import TYPE_CHECKING

from ..data.datasets import is_own
from ..errors import InputError
from ..runs.config import DATA, NETWORK, RECORD_ALL, RULE, SIMULATION, TRAINING, RunConfig
from .choices import add_choices, add_code, add_group, chosen
from .endings import INTERRUPTED
from .interrupts import StopRequest
from .words import simulators

if TYPE_CHECKING:
    from ..runs.run import Run

SUMMARY = "Train a network; results go to a folder."


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Give a parser what :func:`run` reads."""
    parser.add_argument("simulator", nargs="?", metavar="SIMULATOR", help=simulators())
    for group in (DATA, NETWORK, RULE, TRAINING, SIMULATION):
        add_group(parser, group)
    add_code(parser)
    results = parser.add_argument_group("results")
    results.add_argument("--out", metavar="DIR", help="folder of the results (default: runs/SIMULATOR-DATA-TIME)")
    results.add_argument("--overwrite", action="store_true", help="replace a run that is in the folder")
    results.add_argument("--resume", metavar="DIR", help="go on with the run in DIR from its last checkpoint")
    add_choices(results, "checkpoint_every", "record", "record_samples", "per_neuron")
    results.add_argument("--plot-figure", action="store_true", help="record everything, and draw raster.png")
    results.add_argument("--check", action="store_true", help="check in the end that all copies of a matrix are equal")
    parser.set_defaults(parser=parser)


def run(options: argparse.Namespace) -> int:
    """Start the run, or go on with it; returns the exit status."""
    from ..runs.run import resume, start

    if options.resume is not None:
        _refuse_with_resume(options)
        return execute(resume(options.resume), options.check)
    if options.simulator is None:
        raise InputError(f"the simulator is missing: give {simulators()}")
    config = _config(options)
    if options.out is None:
        return execute(start(config, _default_folder(config), fresh=True), options.check)
    return execute(start(config, options.out, options.overwrite), options.check)


def _config(options: argparse.Namespace) -> RunConfig:
    choices = chosen(options)
    if options.plot_figure and not choices["record"]:
        choices["record"] = (RECORD_ALL,)
    # A run may be resumed from another folder.
    if is_own(options.data):
        choices["data"] = str(Path(options.data).absolute())
    if options.init_weights is not None:
        choices["init_weights"] = str(Path(options.init_weights).absolute())
    return RunConfig(**choices)


def _refuse_with_resume(options: argparse.Namespace) -> None:
    """A resumed run is what its config.json says; any other choice would be ignored, so it is refused."""
    free = {"resume", "debug", "check", "command", "name", "on_many_processes", "parser"}
    given = [
        name for name, value in vars(options).items() if name not in free and value != options.parser.get_default(name)
    ]
    if given:
        words = ", ".join(name.replace("_", "-") for name in given)
        raise InputError(f"--resume goes on with the run as it was started: it can't be combined with {words}")


def _default_folder(config: RunConfig) -> Path:
    data = Path(config.data).stem
    return Path("runs") / f"{config.simulator}-{data}-{time.strftime('%Y%m%d-%H%M%S')}"


def execute(run: Run, check: bool = False) -> int:
    """Train, evaluate, write and print; returns the exit status.

    Parameters
    ----------
    run : Run
        A run that was just started or resumed.
    check : bool
        Whether to check in the end that all copies of each matrix are equal.
    """
    from . import terminal

    with run:
        terminal.introduce(run)
        with StopRequest() as stop, terminal.training_progress(run) as (callback, tell):
            finished = run.train([callback], stop, check, [tell])
        if not finished:
            terminal.interrupted(run)
            return INTERRUPTED
        with terminal.evaluation_progress(run) as callback:
            evaluation = run.evaluate(callback)
        metrics = run.write_results(evaluation)
    if run.writes:  # the folder may be on this one's machine only
        terminal.report(run, metrics)
    return 0
