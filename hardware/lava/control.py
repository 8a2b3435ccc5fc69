"""Functions of the PyNN interface that set up, run and end a simulation, and what Lava adds to them."""

from __future__ import annotations

import difflib
from typing import Any

from pyNN import common
from pyNN.common.control import DEFAULT_MAX_DELAY, DEFAULT_MIN_DELAY, DEFAULT_TIMESTEP
from pyNN.recording import get_io

from pynn_backprop.checks import check_choice
from pynn_backprop.errors import InputError

from ..integers import Grid, RoundingReport
from . import simulator
from .chip import mapping
from .engines.engine import Overflow
from .engines.registry import EMULATOR, ENGINES, require_engine
from .translation.ranges import DELAY

OWN = ("engine", "resolution", "tolerance", "timestep", "min_delay", "max_delay")


def setup(
    timestep: float = DEFAULT_TIMESTEP,
    min_delay: float | str = DEFAULT_MIN_DELAY,
    engine: str | None = EMULATOR,
    resolution: float = 1.0,
    tolerance: float | None = None,
    **extra_params: Any,
) -> int:
    """Forget all networks and begin a new one.

    Parameters
    ----------
    timestep
        One step of the chip, in ms.
    min_delay
        In ms; the delay of a synapse that names none.
    engine
        ``emulator``, compiled code in this process; ``fast``, Lava's own LIF and synapses of ours; ``stock``, with
        stock Lava processes only and much slower; or None for reports without a run.
    resolution
        One unit of weights and thresholds, in mV; potentials and biases are 64 times finer.
    tolerance
        Largest relative rounding error that is accepted.  If None, none of what is given in mV, and 1 % of decays and
        of what follows from currents.
    **extra_params
        ``max_delay``, and what other simulators want, which is ignored.

    Returns
    -------
    int
        0, the rank of the only process.

    Raises
    ------
    InputError
        If an argument makes no sense.
    PlatformError
        If the engine needs Lava, which is not installed, or is a chip.
    """
    common.setup(timestep, min_delay, **extra_params)
    grid = Grid(timestep, resolution, tolerance)
    for name in extra_params:
        near = difflib.get_close_matches(name, OWN, n=1, cutoff=0.8)
        if near and name not in OWN:
            raise InputError(f"{name!r} is not an argument of setup(); did you mean {near[0]!r}?")
    if engine is not None:
        require_engine(check_choice("engine", engine, ENGINES))
    longest = extra_params.get("max_delay", DEFAULT_MAX_DELAY)
    simulator.state.setup(
        grid,
        timestep if min_delay == "auto" else float(min_delay),
        (DELAY.high + 1) * timestep if longest == "auto" else float(longest),
        engine,
    )
    return 0


def end(compatible_output: bool = True) -> None:
    """Write what is to be written to files, and end all processes; results can still be read."""
    state = simulator.state
    try:
        for population, variables, filename in state.write_on_end:
            population.write_data(get_io(filename), variables)
        state.write_on_end = []
    finally:
        state.end()


run, run_until = common.build_run(simulator)
run_for = run
reset = common.build_reset(simulator)
initialize = common.initialize
(
    get_current_time,
    get_time_step,
    get_min_delay,
    get_max_delay,
    num_processes,
    rank,
) = common.build_state_queries(simulator)


def rounding_report() -> RoundingReport:
    """How well the chip's integers hold each parameter of the present network.

    Raises
    ------
    InputError
        If they don't hold one; names the nearest value.
    """
    return simulator.state.discretized().report


def overflow_report() -> tuple[Overflow, ...]:
    """What went beyond the chip's numbers since the first run; the emulator counts it, the engines of Lava's don't."""
    return simulator.state.overflows()


def mapping_report(compartments_per_core: int | None = None) -> mapping.MappingReport:
    """How the present network would sit on a Loihi chip; see :func:`hardware.lava.chip.mapping.mapping_report`."""
    return mapping.mapping_report(simulator.state.discretized().network, compartments_per_core)
