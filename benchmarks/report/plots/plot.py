"""What the plots of the report have in common: colours, names, numbers, and what is said of them.

What is measured here is a filled circle, what is estimated by a model an open square, what is processor time x a
declared power an open circle, and what is published a grey diamond, so that no colour is needed to tell them apart.
"""

from __future__ import annotations

from dataclasses import dataclass

from matplotlib.figure import Figure

from pynn_backprop.plots.style import BLACK, BLUE, GREEN, GREY, ORANGE, PURPLE, VERMILION, WRITTEN
from pynn_backprop.simulation.backends.registry import written

from ..numbers import with_prefix

SKY = "#56B4E9"
COLOURS = (BLUE, ORANGE, GREEN, VERMILION, PURPLE, SKY, BLACK, GREY)
"""Those of Okabe and Ito, for lines of which there is no fixed number."""

RC = {**WRITTEN, "font.size": 8, "axes.titlesize": "medium", "axes.spines.top": False}
RC |= {"axes.spines.right": False, "axes.axisbelow": True, "legend.frameon": False, "legend.fontsize": 7}
"""How all plots are drawn: texts stay texts in SVG, and the same rows give the same file."""


@dataclass(frozen=True)
class Plot:
    """A plot and what is said of it.

    Parameters
    ----------
    name : str
        Of its files.
    case : str
        What it is of.
    figure : Figure
        The drawing.
    caption : str
        What is shown, how it is known and what to mind.
    description : str
        For who can't see it.
    """

    name: str
    case: str
    figure: Figure
    caption: str
    description: str


def named(name: str) -> str:
    """Platform and variant, simulators as their makers write them: ``NEST compiled``."""
    platform, gap, variant = name.partition(" ")
    return f"{written(platform)}{gap}{variant}"


def whole(value: float) -> str:
    """A number without decimals."""
    return f"{value:,.0f}"


def milliseconds(value: float) -> str:
    """A time in ms, as a tick."""
    return tick(value * 1e-3, "s")


def tick(value: float, unit: str) -> str:
    """A quantity without the zeros that say how precise a measured one is."""
    number, _, prefixed = with_prefix(value, unit).partition(" ")
    return f"{float(number.replace(',', '')):g} {prefixed}"
