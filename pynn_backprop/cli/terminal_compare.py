"""What a person sees of a comparison of platforms: progress, one table, and a verdict."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping, Sequence

import rich
from rich import box
from rich.console import Console
from rich.markup import escape
from rich.padding import Padding
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn
from rich.table import Table

from ..circuit.circuit import Circuit
from ..comparison.follow import Tick
from ..comparison.result import ArrayComparison, Comparison, Pair, Pass, SpikeComparison
from ..comparison.task import INFERENCE, TRAINING

SAME = "[green]=[/]"
NOT_COMPARED = "[red]not compared[/]"


def introduce(circuit: Circuit, data: str, samples: int, test_samples: int) -> None:
    """Say what is about to run."""
    count = circuit.count()
    sizes = "-".join(map(str, circuit.neurons))
    rich.get_console().print(
        f"[bold]{sizes}[/] on {escape(data)}, {samples:,} training and {test_samples:,} test samples: "
        f"{count.neurons:,} neurons, {count.synapses:,} synapses, {count.plastic_synapses:,} of them plastic; "
        f"{circuit.schedule.form} form, {circuit.schedule.length} phases",
        highlight=False,
    )


@contextlib.contextmanager
def comparison_progress(platforms: Sequence[str], samples: int, console: Console | None = None) -> Iterator[Tick]:
    """A progress bar for each platform, gone when all is done; yields the function that moves them."""
    columns = (
        TextColumn("{task.description}"),
        TextColumn("{task.fields[state]:<9}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    console = console or rich.get_console()
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bars:
        tasks: dict[str, TaskID] = {
            name: bars.add_task(escape(name), start=False, total=samples, state="waiting") for name in platforms
        }

        def tick(name: str, what: str, shown: int, total: int) -> None:
            bars.start_task(tasks[name])
            state = "building" if shown == 0 else "learning" if what == TRAINING else "testing"
            if what == INFERENCE and shown == total:
                state = "done"
                bars.stop_task(tasks[name])
            bars.update(tasks[name], completed=shown, total=total, state=state)

        yield tick


def report(comparison: Comparison) -> None:
    """Print what ran, the table, what was compared, and for every pair the verdict."""
    console = Console(highlight=False)
    for result in comparison.results:
        words = ", ".join(f"{key} {value}" for key, value in result.description.items() if key != "platform")
        console.print(f"  [bold]{escape(result.name)}[/]: {escape(words)}")
    console.print(_table(comparison))
    console.print(_coverage(comparison), style="dim")
    for pair in comparison.pairs:
        console.print()
        verdict, *details = _verdict(comparison, pair)
        console.print(verdict)
        for line in details:
            console.print(Padding(line, (0, 0, 0, 2)))


# -- the table ---------------------------------------------------------------------------------------------------------


class _Rows:
    """The table under construction: a name, a size, the standard, and one cell for each other platform."""

    def __init__(self, comparison: Comparison) -> None:
        self.comparison = comparison
        standard, *others = (escape(result.name) for result in comparison.results)
        self.table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
        self.table.add_column("", no_wrap=True)
        self.table.add_column("size", justify="right", no_wrap=True)
        self.table.add_column(standard, justify="right", overflow="fold")
        for name in others:
            self.table.add_column(name, justify="right", overflow="fold")

    def section(self, title: str) -> None:
        if self.table.row_count:
            self.table.add_row()
        self.table.add_row(f"[bold]{title}[/]")

    def add(self, name: str, size: str, standard: str, others: Sequence[str]) -> None:
        self.table.add_row(f"  {name}", size, standard, *others)


def _table(comparison: Comparison) -> Table:
    rows = _Rows(comparison)
    _add_spikes(rows, TRAINING, comparison.circuit)
    _add_spikes(rows, INFERENCE, comparison.inference)
    _add_weights(rows)
    _add_answers(rows)
    _add_times(rows)
    return rows.table


def _add_spikes(rows: _Rows, what: str, circuit: Circuit) -> None:
    """One row for each population but the gates, one for these together, and one for all."""
    comparison = rows.comparison
    runs: list[Pass] = [getattr(result, what) for result in comparison.results]
    pairs: list[SpikeComparison] = [getattr(pair, what) for pair in comparison.pairs]
    whole = [run.samples == runs[0].samples for run in runs[1:]]

    def add(name: str, members: Sequence[str]) -> None:
        per_sample = sum(runs[0].spikes[member] for member in members) / runs[0].samples
        cells = [
            _cell(sum(pair.differing[member] for member in members), complete)
            for pair, complete in zip(pairs, whole, strict=True)
        ]
        rows.add(name, f"{sum(circuit[member].size for member in members):,}", f"{per_sample:,.1f}", cells)

    rows.section(f"spikes in a {'training' if what == TRAINING else 'test'} sample")
    recorded = list(runs[0].spikes)
    gates = [name for name in recorded if circuit[name].role == "gate"]
    for name in recorded:
        if name not in gates:
            add(name, [name])
    add(f"{gates[0]} to {gates[-1]}", gates)
    add("all", recorded)


def _cell(differing: int, complete: bool = True) -> str:
    if differing:
        return f"[bold red]{differing:,} differ[/]"
    return SAME if complete else "[red]= so far[/]"


def _array_cell(array: ArrayComparison) -> str:
    return _cell(array.differing) if array.compared else NOT_COMPARED


def _add_weights(rows: _Rows) -> None:
    comparison = rows.comparison
    rows.section("weights after training")
    for name, (n_pre, n_post) in comparison.circuit.matrices.items():
        cells = [_array_cell(pair.weights[name]) for pair in comparison.pairs]
        rows.add(name, f"{n_pre * n_post:,}", f"{comparison.changed[name]:,} changed", cells)
    copies = sum(len(comparison.circuit.copies(name)) for name in comparison.circuit.matrices)
    states = ["[bold red]differ[/]" if r.copies else "equal" if r.weights else NOT_COMPARED for r in comparison.results]
    rows.add("copies within each", str(copies), states[0], states[1:])


def _add_answers(rows: _Rows) -> None:
    comparison, first = rows.comparison, rows.comparison.results[0]
    rows.section("answers")
    for name, run, field in (
        ("training outputs", first.training, "training_outputs"),
        ("test outputs", first.inference, "outputs"),
    ):
        cells = [_array_cell(getattr(pair, field)) for pair in comparison.pairs]
        rows.add(name, f"{run.outputs.size:,}", f"{run.right / run.samples:.1%} right", cells)
    potentials = first.inference.potentials
    size = "" if potentials is None else f"{potentials.size:,}"
    rows.add("test potentials", size, "", [_array_cell(pair.potentials) for pair in comparison.pairs])


def _add_times(rows: _Rows) -> None:
    results = rows.comparison.results
    rows.section("time")
    built, *others = (f"{r.training.build_seconds + r.inference.build_seconds:.2f} s" for r in results)
    rows.add("building both", "", built, others)
    for name, runs in (
        ("a training sample", [result.training for result in results]),
        ("a test sample", [result.inference for result in results]),
    ):
        first, *others = (f"{run.ms_per_sample:.2f} ms" for run in runs)
        rows.add(name, "", first, others)


# -- words -------------------------------------------------------------------------------------------------------------


def _coverage(comparison: Comparison) -> str:
    """What was compared and what was not."""
    learning, asking = comparison.circuit.schedule.length, comparison.inference.schedule.length
    populations = len(comparison.results[0].training.spikes)
    copies = sum(len(comparison.circuit.copies(name)) for name in comparison.circuit.matrices)
    matrices = {1: "the matrix", 2: "both matrices"}.get(comparison.circuit.depth, "all matrices")
    standard = escape(comparison.results[0].name)
    but = ", but where it says otherwise" if any(pair.failures for pair in comparison.pairs) else ""
    return (
        f"Compared{but}: every spike of all {populations} populations in the {learning} steps of "
        f"{comparison.samples:,} training samples; {matrices} after training, and on each platform all {copies} "
        f"copies; every spike and the outputs' drive in the {asking} steps of {comparison.test_samples:,} test "
        f"samples, with the weights that {standard} learnt. Not compared: weights during training, and other "
        "potentials. Times include recording."
    )


def _verdict(comparison: Comparison, pair: Pair) -> Iterator[str]:
    standard, other = escape(pair.standard), escape(pair.other)
    weights = sum(matrix.compared for matrix in pair.weights.values())
    outputs = pair.training_outputs.compared + pair.outputs.compared
    if pair.equal:
        yield (
            f"[bold green]{standard} = {other}: {pair.spikes:,} spikes, {weights:,} weights, {outputs:,} outputs and "
            f"{pair.potentials.compared:,} potentials equal[/]"
        )
        return
    yield f"[bold red]{standard} and {other} are not equal[/]"
    yield from _first_difference(comparison, pair)
    apart = pair.training.total + pair.inference.total
    if apart:
        are = "spike is" if apart == 1 else "spikes are"
        yield f"{apart:,} {are} on only one of the two; compared were {pair.spikes:,} of {standard}"
    for name, array in pair.arrays():
        if array.differing:
            yield f"{array.differing:,} of {array.compared:,} {name} differ, by up to {array.largest:,}"
        elif not array.compared:
            yield f"{name} were not compared"
    for failure in pair.failures:
        yield f"{escape(failure)}"


def _first_difference(comparison: Comparison, pair: Pair) -> Iterator[str]:
    """Both passes are told: a difference in training is no cause of one in inference."""
    passes: Mapping[str, tuple[SpikeComparison, Circuit]] = {
        TRAINING: (pair.training, comparison.circuit),
        INFERENCE: (pair.inference, comparison.inference),
    }
    for what, (spikes, circuit) in passes.items():
        if spikes.first is not None:
            first = spikes.first
            yield (
                f"first in {what}: neuron [bold]{first.neuron}[/] of [bold]{escape(first.population)}[/] fires only "
                f"on [bold]{escape(first.only_in)}[/], at step [bold]{first.step:,}[/] (sample {first.sample:,}, phase "
                f"{first.phase}: {circuit.schedule.labels[first.phase]})"
            )
