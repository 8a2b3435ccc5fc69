"""The same spikes, weights and potentials as the step simulator and the oracle."""

from __future__ import annotations

import warnings
from dataclasses import replace

import numpy as np

from pynn_backprop.circuit.inference import inference_circuit
from pynn_backprop.circuit.training import FORMS
from pynn_backprop.interfaces import Platform
from pynn_backprop.reference.steps import StepSimulator
from pynn_backprop.simulation.backends.registry import load_simulator
from pynn_backprop.simulation.network import Network
from pynn_backprop.spikes import Spikes, check_gated, check_silence, first_difference, merged
from pynn_backprop.weights import Weights, check_copies, signed_copy

from .cases import Case


def training_spikes_equal_the_step_simulator(platform: Platform, case: Case, n_chunks: int = 3) -> None:
    """Every spike of every population while it learns; then outputs, weights and all their copies."""
    circuit = case.circuit()
    steps = StepSimulator(circuit, case.weights)
    expected = steps.train(case.x, case.labels)
    spikes = steps.take_spikes()
    case_exercises_every_population(spikes)

    network = platform.build(circuit, case.weights, [p.name for p in circuit.populations])
    try:
        responses, parts = [], []
        for x, labels in case.chunks(n_chunks):
            responses.append(network.train(x, labels))
            parts.append(network.take_spikes())
        same_spikes(merged(parts), spikes, steps, platform)
        np.testing.assert_array_equal(np.concatenate([r.outputs for r in responses]), expected.outputs)
        same_weights(network.weights(), steps.weights())
        same_copies(network, steps.weights())
    finally:
        network.close()


def training_equals_the_step_simulator_run_by_run(
    platform: Platform, case: Case, samples_per_run: int | None = None
) -> None:
    """Every spike and output of each run is compared before the next begins; in the end all copies of the weights."""
    circuit = case.circuit()
    record = [p.name for p in circuit.populations if p.name != "start"]
    steps, network = StepSimulator(circuit, case.weights, record), platform.build(circuit, case.weights, record)
    n = samples_per_run or platform.samples_per_run
    try:
        for first in range(0, len(case.x), n):
            x, labels = case.x[first : first + n], case.labels[first : first + n]
            expected, found = steps.train(x, labels), network.train(x, labels)
            same_spikes(network.take_spikes(), steps.take_spikes(), steps, platform)
            np.testing.assert_array_equal(found.outputs, expected.outputs)
        same_weights(network.weights(), steps.weights())
        same_copies(network, steps.weights())
    finally:
        network.close()


def inference_spikes_equal_the_step_simulator(
    platform: Platform, case: Case, n_chunks: int = 3, probe: bool = True, record_probe: bool = False
) -> None:
    """Every spike of every population of the inference circuit, its outputs, and the probe's potentials."""
    circuit = inference_circuit(case.layer_sizes, case.parameters, probe=probe)
    record = [p.name for p in circuit.populations if record_probe or p.role != "probe"]
    steps = StepSimulator(circuit, case.weights, record)
    expected = steps.infer(case.x)
    spikes = steps.take_spikes()
    case_exercises_every_population(spikes)

    network = platform.build(circuit, case.weights, record)
    try:
        responses, parts = [], []
        for x, _ in case.chunks(n_chunks):
            responses.append(network.infer(x))
            parts.append(network.take_spikes())
        same_spikes(merged(parts), spikes, steps, platform)
        np.testing.assert_array_equal(np.concatenate([r.outputs for r in responses]), expected.outputs)
        if probe:
            potentials = np.concatenate([r.potentials for r in responses])
            np.testing.assert_array_equal(potentials, case.rule().infer(case.x).potentials)
        same_weights(network.weights(), case.weights)
    finally:
        network.close()


def weights_equal_the_oracle(platform: Platform, case: Case, n_chunks: int = 3) -> None:
    """Every weight and every copy after training, and the outputs on the way, with nothing recorded."""
    oracle = case.rule()
    expected = oracle.train(case.x, case.labels)
    assert all((matrix != case.weights[name]).any() for name, matrix in oracle.weights().items())

    network = platform.build(case.circuit(), case.weights)
    try:
        outputs = [network.train(x, labels).outputs for x, labels in case.chunks(n_chunks)]
        np.testing.assert_array_equal(np.concatenate(outputs), expected.outputs)
        same_weights(network.weights(), oracle.weights())
        same_copies(network, oracle.weights())
    finally:
        network.close()


def both_forms_learn_the_same(platform: Platform, case: Case) -> None:
    """The same weights and outputs, from other spikes; the error-gated form spends them only on errors."""
    found = {}
    for form in FORMS:
        circuit = replace(case, form=form).circuit()
        network = platform.build(circuit, case.weights, [p.name for p in circuit.populations])
        try:
            outputs = network.train(case.x, case.labels).outputs
            found[form] = outputs, network.weights(), network.take_spikes()
            same_copies(network, network.weights())
        finally:
            network.close()
        if "e" in found[form][2]:
            check_gated(found[form][2], circuit)
    (outputs, weights, spikes), (others, same, other_spikes) = found["compact"], found["published"]
    np.testing.assert_array_equal(outputs, others)
    same_weights(weights, same)
    assert sum(map(len, spikes.values())) != sum(map(len, other_spikes.values()))


def populations_are_silent_where_they_must_be(platform: Platform, case: Case, record: tuple[str, ...]) -> None:
    """The check that users can call, on what the platform recorded."""
    circuit = case.circuit()
    network = platform.build(circuit, case.weights, record)
    try:
        network.train(case.x, case.labels)
        spikes = network.take_spikes()
        assert set(spikes) == set(record)
        assert all(len(table) for table in spikes.values())
        check_silence(spikes, circuit)
    finally:
        network.close()


def reading_weights_in_between_changes_nothing(platform: Platform, case: Case, n_chunks: int = 4) -> None:
    """After every part the weights are the oracle's, however often they are read, and so are the spikes in the end."""
    circuit = case.circuit()
    oracle, steps = case.rule(), StepSimulator(circuit, case.weights)
    steps.train(case.x, case.labels)
    network = platform.build(circuit, case.weights, [p.name for p in circuit.populations])
    try:
        same_weights(network.weights(), case.weights)
        parts = []
        for number, (x, labels) in enumerate(case.chunks(n_chunks)):
            before = oracle.weights()
            oracle.train(x, labels)
            assert any((matrix != before[name]).any() for name, matrix in oracle.weights().items())
            network.train(x, labels)
            parts.append(network.take_spikes())
            for _ in range(number + 1):
                same_weights(network.weights(), oracle.weights())
            network.check_copies()
            same_copies(network, oracle.weights())
        same_spikes(merged(parts), steps.take_spikes(), steps, platform)
    finally:
        network.close()


def a_pause_of_any_length_between_runs_loses_no_spike(platform: Platform, case: Case) -> None:
    """The simulator runs on between two runs, by every part of a cycle; it does so by itself when weights are read."""
    circuit = case.circuit()
    steps = StepSimulator(circuit, case.weights)
    steps.train(case.x, case.labels)
    network = platform.build(circuit, case.weights, [p.name for p in circuit.populations])
    try:
        parts = []
        pauses = range(circuit.schedule.length + 1)
        for pause, x, labels in zip(
            pauses, np.array_split(case.x, len(pauses)), np.array_split(case.labels, len(pauses)), strict=True
        ):
            if pause:
                network.sim.run(float(pause))
            network.train(x, labels)
            parts.append(network.take_spikes())
        same_spikes(merged(parts), steps.take_spikes(), steps, platform)
        same_weights(network.weights(), steps.weights())
    finally:
        network.close()


def a_pause_before_the_first_run_loses_no_spike(platform: Platform, case: Case, pause: int) -> None:
    """As when the weights of a new network are read."""
    oracle = case.rule()
    expected = oracle.train(case.x, case.labels)
    network = platform.build(case.circuit(), case.weights)
    try:
        network.sim.run(float(pause))
        np.testing.assert_array_equal(network.train(case.x, case.labels).outputs, expected.outputs)
        same_weights(network.weights(), oracle.weights())
    finally:
        network.close()


def training_warns_of_nothing(platform: Platform, case: Case) -> None:
    """Neither the package nor what it stands on, with everything recorded."""
    circuit = case.circuit()
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        load_simulator(platform.name)  # whose filters pytest has taken away
        network = platform.build(circuit, case.weights, [p.name for p in circuit.populations])
        try:
            for x, labels in case.chunks(2):
                network.train(x, labels)
                network.weights()
        finally:
            network.close()


def a_second_network_starts_afresh(platform: Platform, case: Case, other: Case) -> None:
    """A network that is built after another learns as if there had been no other."""
    for each in (other, case):
        weights_equal_the_oracle(platform, each)


# --- pieces


def case_exercises_every_population(spikes: Spikes) -> None:
    """Else equal spikes would say little.  Sources that only start the ring, and probes, are silent by design."""
    silent = {name for name, table in spikes.items() if not len(table)} - {"start", "v_o"}
    assert not silent, f"nothing fires in {silent}: choose another case"


def same_spikes(found: Spikes, expected: Spikes, steps: StepSimulator, platform: Platform) -> None:
    check_silence(found, steps.circuit)
    difference = first_difference(found, expected, steps.circuit, (platform.name, "the step simulator"))
    assert difference is None, str(difference)


def same_weights(found: Weights, expected: Weights) -> None:
    assert list(found) == list(expected)
    for name, matrix in expected.items():
        np.testing.assert_array_equal(found[name], matrix, err_msg=name)


def same_copies(network: Network, expected: Weights) -> None:
    copies = network.copies()
    check_copies(network.circuit, copies)
    for projection in network.circuit.projections:
        if projection.matrix:
            matrix = signed_copy(expected[projection.matrix], projection.sign, projection.transpose)
            np.testing.assert_array_equal(copies[projection.label], matrix, err_msg=projection.label)
