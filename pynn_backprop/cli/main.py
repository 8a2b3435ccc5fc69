"""The command ``pynn-backprop``: its commands, and how it ends."""

from __future__ import annotations

import argparse
import contextlib
import logging
import os
import sys
from collections.abc import Sequence

from .. import __version__
from ..processes import launched, refuse_many
from . import circuit, compare, demo, evaluate, figures, train
from . import map as mapping
from .endings import be_a_command, ended, printing_once, unbroken_output

COMMANDS = {
    "train": train,
    "evaluate": evaluate,
    "compare": compare,
    "circuit": circuit,
    "map": mapping,
    "figures": figures,
    "demo": demo,
}
"""Every command has a ``SUMMARY``, ``add_arguments(parser)`` and ``run(options)``, which returns the exit status."""

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
        options = _parsed(arguments)
        _start_logging(options.debug)
        return ended(lambda: _run(options), "pynn-backprop", debug=options.debug)


def _parsed(arguments: Sequence[str] | None) -> argparse.Namespace:
    """The arguments; what is wrong with them all of many processes would say, and the first one alone does."""
    if launched().is_first:
        return _parser().parse_args(arguments)
    with open(os.devnull, "w", encoding="utf-8") as nowhere, contextlib.redirect_stderr(nowhere):
        return _parser().parse_args(arguments)


def _run(options: argparse.Namespace) -> int:
    if not options.on_many_processes:
        refuse_many(f"the command {options.name!r}")
    return int(options.command(options))


def _start_logging(debug: bool) -> None:
    logging.basicConfig(level=logging.DEBUG if debug else logging.WARNING, format="%(name)s: %(message)s")
    for noisy in ("matplotlib", "PIL", "numba"):
        logging.getLogger(noisy).setLevel(logging.WARNING)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="pynn-backprop", description="Networks of spiking neurons that learn by backpropagation inside themselves."
    )
    parser.add_argument("--version", action="version", version=f"pynn_backprop {__version__}")
    commands = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")
    for name, command in COMMANDS.items():
        own = commands.add_parser(name, help=command.SUMMARY, description=command.SUMMARY)
        own.set_defaults(command=command.run, name=name, on_many_processes=name in ON_MANY_PROCESSES)
        own.add_argument("--debug", action="store_true", help="log everything, and show where an error comes from")
        command.add_arguments(own)
    return parser


if __name__ == "__main__":
    sys.exit(main())
