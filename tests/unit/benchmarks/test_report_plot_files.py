"""Plots as files and inside a page, and that all their texts can be read."""

from __future__ import annotations

import itertools
import re
import struct

import pytest
from benchmark_rows import mixed
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.transforms import Bbox

from benchmarks.report.groups import groups_of
from benchmarks.report.plots.all import all_plots
from benchmarks.report.plots.files import PNG_DPI, inline_svg, write_plots
from benchmarks.report.plots.plot import Plot
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


def small(name: str, text: str = "") -> Plot:
    """A black line from dot to dot, and a text if there is one: without axes it is quickly written."""
    figure = Figure(figsize=(2, 1))
    figure.add_artist(Line2D([0, 1], [0, 1], color="black", marker="o"))
    if text:
        figure.text(0.5, 0.5, text)
    return Plot(name, "a case", figure, "A caption.", "a description")


def test_a_plot_is_written_as_png_svg_and_pdf(tmp_path):
    written = write_plots([small("one"), small("two")], tmp_path)
    assert written == [tmp_path / f"{name}.{suffix}" for name in ("one", "two") for suffix in ("png", "svg", "pdf")]
    png, svg, pdf = (path.read_bytes() for path in written[:3])
    assert png.startswith(b"\x89PNG")
    assert struct.unpack(">II", png[16:24]) == (2 * PNG_DPI, PNG_DPI)
    assert b"<path" in svg
    assert b"<dc:date>" not in svg
    assert pdf.startswith(b"%PDF")
    assert b"CreationDate" not in pdf


def test_the_same_plot_gives_the_same_files(tmp_path):
    for folder in ("one", "two"):
        (tmp_path / folder).mkdir()
    one, two = (write_plots([small("a plot")], tmp_path / folder) for folder in ("one", "two"))
    assert [path.read_bytes() for path in one] == [path.read_bytes() for path in two]


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


def test_a_plot_in_the_page_has_ids_of_its_own():
    first, second = (set(re.findall(r' id="([^"]+)"', inline_svg(small(name, "text")))) for name in ("one", "two"))
    assert first
    assert not first & second


def test_a_plot_in_a_page_has_no_size_no_background_and_the_colour_of_the_text():
    svg = inline_svg(small("one", "text"))
    head = svg.partition(">")[0]
    assert head.startswith("<svg ")
    assert "viewBox=" in head
    assert not re.search(r" (width|height)=", head)
    assert 'role="img" aria-labelledby="one-caption" aria-describedby="one-values"' in head
    assert svg.endswith("</svg>")
    assert ">text</text>" in svg
    assert "<metadata>" not in svg
    assert "currentColor" in svg
    assert not re.search(r"#000000|#ffffff|[ :\"]black\b", svg)
    used = set(re.findall(r'(?:href="#|url\(#)([^")]+)', svg))
    assert used
    assert used <= set(re.findall(r' id="([^"]+)"', svg))
