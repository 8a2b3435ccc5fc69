"""The command ``pynn-backprop``: its commands, and how it ends."""

from __future__ import annotations

import argparse
import contextlib
import os
import sys
from collections.abc import Callable, Sequence

from .. import __version__
from ..processes import launched, refuse_many
from . import circuit, compare, completion, demo, evaluate, export, figures, train, view
from . import map as mapping
from .endings import be_a_command, ended, printing_once, unbroken_output
from .logs import add_verbosity, start_logging
from .parser import CommandParser

COMMANDS = {
    "train": train,
    "evaluate": evaluate,
    "export": export,
    "compare": compare,
    "circuit": circuit,
    "map": mapping,
    "figures": figures,
    "view": view,
    "demo": demo,
    "completion": completion,
}
"""Every command has a ``SUMMARY``, ``EXAMPLES``, ``add_arguments(parser)`` and ``run(options)``, which returns the exit
status."""

EXAMPLES = (
    ("demo", "learn handwritten digits on NEST, and show how well"),
    ("train nest --out run1", "the same with choices of your own, into the folder run1"),
    ("train --help", "which choices there are, with examples"),
)

ON_MANY_PROCESSES = ("train", "evaluate", "demo")
"""What many processes can do together: one network on one simulator."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command.

    Parameters
    ----------
    arguments : sequence of str, optional
        Those of the command line if None.

    Returns
    -------
    int
        The exit status, see :mod:`pynn_backprop.cli.endings`.
    """
    be_a_command()
    with unbroken_output(), printing_once():
        options = _read(arguments)
        start_logging(options)
        return ended(lambda: int(options.command(options)), "pynn-backprop", debug=options.debug)


def _read(arguments: Sequence[str] | None) -> argparse.Namespace:
    """The arguments; what is wrong with them all of many processes would say, and the first one alone does."""
    if launched().is_first:
        return whole_parser().read(arguments)
    with open(os.devnull, "w", encoding="utf-8") as nowhere, contextlib.redirect_stderr(nowhere):
        return whole_parser().read(arguments)


def _of_one(name: str, run: Callable[[argparse.Namespace], int]) -> Callable[[argparse.Namespace], int]:
    """A command that one process runs, and many are refused."""

    def run_by_one(options: argparse.Namespace) -> int:
        refuse_many(f"the command {name!r}")
        return run(options)

    return run_by_one


def whole_parser() -> CommandParser:
    """The parser of the command; what it returns has what to do as ``command``."""
    parser = CommandParser(
        prog="pynn-backprop",
        description="Networks of spiking neurons that learn by backpropagation inside themselves.",
        examples=EXAMPLES,
    )
    parser.add_argument("--version", action="version", version=f"pynn_backprop {__version__}")
    commands = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")
    for name, command in COMMANDS.items():
        own = commands.add_parser(name, help=command.SUMMARY, description=command.SUMMARY, examples=command.EXAMPLES)
        own.set_defaults(command=command.run if name in ON_MANY_PROCESSES else _of_one(name, command.run))
        command.add_arguments(own)
        add_verbosity(own)
    return parser


if __name__ == "__main__":
    sys.exit(main())
