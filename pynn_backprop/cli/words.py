"""Words that several commands use."""

from __future__ import annotations

from ..simulation.backends import SIMULATORS


def simulators() -> str:
    """Which simulators there are."""
    # pynn_backprop.platforms has a name for it, but is slow to import.
    return f"{', '.join([*SIMULATORS, 'reference'])}, or the dotted path of a PyNN module"
