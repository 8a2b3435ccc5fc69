"""The command ``pynn-backprop``: its commands, and how it ends."""

from __future__ import annotations

import argparse
import logging
import sys
from collections.abc import Sequence

from .. import __version__
from . import circuit, compare, demo, evaluate, figures, train, view
from . import map as mapping
from .endings import be_a_command, ended, unbroken_output

COMMANDS = {
    "train": train,
    "evaluate": evaluate,
    "compare": compare,
    "circuit": circuit,
    "map": mapping,
    "figures": figures,
    "view": view,
    "demo": demo,
}
"""Every command has a ``SUMMARY``, ``add_arguments(parser)`` and ``run(options)``, which returns the exit status."""


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
    with unbroken_output():
        options = _parser().parse_args(arguments)
        _start_logging(options.debug)
        return ended(lambda: int(options.command(options)), "pynn-backprop", debug=options.debug)


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
        own.set_defaults(command=command.run)
        own.add_argument("--debug", action="store_true", help="log everything, and show where an error comes from")
        command.add_arguments(own)
    return parser


if __name__ == "__main__":
    sys.exit(main())
