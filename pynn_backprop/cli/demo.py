"""``pynn-backprop demo``: learn handwritten digits and show the result."""

from __future__ import annotations

import argparse

from ..runs.config import RECORD_ALL, RunConfig
from .train import execute
from .words import simulators

SUMMARY = "Learn handwritten digits on NEST and show the result."
FOLDER = "demo-results"
SIMULATOR = "nest"
CHOICES = {"data": "digits", "hidden": (100,), "epochs": 10, "seed": 7, "record": (RECORD_ALL,)}
"""Small enough to take less than three minutes with the dopamine synapse too, where there is no compiler."""
EXAMPLES = (
    ("demo", "on NEST, into demo-results"),
    ("demo --simulator reference --out demo1", "by the rule alone, in seconds"),
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Give a parser what :func:`run` reads."""
    parser.add_argument("--out", default=FOLDER, metavar="DIR", help=f"folder (default: {FOLDER})")
    parser.add_argument("--simulator", default=SIMULATOR, metavar="SIMULATOR", help=simulators())


def run(options: argparse.Namespace) -> int:
    """Run it, with all checks; returns the exit status."""
    from ..runs.opening import start

    config = RunConfig(simulator=options.simulator, **CHOICES)  # type: ignore[arg-type]
    return execute(start(config, options.out, overwrite=options.out == FOLDER), check=True)
