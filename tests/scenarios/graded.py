"""Graded circuits: the same spikes, weights and potentials as the step simulator and the oracle; and gated chains."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from pynn_backprop.circuit.chain import chain_circuit, copy_values
from pynn_backprop.circuit.parameters import Parameters, graded_parameters
from pynn_backprop.circuit.published import inference_circuit, training_circuit
from pynn_backprop.codes.code import Code, Graded
from pynn_backprop.codes.graded_weights import graded_initial_weights
from pynn_backprop.interfaces import Platform
from pynn_backprop.reference.graded_rule import GradedOracle
from pynn_backprop.reference.steps import StepSimulator
from pynn_backprop.spikes import merged
from pynn_backprop.tasks.graded_tasks import map_samples, random_map, xor_samples
from pynn_backprop.weights import Weights

from .equality import case_exercises_every_population, same_copies, same_spikes, same_weights


@dataclass(frozen=True)
class GradedCase:
    """Samples and targets, bool in neurons, and weights that a network of these units starts from."""

    units: tuple[int, ...]
    code: Code
    x: np.ndarray
    targets: np.ndarray
    weights: Weights
    parameters: Parameters

    def parts(self, *cuts: int) -> list[tuple[np.ndarray, np.ndarray]]:
        """Samples and targets, cut in parts."""
        edges = [0, *cuts, len(self.x)]
        return [(self.x[low:high], self.targets[low:high]) for low, high in pairwise(edges)]


def linear_map_case(n: int = 32, samples: int = 200, dither: str = "rotating") -> GradedCase:
    """A linear map of 4 values to 3."""
    code, matrix, p = Graded(n, dither, seed=3), random_map(0), graded_parameters(n)
    x, targets = map_samples(matrix, code, samples, seed=0)
    return GradedCase((4, 3), code, x, targets, graded_initial_weights((4, 3), 0, code, p), p)


def xor_case(n: int = 32, samples: int = 100, hidden: int = 12, dither: str = "rotating") -> GradedCase:
    """The first presentations of XOR."""
    code, p, units = Graded(n, dither, seed=3), graded_parameters(n), (3, hidden, 1)
    x, targets = xor_samples(code, samples, seed=0)
    return GradedCase(units, code, x, targets, graded_initial_weights(units, 0, code, p), p)


def random_graded_case(units: tuple[int, ...], code: Code, samples: int, seed: int = 0) -> GradedCase:
    """Random values, targets and weights between neurons; even ones, as a Loihi synapse of either sign holds them."""
    generator, p = np.random.default_rng(seed), graded_parameters(code.n)
    sizes = [unit * code.n for unit in units]
    weights = {
        f"W{k}": 2 * generator.integers(-30 if k < len(units) - 1 else -10, 55, shape)
        for k, shape in enumerate(pairwise(sizes), 1)
    }
    x, targets = (code.fire(generator.random((samples, size))) for size in (units[0], units[-1]))
    return GradedCase(units, code, x, targets, weights, p)


def training_equals_step_simulator_and_oracle(platform: Platform, case: GradedCase, *cuts: int) -> None:
    """Every spike of every population, outputs, weights and all their copies, in several runs."""
    circuit = training_circuit(case.units, case.parameters, case.code)
    steps, oracle = (
        StepSimulator(circuit, case.weights),
        GradedOracle(case.weights, case.code, case.parameters),
    )
    expected = oracle.train(case.x, case.targets)
    np.testing.assert_array_equal(steps.train(case.x, case.targets).outputs, expected.outputs)
    same_weights(steps.weights(), oracle.weights())
    assert all((matrix != case.weights[name]).any() for name, matrix in oracle.weights().items())
    spikes = steps.take_spikes()
    case_exercises_every_population(spikes)

    network = platform.build(circuit, case.weights, [p.name for p in circuit.populations])
    try:
        outputs, found = [], []
        for x, targets in case.parts(*cuts):
            outputs.append(network.train(x, targets).outputs)
            found.append(network.take_spikes())
        same_spikes(merged(found), spikes, steps, platform)
        np.testing.assert_array_equal(np.concatenate(outputs), expected.outputs)
        same_weights(network.weights(), oracle.weights())
        same_copies(network, oracle.weights())
    finally:
        network.close()


def a_pause_of_any_length_changes_nothing(platform: Platform, case: GradedCase, *pauses: int) -> None:
    """The simulator runs on for so many steps before each part; the levels go on as if it had not."""
    circuit = training_circuit(case.units, case.parameters, case.code)
    steps = StepSimulator(circuit, case.weights)
    steps.train(case.x, case.targets)
    network = platform.build(circuit, case.weights, [p.name for p in circuit.populations])
    try:
        found = []
        for pause, part in zip(pauses, np.array_split(np.arange(len(case.x)), len(pauses)), strict=True):
            network.sim.run(float(pause))
            network.train(case.x[part], case.targets[part])
            found.append(network.take_spikes())
        same_spikes(merged(found), steps.take_spikes(), steps, platform)
        same_weights(network.weights(), steps.weights())
    finally:
        network.close()


def answers_equal_the_oracle(platform: Platform, case: GradedCase, *cuts: int) -> None:
    """Outputs and potentials of every neuron of the inference circuit."""
    expected = GradedOracle(case.weights, case.code, case.parameters).infer(case.x)
    assert 0.1 < expected.outputs.mean() < 0.9
    circuit = inference_circuit(case.units, case.parameters, probe=True, code=case.code)
    network = platform.build(circuit, case.weights)
    try:
        responses = [network.infer(x) for x, _ in case.parts(*cuts)]
        np.testing.assert_array_equal(np.concatenate([r.outputs for r in responses]), expected.outputs)
        np.testing.assert_array_equal(np.concatenate([r.potentials for r in responses]), expected.potentials)
    finally:
        network.close()


def a_network_that_goes_on_equals_the_oracle(platform: Platform, case: GradedCase, skipped: int) -> None:
    """A network that is built anew in the middle of training, from the weights of the moment, goes on as the oracle."""
    oracle = GradedOracle(case.weights, case.code, case.parameters)
    oracle.train(case.x[:skipped], case.targets[:skipped])
    start = oracle.weights()
    expected = oracle.train(case.x[skipped:], case.targets[skipped:])
    circuit = training_circuit(case.units, case.parameters, case.code)
    network = platform.build(circuit, start)
    try:
        network.skip(skipped)
        np.testing.assert_array_equal(network.train(case.x[skipped:], case.targets[skipped:]).outputs, expected.outputs)
        same_weights(network.weights(), oracle.weights())
    finally:
        network.close()


def a_chain_copies_values_down_the_route_that_opens(
    platform: Platform, n: int = 16, populations: int = 10, samples: int = 100, dither: str = "rotating"
) -> None:
    """Every population of the open route holds the value, exactly; the closed route is silent."""
    circuit = chain_circuit(2, populations, Graded(n, dither), routes=("a", "b"))
    generator = np.random.default_rng(0)
    values = generator.integers(0, n + 1, (samples, 2)) / n
    routes = generator.choice(["a", "b"], samples)
    shares = copy_values(platform, circuit, values, list(routes), runs=3)
    for route, share in shares.items():
        wanted = np.where((routes == route)[:, None], values, 0)
        np.testing.assert_allclose(share, np.repeat(wanted[:, None], populations, axis=1), atol=1e-12)
