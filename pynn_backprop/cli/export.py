"""``pynn-backprop export``: a trained network in files that other programs read."""

from __future__ import annotations

import argparse
import os
from pathlib import Path

from ..exchange.to_nir import LIF, NODES, STEP

SUMMARY = "Write a trained network as NIR, for the programs that read it."
EXAMPLES = (
    ("export run1 --nir net.nir", "the network of a run, for snnTorch, norse and others"),
    ("export run1/checkpoint.npz --nir net.nir --readout-levels 1", "as it was then, answering by single spikes"),
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Give a parser what :func:`run` reads."""
    parser.add_argument(
        "network", metavar="NETWORK", help="the folder of a run, a checkpoint, or an .npz or .nir file with weights"
    )
    parser.add_argument("--nir", required=True, metavar="F.nir", help="the file to write")
    parser.add_argument(
        "--node",
        default=LIF,
        metavar="NAME",
        help=f"what neurons become: {', '.join(NODES)} (default: {LIF}, which most programs read)",
    )
    parser.add_argument(
        "--dt",
        type=float,
        default=STEP,
        metavar="S",
        help=f"time step of the program that reads it, in s (default: {STEP})",
    )
    parser.add_argument("--readout-levels", type=int, metavar="K", help="answer with K neurons (default: as it learnt)")


def run(options: argparse.Namespace) -> int:
    """Write it, and say what is in it; returns 0."""
    from ..checks import check_choice
    from ..errors import InputError
    from ..exchange.nir_file import SUFFIX
    from ..extras import require
    from ..files import check_writable
    from ..models.reading import read_network, weights_file
    from ..models.writing import write_network

    check_choice("node", options.node, NODES)
    if Path(options.nir).suffix.lower() != SUFFIX:
        raise InputError(f"nir is {options.nir!r} but must end in {SUFFIX}")
    check_writable(options.nir)
    require("nir", "NIR")
    network = read_network(options.network, readout_levels=options.readout_levels)
    write_network(options.nir, network, options.node, options.dt)
    layers = "-".join(map(str, network.units))
    answer = "which outputs fire" if network.rule.readout_levels == 1 else "how many neurons of each class fire"
    known = f"levels {network.levels or 'not known'}, crop {network.crop or 'none'}"
    print(
        f"{weights_file(options.network)}: {layers}, {known}\n"
        f"written: {options.nir}, {os.path.getsize(options.nir):,} bytes; one step for each sample, from rest; the "
        f"output is {answer}"
    )
    return 0
