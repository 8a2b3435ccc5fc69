"""What a discrete network knows about itself."""

from __future__ import annotations

import numpy as np
from scenarios.loihi import cells, connected

from hardware.lava.translation.network import DiscreteNetwork, Part

NETWORK = DiscreteNetwork(
    n_inputs=4,
    compartments=(cells(2, label="a", threshold=[7, 8]), cells(3, 2, "b", du=300), cells(1, 5, "c", dv=10)),
    synapses=(
        connected([0, 1], [2, 3], [5, 6], [0, 1], label="first"),
        connected([3, 0], [4, 5], [7, 8], [2, 3], from_input=True, label="second"),
    ),
)


def test_values_of_all_compartments():
    assert NETWORK.n_compartments == 6
    assert NETWORK.of_compartments("threshold").tolist() == [7, 8, 100, 100, 100, 100]
    assert NETWORK.of_compartments("du").tolist() == [4095, 4095, 300, 300, 300, 4095]
    assert NETWORK.forgets.tolist() == [1, 1, 0, 0, 0, 0]


def test_values_of_all_synapses():
    assert NETWORK.of_synapses("post").tolist() == [2, 3, 4, 5]
    assert NETWORK.of_synapses("weight").tolist() == [5, 6, 7, 8]
    assert NETWORK.sources.tolist() == [0, 1, 6 + 3, 6 + 0]
    assert [synapses.where for synapses in NETWORK.synapses] == ["projection 'first'", "projection 'second'"]


def test_populations_are_the_parts_or_else_the_groups():
    assert NETWORK.populations == (Part("a", 0, 2), Part("b", 2, 3), Part("c", 5, 1))
    parts = (Part("x", 0, 1), Part("y", 1, 5, 10))
    named = DiscreteNetwork(4, NETWORK.compartments, (), parts)
    assert named.populations == parts
    assert [named.name_of(k) for k in (0, 1, 5, 6)] == ["x[0]", "y[10]", "y[14]", "compartment 6"]


def test_nothing_has_no_values():
    nothing = DiscreteNetwork(0, (), ())
    arrays = (nothing.of_compartments("du"), nothing.of_synapses("post"), nothing.sources)
    assert all(array.tolist() == [] and array.dtype == np.int64 for array in arrays)
    assert (nothing.populations, nothing.forgets.tolist()) == ((), [])
