"""``pynn-backprop view``: one file to step through samples of a run, phase by phase, in a browser."""

from __future__ import annotations

import argparse
from pathlib import Path

from ..runs.folder import PAGE
from .choices import add_choices

SUMMARY = "Write a page that steps through right and wrong samples of a run, phase by phase."

EXAMPLES = (
    ("view run1", "right and wrong samples of that run, in run1/view.html"),
    ("view run1 --form published --out published.html", "the same weights in the published circuit"),
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Give a parser what :func:`run` reads."""
    parser.add_argument("run", metavar="RUN", help="folder of a run that has come to its end")
    parser.add_argument("--out", metavar="F.html", help=f"the page (default: {PAGE} in that folder)")
    parser.add_argument("--samples", type=int, metavar="N", help="show N samples, half of them wrong (default: 24)")
    add_choices(parser, "form", said={"form": "form of the circuit; all have the same weights (default: the run's)"})
    parser.set_defaults(form=None)


def run(options: argparse.Namespace) -> int:
    """Record on the simulator of the run, write the page, and say where it is; returns 0."""
    from ..files import check_writable
    from ..recording.analysis import answers_of
    from ..recording.blocks import labels_of
    from ..simulation.backends.registry import written
    from ..view import record, write_page
    from ..view.recording import LEAD, SHOWN

    path = Path(options.out) if options.out else Path(options.run) / PAGE
    if options.out:
        check_writable(path)
    recorded = record(options.run, SHOWN if options.samples is None else options.samples, options.form)
    size = write_page(recorded, path)
    right = (answers_of(recorded.block, 0) == labels_of(recorded.block.segments[0]))[LEAD:]
    print(
        f"{path}: {size / 1e6:.2f} MB, {right.sum()} samples answered rightly and {(~right).sum()} wrongly on "
        f"{written(recorded.block.annotations['platform'])}"
    )
    return 0
