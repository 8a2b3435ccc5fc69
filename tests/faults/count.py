"""Tries faults and counts what was survived: ``python tests/faults/count.py [KIND ...] [--times N]``."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path[:0] = [str(Path(__file__).parents[2]), str(Path(__file__).parents[1])]


def suites() -> dict[str, Callable[[int], Any]]:
    """Each takes how often; those that are lists by hand do all of it once."""
    from caches import caches
    from disks import disks
    from kills import kills
    from locks import locks
    from malformed import malformed
    from threads import threads

    return {
        "kill": lambda times: kills(times, 4),
        "disk": disks,
        "lock": locks,
        "malformed": malformed,
        "cache": lambda times: caches(),
        "thread": lambda times: threads(),
    }


def main() -> int:
    known = suites()
    parser = argparse.ArgumentParser(description="Try faults, and count what was survived.")
    parser.add_argument("kinds", nargs="*", metavar="KIND", help=f"{', '.join(known)} (default: all)")
    parser.add_argument("--times", type=int, default=25, help="how often (default: 25)")
    options = parser.parse_args()
    tried = survived = 0
    for kind in options.kinds or known:
        start = time.monotonic()
        found = known[kind](options.times)
        print(f"{found}  ({time.monotonic() - start:.0f} s)", flush=True)
        tried, survived = tried + found.tried, survived + found.survived
    print(f"{survived} of {tried} faults survived")
    return int(survived < tried)


if __name__ == "__main__":
    sys.exit(main())
