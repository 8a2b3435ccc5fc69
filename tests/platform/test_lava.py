"""What is Lava's own: stock processes, what a chip can't hold, and how long it takes."""

from __future__ import annotations

import time
from dataclasses import replace

import numpy as np
import pytest
from scenarios import equality
from scenarios.cases import random_case
from simulators import skip_without_lava

from pynn_backprop.circuit.parameters import Parameters
from pynn_backprop.circuit.training import training_circuit
from pynn_backprop.errors import InputError
from pynn_backprop.interfaces import Options
from pynn_backprop.platforms import PyNNPlatform, get_platform
from pynn_backprop.reference.rule import Rule
from pynn_backprop.reference.steps import StepSimulator
from pynn_backprop.simulation.network import Network

skip_without_lava()


SMALL = random_case((30, 20, 4), 20, seed=1)
"""For stock processes, which take a hundred times as long."""


@pytest.fixture
def fast() -> PyNNPlatform:
    return get_platform("lava", Options(variant="fast"))


@pytest.fixture
def stock() -> PyNNPlatform:
    return get_platform("lava", Options(variant="stock"))


# --- stock processes


@pytest.mark.slow
def test_every_spike_of_stock_processes_equals_the_step_simulator(stock):
    equality.training_spikes_equal_the_step_simulator(stock, SMALL, n_chunks=2)


def test_every_answer_of_stock_processes_equals_the_step_simulator(stock):
    equality.inference_spikes_equal_the_step_simulator(stock, SMALL, n_chunks=2)


@pytest.mark.slow
def test_both_engines_learn_the_same_when_weights_reach_their_bounds(fast, stock):
    """Half of the weights start at a bound, which they would pass if there were none."""
    generator = np.random.default_rng(3)
    case = random_case((30, 20, 4), 8, seed=3, density=0.4, theta=256)
    for matrix in case.weights.values():
        bound = generator.random(matrix.shape) < 0.5
        matrix[bound] = np.where(matrix[bound] > 0, 254, -254)
    without = training_circuit(case.layer_sizes, replace(case.parameters, w_max=1_000))
    free = StepSimulator(without, case.weights)
    free.train(case.x, case.labels)
    assert all((matrix > 254).any() and (matrix < -254).any() for matrix in free.weights().values())
    for platform in (fast, stock):
        equality.training_spikes_equal_the_step_simulator(platform, case, n_chunks=1)


# --- what is refused


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (Options(variant="loihi"), "variant is 'loihi' but must be one of auto, emulator, fast, stock"),
        (Options(threads=2), "threads is 2 but must be 1 on Lava"),
        (Options(layout="fused"), "layout is 'fused' but must be separate on Lava"),
    ],
)
def test_choices_that_lava_does_not_have_are_refused(options, message):
    with pytest.raises(InputError, match=message):
        get_platform("lava", options)


def test_odd_weights_are_refused_with_the_nearest(fast):
    case = replace(SMALL, weights={**SMALL.weights, "W1": np.full((30, 20), 201)})
    with pytest.raises(InputError, match=r"weight of 'x->h.*' is 201 mV.*nearest value is 200 mV.*8 bits"):
        fast.build(training_circuit(case.layer_sizes), case.weights)


def test_a_circuit_whose_numbers_do_not_fit_is_refused(fast):
    parameters = Parameters(theta=30_000, bias=60_000)
    case = replace(SMALL, parameters=parameters)
    with pytest.raises(InputError, match="which Lava can't hold exactly"):
        fast.build(training_circuit(case.layer_sizes, parameters), case.weights)


# --- how long it takes


def test_the_published_network_starts_in_two_seconds_and_takes_eight_milliseconds_a_sample(fast, two_thousand_images):
    """After a first network, with which Lava is imported and the kernels are loaded."""
    case = two_thousand_images
    Rule(case.weights).train(case.x[:1], case.labels[:1])
    networks = []
    for _ in range(2):
        start = time.perf_counter()
        network = fast.build(training_circuit(case.layer_sizes), case.weights)
        try:
            network.train(case.x[:1], case.labels[:1])
            ready = time.perf_counter() - start
            start = time.perf_counter()
            network.train(case.x[1:501], case.labels[1:501])
            networks.append((ready, (time.perf_counter() - start) / 500))
        finally:
            network.close()
    assert min(ready for ready, _ in networks) < 2
    assert min(sample for _, sample in networks) < 0.008


def test_the_platform_names_its_engine(fast):
    assert isinstance(fast.build(training_circuit((4, 2)), Rule({"W1": np.zeros((4, 2), int)}).weights()), Network)
    assert fast.describe()["variant"] == "fast"
    assert fast.describe()["Lava"] == "0.10.0"
