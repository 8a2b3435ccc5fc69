"""The strengths of a circuit: gates that open at their edges, copies, and what inhibition holds."""

from __future__ import annotations

import re

import numpy as np
import pytest

from pynn_backprop.circuit.parameters import Parameters, default_parameters, graded_parameters
from pynn_backprop.codes.binary import Binary
from pynn_backprop.codes.graded import Graded
from pynn_backprop.errors import InputError

THETAS = [32, 64, 1024, 1026, 1152, 6400, 8192]


def test_the_default_strengths_are_the_published_ones_but_for_the_inhibition():
    p = Parameters()
    assert (p.theta, p.bias, p.eta, p.w_max) == (1024, 8192, 2, 254)
    assert (p.half, p.low, p.high, p.copy, p.chain) == (8704, 9216, 8192, 520, 9280)
    assert (p.inhibition, p.largest_silent_drive) == (-2 * 8128, 25_472)


@pytest.mark.parametrize(
    ("theta", "copy", "margin"),
    [(64, 40, 64), (1022, 519, 64), (1040, 528, 65), (1280, 650, 80), (2048, 1040, 128), (4096, 2080, 256)],
)
def test_above_a_threshold_of_1024_margins_grow_with_it(theta, copy, margin):
    """A 128th of the threshold for a copy, a 16th for chain and inhibition; below it 8 and 64 as published."""
    p = Parameters(theta, bias=8 * theta)
    assert p.copy == copy
    assert p.chain == 9 * theta + margin
    assert p.inhibition == -2 * (8 * theta - margin)
    assert p.largest_silent_drive == 25 * theta - 2 * margin


@pytest.mark.parametrize("theta", THETAS)
@pytest.mark.parametrize(("gate", "edge"), [("half", 0.5), ("low", 0.0), ("high", 1.0)])
def test_a_gate_lets_exactly_the_drives_above_its_edge_through(theta, gate, edge):
    p = Parameters(theta=theta)
    limit = int(edge * theta)
    assert [-p.bias + getattr(p, gate) + drive > p.theta for drive in (limit, limit + 1)] == [False, True]


@pytest.mark.parametrize("theta", THETAS)
@pytest.mark.parametrize("bias_in_theta", [2, 8, 100])
def test_a_copy_fires_a_half_open_neuron_only_unless_another_one_takes_it_back(theta, bias_in_theta):
    p = Parameters(theta=theta, bias=bias_in_theta * theta)

    def fires(*arriving: int) -> bool:
        return sum(arriving) - p.bias > p.theta

    assert fires(p.half, p.copy)
    assert not fires(p.copy)
    assert not fires(p.copy, p.copy)
    assert not fires(p.half)
    assert not fires(p.half, p.copy, -p.copy)
    assert fires(p.chain)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *(("theta", value) for value in (0, -64, 30, 31, 33, 64.0, True, "64", None)),
        *(("bias", value) for value in (-1, 2047, 1, 4096.0, True, False, None)),
        *(("eta", value) for value in (0, -2, 2.0, True, None)),
        *(("w_max", value) for value in (0, -254, 1, 254.0, True, None)),
    ],
)
def test_a_bad_strength_is_named_with_its_value(name, value):
    with pytest.raises(InputError, match=rf"\b{name} is {re.escape(repr(value))} "):
        Parameters(**{name: value})


def test_the_smallest_strengths_are_allowed():
    assert Parameters(theta=32, bias=64, eta=1, w_max=1) == Parameters(32, 64, 1, 1)
    assert Parameters(eta=7, w_max=7).w_max == 7


# --- graded codes


def test_the_quantum_is_the_drive_worth_one_neuron():
    assert [Parameters(theta=1024).quantum(n) for n in (1, 2, 8, 512)] == [1024, 512, 128, 2]
    with pytest.raises(InputError, match="theta is 1024 but must be a multiple of 2 n = 24 for units of 12 neurons"):
        Parameters().quantum(12)
    with pytest.raises(InputError, match="multiple of 2 n = 2048"):
        Parameters().quantum(1024)


def test_graded_strengths_follow_from_the_quantum():
    assert graded_parameters(32) == Parameters(4096, bias=16384)
    assert graded_parameters(64, eta=4) == Parameters(8192, bias=16384, eta=4)
    assert graded_parameters(8, quantum=16, w_max=100) == Parameters(128, bias=512, w_max=100)


def test_each_code_has_its_default_strengths():
    assert default_parameters(Binary()) == Parameters()
    assert default_parameters(Graded(8)) == graded_parameters(8)


@pytest.mark.parametrize("n", [2, 8, 32, 64])
def test_as_many_neurons_fire_as_their_unit_to_unit_copy_says(n):
    p = graded_parameters(n)
    q, levels = p.quantum(n), np.arange(n)
    for m in range(n + 1):
        drive = -p.bias + p.half + q * (n - 1) // 2 - q * levels + m * Graded(n).unit_copy(p.copy, q)
        assert (drive > p.theta).sum() == m


def test_the_smallest_threshold_is_32():
    assert Parameters(theta=32).theta == 32
    with pytest.raises(InputError, match="theta is 31 but must be a whole number of at least 32"):
        Parameters(theta=31)
