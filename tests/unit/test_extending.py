"""The templates of docs/extending.md are short, and do what the page says."""

from __future__ import annotations

from types import ModuleType

import numpy as np
import pytest
from extending import MOST_LINES, names_in, sections, template

from pynn_backprop.circuit.inference import inference_circuit
from pynn_backprop.circuit.training import training_circuit
from pynn_backprop.codes.code import code_of
from pynn_backprop.interfaces import Backend, Maps
from pynn_backprop.platforms import ReferencePlatform
from pynn_backprop.reference.rule import Rule
from pynn_backprop.reference.steps import StepSimulator
from pynn_backprop.simulation.backends.registry import for_simulator


def test_there_is_a_template_for_everything_that_can_be_added():
    assert sections() == [
        "A simulator backend",
        "A code",
        "A circuit",
        "A benchmark case",
        "A benchmark platform",
        "A meter of energy",
        "A chip",
    ]


@pytest.mark.parametrize("section", sections())
def test_a_template_has_at_most_20_lines(section):
    assert len(template(section).splitlines()) <= MOST_LINES


def test_a_backend_is_found_by_the_attribute_of_a_pynn_module():
    backend, module = names_in("A simulator backend")["BACKEND"], ModuleType("my_simulator")
    module.pynn_backprop_backend = backend
    assert isinstance(backend, Backend)
    assert for_simulator(module) is backend
    assert (backend.name, backend.traits.layout, backend.traits.samples_per_run) == ("brian2-separate", "separate", 100)


def test_rule_and_circuit_are_equal_with_the_new_code():
    code, generator = names_in("A code")["Repeated"](5), np.random.default_rng(3)
    circuit = training_circuit((4, 3, 2), code=code)
    weights = {
        "W1": 2 * generator.integers(-20, 45, (20, 15)),
        "W2": 2 * generator.integers(-20, 45, (15, 10)),
    }
    x, labels = code.fire(generator.integers(0, 2, (60, 4))), generator.integers(0, 2, 60)
    rule, steps = Rule(weights, circuit.parameters, code), StepSimulator(circuit, weights)
    one, other = rule.train(x, labels), steps.train(x, labels)
    np.testing.assert_array_equal(one.outputs, other.outputs)
    for name, matrix in rule.weights().items():
        np.testing.assert_array_equal(matrix, steps.weights()[name])
        assert (matrix != weights[name]).any()
    # The neurons of a unit that start with the same weights never differ.
    fired = StepSimulator(inference_circuit((4, 2), code=code), {"W1": np.full((20, 10), 40)}).infer(x).outputs
    assert set(fired.reshape(60, 2, 5).sum(axis=2).ravel()) == {0, 5}


def test_the_new_code_comes_back_from_files():
    names = names_in("A code")
    code = names["Repeated"](3)
    assert code_of(code.arguments()).arguments() == {"kind": "repeated", "n": 3}
    assert code.name == "repeated 3"


def test_the_new_circuit_runs_on_a_platform():
    running = ReferencePlatform().build(names_in("A circuit")["any_circuit"](3), {}, ["any"])
    running.show({"input": np.array([[False] * 3, [False, True, True], [True, False, False]])})
    assert running.take_spikes()["any"].tolist() == [[3 * 2 + 2, 0], [3 * 3 + 2, 0]]


def test_the_new_chip_maps_what_was_built():
    class Simulator:
        class simulator:
            class state:
                populations = (np.zeros(200), np.zeros(100))

    backend = names_in("A chip")["BACKEND"]
    assert isinstance(backend, Maps)
    report = backend.mapping_report(Simulator, compartments_per_core=128)
    assert str(report) == "300 neurons take 3 cores"
    assert report.to_dict() == {"cores": 3, "neurons": 300}
