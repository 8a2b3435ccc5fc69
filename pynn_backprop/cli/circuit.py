"""``pynn-backprop circuit``: print, count or draw a circuit."""

from __future__ import annotations

import argparse

from ..codes.graded import DITHERS
from .choices import add_choices
from .pictures import add_print, check_print

SUMMARY = "Print, count or draw a circuit."
SIZES = (400, 400, 10)
PICTURE = "circuit.png"
EXAMPLES = (
    ("circuit 400 400 10 --plot circuit.svg", "list it and draw it"),
    ("circuit 400 400 400 10 --count", "neurons and synapses of three weight matrices"),
    ("circuit 4 3 --neurons 32", "graded values: 32 neurons a unit"),
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Give a parser what :func:`run` reads."""
    default = " ".join(map(str, SIZES))
    parser.add_argument(
        "sizes", nargs="*", type=int, metavar="N", help=f"units of the layers, input first (default: {default})"
    )
    parser.add_argument("--neurons", type=int, default=1, metavar="N", help="neurons of a unit: a graded circuit")
    parser.add_argument("--dither", default="rotating", help=f"of a graded circuit: {', '.join(DITHERS)}")
    add_choices(parser, "form")
    parser.add_argument("--inference", action="store_true", help="the inference circuit")
    parser.add_argument("--count", action="store_true", help="print only the totals")
    parser.add_argument("--plot", nargs="?", const=PICTURE, metavar="FILE", help=f"draw it (default: {PICTURE})")
    add_print(parser)


def run(options: argparse.Namespace) -> int:
    """Print it, and draw it where `options` say; returns 0."""
    from .. import plots
    from ..circuit.inference import inference_circuit
    from ..circuit.training import training_circuit
    from ..codes.graded import Graded

    check_print(options)
    sizes, code = options.sizes or SIZES, Graded(options.neurons, options.dither)
    circuit = (
        inference_circuit(sizes, code=code) if options.inference else training_circuit(sizes, None, code, options.form)
    )
    print(circuit.count() if options.count else circuit)
    if options.plot:
        plots.save(plots.draw_circuit(circuit, width=options.width), options.plot, options.dpi)
        print(f"drawn: {options.plot}")
    return 0
