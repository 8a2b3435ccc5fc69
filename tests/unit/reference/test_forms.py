"""Every form of the circuit computes the rule, at any depth, with any code; the error-gated one only where it must."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pynn_backprop.circuit.parameters import Parameters
from pynn_backprop.circuit.training import training_circuit
from pynn_backprop.codes.code import Code
from pynn_backprop.codes.graded import DITHERS, Graded
from pynn_backprop.errors import EqualityError
from pynn_backprop.platforms import ReferencePlatform
from pynn_backprop.reference.rule import Rule
from pynn_backprop.reference.steps import StepSimulator
from pynn_backprop.spikes import check_gated, check_silence, count_by_phase
from pynn_backprop.weights import Weights


def random_weights(units: tuple[int, ...], n: int, seed: int) -> Weights:
    """Weights with which all layers are active, and neither silent nor saturated."""
    generator = np.random.default_rng(seed)
    return {
        f"W{k}": 2 * generator.integers(-60, 100, (pre * n, post * n))
        for k, (pre, post) in enumerate(pairwise(units), 1)
    }


def same_as_the_rule(units: tuple[int, ...], code: Code, form: str, seed: int, samples: int = 20) -> StepSimulator:
    generator, parameters = np.random.default_rng(seed), Parameters(theta=128 * code.n, bias=2048 * code.n)
    weights = random_weights(units, code.n, seed)
    x = code.fire(generator.random((samples, units[0])))
    targets = code.fire(generator.random((samples, units[-1])))
    circuit = training_circuit(units, parameters, code, form)
    rule, steps = Rule(weights, parameters, code, form), StepSimulator(circuit, weights)
    for part in (slice(0, 7), slice(7, samples)):
        one, other = rule.train(x[part], targets[part]), steps.train(x[part], targets[part])
        np.testing.assert_array_equal(one.outputs, other.outputs)
        np.testing.assert_array_equal(one.potentials, other.potentials)
    found = steps.weights()
    for name, matrix in rule.weights().items():
        np.testing.assert_array_equal(matrix, found[name], err_msg=name)
    steps.check_copies()
    return steps


@given(
    units=st.lists(st.integers(1, 7), min_size=2, max_size=5),
    n=st.sampled_from([1, 1, 2, 4]),
    dither=st.sampled_from(DITHERS),
    seed=st.integers(0, 2**32),
)
@settings(max_examples=60, deadline=None)
def test_the_compact_circuit_computes_the_rule(units, n, dither, seed):
    steps = same_as_the_rule(tuple(units), Graded(n, dither, seed % 100), "compact", seed)
    spikes = steps.take_spikes()
    check_silence(spikes, steps.circuit)
    check_gated(spikes, steps.circuit)


@pytest.mark.parametrize("n", [1, 4])
@pytest.mark.parametrize(
    "units", [(6, 3), (12, 8, 3), (12, 8, 6, 3), (12, 10, 8, 6, 3), (10, 8, 8, 8, 6, 3)], ids=["1", "2", "3", "4", "5"]
)
def test_each_depth_changes_all_of_its_matrices(units, n):
    steps = same_as_the_rule(units, Graded(n), "compact", seed=0, samples=80)
    before = random_weights(units, n, seed=0)
    assert all((matrix != before[name]).any() for name, matrix in steps.weights().items())


@pytest.mark.parametrize("code", [Graded(1), Graded(4), Graded(4, "noise")], ids=lambda code: code.name)
@pytest.mark.parametrize("units", [(6, 3), (12, 8, 3)], ids=["1", "2"])
def test_both_forms_have_the_same_weights(units, code):
    one, other = (same_as_the_rule(units, code, form, seed=4, samples=40) for form in ("compact", "published"))
    for name, matrix in one.weights().items():
        np.testing.assert_array_equal(matrix, other.weights()[name])


def test_a_right_sample_costs_nothing_behind_e():
    """The weights answer 0 to both samples, which is right for the first one."""
    circuit = training_circuit((8, 2), form="compact")
    steps = StepSimulator(circuit, {"W1": np.tile([[200, -200]], (8, 1))})
    x = np.arange(8) // 4 == np.arange(2)[:, None]
    steps.train(x, np.array([0, 1]))
    spikes = steps.take_spikes()
    length, gate = circuit.schedule.length, circuit.schedule.gate
    for sample in range(2):
        fired = {
            name: np.sum((table[:, 0] >= (sample + 1) * length + gate) & (table[:, 0] < (sample + 2) * length))
            for name, table in spikes.items()
            if circuit[name].role not in ("gate", "source")
        }
        assert (fired["e"], sum(fired.values()) > 0) == ((0, False), (1, True))[sample]


def test_a_spike_behind_e_in_a_right_sample_is_an_error():
    circuit = training_circuit((3, 2, 2), form="compact")
    length = circuit.schedule.length
    quiet = {"e": np.zeros((0, 2), np.int64), "x": np.array([[length + 1, 0], [length + 9, 2]])}
    with pytest.raises(EqualityError, match=r"'x' fires in phase 9 of sample 0, in which e did not"):
        check_gated(quiet, circuit)
    check_gated({**quiet, "e": np.array([[length + 5, 0]])}, circuit)
    assert count_by_phase(quiet, circuit)["x"][9] == 1


def test_a_platform_s_rule_guards_what_the_circuit_s_own_form_must_keep_silent():
    """One hidden neuron fires and another is only inside its box; the compact form alone fires both, for the low edge.

    Each drives output 0 with 200, and 320 is what inhibition holds.
    """
    parameters, x = Parameters(theta=64, bias=128), np.ones((1, 1), bool)
    weights = {"W1": np.array([[100, 2]]), "W2": np.array([[200, 10], [200, 2]])}
    published, compact = (
        ReferencePlatform().build(training_circuit((1, 2, 2), parameters, form=form), weights)
        for form in ("published", "compact")
    )
    published.train(x, np.array([1]))
    with pytest.raises(EqualityError, match="with up to 404, but the circuit's inhibition holds only 320"):
        compact.train(x, np.array([1]))
