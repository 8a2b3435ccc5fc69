"""How figures become files: whole or not at all, and the same figure as the same bytes."""

from __future__ import annotations

import os
from pathlib import Path
from types import MappingProxyType

import matplotlib
from matplotlib.figure import Figure

from ..checks import check_choice
from ..files import check_writable, written_whole
from .style import WRITTEN, checked_between

FORMATS = ("pdf", "svg", "png")
"""What figures are written as where several formats can be chosen."""

FEWEST_DPI, MOST_DPI = 20.0, 2400.0

_UNDATED = MappingProxyType({"svg": {"Date": None}, "pdf": {"CreationDate": None}})
"""Without the time of writing equal figures are equal files."""


def save(figure: Figure, path: str | os.PathLike[str], dpi: float | None = None) -> None:
    """Write a figure, whole or not at all.  Texts stay texts in SVG and PDF.

    Parameters
    ----------
    figure : matplotlib.figure.Figure
        What to write.
    path : str or os.PathLike
        Where; the suffix decides the format (``.png``, ``.pdf``, ``.svg``, ...).
    dpi : float, optional
        Pixels per inch of pixel formats; those for which the figure was drawn if None.

    Raises
    ------
    InputError
        If matplotlib can't write files of this suffix, or the resolution is not from 20 to 2400.
    """
    suffix = _format_of(figure, path)
    check_dpi(dpi)
    with written_whole(path) as temporary, matplotlib.rc_context(dict(WRITTEN)):
        figure.savefig(temporary, dpi=figure.dpi if dpi is None else dpi, metadata=_UNDATED.get(suffix))


def check_dpi(dpi: float | None) -> None:
    """Refuse a resolution that can't be meant; None stands for that of the figure."""
    if dpi is not None:
        checked_between("dpi", dpi, FEWEST_DPI, MOST_DPI)


def check_picture(path: str | os.PathLike[str]) -> None:
    """Refuse a picture that can't be written, before the work whose result it is to show.

    Parameters
    ----------
    path : str or os.PathLike
        Where it is to be written.

    Raises
    ------
    InputError
        If matplotlib can't write files of this suffix, or the file can't be written.
    """
    _format_of(Figure(), path)
    check_writable(path)


def _format_of(figure: Figure, path: str | os.PathLike[str]) -> str:
    suffix = Path(path).suffix.lstrip(".")
    return check_choice("the format of the figure", suffix, figure.canvas.get_supported_filetypes())
