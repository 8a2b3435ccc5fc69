"""What the figures have in common: colours, words and texts, and how they are written to files.

Colours are those of Okabe and Ito, which colour-blind readers can tell from each other.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from ..checks import check_choice
from ..circuit.circuit import Circuit
from ..circuit.parts import Population
from ..circuit.schedule import Schedule, TrainingSchedule
from ..files import check_writable, written_whole

DPI = 100
BLACK, ORANGE, GREEN, BLUE = "#000000", "#E69F00", "#009E73", "#0072B2"
VERMILION, PURPLE, GREY = "#D55E00", "#CC79A7", "#6E6E6E"

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


def save(figure: Figure, path: str | os.PathLike[str], dpi: int = DPI) -> None:
    """Write a figure, whole or not at all.

    Parameters
    ----------
    figure
        What to write.
    path
        Where; the suffix decides the format (``.png``, ``.pdf``, ``.svg``, ...).
    dpi
        Pixels per inch of pixel formats.

    Raises
    ------
    InputError
        If matplotlib can't write files of this suffix.
    """
    _check_format(figure, path)
    with written_whole(path) as temporary:
        figure.savefig(temporary, dpi=dpi)


def check_picture(path: str | os.PathLike[str]) -> None:
    """Refuse a picture that can't be written, before the work whose result it is to show.

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
    """Put a text on a point, centred where `style` has no other wish."""
    axes.text(x, y, text, fontsize=size, **{"ha": "center", "va": "center", **style})


def text_width(text: str, size: float) -> float:
    """About how many pixels a text takes; generous."""
    return 0.57 * size * DPI / 72 * len(text)


def colour_of(population: Population) -> str:
    """The colour of a population's role."""
    return ROLES[population.role][0]


def title_of(circuit: Circuit) -> str:
    """What kind of circuit it is, and its sizes."""
    kind = "Training" if circuit.schedule.training else "Inference"
    units = "-".join(map(str, circuit.units))
    if circuit.code.n == 1:
        return f"{kind} circuit {units}"
    return f"{kind} circuit of {units} units, {circuit.code.n} neurons each"


def layer_word(layer: int | None, depth: int) -> str:
    """The name of a layer, ``control`` for what belongs to none."""
    if layer is None:
        return "control"
    return f"{'input' if layer == 0 else 'output' if layer == depth else 'hidden'} layer"


def reading_order(circuit: Circuit) -> list[Population]:
    """Populations by layer from the input on, within a layer by role; those of no layer come last, gates at the end."""
    roles, end = list(ROLES), circuit.depth + 1
    return sorted(circuit.populations, key=lambda p: (end if p.layer is None else p.layer, roles.index(p.role)))


def tints(schedule: Schedule) -> dict[int, tuple[str, str]]:
    """Tint and short name of each phase in which a matrix learns."""
    if not isinstance(schedule, TrainingSchedule):
        return {}
    return {
        phase: (tint, f"W{matrix}{sign}")
        for matrix in range(1, schedule.depth + 1)
        for phase, (tint, _, sign) in zip(schedule.learning(matrix), LEARNING, strict=True)
    }
