"""Words that several commands use."""

from __future__ import annotations

from ..simulation.backends import registry


def simulators() -> str:
    """Which simulators there are."""
    # pynn_backprop.platforms has a name for it, but is slow to import.
    names = *registry.simulators(), *registry.machines(), "reference"
    return f"{', '.join(names)}, or the dotted path of a PyNN module"
