"""How wide, how fine and as what commands draw pictures."""

from __future__ import annotations

import argparse
from typing import Any

WIDTH_HELP = "width of the picture in print, in mm (default: 180); its text keeps its size, 6 points or more"
DPI_HELP = "pixels an inch of .png (default: 226, which makes 180 mm 1600 pixels)"
FORMATS = ("pdf", "svg", "png")


def add_print(into: Any) -> None:
    """Give a parser, or a group of it, ``--width`` and ``--dpi``."""
    into.add_argument("--width", type=float, metavar="MM", help=WIDTH_HELP)
    into.add_argument("--dpi", type=float, metavar="N", help=DPI_HELP)


def add_formats(parser: argparse.ArgumentParser, default: tuple[str, ...]) -> None:
    """Give a parser ``--format``, which takes several."""
    words = f"files to write (default: {' '.join(default)})"
    parser.add_argument("--format", nargs="+", choices=FORMATS, default=default, dest="formats", help=words)


def check_print(options: argparse.Namespace) -> None:
    """Refuse a width or resolution that can't be drawn, before anything long starts."""
    from ..plots.saving import check_dpi
    from ..plots.style import inches

    inches(options.width)
    check_dpi(options.dpi)
