"""What a person sees in the terminal while jobs run, and what a comparison of two files found."""

from __future__ import annotations

from rich.console import Console
from rich.table import Table

from ..changes import CHANGED, WITHIN, Change, Changes
from ..rows import OK, TEST, TRAIN, Row, ms_per_sample
from .job import Job

COLOURS = {CHANGED: "bold red", WITHIN: "green"}


class Progress:
    """Prints a line for every job that is done.

    Parameters
    ----------
    total
        How many there are to do.
    skipped
        How many have a row already.
    """

    def __init__(self, total: int, skipped: int = 0) -> None:
        self.console, self.total, self.done = Console(), total, 0
        there = f"; {skipped} more have rows already" if skipped else ""
        self.console.print(f"{total} rows to measure{there}")

    def report(self, job: Job, row: Row) -> None:
        """Say what came of a job."""
        self.done += 1
        self.console.print(f"[{self.done}/{self.total}] {job.name}: {_outcome(row)}", markup=False, highlight=False)


def _outcome(row: Row) -> str:
    if row["status"] != OK:
        return f"{row['status']}: {row['why']}"
    accuracy = row["metrics"].get("ClassificationAccuracy")
    words = [] if accuracy is None else [f"{accuracy:.1%} right"]
    words += [
        f"{ms_per_sample(row, stage):.3g} ms a {name} sample" for stage, name in ((TRAIN, "training"), (TEST, "test"))
    ]
    words += [
        word for verdict, word in ((True, "correct"), (False, "NOT CORRECT")) if row["correct"].get("is") is verdict
    ]
    return ", ".join(words)


def print_changes(changes: Changes) -> None:
    """Print a comparison as a table."""
    console = Console()
    for row in dict.fromkeys(one.row for one in changes.changes):
        table = Table("what", "before", "after", "ratio", "verdict", title=row, title_justify="left")
        for one in changes.changes:
            if one.row == row:
                table.add_row(*_cells(one), style=COLOURS.get(one.verdict))
        console.print(table)
    for name in changes.only_before:
        console.print(f"only before: {name}", markup=False)
    for name in changes.only_after:
        console.print(f"only after: {name}", markup=False)
    console.print(
        "something changed by more than the noise" if changes.any else "nothing changed by more than the noise"
    )


def _cells(change: Change) -> tuple[str, ...]:
    verdict = change.verdict if change.chance is None else f"{change.verdict} (by chance: at most {change.chance:.1%})"
    ratio = "" if change.ratio is None else f"{change.ratio:.3g}"
    return change.what, _number(change.before), _number(change.after), ratio, verdict


def _number(value: object) -> str:
    return f"{value:.4g}" if isinstance(value, float) else str(value)
