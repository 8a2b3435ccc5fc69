"""What the figures have in common: colours, words and texts, and how they are written to files.

Colours are those of Okabe and Ito, which colour-blind readers can tell from each other.
"""

from __future__ import annotations

import os
from collections.abc import Collection
from pathlib import Path
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from ..checks import check_choice
from ..circuit.circuit import Circuit
from ..circuit.parts import Population
from ..circuit.schedule import Schedule, TrainingSchedule
from ..files import check_writable, written_whole

DPI = 100
WIDTH = 180 / 25.4
"""Inches of a column of print, 180 mm: figures of circuits are drawn at this size."""
PRINT_DPI = 1600 / WIDTH
"""Pixels an inch at which a figure of that width is 1600 pixels wide."""
SMALL, MIDDLE, LARGE = 6.0, 6.5, 9.0
"""Sizes of text in print, in points; smaller than 6 it could not be read."""

BLACK, ORANGE, GREEN, BLUE = "#000000", "#E69F00", "#009E73", "#0072B2"
VERMILION, PURPLE, GREY = "#D55E00", "#CC79A7", "#6E6E6E"
INK, PALE = "#333333", "#555555"
"""Of lines and words that have no role."""

ROLES = {
    "source": (GREY, "input from outside"),
    "data": (BLACK, "activation and its edges"),
    "memory": (BLUE, "memory"),
    "error": (VERMILION, "error"),
    "probe": (GREY, "probe"),
    "reinforcement": (PURPLE, "reinforcement"),
    "gate": (GREEN, "gates"),
}
"""Colour and words for each role, in reading order."""

LEARNING = (("#D3EAF8", "potentiation", "+"), ("#FCEAC0", "depression", "−"))
"""Tint, word and sign: blue and yellow are what the most frequent kinds of colour blindness can tell apart."""

DITHER_LOOKS = {"rotating": (BLUE, "-", "o"), "fixed": (VERMILION, "--", "s"), "noise": (ORANGE, "-.", "^")}
"""Colour, line and marker of each dither: they can be told apart without the colour."""


def save(figure: Figure, path: str | os.PathLike[str], dpi: float | None = None) -> None:
    """Write a figure, whole or not at all.

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
        If matplotlib can't write files of this suffix.
    """
    _check_format(figure, path)
    with written_whole(path) as temporary:
        figure.savefig(temporary, dpi=figure.dpi if dpi is None else dpi)


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
    _check_format(Figure(), path)
    check_writable(path)


def _check_format(figure: Figure, path: str | os.PathLike[str]) -> None:
    check_choice("the format of the figure", Path(path).suffix.lstrip("."), figure.canvas.get_supported_filetypes())


def write(axes: Axes, x: float, y: float, text: str, size: float, **style: Any) -> None:
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
    """
    axes.text(x, y, text, fontsize=size, **{"ha": "center", "va": "center", **style})


def head(axes: Axes, letter: str, text: str, at: tuple[float, float], across: str = "left") -> None:
    """Head a panel with its letter and what it shows, and open its frame above and to the right.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
        The panel.
    letter : str
        By which texts refer to it.
    text : str
        What it shows.
    at : tuple of float
        Where the letter goes, in shares of the axes.
    across : {"left", "center", "right"}
        Which side of the letter that is.
    """
    axes.set_title(text, fontsize=11.5)
    axes.text(*at, letter, transform=axes.transAxes, fontsize=13, weight="bold", ha=across)
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


def text_width(text: str, size: float) -> float:
    """About how many pixels a text of one line takes; generous.

    Parameters
    ----------
    text : str
        The text.
    size : float
        Of the font, in points.

    Returns
    -------
    float
        Pixels at `DPI` pixels per inch.
    """
    return 0.57 * size * DPI / 72 * len(text)


def colour_of(population: Population) -> str:
    """The colour of a population's role."""
    return ROLES[population.role][0]


def role_keys(roles: Collection[str]) -> list[Patch]:
    """Entries of a legend: the colour of each role.

    Parameters
    ----------
    roles : collection of str
        Which; the others are left out.

    Returns
    -------
    list of matplotlib.patches.Patch
        In reading order.
    """
    return [Patch(color=colour, label=words) for role, (colour, words) in ROLES.items() if role in roles]


def learning_keys() -> list[Patch]:
    """Entries of a legend: the tints of the phases in which a matrix learns."""
    return [tint_key(tint, f"{word} ({sign})") for tint, word, sign in LEARNING]


def tint_key(tint: str, words: str) -> Patch:
    """An entry of a legend: what a pale colour means; it has an edge, without which it could hardly be seen."""
    return Patch(facecolor=tint, edgecolor="#999999", lw=0.5, label=words)


def title_of(circuit: Circuit) -> str:
    """What kind of circuit it is, and its sizes."""
    kind = "Training" if circuit.schedule.training else "Inference"
    form = f", {circuit.schedule.form} form" if circuit.schedule.form else ""
    return f"{kind} circuit {circuit.code.titled(units_text(circuit))}{form}"


def units_text(circuit: Circuit) -> str:
    """Units of the layers, input first, as text: ``400-400-10``."""
    return "-".join(map(str, circuit.units))


def layer_word(layer: int | None, depth: int) -> str:
    """The name of a layer.

    Parameters
    ----------
    layer : int or None
        Number of the layer, 0 for the input; None for what belongs to none.
    depth : int
        Number of the output layer.

    Returns
    -------
    str
        ``control`` for what belongs to no layer.
    """
    if layer is None:
        return "control"
    if 0 < layer < depth:
        return "hidden layer" if depth == 2 else f"hidden layer {layer}"
    return "input layer" if layer == 0 else "output layer"


def reading_order(circuit: Circuit) -> list[Population]:
    """Populations by layer from the input on, within a layer by role; those of no layer come last, gates at the end."""
    roles, end = list(ROLES), circuit.depth + 1
    return sorted(circuit.populations, key=lambda p: (end if p.layer is None else p.layer, roles.index(p.role)))


def tints(schedule: Schedule) -> dict[int, tuple[str, str]]:
    """Tint and short name of each phase in which a matrix learns.

    Parameters
    ----------
    schedule : pynn_backprop.circuit.schedule.Schedule
        The phases of a circuit.

    Returns
    -------
    dict of int to tuple of str
        By phase.
    """
    if not isinstance(schedule, TrainingSchedule):
        return {}
    return {
        phase: (tint, f"W{matrix}{sign}")
        for matrix in range(1, schedule.depth + 1)
        for phase, (tint, _, sign) in zip(schedule.learning(matrix), LEARNING, strict=True)
    }
