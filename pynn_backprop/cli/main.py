"""The command ``pynn-backprop``."""

from __future__ import annotations

import argparse
import logging
import sys
import time
from collections.abc import Sequence
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

from .. import __version__
from ..checks import check_count
from ..codes.code import DITHERS
from ..data import datasets
from ..errors import EqualityError, InputError, PlatformError
from ..simulation.backends.registry import simulators
from ..weights import INITIALISATIONS, starting_weights
from . import figures as figures_command
from . import map as map_command
from .interrupts import StopRequest

INTERRUPTED = 130
COMPARED_SAMPLES, COMPARED_TEST_SAMPLES = 200, 50
DEMO_FOLDER = "demo-results"
DEMO = {"data": "digits", "hidden": 100, "epochs": 10, "seed": 7, "record": ("all",)}
"""Small enough to take less than three minutes with the dopamine synapse too, where there is no compiler."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; returns the exit status (0 done, 1 a check failed, 2 bad input, 130 interrupted)."""
    parser = _parser()
    options = parser.parse_args(arguments)
    _start_logging(options.debug)
    try:
        return int(options.command(options))
    except (InputError, PlatformError, EqualityError) as error:
        if options.debug:
            raise
        print(f"pynn-backprop: error: {error}", file=sys.stderr)
        return 1 if isinstance(error, EqualityError) else 2
    except KeyboardInterrupt:
        print("pynn-backprop: interrupted", file=sys.stderr)
        return INTERRUPTED


def _start_logging(debug: bool) -> None:
    logging.basicConfig(level=logging.DEBUG if debug else logging.WARNING, format="%(name)s: %(message)s")
    for noisy in ("matplotlib", "PIL", "numba"):
        logging.getLogger(noisy).setLevel(logging.WARNING)


# -- the parser --------------------------------------------------------------------------------------------------------


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="pynn-backprop", description="Networks of spiking neurons that learn by backpropagation inside themselves."
    )
    parser.add_argument("--version", action="version", version=f"pynn_backprop {__version__}")
    commands = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")
    _add_train(commands)
    _add_evaluate(commands)
    _add_compare(commands)
    _add_circuit(commands)
    map_command.add_arguments(_command(commands, "map", map_command.run, map_command.SUMMARY), _simulators())
    figures_command.add_arguments(
        _command(commands, "figures", figures_command.run, figures_command.SUMMARY), _simulators()
    )
    _add_demo(commands)
    return parser


def _command(commands: Any, name: str, function: Any, text: str) -> argparse.ArgumentParser:
    parser: argparse.ArgumentParser = commands.add_parser(name, help=text, description=text)
    parser.set_defaults(command=function)
    parser.add_argument("--debug", action="store_true", help="log everything, and show where an error comes from")
    return parser


def _simulators() -> str:
    return f"{', '.join([*simulators(), 'reference'])}, or the dotted path of a PyNN module"


def _add_data(parser: argparse.ArgumentParser, test_samples: str = "all") -> None:
    data = parser.add_argument_group("data")
    data.add_argument(
        "--data",
        default="digits",
        metavar="NAME|F.npz",
        help=f"{', '.join(datasets.NAMES)}, or an .npz file with x_train, y_train, x_test, y_test (default: digits)",
    )
    data.add_argument("--crop", type=int, metavar="N", help="use the central N x N pixels of images (mnist: 20)")
    data.add_argument("--levels", type=int, metavar="K", help="input neurons per value (default: digits 3, others 1)")
    data.add_argument(
        "--test-samples", type=int, metavar="N", help=f"use the first N test samples (default: {test_samples})"
    )


def _add_simulation(parser: argparse.ArgumentParser) -> None:
    simulation = parser.add_argument_group("simulation")
    simulation.add_argument("--threads", type=int, default=1, metavar="T", help="threads of the simulator (default: 1)")
    simulation.add_argument(
        "--variant",
        default="auto",
        metavar="NAME",
        help="how the simulator does it: NEST compiled or dopamine, Brian2 cython or numpy, Lava fast or stock "
        "(default: the fastest)",
    )
    simulation.add_argument(
        "--layout",
        default="auto",
        metavar="NAME",
        help="separate: a PyNN Population for each of the circuit's; fused: few for all (default: the faster one)",
    )


def _add_network(parser: argparse.ArgumentParser) -> None:
    network = parser.add_argument_group("network")
    network.add_argument("--hidden", type=int, default=200, metavar="N", help="hidden neurons; 0 for one weight matrix")
    network.add_argument("--eta", type=int, default=2, help="weight change per coincidence (default: 2)")
    network.add_argument("--w-max", type=int, default=254, help="weights stay within -w_max and w_max (default: 254)")
    network.add_argument(
        "--initialisation",
        default="alive",
        metavar="HOW",
        help=f"how weights start: {' or '.join(INITIALISATIONS)} (default: alive)",
    )
    network.add_argument("--init-weights", metavar="F.npz", help="start from the integer arrays W1 and W2 of a file")


def _add_train(commands: Any) -> None:
    parser = _command(commands, "train", _train, "Train a network; results go to a folder.")
    parser.add_argument("simulator", nargs="?", metavar="SIMULATOR", help=_simulators())
    _add_data(parser)
    _add_network(parser)
    training = parser.add_argument_group("training")
    training.add_argument("--epochs", type=int, default=10, metavar="N", help="passes over the samples (default: 10)")
    training.add_argument("--samples", type=int, metavar="N", help="use the first N training samples (default: all)")
    training.add_argument("--seed", type=int, default=0, metavar="S", help="decides weights and order (default: 0)")
    training.add_argument("--no-shuffle", action="store_true", help="show samples in the given order in every epoch")
    _add_simulation(parser)
    results = parser.add_argument_group("results")
    results.add_argument("--out", metavar="DIR", help="folder of the results (default: runs/SIMULATOR-DATA-TIME)")
    results.add_argument("--overwrite", action="store_true", help="replace a run that is in the folder")
    results.add_argument("--resume", metavar="DIR", help="go on with the run in DIR from its last checkpoint")
    results.add_argument(
        "--checkpoint-every", type=int, default=5000, metavar="N", help="samples between checkpoints (default: 5000)"
    )
    results.add_argument(
        "--record", nargs="+", default=(), metavar="POPULATION", help="record these populations (or: all) to spikes.nix"
    )
    results.add_argument(
        "--record-samples", type=int, default=20, metavar="N", help="record the first and last N samples (default: 20)"
    )
    results.add_argument("--plot-figure", action="store_true", help="record everything, and draw raster.png")
    results.add_argument("--check", action="store_true", help="check in the end that all copies of a matrix are equal")
    parser.set_defaults(parser=parser)


def _add_evaluate(commands: Any) -> None:
    parser = _command(commands, "evaluate", _evaluate, "Answer test samples with the spiking inference circuit.")
    parser.add_argument("simulator", metavar="SIMULATOR", help=_simulators())
    parser.add_argument("--weights", required=True, metavar="F.npz", help="integer arrays W1 and W2")
    _add_data(parser)
    parser.add_argument("--w-max", type=int, help="bound of the weights (default: that of the run beside them, or 254)")
    parser.add_argument("--out", metavar="F.json", help="also write the scores to a file")
    parser.add_argument("--plot-figure", action="store_true", help="draw the confusion matrix beside the weights")
    _add_simulation(parser)


def _add_compare(commands: Any) -> None:
    parser = _command(
        commands,
        "compare",
        _compare,
        "Train the same network on several platforms and compare every spike and weight; the exit status is 1 if "
        "anything differs.",
    )
    parser.add_argument(
        "platforms",
        nargs="+",
        metavar="PLATFORM",
        help="two or more; the first is the standard for the others. NAME, NAME:VARIANT or NAME:VARIANT:LAYOUT, where "
        f"NAME is {_simulators()}",
    )
    _add_data(parser, test_samples=str(COMPARED_TEST_SAMPLES))
    _add_network(parser)
    training = parser.add_argument_group("training")
    training.add_argument(
        "--samples", type=int, metavar="N", help=f"learn the first N training samples (default: {COMPARED_SAMPLES})"
    )
    training.add_argument("--seed", type=int, default=0, metavar="S", help="decides weights and order (default: 0)")
    training.add_argument("--no-shuffle", action="store_true", help="show samples in the given order")
    training.add_argument("--threads", type=int, default=1, metavar="T", help="threads of each simulator (default: 1)")
    results = parser.add_argument_group("results")
    results.add_argument("--json", metavar="F.json", help="also write everything to a file")
    results.add_argument("--plot", metavar="FILE", help="draw the spikes around the first difference, if there is one")


def _add_circuit(commands: Any) -> None:
    parser = _command(commands, "circuit", _circuit, "Print, count or draw a circuit.")
    parser.add_argument(
        "sizes", nargs="*", type=int, metavar="N", help="units of the layers, input first (default: 400 400 10)"
    )
    parser.add_argument("--neurons", type=int, default=1, metavar="N", help="neurons of a unit: a graded circuit")
    parser.add_argument("--dither", default="rotating", help=f"of a graded circuit: {', '.join(DITHERS)}")
    parser.add_argument("--inference", action="store_true", help="the inference circuit")
    parser.add_argument("--count", action="store_true", help="print only the totals")
    parser.add_argument("--plot", nargs="?", const="circuit.png", metavar="FILE", help="draw it (default: circuit.png)")


def _add_demo(commands: Any) -> None:
    parser = _command(commands, "demo", _demo, "Learn handwritten digits on NEST and show the result.")
    parser.add_argument("--out", default=DEMO_FOLDER, metavar="DIR", help=f"folder (default: {DEMO_FOLDER})")
    parser.add_argument("--simulator", default="nest", metavar="SIMULATOR", help=_simulators())


# -- the commands ------------------------------------------------------------------------------------------------------


def _train(options: argparse.Namespace) -> int:
    from ..runs import run as runs
    from ..runs.config import RunConfig

    if options.resume is not None:
        _refuse_with_resume(options)
        return _execute(runs.resume(options.resume), options.check)
    if options.simulator is None:
        raise InputError(f"the simulator is missing: give {_simulators()}")
    record = tuple(name for words in options.record for name in words.split(",") if name)
    if options.plot_figure and not record:
        record = (runs.RECORD_ALL,)
    chosen = {field.name: getattr(options, field.name) for field in fields(RunConfig) if hasattr(options, field.name)}
    chosen |= {"record": record, "shuffle": not options.no_shuffle}
    if options.data.lower().endswith(".npz"):
        chosen["data"] = _absolute(options.data)
    if options.init_weights is not None:
        chosen["init_weights"] = _absolute(options.init_weights)
    config = RunConfig(**chosen)
    folder = options.out or _default_folder(config)
    return _execute(runs.start(config, folder, options.overwrite), options.check)


def _absolute(path: str) -> str:
    """A run may be resumed from another folder."""
    return str(Path(path).absolute())


def _refuse_with_resume(options: argparse.Namespace) -> None:
    """A resumed run is what its config.json says; any other choice would be ignored, so it is refused."""
    free = {"resume", "debug", "check", "command", "parser"}
    given = [
        name for name, value in vars(options).items() if name not in free and value != options.parser.get_default(name)
    ]
    if given:
        words = ", ".join(name.replace("_", "-") for name in given)
        raise InputError(f"--resume goes on with the run as it was started: it can't be combined with {words}")


def _default_folder(config: Any) -> Path:
    data = Path(config.data).stem
    return Path("runs") / f"{config.simulator}-{data}-{time.strftime('%Y%m%d-%H%M%S')}"


def _execute(run: Any, check: bool = False) -> int:
    from . import terminal as console

    console.introduce(run)
    with StopRequest() as stop, console.training_progress(run) as callback:
        finished = run.train([callback], stop, check)
    if not finished:
        console.interrupted(run)
        return INTERRUPTED
    with console.evaluation_progress(run) as callback:
        evaluation = run.evaluate(callback)
    metrics = run.write_results(evaluation)
    console.report(run, metrics)
    return 0


def _evaluate(options: argparse.Namespace) -> int:
    from .. import plots
    from ..circuit.parameters import Parameters
    from ..data.samples import load_samples
    from ..files import check_writable, write_json
    from ..interfaces import Options
    from ..learning.training import evaluate
    from ..platforms import get_platform
    from ..weights import load_weights, neurons_of
    from . import terminal as console

    if options.out:
        check_writable(options.out)
    parameters = Parameters(w_max=_bound_of(options))
    weights = load_weights(options.weights, parameters)
    samples = load_samples(options.data, options.crop, options.levels, test_samples=options.test_samples)
    needed = (samples.x_test.shape[1], samples.n_classes)
    sizes = neurons_of(weights)
    if (sizes[0], sizes[-1]) != needed:
        raise InputError(
            f"{options.weights} is for {sizes[0]} inputs and {sizes[-1]} outputs, but {options.data} as encoded has "
            f"{needed[0]} and {needed[1]}: --crop and --levels must be those of the training"
        )
    platform = get_platform(options.simulator, Options(options.threads, options.variant, options.layout))
    with console.progress_bar("evaluating", len(samples.x_test)) as advance:
        evaluation = evaluate(platform, samples.x_test, weights, parameters, advance)
    score = evaluation.score(samples.y_test)
    console.print_score(score, platform.describe(), 1e3 * evaluation.seconds / score.samples)
    if options.out:
        write_json(options.out, {**vars(score), "platform": platform.describe(), "weights": options.weights})
    if options.plot_figure:
        picture = Path(options.weights).with_name("confusion.png")
        plots.save(plots.confusion(evaluation, samples.y_test), picture)
        print(f"confusion matrix: {picture}")
    return 0


def _bound_of(options: argparse.Namespace) -> int:
    """The w_max that was given, else that of the run whose folder the weights are in, else the usual one."""
    from ..circuit.parameters import Parameters
    from ..files import read_json
    from ..runs.run import CONFIG

    beside = Path(options.weights).with_name(CONFIG)
    if options.w_max is None and beside.is_file():
        stored = read_json(beside)
        if isinstance(stored, dict) and "w_max" in stored:
            return check_count(f"w_max in {beside}", stored["w_max"])
    return Parameters().w_max if options.w_max is None else check_count("w_max", options.w_max)


def _compare(options: argparse.Namespace) -> int:
    from .. import plots
    from ..circuit.parameters import Parameters
    from ..circuit.published import training_circuit
    from ..comparison.compare import compare, platforms_named
    from ..files import check_writable
    from . import terminal_compare as console

    if options.json is not None:
        check_writable(options.json)
    if options.plot is not None:
        plots.check_picture(options.plot)
    platforms = platforms_named(options.platforms, options.threads)
    samples = _compared_samples(options)
    parameters = Parameters(eta=options.eta, w_max=options.w_max)
    sizes = samples.units(options.hidden)
    check_count("seed", options.seed, 0)
    weights = starting_weights(sizes, options.seed, options.initialisation, options.init_weights, parameters)
    console.introduce(training_circuit(sizes, parameters), options.data, len(samples.x_train), len(samples.x_test))
    with console.comparison_progress(list(platforms), len(samples.x_train)) as tick:
        comparison = compare(
            platforms,
            samples,
            weights,
            parameters=parameters,
            seed=options.seed,
            shuffle=not options.no_shuffle,
            tick=tick,
        )
    console.report(comparison)
    _write_comparison(comparison, samples, options)
    return 0 if comparison.equal else 1


def _compared_samples(options: argparse.Namespace) -> Any:
    """The samples asked for; if none were, the usual number or all that there are."""
    from ..data.samples import load_samples

    there = load_samples(options.data, options.crop, options.levels, options.samples, options.test_samples)
    learn = slice(options.samples or COMPARED_SAMPLES)
    ask = slice(options.test_samples or COMPARED_TEST_SAMPLES)
    return replace(
        there,
        x_train=there.x_train[learn],
        y_train=there.y_train[learn],
        x_test=there.x_test[ask],
        y_test=there.y_test[ask],
    )


def _write_comparison(comparison: Any, samples: Any, options: argparse.Namespace) -> None:
    from ..files import write_json
    from ..runs.run import versions

    if options.json is not None:
        chosen = ("data", "crop", "levels", "hidden", "initialisation", "init_weights", "seed", "no_shuffle", "threads")
        config = {name: getattr(options, name) for name in chosen}
        fingerprint = {"samples_sha256": samples.fingerprint, "versions": versions()}
        write_json(options.json, {**comparison.as_dict(), "config": config, **fingerprint})
        print(f"written: {options.json}")
    if options.plot is not None:
        print(_draw_difference(comparison, options.plot))


def _draw_difference(comparison: Any, path: str) -> str:
    """Draw the spikes around the first difference of the first pair that has one; says what was done."""
    from .. import plots

    for pair in comparison.pairs:
        if pair.first is not None:
            what, spikes = pair.first
            circuit = comparison.circuit if what == "training" else comparison.inference
            plots.save(plots.difference(circuit, spikes.first, spikes.around, (pair.standard, pair.other)), path)
            return f"drawn: {path}"
    return f"no spike differs, so there is nothing to draw to {path}"


def _circuit(options: argparse.Namespace) -> int:
    from .. import plots
    from ..circuit.published import inference_circuit, training_circuit
    from ..circuit.table import circuit_totals
    from ..codes.code import Graded

    sizes = options.sizes or [400, 400, 10]
    make = inference_circuit if options.inference else training_circuit
    circuit = make(sizes, code=Graded(options.neurons, options.dither))
    print(circuit_totals(circuit.count()) if options.count else circuit)
    if options.plot:
        plots.save(plots.draw_circuit(circuit), options.plot)
        print(f"drawn: {options.plot}")
    return 0


def _demo(options: argparse.Namespace) -> int:
    from ..runs import run as runs
    from ..runs.config import RunConfig

    config = RunConfig(simulator=options.simulator, **DEMO)  # type: ignore[arg-type]
    return _execute(runs.start(config, options.out, overwrite=options.out == DEMO_FOLDER), check=True)


if __name__ == "__main__":
    sys.exit(main())
