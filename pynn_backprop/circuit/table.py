"""A circuit as text."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .parts import Circuit, Count


def circuit_table(circuit: Circuit) -> str:
    """Phases, populations, projections and totals of a circuit as text."""
    kind = "training" if circuit.schedule.training else "inference"
    sizes = "-".join(map(str, circuit.units))
    if circuit.code.n > 1:
        sizes += f" of {circuit.code.n} neurons each ({circuit.code.dither})"
    lines = [f"{kind} circuit {sizes}, {circuit.schedule.length} phases a cycle", "", "phases"]
    lines += [f"  {phase:2d}  {label}" for phase, label in enumerate(circuit.schedule.labels)]
    lines += ["", f"{'population':<12}{'neurons':>9}  {'role':<15}{'layer':>5}  fires in phase"]
    for p in circuit.populations:
        layer = "" if p.layer is None else p.layer
        lines.append(f"{p.name:<12}{p.size:>9,}  {p.role:<15}{layer:>5}  {', '.join(map(str, p.phases))}")
    lines += ["", f"{'pre':<10}{'post':<10}{'kind':<12}{'synapses':>9}  {'latency':>7}  weight"]
    for q in circuit.projections:
        sign = "-" if q.sign < 0 else ""
        if q.levels:
            weight = f"{q.levels.base:+d} - {q.levels.slope:d} level (step {q.levels.step})"
        else:
            weight = f"{q.weight:+d}" if q.matrix is None else f"{sign}{q.matrix}{'^T' if q.transpose else ''}"
        weight += ", plastic" if q.plastic else ""
        lines.append(f"{q.pre:<10}{q.post:<10}{q.kind:<12}{circuit.synapses(q):>9,}  {q.latency:>7}  {weight}")
    return "\n".join([*lines, "", circuit_totals(circuit.count())])


def circuit_totals(count: Count) -> str:
    """The size of a circuit in words."""
    text = f"{count.neurons:,} neurons, {count.synapses:,} synapses, {count.plastic_synapses:,} of them plastic"
    if count.reinforcement_neurons:
        text += (
            f"; besides {count.reinforcement_neurons} reinforcement neuron with {count.reinforcement_synapses} synapses"
        )
    return text
