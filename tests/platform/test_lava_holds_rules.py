"""What Loihi's integers can't hold of a learning rule is refused by its option's name, with the nearest that is."""

from __future__ import annotations

import pytest
from scenarios.rules import rule_case
from simulators import platform_of

from pynn_backprop.circuit.inference import inference_circuit
from pynn_backprop.codes.binary import Binary
from pynn_backprop.errors import InputError


def build(options: dict[str, int], units: tuple[int, ...] = (6, 5, 3)) -> None:
    case = rule_case(units, Binary(), "compact", 2, options)
    platform_of("lava:fast").build(case.circuit, {name: 0 * matrix for name, matrix in case.weights.items()}).close()


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (
            {"hidden_threshold": 60},
            "hidden_threshold is 60, which Lava can't hold exactly: the nearest that it can is 64",
        ),
        ({"hidden_threshold": 65}, "hidden_threshold is 65, .* nearest that it can is 64"),
        ({"eta": 3}, "eta is 3, which Lava can't hold exactly: the nearest that it can is 4"),
        ({"w_max": 255}, "w_max is 255, .* nearest that it can is 254"),
        ({"w_max": 253}, "w_max is 253, .* nearest that it can is 254"),
    ],
)
def test_an_option_that_can_t_be_held_is_refused_with_the_nearest(options, words):
    with pytest.raises(InputError, match=words):
        build(options)


@pytest.mark.parametrize(
    "options", [{"hidden_threshold": 64}, {"hidden_threshold": 128, "eta": 4}, {"eta": 1, "w_max": 99}]
)
def test_what_can_be_held_is_built(options):
    build(options)


def test_without_a_hidden_layer_there_is_no_threshold_to_hold():
    build({"hidden_threshold": 60}, (6, 3))


def test_read_out_levels_that_can_t_be_held_are_refused_with_the_nearest():
    platform, case = platform_of("lava:fast"), rule_case((6, 5, 3), Binary(), "compact", 2, {})
    with pytest.raises(InputError, match=r"readout_levels is 9, .* the nearest that it can is 8"):
        platform.build(inference_circuit((6, 5, 3), readout_levels=9), case.weights)


def test_simulators_that_hold_every_number_take_every_rule():
    case = rule_case((6, 5, 3), Binary(), "compact", 2, {"hidden_threshold": 61, "eta": 3, "w_max": 255})
    platform_of("nest:compiled").build(case.circuit, case.weights).close()
