"""What the user may choose of a simulator."""

from __future__ import annotations

from dataclasses import dataclass

from ..checks import check_bound, check_choice, check_count
from ..resources import in_words

LAYOUTS = ("separate", "fused")
"""One PyNN Population for each population of the circuit, or few for all (:mod:`pynn_backprop.simulation.fusion`)."""

MOST_THREADS = 1024
"""With so many NEST ran on two cores; with 100,000 it ended in a segmentation fault."""

STACK = 8 * 2**20
"""Bytes of the stack of a thread."""


@dataclass(frozen=True)
class Options:
    """What the user may choose of a simulator.

    Parameters
    ----------
    threads
        Threads of the simulator.
    variant
        How the simulator does it: ``auto`` for the fastest that works, or one that the backend names.
    layout
        One PyNN Population for each population of the circuit (``separate``) or few for all (``fused``); ``auto`` for
        the one that suits the simulator.
    """

    threads: int = 1
    variant: str = "auto"
    layout: str = "auto"

    def __post_init__(self) -> None:
        check_count("threads", self.threads)
        stacks = in_words(self.threads * STACK)
        check_bound("threads", self.threads, MOST_THREADS, f"they would take {stacks} for their stacks alone")
        check_choice("layout", self.layout, ["auto", *LAYOUTS])
