"""Why a circuit that learns can't learn on SpiNNaker, in words for messages and reports."""

from __future__ import annotations

REASON = (
    "sPyNNaker has no signed, gated third-factor rule: two spikes of one step change nothing in its pair rules, "
    "weights are magnitudes that can't cross zero, and a reward scales a decaying trace instead of choosing the sign "
    "of a change within a step; docs/spinnaker.md says what a plasticity of its own in C would have to do"
)
