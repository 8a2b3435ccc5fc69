"""Functions of the PyNN interface that set up, run and end a simulation, and what Lava adds to them."""

from __future__ import annotations

import difflib
import os
from typing import Any, cast

import numpy as np
from pyNN import common
from pyNN.common.control import DEFAULT_MAX_DELAY, DEFAULT_MIN_DELAY, DEFAULT_TIMESTEP
from pyNN.recording import get_io

from pynn_backprop.checks import check_choice, check_count
from pynn_backprop.errors import InputError

from ..integers import Grid, RoundingReport
from . import simulator
from .chip import mapping
from .choices import Choices
from .engines.engine import Overflow
from .engines.registry import ACCUMULATORS, EMULATOR, ENGINES, require_engine

AUTO = "auto"

SUBSTITUTE = "PYNN_LAVA_SUBSTITUTE"
"""Environment variable with which an unchanged script asks for substitutes."""

OWN = (
    "timestep",
    "min_delay",
    "max_delay",
    *(name for name in Choices.__dataclass_fields__ if name != "seed"),
    "rng_seed",
)
"""What can be given to ``setup`` here."""


def setup(
    timestep: float = DEFAULT_TIMESTEP,
    min_delay: float | str = DEFAULT_MIN_DELAY,
    engine: str | None = EMULATOR,
    resolution: float | str = AUTO,
    tolerance: float | None = None,
    strict: bool = False,
    substitute: bool | None = None,
    rng_seed: int = 1,
    accumulator: str = "wide",
    **extra_params: Any,
) -> int:
    """Forget all networks and begin a new one.

    Parameters
    ----------
    timestep
        One step of the chip, in ms.
    min_delay
        In ms; the delay of a synapse that names none.  ``auto``: one step; ``get_min_delay`` is that of the synapses.
    engine
        ``emulator``, compiled code in this process; ``fast``, Lava's own LIF and synapses of ours; ``stock``, with
        stock Lava processes only and much slower; or None for reports without a run.
    resolution
        One unit of weights and thresholds, in mV; potentials and biases are 64 times finer.  ``auto``: what suits the
        network; see :mod:`hardware.lava.translation.resolution`.
    tolerance
        Largest relative rounding error that is accepted.  If None, none of what is given in mV, and 1 % of decays and
        of what follows from currents.
    strict
        Whether larger errors are refused; else the first run warns of them, once.
    substitute
        Whether IF_curr_exp and IF_curr_alpha are put in place of IF_cond_exp and IF_cond_alpha, and each is reported.
        If None, what the environment variable PYNN_LAVA_SUBSTITUTE says (1 is yes), for scripts that stay as they are.
    rng_seed
        For what is drawn on the host: Poisson and gamma sources, noisy currents.
    accumulator
        What the input of a step does beyond the chip's 21 bits and a sign: ``wide``, as in Lava, nothing; ``chip``, it
        wraps round (the emulator only).
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
    if extra_params.get("spike_precision", "on_grid") != "on_grid":
        raise InputError(
            "spike_precision is "
            f"{extra_params['spike_precision']!r} but must be 'on_grid': a chip's spikes lie on steps"
        )
    longest = extra_params.get("max_delay", DEFAULT_MAX_DELAY)
    for name, value in (("min_delay", min_delay), ("max_delay", longest)):
        if value != AUTO and not (isinstance(value, (int, float, np.number)) and 0 <= value < np.inf):
            raise InputError(f"{name} is {value!r} but must be a number of ms or 'auto'")
    common.setup(timestep, min_delay, **extra_params)
    for name in extra_params:
        near = difflib.get_close_matches(name, OWN, n=1, cutoff=0.8)
        if near and name not in OWN:
            raise InputError(f"{name!r} is not an argument of setup(); did you mean {near[0]!r}?")
    if substitute is None:
        substitute = os.environ.get(SUBSTITUTE, "") == "1"
    for name, flag in (("strict", strict), ("substitute", substitute)):
        if not isinstance(flag, bool):
            raise InputError(f"{name} is {flag!r} but must be True or False")
    chosen = None if resolution == AUTO else cast(float, resolution)
    Grid(timestep, 1.0 if chosen is None else chosen, tolerance, strict)  # refuses what makes no sense
    if engine is not None:
        require_engine(check_choice("engine", engine, ENGINES))
    check_choice("accumulator", accumulator, ACCUMULATORS)
    if accumulator != ACCUMULATORS[0] and engine not in (EMULATOR, None):
        raise InputError(f"accumulator is {accumulator!r} but must be {ACCUMULATORS[0]!r} on the engine {engine!r}")
    simulator.state.setup(
        Choices(
            timestep=timestep,
            min_delay=None if min_delay == AUTO else float(min_delay),
            max_delay=None if longest == AUTO else float(longest),
            engine=engine,
            resolution=chosen,
            tolerance=tolerance,
            strict=strict,
            substitute=substitute,
            seed=check_count("rng_seed", rng_seed, 0),
            accumulator=accumulator,
        )
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


def substitution_report() -> tuple[tuple[str, str, str], ...]:
    """What was put in place of what after ``setup(substitute=True)``: label, what was asked for, what there is."""
    return tuple(simulator.state.substitutes)


def mapping_report(compartments_per_core: int | None = None) -> mapping.MappingReport:
    """How the present network would sit on a Loihi chip; see :func:`hardware.lava.chip.mapping.mapping_report`."""
    return mapping.mapping_report(simulator.state.discretized().network, compartments_per_core)
