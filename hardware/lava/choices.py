"""What ``setup`` was told."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Choices:
    """Choices that hold for a whole network.

    Parameters
    ----------
    timestep
        In ms.
    min_delay, max_delay
        In ms; None if they are those of the synapses.
    engine
        Name of the engine, or None if nothing shall be run.
    resolution
        In mV; None if it follows from the network.
    tolerance
        Largest relative rounding error that is accepted; see :class:`hardware.integers.Grid`.
    strict
        Whether larger ones are refused; else they are warned of.
    substitute
        Whether cells with currents are put in place of those with conductances.
    seed
        For what is drawn on the host.
    accumulator
        What the input of a step does beyond the chip's numbers: see :func:`hardware.lava.setup`.
    """

    timestep: float = 0.1
    min_delay: float | None = 0.1
    max_delay: float | None = 10.0
    engine: str | None = None
    resolution: float | None = None
    tolerance: float | None = None
    strict: bool = False
    substitute: bool = False
    seed: int = 1
    accumulator: str = "wide"
