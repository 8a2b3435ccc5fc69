"""Figures as files: 180 mm wide in every format, with text that is text, and of 6 points or more."""

from __future__ import annotations

import contextlib
import re
import zlib
from pathlib import Path
from xml.etree import ElementTree

import pytest
from figure_blocks import MAKERS, block_for
from matplotlib.image import imread

from pynn_backprop.figures import table

WIDTH = 180 / 25.4 * 72
"""In points, which are also the units of both formats."""


def in_svg(path: Path) -> tuple[float, list[float]]:
    """Width in points, and sizes of the texts in points."""
    text = path.read_text(encoding="utf-8")
    root = ElementTree.fromstring(text)
    width = float(root.attrib["width"].removesuffix("pt"))
    scale = width / float(root.attrib["viewBox"].split()[2])
    return width, [scale * float(size) for size in re.findall(r"font(?:-size)?: [^;\"]*?([\d.]+)px", text)]


def in_pdf(path: Path) -> tuple[float, list[float]]:
    """The same of a page."""
    data, content = path.read_bytes(), b""
    for stream in re.findall(rb"stream\r?\n(.*?)\r?\nendstream", data, re.DOTALL):
        with contextlib.suppress(zlib.error):
            content += zlib.decompress(stream)
    box = re.search(rb"/MediaBox \[ 0 0 ([\d.]+)", data)
    assert box is not None
    return float(box[1]), [float(size) for size in re.findall(rb"/[\w-]+ ([\d.]+) Tf", content)]


@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=[] if name == "contrast" else pytest.mark.slow) for name in MAKERS]
)
def test_every_format_is_180_mm_wide_and_has_text_of_6_points_or_more(name, tmp_path):
    vector, page, picture, *_ = table.write_figure(name, block_for(name), tmp_path, ("svg", "pdf", "png"))
    for width, sizes in (in_svg(vector), in_pdf(page)):
        assert width == pytest.approx(WIDTH, abs=0.1)
        assert len(sizes) > 10
        assert min(sizes) >= 5.99
    assert imread(picture).shape[1] == 1600
