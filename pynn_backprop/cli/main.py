"""The command ``pynn-backprop``: its commands, and how it ends."""

from __future__ import annotations

import argparse
import logging
import sys
from collections.abc import Sequence

from .. import __version__
from ..errors import EqualityError, InputError, PlatformError
from . import circuit, compare, demo, evaluate, figures, train
from . import map as mapping
from .interrupts import INTERRUPTED

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


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command.

    Parameters
    ----------
    arguments : sequence of str, optional
        Those of the command line if None.

    Returns
    -------
    int
        The exit status: 0 done, 1 a check failed, 2 bad input, 130 interrupted.
    """
    options = _parser().parse_args(arguments)
    _start_logging(options.debug)
    try:
        return int(options.command(options))
    except (InputError, PlatformError, EqualityError) as error:
        if options.debug:
            raise
        print(f"pynn-backprop: error: {error}", file=sys.stderr)
        return 1 if isinstance(error, EqualityError) else 2
    except KeyboardInterrupt:
        print("pynn-backprop: interrupted", file=sys.stderr)
        return INTERRUPTED


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
