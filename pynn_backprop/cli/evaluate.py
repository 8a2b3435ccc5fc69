"""``pynn-backprop evaluate``: answer test samples with weights of a file."""

from __future__ import annotations

import argparse
import functools
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from ..circuit.learning_rule import RULES, LearningRule
from ..circuit.parameters import MARGIN, Parameters
from ..codes.binary import Binary
from ..errors import InputError
from ..files import check_writable, read_json, write_json
from ..runs.config import DATA, SIMULATION, RunConfig
from .choices import add_code, add_group, code_chosen
from .pictures import add_print, check_print
from .words import simulators

if TYPE_CHECKING:
    from ..circuit.circuit import Circuit
    from ..codes.code import Code
    from ..data.samples import Samples
    from ..interfaces import Platform
    from ..learning.evaluation import Evaluation
    from ..weights import Weights

_BESIDE = "that of the run beside them"
SUMMARY = "Answer test samples with the spiking inference circuit."


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Give a parser what :func:`run` reads."""
    parser.add_argument("simulator", metavar="SIMULATOR", help=simulators())
    parser.add_argument(
        "--weights",
        required=True,
        nargs="+",
        metavar="F.npz",
        help="integer arrays W1, W2, ..., or the folder of a run; several answer as a committee, by all their output "
        "spikes",
    )
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
    add_print(parser)
    add_group(parser, SIMULATION)


def run(options: argparse.Namespace) -> int:
    """Print the scores, and write and draw them where `options` say; returns 0."""
    from .. import plots
    from ..interfaces import Options
    from ..learning.evaluation import together
    from ..platforms import get_platform
    from . import terminal

    check_print(options)
    if options.out:
        check_writable(options.out)
    platform = get_platform(options.simulator, Options(options.threads, options.variant, options.layout))
    paths = [_weights_in(path) for path in options.weights]
    samples = functools.lru_cache(maxsize=None)(functools.partial(_samples, options))
    members = [_member(options, path, samples, platform) for path in paths]
    labels = members[0].samples.y_test
    each = [_asked(member, platform) for member in members]
    answers, alone = together(each), [one.score(labels) for one in each]
    score = answers.score(labels)
    if len(members) > 1:
        terminal.print_members(paths, alone)
    terminal.print_score(score, platform.describe(), 1e3 * answers.seconds / score.samples)
    if options.out:
        written = {**vars(score), "platform": platform.describe(), "weights": paths[0]}
        if len(members) > 1:
            written |= {"weights": paths, "members": [vars(one) for one in alone]}
        write_json(options.out, written)
    if options.plot_figure:
        picture = Path(paths[0]).with_name("confusion.png")
        plots.save(plots.confusion(answers, labels, options.width), picture, options.dpi)
        print(f"confusion matrix: {picture}")
    return 0


class _Member(NamedTuple):
    """A network that can be asked."""

    circuit: Circuit
    weights: Weights
    samples: Samples


def _samples(options: argparse.Namespace, code: Code) -> Samples:
    from ..data.samples import load_samples

    levels = code.value_levels(options.levels)
    return load_samples(options.data, options.crop, levels, None, options.test_samples, code.inputs, options.label)


def _member(
    options: argparse.Namespace, path: str, samples_of: Callable[[Code], Samples], platform: Platform
) -> _Member:
    """Read the network of one file, and check all of it before any is asked."""
    from ..circuit.inference import inference_circuit
    from ..interfaces import check_holds
    from ..weights import load_weights, units_of

    beside = _run_beside(path)
    code, rule = code_chosen(options) or (beside.code if beside else Binary()), _rule_of(options, beside)
    weights = load_weights(path, Parameters(w_max=rule.w_max), code=code)
    samples, units = samples_of(code), units_of(weights, code)
    _refuse_misfit(options, path, units, (samples.x_test.shape[1] // code.n, samples.n_classes))
    circuit = inference_circuit(units, rule.parameters(code, units), True, code, rule.readout_levels)
    check_holds(platform, circuit)
    return _Member(circuit, weights, samples)


def _asked(member: _Member, platform: Platform) -> Evaluation:
    from ..learning.evaluation import evaluate
    from . import terminal

    x = member.samples.x_test
    with terminal.progress_bar("evaluating", len(x)) as advance:
        return evaluate(platform, member.circuit, x, member.weights, callback=advance)


def _weights_in(path: str) -> str:
    """The file of weights: the one that was given, or that of a run whose folder was given."""
    from ..runs.folder import WEIGHTS

    return str(Path(path) / WEIGHTS) if Path(path).is_dir() else path


def _refuse_misfit(options: argparse.Namespace, path: str, units: tuple[int, ...], needed: tuple[int, int]) -> None:
    if (units[0], units[-1]) != needed:
        raise InputError(
            f"{path} is for {units[0]} inputs and {units[-1]} outputs, but {options.data} as encoded has "
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
