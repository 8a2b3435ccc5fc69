r"""Two files of rows: what changed from the one to the other, and whether by more than the noise.

What is counted - accuracy, spikes, operations - has no noise: the same network gives the same numbers, so any
difference is a change.  What is timed has: it is *changed* when the medians are further apart than the two ranges of
repeats are wide together.  Then no repeat of the one is among those of the other, which happens by chance in at most 2
of :math:`\binom{a+b}{a}` cases for a and b repeats: once in 10 for 3 and 3, once in 126 for 5 and 5.  With fewer than
:data:`FEWEST` repeats nothing is said.  The repeats of a row share a process and its luck, and whatever else the
machine did at that time: to be sure of a small change, run both anew.
"""

from __future__ import annotations

import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import comb

from .rows import BUILD, OK, TEST, TRAIN, Row, apart_in, flat, platform_in, samples_in, sizes_in, whole

FEWEST = 3
"""Repeats on each side below which times are shown without a verdict."""

TIMED = {
    TRAIN: "ms a training sample",
    TEST: "ms a test sample",
    BUILD: "s to build",
}
"""The stages that are compared, and what their medians are called."""

COUNTED = ("metrics.", "counts.", "correct.")
"""Prefixes of what has no noise."""

NOT_COUNTED = ("counts.counted_on.",)
"""Among those, what describes and does not count."""

CHANGED, SAME, WITHIN, UNKNOWN = "changed", "the same", "within the noise", "noise unknown"
ELSEWHERE = "other conditions"
"""Of times on another processor, or with another number of jobs at once: nothing can be said."""

CONDITIONS = ("processor", "cores", "jobs_at_once")
"""What of a row's host must be the same for times to be compared."""


@dataclass(frozen=True)
class Change:
    """One thing of one row, before and after.

    Parameters
    ----------
    row : str
        The row's key in words.
    what : str
        The thing.
    before, after : object
        Its values; medians where it was timed.
    verdict : str
        :data:`CHANGED`, :data:`SAME`, :data:`WITHIN`, :data:`UNKNOWN` or :data:`ELSEWHERE`.
    chance : float or None
        How probable such a verdict is at most if nothing changed; None where there is no noise or nothing is said.
    """

    row: str
    what: str
    before: object
    after: object
    verdict: str
    chance: float | None = None

    @property
    def ratio(self) -> float | None:
        """After by before, where both are numbers and the first is not 0."""
        numbers = [value for value in (self.before, self.after) if isinstance(value, (int, float))]
        return float(numbers[1] / numbers[0]) if len(numbers) == 2 and numbers[0] else None


@dataclass(frozen=True)
class Changes:
    """What :func:`compare` returns: changes row by row, and rows that only one of the files has, in words."""

    changes: tuple[Change, ...]
    only_before: tuple[str, ...]
    only_after: tuple[str, ...]

    @property
    def any(self) -> bool:
        """Whether anything changed by more than the noise, or a row came or went."""
        return bool(self.only_before or self.only_after or any(c.verdict == CHANGED for c in self.changes))


def compare(before: Iterable[Row], after: Iterable[Row]) -> Changes:
    """Compare rows of the same key; see the head of this module.

    Rows are the same if all of :data:`benchmarks.rows.KEY` but the number of repeats are.
    """
    old, new = ({_words(row): row for row in rows} for rows in (before, after))
    found: list[Change] = []
    for name, row in old.items():
        if name in new:
            found += _row(name, row, new[name])
    return Changes(
        tuple(found),
        tuple(name for name in old if name not in new),
        tuple(name for name in new if name not in old),
    )


def _words(row: Row) -> str:
    row = whole(row)
    shown = f"{row['samples']}x{row['epochs']}+{row['test_samples']} samples"
    held = f"{row['validation']} held out" if row["validation"] else ""
    until = f"until {row['until']:g}" if row["until"] else ""
    where = ", ".join(filter(None, [platform_in(row), *apart_in(row).values()]))
    return ", ".join(
        filter(None, [f"{row['case']} {sizes_in(row)} on {where}", shown, held, until, f"seed {row['seed']}"])
    )


def _row(name: str, before: Row, after: Row) -> list[Change]:
    if before["status"] != after["status"]:
        return [Change(name, "status", before["status"], after["status"], CHANGED)]
    if before["status"] != OK:
        return []
    timed = [_timed(name, stage, before, after) for stage in TIMED if _both(before, after, stage)]
    memory = Change(name, "MB of memory at most", before["peak_memory_MB"], after["peak_memory_MB"], UNKNOWN)
    return [*timed, *_differing(name, before, after), memory]


def _differing(name: str, before: Row, after: Row) -> list[Change]:
    """The counts that differ; one entry that says so if none does."""
    one, other = _counted(before), _counted(after)
    names = [what for what in dict.fromkeys((*one, *other)) if one.get(what) != other.get(what)]
    if not names:
        return [Change(name, "everything that is counted", "", "", SAME)]
    return [Change(name, what, one.get(what), other.get(what), CHANGED) for what in names]


def _counted(row: Row) -> dict[str, object]:
    return {
        name: value
        for name, value in flat(row).items()
        if name.startswith(COUNTED) and not name.startswith(NOT_COUNTED)
    }


def _both(before: Row, after: Row, stage: str) -> bool:
    return bool(before["repeat_seconds"].get(stage) and after["repeat_seconds"].get(stage))


def _timed(name: str, stage: str, before: Row, after: Row) -> Change:
    one, other = (_per_sample(row, stage) for row in (before, after))
    medians = statistics.median(one), statistics.median(other)
    if any(before["host"].get(what) != after["host"].get(what) for what in CONDITIONS):
        return Change(name, TIMED[stage], *medians, ELSEWHERE)
    if min(len(one), len(other)) < FEWEST:
        return Change(name, TIMED[stage], *medians, UNKNOWN)
    apart = abs(medians[0] - medians[1]) > (max(one) - min(one)) + (max(other) - min(other))
    chance = 2 / comb(len(one) + len(other), len(one))
    return Change(name, TIMED[stage], *medians, CHANGED if apart else WITHIN, chance if apart else None)


def _per_sample(row: Row, stage: str) -> Sequence[float]:
    seconds: list[float] = row["repeat_seconds"][stage]
    if stage == BUILD:
        return seconds
    return [1e3 * value / samples_in(row, stage) for value in seconds]
