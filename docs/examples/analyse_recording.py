"""Count the spikes of a recording per population and phase, from the file alone.

    python analyse_recording.py FILE [--segment N] [--plot-figure]

FILE is a ``.nix`` that a training wrote.  Neither the simulator nor the data set is needed.  A training
records its first and its last samples; the last ones are shown, unless another segment is asked for.
"""

import argparse
import sys
from pathlib import Path

from pynn_backprop import plots
from pynn_backprop.errors import PynnBackpropError
from pynn_backprop.recording import analysis
from pynn_backprop.recording import blocks as recording


def main() -> None:
    parser = argparse.ArgumentParser(description="Count the spikes of a recording per population and phase.")
    parser.add_argument("file", type=Path, help="the recording, .nix")
    parser.add_argument(
        "--segment",
        type=int,
        default=-1,
        help="stretch of samples; 0 is the first, of before learning (default: the last)",
    )
    parser.add_argument("--plot-figure", action="store_true", help="save a raster of three samples beside the file")
    options = parser.parse_args()

    block = recording.load(options.file)
    table = analysis.spike_table(block, options.segment)
    number = options.segment % len(block.segments)
    print(f"segment {number} of {', '.join(f'{n}: {each.name}' for n, each in enumerate(block.segments))}\n")
    print(table.format())
    if "o" in table.counts:
        print(f"\n{analysis.accuracy(block, options.segment):.0%} of these samples were answered rightly")
    if options.plot_figure:
        picture = options.file.with_suffix(".png")
        plots.save(plots.raster(block, options.segment), picture)
        print(f"raster: {picture}")
    analysis.check_silence(block)
    print("no population fires in a phase in which it must be silent")


if __name__ == "__main__":
    try:
        main()
    except PynnBackpropError as error:
        sys.exit(f"error: {error}")
