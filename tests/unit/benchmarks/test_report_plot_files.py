"""Plots as files and inside a page, and that all their texts can be read."""

from __future__ import annotations

import itertools
import re

import pytest
from benchmark_rows import mixed
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.transforms import Bbox

from benchmarks.report.groups import groups_of
from benchmarks.report.plots.all import all_plots
from benchmarks.report.plots.files import inline_svg, write_plots
from benchmarks.report.summary import lines_of


@pytest.fixture
def rows():
    return mixed()


def drawn_texts(figure: Figure) -> list[tuple[str, Bbox]]:
    """Every text that is to be seen in a figure, with its box in pixels; ticks outside the axes are not drawn."""
    canvas = FigureCanvasAgg(figure)
    canvas.draw()
    written = [text for axes in figure.axes for text in (axes.title, axes.xaxis.label, axes.yaxis.label, *axes.texts)]
    written += [text for legend in figure.legends for text in legend.get_texts()]
    for axis in (axis for axes in figure.axes for axis in (axes.xaxis, axes.yaxis)):
        low, high = sorted(axis.get_view_interval())
        written += [tick.label1 for tick in axis.get_major_ticks() if low <= tick.get_loc() <= high]
    return [(text.get_text(), text.get_window_extent(canvas.get_renderer())) for text in written if text.get_text()]


def test_no_text_of_a_plot_is_cut_off_or_lies_on_another(rows):
    for plot in all_plots(groups_of(lines_of(rows))):
        texts_there, whole = drawn_texts(plot.figure), plot.figure.bbox.padded(1)
        assert len(texts_there) > 4
        outside = [text for text, box in texts_there if not all(whole.contains(*corner) for corner in box.corners())]
        assert outside == [], plot.name
        touching = [
            (one, other)
            for (one, first), (other, second) in itertools.combinations(texts_there, 2)
            if first.padded(-1).overlaps(second.padded(-1))
        ]
        assert touching == [], plot.name


@pytest.mark.slow
def test_the_same_rows_give_the_same_files(rows, tmp_path):
    written = []
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        written.append(write_plots(all_plots(groups_of(lines_of(rows[2:4]))), tmp_path / name))
    assert {path.suffix for path in written[0]} == {".png", ".svg", ".pdf"}
    for one, two in zip(*written, strict=True):
        assert one.name == two.name
        assert one.read_bytes() == two.read_bytes(), one.name


def test_a_plot_in_the_page_has_ids_of_its_own(rows):
    one, two = (inline_svg(plot) for plot in all_plots(groups_of(lines_of(rows)))[:2])
    first, second = (set(re.findall(r' id="([^"]+)"', svg)) for svg in (one, two))
    assert first
    assert not first & second


def test_a_plot_in_a_page_has_no_size_no_background_and_the_colour_of_the_text(rows):
    plot = all_plots(groups_of(lines_of(rows)))[1]
    svg = inline_svg(plot)
    head = svg.partition(">")[0]
    assert head.startswith("<svg ")
    assert "viewBox=" in head
    assert not re.search(r" (width|height)=", head)
    assert f'role="img" aria-labelledby="{plot.name}-caption" aria-describedby="{plot.name}-values"' in head
    assert svg.endswith("</svg>")
    assert "<metadata>" not in svg
    assert "currentColor" in svg
    assert not re.search(r"#000000|[ :\"]black\b", svg)
    used = set(re.findall(r'(?:href="#|url\(#)([^")]+)', svg))
    assert used
    assert used <= set(re.findall(r' id="([^"]+)"', svg))
