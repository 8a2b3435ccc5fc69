"""Draws docs/images/layers.png: what lies above what, from the list that tests/unit/test_imports.py checks."""

from __future__ import annotations

import sys
from pathlib import Path

import matplotlib.pyplot as plt
from matplotlib.patches import FancyBboxPatch

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "tests"), str(ROOT / "tests/unit")]

from test_imports import LAYERS  # noqa: E402

WORDS = {
    "codes": "numbers as spikes; data sets",
    "circuit": "circuits as data",
    "weights": "matrices, spike tables",
    "interfaces": "what platforms and backends offer",
    "reference": "rule and steps | PyNN simulators",
    "platforms": "a name becomes a platform",
    "exchange": "NIR graphs",
    "learning": "training, evaluation",
    "recording": "Neo blocks and numbers from them",
    "comparison": "platforms compared | tasks",
    "plots": "drawing",
    "figures": "figures, runs and their folders",
    "models": "networks in files, the classifier | a page",
    "cli": "the command",
}
COLOURS = {"pynn_backprop": "#dcebf7", "hardware": "#fde7d3", "benchmarks": "#e3f1e0"}


def box(axes: plt.Axes, x: float, y: float, width: float, height: float, colour: str, name: str, words: str) -> None:
    """A layer with its name, and in smaller letters what it is."""
    axes.add_patch(
        FancyBboxPatch((x, y), width, height, boxstyle="round,pad=0,rounding_size=0.08", fc=colour, ec="#555")
    )
    axes.text(x + 0.15, y + height / 2, name, va="center", fontsize=10, weight="bold")
    axes.text(x + width - 0.15, y + height / 2, words, va="center", ha="right", fontsize=9, color="#333")


def main() -> None:
    """Draw it."""
    layers = [" ".join(layer.split()) for layer in LAYERS["pynn_backprop"].split("<")][:-1]
    figure, axes = plt.subplots(figsize=(10, 6.4))
    for floor, names in enumerate(layers):
        words = WORDS.get(names.split()[0], "")
        box(axes, 0, floor * 0.62, 7.2, 0.5, COLOURS["pynn_backprop"], names, words if words != names else "")
    top = len(layers) * 0.62
    box(
        axes, 0, top + 0.15, 10.4, 0.5, COLOURS["benchmarks"], "benchmarks", "cases x platforms, counts, energy, report"
    )
    # The packages of a chip are the same for all of them.
    inner = [" ".join(layer.split()) for layer in LAYERS["hardware"].split("<")][:-1]
    for floor, names in enumerate(inner):
        box(
            axes,
            7.6,
            (5 + floor) * 0.62,
            2.8,
            0.5,
            COLOURS["hardware"],
            (names.split(" |")[0] if "." in names else names).replace("lava.", ""),
            "",
        )
    axes.text(9, (5 + len(inner)) * 0.62 + 0.08, "hardware", ha="center", fontsize=10, weight="bold")
    axes.annotate(
        "", (7.22, 5.2 * 0.62), (7.6, 5.2 * 0.62), arrowprops={"arrowstyle": "-|>", "color": "#333", "lw": 1.5}
    )
    axes.text(
        7.7,
        2.55,
        "hardware imports the package;\nthe package finds a backend\nby its entry point",
        fontsize=9,
        va="top",
    )
    axes.set_xlim(-0.1, 10.6)
    axes.set_ylim(-0.1, top + 0.75)
    axes.axis("off")
    figure.savefig(ROOT / "docs/images/layers.png", dpi=110, bbox_inches="tight")


if __name__ == "__main__":
    main()
