r"""The reinforced Hebbian rule as a rule of Loihi's learning engine.

Let x0, y0 say that the presynaptic and the postsynaptic neuron fire, and r that the reinforcement neuron does.  The
rule :math:`\Delta w = \pm\eta`, clipped to :math:`\pm w_{max}`, is a sum of products

.. math::

    \Delta w = x_0 y_0\, \eta \,\bigl(r\,[w < w_{max}] - (1 - r)\,[w > -w_{max}]\bigr), \qquad
    [w < w_{max}] = -\operatorname{sgn}(w - w_{max}), \quad [w > -w_{max}] = \operatorname{sgn}(w + w_{max})

which is exact as long as the steps of :math:`\eta` meet both bounds.

Why the bounds are in the rule
    Without them Lava stops where its numbers end.  For :math:`\eta = 2` the rule 4 x0 y0 y1 - 2 x0 y0 goes down to
    -256; above, the accumulator saturates just below 256 after the first product, and what the second leaves of it is
    rounded at random to 253 or 254.  Neither is :math:`\pm w_{max}`.

Why the trace y1 has an impulse of 63
    A product has four bits for its factor, seven for a trace and nine for a sign; what goes beyond the accumulator's
    fifteen is shifted out, six bits here.  The postsynaptic spike adds 63 to y1, the reinforcement neuron 1: the shift
    leaves 1 of 64 and 0 of 63, for a factor of 1 and a sign of 1.  So :math:`\eta` is a sum of powers of two.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from lava.magma.core.learning.learning_rule import Loihi3FLearningRule

from pynn_backprop.errors import PlatformError

from ..translation.network import Rule

POST_IMPULSE = 63
NO_DECAY = 2**60
"""Time constant of y1: Lava decays the trace before it is used, and rounds at random what is not a whole number."""

SEED = 1
"""Nothing is rounded at random here, but without a seed Lava draws one."""


def changes(eta: int, w_max: int) -> str:
    """The rule's products in Lava's notation."""
    return " ".join(
        f"- 2^{bit}*x0*y0*y1*sgn(w-{w_max}) - 2^{bit}*x0*y0*sgn(w+{w_max}) + 2^{bit}*x0*y0*y1*sgn(w+{w_max})"
        for bit in range(eta.bit_length())
        if eta >> bit & 1
    )


def learning_rule(rule: Rule) -> Any:
    """Lava's rule object: reward is expected as 0 or 1 in y1, of shape (n_post,)."""
    made = Loihi3FLearningRule(dw=changes(rule.eta, rule.w_max), t_epoch=1, rng_seed=SEED)
    made.y1_tau, made.y1_impulse = NO_DECAY, POST_IMPULSE
    return made


def check_bounds(label: str, weight: np.ndarray, rule: Rule) -> None:
    """Refuse weights from which steps of eta would pass a bound instead of meeting it.

    Raises
    ------
    PlatformError
        Names the weight; the fast engine clips such a step.
    """
    if not rule.eta:
        return
    misses = ((rule.w_max - weight) % rule.eta != 0) | ((rule.w_max + weight) % rule.eta != 0)
    wrong = weight[misses | (np.abs(weight) > rule.w_max)]
    if len(wrong):
        raise PlatformError(
            f"{label}: from the weight {wrong[0]} steps of eta = {rule.eta} don't meet the bounds -{rule.w_max} and "
            f"{rule.w_max}, and a rule of stock Lava can't clip a step to a part of it; use the engine 'fast'"
        )
