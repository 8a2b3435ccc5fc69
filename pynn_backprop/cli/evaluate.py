"""``pynn-backprop evaluate``: answer test samples with weights of a file."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from ..checks import check_count
from ..circuit.parameters import Parameters
from ..errors import InputError
from ..files import check_writable, read_json, write_json
from ..runs.config import DATA, SIMULATION
from .choices import add_group
from .words import simulators

if TYPE_CHECKING:
    from ..data.samples import Samples
    from ..weights import Weights

SUMMARY = "Answer test samples with the spiking inference circuit."


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Give a parser what :func:`run` reads."""
    parser.add_argument("simulator", metavar="SIMULATOR", help=simulators())
    parser.add_argument("--weights", required=True, metavar="F.npz", help="integer arrays W1, W2, ...")
    add_group(parser, DATA)
    parser.add_argument("--w-max", type=int, help="bound of the weights (default: that of the run beside them, or 254)")
    parser.add_argument("--out", metavar="F.json", help="also write the scores to a file")
    parser.add_argument("--plot-figure", action="store_true", help="draw the confusion matrix beside the weights")
    add_group(parser, SIMULATION)


def run(options: argparse.Namespace) -> int:
    """Print the scores, and write and draw them where `options` say; returns 0."""
    from .. import plots
    from ..circuit.inference import inference_circuit
    from ..data.samples import load_samples
    from ..interfaces import Options
    from ..learning.evaluation import evaluate
    from ..platforms import get_platform
    from ..weights import load_weights, neurons_of
    from . import terminal

    if options.out:
        check_writable(options.out)
    parameters = Parameters(w_max=_bound_of(options))
    weights = load_weights(options.weights, parameters)
    samples = load_samples(
        options.data, options.crop, options.levels, test_samples=options.test_samples, label=options.label
    )
    _refuse_misfit(options, weights, samples)
    circuit = inference_circuit(neurons_of(weights), parameters, probe=True)
    platform = get_platform(options.simulator, Options(options.threads, options.variant, options.layout))
    with terminal.progress_bar("evaluating", len(samples.x_test)) as advance:
        evaluation = evaluate(platform, circuit, samples.x_test, weights, callback=advance)
    score = evaluation.score(samples.y_test)
    terminal.print_score(score, platform.describe(), 1e3 * evaluation.seconds / score.samples)
    if options.out:
        write_json(options.out, {**vars(score), "platform": platform.describe(), "weights": options.weights})
    if options.plot_figure:
        picture = Path(options.weights).with_name("confusion.png")
        plots.save(plots.confusion(evaluation, samples.y_test), picture)
        print(f"confusion matrix: {picture}")
    return 0


def _refuse_misfit(options: argparse.Namespace, weights: Weights, samples: Samples) -> None:
    from ..weights import neurons_of

    needed = (samples.x_test.shape[1], samples.n_classes)
    sizes = neurons_of(weights)
    if (sizes[0], sizes[-1]) != needed:
        raise InputError(
            f"{options.weights} is for {sizes[0]} inputs and {sizes[-1]} outputs, but {options.data} as encoded has "
            f"{needed[0]} and {needed[1]}: --crop and --levels must be those of the training"
        )


def _bound_of(options: argparse.Namespace) -> int:
    """The w_max that was given, else that of the run whose folder the weights are in, else the usual one."""
    from ..runs.folder import CONFIG

    beside = Path(options.weights).with_name(CONFIG)
    if options.w_max is None and beside.is_file():
        stored = read_json(beside)
        if isinstance(stored, dict) and "w_max" in stored:
            return check_count(f"w_max in {beside}", stored["w_max"])
    return Parameters().w_max if options.w_max is None else check_count("w_max", options.w_max)
