"""What a core or sPyNNaker would do wrong without a word is refused before."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from spinnaker_networks import connections, description, network

from hardware.integers import Grid
from hardware.report import ERROR, WARNING
from hardware.spinnaker.chip.validate import findings, validate
from hardware.spinnaker.translation.discretize import discretize
from pynn_backprop.errors import InputError

REFUSED = {
    "R not 1": (
        network(tau_m=0.0625, cm=0.125),
        r"R = tau_m / cm is 0.5 but must be 1, since a weight acts as w tau_m / cm",
    ),
    "memory": (network(tau_m=20.0, cm=20.0), r"what a step leaves of the potential is 0.951233 but must be 0"),
    "mixed signs": (
        network(connections([5.0, -3.0])),
        r"the weight is -3 at \[1\] but must be at least 0: of an excitatory one a core takes the magnitude",
    ),
    "mixed signs, inhibitory": (
        network(connections([-5.0, 3.0], receptor="inhibitory")),
        r"the weight is 3 at \[1\] but",
    ),
    "masked": (network(connections([65535.0, 65536.0])), r"the stored weight is 65,536 at \[1\] but must be .* 65,535"),
    "shift": (
        discretize(description(connections(np.full(3, 30000.0), targets=np.zeros(3, int)), summed_weight=None)).network,
        r"the shift of the excitatory ring buffer is 17 but must be at most 15, or weights are rounded to multiples",
    ),
    "wrapping inhibition": (
        network(connections([-60000.0], receptor="inhibitory"), v_rest=-8192.0, v_reset=-8192.0),
        r"the potential is up to -68,192.0 by inhibition but must be within -65536 and 65536: beyond, a core wraps it",
    ),
    "wrapping excitation": (network(connections([60000.0]), v_rest=8192.0), r"up to 68,192.0 by excitation"),
    "no delay": (network(connections(delay=0.0)), r"the delay in steps is 0 .*but must be a whole number from 1 to"),
    "long delay": (network(connections(delay=20_000.0)), r"the delay in steps is 20,000 .*but must be"),
    "long row": (
        network(connections(np.ones(257), sources=np.zeros(257, int), targets=np.zeros(257, int))),
        r"the number of synapses from one neuron to one core is 257 but must be at most 256, what a row holds",
    ),
    "threshold": (network(v_thresh=70_000.0), r"the threshold, in 32768ths is 2,293,760,000 but must be"),
    "reset": (network(v_reset=9.5, tau_refrac=2.0), r"v_reset is 9.5 but must be below the threshold"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_would_go_wrong_without_a_word_is_refused(name):
    wrong, said = REFUSED[name]
    with pytest.raises(InputError, match=rf"SpiNNaker can represent:\n.*{said}"):
        validate(wrong)


def test_what_is_right_is_accepted_at_the_edge():
    edge = network(connections([65535.0, 1.0]), v_rest=0.0, v_thresh=65535.5)
    assert validate(edge) == ()
    assert validate(network(connections([-57344.0], receptor="inhibitory"), v_rest=-8192.0)) == ()
    assert validate(network(v_reset=9.5)) == ()  # it is compared again in refractory steps only


def test_a_full_ring_buffer_is_warned_of():
    full = network(connections([60000.0, 6000.0], targets=np.zeros(2, int)))
    (warning,) = validate(full)
    assert warning.level == WARNING
    assert str(warning) == (
        "population 'cells': excitatory input of a step is up to 66,000 if all presynaptic neurons fire but a ring "
        "buffer ends at 65,535"
    )


def test_what_comes_in_different_steps_is_not_added_up():
    there = description(
        connections([40000.0], 1.0),
        replace(connections([40000.0], 2.0), label="later"),
        connections([40000.0], 4.0, label="x"),
    )
    once = replace(there, cycle=3, populations=(replace(there.populations[0], phases=(0,)), there.populations[1]))
    assert [finding.value for finding in findings(discretize(there).network)] == [
        "up to 120,000 if all presynaptic neurons fire"
    ]
    assert [finding.value for finding in findings(discretize(once).network)] == [
        "up to 80,000 if all presynaptic neurons fire"
    ]


def test_errors_come_first_and_hide_the_sums():
    both = discretize(description(connections([60000.0, 60000.0, -1.0], targets=np.zeros(3, int))), Grid(1.0)).network
    assert [finding.level for finding in findings(both)] == [ERROR]
