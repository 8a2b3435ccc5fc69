"""The circuits that learn, by the names of their forms."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType

from ..arguments import checked
from ..checks import check_choice
from ..codes.binary import Binary
from ..codes.code import Code
from .circuit import Circuit
from .compact import CompactSchedule, compact_circuit
from .parameters import Parameters, check_turns, default_parameters
from .published import PublishedSchedule, published_circuit
from .schedule import depth_of

Form = Callable[[Sequence[int], Parameters, Code], Circuit]
"""Builds the circuit for units of the layers, strengths and code."""

FORMS: Mapping[str, Form] = MappingProxyType(
    {CompactSchedule.form: compact_circuit, PublishedSchedule.form: published_circuit}
)
"""All forms; they differ in phases and spikes, never in a weight."""

DEFAULT_FORM = CompactSchedule.form


@checked
def training_circuit(
    units: Sequence[int],
    parameters: Parameters | None = None,
    code: Code | None = None,
    form: str = DEFAULT_FORM,
) -> Circuit:
    """The circuit that learns, for any number of weight matrices.

    Parameters
    ----------
    units
        Units of the layers, input first: (n_in, n_out), (n_in, n_hidden, n_out), and so on.
    parameters
        Strengths; if None the published ones, or those of :func:`~pynn_backprop.circuit.parameters.graded_parameters`.
    code
        How many neurons a unit has, and their dither; one neuron if None.
    form
        One of :data:`FORMS`; the published form is there for one and two weight matrices.

    Returns
    -------
    Circuit

    Raises
    ------
    InputError
        If a size is not a positive whole number, there are fewer than two of them or more than the form has a place
        for, or theta does not suit the code.

    Examples
    --------
    >>> print(training_circuit((400, 400, 10)).count())
    2,488 neurons, 194,488 synapses, 180,000 of them plastic; besides 1 reinforcement neuron with 2 synapses
    >>> training_circuit((400, 400, 400, 10)).schedule.length
    26
    """
    depth_of(units)
    code = code or Binary()
    build, parameters = FORMS[check_choice("form", form, FORMS)], parameters or default_parameters(code, units)
    check_turns(parameters, code)
    return build(units, parameters, code)


def thinned(circuit: Circuit, k: int) -> Circuit:
    """The same training circuit with another thinning; with its own it is that very circuit."""
    if k == circuit.parameters.thinning:
        return circuit
    return training_circuit(circuit.units, replace(circuit.parameters, thinning=k), circuit.code, circuit.schedule.form)
