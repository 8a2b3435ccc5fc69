"""Numbers as text, and several of them as a median and a range."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import dataclass

PICO, NANO, MICRO, MILLI, KILO = 1e-12, 1e-9, 1e-6, 1e-3, 1e3

_PREFIXES = ((PICO, "p"), (NANO, "n"), (MICRO, "µ"), (MILLI, "m"), (1.0, ""), (KILO, "k"))


@dataclass(frozen=True)
class Spread:
    """Median of some values, and the least and greatest of them."""

    median: float
    low: float
    high: float
    count: int


def spread(values: Sequence[float]) -> Spread | None:
    """Median, least and greatest; None if there are no values."""
    if not values:
        return None
    return Spread(float(statistics.median(values)), float(min(values)), float(max(values)), len(values))


def significant(value: float, digits: int = 3) -> str:
    """A number with so many significant digits, and commas between thousands; whole if it is large."""
    if value == 0:
        return "0"
    rounded = float(f"{value:.{digits - 1}e}")
    if abs(rounded) >= 10 ** (digits - 1):
        return f"{value:,.0f}"
    decimals = digits - 1 - int(f"{rounded:e}".partition("e")[2])
    return f"{rounded:.{decimals}f}"


def with_prefix(value: float, unit: str) -> str:
    """A quantity with the prefix that leaves 1 to 999 before the point, for example ``14.7 µJ``."""
    fitting = [pair for pair in _PREFIXES if abs(value) >= pair[0] * 0.9995]
    size, prefix = fitting[-1] if fitting else _PREFIXES[0]
    return f"{significant(value / size)} {prefix}{unit}"


def spread_text(found: Spread | None) -> tuple[str, str]:
    """Median, and the range where there is one, as two texts; a dash and nothing if there is no value."""
    if found is None:
        return "–", ""
    low, high = significant(found.low), significant(found.high)
    return significant(found.median), f"{low} to {high}" if low != high else ""


def percent_text(found: Spread | None) -> tuple[str, str]:
    """The same for a share, in per cent."""
    if found is None:
        return "–", ""
    low, high = f"{found.low:.1%}", f"{found.high:.1%}"
    return f"{found.median:.1%}", f"{low} to {high}" if low != high else ""
