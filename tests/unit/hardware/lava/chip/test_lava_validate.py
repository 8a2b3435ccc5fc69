"""Every range of a Loihi chip is refused with what and where; what fits passes."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from scenarios.loihi import cells, connected, ints, of_cells

from hardware.lava.chip.validate import findings, validate
from hardware.lava.translation.network import DiscreteNetwork, Part, Rule, Synapses
from hardware.report import ERROR, WARNING
from pynn_backprop.errors import InputError


def synapses(**changes: Any) -> Synapses:
    """From input 0 to compartments 0, 1 and 2."""
    values = {"pre": 0, "post": ints(0, 1, 2), "weight": ints(2, 4, 6), "label": "in->cells", "from_input": True}
    return connected(**(values | changes))


def network(*projections: Synapses, **changes: Any) -> DiscreteNetwork:
    """Four compartments and one input."""
    return of_cells(4, *projections, n_inputs=1, **changes)


def with_synapses(**changes: Any) -> DiscreteNetwork:
    return network(synapses(**changes))


def with_rule(eta: int = 2, w_max: int = 254, **changes: Any) -> DiscreteNetwork:
    return network(synapses(rule=Rule(3, eta, w_max), **changes))


def said(wrong: DiscreteNetwork, level: str) -> list[str]:
    return [str(finding) for finding in findings(wrong) if finding.level == level]


# --- what fits

FITTING = {
    "thresholds": network(threshold=ints(0, 1, 2**17 - 1, 5)),
    "biases": network(bias_mantissa=ints(-4096, 4095, 0, 1), bias_exponent=ints(0, 7, 3, 1)),
    "no decay": network(du=0, dv=0),
    "no memory": network(du=4095, dv=4096),
    "excitatory weights": with_synapses(weight=ints(0, 1, 255)),
    "inhibitory weights": with_synapses(weight=ints(-255, -1, 0)),
    "weights of mixed sign": with_synapses(weight=ints(-256, 254, 2)),
    "lowest exponent": with_synapses(exponent=-8, weight=ints(0, 0, 0)),
    "highest exponent": with_synapses(exponent=7),
    "negative exponent": with_synapses(exponent=-2, weight=ints(-4, 8, 252)),
    "delays": with_synapses(delay=ints(0, 31, 62)),
    "plastic weights": with_rule(weight=ints(-254, 254, 0)),
    "least bound": with_rule(w_max=2, weight=ints(-2, 2, 0)),
    "largest eta": with_rule(eta=112),
    "negative exponent of a rule": with_rule(eta=4, w_max=252, exponent=-2, weight=ints(-252, 4, 0)),
    "no synapses": network(),
    "an empty projection": with_synapses(post=ints(), weight=ints()),
    "nothing": DiscreteNetwork(0, (), ()),
}


@pytest.mark.parametrize("fitting", FITTING.values(), ids=FITTING)
def test_the_ends_of_every_range_are_accepted(fitting):
    assert said(fitting, ERROR) == []
    assert [finding.level for finding in validate(fitting)] == [WARNING] * len(said(fitting, WARNING))


# --- what does not

CELLS, IN = "population 'cells': ", "projection 'in->cells': "
EVEN = "must be an even number from -256 to 254 (mixed signs)"
ETAS = "must be one of 2, 4, 6, 8, 10, 12, 14, 16, 20, 24, 28, 32, 40, 48, 56, 64, 80, 96, 112"
EVERY_FOURTH = "must be one of 4, 8, 12, 16, 20, 24, 28, 32, 40, 48, 56, 64, 80, 96, 112"
AT_ONCE = "must be 0: the rule compares spikes of one step, and Lava's plastic synapses have no delays"
ROUNDED = "since with a negative exponent Lava rounds the sum of a step"

BEYOND = {
    "threshold below 0": (
        network(threshold=ints(1, -1, 1, 1)),
        f"{CELLS}threshold is -1 at [1] but must be a whole number from 0 to 131,071",
    ),
    "threshold": (
        network(threshold=ints(1, 1, 1, 2**17)),
        f"{CELLS}threshold is 131,072 at [3] but must be a whole number from 0 to 131,071",
    ),
    "bias below": (
        network(bias_mantissa=ints(-4097, 0, 0, 0)),
        f"{CELLS}bias mantissa is -4,097 at [0] but must be a whole number from -4,096 to 4,095",
    ),
    "bias": (
        network(bias_mantissa=ints(0, 0, 4096, 0)),
        f"{CELLS}bias mantissa is 4,096 at [2] but must be a whole number from -4,096 to 4,095",
    ),
    "bias exponent": (
        network(bias_exponent=ints(0, 8, 0, 0)),
        f"{CELLS}bias exponent is 8 at [1] but must be a whole number from 0 to 7",
    ),
    "negative bias exponent": (
        network(bias_exponent=ints(0, 0, 0, -1)),
        f"{CELLS}bias exponent is -1 at [3] but must be a whole number from 0 to 7",
    ),
    "du": (network(du=4096), f"{CELLS}du is 4,096 but must be a whole number from 0 to 4,095"),
    "negative du": (network(du=-1), f"{CELLS}du is -1 but must be a whole number from 0 to 4,095"),
    "dv": (network(dv=4097), f"{CELLS}dv is 4,097 but must be a whole number from 0 to 4,096"),
    "negative dv": (network(dv=-1), f"{CELLS}dv is -1 but must be a whole number from 0 to 4,096"),
    "excitatory": (
        with_synapses(weight=ints(0, 256, 1)),
        f"{IN}the weight is 256 at [1] but must be a whole number from 0 to 255 (excitatory)",
    ),
    "inhibitory": (
        with_synapses(weight=ints(0, 0, -256)),
        f"{IN}the weight is -256 at [2] but must be a whole number from -255 to 0 (inhibitory)",
    ),
    "mixed": (with_synapses(weight=ints(256, -2, 0)), f"{IN}the weight is 256 at [0] but {EVEN}"),
    "mixed below": (with_synapses(weight=ints(2, -258, 0)), f"{IN}the weight is -258 at [1] but {EVEN}"),
    "odd": (with_synapses(weight=ints(2, -2, 7)), f"{IN}the weight is 7 at [2] but {EVEN}"),
    "exponent": (
        with_synapses(exponent=8),
        f"{IN}the exponent of the weights is 8 but must be a whole number from -8 to 7",
    ),
    "exponent below": (
        with_synapses(exponent=-9, weight=ints(0, 0, 0)),
        f"{IN}the exponent of the weights is -9 but must be a whole number from -8 to 7",
    ),
    "not whole": (
        with_synapses(exponent=-2, weight=ints(4, 6, 8)),
        f"{IN}the weight is 6 at [1] but must be a multiple of 4, {ROUNDED}",
    ),
    "delay": (
        with_synapses(delay=ints(0, 63, 0)),
        f"{IN}the delay is 63 at [1] but must be a whole number from 0 to 62",
    ),
    "negative delay": (
        with_synapses(delay=ints(-1, 0, 0)),
        f"{IN}the delay is -1 at [0] but must be a whole number from 0 to 62",
    ),
    "plastic odd": (with_rule(weight=ints(1, 2, 2)), f"{IN}the weight is 1 at [0] but {EVEN}"),
    "plastic beyond": (
        with_rule(w_max=10, weight=ints(-10, 12, 2)),
        f"{IN}the weight is 12 at [1] but must be from -10 to 10 (w_max)",
    ),
    "plastic below": (
        with_rule(w_max=10, weight=ints(10, 2, -12)),
        f"{IN}the weight is -12 at [2] but must be from -10 to 10 (w_max)",
    ),
    "plastic delay": (with_rule(delay=ints(0, 1, 0)), f"{IN}the delay is 1 at [1] but {AT_ONCE}"),
    "odd eta": (with_rule(eta=3), f"{IN}eta is 3 but {ETAS}"),
    "no eta": (with_rule(eta=0), f"{IN}eta is 0 but {ETAS}"),
    "large eta": (with_rule(eta=128), f"{IN}eta is 128 but {ETAS}"),
    "eta without mantissa": (with_rule(eta=18), f"{IN}eta is 18 but {ETAS}"),
    "odd w_max": (with_rule(w_max=253), f"{IN}w_max is 253 but must be a multiple of 2 from 2 to 254"),
    "large w_max": (with_rule(w_max=256), f"{IN}w_max is 256 but must be a multiple of 2 from 2 to 254"),
    "no w_max": (
        with_rule(w_max=0, weight=ints(0, 0, 0)),
        f"{IN}w_max is 0 but must be a multiple of 2 from 2 to 254",
    ),
    "eta not whole": (
        with_rule(eta=2, exponent=-2, weight=ints(4, 4, 4), w_max=252),
        f"{IN}eta is 2 but {EVERY_FOURTH}",
    ),
    "w_max not whole": (
        with_rule(4, 254, exponent=-2, weight=ints(4, 4, 4)),
        f"{IN}w_max is 254 but must be a multiple of 4 from 4 to 254",
    ),
}


@pytest.mark.parametrize(("wrong", "message"), BEYOND.values(), ids=BEYOND)
def test_one_step_beyond_a_range_is_refused_with_what_and_where(wrong, message):
    assert said(wrong, ERROR) == [message]
    with pytest.raises(InputError) as refused:
        validate(wrong)
    assert str(refused.value) == f"the network has 1 error(s), measured by what Loihi can represent:\n  {message}"


def test_all_errors_are_named_at_once_and_nothing_of_sums():
    wrong = network(
        synapses(weight=ints(300, 1, 1), exponent=7),
        synapses(label="late", delay=ints(63, 64, 0)),
        synapses(label="learning", rule=Rule(3, 5, 254)),
        du=5000,
        threshold=ints(-1, -2, -3, 0),
    )
    found = findings(wrong)
    assert [(finding.level, finding.where, finding.what) for finding in found] == [
        (ERROR, "population 'cells'", "du"),
        (ERROR, "population 'cells'", "threshold"),
        (ERROR, "projection 'in->cells'", "the weight"),
        (ERROR, "projection 'late'", "the delay"),
        (ERROR, "projection 'learning'", "eta"),
        (WARNING, "projection 'learning'", "the range of the weights"),
    ]
    assert found[3].value == "63 at [0] and wrong 2 times of 3, from 63 to 64,"


def test_a_population_is_named_by_its_label_and_the_neuron_in_it():
    parts = (Part("first", 0, 1), Part("second", 1, 3, offset=10))
    (message,) = said(replace(network(threshold=ints(1, 1, -5, 1)), parts=parts), ERROR)
    assert message.startswith("population 'second': threshold is -5 at [11] ")


def test_groups_after_the_first_are_checked_too():
    groups = (cells(2, label="a"), cells(2, 2, "b", du=-1, bias_exponent=ints(0, 9)))
    assert [message.split(" but ")[0] for message in said(DiscreteNetwork(0, groups, ()), ERROR)] == [
        "population 'b': du is -1",
        "population 'b': bias exponent is 9 at [1]",
    ]


# --- bounds of plastic weights


def test_projections_with_one_bound_share_a_warning():
    rules = [synapses(label=f"W{k}", rule=Rule(3, 2, w_max)) for k, w_max in enumerate((254, 100, 254, 254))]
    own = "a chip by itself clips at -256 and 254"
    assert said(network(*rules), WARNING) == [
        f"projection 'W0' and 2 more: the range of the weights is -254 to 254 but {own}",
        f"projection 'W1': the range of the weights is -100 to 100 but {own}",
    ]


def test_a_network_that_fits_has_no_warnings():
    assert validate(with_synapses()) == ()


# --- what no core has room for


def fan_in(count: int, times: int = 1, **changes: Any) -> DiscreteNetwork:
    """All inputs go to compartment 2, in each projection."""
    one = connected(np.arange(count), 2, from_input=True, **changes)
    return DiscreteNetwork(count, (cells(4),), (one,) * times, (Part("a", 0, 2), Part("b", 2, 2)))


RULE = Rule(3, 2, 254)


@pytest.mark.parametrize(("most", "changes"), [(4096, {}), (2047, {"rule": RULE})])
def test_a_compartment_may_have_as_many_input_axons_as_a_core(most, changes):
    """A plastic one takes two entries, and the reinforcement neuron one."""
    assert said(fan_in(most, **changes), ERROR) == []
    assert said(fan_in(most + 1, **changes), ERROR) == [
        "population b[0]: the number of input axons is 4,097 but must be at most 4,096, all that a core has"
    ]


def test_each_projection_with_a_rule_may_add_a_reinforcement_neuron():
    pre, rules = np.arange(2047), (RULE, Rule(1, 2, 254))
    projections = [connected(pre[k::2], 2, from_input=True, rule=rule) for k, rule in enumerate(rules)]
    assert said(of_cells(4, *projections, n_inputs=2047), ERROR) == []
    more = [*projections, connected([0], 2, from_input=False)]
    assert "input axons is 4,097 " in said(of_cells(4, *more, n_inputs=2047), ERROR)[0]


def test_a_compartment_whose_synapses_fill_more_than_a_cores_memory_is_refused():
    """27 synapses of 8 bits and an index of 6 take 10 + 27 * 14 bits, 7 words of 64: a core has 2,340.6 times 7."""
    assert said(fan_in(2340, times=27, weight=255), ERROR) == []
    assert said(fan_in(2341, times=27, weight=255), ERROR) == [
        "population b[0]: the number of bits of synaptic memory is 1,048,768 but must be at most 1,048,576, all that a "
        "core has"
    ]


def test_every_compartment_that_needs_too_much_is_named():
    full = [connected(np.arange(4097), post, from_input=True) for post in (1, 3)]
    names = [message.split(":")[0] for message in said(of_cells(4, *full, n_inputs=4097), ERROR)]
    assert names == ["population cells[1]", "population cells[3]"]
