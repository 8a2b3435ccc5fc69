"""What a person sees in the terminal: progress bars and tables.

What is going on is shown on rich's own console, which a quiet command silences, and results on one of their own.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import rich
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn
from rich.table import Table

from ..learning.evaluation import Score
from ..learning.progress import Callback
from ..learning.progress import Progress as TrainingProgress
from ..learning.told import NowAndThen, told

if TYPE_CHECKING:
    from ..runs.run import Run


def introduce(run: Run) -> None:
    """Say what is about to run."""
    console, count, config = rich.get_console(), run.circuit.count(), run.config
    sizes = "-".join(map(str, run.circuit.neurons))
    where = escape(run.platform.name)
    console.print(
        f"[bold]{sizes}[/bold] on [bold]{where}[/bold]: {count.neurons:,} neurons, {count.synapses:,} "
        f"synapses, {count.plastic_synapses:,} of them plastic; {config.form} form, "
        f"{run.circuit.schedule.length} phases"
    )
    console.print(
        f"{config.data}: {len(run.samples.x_train):,} training samples, {config.epochs} epochs, seed {config.seed}; "
        f"results in {run.folder}",
        markup=False,
    )
    if run.progress.shown:
        console.print(f"going on after {run.progress.shown:,} of {run.progress.total:,} samples")


@contextlib.contextmanager
def training_progress(run: Run) -> Iterator[tuple[Callback, Callback]]:
    """A progress bar with the accuracy so far; yields what moves it, and what adds a line on every epoch above it."""
    columns = (
        TextColumn("epoch {task.fields[epoch]}"),
        BarColumn(bar_width=None),
        MofNCompleteColumn(),
        TextColumn("{task.fields[accuracy]} right"),
        TextColumn("{task.fields[speed]}"),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
    )
    shown, epochs, before = run.progress.shown, run.config.epochs, run.progress.seconds
    with Progress(*columns, console=rich.get_console(), expand=True) as bar:
        task = bar.add_task(
            "", total=run.progress.total, completed=shown, epoch=f"1/{epochs}", accuracy="   --", speed="building"
        )

        # Where no bar moves, as in a log, a line is written now and then.
        line = NowAndThen(bar.console.print if not bar.console.is_terminal else lambda words: None)

        def callback(progress: TrainingProgress) -> None:
            line(progress)
            epoch = min((progress.shown - 1) // progress.samples + 1, epochs)
            speed = 1e3 * (progress.seconds - before) / max(progress.shown - shown, 1)
            bar.update(
                task,
                completed=progress.shown,
                epoch=f"{epoch}/{epochs}",
                accuracy=f"{progress.accuracy:6.1%}",
                speed=f"{speed:.2f} ms/sample",
            )

        log = not bar.console.is_terminal
        yield callback, lambda progress: bar.console.print(told(progress), highlight=False, soft_wrap=log)


@contextlib.contextmanager
def progress_bar(text: str, total: int) -> Iterator[Callable[[int], None]]:
    """A plain progress bar; yields a function that takes how many samples are done."""
    columns = (TextColumn(text), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=rich.get_console()) as bar:
        task = bar.add_task("", total=total)
        yield lambda shown: bar.update(task, completed=shown)


def evaluation_progress(run: Run) -> contextlib.AbstractContextManager[Callable[[int], None]]:
    """A progress bar for the test samples of a run."""
    return progress_bar("testing", len(run.samples.x_test))


def interrupted(run: Run) -> None:
    """Say how to go on."""
    Console().print(
        f"stopped after {run.progress.shown:,} of {run.progress.total:,} samples; to go on:\n"
        f"  pynn-backprop train --resume {run.folder}",
        markup=False,
    )


def report(run: Run, metrics: dict[str, Any]) -> None:
    """Print accuracy and spikes of a finished run, and where its files are."""
    console = Console()
    console.print(_accuracy_table(metrics))
    if run.progress.stretches:
        console.print(_spike_table(run))
    files = ", ".join(sorted(path.name for path in run.folder.iterdir() if not path.name.startswith(".")))
    console.print(f"in {run.folder}: {files}", markup=False)


def _empty_accuracy_table() -> Table:
    table = Table(title="accuracy", title_justify="left")
    table.add_column("samples")
    table.add_column("score")
    table.add_column("right", justify="right")
    return table


def _accuracy_table(metrics: Mapping[str, Any]) -> Table:
    test, training = metrics["test"], metrics["training"]
    table = _empty_accuracy_table()
    by_epoch = training["accuracy_by_epoch"]
    table.add_row("training, first epoch", "output spikes, while learning", f"{by_epoch[0]:.1%}")
    if len(by_epoch) > 1:
        table.add_row("training, last epoch", "output spikes, while learning", f"{by_epoch[-1]:.1%}")
    _add_scores(table, test)
    table.caption = (
        f"{training['ms_per_sample']:.2f} ms a training sample, {test['ms_per_sample']:.2f} ms a test sample, "
        f"built in {metrics['network']['build_seconds']:.1f} s, {metrics['peak_memory_MB']:.0f} MB"
    )
    return table


def _add_scores(table: Table, score: Mapping[str, Any]) -> None:
    samples = f"test, {score['samples']:,} samples"
    table.add_row(samples, "output spikes", f"[bold]{score['by_spikes']:.1%}[/bold]")
    table.add_row(samples, "output spikes, one neuron a class", f"{score['by_single_spikes']:.1%}")
    table.add_row(samples, "output potential", f"{score['by_potential']:.1%}")
    table.add_row(samples, "all outputs right", f"{score['all_right']:.1%}")


def print_members(weights: Sequence[str], scores: Sequence[Score]) -> None:
    """Print how well each network of a committee answers alone."""
    for path, score in zip(weights, scores, strict=True):
        print(f"{path}: {score.by_spikes:.2%} by spikes, {score.by_potential:.2%} by potential")
    print(f"together, {len(scores)} networks:")


def print_score(score: Score, platform: Mapping[str, str], ms_per_sample: float) -> None:
    """Print the scores of an evaluation."""
    table = _empty_accuracy_table()
    _add_scores(table, vars(score))
    ran = escape(", ".join(f"{key} {value}" for key, value in platform.items()))
    table.caption = f"{ran}; {ms_per_sample:.2f} ms a sample"
    Console().print(table)


def _spike_table(run: Run) -> Table:
    first, last = run.progress.stretches[0].per_sample(), run.progress.stretches[-1].per_sample()
    table = Table(title="spikes per sample", title_justify="left")
    table.add_column("population")
    table.add_column("neurons", justify="right")
    table.add_column("phases")
    table.add_column("at the start", justify="right")
    table.add_column("at the end", justify="right")
    for name in run.record.populations:
        population = run.fullest[name]
        if population.role in ("gate", "source"):
            continue
        phases = ", ".join(map(str, population.phases))
        table.add_row(name, f"{population.size:,}", phases, f"{first.get(name, 0):.1f}", f"{last.get(name, 0):.1f}")
    return table
