"""``pynn-backprop train``: train a network, with checkpoints, and write its results to a folder."""

from __future__ import annotations

import argparse
import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from ..data.datasets import is_own
from ..errors import InputError
from ..runs.config import DATA, NETWORK, RECORD_ALL, RULE, SIMULATION, TRAINING, RunConfig
from ..runs.config_file import config_of_file
from .choices import add_choices, add_code, add_group, chosen, given
from .endings import INTERRUPTED
from .interrupts import StopRequest
from .words import simulators

if TYPE_CHECKING:
    from ..runs.run import Run

SUMMARY = "Train a network; results go to a folder."
EXAMPLES = (
    ("train nest --out run1", "digits on NEST, with the default choices"),
    ("train brian2 --hidden 100 60 --epochs 3 --record all --plot-figure --out run2", "two hidden layers; draw spikes"),
    ("train reference --data my.csv --validation 0.2 --out run3", "a table of your own by the rule alone, in seconds"),
    ("train nest --data mnist --crop 20 --hidden 400 --epochs 20 --shift 1 --out run4", "MNIST, images moved"),
    ("train --resume run4", "go on where it was stopped"),
    ("train lava --config run1/config.json --epochs 3 --out run5", "as run1, but on Lava and for 3 epochs"),
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Give a parser what :func:`run` reads."""
    parser.add_argument("simulator", nargs="?", metavar="SIMULATOR", help=simulators())
    parser.add_argument(
        "--config",
        metavar="F.json",
        help="take choices from a file, such as the config.json of a run; what is given beside it goes before it",
    )
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


def run(options: argparse.Namespace) -> int:
    """Start the run, or go on with it; returns the exit status."""
    from ..runs.opening import resume, start

    if options.resume is not None:
        _refuse_with_resume(options)
        return execute(resume(options.resume), options.check)
    if options.simulator is None and options.config is None:
        raise InputError(f"the simulator is missing: give {simulators()}")
    config = _config(options)
    if options.out is None:
        return execute(start(config, _default_folder(config), fresh=True), options.check)
    return execute(start(config, options.out, options.overwrite), options.check)


def _config(options: argparse.Namespace) -> RunConfig:
    """The choices of the file, if there is one, and before them those of the command line."""
    choices = chosen(options) if options.config is None else given(options)
    # A run may be resumed from another folder.
    if "data" in choices and is_own(choices["data"]):
        choices["data"] = str(Path(choices["data"]).absolute())
    if choices.get("init_weights") is not None:
        choices["init_weights"] = str(Path(choices["init_weights"]).absolute())
    if options.simulator is not None:
        choices["simulator"] = options.simulator
    config = RunConfig(**choices) if options.config is None else config_of_file(options.config, choices)
    return replace(config, record=(RECORD_ALL,)) if options.plot_figure and not config.record else config


def _refuse_with_resume(options: argparse.Namespace) -> None:
    """A resumed run is what its config.json says; any other choice would be ignored, so it is refused."""
    free = {"resume", "check", "quiet", "verbose", "debug", "command"}
    if more := [name for name in vars(options) if name in options.given - free]:
        words = ", ".join(name.replace("_", "-") for name in more)
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
