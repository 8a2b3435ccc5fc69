"""Reads plots of the report: what is drawn where."""

from __future__ import annotations

from matplotlib.colors import to_hex
from matplotlib.lines import Line2D

from benchmarks.report.plots.plot import Plot

Look = tuple[str, str, str]
"""Marker, colour, fill."""


def look(line: Line2D) -> Look:
    fill = line.get_markerfacecolor()
    return str(line.get_marker()), to_hex(line.get_color()), fill if fill == "none" else to_hex(fill)


def by_label(plot: Plot) -> dict[str, Line2D]:
    (axes,) = plot.figure.axes
    return {line.get_label(): line for line in axes.lines if not line.get_label().startswith("_")}


def dots(plot: Plot) -> list[tuple[str, list[tuple[Look, float, list[float]]]]]:
    """By row, from the top: what is drawn, where, and from where to where its bar reaches."""
    (axes,) = plot.figure.axes
    found = [(name.get_text(), []) for name in axes.get_yticklabels()]
    bars, points = axes.lines[::2], axes.lines[1::2]
    for bar, point in zip(bars, points, strict=True):
        (height,) = point.get_ydata()
        assert list(bar.get_ydata()) == [height, height]
        found[int(height)][1].append((look(point), point.get_xdata()[0], list(bar.get_xdata())))
    assert axes.get_ylim() == (len(found) - 0.5, -0.5)
    return found


def key(plot: Plot) -> list[tuple[str, Look]]:
    return [
        (text.get_text(), look(handle))
        for legend in plot.figure.legends
        for text, handle in zip(legend.get_texts(), legend.legend_handles, strict=True)
    ]
