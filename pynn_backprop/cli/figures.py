"""``pynn-backprop figures``: the figures of the paper and of graded circuits, from what a simulator records."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

import rich

from .choices import add_choices
from .pictures import add_formats, add_print, check_print
from .words import simulators

if TYPE_CHECKING:
    import neo

SUMMARY = (
    "Draw the figures of the paper, and those of graded circuits, from what the simulator records: pictures, with "
    "recording and caption."
)
MECHANISMS = ("decision", "prediction", "synaptic-copy", "hebbian", "product", "memory", "transfer", "gating")
PAPER = ("fig1", "fig2", "fig3", "fig4", "curves")
NAMES = (*PAPER, "circuit", "contrast", "cycle", "copy", "mean-field", "xor", *MECHANISMS)
RENAMED = MappingProxyType({"layer": "fig2", "convergence": "fig4"})
"""What figures were called in older versions; those names still work."""

PICTURES = ("png", "svg")
EXAMPLES = (
    ("figures all nest", "every figure, into the folder figures"),
    ("figures contrast brian2 --out pictures", "a right sample beside a wrong one"),
    ("figures fig2 figures/fig2.nix --format pdf", "draw it again from what was recorded"),
)
ALL = "all"
FOLDER = "figures"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Give a parser what :func:`run` reads."""
    names = (*NAMES, ALL, *RENAMED)
    parser.add_argument("figure", metavar="FIGURE", choices=names, help=f"{', '.join(NAMES)}, or {ALL}")
    parser.add_argument(
        "simulator", metavar="SIMULATOR", help=f"{simulators()}; or the .nix file of the figure, to draw it again"
    )
    add_choices(parser, "form")
    parser.set_defaults(form=None)
    add_formats(parser, PICTURES)
    add_print(parser)
    parser.add_argument("--out", default=FOLDER, metavar="DIR", help=f"folder of the files (default: {FOLDER})")


def run(options: argparse.Namespace) -> int:
    """Make the figure, or all of them, and print captions and files; returns 0."""
    from ..errors import InputError

    check_print(options)
    folder = _folder(options.out)
    if options.figure != ALL:
        _make(RENAMED.get(options.figure, options.figure), options, folder)
        return 0
    for name in NAMES:
        try:
            _make(name, options, folder)
        except InputError as error:
            print(f"{name} is left out: {error}\n")
    return 0


def _folder(path: str) -> Path:
    """The folder, made if need be, in which a file can be written."""
    from ..errors import InputError
    from ..files import check_writable

    folder = Path(path)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(f"--out is {path!r}, which can't be made a folder: {error.strerror or error}") from error
    check_writable(folder / NAMES[0])
    return folder


def _make(name: str, options: argparse.Namespace, folder: Path) -> None:
    from ..figures.table import FIGURES, check_width, write_figure

    def tell(words: str) -> None:
        rich.get_console().print(f"{name}: {words}", markup=False, highlight=False, soft_wrap=True)

    check_width(name, options.width)
    tell(f"recording on {options.simulator}")
    block = _block(name, options.simulator, options.form, tell)
    files = write_figure(name, block, folder, options.formats, options.width, options.dpi)
    print(f"{name}: {FIGURES[name].caption(block)}")
    print(f"written: {', '.join(map(str, files))}\n")


def _block(name: str, simulator: str, form: str | None, tell: Callable[[str], None]) -> neo.Block:
    from ..figures.table import RECORDING, recorded_on, redrawn
    from ..platforms import get_platform

    if simulator.endswith(RECORDING):
        return redrawn(name, Path(simulator))
    return recorded_on(name, get_platform(simulator), form, tell)
