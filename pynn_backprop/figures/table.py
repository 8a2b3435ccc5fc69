"""Which figures there are; how they are made on a platform, or drawn again from a file."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

import neo
from matplotlib.figure import Figure

from ..checks import check_choice
from ..circuit.training import DEFAULT_FORM
from ..errors import InputError
from ..files import written_whole
from ..interfaces import Platform
from ..plots.saving import save
from ..plots.style import NARROWEST
from ..recording import blocks as recording
from . import circuit, close_up, contrast, convergence, copy, curves, cycle, mean_field, paper_circuit, passes, xor
from .mechanisms import LEARNING, MECHANISMS
from .recorded import FIGURE

PICTURES = ("png", "svg")
RECORDING, CAPTION = ".nix", ".txt"

LEAST = 150.0
"""Millimetres that a figure must be wide if it needs no more than others; those of few words may be narrower."""


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
    form : str
        That form if none is chosen.
    tells : bool
        Whether it takes minutes, and `record` takes a function that is told how far it is.
    least : float
        Millimetres that it must be wide, or its words lie on one another.
    """

    record: Callable[..., neo.Block]
    draw: Callable[..., Figure]
    caption: Callable[[neo.Block], str]
    learns: bool = True
    form: str = DEFAULT_FORM
    tells: bool = False
    least: float = LEAST


FIGURES = {
    paper_circuit.NAME: Recipe(paper_circuit.record, paper_circuit.draw, paper_circuit.caption, form=passes.FORM),
    passes.NAME: Recipe(passes.record, passes.draw, passes.caption, form=passes.FORM),
    close_up.NAME: Recipe(close_up.record, close_up.draw, close_up.caption, form=passes.FORM, least=NARROWEST),
    convergence.NAME: Recipe(convergence.record, convergence.draw, convergence.caption),
    curves.NAME: Recipe(curves.record, curves.draw, curves.caption, tells=True, least=NARROWEST),
    circuit.NAME: Recipe(circuit.record, circuit.draw, circuit.caption),
    contrast.NAME: Recipe(contrast.record, contrast.draw, contrast.caption),
    cycle.NAME: Recipe(cycle.record, cycle.draw, cycle.caption),
    copy.NAME: Recipe(copy.record, copy.draw, copy.caption, learns=False),
    mean_field.NAME: Recipe(mean_field.record, mean_field.draw, mean_field.caption, learns=False),
    xor.NAME: Recipe(xor.record, xor.draw, xor.caption),
    **{
        name: Recipe(each.record, each.draw, each.caption, learns=name in LEARNING) for name, each in MECHANISMS.items()
    },
}

RENAMED = MappingProxyType({"layer": passes.NAME, "convergence": convergence.NAME})
"""What figures were called in older versions."""


def recorded_on(
    name: str, platform: Platform, form: str | None = None, tell: Callable[[str], None] | None = None
) -> neo.Block:
    """Run what a figure shows.

    Parameters
    ----------
    name : str
        One of :data:`FIGURES`.
    platform : pynn_backprop.platforms.Platform
        Where.
    form : str or None
        Of the circuit that learns, if the figure shows one (:data:`pynn_backprop.circuit.training.FORMS`); that of the
        figure if None.
    tell : callable, optional
        Told now and then how far a figure is that takes minutes.

    Returns
    -------
    neo.Block
    """
    recipe, chosen = FIGURES[name], dict[str, Any]()
    if recipe.learns:
        chosen["form"] = form or recipe.form
    if recipe.tells and tell is not None:
        chosen["tell"] = tell
    return recipe.record(platform, **chosen)


def check_width(name: str, width: float | None) -> None:
    """Refuse a width, in mm, at which words of a figure would lie on one another; None stands for that of all figures.

    Raises
    ------
    InputError
        If it is too little for the figure of this name.
    """
    least = FIGURES[name].least
    if width is not None and width < least:
        raise InputError(f"width is {width:g} mm but must be at least {least:g} mm for the figure {name}")


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
    if RENAMED.get(str(found), found) != name:
        raise InputError(f"{path} was recorded for the figure {found!r}, not {name!r}")
    return block


def write_figure(
    name: str,
    block: neo.Block,
    folder: Path,
    formats: Sequence[str] = PICTURES,
    width: float | None = None,
    dpi: float | None = None,
) -> list[Path]:
    """Write pictures, caption and recording of a figure.

    Parameters
    ----------
    name : str
        One of :data:`FIGURES`.
    block : neo.Block
        What was recorded for it.
    folder : pathlib.Path
        Where to; it must exist.
    formats : sequence of str
        Of the pictures: suffixes without a dot.
    width : float, optional
        Of the pictures, in mm; 180 if None.
    dpi : float, optional
        Pixels per inch of pixel formats; so many that 180 mm are 1600 pixels if None.

    Returns
    -------
    list of pathlib.Path
        The files.

    Raises
    ------
    InputError
        If there is no such figure or format, or it can't be so wide or fine.
    """
    recipe = FIGURES[check_choice("figure", name, FIGURES)]
    check_width(name, width)
    drawn = recipe.draw(block) if width is None else recipe.draw(block, width)
    pictures = [folder / f"{name}.{suffix}" for suffix in formats]
    for path in pictures:
        save(drawn, path, dpi)
    kept, words = folder / f"{name}{RECORDING}", folder / f"{name}{CAPTION}"
    recording.save(block, kept)
    with written_whole(words) as temporary:
        temporary.write_text(recipe.caption(block) + "\n", encoding="utf-8")
    return [*pictures, kept, words]
