"""How many levels suit data of which nothing is known but the number of features."""

from __future__ import annotations

WANTED_INPUTS = 200
"""About as many input neurons suit small data sets: the 8 x 8 digits have 192."""

MOST_LEVELS = 16
"""Beyond this many levels a value is told no better: the next ones differ in less than the data mostly do."""


def suitable_levels(n_features: int) -> int:
    """Levels for each of so many features that give about :data:`WANTED_INPUTS` input neurons."""
    return min(max(round(WANTED_INPUTS / n_features), 1), MOST_LEVELS)
