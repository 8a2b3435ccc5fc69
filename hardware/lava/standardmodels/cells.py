"""Cell types; :mod:`hardware.lava.translation.neurons` says how they become compartments, and what is refused."""

from __future__ import annotations

from pyNN.standardmodels import build_translations, cells

_LEAKY = tuple((name, name) for name in ("v_rest", "v_reset", "v_thresh", "tau_m", "tau_refrac", "cm", "i_offset"))


class IF_curr_delta(cells.IF_curr_delta):
    """PyNN's leaky integrate-and-fire cell to which a spike adds its weight at once.

    On Loihi `tau_refrac` must be 0.  With `tau_m` below a ninth of the timestep the cell is memoryless: it fires if the
    input of one step is above the threshold, and every threshold is held exactly.
    """

    translations = build_translations(*_LEAKY)
    injectable = False


class IF_curr_exp(cells.IF_curr_exp):
    """PyNN's leaky integrate-and-fire cell with synaptic currents that decay exponentially.

    On Loihi `tau_refrac` must be 0 and `tau_syn_I` equal to `tau_syn_E`.
    """

    translations = build_translations(*_LEAKY, ("tau_syn_E", "tau_syn_E"), ("tau_syn_I", "tau_syn_I"))
    recordable = ("spikes", "v")
    injectable = False


class SpikeSourceArray(cells.SpikeSourceArray):
    """PyNN's source of spikes at given times, of which one neuron has at most one in a step."""

    translations = build_translations(("spike_times", "spike_times"))
