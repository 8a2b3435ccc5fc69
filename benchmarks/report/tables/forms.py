"""Tables of what the forms of the circuit take and cost, as Markdown, beside what was published."""

from __future__ import annotations

import math
from collections.abc import Sequence

from ...measure.energy import estimate
from ...measure.energy_model import EnergyModel, models
from ...measure.forms import MEAN, RIGHT, WRONG, Form
from ...measure.model_counts import NEURONS_PER_CORE
from ...rows import TRAINING
from ..numbers import MILLI, significant, with_prefix
from ..published import THIS_CIRCUIT, THIS_CIRCUIT_MS
from .markdown import table


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
    ms = THIS_CIRCUIT_MS[TRAINING]
    rows = [
        [
            form.name,
            *(f"{form.size[name]:,}" for name in ("neurons", "synapses", "plastic", "phases")),
            f"{form.packed['cores']:,}",
            f"{_least_cores(form, ms):,}",
            f"{form.spread['cores']:,}",
            f"{_learning_ms(form):.2f}",
        ]
        for form in forms
    ]
    head = ["", "neurons", "synapses", "plastic", "phases", "cores, packed"]
    head += [
        f"cores to learn in {ms} ms a sample",
        f"cores of {NEURONS_PER_CORE} neurons",
        "ms a sample there",
    ]
    return table(head, rows)


def _least_cores(form: Form, ms: float) -> int:
    """Cores without which the learning engines, one a core, could not visit all plastic synapses in each phase."""
    return math.ceil(form.size["plastic"] * form.size["phases"] * form.spread["ns_per_synapse"] * 1e-6 / ms)


def _learning_ms(form: Form) -> float:
    """What learning takes at least, on cores of as many neurons as the published placement has."""
    return form.spread["us_per_step"] * form.size["phases"] / 1e3


def _counts(forms: Sequence[Form]) -> str:
    names = ("spikes", "synaptic_events", "plastic_updates", "active_updates", "messages")
    rows = []
    for form in forms:
        for kind in (RIGHT, WRONG, MEAN):
            if kind in form.counts:
                numbers = [f"{getattr(form.counts[kind], name):,.0f}" for name in names]
                rows.append([form.name, kind, f"{form.share[kind]:.1%}", *numbers])
    head = ["", "samples", "share", "spikes", "synaptic events", "weight changes", "active neuron updates", "messages"]
    return table(head, rows)


def _energies(forms: Sequence[Form]) -> str:
    first, *others = forms
    published, rows = THIS_CIRCUIT[TRAINING].mJ, []
    same = [form for form in others if form.units == first.units]
    for model in models().values():
        whole = _joule(model, first, MEAN)
        joules = [with_prefix(_joule(model, form, MEAN), "J") for form in forms]
        saved = [f"{1 - _joule(model, form, MEAN) / whole:.0%}" for form in same]
        rows.append([f"`{model.name}`", *joules, *saved, significant(whole / MILLI / published, 2)])
    head = ["estimated by", *(form.name for form in forms), *(f"saved by {form.form}" for form in same)]
    return table([*head, f"{first.form}, of the measured {published} mJ"], rows)


def _kinds(forms: Sequence[Form]) -> str:
    """A model that counts neither spikes nor events makes no difference between samples."""
    columns = [(form, kind) for form in forms for kind in (RIGHT, WRONG) if kind in form.counts]
    rows = [
        [f"`{model.name}`", *(with_prefix(_joule(model, *column), "J") for column in columns)]
        for model in models().values()
        if "synaptic_events" in model.counts
    ]
    return table(["estimated by", *(f"{form.name}, {kind}" for form, kind in columns)], rows)


def _joule(model: EnergyModel, form: Form, kind: str) -> float:
    return estimate(model, form.counts[kind]).joule_per_sample
