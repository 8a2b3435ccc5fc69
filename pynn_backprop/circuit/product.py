r"""The Hadamard product: numbers go through only as far as others open the way.

An error is multiplied with the mask of the derivative, the papers' r', by gating: each neuron of the product is opened
by one neuron of the mask and driven by one of the error, so that it fires where both do.  With a mask of 0 and 1 the
product is exact.  A mask of n firing neurons and an error of m meet in exactly m n / N neurons on average over the N
cycles in which the levels of the error rotate past the neurons of the mask.
"""

from __future__ import annotations

from ..checks import check_count
from ..codes.code import Code
from .builder import Builder
from .circuit import Circuit
from .parameters import Parameters, default_parameters
from .schedule import NamedSchedule

ERROR, MASK, PRODUCT = "error", "mask", "product"


def product_circuit(units: int, code: Code, parameters: Parameters | None = None) -> Circuit:
    """Errors and masks, and their products unit by unit.

    Parameters
    ----------
    units
        How many.
    code
        Neurons of a unit, and their dither.
    parameters
        Strengths; :func:`~pynn_backprop.circuit.parameters.default_parameters` if None.

    Returns
    -------
    Circuit
        Without weight matrices.  The sources ``input`` and ``input mask`` bring the numbers.

    Raises
    ------
    InputError
        If there are no units, or theta does not suit the code.
    """
    check_count("units", units)
    schedule = NamedSchedule(0, ("rest", "error and mask", "product"))
    build = Builder((units,), schedule, parameters or default_parameters(code), code)
    strength, size = build.strength, build.sizes[0]
    build.source("start", 1, None, schedule.length - 1)
    for name, source, role in ((ERROR, "input", "error"), (MASK, "input mask", "memory")):
        build.source(source, size, 0)
        build.add(name, size, role, 0, [1])
        build.open(1, name, strength.half)
    build.unit_to_unit("input", ERROR, 1, 1)
    build.lift(1, ERROR, "x", build.quantum, noise=f"{ERROR}_")
    build.one_to_one("input mask", MASK, strength.copy, 1)
    build.add(PRODUCT, size, "error", 0, [2])
    build.one_to_one(MASK, PRODUCT, strength.half, 1)
    build.one_to_one(ERROR, PRODUCT, strength.copy, 1)
    build.ring()
    return build.circuit()
