"""A short-term memory that bridges a gap: what a population did is kept by spikes on their way, and replayed."""

from __future__ import annotations

from ..checks import check_count
from ..codes.code import Code
from .builder import Builder
from .circuit import Circuit
from .parameters import Parameters, default_parameters
from .schedule import NamedSchedule

SHORTEST = 3
"""Steps of a gap in which there is room for the copy and for another value."""
MEMORY, BETWEEN = "m_x", 3
"""The population that keeps a copy; and the phase in which another value passes."""


def memory_circuit(units: int, gap: int, code: Code, parameters: Parameters | None = None) -> Circuit:
    """A population, another value that passes through it, and the memory that brings the first one back.

    Parameters
    ----------
    units
        Values that are kept at once.
    gap
        Steps from the first activity to its replay.
    code
        Neurons of a unit, and their dither.
    parameters
        Strengths; :func:`~pynn_backprop.circuit.parameters.default_parameters` if None.

    Returns
    -------
    Circuit
        Without weight matrices.  The source ``input`` brings what is to be kept, ``input between`` the other values.

    Raises
    ------
    InputError
        If there are no units, the gap is too short, or theta does not suit the code.
    """
    check_count("units", units)
    check_count("gap", gap, SHORTEST)
    phases = ["rest"] * (gap + 2)
    phases[1:4] = ["value", "memory", "another value"]
    phases[1 + gap] = "replay"
    schedule = NamedSchedule(0, tuple(phases))
    build = Builder((units,), schedule, parameters or default_parameters(code), code)
    strength, size = build.strength, build.sizes[0]
    build.source("start", 1, None, schedule.length - 1)
    build.add("x", size, "data", 0, [1, BETWEEN, 1 + gap])
    for source, phase, levels in (("input", 1, "x"), ("input between", BETWEEN, "h")):
        build.source(source, size, 0)
        build.unit_to_unit(source, "x", 1, phase)
        build.open(phase, "x", strength.half)
        build.lift(phase, "x", levels, build.quantum, noise=f"x{phase}_")
    build.add(MEMORY, size, "memory", 0, [2])
    build.open(2, MEMORY, strength.half)
    build.one_to_one("x", MEMORY, strength.copy, 1)
    build.one_to_one(MEMORY, "x", strength.copy, gap - 1)
    build.open(1 + gap, "x", strength.half)
    build.ring()
    return build.circuit()
