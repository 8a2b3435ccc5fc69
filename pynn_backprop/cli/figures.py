"""``pynn-backprop figures``: the figures of graded circuits, from what a simulator records."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

import rich

from .choices import add_choices
from .words import simulators

if TYPE_CHECKING:
    import neo

SUMMARY = (
    "Draw figures of graded circuits from what the simulator records: as .png and .svg, with recording and caption."
)
EXAMPLES = (
    ("figures all nest", "every figure, into the folder figures"),
    ("figures contrast brian2 --out pictures", "a right sample beside a wrong one"),
    ("figures layer figures/layer.nix", "draw it again from what was recorded"),
)
NAMES = ("circuit", "layer", "contrast", "cycle", "convergence", "copy", "mean-field", "xor")
ALL = "all"
FOLDER = "figures"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Give a parser what :func:`run` reads."""
    parser.add_argument("figure", metavar="FIGURE", choices=(*NAMES, ALL), help=f"{', '.join(NAMES)}, or {ALL}")
    parser.add_argument(
        "simulator", metavar="SIMULATOR", help=f"{simulators()}; or the .nix file of the figure, to draw it again"
    )
    add_choices(parser, "form")
    parser.add_argument("--out", default=FOLDER, metavar="DIR", help=f"folder of the files (default: {FOLDER})")


def run(options: argparse.Namespace) -> int:
    """Make the figure, or all of them, and print captions and files; returns 0."""
    from ..errors import InputError

    folder = _folder(options.out)
    if options.figure != ALL:
        _make(options.figure, options, folder)
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
    from ..figures.table import FIGURES, write_figure

    rich.get_console().print(f"{name}: recording on {options.simulator}", markup=False, highlight=False)
    block = _block(name, options.simulator, options.form)
    files = write_figure(name, block, folder)
    print(f"{name}: {FIGURES[name].caption(block)}")
    print(f"written: {', '.join(map(str, files))}\n")


def _block(name: str, simulator: str, form: str) -> neo.Block:
    from ..figures.table import RECORDING, recorded_on, redrawn
    from ..platforms import get_platform

    if simulator.endswith(RECORDING):
        return redrawn(name, Path(simulator))
    return recorded_on(name, get_platform(simulator), form)
