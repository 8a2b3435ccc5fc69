"""``pynn-backprop evaluate``: answer test samples with networks of files."""

from __future__ import annotations

import argparse
import functools
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from ..circuit.learning_rule import RULES
from ..circuit.parameters import MARGIN
from ..errors import InputError
from ..files import check_writable, write_json
from ..processes import launched
from ..runs.config import DATA, SIMULATION
from .choices import add_code, add_group, code_chosen
from .pictures import add_print, check_print
from .words import simulators

if TYPE_CHECKING:
    from ..circuit.circuit import Circuit
    from ..codes.code import Code
    from ..data.samples import Samples
    from ..interfaces import Platform
    from ..learning.evaluation import Evaluation
    from ..models.trained import TrainedNetwork

_BESIDE = "that of the run, or of the file"
_OF_SAME = "those of the network if it learnt the same data"
SUMMARY = "Answer test samples with the spiking inference circuit."
EXAMPLES = (
    ("evaluate nest --weights run1", "the test samples of digits with the weights of a run"),
    ("evaluate reference --weights run1 run2 run3 --out scores.json", "three networks as a committee"),
    ("evaluate lava --weights run4 --data mnist --test-samples 1000", "cropped as in the training of the run"),
    ("evaluate brian2 --weights net.nir --data mnist", "a network that was exported"),
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Give a parser what :func:`run` reads."""
    parser.add_argument("simulator", metavar="SIMULATOR", help=simulators())
    parser.add_argument(
        "--weights",
        required=True,
        nargs="+",
        metavar="NETWORK",
        help="the folder of a run, a checkpoint, an .npz file with integer arrays W1, W2, ..., or a .nir file of this "
        "package; several answer as a committee, by all their output spikes",
    )
    add_group(parser, DATA, crop=_OF_SAME, levels=f"{_OF_SAME}, or as suits the data")
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
    from ..models.reading import weights_file
    from ..platforms import get_platform
    from . import terminal

    check_print(options)
    writes = launched().is_first
    if options.out and writes:
        check_writable(options.out)
    platform = get_platform(options.simulator, Options(options.threads, options.variant, options.layout))
    paths = [str(weights_file(path)) for path in options.weights]
    samples = functools.lru_cache(maxsize=None)(functools.partial(_samples, options))
    members = [_member(options, path, samples, platform) for path in paths]
    labels = members[0].samples.y_test
    each = [_asked(member, platform) for member in members]
    answers, alone = together(each), [one.score(labels) for one in each]
    score = answers.score(labels)
    if len(members) > 1:
        terminal.print_members(paths, alone)
    terminal.print_score(score, platform.describe(), 1e3 * answers.seconds / score.samples)
    if options.out and writes:
        written = {**vars(score), "platform": platform.describe(), "weights": paths[0]}
        if len(members) > 1:
            written |= {"weights": paths, "members": [vars(one) for one in alone]}
        write_json(options.out, written)
    if options.plot_figure and writes:
        picture = Path(paths[0]).with_name("confusion.png")
        plots.save(plots.confusion(answers, labels, options.width), picture, options.dpi)
        print(f"confusion matrix: {picture}")
    return 0


class _Member(NamedTuple):
    """A network that can be asked."""

    circuit: Circuit
    network: TrainedNetwork
    samples: Samples


def _samples(options: argparse.Namespace, code: Code, crop: int | None, levels: int | None) -> Samples:
    from ..data.samples import load_samples

    levels = code.value_levels(levels)
    return load_samples(options.data, crop, levels, None, options.test_samples, code.inputs, options.label)


def _member(
    options: argparse.Namespace,
    path: str,
    samples_of: Callable[[Code, int | None, int | None], Samples],
    platform: Platform,
) -> _Member:
    """Read the network of one file, and check all of it before any is asked."""
    from ..interfaces import check_holds
    from ..models.reading import read_network

    network = read_network(path, code_chosen(options), options.w_max, options.readout_levels)
    # A run notes its own data by their whole path.
    code, same = network.code, network.data in (options.data, str(Path(options.data).absolute()))
    crop = network.crop if same and options.crop is None else options.crop
    levels = network.levels if same and options.levels is None else options.levels
    samples, units = samples_of(code, crop, levels), network.units
    _refuse_misfit(options, path, units, (samples.x_test.shape[1] // code.n, samples.n_classes))
    circuit = network.circuit()
    check_holds(platform, circuit)
    return _Member(circuit, network, samples)


def _asked(member: _Member, platform: Platform) -> Evaluation:
    from ..learning.evaluation import evaluate
    from . import terminal

    x = member.samples.x_test
    with terminal.progress_bar("evaluating", len(x)) as advance:
        return evaluate(platform, member.circuit, x, member.network.weights, callback=advance)


def _refuse_misfit(options: argparse.Namespace, path: str, units: tuple[int, ...], needed: tuple[int, int]) -> None:
    if (units[0], units[-1]) != needed:
        raise InputError(
            f"{path} is for {units[0]} inputs and {units[-1]} outputs, but {options.data} as encoded has "
            f"{needed[0]} and {needed[1]}: --crop and --levels must be those of the training"
        )
