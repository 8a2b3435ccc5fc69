"""Gated chains as circuits: routes whose gates open one population after the other."""

from __future__ import annotations

import numpy as np
import pytest

from pynn_backprop.circuit.chain import ChainSchedule, chain_circuit
from pynn_backprop.circuit.connectivity import AllToAll, OneToOne, UnitToUnit
from pynn_backprop.circuit.parameters import Parameters
from pynn_backprop.codes.code import LEVELLED
from pynn_backprop.codes.graded import Graded
from pynn_backprop.errors import InputError
from pynn_backprop.reference.steps import StepSimulator
from pynn_backprop.spikes import check_silence
from pynn_backprop.tasks.copy_chain import chain_sources

# --- its schedule


def test_the_schedule_has_a_phase_for_each_population():
    schedule = ChainSchedule(2)
    assert (schedule.length, schedule.labels) == (4, ("rest", "population 0", "population 1", "population 2"))
    assert not schedule.training
    assert ChainSchedule(0).labels == ("rest", "population 0")


@pytest.mark.parametrize("depth", [-1, 1.5, None])
def test_another_number_of_copies_is_refused(depth):
    with pytest.raises(InputError, match=f"the number of copies is {depth} but must be a whole number of at least 0"):
        ChainSchedule(depth)


def test_a_chain_does_not_learn():
    assert not ChainSchedule(2).training


# --- its parts


def test_each_route_has_its_gates_and_populations():
    circuit = chain_circuit(2, 3, Graded(4), routes=("a", "b"))
    found = {p.name: (p.size, p.role, p.layer, p.phases) for p in circuit.populations}
    wanted = {
        "input": (8, "source", None, (0,)),
        "start": (1, "source", None, (3,)),
        "rotor": (4, "gate", None, (0,)),
    }
    for route in "ab":
        wanted |= {f"open {route}": (1, "source", None, (0,))}
        wanted |= {f"{route}{k}": (8, "data", k, (k + 1,)) for k in range(3)}
        wanted |= {f"g{route}{k}": (1, "gate", None, (k,)) for k in (1, 2)}
    assert found == wanted
    assert circuit.matrices == {}


def test_a_gate_opens_its_population_and_fires_the_next_gate_while_the_value_is_copied():
    circuit = chain_circuit(2, 3, Graded(4), routes=("a",))
    p = circuit.parameters
    copy, opens, fires = (UnitToUnit(4), 128), (AllToAll(), p.half), (OneToOne(), p.chain)
    found = {
        (q.pre, q.post): (q.connectivity, q.weight) for q in circuit.projections if q.pre not in ("start", "rotor")
    }
    assert found == {
        ("input", "a0"): copy, ("a0", "a1"): copy, ("a1", "a2"): copy,
        ("open a", "a0"): opens, ("ga1", "a1"): opens, ("ga2", "a2"): opens,
        ("open a", "ga1"): fires, ("ga1", "ga2"): fires,
    }  # fmt: skip
    assert {q.latency for q in circuit.projections if q.pre not in ("start", "rotor")} == {1}


def test_populations_take_the_levels_of_x_h_o_and_the_hidden_error_in_turn():
    code = Graded(16)
    circuit = chain_circuit(3, 6, code)
    q = circuit.parameters.quantum(16)
    for k in range(6):
        (lift,) = (p for p in circuit.projections if (p.pre, p.post) == ("rotor", f"a{k}"))
        assert lift.latency == k + 1
        levels = code.levels(LEVELLED[k % 4], 3, np.arange(16))
        np.testing.assert_array_equal(circuit.level_weights(lift), q * 15 // 2 - q * levels)


def test_with_noise_every_population_has_sources_of_its_own():
    circuit = chain_circuit(2, 2, Graded(4, "noise"), routes=("a", "b"))
    joins = {(p.pre, p.post): (p.weight, p.latency) for p in circuit.projections if p.pre.startswith("noise")}
    assert joins == {
        (f"noise_{route}{k}_{bit}", f"{route}{k}"): (-128 << bit, k + 1)
        for route in "ab"
        for k in (0, 1)
        for bit in (0, 1)
    }


@pytest.mark.parametrize("dither", ["rotating", "fixed", "noise"])
def test_populations_fire_in_their_phase_only(dither):
    circuit = chain_circuit(2, 4, Graded(8, dither), routes=("a", "b"))
    simulator = StepSimulator(circuit, {})
    simulator.show(chain_sources(circuit, np.full((30, 2), 0.75), ["a", "b", "b"] * 10))
    spikes = simulator.take_spikes()
    check_silence(spikes, circuit)
    assert all(len(spikes[population.name]) for population in circuit.simulated)
    gates = {route: len(spikes[f"g{route}3"]) for route in "ab"}
    assert gates == {"a": 10, "b": 20}


def test_strengths_are_those_that_are_given_or_suit_the_code():
    parameters = Parameters(theta=512, bias=2048)
    assert chain_circuit(1, 2, Graded(4), parameters=parameters).parameters == parameters
    assert chain_circuit(1, 2, Graded(32)).parameters.theta == 4096


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((0, 3, Graded(4)), "units is 0"),
        ((2, 0, Graded(4)), "populations is 0"),
        ((2, 3, Graded(4), ()), r"routes are \(\)"),
        ((2, 3, Graded(4), ("a", "a")), r"routes are \('a', 'a'\)"),
        ((2, 3, Graded(4), ("a1",)), "routes are"),
        ((2, 3, Graded(4), ("a", "b2")), "routes are"),
        ((2, 3, Graded(4), ("a",), Parameters(theta=1028)), "theta is 1028"),
    ],
)
def test_a_bad_argument_of_a_chain_is_named(arguments, message):
    with pytest.raises(InputError, match=message):
        chain_circuit(*arguments)
