"""Wall time of a sample."""

from __future__ import annotations

from ...rows import INFERENCE, MEASURED, TRAINING
from ..groups import Group
from ..numbers import Spread, significant
from .dots import Dot, dot_plot, spoken
from .plot import Plot, milliseconds


def time_per_sample(group: Group) -> Plot | None:
    """Wall time of a sample on each platform, in training and inference; None if nothing was timed."""
    rows: dict[str, list[Dot]] = {}
    for line in group.lines:
        found = [(of, line.ms_per_sample(of)) for of in (TRAINING, INFERENCE)]
        rows[line.name] = [_dot(of, spread) for of, spread in found if spread is not None]
    if not any(rows.values()):
        return None
    caption = (
        f"Wall time of a sample, measured: {group.title}; the lower, the better. Circles: training; "
        "triangles: inference. Points are medians of the repeats, bars reach from the fastest to the slowest. Building "
        "and warming up are not in it."
    )
    return Plot(
        f"time-{group.name}",
        group.case,
        dot_plot(rows, "wall time of a sample", milliseconds),
        caption,
        spoken(rows, lambda ms: f"{significant(ms)} ms"),
    )


def _dot(of: str, spread: Spread) -> Dot:
    return Dot(of, MEASURED, spread.median, spread.low, spread.high)
