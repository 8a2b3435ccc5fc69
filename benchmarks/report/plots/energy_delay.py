"""Energy x time of a sample."""

from __future__ import annotations

from ...rows import TRAINING
from ..groups import Group
from ..numbers import with_prefix
from ..published import CASE as PUBLISHED_CASE
from ..published import PUBLISHED, TABLE
from .dots import Dot, dot_plot, spoken
from .plot import Plot, tick


def energy_delay(group: Group) -> Plot | None:
    """Energy x time of a training sample; None if no energy of a run is known."""
    rows: dict[str, list[Dot]] = {}
    for line in group.lines:
        product, energy = line.joule_seconds(TRAINING), line.metered(TRAINING)
        if product and energy is not None:
            rows[line.name] = [Dot(TRAINING, energy.kind, product, product, product)]
    if not rows:
        return None
    with_others = group.whole and group.case == PUBLISHED_CASE
    if with_others:
        for row in TABLE:
            if row.of == TRAINING and row.joule_seconds is not None:
                value = row.joule_seconds
                rows[f"{row.hardware}, {row.publication}"] = [Dot(TRAINING, PUBLISHED, value, value, value)]
    caption = (
        f"Energy-delay product of a training sample: {group.title}; the lower, the better. Circles: energy "
        "of the run × its wall time, filled where a meter measured the energy, open where it is processor time × a "
        "declared power. Energy models have no time, so they are not in it."
    )
    if with_others:
        caption += " Diamonds: published by others, not measured here."
    return Plot(
        f"energy-delay-{group.name}",
        group.case,
        dot_plot(rows, "energy × time of a training sample", lambda value: tick(value, "J s")),
        caption,
        spoken(rows, lambda value: with_prefix(value, "J s")),
    )
