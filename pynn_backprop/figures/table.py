"""Which figures there are; how they are made on a platform, or drawn again from a file."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import neo
from matplotlib.figure import Figure

from .. import plots
from ..checks import check_choice
from ..errors import InputError
from ..files import written_whole
from ..interfaces import Platform
from ..plots import (
    graded_circuit,
    graded_convergence,
    graded_copy,
    graded_cycle,
    graded_layer,
    graded_mean_field,
    graded_xor,
)
from ..recording import blocks as recording
from . import circuit, convergence, copy, cycle, layer, mean_field, xor
from .recorded import FIGURE

PICTURES = (".png", ".svg")
RECORDING, CAPTION = ".nix", ".txt"


@dataclass(frozen=True)
class Recipe:
    """How a figure is made.

    Parameters
    ----------
    record
        Runs what it shows on a platform.
    draw
        Draws what was recorded.
    caption
        Says what it shows.
    """

    record: Callable[[Platform], neo.Block]
    draw: Callable[[neo.Block], Figure]
    caption: Callable[[neo.Block], str]


FIGURES = {
    circuit.NAME: Recipe(circuit.record, graded_circuit.circuit, circuit.caption),
    layer.NAME: Recipe(layer.record, graded_layer.layer, layer.caption),
    cycle.NAME: Recipe(cycle.record, graded_cycle.cycle, cycle.caption),
    convergence.NAME: Recipe(convergence.record, graded_convergence.convergence, convergence.caption),
    copy.NAME: Recipe(copy.record, graded_copy.copy, copy.caption),
    mean_field.NAME: Recipe(mean_field.record, graded_mean_field.mean_field, mean_field.caption),
    xor.NAME: Recipe(xor.record, graded_xor.xor, xor.caption),
}


def redrawn(name: str, path: Path) -> neo.Block:
    """What was recorded for a figure, from its file.

    Raises
    ------
    InputError
        If the file can't be read or belongs to another figure.
    """
    block = recording.load(path)
    found = block.annotations.get(FIGURE)
    if found != name:
        raise InputError(f"{path} was recorded for the figure {found!r}, not {name!r}")
    return block


def write_figure(name: str, block: neo.Block, folder: Path) -> list[Path]:
    """Write pictures, caption and recording of a figure; returns the files.

    Parameters
    ----------
    name
        One of :data:`FIGURES`.
    block
        What was recorded for it.
    folder
        Where to; it must exist.
    """
    recipe = FIGURES[check_choice("figure", name, FIGURES)]
    drawn = recipe.draw(block)
    files = [folder / f"{name}{suffix}" for suffix in (*PICTURES, RECORDING, CAPTION)]
    for path in files[: len(PICTURES)]:
        plots.save(drawn, path)
    recording.save(block, files[-2])
    with written_whole(files[-1]) as temporary:
        temporary.write_text(recipe.caption(block) + "\n", encoding="utf-8")
    return files
