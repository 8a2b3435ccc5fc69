"""What a reader wants to know first: how accurate, how fast, how much energy, and whether all are equal."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ..rows import INFERENCE, MEASURED, TRAINING, platform_in
from .groups import Group, main_groups
from .numbers import significant, with_prefix
from .published import CASE, LAYER_SIZES, THIS_CIRCUIT
from .summary import Line
from .tables.results import MODEL


@dataclass(frozen=True)
class Glance:
    """A question and its answer.

    Parameters
    ----------
    question : str
        What the reader asks.
    answer : str
        A number or a word.
    detail : str
        Of what it is, in a sentence or two.
    """

    question: str
    answer: str
    detail: str


def glances(groups: Sequence[Group]) -> list[Glance]:
    """The first four answers, those that the results have."""
    if not groups:
        return []
    group = headline(groups)
    found = [_accuracy(group), _speed(group), _energy(group), _equality(groups)]
    return [one for one in found if one is not None]


def headline(groups: Sequence[Group]) -> Group:
    """The group that is told of first: a whole training of the published case if there is one, else the largest."""
    chosen = main_groups(groups) or list(groups)
    return max(chosen, key=lambda group: (group.whole, group.case == CASE, len(group.lines)))


def circuits(group: Group) -> list[Line]:
    """The lines that follow the rule; not the peers."""
    return [line for line in group.lines if line.equal is not None]


def _accuracy(group: Group) -> Glance | None:
    ours = [line.accuracy for line in circuits(group) if line.accuracy]
    peers = [line for line in group.lines if line.equal is None and line.accuracy]
    if not ours:
        return None
    best = max(ours, key=lambda one: one.median)
    seeds = f" ({best.low:.1%} to {best.high:.1%} with {best.count} seeds)" if best.count > 1 else ""
    others = "; ".join(f"{line.name} {line.accuracy.median:.1%}" for line in peers if line.accuracy)
    detail = f"of the test samples right{seeds}: {group.title}" + (f". After the same: {others}" if others else "")
    if group.whole and group.case == CASE and tuple(group.first["layer_sizes"]) == LAYER_SIZES:
        detail += f". Published, on Loihi: {THIS_CIRCUIT[TRAINING].accuracy:.1%}"
    return Glance("How accurate?", f"{best.median:.1%}", detail + ".")


def _speed(group: Group) -> Glance | None:
    timed = [(time.median, line) for line in circuits(group) if (time := line.ms_per_sample(TRAINING))]
    simulated = [pair for pair in timed if pair[1].first["platform"] != "reference"] or timed
    if not simulated:
        return None
    ms, fastest = min(simulated, key=lambda pair: pair[0])
    each: dict[str, float] = {}
    for other, line in sorted(timed, key=lambda pair: pair[0]):
        if line.first["threads"] == fastest.first["threads"]:
            each.setdefault(platform_in(line.first), other)
    ours = platform_in(fastest.first)
    others = [f"{name} {significant(other)}" for name, other in each.items() if name != ours]
    test = fastest.ms_per_sample(INFERENCE)
    detail = f"a training sample on {ours}" + (f", {significant(test.median)} ms a test sample" if test else "")
    detail += f". Others, each at its fastest, in ms: {', '.join(others)}" if others else ""
    return Glance("How fast?", f"{significant(ms)} ms", detail + ".")


def _energy(group: Group) -> Glance | None:
    metered = [
        (energy.joule, energy, line)
        for line in circuits(group)
        if (energy := line.metered(TRAINING)) and energy.kind == MEASURED
    ]
    modelled = [
        energy for line in circuits(group) for energy in line.energies if energy.model and energy.of == TRAINING
    ]
    by_model = [energy.joule for energy in modelled if energy.by == MODEL]
    if metered:
        joule, energy, line = min(metered, key=lambda one: one[0])
        return Glance(
            "How much energy?", with_prefix(joule, "J"), f"a training sample on {line.name}, measured by {energy.by}."
        )
    if not by_model:
        return None
    published = THIS_CIRCUIT[TRAINING].mJ
    known = group.case == CASE and tuple(group.first["layer_sizes"]) == LAYER_SIZES
    beside = f"; measured on a chip and published: {published:g} mJ" if known else ""
    detail = f"a training sample, estimated for Loihi by {MODEL}{beside}. No energy was measured here."
    return Glance("How much energy?", with_prefix(min(by_model), "J"), detail)


def _equality(groups: Sequence[Group]) -> Glance | None:
    asked = [line for group in groups for line in circuits(group)]
    differing = [f"{line.name} ({line.case} {line.sizes})" for line in asked if line.equal is False]
    rows = sum(len(line.rows) for line in asked)
    if not asked:
        return None
    if differing:
        return Glance("All equal?", "no", f"these differ from the integer rule: {'; '.join(differing)}.")
    names = ", ".join(dict.fromkeys(line.first["platform"] for line in asked))
    return Glance(
        "All equal?", "yes", f"all {rows} runs of the circuit ended with the rule's weights and answers, on {names}."
    )
