"""Arrays that do not fit together are refused before anything relies on them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from scenarios.loihi import cells, connected, ints, of_cells

from hardware.lava.chip.consistency import broken
from hardware.lava.chip.validate import findings
from hardware.lava.translation.network import DiscreteNetwork, Part, Rule
from hardware.report import ERROR


def network(**changes: Any) -> DiscreteNetwork:
    """Inputs 0 and 1 to compartments 0, 1 and 2 of four."""
    values = {"pre": ints(0, 1, 0), "post": ints(0, 1, 2), "label": "p", "from_input": True}
    return of_cells(4, connected(**(values | changes)), n_inputs=2)


def reshaped(name: str, values: np.ndarray) -> DiscreteNetwork:
    (synapses,) = network().synapses
    return replace(network(), synapses=(replace(synapses, **{name: values}),))


def grouped(*groups: Any, parts: tuple[Part, ...] = ()) -> DiscreteNetwork:
    return DiscreteNetwork(0, groups, (), parts)


P, G = "projection 'p': ", "group 'cells': "
BROKEN = {
    "short pre": (
        reshaped("pre", ints(0, 1)),
        [f"{P}pre is int64 of shape (2,) but must be integers of shape (3,)"],
    ),
    "short weights": (
        reshaped("weight", ints(1, 2)),
        [f"{P}weight is int64 of shape (2,) but must be integers of shape (3,)"],
    ),
    "broken delays": (
        reshaped("delay", np.array([1.0, 2, 3])),
        [f"{P}delay is float64 of shape (3,) but must be integers of shape (3,)"],
    ),
    "wide posts": (
        reshaped("post", np.ones((3, 2))),
        [f"{P}post is float64 of shape (3, 2) but must be integers of shape (3,)"],
    ),
    "no such input": (
        network(pre=ints(0, 2, 0)),
        [f"{P}pre is 2 at [1] but must be a whole number from 0 to 1"],
    ),
    "no such presynaptic compartment": (
        network(pre=ints(0, 4, -1), from_input=False),
        [f"{P}pre is 4 at [1] and wrong 2 times of 3, from -1 to 4, but must be a whole number from 0 to 3"],
    ),
    "no such compartment": (
        network(post=ints(0, 1, 4)),
        [f"{P}post is 4 at [2] but must be a whole number from 0 to 3"],
    ),
    "no such teacher": (
        network(rule=Rule(4, 2, 254)),
        [f"{P}the reinforcement is compartment 4 but must be a whole number from 0 to 3"],
    ),
    "short thresholds": (
        grouped(cells(4, threshold=ints(1))),
        [f"{G}threshold is int64 of shape (1,) but must be integers of shape (4,)"],
    ),
    "broken biases": (
        grouped(cells(2, bias_mantissa=np.zeros(2))),
        [f"{G}bias_mantissa is float64 of shape (2,) but must be integers of shape (2,)"],
    ),
    "bool exponents": (
        grouped(cells(2, bias_exponent=np.zeros(2, bool))),
        [f"{G}bias_exponent is bool of shape (2,) but must be integers of shape (2,)"],
    ),
    "a late start": (
        grouped(cells(4, 1)),
        [
            f"{G}the place is 4 compartments from 1 on but must be 1 or more from 0 on",
            "last group: the end is compartment 5 but must be compartment 4",
        ],
    ),
    "a gap": (
        grouped(cells(2), cells(2, 3, "b"), cells(2, 5, "c")),
        [
            "group 'b': the place is 2 compartments from 3 on but must be 1 or more from 2 on",
            "last group: the end is compartment 7 but must be compartment 6",
        ],
    ),
    "a group of none": (
        grouped(cells(0), cells(1, label="b")),
        [f"{G}the place is 0 compartments from 0 on but must be 1 or more from 0 on"],
    ),
    "a missing part": (
        grouped(cells(4), parts=(Part("a", 0, 3),)),
        ["last population: the end is compartment 3 but must be compartment 4"],
    ),
    "parts that overlap": (
        grouped(cells(4), parts=(Part("a", 0, 3), Part("b", 2, 2))),
        ["population 'b': the place is 2 compartments from 2 on but must be 1 or more from 3 on"],
    ),
}


@pytest.mark.parametrize(("wrong", "messages"), BROKEN.values(), ids=BROKEN)
def test_arrays_that_do_not_fit_together_are_refused(wrong, messages):
    found = list(broken(wrong))
    assert [str(finding) for finding in found] == messages
    assert {finding.level for finding in found} == {ERROR}
    assert list(findings(wrong)) == found


FITTING = {
    "inputs": network(),
    "compartments": network(pre=ints(0, 3, 2), from_input=False),
    "the first teacher": network(rule=Rule(0, 2, 254)),
    "the last teacher": network(rule=Rule(3, 2, 254)),
    "unsigned integers": reshaped("weight", np.zeros(3, np.uint8)),
    "no synapses": of_cells(4),
    "parts": grouped(cells(4), parts=(Part("a", 0, 3), Part("b", 3, 1))),
    "nothing": DiscreteNetwork(0, (), ()),
}


@pytest.mark.parametrize("fitting", FITTING.values(), ids=FITTING)
def test_arrays_that_fit_together_are_accepted(fitting):
    assert list(broken(fitting)) == []
