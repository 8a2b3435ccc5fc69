"""How fast each platform learns: when it reached a score, and how good it was on the way."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from typing import Any

from ...rows import OLDER, STAGE, TRAINING, ms_per_sample
from ..groups import Group
from ..numbers import significant, spread, with_prefix
from ..summary import Line
from .table import NOTHING, Cell, Column, Table, share_cell, words


def target_table(group: Group) -> Table | None:
    """Samples and time that each platform takes to the score at which training ends; None without one."""
    until = group.first["until"]
    if not until:
        return None
    base = _first_simulator(group)
    columns = (
        words("platform"),
        Column("samples"),
        Column("epochs"),
        Column("time"),
        Column(f"time / {base.name}" if base else "time / a simulator"),
        Column("ms a training sample"),
        Column("right on test samples"),
        Column("learning rate"),
    )
    rows = tuple(_reached(line, until, base) for line in group.lines)
    held = f"{group.first['validation']:,} training samples that are held out"
    note = (
        f"Training ends as soon as {until:.0%} of {held} are answered rightly, asked 27 times an epoch; the time is "
        "that of learning alone, with one thread. Where it was not reached, the best share is given. Learning rates "
        "were chosen among several by the same samples, never by test samples."
    )
    return Table(f"Time to {until:.0%}: {group.case}, {group.sizes}", columns, rows, note).without_empty()


def _first_simulator(group: Group) -> Line | None:
    """The first circuit that spiked and reached the score: what the times of others are held against."""
    ours = [line for line in group.lines if line.equal is not None and line.first["platform"] != "reference"]
    return next((line for line in ours if _seconds(line, group.first["until"])), None)


def _at_the_score(line: Line, until: float) -> list[Mapping[str, Any]]:
    """The point of each seed at which it had reached the score; none if a seed did not."""
    ends = [row["curve"][-1] for row in line.rows if row["curve"]]
    got = [point for point in ends if point["right"] >= until]
    return got if len(got) == len(line.rows) else []


def _seconds(line: Line, until: float) -> float | None:
    """Median time to the score; None if a seed did not reach it, or its time is not known."""
    got = _at_the_score(line, until)
    seconds = [point["seconds"] for point in got if point.get("seconds")]
    found = spread(seconds) if len(seconds) == len(got) else None
    return None if found is None else found.median


def _reached(line: Line, until: float, base: Line | None) -> tuple[Cell, ...]:
    got, name, rate = _at_the_score(line, until), Cell(line.name), _rate(line)
    ms = spread([found for row in line.rows if (found := ms_per_sample(row, STAGE[TRAINING])) is not None])
    last = Cell(NOTHING) if ms is None else Cell(f"{ms.median:.3g}", value=ms.median)
    if not got:
        points = [point for row in line.rows for point in row["curve"]]
        most, best = (max((point[what] for point in points), default=0) for what in ("shown", "right"))
        said = Cell(f"not after {most:,}", f"at best {best:.1%}")
        return (name, said, *[Cell(NOTHING)] * 3, last, share_cell(line.accuracy), rate)
    shown, seconds = spread([point["shown"] for point in got]), _seconds(line, until)
    assert shown is not None
    epochs, theirs = shown.median / line.first["samples"], _seconds(base, until) if base else None
    ratio = seconds / theirs if seconds and theirs else None
    return (
        name,
        Cell(f"{shown.median:,.0f}", value=shown.median),
        Cell(f"{epochs:.2f}", value=epochs),
        Cell(NOTHING) if seconds is None else Cell(with_prefix(seconds, "s"), value=seconds),
        Cell(NOTHING) if ratio is None else Cell(significant(ratio, 2), value=ratio),
        last,
        share_cell(line.accuracy),
        rate,
    )


def _rate(line: Line) -> Cell:
    rates = {**OLDER, **line.first}["rates"]
    if "chosen" not in rates:
        return Cell(NOTHING)
    tried = ", ".join(f"{rate}: {share:.1%}" for rate, share in rates.get("tried", {}).items())
    return Cell(f"{rates['chosen']:g}", tried, value=rates["chosen"])


def followed_table(groups: Sequence[Group]) -> Table | None:
    """Which stretches of whole trainings each platform was checked to follow; None if none was."""
    columns = (
        words("training", long=True),
        words("platform"),
        words("samples of its own"),
        Column("weights compared"),
        words("= the rule"),
    )
    rows = []
    for group in groups:
        for line in group.lines:
            if group.whole and line.equal is not None:
                first, stop = line.first.get("stretch") or (0, group.first["samples"] * group.first["epochs"])
                sizes = line.first["layer_sizes"]
                n = line.first["code"].get("n", 1)
                weights = sum(pre * post * n * n for pre, post in itertools.pairwise(sizes))
                cells = (Cell(group.title), Cell(line.name), Cell(f"{first:,} to {stop:,}"))
                rows.append((*cells, Cell(f"{weights:,}", value=weights), Cell("yes" if line.equal else "no")))
    note = (
        "The rule learns what the platform does not show itself, so that its weights after the stretch are those of "
        "the whole training; every weight is compared, and the answers with the weights of the end."
    )
    return Table("What each platform was checked to follow", columns, tuple(rows), note) if rows else None
