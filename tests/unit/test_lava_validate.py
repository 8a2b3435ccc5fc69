"""Every range of a Loihi chip is refused with what and where; what fits passes."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from discrete_circuits import discrete_circuit

from hardware.report import ERROR, WARNING
from hardware.lava.translation import ranges as chip
from hardware.lava.translation.ranges import ETAS
from hardware.lava.chip import memory, limits
from hardware.lava.chip.validate import findings, validate
from hardware.lava.translation.network import Compartments, DiscreteNetwork, Part, Rule, Synapses
from pynn_backprop.circuit.published import inference_circuit, training_circuit
from pynn_backprop.errors import InputError


def ints(*values: int) -> np.ndarray:
    return np.array(values, int)


def group(size: int = 4, label: str = "cells", first: int = 0, **changes) -> Compartments:
    values = {"du": 4095, "dv": 4096, "threshold": np.full(size, 100)}
    values |= {"bias_mantissa": np.zeros(size, int), "bias_exponent": np.zeros(size, int)}
    return Compartments(label, first, size, **(values | changes))


def synapses(**changes) -> Synapses:
    """From input 0 to compartments 0, 1 and 2."""
    values = {"label": "in->cells", "from_input": True, "pre": ints(0, 0, 0), "post": ints(0, 1, 2)}
    values |= {"weight": ints(2, 4, 6), "exponent": 0, "delay": ints(0, 0, 0)}
    return Synapses(**(values | changes))


def network(*projections: Synapses, groups: tuple[Compartments, ...] = (), **changes) -> DiscreteNetwork:
    return DiscreteNetwork(**({"n_inputs": 1, "compartments": groups or (group(),), "synapses": projections} | changes))


def with_group(**changes) -> DiscreteNetwork:
    return network(synapses(), groups=(group(**changes),))


def with_synapses(**changes) -> DiscreteNetwork:
    return network(synapses(**changes))


def with_rule(eta: int = 2, w_max: int = 254, **changes) -> DiscreteNetwork:
    return network(synapses(rule=Rule(3, eta, w_max), **changes))


def errors(wrong: DiscreteNetwork) -> list[str]:
    return [str(finding) for finding in findings(wrong) if finding.level == ERROR]


def warnings(found: DiscreteNetwork) -> list[str]:
    return [str(finding) for finding in findings(found) if finding.level == WARNING]


# --- what fits

FITTING = {
    "thresholds": with_group(threshold=ints(0, 1, 2**17 - 1, 5)),
    "biases": with_group(bias_mantissa=ints(-4096, 4095, 0, 1), bias_exponent=ints(0, 7, 3, 1)),
    "no decay": with_group(du=0, dv=0),
    "no memory": with_group(du=4095, dv=4096),
    "excitatory weights": with_synapses(weight=ints(0, 1, 255)),
    "inhibitory weights": with_synapses(weight=ints(-255, -1, 0)),
    "weights of mixed sign": with_synapses(weight=ints(-256, 254, 2)),
    "lowest exponent": with_synapses(exponent=-8, weight=ints(0, 0, 0)),
    "highest exponent": with_synapses(exponent=7),
    "negative exponent": with_synapses(exponent=-2, weight=ints(-4, 8, 252)),
    "delays": with_synapses(delay=ints(0, 31, 62)),
    "plastic weights": with_rule(weight=ints(-254, 254, 0)),
    "least bound": with_rule(w_max=2, weight=ints(-2, 2, 0)),
    "no synapses": network(),
    "an empty projection": with_synapses(**{name: ints() for name in ("pre", "post", "weight", "delay")}),
    "nothing": DiscreteNetwork(0, (), ()),
}


@pytest.mark.parametrize("fitting", FITTING.values(), ids=FITTING)
def test_the_ends_of_every_range_are_accepted(fitting):
    assert errors(fitting) == []
    validate(fitting)


@pytest.mark.parametrize(
    "circuit",
    [training_circuit((20, 12, 4)), training_circuit((20, 4)), inference_circuit((20, 12, 4), probe=True)],
    ids=["training", "one matrix", "inference"],
)
def test_the_circuits_are_accepted(circuit):
    validate(discrete_circuit(circuit))


# --- what does not

BEYOND = {
    "threshold below 0": (with_group(threshold=ints(1, -1, 1, 1)), "'cells': threshold is -1 at [1]", "0 to 131,071"),
    "threshold": (with_group(threshold=ints(1, 1, 1, 2**17)), "threshold is 131,072 at [3]", "0 to 131,071"),
    "bias below": (with_group(bias_mantissa=ints(-4097, 0, 0, 0)), "bias mantissa is -4,097 at [0]", "-4,096 to 4,095"),
    "bias": (with_group(bias_mantissa=ints(0, 0, 4096, 0)), "bias mantissa is 4,096 at [2]", "-4,096 to 4,095"),
    "bias exponent": (with_group(bias_exponent=ints(0, 8, 0, 0)), "bias exponent is 8 at [1]", "0 to 7"),
    "negative bias exponent": (with_group(bias_exponent=ints(0, 0, 0, -1)), "bias exponent is -1 at [3]", "0 to 7"),
    "du": (with_group(du=4096), "'cells': du is 4,096", "0 to 4,095"),
    "negative du": (with_group(du=-1), "'cells': du is -1", "0 to 4,095"),
    "dv": (with_group(dv=4097), "'cells': dv is 4,097", "0 to 4,096"),
    "negative dv": (with_group(dv=-1), "'cells': dv is -1", "0 to 4,096"),
    "excitatory": (with_synapses(weight=ints(0, 256, 1)), "'in->cells': the weight is 256 at [1]", "0 to 255"),
    "inhibitory": (with_synapses(weight=ints(0, 0, -256)), "'in->cells': the weight is -256 at [2]", "-255 to 0"),
    "mixed": (with_synapses(weight=ints(256, -2, 0)), "the weight is 256 at [0]", "even number from -256 to 254"),
    "mixed below": (
        with_synapses(weight=ints(2, -258, 0)),
        "the weight is -258 at [1]",
        "even number from -256 to 254",
    ),
    "odd": (with_synapses(weight=ints(2, -2, 7)), "the weight is 7 at [2]", "even number from -256 to 254"),
    "exponent": (with_synapses(exponent=8), "the exponent of the weights is 8", "-8 to 7"),
    "exponent below": (with_synapses(exponent=-9, weight=ints(0, 0, 0)), "exponent of the weights is -9", "-8 to 7"),
    "not whole": (with_synapses(exponent=-2, weight=ints(4, 6, 8)), "the weight is 6 at [1]", "a multiple of 4"),
    "delay": (with_synapses(delay=ints(0, 63, 0)), "'in->cells': the delay is 63 at [1]", "0 to 62"),
    "negative delay": (with_synapses(delay=ints(-1, 0, 0)), "the delay is -1 at [0]", "0 to 62"),
    "plastic odd": (with_rule(weight=ints(1, 2, 2)), "the weight is 1 at [0]", "even number from -256 to 254"),
    "plastic beyond": (with_rule(w_max=10, weight=ints(-10, 12, 2)), "the weight is 12 at [1]", "from -10 to 10"),
    "plastic delay": (with_rule(delay=ints(0, 1, 0)), "the delay is 1 at [1]", "0: the rule compares"),
    "odd eta": (with_rule(eta=3), "'in->cells': eta is 3", "one of 2, 4, 6"),
    "no eta": (with_rule(eta=0), "eta is 0", "one of 2, 4, 6"),
    "large eta": (with_rule(eta=128), "eta is 128", "112"),
    "eta without mantissa": (with_rule(eta=18), "eta is 18", "one of 2, 4, 6"),
    "odd w_max": (with_rule(w_max=253), "w_max is 253", "a multiple of 2 from 2 to 254"),
    "large w_max": (with_rule(w_max=256), "w_max is 256", "a multiple of 2 from 2 to 254"),
    "no w_max": (with_rule(w_max=0, weight=ints(0, 0, 0)), "w_max is 0", "a multiple of 2 from 2 to 254"),
    "eta not whole": (with_rule(eta=2, exponent=-2, weight=ints(4, 4, 4), w_max=252), "eta is 2", "one of 4, 8"),
    "w_max not whole": (with_rule(4, 254, exponent=-2, weight=ints(4, 4, 4)), "w_max is 254", "a multiple of 4 from 4"),
}


@pytest.mark.parametrize(("wrong", "what", "allowed"), BEYOND.values(), ids=BEYOND)
def test_one_step_beyond_a_range_is_refused_with_what_and_where(wrong, what, allowed):
    (message,) = errors(wrong)
    assert what in message
    assert allowed in message
    with pytest.raises(InputError) as caught:
        validate(wrong)
    assert message in str(caught.value)


def test_all_errors_are_named_at_once():
    wrong = network(
        synapses(weight=ints(300, 1, 1)),
        synapses(label="late", delay=ints(63, 64, 0)),
        synapses(label="learning", rule=Rule(3, 5, 254)),
        groups=(group(du=5000, threshold=ints(-1, -2, -3, 0)),),
    )
    with pytest.raises(InputError) as caught:
        validate(wrong)
    lines = str(caught.value).splitlines()
    assert "5 error(s)" in lines[0]
    assert len(lines) == 1 + 5
    for where in ("'in->cells'", "'late'", "'learning'", "du", "threshold"):
        assert sum(where in line for line in lines) == 1


def test_many_wrong_values_are_one_error_with_their_number_and_extremes():
    (message,) = errors(with_synapses(delay=ints(63, 70, 0)))
    assert "63 at [0] and wrong 2 times of 3, from 63 to 70" in message


def test_a_population_is_named_by_its_label_and_the_neuron_in_it():
    parts = (Part("first", 0, 1), Part("second", 1, 3, offset=10))
    (message,) = errors(replace(with_group(threshold=ints(1, 1, -5, 1)), parts=parts))
    assert message.startswith("population 'second': threshold is -5 at [11] ")


def test_the_etas_are_those_that_lavas_learning_rule_accepts():
    assert ETAS[:6] == (2, 4, 6, 8, 10, 12)
    assert ETAS[-1] == 112
    assert not {18, 22, 26, 30, 128} & set(ETAS)


# --- arrays that do not fit together

BROKEN = {
    "short weights": (with_synapses(weight=ints(1, 2)), "weight is int64 of shape (2,)", "shape (3,)"),
    "broken numbers": (with_synapses(weight=np.array([1.0, 2, 3])), "weight is float64", "integers"),
    "no such input": (with_synapses(pre=ints(0, 1, 0)), "pre is 1 at [1]", "0 to 0"),
    "no such compartment": (with_synapses(post=ints(0, 1, 4)), "post is 4 at [2]", "0 to 3"),
    "no such teacher": (network(synapses(rule=Rule(9, 2, 254))), "the reinforcement is compartment 9", "0 to 3"),
    "short thresholds": (with_group(threshold=ints(1)), "threshold is int64 of shape (1,)", "shape (4,)"),
    "a gap": (network(groups=(group(first=1),)), "the place is 4 compartments from 1 on", "from 0 on"),
    "missing part": (replace(network(), parts=(Part("a", 0, 3),)), "the end is compartment 3", "compartment 4"),
}


@pytest.mark.parametrize(("wrong", "what", "allowed"), BROKEN.values(), ids=BROKEN)
def test_arrays_that_do_not_fit_together_are_refused(wrong, what, allowed):
    assert any(what in message and allowed in message for message in errors(wrong))
    with pytest.raises(InputError):
        validate(wrong)


# --- what no core has room for


def fan_in(count: int, projections: int = 1, **changes) -> DiscreteNetwork:
    """All inputs go to compartment 2, in each projection."""
    one = synapses(
        pre=np.arange(count), post=np.full(count, 2), weight=np.full(count, 2), delay=np.zeros(count, int), **changes
    )
    parts = (Part("a", 0, 2), Part("b", 2, 2))
    return DiscreteNetwork(count, (group(),), (one,) * projections, parts)


def test_a_compartment_may_have_as_many_input_axons_as_a_core():
    assert errors(fan_in(4096)) == []
    (message,) = errors(fan_in(4097))
    assert (
        message == "population b[0]: the number of input axons is 4,097 but must be at most 4,096, all that a core has"
    )


def test_plastic_axons_take_two_entries_and_the_reinforcement_neuron_one():
    assert errors(fan_in(2047, rule=Rule(3, 2, 254))) == []
    (message,) = errors(fan_in(2048, rule=Rule(3, 2, 254)))
    assert "input axons is 4,097 " in message


def test_a_compartment_whose_synapses_fill_more_than_a_cores_memory_is_refused():
    # 4,000 axons with 24 synapses of 8 bits and their indices of 6 are 24 * 14 + 10 bits: 6 words of 64 bits.
    (message,) = errors(fan_in(4000, projections=24, exponent=1))
    assert "population b[0]: the number of bits of synaptic memory is " in message
    assert "at most 1,048,576" in message


# --- warnings


def test_a_network_that_fits_has_no_warnings():
    assert validate(with_synapses()) == ()


def test_sums_that_could_overflow_are_warnings_that_name_the_populations():
    parts = (Part("a", 0, 1), Part("b", 1, 3))
    found = replace(with_synapses(weight=ints(2, 255, 2), exponent=7), parts=parts)
    assert warnings(found) == []  # 32,640 of 32,767
    more = replace(found, synapses=(*found.synapses, *found.synapses))
    (message,) = warnings(more)
    assert message.startswith("population 'b': the input of a step is up to 65,280 ")
    assert "less than 32,768" in message


def test_inhibition_can_overflow_too_and_signs_do_not_cancel():
    pair = (synapses(weight=ints(-255, 0, 0), exponent=7), synapses(weight=ints(255, 0, 0), exponent=7))
    assert warnings(network(*pair)) == []
    (message,) = warnings(network(*pair, pair[0]))
    assert "up to 65,280" in message


def test_plastic_synapses_count_with_the_largest_weight_they_can_reach():
    count = 130
    (bounds, sums) = warnings(fan_in(count, rule=Rule(3, 2, 254), exponent=0))
    assert "-254 to 254 but a chip by itself clips at -256 and 254" in bounds
    assert f"up to {254 * count:,}" in sums


def test_a_slow_current_can_wrap_round_where_a_fast_one_can_not():
    assert warnings(with_synapses(weight=ints(255, 255, 255), exponent=2)) == []
    slow = network(synapses(weight=ints(255, 255, 255), exponent=2), groups=(group(du=9),))
    (message,) = warnings(slow)
    assert f"u is up to {1020 * 409.6:,.0f}" in message
    assert f"{2**17:,}" in message


# --- the chip's own arithmetic


def test_sign_modes_follow_the_weights():
    assert chip.sign_mode(ints(0, 5), plastic=False) is chip.EXCITATORY
    assert chip.sign_mode(ints(0, -5), plastic=False) is chip.INHIBITORY
    assert chip.sign_mode(ints(1, -5), plastic=False) is chip.MIXED
    assert chip.sign_mode(ints(1, 5), plastic=True) is chip.MIXED


@pytest.mark.parametrize(
    ("weights", "bits"),
    [
        ((255, 1), 8),
        ((130, 130), 8),
        ((4, 252), 6),
        ((136, 8), 5),
        ((128, 0), 1),
        ((0, 0), 1),
        ((-2, 254), 8),
        ((-64, 64), 3),
    ],
)
def test_a_weight_takes_the_fewest_bits_that_hold_all_of_a_projection(weights, bits):
    assert memory.weight_bits(ints(*weights), plastic=False) == bits
    assert memory.weight_bits(ints(*weights), plastic=True) == 8


@pytest.mark.parametrize(
    ("longest", "room"), [(0, 1024), (6, 1024), (7, 512), (14, 512), (15, 256), (31, 128), (62, 128)]
)
def test_long_delays_leave_room_for_fewer_compartments(longest, room):
    assert limits.compartments_for(longest) == room


def test_lists_of_synapses_take_whole_words():
    synapses_and_bits = {0: 0, 1: 64, 6: 64, 7: 128, 64: 576, 65: 576 + 64, 128: 2 * 576}
    bits = memory.synapse_bits(np.array(list(synapses_and_bits)), np.array(8))
    assert bits.tolist() == list(synapses_and_bits.values())
