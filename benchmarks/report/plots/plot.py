"""What the plots of the report have in common.

Each is as wide as all figures of the package.  What is measured here is a filled circle, what is estimated by a model
an open square, what is processor time x a declared power an open circle, and what is published a grey diamond, so
that no colour is needed to tell them apart.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, LogLocator, NullFormatter

from pynn_backprop.plots.style import BLACK, BLUE, GREEN, GREY, ORANGE, PURPLE, VERMILION, WIDTH, WRITTEN
from pynn_backprop.simulation.backends.registry import written

from ..numbers import with_prefix

__all__ = [
    "COLOURS",
    "MOST_TICKS",
    "RC",
    "SKY",
    "WIDTH",
    "Plot",
    "joules",
    "milliseconds",
    "named",
    "repeat",
    "tick",
    "wide_enough",
]

SKY = "#56B4E9"
COLOURS = (BLUE, ORANGE, GREEN, VERMILION, PURPLE, SKY, BLACK, GREY)
"""Those of Okabe and Ito, for lines of which there is no fixed number."""

MOST_TICKS = 5
"""On a logarithmic abscissa; ``100 nJ s`` is a wide label."""

RC = {**WRITTEN, "font.size": 8, "axes.spines.top": False}
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


def repeat(colours: Sequence[str]) -> Iterable[str]:
    """The same again and again."""
    while True:
        yield from colours


def wide_enough(axes: Axes) -> None:
    """More than a decade, and few ticks, so that labels are there and do not touch."""
    low, high = axes.get_xlim()
    axes.set_xlim(min(low, high / 20), max(high, low * 20))
    axes.xaxis.set_major_locator(LogLocator(numticks=MOST_TICKS))


def milliseconds(value: float) -> str:
    """A time in ms, as a tick."""
    return tick(value * 1e-3, "s")


def tick(value: float, unit: str) -> str:
    """A quantity without the zeros that say how precise a measured one is."""
    number, _, prefixed = with_prefix(value, unit).partition(" ")
    return f"{float(number.replace(',', '')):g} {prefixed}"


def joules(axes: Axes) -> None:
    """The abscissa in J."""
    wide_enough(axes)
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: tick(value, "J")))
    axes.xaxis.set_minor_formatter(NullFormatter())
