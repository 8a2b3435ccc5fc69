"""What a person sees in the terminal while jobs run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from rich.console import Console
from rich.progress import Progress as Bar
from rich.progress import SpinnerColumn, TextColumn, TimeElapsedColumn

from ..rows import OK, TEST, TRAIN, Row, ms_per_sample
from .job import Job


class Progress:
    """Prints a line for every job that is done, and shows below for how long the next one has been measured.

    It is a context manager; where the output is no terminal, it says what is begun.

    Parameters
    ----------
    jobs : sequence of Job
        What there is to do, in order.
    skipped : int
        How many have a row already.
    """

    def __init__(self, jobs: Sequence[Job], skipped: int = 0) -> None:
        self.console, self.jobs, self.done = Console(), jobs, 0
        there = f"; {skipped} more have rows already" if skipped else ""
        self.console.print(f"{len(jobs)} rows to measure{there}")
        columns = (SpinnerColumn(), TextColumn("{task.description}", markup=False), TimeElapsedColumn())
        self._bar = Bar(*columns, console=self.console, transient=True, disable=not self.console.is_terminal)

    def __enter__(self) -> Progress:
        self._bar.start()
        self._begin()
        return self

    def __exit__(self, *_: object) -> None:
        self._bar.stop()

    def report(self, job: Job, row: Row) -> None:
        """Say what came of a job."""
        self.done += 1
        self.console.print(self._line(self.done, job, _outcome(row)), markup=False, highlight=False)
        self._begin()

    def _begin(self) -> None:
        for task in self._bar.task_ids:
            self._bar.remove_task(task)
        if self.done < len(self.jobs):
            words = self._line(self.done + 1, self.jobs[self.done], "measuring")
            self._bar.add_task(words)
            if self._bar.disable:
                self.console.print(words, markup=False, highlight=False)

    def _line(self, number: int, job: Job, words: str) -> str:
        return f"[{number}/{len(self.jobs)}] {job.name}: {words}"


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
