r"""The reinforced Hebbian synapse, as a PyNN synapse type.

Let pre, post and r be the presynaptic, the postsynaptic and the reinforcement neuron.  When pre fires at step t, the
weight :math:`w` is transmitted as it is, and then, if post fires at t as well,

.. math::

    w \leftarrow \operatorname{clip}(w + \eta\,(2 r(t) - 1),\; -w_{max},\; w_{max})

where :math:`r(t)` is 1 if the reinforcement neuron fires at t and 0 otherwise.  A feed-forward pass never meets the
condition, since post fires one step after pre; only phases in which both are made to fire together learn.

Each simulator has its own type, derived from :class:`ReinforcedHebbianSynapse`, with its translations; take it from a
session of its backend: :meth:`pynn_backprop.interfaces.Session.hebbian_synapse`.
"""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np
from pyNN.standardmodels import StandardSynapseType

from ..errors import InputError


class ReinforcedHebbianSynapse(StandardSynapseType):
    """Base of the simulators' reinforced Hebbian synapses.

    Every synapse type keeps its own `reinforcement`, `eta` and `w_max`, also beside others in one network.

    Parameters
    ----------
    reinforcement
        The PyNN Population, or view of one, with the one reinforcement neuron.
    weight
        Initial weight: a number, or an array of shape (n_pre, n_post), in mV (the unit of IF_curr_delta).
    delay
        One time step in ms; the rule compares spikes of the same step.
    eta
        Weight change per coincidence, in mV; one number for all synapses.
    w_max
        Weights are clipped to [-w_max, w_max], in mV; one number for all synapses.
    """

    default_parameters: ClassVar[dict[str, Any]] = {"weight": 0.0, "delay": None, "eta": 2.0, "w_max": 254.0}
    # PyNN's own check would refuse a matrix that holds weights of both signs.
    parameter_checks: ClassVar[dict[str, Any]] = {}

    def __init__(self, reinforcement: Any, **parameters: Any) -> None:
        if getattr(reinforcement, "size", None) != 1:
            raise InputError(f"reinforcement is {reinforcement!r} but must be a Population of one neuron")
        super().__init__(**parameters)
        self.reinforcement = reinforcement

    def number(self, name: str) -> float:
        """The value of `eta` or `w_max`.

        Raises
        ------
        InputError
            If it is not the same for all synapses.
        """
        value = self.parameter_space[name].base_value
        if np.ndim(value) or np.asarray(value).dtype.kind not in "iuf":
            raise InputError(f"{name} is {value!r} but must be one number for all synapses of a projection")
        return float(value)
