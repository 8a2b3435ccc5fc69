"""Draws docs/images/layers.png: what lies above what, from the list that tests/unit/test_imports.py checks."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import FancyBboxPatch

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests"), str(ROOT / "tests/unit")]

from test_imports import LAYERS  # noqa: E402

from pynn_backprop.plots.style import INK, LARGE, MIDDLE, PALE, new_figure, styled, write  # noqa: E402

PICTURE = ROOT / "docs/images/layers.png"
DRAWN = "Description"
"""Where the picture says which layers it shows."""

WORDS = {
    "errors": "",
    "codes": "numbers as spikes; data sets",
    "circuit": "circuits as data",
    "weights": "matrices, spike tables",
    "interfaces": "what platforms and backends offer",
    "recording": "Neo blocks and numbers from them",
    "reference": "rule and steps | PyNN simulators",
    "platforms": "a name becomes a platform",
    "exchange": "NIR graphs",
    "learning": "training, evaluation",
    "comparison": "platforms compared | tasks",
    "plots": "drawing",
    "figures": "figures, runs and their folders",
    "models": "networks in files, the classifier | a page",
    "cli": "the command",
}
"""What a layer is, by the first of its parts."""

COLOURS = {"pynn_backprop": "#dcebf7", "hardware": "#fde7d3", "benchmarks": "#e3f1e0"}
FLOOR, BOX, GAP = 7.0, 5.6, 4.0
"""Heights of a floor and of its box, and between columns, in mm."""
WIDE, RIGHT, EDGE = 116.0, 58.0, 1.0
"""Widths of both columns and of the edge, in mm."""
BESIDE = 5
"""The floor of the package beside which the lowest one of the hardware stands."""


def floors(package: str) -> list[str]:
    """The layers of a package from the bottom up, without what starts it."""
    return [" ".join(layer.split()) for layer in LAYERS[package].split("<")][:-1]


def described() -> str:
    """What the picture shows, as text."""
    return json.dumps({package: floors(package) for package in ("pynn_backprop", "hardware")})


def box(axes: Axes, x: float, floor: float, width: float, package: str, name: str, words: str = "") -> None:
    """A layer with its name, and what it is."""
    y = floor * FLOOR
    axes.add_patch(
        FancyBboxPatch(
            (x, y), width, BOX, boxstyle="round,pad=0,rounding_size=0.8", fc=COLOURS[package], ec=PALE, lw=0.6
        )
    )
    write(axes, x + 1.5, y + BOX / 2, name, MIDDLE + 0.5, ha="left", weight="bold")
    write(axes, x + width - 1.5, y + BOX / 2, words, MIDDLE, ha="right", color=INK)


def short(names: str) -> str:
    """The inner layers of a chip without its name: they are the same for all of them."""
    return names.split(" |")[0].replace("lava.", "") if "." in names else names


@styled
def draw() -> Figure:
    """The whole of it."""
    layers, inner = floors("pynn_backprop"), floors("hardware")
    height = (len(layers) + 1) * FLOOR + 2 * EDGE
    figure = new_figure(height)
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set(xlim=(-EDGE, WIDE + GAP + RIGHT + EDGE), ylim=(-EDGE, height - EDGE))
    axes.axis("off")
    for floor, names in enumerate(layers):
        box(axes, 0, floor, WIDE, "pynn_backprop", names, WORDS[names.split()[0]])
    box(
        axes,
        0,
        len(layers),
        WIDE + GAP + RIGHT,
        "benchmarks",
        "benchmarks",
        "cases x platforms, counts, energy, report",
    )
    left, middle = WIDE + GAP, BESIDE * FLOOR + BOX / 2
    for floor, names in enumerate(inner):
        box(axes, left, BESIDE + floor, RIGHT, "hardware", short(names))
    write(axes, left + RIGHT / 2, (BESIDE + len(inner)) * FLOOR + 2, "hardware", LARGE, weight="bold")
    axes.annotate("", (WIDE, middle), (left, middle), arrowprops={"arrowstyle": "-|>", "color": INK, "lw": 1.0})
    told = "hardware imports the package;\nthe package finds a backend\nby its entry point"
    write(axes, left, BESIDE * FLOOR - 2, told, MIDDLE, ha="left", va="top", color=INK)
    return figure


if __name__ == "__main__":
    draw().savefig(PICTURE, metadata={DRAWN: described()})
