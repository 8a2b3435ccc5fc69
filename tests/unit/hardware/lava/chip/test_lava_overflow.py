"""Sums that could overflow: warnings that name the populations, by value."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from scenarios.loihi import cells, connected, ints, of_cells

from hardware.lava.chip.overflow import overflows
from hardware.lava.chip.validate import findings
from hardware.lava.translation.network import DiscreteNetwork, Part, Rule, Synapses
from hardware.report import WARNING

PARTS = (Part("a", 0, 1), Part("b", 1, 2), Part("c", 3, 1))


def warnings(*synapses: Synapses, **changes: Any) -> list[str]:
    """Of four compartments in three populations."""
    found = list(overflows(DiscreteNetwork(1, (cells(4, **changes),), synapses, PARTS)))
    assert all(finding.level == WARNING for finding in found)
    return [str(finding) for finding in found]


def drive(*weights: int, exponent: int = 7, **changes: Any) -> Synapses:
    """From the input to compartments 0 and up, in units of 128 times 2**6."""
    return connected(0, np.arange(len(weights)), ints(*weights), from_input=True, exponent=exponent, **changes)


def step(where: str, most: str) -> str:
    return (
        f"{where}: the input of a step is up to {most} if all presynaptic neurons of one sign fire at once, but a core "
        "adds up less than 32,768 (in units of 2**6)"
    )


@pytest.mark.parametrize(
    ("weights", "messages"),
    [
        ((255, 255, 255, 255), []),  # 32,640
        ((2, 256, 2, 2), [step("population 'b'", "32,768")]),
        ((2, 2, 300, 256), [step("populations 'b', 'c'", "38,400")]),
        ((-256, 2, 2, 2), [step("population 'a'", "32,768")]),
    ],
)
def test_the_input_of_a_step_stays_below_2_to_the_15(weights, messages):
    assert warnings(drive(*weights)) == messages


def test_inputs_of_one_sign_add_up_and_those_of_different_signs_do_not_cancel():
    up, down = drive(200, 0, 0), drive(-200, 0, 0)
    assert warnings(up, down) == []
    assert warnings(up, down, up) == [step("population 'a'", "51,200")]
    assert warnings(up, down, down) == [step("population 'a'", "51,200")]
    several = connected(0, ints(1, 1, 1), ints(100, 100, 100), from_input=True, exponent=7)
    assert warnings(several) == [step("population 'b'", "38,400")]


def test_exponents_scale_the_weights():
    assert warnings(drive(256, exponent=6)) == []
    assert warnings(drive(256, exponent=6), drive(256, exponent=5), drive(64, exponent=7)) == [
        step("population 'a'", "32,768")
    ]


def test_plastic_synapses_count_with_the_largest_weight_that_they_can_reach():
    rule = Rule(3, 2, 254)
    assert warnings(drive(2, -2, exponent=7, rule=rule)) == []
    assert warnings(*[drive(2, -2, exponent=7, rule=rule)] * 2) == [step("populations 'a', 'b'", "65,024")]


@pytest.mark.parametrize(("du", "wraps"), [(4095, False), (127, True), (128, False)])
def test_a_slow_current_can_wrap_round_where_a_fast_one_can_not(du, wraps):
    """32 * 128 = 4096 a step, which adds up to 2**17 if 128 of 4096 are lost in a step, and du is one less."""
    message = (
        "population 'a': u is up to 131,072 if all presynaptic neurons of one sign fire at once, but u wraps round, "
        "here and on the chip, at 131,072 (in units of 2**6)"
    )
    assert warnings(drive(32), du=du) == [message] * wraps


def test_each_group_has_its_own_decay():
    groups = (cells(2, du=4095), cells(2, 2, "slow", du=9))
    found = overflows(DiscreteNetwork(1, groups, (drive(255, 255, 2, 3),), ()))
    assert [(finding.where, finding.what, finding.value.split(" if ")[0]) for finding in found] == [
        ("population 'slow'", "u", "up to 157,286")
    ]


def test_sums_are_the_last_that_is_said():
    found = findings(DiscreteNetwork(1, (cells(4),), (drive(2, rule=Rule(3, 2, 254)), drive(255)), PARTS))
    assert [finding.what for finding in found] == ["the range of the weights", "the input of a step"]


def test_inhibition_that_clips_v_in_the_long_run_is_foretold():
    """-1,024 mV at a resolution of 2**-7 are 2**17 units: 2,000 of inhibition a step, of which 1/64 is lost."""
    forgetful = of_cells(1, connected([0], [0], -250, exponent=3, from_input=True))
    mindful = of_cells(1, connected([0], [0], -250, exponent=3, from_input=True), dv=64)
    strong = of_cells(1, connected([0], [0], -250, exponent=4, from_input=True), dv=64)
    said = [[finding.what for finding in overflows(network)] for network in (forgetful, mindful, strong)]
    assert said == [[], [], ["-v"]]
    (finding,) = overflows(strong)
    assert "v is clipped, below zero, at 131,072" in str(finding)
