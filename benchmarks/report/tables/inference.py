"""Tables of what inference costs by constants and by SANA-FE, beside what was published, as Markdown."""

from __future__ import annotations

from collections.abc import Sequence

from ...measure.chip_simulator import NAME
from ...measure.energy import estimate
from ...measure.energy_model import models
from ...measure.inference import Inference
from ...rows import INFERENCE
from ..numbers import MILLI, significant, with_prefix
from ..published import LAYER_SIZES, THIS_CIRCUIT, THIS_CIRCUIT_MS
from .markdown import table

CONSTANTS = "loihi-silicon"


def tables(found: Sequence[Inference]) -> str:
    """Energy and time of each network, and where the energy goes.

    Parameters
    ----------
    found : sequence of Inference
        What was measured.

    Returns
    -------
    str
        Markdown.
    """
    return f"{_energies(found)}\n\n{_parts(found)}"


def _energies(found: Sequence[Inference]) -> str:
    published_mJ, published_ms, rows = THIS_CIRCUIT[INFERENCE].mJ, THIS_CIRCUIT_MS[INFERENCE], []
    for one in found:
        constants = estimate(models()[CONSTANTS], one.counts).joule_per_sample
        is_published = one.asked.units == LAYER_SIZES
        joule = one.joule_per_sample
        rows.append(
            [
                one.asked.name,
                str(one.cores),
                with_prefix(constants, "J"),
                with_prefix(joule, "J"),
                significant(joule / constants),
                significant(joule / MILLI / published_mJ, 2) if is_published else "",
                with_prefix(one.seconds, "s"),
                significant(one.seconds / MILLI / published_ms, 2) if is_published else "",
            ]
        )
    head = [
        "",
        "cores",
        f"`{CONSTANTS}`",
        f"`{NAME}`",
        "of the constants",
        f"of the measured {published_mJ} mJ",
        "time",
        f"of the measured {published_ms} ms",
    ]
    return table(head, rows)


def _parts(found: Sequence[Inference]) -> str:
    parts = [part for part in found[0].joule if any(one.joule[part] for one in found)]
    rows = [
        [one.asked.name, str(one.cores), *(with_prefix(one.joule[part], "J") for part in parts), f"{one.spikes:,}"]
        for one in found
    ]
    return table(["", "cores", *parts, f"spikes of {found[0].samples} samples, all equal"], rows)
