"""Which figures there are; how they are made on a platform, or drawn again from a file."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import neo
from matplotlib.figure import Figure

from ..checks import check_choice
from ..errors import InputError
from ..files import written_whole
from ..interfaces import Platform
from ..plots.style import save
from ..recording import blocks as recording
from . import circuit, contrast, convergence, copy, cycle, layer, mean_field, xor
from .mechanisms import MECHANISMS
from .recorded import FIGURE

PICTURES = (".png", ".svg")
RECORDING, CAPTION = ".nix", ".txt"


@dataclass(frozen=True)
class Recipe:
    """How a figure is made.

    Parameters
    ----------
    record : callable
        Runs what it shows on a platform and returns the recording.
    draw : callable
        Draws what was recorded.
    caption : callable
        Says what it shows, in words.
    learns : bool
        Whether it shows a circuit that learns, whose `form` can be chosen.
    """

    record: Callable[..., neo.Block]
    draw: Callable[[neo.Block], Figure]
    caption: Callable[[neo.Block], str]
    learns: bool = True


FIGURES = {
    circuit.NAME: Recipe(circuit.record, circuit.draw, circuit.caption),
    layer.NAME: Recipe(layer.record, layer.draw, layer.caption),
    contrast.NAME: Recipe(contrast.record, contrast.draw, contrast.caption),
    cycle.NAME: Recipe(cycle.record, cycle.draw, cycle.caption),
    convergence.NAME: Recipe(convergence.record, convergence.draw, convergence.caption),
    copy.NAME: Recipe(copy.record, copy.draw, copy.caption, learns=False),
    mean_field.NAME: Recipe(mean_field.record, mean_field.draw, mean_field.caption, learns=False),
    xor.NAME: Recipe(xor.record, xor.draw, xor.caption),
    **{name: Recipe(each.record, each.draw, each.caption, learns=False) for name, each in MECHANISMS.items()},
}


def recorded_on(name: str, platform: Platform, form: str) -> neo.Block:
    """Run what a figure shows.

    Parameters
    ----------
    name : str
        One of :data:`FIGURES`.
    platform : pynn_backprop.platforms.Platform
        Where.
    form : str
        Of the circuit that learns, if the figure shows one (:data:`pynn_backprop.circuit.training.FORMS`).

    Returns
    -------
    neo.Block
    """
    recipe = FIGURES[name]
    return recipe.record(platform, form=form) if recipe.learns else recipe.record(platform)


def redrawn(name: str, path: Path) -> neo.Block:
    """What was recorded for a figure, from its file.

    Parameters
    ----------
    name : str
        One of :data:`FIGURES`.
    path : pathlib.Path
        The file.

    Returns
    -------
    neo.Block

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
    """Write pictures, caption and recording of a figure.

    Parameters
    ----------
    name : str
        One of :data:`FIGURES`.
    block : neo.Block
        What was recorded for it.
    folder : pathlib.Path
        Where to; it must exist.

    Returns
    -------
    list of pathlib.Path
        The files.
    """
    recipe = FIGURES[check_choice("figure", name, FIGURES)]
    drawn = recipe.draw(block)
    files = [folder / f"{name}{suffix}" for suffix in (*PICTURES, RECORDING, CAPTION)]
    for path in files[: len(PICTURES)]:
        save(drawn, path)
    recording.save(block, files[-2])
    with written_whole(files[-1]) as temporary:
        temporary.write_text(recipe.caption(block) + "\n", encoding="utf-8")
    return files
