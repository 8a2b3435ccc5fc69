"""Every plot of the report."""

from __future__ import annotations

from collections.abc import Sequence

import matplotlib

from ..groups import Group, by_case, main_groups
from .accuracy_energy import accuracy_and_energy
from .curves import learning_curves
from .energy_delay import energy_delay
from .plot import RC, Plot
from .scaling import scaling
from .spikes import spikes_by_layer
from .time import time_per_sample

_OF_GROUPS = (accuracy_and_energy, time_per_sample, energy_delay, spikes_by_layer)


def all_plots(groups: Sequence[Group]) -> list[Plot]:
    """Every plot that groups of lines have values for."""
    found: list[Plot | None] = []
    with matplotlib.rc_context(RC):
        for case, some in by_case(groups).items():
            found += [draw(group) for group in main_groups(some) for draw in _OF_GROUPS]
            found += [learning_curves(group) for group in some]
            found += scaling(case, [line for group in some for line in group.lines])
    return [plot for plot in found if plot is not None]
