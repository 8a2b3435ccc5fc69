"""What gated chains hand down: values arrive unchanged on the route that opens, and drift if levels are random."""

from __future__ import annotations

import numpy as np
import pytest
from scenarios.graded import copy_values

from pynn_backprop.circuit.chain import chain_circuit
from pynn_backprop.codes.binary import Binary
from pynn_backprop.codes.graded import Graded
from pynn_backprop.errors import InputError
from pynn_backprop.platforms import ReferencePlatform
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
    assert drift(0.3, 4, np.array([2])) == pytest.approx(np.sqrt(0.3 * 0.7 * (1 - 0.75**2)))


def test_the_sources_are_the_values_the_open_route_and_fair_coins():
    circuit = chain_circuit(2, 2, Graded(4, "noise", seed=5), routes=("a", "b"))
    values, routes = np.tile([[0.5, 0.25], [1, 0]], (500, 1)), ["a", "b"] * 500
    fires = chain_sources(circuit, values, routes)
    assert set(fires) == {source.name for source in circuit.sources} - {"start"}
    np.testing.assert_array_equal(fires["input"], circuit.code.fire(values))
    assert fires["open a"].tolist() == [[True], [False]] * 500
    assert fires["open b"].tolist() == [[False], [True]] * 500
    noise = np.concatenate([table.ravel() for name, table in fires.items() if name.startswith("noise")])
    assert noise.mean() == pytest.approx(0.5, abs=5 * 0.5 / np.sqrt(noise.size))
    again = chain_sources(circuit, values, routes)
    assert all((again[name] == table).all() for name, table in fires.items())


def test_unknown_routes_and_wrong_numbers_of_them_are_refused():
    circuit = chain_circuit(1, 2, Graded(4))
    with pytest.raises(InputError, match="route is 'z' but must be one of a"):
        copy_values(REFERENCE, circuit, np.ones((1, 1)), ["z"])
    with pytest.raises(InputError, match="there are 2 samples but 1 routes"):
        copy_values(REFERENCE, circuit, np.ones((2, 1)), ["a"])
    with pytest.raises(InputError, match="values run from"):
        copy_values(REFERENCE, circuit, np.full((1, 1), 1.5), ["a"])
