"""A step of neurons without memory on Brian2, without the exponentials that its own integration computes.

Importing this imports Brian2.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from pyNN.brian2.standardmodels.cells import IF_curr_delta

METHODS = ("exact", "euler", "heun")
"""How PyNN has Brian2 integrate: by the first of these that can do it."""

CHANGE = f"int(not_refractory)*({IF_curr_delta.eqs['v'].expr.code})"
"""dv/dt of IF_curr_delta as Brian2 writes it for cells with a refractory time."""


def settle(equations: Any, variables: Any, options: Any = None) -> str:
    """An integration method of Brian2: the code of a step of IF_curr_delta after which nothing is left of v."""
    return "v = v_rest + tau_m * (i_offset + i_inj) / c_m\n"


def choose_method(group: Any) -> None:
    """Before a run, have Brian2 integrate a group by :func:`settle` if that is exact, where PyNN left it the choice.

    Its own method, ``exact``, computes exp(-dt/tau_m) twice for every neuron in every step, also where it is 0: half of
    the time that the compact circuit takes to learn.  The choice is made anew before each run, since tau_m may have
    been changed.

    Parameters
    ----------
    group
        A NeuronGroup.
    """
    updater = group.state_updater
    if updater is not None and updater.method_choice in (METHODS, settle):
        updater.method_choice = settle if _forgets(group) else METHODS


def _forgets(group: Any) -> bool:
    """Whether these are cells of type IF_curr_delta, and exp(-dt/tau_m) is 0 in a double for all of them."""
    # Of cells with synaptic currents these are variables, too; their equation for v reads the same.
    if group.equations.diff_eq_names != {"v"} or group.equations["v"].expr.code != CHANGE:
        return False
    dt, tau_m = (group.variables[name].get_value() for name in ("dt", "tau_m"))
    return not np.exp(-dt / tau_m).any()
