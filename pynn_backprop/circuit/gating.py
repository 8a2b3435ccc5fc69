"""Conditional gating: the amplitude of one population decides which way the value of another one goes.

The neuron ``yes`` fires where more than half of the condition's neurons do, and opens the route ``then``.  One step
later ``no`` fires, which needs no condition, unless ``yes`` forbids it; it opens the route ``else``.
"""

from __future__ import annotations

from ..codes.code import Code
from .builder import Builder
from .circuit import Circuit
from .connectivity import AllToAll, OneToOne
from .parameters import Parameters, default_parameters
from .parts import Projection
from .schedule import NamedSchedule

YES, NO = "yes", "no"
ROUTES = {"then": YES, "else": NO}
"""What opens each."""
_ARRIVES = 4


def gating_circuit(code: Code, parameters: Parameters | None = None) -> Circuit:
    """A condition, a value, and two routes of which the condition opens one.

    Parameters
    ----------
    code
        Neurons of a unit, and their dither.
    parameters
        Strengths; :func:`~pynn_backprop.circuit.parameters.default_parameters` if None.

    Returns
    -------
    Circuit
        Without weight matrices.  The sources ``input`` and ``input condition`` bring the numbers.
    """
    schedule = NamedSchedule(0, ("rest", "condition and value", "yes?", "else no", "route"))
    build = Builder((1,), schedule, parameters or default_parameters(code), code)
    strength, n = build.strength, code.n
    build.source("start", 1, None, schedule.length - 1)
    for name, source, levels in (("value", "input", "x"), ("condition", "input condition", "h")):
        build.source(source, n, 0)
        build.add(name, n, "data", 0, [1])
        build.open(1, name, strength.half)
        build.unit_to_unit(source, name, 1, 1)
        build.lift(1, name, levels, build.quantum, noise=f"{name}_")
    build.add(YES, 1, "gate", None, [2])
    build.open(2, YES, strength.half)
    build.projections.append(Projection("condition", YES, AllToAll(), 1, build.quantum))
    build.add(NO, 1, "gate", None, [3])
    build.open(3, NO, strength.chain)
    build.projections.append(Projection(YES, NO, OneToOne(), 1, -strength.chain))
    for route, gate in ROUTES.items():
        build.add(route, n, "data", 1, [_ARRIVES])
        build.projections.append(Projection(gate, route, AllToAll(), _ARRIVES - 2 - (gate == NO), strength.half))
        build.unit_to_unit("value", route, 1, _ARRIVES - 1)
        build.lift(_ARRIVES, route, "o", build.quantum, noise=f"{route}_")
    build.ring()
    return build.circuit()
