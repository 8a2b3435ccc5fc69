"""One unit and its inputs: its activation, the two edges of its derivative, and the mask, which the papers call r'."""

from __future__ import annotations

from ..checks import check_count
from ..codes.code import Code
from .builder import LayerBuilder
from .circuit import Circuit
from .parameters import Parameters, default_parameters
from .schedule import NamedSchedule

MASK = "c_o"


def transfer_circuit(inputs: int, code: Code, parameters: Parameters | None = None) -> Circuit:
    """Input units and one output unit, with its edges and its mask, as in the circuits that learn.

    Parameters
    ----------
    inputs
        Input units.
    code
        Neurons of a unit, and their dither.
    parameters
        Strengths; :func:`~pynn_backprop.circuit.parameters.default_parameters` if None.

    Returns
    -------
    Circuit
        With the matrix ``W1``, which does not learn.  ``o`` is the activation, ``o_low`` and ``o_high`` fire where the
        drive is above 0 and above theta, and ``c_o`` where it is above 0 and not above theta.

    Raises
    ------
    InputError
        If there are no inputs, or theta does not suit the code.
    """
    check_count("inputs", inputs)
    schedule = NamedSchedule(1, ("rest", "input", "output with its edges", "mask"), 2)
    build = LayerBuilder((inputs, 1), schedule, parameters or default_parameters(code), code)
    strength = build.strength
    build.sources()
    build.add("x", build.sizes[0], "data", 0, [1])
    build.open(1, "x", strength.half)
    build.lift(1, "x", "x", build.quantum)
    build.unit_to_unit("input", "x", 1, 1)
    for name, gate in (("o", strength.half), ("o_low", strength.low), ("o_high", strength.high)):
        build.add(name, code.n, "data", 1, [2])
        build.open(2, name, gate)
        build.carry("x", name, 1)
    build.lift(2, "o", "o", build.quantum)
    build.add(MASK, code.n, "memory", 1, [3])
    build.open(3, MASK, strength.half)
    build.one_to_one("o_low", MASK, strength.copy, 1)
    build.one_to_one("o_high", MASK, -strength.copy, 1)
    build.ring()
    return build.circuit()
