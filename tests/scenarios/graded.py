"""Graded circuits: the same spikes, weights and potentials as the step simulator and the oracle; and gated chains."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import cast

import numpy as np

from pynn_backprop.circuit.chain import OPENS, chain_circuit
from pynn_backprop.circuit.circuit import Circuit
from pynn_backprop.circuit.inference import inference_circuit
from pynn_backprop.circuit.parameters import Parameters, graded_parameters
from pynn_backprop.circuit.training import DEFAULT_FORM, training_circuit
from pynn_backprop.codes.code import Code
from pynn_backprop.codes.graded import Graded
from pynn_backprop.interfaces import Platform, Shows
from pynn_backprop.reference.rule import Rule
from pynn_backprop.reference.steps import StepSimulator
from pynn_backprop.spikes import merged
from pynn_backprop.tasks.copy_chain import chain_sources
from pynn_backprop.tasks.linear_map import map_samples, random_map
from pynn_backprop.tasks.xor import xor_samples
from pynn_backprop.weights import Weights, initial_weights

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
    form: str = DEFAULT_FORM

    def circuit(self) -> Circuit:
        """What learns them."""
        return training_circuit(self.units, self.parameters, self.code, self.form)

    def rule(self) -> Rule:
        """What it must equal."""
        return Rule(self.weights, self.parameters, self.code, self.form)

    def parts(self, *cuts: int) -> list[tuple[np.ndarray, np.ndarray]]:
        """Samples and targets, cut in parts."""
        edges = [0, *cuts, len(self.x)]
        return [(self.x[low:high], self.targets[low:high]) for low, high in pairwise(edges)]


def linear_map_case(n: int = 32, samples: int = 200, dither: str = "rotating") -> GradedCase:
    """A linear map of 4 values to 3."""
    code, matrix, p = Graded(n, dither, seed=3), random_map(0), graded_parameters(n)
    x, targets = map_samples(matrix, code, samples, seed=0)
    return GradedCase((4, 3), code, x, targets, initial_weights((4, 3), 0, parameters=p, code=code), p)


def xor_case(n: int = 32, samples: int = 100, hidden: int = 12, dither: str = "rotating") -> GradedCase:
    """The first presentations of XOR."""
    code, p, units = Graded(n, dither, seed=3), graded_parameters(n), (3, hidden, 1)
    x, targets = xor_samples(code, samples, seed=0)
    return GradedCase(units, code, x, targets, initial_weights(units, 0, parameters=p, code=code), p)


def random_graded_case(
    units: tuple[int, ...], code: Code, samples: int, seed: int = 0, form: str = DEFAULT_FORM
) -> GradedCase:
    """Random values, targets and weights between neurons; even ones, as a Loihi synapse of either sign holds them."""
    generator, p = np.random.default_rng(seed), graded_parameters(code.n)
    sizes = [unit * code.n for unit in units]
    weights = {
        f"W{k}": 2 * generator.integers(-30 if k < len(units) - 1 else -10, 55, shape)
        for k, shape in enumerate(pairwise(sizes), 1)
    }
    x, targets = (code.fire(generator.random((samples, size))) for size in (units[0], units[-1]))
    return GradedCase(units, code, x, targets, weights, p, form)


def training_equals_step_simulator_and_oracle(platform: Platform, case: GradedCase, *cuts: int) -> None:
    """Every spike of every population, outputs, weights and all their copies, in several runs."""
    circuit = case.circuit()
    steps, oracle = (
        StepSimulator(circuit, case.weights),
        case.rule(),
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
    circuit = case.circuit()
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
    expected = case.rule().infer(case.x)
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
    oracle = case.rule()
    oracle.train(case.x[:skipped], case.targets[:skipped])
    start = oracle.weights()
    expected = oracle.train(case.x[skipped:], case.targets[skipped:])
    circuit = case.circuit()
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


def copy_values(
    platform: Platform, circuit: Circuit, values: np.ndarray, routes: Sequence[str], runs: int = 1
) -> dict[str, np.ndarray]:
    """Hand values down the chains of a circuit.

    Parameters
    ----------
    platform
        Where.
    circuit
        A :func:`chain_circuit`.
    values
        From 0 to 1, shape (n_samples, units).
    routes
        Which route opens for each sample, n_samples names.
    runs
        In how many runs of the simulator the samples are shown.

    Returns
    -------
    dict
        By route: the share of each unit's neurons that fire in each population, shape (n_samples, populations,
        units).  It is 0 all along a route that is closed.

    Raises
    ------
    InputError
        If a value is not from 0 to 1, or a route is none of the circuit's.
    """
    sources = chain_sources(circuit, values, routes)
    names = [population.name for population in circuit.populations if population.role == "data"]
    running = cast(Shows, platform.build(circuit, {}, names))
    try:
        for part in np.array_split(np.arange(len(values)), runs):
            running.show({name: fires[part] for name, fires in sources.items()})
        spikes = running.take_spikes()
    finally:
        running.close()
    depth, length = circuit.schedule.depth, circuit.schedule.length
    shares = {
        route: np.zeros((len(values), depth + 1, circuit.units[0]))
        for route in [source.name[len(OPENS) :] for source in circuit.sources if source.name.startswith(OPENS)]
    }
    for route, share in shares.items():
        for k in range(depth + 1):
            step, neuron = spikes[f"{route}{k}"].T
            np.add.at(share, (step // length - 1, k, neuron // circuit.code.n), 1 / circuit.code.n)
    return shares
