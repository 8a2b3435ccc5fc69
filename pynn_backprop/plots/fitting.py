"""Words that keep to the width of a figure: titles shrink, heads of panels and legends are broken into lines."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Sequence
from typing import Any

from matplotlib.artist import Artist
from matplotlib.figure import Figure
from matplotlib.text import Text
from matplotlib.transforms import Bbox

from ..errors import InputError
from .style import MM, SMALL, WIDTH

_SPARE = 0.97
"""Share of the room that words take at most: glyphs stand on whole pixels."""

_EDGE = 1.0
"""Millimetres between a title and the edge of the figure."""


def shrink(figure: Figure, texts: Sequence[Text], room: float, beside: int = 1) -> None:
    """Make texts so small that each takes no more than its room; those that have room stay as they are.

    Parameters
    ----------
    figure : matplotlib.figure.Figure
        Where they stand.
    texts : sequence of matplotlib.text.Text
        Each in one line.
    room : float
        Of each of them, in inches.
    beside : int
        How many such panels share the width of the figure.

    Raises
    ------
    InputError
        If one would be smaller than can be read.
    """
    taken = {text: text.get_window_extent().width / figure.dpi for text in texts}
    needed = {text: inches * SMALL / float(text.get_fontsize()) / _SPARE for text, inches in taken.items()}
    longest = max(texts, key=needed.__getitem__)
    if taken[longest] > room and needed[longest] > room:
        wide, missing = figure.get_figwidth() / MM, (needed[longest] - room) / MM
        raise InputError(
            f"width is {wide:g} mm but must be at least {math.ceil(wide + beside * missing)} mm "
            f"for the words {longest.get_text()!r}"
        )
    for text, inches in taken.items():
        if inches > room:
            text.set_fontsize(float(text.get_fontsize()) * _SPARE * room / inches)


def shrink_title(figure: Figure, text: Text) -> None:
    """Keep a text of a figure within its edges; parameters and errors as of :func:`shrink`."""
    at, wide, edge = text.get_window_extent(), figure.bbox.width, _EDGE * MM * figure.dpi
    over = max(0.0, edge - at.x0, at.x1 - (wide - edge))
    sides = 2 if text.get_horizontalalignment() == "center" else 1
    shrink(figure, [text], (at.width - sides * over) / figure.dpi)


def fit_heads(figure: Figure) -> None:
    """Break the heads of panels that reach beyond the figure or to another panel's; a title above all shrinks.

    Parameters
    ----------
    figure : matplotlib.figure.Figure
        With all that it shows, and a layout of its own that makes room for what is broken.
    """
    for text in figure.texts:
        shrink_title(figure, text)
    if figure.get_figwidth() >= WIDTH:  # there all heads have room; to measure them lays everything out once more
        return
    figure.draw_without_rendering()
    heads = {axes.title: axes for axes in figure.axes if axes.title.get_text()}
    letters = [text for axes in figure.axes for text in axes.texts]
    extents = {text: text.get_window_extent() for text in (*heads, *letters)}
    for head, axes in heads.items():
        at = extents[head]
        others = [there for text, there in extents.items() if text is not head]
        if at.x0 < 0 or at.x1 > figure.bbox.width or any(map(at.overlaps, others)):
            _break(head, at, axes.bbox)


def _break(text: Text, at: Bbox, room: Bbox) -> None:
    """Into as few lines as the room allows, of about the same length."""
    words = text.get_text()
    most = max(1, int(_SPARE * len(words) * min(1.0, room.width / at.width)))
    lines = len(textwrap.wrap(words, most))
    shortest = next(n for n in range(-(-len(words) // lines), most + 1) if len(textwrap.wrap(words, n)) == lines)
    text.set_text(textwrap.fill(words, shortest))


def legend_below(figure: Figure, handles: Sequence[Artist], **style: Any) -> None:
    """Put a legend into a figure, in as many columns as fit into its width.

    Parameters
    ----------
    figure : matplotlib.figure.Figure
        Where to.
    handles : sequence of matplotlib.artist.Artist
        Its entries.
    style
        As of :meth:`matplotlib.figure.Figure.legend`.
    """
    for columns in range(len(handles), 0, -1):
        legend = figure.legend(handles=handles, ncols=columns, **style)
        if columns == 1 or legend.get_window_extent().width <= figure.bbox.width:
            return
        legend.remove()
