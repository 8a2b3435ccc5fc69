"""The options of a learning rule: by hand, and in the circuit step by step."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from pynn_backprop.circuit.inference import inference_circuit
from pynn_backprop.circuit.parameters import MARGIN, OUTPUT_ERRORS, Parameters
from pynn_backprop.circuit.training import FORMS, training_circuit
from pynn_backprop.codes.graded import DITHERS, Graded
from pynn_backprop.errors import EqualityError, InputError
from pynn_backprop.reference.rule import Rule
from pynn_backprop.reference.steps import StepSimulator
from pynn_backprop.spikes import check_silence

WIDE = Parameters(theta=64, bias=2**20)
"""Its inhibition holds whatever these networks bring."""


def learnt(matrices: list[list[list[int]]], label: int, sample: int = 0, **options: object) -> list[list[list[int]]]:
    """The matrices after one sample that shows all inputs, the `sample`-th since the start."""
    rule = Rule({f"W{k}": np.array(matrix) for k, matrix in enumerate(matrices, 1)}, replace(WIDE, **options))
    rule.skip(sample)
    rule.train(np.ones((1, len(matrices[0])), bool), np.array([label]))
    return [matrix.tolist() for matrix in rule.weights().values()]


# --- by hand


@pytest.mark.parametrize(
    ("drives", "changes"),
    [
        ([64, 0], [2, 0]),  # at theta the target has no margin yet, at 0 the other has it
        ([65, 1], [0, -2]),
        ([-90, 90], [2, -2]),  # outside the box of the derivative, too
        ([40, 40], [2, -2]),
        ([65, -1], [0, 0]),
    ],
)
def test_a_margin_asks_for_a_drive_above_theta_of_the_target_and_of_none_of_the_others(drives, changes):
    (after,) = learnt([[drives]], label=0, output_error=MARGIN)
    assert after == [(np.array(drives) + changes).tolist()]


def test_whose_turn_it_is_to_learn_does_not_depend_on_how_samples_are_cut():
    x, labels = np.ones((11, 11), bool), np.array([0, 1] * 5 + [0])
    found = []
    for cuts in ([0, 11], [0, 1, 5, 11]):
        rule = Rule({"W1": np.zeros((11, 2), int)}, replace(WIDE, output_error=MARGIN, thinning=11))
        for first, stop in pairwise(cuts):
            rule.train(x[first:stop], labels[first:stop])
        found.append(rule.weights()["W1"])
    np.testing.assert_array_equal(found[0], found[1])
    assert len(np.unique(found[0])) > 1


@pytest.mark.parametrize(("threshold", "change"), [(19, 2), (20, 0), (21, 0)])
@pytest.mark.parametrize("sign", [1, -1])
def test_a_hidden_neuron_has_an_error_where_what_comes_back_is_above_the_threshold(threshold, change, sign):
    """Of four outputs none fires and 0 should: 20, or -20 with 40 from a neighbour, comes back."""
    w1, w2 = [[40, 40]], [[20 * sign], [20 - 20 * sign]]
    (first, _) = learnt([w1, w2], label=0, hidden_threshold=threshold)
    assert first[0][0] == 40 + sign * change


def test_in_each_sample_every_third_neuron_learns_and_in_three_samples_all_do():
    seen = []
    for sample in range(6):
        (after,) = learnt([[[2]] * 7], label=0, sample=sample, thinning=3)
        seen.append(tuple(i for i, (weight,) in enumerate(after) if weight == 4))
    assert seen[:3] == [(0, 3, 6), (1, 4), (2, 5)]
    assert seen[3:] == seen[:3]


@pytest.mark.parametrize("k", [5, 7, 10, 35])
def test_a_thinning_with_which_some_neurons_would_never_learn_is_refused(k):
    with pytest.raises(InputError, match=f"thinning is {k} but must be no multiple of 5 or 7, for example {k - 1}"):
        Parameters(thinning=k)


def test_a_thinning_that_comes_round_with_the_levels_is_refused():
    with pytest.raises(InputError, match=r"thinning is 4 but must have no common divisor with the 8 turns .* 9"):
        training_circuit((3, 2), Parameters(thinning=4), Graded(8))
    with pytest.raises(InputError, match="thinning is 4 but must have no common divisor"):
        Rule({"W1": np.zeros((8, 8), int)}, Parameters(thinning=4), Graded(8))
    training_circuit((3, 2), Parameters(thinning=4), Graded(8, "fixed"))


@pytest.mark.parametrize(
    ("option", "value", "words"),
    [
        ("output_error", "margins", "output_error is 'margins' but must be one of margin, published .did you mean"),
        ("hidden_threshold", -1, "hidden_threshold is -1 but must be a whole number from 0 to 9216"),
        ("hidden_threshold", 9217, "hidden_threshold is 9217 but must be a whole number from 0 to 9216"),
        ("thinning", 0, "thinning is 0 but must be a whole number from 1 to 128"),
    ],
)
def test_an_option_that_can_t_be_used_is_refused(option, value, words):
    with pytest.raises(InputError, match=words):
        Parameters(**{option: value})


def test_read_out_levels_are_spread_from_minus_theta_to_twice_theta():
    strength = Parameters()
    assert strength.readout(1) == (512,)
    assert strength.readout(3) == (-512, 512, 1536)
    assert strength.readout(8) == (-832, -448, -64, 320, 704, 1088, 1472, 1856)
    # Rounded down, which is the same for drives that are whole numbers.
    assert strength.readout(7)[0] == int(np.floor(0.5 * 3 / 7 * 1024 - 1024))


# --- in the circuit


@given(
    seed=st.integers(0, 2**32),
    units=st.lists(st.integers(1, 7), min_size=2, max_size=4).map(tuple),
    form=st.sampled_from(sorted(FORMS)),
    n=st.sampled_from([1, 1, 2, 4]),
    dither=st.sampled_from(DITHERS),
    output_error=st.sampled_from(OUTPUT_ERRORS),
    hidden_threshold=st.sampled_from([0, 1, 64, 200]),
    thinning=st.sampled_from([1, 2, 3, 8, 9, 32]),
    skipped=st.integers(0, 40),
)
@settings(max_examples=120, deadline=None)
def test_the_circuit_computes_every_rule(
    seed, units, form, n, dither, output_error, hidden_threshold, thinning, skipped
):
    """In two parts; then the read-out answers as the rule."""
    assume(form == "compact" or len(units) < 4)
    generator, code = np.random.default_rng(seed), Graded(n, dither, seed % 100)
    assume(np.gcd(code.variants, thinning) == 1)
    p = Parameters(128 * n, 4096 * n, 2, 254, output_error, hidden_threshold, thinning)
    weights = {
        f"W{k}": 2 * generator.integers(-60, 100, (below * n, above * n))
        for k, (below, above) in enumerate(pairwise(units), 1)
    }
    x, targets = (code.fire(generator.random((16, size))) for size in (units[0], units[-1]))
    circuit = training_circuit(units, p, code, form)
    rule, steps = Rule(weights, p, code, form), StepSimulator(circuit, weights)
    for running in (rule, steps):
        running.skip(skipped)
    try:
        for part in (slice(0, 5), slice(5, 16)):
            expected, found = rule.train(x[part], targets[part]), steps.train(x[part], targets[part])
            np.testing.assert_array_equal(found.outputs, expected.outputs)
            np.testing.assert_array_equal(found.potentials, expected.potentials)
    except EqualityError:
        assume(False)
    for name, matrix in rule.weights().items():
        np.testing.assert_array_equal(steps.weights()[name], matrix, err_msg=name)
    steps.check_copies()
    check_silence(steps.take_spikes(), circuit)

    answering = StepSimulator(inference_circuit(units, p, code=code, readout_levels=8), rule.weights())
    asked = Rule(rule.weights(), p, code, readout_levels=8)
    np.testing.assert_array_equal(answering.infer(x).readout, asked.infer(x).readout)


@pytest.mark.parametrize("form", sorted(FORMS))
@pytest.mark.parametrize("thinning", [1, 8])
def test_a_rotor_is_there_only_where_learning_is_thinned(form, thinning):
    circuit = training_circuit((6, 5, 3), Parameters(thinning=thinning), form=form)
    inhibited = {(p.post, p.latency) for p in circuit.projections if p.pre == "thinning" and p.post != "thinning"}
    learning = [(post, phase) for post, k in (("x", 1), ("h", 2), ("hT", 2)) for phase in circuit.schedule.learning(k)]
    assert inhibited == (set(learning) if thinning > 1 else set())
    assert circuit.period == thinning
