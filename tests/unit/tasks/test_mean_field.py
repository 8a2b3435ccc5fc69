"""The mean-field law of a graded transfer in its equations, and the neurons that follow it."""

from __future__ import annotations

import numpy as np
import pytest

from pynn_backprop.tasks.mean_field import LeakyPopulation, transfer_strength

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


def test_with_the_gate_open_neuron_k_fires_above_k_and_a_half_nths_of_the_largest_current():
    population = LeakyPopulation(n=5, largest=40.0)
    thresholds = 40.0 * (np.arange(5) + 0.5) / 5
    # The membrane settles where the current through its resistance, tau_m / cm, holds it.
    held = population.v_rest + (population.offsets + population.gate + thresholds) * population.tau_m / population.cm
    np.testing.assert_allclose(held, population.v_thresh)


def test_without_the_gate_even_the_largest_current_opens_no_neuron():
    population = LeakyPopulation()
    held = population.v_rest + (population.offsets + population.largest) * population.tau_m / population.cm
    assert held.max() < population.v_reset


def test_half_the_largest_current_makes_half_the_neurons_fire_once_an_interval():
    assert LeakyPopulation(n=50, largest=40.0).gain(0.5) * 20.0 == pytest.approx(25 / 0.5)
