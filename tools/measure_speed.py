"""Times a sample of each form of the circuit, by each rule, on every platform, side by side in one run: prints a table.

    python tools/measure_speed.py                                      # the rule, the steps, NEST, Brian2 and Lava
    python tools/measure_speed.py nest brian2:numpy --samples 300 --repeats 5
    python tools/measure_speed.py nest --first 0 --samples 60000 --repeats 1 --form compact     # a whole epoch
    python tools/measure_speed.py --rule published margin everything                            # what options cost

400-400-10 learns samples 20,000 to 21,000 of MNIST 20x20 from the weights that the rule has after 20,000, one thread,
nothing recorded; the step simulator gives every spike.  PYNN_BACKPROP_DATA may name a folder that holds MNIST.  A few
samples before these are shown first and not timed.  Forms and rules take turns.  All must end with the weights of
their rule.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np

from pynn_backprop.circuit.circuit import Circuit
from pynn_backprop.circuit.learning_rule import RULES
from pynn_backprop.circuit.parameters import MARGIN, Parameters
from pynn_backprop.circuit.training import FORMS, training_circuit
from pynn_backprop.codes.binary import Binary
from pynn_backprop.data.samples import load_samples
from pynn_backprop.errors import EqualityError, PynnBackpropError
from pynn_backprop.interfaces import Options, Platform, spikes_of
from pynn_backprop.platforms import get_platform
from pynn_backprop.reference.rule import Rule
from pynn_backprop.reference.steps import StepSimulator
from pynn_backprop.weights import Weights, initial_weights

UNITS = (400, 400, 10)
CROP = 20
SEED = 0
WARM_UP = 20
STEPS = "steps"
PLATFORMS = ("reference", STEPS, "nest", "brian2", "lava")
PARAMETERS = {
    **{name: rule.parameters(Binary(), UNITS) for name, rule in RULES.items()},
    "everything": replace(RULES[MARGIN].parameters(Binary(), UNITS), thinning=4),
}
"""Of the circuit, by the name of a rule; with everything on, a quarter of the presynaptic neurons learn in a sample."""
ROW = "{:<16}{:<11}{:<12}{:>6}   {:>26}   {:>9}   {:>14}"


class StepPlatform:
    """The step simulator, which gives every spike."""

    name = STEPS
    samples_per_run = 250

    def build(self, circuit: Circuit, weights: Weights, record: Sequence[str] = ()) -> StepSimulator:
        """See :meth:`pynn_backprop.interfaces.Platform.build`."""
        return StepSimulator(circuit, weights)

    def describe(self) -> dict[str, str]:
        """See :meth:`pynn_backprop.interfaces.Platform.describe`."""
        return {"platform": self.name}


@dataclass(frozen=True)
class Lesson:
    """What is shown: samples to warm up with, those that are timed, and the rule's weights before and after.

    Parameters
    ----------
    x, labels
        All samples; the first `warm_up` are not timed.
    warm_up
        How many.
    before, after
        The weights of the rule.
    """

    x: np.ndarray
    labels: np.ndarray
    warm_up: int
    before: Weights
    after: Weights

    @classmethod
    def of(cls, first: int, samples: int, parameters: Parameters) -> Lesson:
        """`samples` samples of MNIST from number `first` on."""
        warm_up = min(WARM_UP, first)
        data = load_samples("mnist", CROP, samples=first + samples, test_samples=1)
        x, labels = data.x_train, data.y_train
        rule = Rule(initial_weights(UNITS, SEED), parameters)
        if first > warm_up:
            rule.train(x[: first - warm_up], labels[: first - warm_up])
        before, shown = rule.weights(), slice(first - warm_up, first + samples)
        # Anew, as the platforms begin: whose turn it is to learn follows from the number of samples that were shown.
        rule = Rule(before, parameters)
        rule.train(x[shown], labels[shown])
        return cls(x[shown], labels[shown], warm_up, before, rule.weights())

    def runs(self, samples_per_run: int) -> Iterator[slice]:
        """The timed samples, some at a time."""
        for start in range(self.warm_up, len(self.x), samples_per_run):
            yield slice(start, min(start + samples_per_run, len(self.x)))


@dataclass
class Timed:
    """A circuit, what it learns, and its times in ms a sample, one for each repeat."""

    form: str
    rule: str
    circuit: Circuit
    lesson: Lesson
    processor: list[float] = field(default_factory=list)
    wall: list[float] = field(default_factory=list)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("platforms", nargs="*", default=PLATFORMS, help="NAME or NAME:VARIANT (default: all)")
    parser.add_argument("--form", nargs="+", choices=sorted(FORMS), default=["published", "compact"])
    parser.add_argument("--rule", nargs="+", choices=sorted(PARAMETERS), default=["published"])
    parser.add_argument("--first", type=int, default=20_000, help="number of the first sample (20,000)")
    parser.add_argument("--samples", type=int, default=1_000, help="how many are timed (1,000)")
    parser.add_argument("--repeats", type=int, default=3)
    options = parser.parse_args()
    lessons = {rule: Lesson.of(options.first, options.samples, PARAMETERS[rule]) for rule in options.rule}
    print(ROW.format("platform", "form", "rule", "phases", "processor ms a sample", "wall ms", "of the first"))
    for name in options.platforms:
        rows = [
            Timed(form, rule, training_circuit(UNITS, PARAMETERS[rule], form=form), lessons[rule])
            for form in options.form
            for rule in options.rule
        ]
        try:
            measure(name, rows, options.repeats)
        except PynnBackpropError as error:
            print(f"{name}: {error}")


def measure(name: str, rows: Sequence[Timed], repeats: int) -> None:
    """Time a platform, and print a line for each row."""
    platform = platform_of(name)
    for _ in range(repeats):
        for row in rows:
            processor, wall = time_once(platform, row.circuit, row.lesson)
            row.processor.append(processor)
            row.wall.append(wall)
    for row in rows:
        middle = statistics.median(row.processor)
        spread = f"{middle:.4g} ({min(row.processor):.4g} - {max(row.processor):.4g})"
        pairs = zip(row.processor, rows[0].processor, strict=True)
        share = f"{statistics.median(ours / theirs for ours, theirs in pairs):.2f}"
        wall = f"{statistics.median(row.wall):.4g}"
        phases = row.circuit.schedule.length
        print(ROW.format(name, row.form, row.rule, phases, spread, wall, share), flush=True)


def platform_of(name: str) -> Platform:
    """The platform of this name, with its variant after a colon."""
    if name == STEPS:
        return StepPlatform()
    simulator, _, variant = name.partition(":")
    return get_platform(simulator, Options(variant=variant or "auto"))


def time_once(platform: Platform, circuit: Circuit, lesson: Lesson) -> tuple[float, float]:
    """Processor and wall time of a sample in ms.

    Raises
    ------
    EqualityError
        If the weights are not those of the rule in the end.
    """
    running = platform.build(circuit, lesson.before)
    try:
        if lesson.warm_up:
            running.train(lesson.x[: lesson.warm_up], lesson.labels[: lesson.warm_up])
        processor, wall = spent(), time.perf_counter()
        for run in lesson.runs(platform.samples_per_run):
            running.train(lesson.x[run], lesson.labels[run])
            if platform.name == STEPS:
                spikes_of(running)
        processor, wall = spent() - processor, time.perf_counter() - wall
        weights = running.weights()
    finally:
        running.close()
    if any((weights[name] != matrix).any() for name, matrix in lesson.after.items()):
        raise EqualityError(f"{platform.name}: the weights are not those of the rule")
    n = len(lesson.x) - lesson.warm_up
    return 1000 * processor / n, 1000 * wall / n


def spent() -> float:
    """Seconds of processor time of this process and, on Linux, those that it has started and that still run."""
    seconds = time.process_time()
    for path in Path("/proc/self/task").glob("*/children"):
        for child in path.read_text().split():
            # After the name of the program, which may hold anything, fields 14 and 15 are user and system time.
            fields = Path(f"/proc/{child}/stat").read_text().rpartition(")")[2].split()
            seconds += (int(fields[11]) + int(fields[12])) / 100
    return seconds


if __name__ == "__main__":
    main()
