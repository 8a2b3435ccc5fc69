"""Time, memory and events of a training sample against the size of a network."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

from matplotlib.axes import Axes
from matplotlib.ticker import NullLocator

from ..numbers import significant
from ..scaling import AXES, DEPTH, EVENTS, MEMORY, QUANTITIES, TIME, Series, series_of
from ..summary import Line
from .drawing import decade, drawing, grid, key, labelled, point
from .plot import COLOURS, Plot, milliseconds, named, whole

MARKERS = "os^Dv"
_LABELS = {
    TIME: "wall time of a training sample",
    MEMORY: "MB of memory at most",
    EVENTS: "synaptic events of a sample",
}


def scaling(case: str, lines: Sequence[Line]) -> list[Plot]:
    """A plot for each size that grows (:data:`~benchmarks.report.scaling.AXES`), if some platform ran three of them."""
    found = ((along, series_of(lines, along)) for along in AXES)
    return [_drawn(case, along, series) for along, series in found if series]


def _drawn(case: str, along: str, series: Sequence[Series]) -> Plot:
    figure = drawing(2.9, entries=len(series), columns=1)
    panels = figure.subplots(1, len(QUANTITIES))
    for axes, quantity in zip(panels, QUANTITIES, strict=True):
        for one, colour, marker in zip(series, itertools.cycle(COLOURS), itertools.cycle(MARKERS), strict=False):
            _draw(axes, one, quantity, colour, marker)
        _label(axes, along, quantity, sorted({size for one in series for size in one.sizes}))
    key(figure, "lower left", columns=1, handles=panels[0].get_legend_handles_labels()[0])
    caption = (
        f"Time, memory and synaptic events of a training sample against {along}: {case}. Points are medians; full "
        "lines are fitted to their logarithms, so a slope of 1 means that twice the size takes twice as much. Dashed: "
        "the limit, events times the least time that an event took."
    )
    name = "depth" if along == DEPTH else "hidden"
    return Plot(f"scaling-{name}-{case}", case, figure, caption, "; ".join(map(_spoken, series)))


def _draw(axes: Axes, series: Series, quantity: str, colour: str, marker: str) -> None:
    fit = series.fit(quantity)
    if fit is None:
        return
    label = f"{named(series.name)}: slope of time {fit.slope:.2f}"
    axes.plot(fit.sizes, fit.values, label=label, **point(marker, colour, filled=True))
    axes.plot(fit.sizes, [fit.at(size) for size in fit.sizes], color=colour, lw=1)
    limit = series.limit
    if quantity == TIME and limit is not None:
        axes.plot(*zip(*limit[1], strict=True), color=colour, lw=1, ls="--")


def _label(axes: Axes, along: str, quantity: str, sizes: Sequence[int]) -> None:
    axes.set_xscale("log")
    axes.set_yscale("log")
    axes.set_xticks(sizes, [f"{size:,}" for size in sizes], rotation=0 if along == DEPTH else 90)
    axes.xaxis.set_minor_locator(NullLocator())
    axes.set_ylim(decade(*axes.get_ylim()))
    labelled(axes.yaxis, milliseconds if quantity == TIME else whole)
    axes.set_xlabel(along)
    axes.set_title(_LABELS[quantity])
    grid(axes)


def _spoken(series: Series) -> str:
    fit = series.fit(TIME)
    points = zip(fit.sizes, fit.values, strict=True) if fit else ()
    return f"{series.name}: {', '.join(f'{size} {series.along} {significant(ms)} ms' for size, ms in points)}"
