"""The circuit as data: populations, projections and gates, with no simulator and no arrays.

:func:`training_circuit` and :func:`inference_circuit` return a :class:`Circuit` for any code, binary or graded.  What
it consists of is in :mod:`pynn_backprop.circuit.parts`, how it is put together in
:mod:`pynn_backprop.circuit.builder`.
"""

from __future__ import annotations

from collections.abc import Sequence

from ..checks import check_count
from ..codes.code import Binary, Code
from ..errors import InputError
from .builder import Builder
from .parameters import Parameters as Parameters
from .parameters import default_parameters
from .parts import ALL_TO_ALL as ALL_TO_ALL
from .parts import LEVELS as LEVELS
from .parts import ONE_TO_ONE as ONE_TO_ONE
from .parts import PROBE as PROBE
from .parts import RING as RING
from .parts import UNIT_TO_UNIT as UNIT_TO_UNIT
from .parts import Circuit as Circuit
from .parts import Count as Count
from .parts import Levels as Levels
from .parts import Population as Population
from .parts import Projection as Projection
from .schedule import MAX_DEPTH, Schedule


def training_circuit(units: Sequence[int], parameters: Parameters | None = None, code: Code | None = None) -> Circuit:
    """The circuit that learns, for one or two weight matrices.

    Parameters
    ----------
    units
        Units of the layers, input first: (n_in, n_out) or (n_in, n_hidden, n_out).
    parameters
        Strengths; if None the published ones, or those of :func:`~pynn_backprop.circuit.parameters.graded_parameters`.
    code
        How many neurons a unit has, and their dither; one neuron if None.

    Returns
    -------
    Circuit

    Raises
    ------
    InputError
        If a size is not a positive whole number, there are not two or three of them, or theta does not suit the code.
    """
    code = code or Binary()
    build = Builder(units, Schedule(_depth(units)), parameters or default_parameters(code.n), code)
    build.sources()
    build.layers_with_edges()
    build.output_error()
    build.memories()
    build.hidden_errors()
    build.reinforcement()
    build.inhibit_replays()
    build.ring()
    return build.circuit()


def inference_circuit(
    units: Sequence[int],
    parameters: Parameters | None = None,
    probe: bool = False,
    code: Code | None = None,
) -> Circuit:
    """The circuit that only computes the output.

    Parameters
    ----------
    units
        Units of the layers, input first.
    parameters
        Strengths; if None the published ones, or those of :func:`~pynn_backprop.circuit.parameters.graded_parameters`.
    probe
        Add the population ``v_o``, which receives what the output receives and never fires: its membrane potential
        is the output's drive, without the reset that a spike brings.
    code
        How many neurons a unit has, and their dither; one neuron if None.

    Returns
    -------
    Circuit
    """
    code, schedule = code or Binary(), Schedule(_depth(units), training=False)
    build = Builder(units, schedule, parameters or default_parameters(code.n), code)
    build.sources()
    build.layers()
    if probe:
        build.probe()
    build.ring()
    return build.circuit()


def _depth(units: Sequence[int]) -> int:
    sizes = tuple(units)
    if not 2 <= len(sizes) <= MAX_DEPTH + 1:
        raise InputError(f"units is {sizes} but must hold 2 or 3 numbers: (n_in, n_out) or (n_in, n_hidden, n_out)")
    for index, size in enumerate(sizes):
        check_count(f"units[{index}]", size)
    return len(sizes) - 1
