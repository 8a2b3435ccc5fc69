"""Cell types; :mod:`hardware.lava.translation.neurons` says how they become compartments, and what is refused."""

from __future__ import annotations

from typing import ClassVar

from pyNN.standardmodels import build_translations, cells

from ..translation.receptors import ALPHA, DELTA, EXCITATORY, EXPONENTIAL, INHIBITORY

_LEAKY = ("v_rest", "v_reset", "v_thresh", "tau_m", "tau_refrac", "cm", "i_offset")
_CURRENTS = (*_LEAKY, "tau_syn_E", "tau_syn_I")
_CONDUCTANCES = (*_CURRENTS, "e_rev_E", "e_rev_I")


def _same(names: tuple[str, ...]) -> dict[str, dict[str, object]]:
    """PyNN's translations of parameters that keep their names and units."""
    translations: dict[str, dict[str, object]] = build_translations(*((name, name) for name in names))
    return translations


class OnChip:
    """What is known of a cell type that becomes compartments.

    Attributes
    ----------
    current_shape
        Of its synaptic current; see :mod:`hardware.lava.translation.receptors`.
    currents
        What can be recorded of its receptors, and whose it is.
    replaces
        What it is in place of what it says, in words, if it is a substitute.
    """

    current_shape: ClassVar[str] = DELTA
    currents: ClassVar[dict[str, str]] = {}
    replaces: ClassVar[str] = ""


_OF_CURRENTS = {"isyn_exc": EXCITATORY, "isyn_inh": INHIBITORY}
_OF_CONDUCTANCES = {"gsyn_exc": EXCITATORY, "gsyn_inh": INHIBITORY}


class IF_curr_delta(OnChip, cells.IF_curr_delta):
    """PyNN's leaky integrate-and-fire cell to which a spike adds its weight at once.

    With `tau_m` below a ninth of the timestep the cell is memoryless: it fires if the input of one step is above the
    threshold, and every threshold is held exactly.
    """

    translations = _same(_LEAKY)


class IF_curr_exp(OnChip, cells.IF_curr_exp):
    """PyNN's leaky integrate-and-fire cell with synaptic currents that decay exponentially.

    Where `tau_syn_E` and `tau_syn_I` differ, and where the currents are recorded, it takes more than one compartment.
    """

    translations = _same(_CURRENTS)
    recordable = ("spikes", "v", *_OF_CURRENTS)
    current_shape = EXPONENTIAL
    currents = _OF_CURRENTS


class IF_curr_alpha(OnChip, cells.IF_curr_alpha):
    """PyNN's leaky integrate-and-fire cell with synaptic currents that rise and fall: two or three compartments."""

    translations = _same(_CURRENTS)
    recordable = ("spikes", "v", *_OF_CURRENTS)
    current_shape = ALPHA
    currents = _OF_CURRENTS


class IF_cond_exp(OnChip, cells.IF_cond_exp):
    """In place of PyNN's cell with conductances, after ``setup(substitute=True)``: IF_curr_exp.

    A weight in uS is the current that it would let through at the resting potential, e_rev - v_rest.
    """

    translations = _same(_CONDUCTANCES)
    current_shape = EXPONENTIAL
    currents = _OF_CONDUCTANCES
    replaces = "IF_curr_exp, with weights times e_rev - v_rest"


class IF_cond_alpha(OnChip, cells.IF_cond_alpha):
    """In place of PyNN's cell with conductances, after ``setup(substitute=True)``: IF_curr_alpha; see IF_cond_exp."""

    translations = _same(_CONDUCTANCES)
    current_shape = ALPHA
    currents = _OF_CONDUCTANCES
    replaces = "IF_curr_alpha, with weights times e_rev - v_rest"


class SpikeSourceArray(cells.SpikeSourceArray):
    """PyNN's source of spikes at given times, of which one neuron has at most one in a step."""

    translations = _same(("spike_times",))


class SpikeSourcePoisson(cells.SpikeSourcePoisson):
    """PyNN's Poisson process, drawn on the host: in each step a neuron fires with the probability rate x timestep."""

    translations = _same(("rate", "start", "duration"))


class SpikeSourcePoissonRefractory(cells.SpikeSourcePoissonRefractory):
    """PyNN's Poisson process with dead time, drawn on the host."""

    translations = _same(("rate", "tau_refrac", "start", "duration"))


class SpikeSourceGamma(cells.SpikeSourceGamma):
    """PyNN's gamma process, drawn on the host."""

    translations = _same(("alpha", "beta", "start", "duration"))
