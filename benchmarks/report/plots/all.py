"""Every plot of the report."""

from __future__ import annotations

from collections.abc import Sequence

import matplotlib

from ..summary import Line, by_case, main_size
from .accuracy_energy import accuracy_and_energy
from .energy_delay import energy_delay
from .plot import RC, Plot
from .scaling import scaling
from .spikes import spikes_by_layer
from .time import time_per_sample


def all_plots(lines: Sequence[Line]) -> list[Plot]:
    """Every plot that the lines have values for."""
    found: list[Plot | None] = []
    with matplotlib.rc_context(RC):
        for case, group in by_case(lines).items():
            main = main_size(group)
            found += [
                draw(case, main) for draw in (accuracy_and_energy, time_per_sample, energy_delay, spikes_by_layer)
            ]
            found.append(scaling(case, group))
    return [plot for plot in found if plot is not None]
