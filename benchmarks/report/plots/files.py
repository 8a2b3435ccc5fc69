"""Plots as files, and as SVG that stands inside a page."""

from __future__ import annotations

import html
import io
import re
from collections.abc import Iterable
from pathlib import Path

import matplotlib

from pynn_backprop.files import written_whole

from .plot import RC, Plot

FORMATS = ("png", "svg", "pdf")
PNG_DPI = 160
_UNDATED: dict[str, dict[str, None]] = {"svg": {"Date": None}, "pdf": {"CreationDate": None}}
"""The same rows give the same file whenever it is written."""


def write_plots(plots: Iterable[Plot], folder: Path) -> list[Path]:
    """Write each plot as PNG, SVG and PDF.

    Parameters
    ----------
    plots : Iterable[Plot]
        What to write.
    folder : Path
        Where to; it must exist.

    Returns
    -------
    list of pathlib.Path
        The files.
    """
    written = []
    for plot in plots:
        for suffix in FORMATS:
            path = folder / f"{plot.name}.{suffix}"
            with written_whole(path) as temporary, matplotlib.rc_context(RC):
                metadata = _UNDATED.get(suffix, {})
                plot.figure.savefig(temporary, dpi=PNG_DPI, metadata=metadata)
            written.append(path)
    return written


def inline_svg(plot: Plot) -> str:
    """A plot as an ``svg`` element for a page: no background, black as the page's own text colour, ids of its own."""
    stream = io.StringIO()
    with matplotlib.rc_context(RC):
        plot.figure.savefig(stream, format="svg", transparent=True)
    text = stream.getvalue()
    svg = text[text.index("<svg") :].strip()
    svg = re.sub(r"\s*<metadata>.*?</metadata>", "", svg, flags=re.DOTALL)
    svg = re.sub(r"#000000\b|(?<=[ :\"])black\b", "currentColor", svg)
    name = html.escape(plot.name)
    svg = re.sub(r'(?<= id=")|(?<=href="#)|(?<=url\(#)', lambda _: f"{name}-", svg)
    head, _, body = svg.partition(">")
    head = re.sub(r' (?:width|height)="[^"]*"', "", head)
    return f'{head} role="img" aria-labelledby="{name}-caption" aria-describedby="{name}-values">{body}'
