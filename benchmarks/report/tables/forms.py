"""Tables of what the forms of the circuit take and cost, as Markdown, beside what was published."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ...measure.energy import estimate
from ...measure.energy_model import EnergyModel, models
from ...measure.forms import MEAN, RIGHT, WRONG, Form
from ...rows import TRAINING
from ..numbers import significant, with_prefix
from ..published import THIS_CIRCUIT

PUBLISHED_CORES = 81
"""Of 128 (Renner et al., Nature Communications 15:9691, 2024)."""


def tables(forms: Sequence[Form]) -> str:
    """All tables: size and cores, counts of a sample, energy of a sample by each model.

    Parameters
    ----------
    forms : sequence of Form
        The first one is that which the others are compared with.

    Returns
    -------
    str
        Markdown.
    """
    return "\n\n".join([_sizes(forms), _counts(forms), _energies(forms), _kinds(forms)])


def _sizes(forms: Sequence[Form]) -> str:
    rows = [
        [
            form.name,
            *(f"{form.size[name]:,}" for name in ("neurons", "synapses", "plastic", "phases")),
            f"{form.packed['cores']:,}",
            f"{form.packed['us_per_step'] * form.size['phases'] / 1e3:.1f}",
            f"{form.spread['cores']:,}",
            f"{form.spread['us_per_step'] * form.size['phases'] / 1e3:.2f}",
        ]
        for form in forms
    ]
    published = THIS_CIRCUIT[TRAINING]
    rows.append(["published, on a chip", "3,282", "517,203", "500,000", "12", "", "", f"{PUBLISHED_CORES}", f"{published.ms}"])
    return _table(
        ["", "neurons", "synapses", "plastic", "phases", "cores, packed", "ms of learning", "cores, 41 neurons each", "ms of learning"],
        rows,
    )


def _counts(forms: Sequence[Form]) -> str:
    names = ("spikes", "synaptic_events", "plastic_updates", "active_updates", "messages")
    rows = []
    for form in forms:
        for kind in (RIGHT, WRONG, MEAN):
            if kind in form.counts:
                numbers = [f"{getattr(form.counts[kind], name):,.0f}" for name in names]
                rows.append([form.name, kind, f"{form.share[kind]:.1%}", *numbers])
    head = ["", "samples", "share", "spikes", "synaptic events", "weight changes", "active neuron updates", "messages"]
    return _table(head, rows)


def _energies(forms: Sequence[Form]) -> str:
    first, *others = forms
    rows = []
    for model in models().values():
        joules = [_joule(model, form, MEAN) for form in forms]
        same = [form for form in others if form.units == first.units]
        saved = [f"{1 - _joule(model, form, MEAN) / joules[0]:.0%}" for form in same]
        measured = THIS_CIRCUIT[TRAINING].mJ * 1e-3
        rows.append(
            [f"`{model.name}`", *(with_prefix(joule, "J") for joule in joules), *saved, significant(joules[0] / measured, 2)]
        )
    head = ["estimated by", *(form.name for form in forms)]
    head += [f"saved by {form.form}" for form in others if form.units == first.units]
    return _table([*head, f"{first.form}, of the measured {THIS_CIRCUIT[TRAINING].mJ} mJ"], rows)


def _kinds(forms: Sequence[Form]) -> str:
    rows = [
        [f"`{model.name}`", *(with_prefix(_joule(model, form, kind), "J") for form in forms for kind in (RIGHT, WRONG))]
        for model in models().values()
    ]
    return _table(["estimated by", *(f"{form.name}, {kind}" for form in forms for kind in (RIGHT, WRONG))], rows)


def _joule(model: EnergyModel, form: Form, kind: str) -> float:
    return estimate(model, form.counts[kind]).joule_per_sample


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] + ["---:"] * (len(head) - 1), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
