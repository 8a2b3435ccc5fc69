"""A circuit whose delays a simulator can't hold is refused, with what would fit, before anything is built."""

from __future__ import annotations

import numpy as np
import pytest
from scenarios.stand_in import stand_in

from pynn_backprop.circuit.inference import inference_circuit
from pynn_backprop.circuit.training import training_circuit
from pynn_backprop.codes.graded import Graded
from pynn_backprop.comparison.compare import compare
from pynn_backprop.data.samples import Samples
from pynn_backprop.errors import InputError
from pynn_backprop.interfaces import check_holds
from pynn_backprop.platforms import ReferencePlatform
from pynn_backprop.simulation.backends.registry import find_backend
from pynn_backprop.simulation.delays import check_delays, longest_latency
from pynn_backprop.weights import initial_weights

LAVA = find_backend("lava").traits
EIGHT, NINE = (training_circuit((40,) * (depth + 1)) for depth in (8, 9))


def test_a_loihi_chip_holds_eight_matrices():
    assert (longest_latency(EIGHT), longest_latency(NINE), LAVA.longest_delay) == (60, 68, 63)
    check_delays(EIGHT, LAVA)
    message = (
        r"the circuit 40(-40){9} has 80 phases in the compact form and needs delays of up to 68 steps, but Lava holds "
        r"at most 63: at most 8 weight matrices fit$"
    )
    with pytest.raises(InputError, match=message):
        check_delays(NINE, LAVA)


def test_a_rotor_waits_for_a_whole_cycle_so_that_graded_circuits_are_less_deep():
    code = Graded(2)
    check_delays(training_circuit((2,) * 8, code=code), LAVA)
    with pytest.raises(InputError, match=r"71 phases .* up to 71 steps, .* at most 7 weight matrices of units of 2"):
        check_delays(training_circuit((2,) * 9, code=code), LAVA)


@pytest.mark.parametrize("simulator", ["nest", "brian2"])
def test_other_simulators_hold_any_depth_that_a_person_could_train(simulator):
    check_delays(training_circuit((2,) * 31), find_backend(simulator).traits)


@pytest.mark.parametrize(("offset", "limit", "fits"), [(0, 11, True), (0, 10, False), (-1, 10, True), (1, 11, False)])
def test_what_counts_is_the_delay_that_the_simulator_is_given(offset, limit, fits):
    circuit, platform = training_circuit((4, 3, 2)), stand_in(delay_offset=offset, longest_delay=limit)
    assert longest_latency(circuit) == 11
    if fits:
        check_holds(platform, circuit)
        return
    with pytest.raises(InputError, match=f"Stand-in holds at most {limit}: at most 1 weight matrices fit"):
        check_holds(platform, circuit)
    with pytest.raises(InputError, match="Stand-in holds at most"):
        platform.build(circuit, initial_weights((4, 3, 2), 0))


def test_a_circuit_that_only_answers_has_short_delays_and_the_rule_takes_any_depth():
    check_holds(stand_in(longest_delay=6), inference_circuit((4,) * 5))
    check_holds(ReferencePlatform(), NINE)


def test_nothing_is_compared_if_one_of_the_platforms_can_not_hold_the_circuit():
    samples = Samples(np.ones((3, 4), bool), np.zeros(3, int), np.ones((2, 4), bool), np.zeros(2, int), 2)
    shown: list[str] = []
    with pytest.raises(InputError, match="needs delays of up to 11 steps, but Stand-in holds at most 9"):
        compare(
            {"reference": ReferencePlatform(), "short": stand_in(longest_delay=9)},
            training_circuit((4, 3, 2)),
            samples,
            initial_weights((4, 3, 2), 0),
            tick=lambda name, what, done, total: shown.append(name),
        )
    assert not shown
