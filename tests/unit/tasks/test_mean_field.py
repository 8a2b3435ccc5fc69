"""The mean-field law of a graded transfer, in its equations and in spiking neurons that integrate them."""

from __future__ import annotations

import numpy as np
import pytest

from pynn_backprop.tasks.mean_field import LeakyPopulation, simulate_chain, transfer_strength

RATIOS = (0.5, 1.0, 2.0)


@pytest.mark.parametrize("ratio", RATIOS)
def test_the_law_is_that_of_two_coupled_currents(ratio):
    """tau dI/dt = -I + S m with m = the sender's decaying current, integrated in steps of tau / 100,000."""
    steps = round(100_000 * ratio)
    dt = ratio / steps
    sender, receiver, strength = 1.0, 0.0, transfer_strength(ratio)
    for _ in range(steps):
        sender, receiver = sender * (1 - dt), receiver + dt * (strength * sender - receiver)
    assert receiver == pytest.approx(1, abs=1e-3)


def test_one_time_constant_needs_the_least_strength():
    assert transfer_strength(1.0) == pytest.approx(np.e)
    assert min(map(transfer_strength, np.linspace(0.2, 3, 281))) == pytest.approx(np.e, rel=1e-4)


def gains(ratio: float, factor: float, value: float, copies: int = 5) -> float:
    """Mean gain of a copy, from the currents at which the populations of a chain begin."""
    population = LeakyPopulation()
    window = ratio * population.tau_syn
    _, currents = simulate_chain(population, factor * transfer_strength(ratio), window, value, copies + 1)
    last = currents[copies * round(window / 0.1) - 1, copies]
    return float((last / (value * population.largest)) ** (1 / copies))


@pytest.mark.parametrize("value", [0.2, 0.4, 0.6, 0.8])
@pytest.mark.parametrize("ratio", RATIOS)
def test_spiking_populations_copy_a_value_with_the_strength_of_the_law(ratio, value):
    assert gains(ratio, 1.0, value) == pytest.approx(1, abs=0.002)


@pytest.mark.parametrize("factor", [0.8, 1.2])
@pytest.mark.parametrize("ratio", RATIOS)
def test_another_strength_changes_the_value_in_proportion(ratio, factor):
    assert gains(ratio, factor, 0.2) == pytest.approx(factor, rel=0.01)


def test_only_the_population_whose_window_is_open_fires():
    population = LeakyPopulation(n=50)
    counts, currents = simulate_chain(population, transfer_strength(1.0), 10.0, 0.5, 4)
    assert counts.shape == (4,)
    assert currents.shape == (400, 4)
    assert (counts > 0).all()
    assert (currents[:100, 2:] == 0).all()
