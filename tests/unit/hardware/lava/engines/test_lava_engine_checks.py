"""What an engine refuses before compiled code relies on it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scenarios.loihi import cells, connected, ints

from hardware.lava.engines.checks import VALUES, check_mantissas, check_network, check_range, checked_members, integers
from hardware.lava.translation.network import DiscreteNetwork, Rule
from pynn_backprop.errors import InputError

GOOD = connected([0, 1], [0, 1], 20, from_input=True)
RULE = Rule(0, 2, 254)


def network(**changes) -> DiscreteNetwork:
    """Two inputs and two compartments, one to one."""
    return DiscreteNetwork(2, (cells(2),), (replace(GOOD, **changes),))


WRONG = {
    "pre": (network(pre=ints(0, 2)), "projection: pre holds 2 but must lie within 0 and 1"),
    "post": (network(post=ints(-1, 1)), "projection: post holds -1 but must lie within 0 and 1"),
    "delay": (network(delay=ints(-1, 1)), "projection: delay holds -1 but must lie within 0 and 32768"),
    "shape": (network(weight=ints(1)), "projection: weight and pre have different shapes"),
    "halves": (network(weight=np.array([0.5, 1])), "weight is of type float64 but must hold integers"),
    "exponent": (network(exponent=8), "projection: exponent is 8 but must be a whole number from -8 to 7"),
    "weight": (
        network(weight=ints(1, -(2**15))),
        "projection: weight holds -32768 but must lie within -32767 and 32767",
    ),
    "bits below the unit": (
        network(exponent=-2, weight=ints(4, 6)),
        "projection: weight holds 6 but must be a multiple of 4 with the exponent -2: Lava's neurons take whole units "
        "of 2**6",
    ),
    "reinforcement": (
        network(rule=replace(RULE, reinforcement=2)),
        "projection: reinforcement is 2 but must be a whole number from 0 to 1",
    ),
    "eta": (network(rule=replace(RULE, eta=-1)), "projection: eta is -1 but must be a whole number from 0 to 32767"),
    "w_max": (network(rule=replace(RULE, w_max=2**15)), "projection: w_max is 32768 but must be a whole number from 0"),
    "eta below the unit": (
        network(exponent=-1, rule=replace(RULE, eta=3)),
        "projection: eta or w_max holds 3 but must be a multiple of 2 with the exponent -1",
    ),
    "thresholds": (
        DiscreteNetwork(2, (cells(2, threshold=ints(0, 0, 0)),), (GOOD,)),
        "threshold of cells has shape (3,) but must have (2,)",
    ),
    "a large threshold": (
        DiscreteNetwork(2, (cells(2, threshold=2**25),), (GOOD,)),
        "threshold of cells holds 33554432 but must lie within -33554432 and 33554431",
    ),
}


@pytest.mark.parametrize(("wrong", "message"), WRONG.values(), ids=WRONG)
def test_an_inconsistent_network_is_refused(wrong, message):
    with pytest.raises(InputError) as refused:
        check_network(wrong)
    assert str(refused.value).startswith(message)


def test_what_fits_is_accepted():
    check_network(network())
    check_network(network(from_input=False, exponent=-8, weight=ints(0, 256)))
    check_network(network(rule=Rule(1, 0, 2**15 - 1), exponent=0, delay=ints(0, 2**15)))
    check_network(DiscreteNetwork(0, (), ()))
    check_mantissas("p", ints(-32767, 32767), 0)


def test_recorded_compartments_are_there_and_named_once():
    assert checked_members("spikes", ints(1, 0), 2).tolist() == [1, 0]
    for values, message in (
        (ints(2), "spikes holds 2"),
        (ints(-1), "spikes holds -1"),
        (ints(1, 1), "a compartment twice"),
    ):
        with pytest.raises(InputError, match=message):
            checked_members("spikes", values, 2)


def test_integers_of_any_kind_are_taken():
    assert integers("x", [1, 2]).dtype == integers("x", np.zeros(2, np.uint8)).dtype == np.int64
    assert integers("x", []).tolist() == []
    with pytest.raises(InputError, match="x is of type bool but must hold integers"):
        integers("x", [True])


@pytest.mark.parametrize("name", VALUES)
def test_values_of_compartments_have_the_ranges_of_lavas_arithmetic(name):
    allowed = VALUES[name]
    check_range(name, ints(allowed.low, allowed.high), allowed)
    for beyond in (allowed.low - 1, allowed.high + 1):
        with pytest.raises(InputError, match=f"{name} holds {beyond} but must lie within"):
            check_range(name, ints(0, beyond), allowed)
