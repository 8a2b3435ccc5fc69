"""Wall time of a sample."""

from __future__ import annotations

from collections.abc import Sequence

from ...rows import INFERENCE, MEASURED, TRAINING
from ..numbers import Spread, significant
from ..summary import Line
from .dots import Dot, dot_plot, spoken
from .plot import Plot, milliseconds, named


def time_per_sample(case: str, lines: Sequence[Line]) -> Plot | None:
    """Wall time of a sample on each platform, in training and inference; None if nothing was timed."""
    rows: dict[str, list[Dot]] = {}
    for line in lines:
        found = [(of, line.ms_per_sample(of)) for of in (TRAINING, INFERENCE)]
        rows[named(line.name)] = [_dot(of, spread) for of, spread in found if spread is not None]
    figure = dot_plot(rows, "wall time of a sample", milliseconds)
    caption = (
        f"Wall time of a sample, measured: {case}, {lines[0].sizes}; the lower, the better. Circles: training; "
        "triangles: inference. Points are medians of the repeats, bars reach from the fastest to the slowest. Building "
        "and warming up are not in it."
    )
    return (
        None
        if figure is None
        else Plot(f"time-{case}", case, figure, caption, spoken(rows, lambda ms: f"{significant(ms)} ms"))
    )


def _dot(of: str, spread: Spread) -> Dot:
    return Dot(of, MEASURED, spread.median, spread.low, spread.high)
