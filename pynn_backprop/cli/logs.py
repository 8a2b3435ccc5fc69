"""What the package says while it works, on the standard error: all of it goes through the logger ``pynn_backprop``.

``hardware.lava`` speaks through ``PyNN``, as PyNN's simulators do, which is shown likewise.
"""

from __future__ import annotations

import argparse
import logging
import sys

import rich

from ..processes import launched

LOGGERS = ("pynn_backprop", "PyNN")


def add_verbosity(parser: argparse.ArgumentParser) -> None:
    """Give a command the options that say how much it says."""
    said = parser.add_argument_group("what is said").add_mutually_exclusive_group()
    said.add_argument("-q", "--quiet", action="store_true", help="say only results and errors")
    said.add_argument("-v", "--verbose", action="store_true", help="say what is read, built and written, too")
    said.add_argument("--debug", action="store_true", help="say everything, and where an error comes from")


def start_logging(options: argparse.Namespace) -> None:
    """Say as much as the options of :func:`add_verbosity` ask for."""
    silent = options.quiet or not launched().is_first
    handler = _Handler(logging.ERROR if silent else logging.NOTSET)
    handler.setFormatter(logging.Formatter("%(name)s: %(message)s"))
    logging.basicConfig(level=logging.DEBUG if options.debug else logging.WARNING, handlers=[handler])
    level = logging.DEBUG if options.debug else logging.INFO if options.verbose else logging.NOTSET
    for name in LOGGERS:
        logging.getLogger(name).setLevel(level)
    for noisy in ("matplotlib", "PIL", "numba"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
    # What is going on is shown on rich's own console, results on others.
    rich.reconfigure(quiet=options.quiet)


class _Handler(logging.Handler):
    """Writes to the standard error of the moment, which a progress bar makes its own."""

    def emit(self, record: logging.LogRecord) -> None:
        """Called by the logger."""
        print(self.format(record), file=sys.stderr)
