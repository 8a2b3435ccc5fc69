"""Gated chains: values arrive unchanged on the route that opens, and drift as computed if levels are random."""

from __future__ import annotations

import numpy as np
import pytest
from scenarios.graded import copy_values

from pynn_backprop.circuit.chain import ChainSchedule, chain_circuit
from pynn_backprop.codes.binary import Binary
from pynn_backprop.codes.graded import Graded
from pynn_backprop.errors import InputError
from pynn_backprop.platforms import ReferencePlatform
from pynn_backprop.reference.steps import StepSimulator
from pynn_backprop.spikes import check_silence
from pynn_backprop.tasks.copy_chain import chain_sources, drift

REFERENCE = ReferencePlatform()


@pytest.mark.parametrize("code", [Binary(), Graded(5), Graded(32), Graded(32, "fixed")], ids=lambda code: code.name)
def test_every_value_arrives_unchanged_in_all_of_ten_populations(code):
    circuit = chain_circuit(3, 10, code, routes=("a", "b"))
    generator = np.random.default_rng(0)
    values = generator.integers(0, code.n + 1, (50, 3)) / code.n
    routes = generator.choice(["a", "b"], 50)
    shares = copy_values(REFERENCE, circuit, values, list(routes), runs=2)
    for route, share in shares.items():
        assert share.shape == (50, 10, 3)
        wanted = np.where((routes == route)[:, None], values, 0)
        np.testing.assert_allclose(share, np.repeat(wanted[:, None], 10, axis=1), atol=1e-12)


@pytest.mark.parametrize("n", [8, 32])
def test_with_noise_values_drift_as_computed(n):
    """1,200 values of 1/2: a standard deviation is known to 2 %, a mean to 0.005 to 0.015; 4 of these are allowed."""
    circuit = chain_circuit(4, 10, Graded(n, "noise", seed=1))
    share = copy_values(REFERENCE, circuit, np.full((300, 4), 0.5), ["a"] * 300)["a"]
    copies = np.arange(1, 11)
    expected = drift(0.5, n, copies)
    spread = share.transpose(1, 0, 2).reshape(10, -1)
    np.testing.assert_allclose(spread.std(axis=1), expected, rtol=0.08)
    assert (np.abs(spread.mean(axis=1) - 0.5) < 4 * expected / np.sqrt(1_200)).all()


def test_the_drift_begins_binomially_and_ends_at_nothing_or_everything():
    assert drift(0.3, 16, np.array([0, 1])) == pytest.approx([0, np.sqrt(0.3 * 0.7 / 16)])
    assert drift(0.3, 16, np.array([10_000])) == pytest.approx(np.sqrt(0.3 * 0.7))


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


def test_the_schedule_has_a_phase_for_each_population():
    schedule = ChainSchedule(2)
    assert (schedule.length, schedule.labels) == (4, ("rest", "population 0", "population 1", "population 2"))
    assert not schedule.training


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((0, 3, Graded(4)), "units is 0"),
        ((2, 0, Graded(4)), "populations is 0"),
        ((2, 3, Graded(4), ()), "routes are"),
        ((2, 3, Graded(4), ("a", "a")), "routes are"),
        ((2, 3, Graded(4), ("a1",)), "routes are"),
    ],
)
def test_a_bad_argument_of_a_chain_is_named(arguments, message):
    with pytest.raises(InputError, match=message):
        chain_circuit(*arguments)


def test_unknown_routes_and_wrong_numbers_of_them_are_refused():
    circuit = chain_circuit(1, 2, Graded(4))
    with pytest.raises(InputError, match="route is 'z' but must be one of a"):
        copy_values(REFERENCE, circuit, np.ones((1, 1)), ["z"])
    with pytest.raises(InputError, match="there are 2 samples but 1 routes"):
        copy_values(REFERENCE, circuit, np.ones((2, 1)), ["a"])
    with pytest.raises(InputError, match="training is True"):
        ChainSchedule(2, training=True)
