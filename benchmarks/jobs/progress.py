"""What a person sees in the terminal while jobs run."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rich.console import Console

from ..rows import OK, TEST, TRAIN, Row, ms_per_sample
from .job import Job


class Progress:
    """Prints a line for every job that is done.

    Parameters
    ----------
    total : int
        How many there are to do.
    skipped : int
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
    return ", ".join([*words, *_verdicts(row["correct"])])


def _verdicts(correct: Mapping[str, Any]) -> list[str]:
    """Whether it follows the rule, and whether it is as good as it should be: two things, and two words."""
    equal = [correct.get(name) for name in ("weights_equal_reference", "answers_equal_reference")]
    said = []
    if False in equal:
        said.append("DIFFERS from the rule")
    elif True in equal:
        said.append("= the rule")
    if correct.get("reached") is False:
        said.append(f"below its floor, {correct['wanted']}")
    return said
