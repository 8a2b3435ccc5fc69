"""``pynn-backprop evaluate``: answer test samples with weights of a file."""

from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from ..circuit.learning_rule import RULES, LearningRule
from ..circuit.parameters import MARGIN, Parameters
from ..codes.binary import Binary
from ..errors import InputError
from ..files import check_writable, read_json, write_json
from ..runs.config import DATA, SIMULATION, RunConfig
from .choices import add_code, add_group, code_chosen
from .words import simulators

if TYPE_CHECKING:
    pass

_BESIDE = "that of the run beside them"
SUMMARY = "Answer test samples with the spiking inference circuit."


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Give a parser what :func:`run` reads."""
    parser.add_argument("simulator", metavar="SIMULATOR", help=simulators())
    parser.add_argument("--weights", required=True, metavar="F.npz", help="integer arrays W1, W2, ...")
    add_group(parser, DATA)
    add_code(parser, shown=f"{_BESIDE}, or 1")
    parser.add_argument(
        "--readout-levels",
        type=int,
        metavar="K",
        help=f"answer with K neurons for each output (default: {_BESIDE}, or {RULES[MARGIN].readout_levels})",
    )
    parser.add_argument("--w-max", type=int, help=f"bound of the weights (default: {_BESIDE}, or 254)")
    parser.add_argument("--out", metavar="F.json", help="also write the scores to a file")
    parser.add_argument("--plot-figure", action="store_true", help="draw the confusion matrix beside the weights")
    add_group(parser, SIMULATION)


def run(options: argparse.Namespace) -> int:
    """Print the scores, and write and draw them where `options` say; returns 0."""
    from .. import plots
    from ..circuit.inference import inference_circuit
    from ..data.samples import load_samples
    from ..interfaces import Options, check_holds
    from ..learning.evaluation import evaluate
    from ..platforms import get_platform
    from ..weights import load_weights, units_of
    from . import terminal

    if options.out:
        check_writable(options.out)
    beside = _run_beside(options.weights)
    code, rule = code_chosen(options) or (beside.code if beside else Binary()), _rule_of(options, beside)
    weights = load_weights(options.weights, Parameters(w_max=rule.w_max), code=code)
    levels = code.value_levels(options.levels)
    samples = load_samples(options.data, options.crop, levels, None, options.test_samples, code.inputs, options.label)
    units = units_of(weights, code)
    _refuse_misfit(options, units, (samples.x_test.shape[1] // code.n, samples.n_classes))
    circuit = inference_circuit(units, rule.parameters(code, units), True, code, rule.readout_levels)
    platform = get_platform(options.simulator, Options(options.threads, options.variant, options.layout))
    check_holds(platform, circuit)
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


def _refuse_misfit(options: argparse.Namespace, units: tuple[int, ...], needed: tuple[int, int]) -> None:
    if (units[0], units[-1]) != needed:
        raise InputError(
            f"{options.weights} is for {units[0]} inputs and {units[-1]} outputs, but {options.data} as encoded has "
            f"{needed[0]} and {needed[1]}: --crop and --levels must be those of the training"
        )


def _run_beside(weights: str) -> RunConfig | None:
    """What the run did whose folder the weights are in; None if they are in that of no run."""
    from ..runs.folder import CONFIG

    path = Path(weights).with_name(CONFIG)
    stored = read_json(path) if path.is_file() else None
    if not isinstance(stored, dict) or not RunConfig.needed() & set(stored):
        return None
    if missing := RunConfig.needed().difference(stored):
        raise InputError(f"{path} lacks {', '.join(sorted(missing))}")
    try:
        return RunConfig.from_dict(stored)
    except InputError as error:
        raise InputError(f"{path}: {error}") from error


def _rule_of(options: argparse.Namespace, beside: RunConfig | None) -> LearningRule:
    """That of the run beside the weights, but for what was given."""
    rule = beside.learning_rule if beside else RULES[MARGIN]
    given = {"w_max": options.w_max, "readout_levels": options.readout_levels}
    return replace(rule, **{name: value for name, value in given.items() if value is not None})
