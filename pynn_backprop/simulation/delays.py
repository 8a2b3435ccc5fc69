"""Which circuits fit into a simulator's delays: the deeper a network, the longer its memories wait."""

from __future__ import annotations

from ..circuit.circuit import Circuit
from ..circuit.training import training_circuit
from ..errors import InputError
from ..interfaces import Traits


def longest_latency(circuit: Circuit) -> int:
    """The longest latency of a projection, in steps."""
    return max(projection.latency for projection in circuit.projections)


def check_delays(circuit: Circuit, traits: Traits) -> None:
    """Refuse a circuit whose delays are longer than those that a simulator holds.

    Raises
    ------
    InputError
        Names phases, delay and limit, and how many weight matrices there may be.
    """
    limit, needed = traits.longest_delay, longest_latency(circuit) + traits.delay_offset
    if needed <= limit:
        return
    what = f"the circuit {'-'.join(map(str, circuit.units))} has {circuit.schedule.length} phases"
    if circuit.schedule.form:
        what += f" in the {circuit.schedule.form} form"
    raise InputError(
        f"{what} and needs delays of up to {needed} steps, but {traits.simulator} holds at most {limit}"
        + _what_fits(circuit, limit - traits.delay_offset)
    )


def _what_fits(circuit: Circuit, longest: int) -> str:
    """How many weight matrices fit, in words; nothing if their number is not what is wrong."""
    if not circuit.schedule.form:
        return ""
    n, form = circuit.code.n, circuit.schedule.form
    for depth in range(circuit.depth - 1, 0, -1):
        units = (*circuit.units[:depth], circuit.units[-1])
        fewer = training_circuit(units, circuit.parameters, circuit.code, form)
        if longest_latency(fewer) <= longest:
            of_units = "" if n == 1 else f" of units of {n} neurons"
            return f": at most {depth} weight matrices{of_units} fit"
    return ""
