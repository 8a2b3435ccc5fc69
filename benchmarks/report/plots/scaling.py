"""Time against hidden size."""

from __future__ import annotations

from collections.abc import Sequence

from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, NullFormatter

from ..numbers import significant
from ..scaling import Fit, fits
from ..summary import Line
from .plot import COLOURS, WIDTH, Plot, milliseconds, named, repeat


def scaling(case: str, lines: Sequence[Line]) -> Plot | None:
    """Time of a training sample against hidden size, with fitted slopes; None if no platform ran three sizes."""
    found = fits(lines)
    if not found:
        return None
    figure = Figure(figsize=(WIDTH, 3.6 + 0.21 * len(found)), layout="constrained")
    axes = figure.subplots()
    for fit, colour, marker in zip(found, repeat(COLOURS), repeat("os^Dv"), strict=False):
        label = f"{named(fit.name)}: slope {fit.slope:.2f}"
        axes.plot(fit.hidden, fit.ms, marker, color=colour, label=label, ms=6, ls="")
        axes.plot(fit.hidden, [fit.at(hidden) for hidden in fit.hidden], color=colour, lw=1.2)
    axes.set_xscale("log")
    axes.set_yscale("log")
    sizes = sorted({hidden for fit in found for hidden in fit.hidden})
    axes.set_xticks(sizes, [f"{size:,}" for size in sizes])
    axes.xaxis.set_minor_formatter(NullFormatter())
    axes.minorticks_off()
    axes.set_xlabel("hidden neurons")
    axes.set_ylabel("wall time of a training sample")
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: milliseconds(value)))
    axes.grid(alpha=0.25)
    figure.legend(loc="outside lower left", ncols=1, handletextpad=0.3)
    caption = (
        f"Wall time of a training sample against hidden size: {case}. Points are medians; lines are fitted to their "
        "logarithms, so a slope of 1 means that twice the neurons take twice the time."
    )
    return Plot(f"scaling-{case}", case, figure, caption, "; ".join(map(_spoken_fit, found)))


def _spoken_fit(fit: Fit) -> str:
    points = (f"{hidden} neurons {significant(ms)} ms" for hidden, ms in zip(fit.hidden, fit.ms, strict=True))
    return f"{named(fit.name)}: {', '.join(points)}"
