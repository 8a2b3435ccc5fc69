"""Each option of a learning rule: the same spikes, weights and answers as the step simulator and the rule."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import pairwise
from types import MappingProxyType
from typing import Any

import numpy as np

from pynn_backprop.circuit.circuit import Circuit
from pynn_backprop.circuit.inference import inference_circuit
from pynn_backprop.circuit.parameters import MARGIN, default_parameters
from pynn_backprop.circuit.training import training_circuit
from pynn_backprop.codes.code import Code
from pynn_backprop.interfaces import Platform
from pynn_backprop.learning.presentation import Presentation
from pynn_backprop.learning.training import Trainer
from pynn_backprop.platforms import ReferencePlatform
from pynn_backprop.reference.rule import Rule
from pynn_backprop.reference.steps import StepSimulator
from pynn_backprop.spikes import merged
from pynn_backprop.weights import Weights

from .equality import case_exercises_every_population, same_copies, same_spikes, same_weights

OPTIONS: Mapping[str, Mapping[str, Any]] = MappingProxyType(
    {
        "margin": {"output_error": MARGIN},
        "hidden threshold": {"hidden_threshold": 64},
        "thinning": {"thinning": 3},
        "all": {"output_error": MARGIN, "hidden_threshold": 64, "thinning": 3},
    }
)
"""Arguments of :class:`Parameters`: each option alone, and all of them."""


@dataclass(frozen=True)
class RuleCase:
    """Samples with their labels, and a circuit that learns them from these weights."""

    circuit: Circuit
    x: np.ndarray
    labels: np.ndarray
    weights: Weights

    def rule(self) -> Rule:
        circuit = self.circuit
        return Rule(self.weights, circuit.parameters, circuit.code, circuit.schedule.form)


def rule_case(units: tuple[int, ...], code: Code, form: str, samples: int, options: Mapping[str, Any]) -> RuleCase:
    """Random samples, and even weights, with which all layers are active and neither silent nor saturated."""
    generator = np.random.default_rng(1)
    parameters = replace(default_parameters(code, units), **options)
    # Drives of about half a threshold, whatever the size of a layer.
    weights = {
        f"W{k}": 2 * generator.integers(-50, 50 + parameters.theta // (below * code.n), (below * code.n, size * code.n))
        for k, (below, size) in enumerate(pairwise(units), 1)
    }
    weights = {name: np.clip(matrix, -parameters.w_max, parameters.w_max) for name, matrix in weights.items()}
    x = code.fire(generator.random((samples, units[0])))
    labels = generator.integers(0, units[-1], samples)
    return RuleCase(training_circuit(units, parameters, code, form), x, labels, weights)


def learning_equals_the_rule(platform: Platform, case: RuleCase, *cuts: int) -> None:
    """Every spike of every population, outputs, weights and all their copies, in several runs."""
    rule, steps = case.rule(), StepSimulator(case.circuit, case.weights)
    expected = rule.train(case.x, case.labels)
    np.testing.assert_array_equal(steps.train(case.x, case.labels).outputs, expected.outputs)
    same_weights(steps.weights(), rule.weights())
    assert all((matrix != case.weights[name]).any() for name, matrix in rule.weights().items())
    spikes = steps.take_spikes()
    case_exercises_every_population(spikes)
    network = platform.build(case.circuit, case.weights, [p.name for p in case.circuit.populations])
    try:
        outputs, found = [], []
        for part in np.split(np.arange(len(case.x)), cuts):
            outputs.append(network.train(case.x[part], case.labels[part]).outputs)
            found.append(network.take_spikes())
        same_spikes(merged(found), spikes, steps, platform)
        np.testing.assert_array_equal(np.concatenate(outputs), expected.outputs)
        same_weights(network.weights(), rule.weights())
        same_copies(network, rule.weights())
    finally:
        network.close()


def a_read_out_answers_as_the_rule(platform: Platform, case: RuleCase, levels: int, *cuts: int) -> None:
    """Every spike of the inference circuit, and how many neurons of the read-out fire, in several runs."""
    parameters, code = case.circuit.parameters, case.circuit.code
    circuit = inference_circuit(case.circuit.units, parameters, True, code, levels)
    expected = Rule(case.weights, parameters, code, readout_levels=levels).infer(case.x)
    assert expected.readout is not None
    assert len(np.unique(expected.readout)) > levels // 2, "the case must use the levels"
    record = [p.name for p in circuit.populations if p.role != "probe"]
    steps = StepSimulator(circuit, case.weights, record)
    np.testing.assert_array_equal(steps.infer(case.x).readout, expected.readout)
    network = platform.build(circuit, case.weights, record)
    try:
        responses, found = [], []
        for part in np.split(np.arange(len(case.x)), cuts):
            responses.append(network.infer(case.x[part]))
            found.append(network.take_spikes())
        same_spikes(merged(found), steps.take_spikes(), steps, platform)
        for name in ("outputs", "potentials", "readout"):
            values = np.concatenate([getattr(response, name) for response in responses])
            np.testing.assert_array_equal(values, getattr(expected, name), err_msg=name)
    finally:
        network.close()


def epochs_of_different_thinning_equal_the_rule(platform: Platform, case: RuleCase, stop: int) -> None:
    """Three epochs with factors 1, 2 and 9; one that is interrupted after `stop` samples and goes on ends as equal."""
    presentation, thinning = Presentation(3, seed=5), (1, 2, 9)
    expected, _ = Trainer(ReferencePlatform(), case.circuit, presentation, thinning=thinning).train(
        case.x, case.labels, case.weights
    )
    trainer = Trainer(platform, case.circuit, presentation, thinning=thinning)
    shown: list[int] = []
    weights, progress = trainer.train(
        case.x,
        case.labels,
        case.weights,
        stop_at=[stop],
        callbacks=[lambda progress: shown.append(progress.shown)],
        interrupted=lambda: shown[-1] >= stop,
        check=True,
    )
    assert progress.shown == stop
    weights, progress = trainer.train(case.x, case.labels, weights, progress=progress, check=True)
    assert progress.shown == 3 * len(case.x)
    same_weights(weights, expected)
