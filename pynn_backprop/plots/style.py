"""What all figures have in common: size in print, sizes of text, colours, and words.

Every figure of the project is drawn by these rules, those of chips and of benchmarks too.  It is 180 mm wide unless
another width is asked for (:func:`inches`); no text is smaller than 6 points there; colours are those of Okabe and Ito,
which colour-blind readers can tell from each other, and nothing is told by colour alone.  Plastic weights are orange,
errors vermilion; inhibition is a bar, in the colour of words.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from numbers import Real
from types import MappingProxyType
from typing import Any, TypeVar

import matplotlib
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch
from matplotlib.text import Text
from matplotlib.transforms import ScaledTranslation

from ..checks import shown
from ..errors import InputError

MM = 1 / 25.4
"""Inches of a millimetre."""
PRINT_WIDTH, NARROWEST, WIDEST = 180.0, 120.0, 1000.0
"""Millimetres of a column of print, and between which a figure may be asked for: what is narrower than 120 mm has no
room for text of 6 points."""
WIDTH = PRINT_WIDTH * MM
PRINT_DPI = 1600 / WIDTH
"""Pixels an inch at which a figure of that width is 1600 pixels wide."""
SMALL, MIDDLE, LARGE = 6.0, 6.5, 9.0
"""Sizes of text in print, in points; smaller than 6 it could not be read."""

WRITTEN: Mapping[str, Any] = MappingProxyType(
    {"svg.fonttype": "none", "svg.hashsalt": "pynn_backprop", "pdf.fonttype": 42}
)
"""How figures are written: texts stay texts in SVG and PDF, and the same figure gives the same file."""

RC: Mapping[str, Any] = MappingProxyType(
    {
        **WRITTEN,
        "font.size": MIDDLE,
        "axes.labelsize": MIDDLE,
        "axes.titlesize": MIDDLE + 0.5,
        "axes.labelpad": 2,
        "axes.titlepad": 4,
        "xtick.labelsize": SMALL,
        "ytick.labelsize": SMALL,
        "legend.fontsize": SMALL,
        "figure.titlesize": LARGE,
        "axes.linewidth": 0.6,
        "axes.axisbelow": True,
        "grid.linewidth": 0.5,
        "grid.color": "#E0E0E0",
        "lines.linewidth": 1.1,
        "lines.markersize": 3.5,
        "hatch.linewidth": 0.4,
        "legend.frameon": False,
        **{
            f"{axis}tick.{what}": value for axis in "xy" for what, value in (("major.width", 0.5), ("minor.width", 0.4))
        },
        **{f"{axis}tick.{what}": value for axis in "xy" for what, value in (("major.size", 2.5), ("minor.size", 1.5))},
        **{f"{axis}tick.major.pad": 2 for axis in "xy"},
    }
)
"""How everything is drawn and written."""

BLACK, ORANGE, GREEN, BLUE = "#000000", "#E69F00", "#009E73", "#0072B2"
VERMILION, PURPLE, GREY = "#D55E00", "#CC79A7", "#6E6E6E"
INK, PALE = "#333333", "#555555"
"""Of lines and words that have no role."""


Draw = TypeVar("Draw", bound=Callable[..., Any])


def styled(draw: Draw) -> Draw:
    """A function that draws, with :data:`RC` in force while it does."""
    return matplotlib.rc_context(dict(RC))(draw)


def inches(width: float | None) -> float:
    """How wide a figure is.

    Parameters
    ----------
    width : float or None
        In mm; :data:`PRINT_WIDTH` if None.

    Returns
    -------
    float
        In inches, as Matplotlib counts.

    Raises
    ------
    InputError
        If it is no number, or none from 120 to 1000.
    """
    return WIDTH if width is None else MM * checked_between("width", width, NARROWEST, WIDEST)


def checked_between(name: str, value: object, low: float, high: float) -> float:
    """A size that a user gives.

    Parameters
    ----------
    name : str
        What it is called.
    value : object
        What was given.
    low, high : float
        Least and most that it may be.

    Returns
    -------
    float

    Raises
    ------
    InputError
        If it is no number, or not between them.
    """
    number = math.nan if isinstance(value, bool) or not isinstance(value, Real) else float(value)
    if not low <= number <= high:
        raise InputError(f"{name} is {shown(value)} but must be a number from {low:g} to {high:g}")
    return number


def new_figure(height: float, width: float | None = None, **style: Any) -> Figure:
    """An empty figure.

    Parameters
    ----------
    height, width : float
        In mm; it is :data:`PRINT_WIDTH` wide if that is None.
    style
        As of :class:`matplotlib.figure.Figure`.

    Returns
    -------
    matplotlib.figure.Figure

    Raises
    ------
    InputError
        If it can't be so wide.
    """
    return Figure(figsize=(inches(width), height * MM), dpi=PRINT_DPI, **style)


def figure_of(axes: Axes) -> Figure:
    """The figure that axes stand in."""
    found = axes.figure
    assert isinstance(found, Figure)
    return found


def write(axes: Axes, x: float, y: float, text: str, size: float, **style: Any) -> Text:
    """Put a text on a point, centred where `style` has no other wish.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
        Where to.
    x, y : float
        The point, in data coordinates where `style` has no other ``transform``.
    text : str
        What to write.
    size : float
        Of the font, in points.
    style
        As of :meth:`matplotlib.axes.Axes.text`.

    Returns
    -------
    matplotlib.text.Text
    """
    return axes.text(x, y, text, fontsize=size, **{"ha": "center", "va": "center", **style})


def head(axes: Axes, letter: str, text: str, at: tuple[float, float] | None = None, across: str = "left") -> None:
    """Head a panel with its letter and what it shows, and open its frame above and to the right.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
        The panel.
    letter : str
        By which texts refer to it.
    text : str
        What it shows.
    at : tuple of float, optional
        Where the letter goes, in shares of the axes; above the names of the ticks if None.
    across : {"left", "center", "right"}
        Which side of the letter that is.
    """
    axes.set_title(text)
    if at is None:
        place = axes.transAxes + ScaledTranslation(-12 / 72, 4 / 72, figure_of(axes).dpi_scale_trans)
        axes.text(0, 1, letter, transform=place, fontsize=LARGE, weight="bold", ha="right", va="bottom")
    else:
        axes.text(*at, letter, transform=axes.transAxes, fontsize=LARGE, weight="bold", ha=across)
    axes.spines[["top", "right"]].set_visible(False)


def text_inches(text: str, size: float, bold: bool = False) -> float:
    """About how many inches a text takes, the longest of its lines; generous.

    Parameters
    ----------
    text : str
        The text.
    size : float
        Of the font, in points.
    bold : bool
        Whether it is bold.

    Returns
    -------
    float
    """
    return (0.68 if bold else 0.57) * size / 72 * max(map(len, text.split("\n")))


def tint_key(tint: str, words: str) -> Patch:
    """An entry of a legend: what a pale colour means; it has an edge, without which it could hardly be seen."""
    return Patch(facecolor=tint, edgecolor="#999999", lw=0.5, label=words)


_HANDLE = 6.6
"""Millimetres that an entry of a legend takes beside its words."""


def columns_of(handles: Sequence[Artist], width: float) -> int:
    """Columns of a legend that fit into so many mm; Matplotlib fills one after the other."""
    for n in range(len(handles), 1, -1):
        least, larger = divmod(len(handles), n)
        taken, place = 0.0, 0
        for column in range(n):
            size = least + (column < larger)
            labels = [str(handle.get_label()) for handle in handles[place : place + size]]
            taken += max(text_inches(label, SMALL) for label in labels) / MM + _HANDLE
            place += size
        if taken < width - 4:
            return n
    return 1
