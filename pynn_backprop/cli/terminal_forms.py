"""What a person sees of a comparison of forms: what fires in which phase, side by side, and a verdict."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np
import rich
from rich import box
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from ..circuit.circuit import Circuit
from ..comparison.forms_result import FormPair, FormResult, FormsComparison


def introduce(circuits: Mapping[str, Circuit], data: str, samples: int) -> None:
    """Say what is about to run."""
    console = rich.get_console()
    sizes = "-".join(map(str, next(iter(circuits.values())).neurons))
    console.print(f"[bold]{sizes}[/] on {escape(data)}, {samples:,} training samples", highlight=False)
    for form, circuit in circuits.items():
        words = f"  [bold]{escape(form)}[/]: {circuit.schedule.length} phases, {circuit.count()}"
        console.print(words, highlight=False)


def report(comparison: FormsComparison) -> None:
    """Print spikes by phase in each form, what was compared, and the verdict."""
    console = Console(highlight=False)
    by_form: dict[str, FormResult] = {}
    for result in comparison.results:
        by_form.setdefault(result.form, result)
        words = ", ".join(f"{key} {value}" for key, value in result.description.items())
        console.print(f"  [bold]{escape(result.name)}[/]: {escape(words)}")
    console.print(_table(list(by_form.values())))
    activity = comparison.results[0].activity
    console.print(
        f"Means over {activity.without_error:,} samples without an error (right) and {activity.with_error:,} with one "
        "(wrong), of every population but the ring and the sources. Compared: every weight of every copy after "
        "training, and every training output.",
        style="dim",
    )
    console.print()
    for line in _verdict(comparison):
        console.print(line)


def _table(results: list[FormResult]) -> Table:
    """A row for each phase, and of each form what happens in it and how many spikes there are."""
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_footer=True)
    table.add_column("phase", footer="all", justify="right")
    for result in results:
        table.add_column(escape(result.form), overflow="fold", footer="spikes in a sample")
        for name, means in (("right", result.activity.right), ("wrong", result.activity.wrong)):
            table.add_column(name, justify="right", footer=_number(means.sum()))
    for phase in range(max(result.circuit.schedule.length for result in results)):
        cells = [cell for result in results for cell in _cells(result, phase)]
        table.add_row(str(phase), *cells)
    return table


def _cells(result: FormResult, phase: int) -> tuple[str, str, str]:
    labels = result.circuit.schedule.labels
    if phase >= len(labels):
        return "", "", ""
    return labels[phase], _number(result.activity.right[phase]), _number(result.activity.wrong[phase])


def _number(mean: float) -> str:
    return "-" if np.isnan(mean) else f"{mean:,.1f}"


def _verdict(comparison: FormsComparison) -> Iterator[str]:
    for pair in comparison.pairs:
        yield from _of_pair(pair)
    for result in comparison.results:
        if result.failure:
            yield f"[bold red]{escape(result.name)}[/]: {escape(result.failure)}"
        if result.spikes is not None and result.spikes.first is not None:
            yield f"[bold red]{result.spikes.total:,} spikes of {escape(result.name)} differ[/]: {result.spikes.first}"
        elif result.spikes is not None:
            yield (
                f"[bold green]{escape(result.name)}: {result.spikes.compared:,} spikes equal to those on "
                f"{escape(comparison.results[0].platform)}[/]"
            )


def _of_pair(pair: FormPair) -> Iterator[str]:
    standard, other = escape(pair.standard), escape(pair.other)
    if pair.equal:
        weights = sum(matrix.compared for matrix in pair.weights.values())
        yield (
            f"[bold green]{standard} = {other}: {weights:,} weights and {pair.outputs.compared:,} training outputs "
            "equal[/]"
        )
        return
    yield f"[bold red]{standard} and {other} are not equal[/]"
    for name, array in pair.arrays():
        if array.differing:
            yield f"  {array.differing:,} of {array.compared:,} {name} differ, by up to {array.largest:,}"
        elif not array.compared:
            yield f"  {name} were not compared"
