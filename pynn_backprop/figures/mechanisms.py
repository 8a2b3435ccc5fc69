"""The figures of single mechanisms: what the circuits that learn are made of, each by itself."""

from __future__ import annotations

from types import MappingProxyType

from . import decision, gating, hebbian, memory, prediction, product, synaptic_copy, transfer

MECHANISMS = MappingProxyType(
    {each.NAME: each for each in (decision, prediction, synaptic_copy, hebbian, product, memory, transfer, gating)}
)
"""By their names."""

LEARNING = (prediction.NAME,)
"""Those whose circuit is one of the circuits that learn, in a form that can be chosen."""
