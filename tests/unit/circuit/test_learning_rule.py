"""A rule as data: its names, its options, and what circuits are built with."""

from __future__ import annotations

import dataclasses
import json

import pytest

from pynn_backprop.circuit.learning_rule import RULES, LearningRule, learning_rule
from pynn_backprop.circuit.parameters import Parameters, default_parameters
from pynn_backprop.circuit.thinning import Thinning
from pynn_backprop.circuit.training import thinned, training_circuit
from pynn_backprop.codes.binary import Binary
from pynn_backprop.codes.graded import Graded
from pynn_backprop.errors import InputError

OTHER = LearningRule("published", 128, (1, 2, 4), 4, 100, 3)


def test_the_published_rule_has_the_strengths_that_circuits_have_without_a_rule():
    assert RULES["published"].parameters(Binary()) == Parameters()
    assert RULES["published"].parameters(Graded(8)) == default_parameters(Graded(8))
    assert RULES["published"].readout_levels == 1


def test_the_margin_has_a_hidden_threshold_of_64_and_a_read_out_of_8_levels():
    assert learning_rule("margin") == LearningRule() == RULES["margin"]
    assert RULES["margin"].parameters(Binary()) == Parameters(output_error="margin", hidden_threshold=64)
    assert RULES["margin"].readout_levels == 8


def test_an_option_that_is_given_takes_the_place_of_the_named_rule_s():
    assert learning_rule("published", thinning=(1, 8), hidden_threshold=None) == LearningRule(
        "published", 0, (1, 8), readout_levels=1
    )


def test_the_last_thinning_stays():
    assert [OTHER.parameters(Binary(), epoch=epoch).thinning for epoch in range(5)] == [1, 2, 4, 4, 4]


def test_all_options_reach_the_strengths():
    assert OTHER.parameters(Binary(), epoch=1) == Parameters(
        eta=4, w_max=100, output_error="published", hidden_threshold=128, thinning=2
    )


def test_it_can_t_be_changed_and_says_what_it_is():
    with pytest.raises(dataclasses.FrozenInstanceError):
        OTHER.eta = 5  # type: ignore[misc]
    assert str(OTHER) == (
        "output error published, hidden threshold 128, thinning 1, 2, 4, weight change 4, weights within ±100, "
        "read-out of 3 levels"
    )
    assert hash(OTHER) == hash(LearningRule("published", 128, [1, 2, 4], 4, 100, 3))


def test_a_file_gives_it_back():
    assert LearningRule.from_dict(json.loads(json.dumps(OTHER.as_dict()))) == OTHER
    stored = OTHER.as_dict()
    del stored["eta"]
    with pytest.raises(InputError, match=r"a rule has the options eta, .* missing or more: eta, speed"):
        LearningRule.from_dict({**stored, "speed": 3})


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"output_error": "none"}, "output_error is 'none' but must be one of margin, published"),
        ({"hidden_threshold": -1}, "hidden_threshold is -1"),
        ({"thinning": ()}, r"thinning is \(\) but must be one or more factors"),
        ({"thinning": "12"}, "thinning is '12' but must be one or more factors"),
        ({"thinning": (1, 0)}, r"thinning\[1\] is 0 but must be a whole number from 1 to 128"),
        ({"thinning": (14,)}, r"thinning\[0\] is 14 but must be no multiple of 5 or 7, for example 13"),
        ({"eta": 0}, "eta is 0"),
        ({"w_max": 1}, "w_max is 1 but must be a whole number of at least 2"),
        ({"readout_levels": 65}, "readout_levels is 65 but must be a whole number from 1 to 64"),
    ],
    ids=str,
)
def test_an_option_that_can_not_be_is_refused(options, words):
    with pytest.raises(InputError, match=words):
        LearningRule(**options)


def test_a_rule_that_there_is_not_is_refused():
    with pytest.raises(InputError, match=r"rule is 'margins' but must be one of margin, published .did you mean"):
        learning_rule("margins")


@pytest.mark.parametrize("form", ["compact", "published"])
def test_a_circuit_can_be_thinned_and_is_otherwise_the_same(form):
    circuit = training_circuit((6, 5, 3), Parameters(output_error="margin"), Graded(2), form)
    other = thinned(circuit, 9)
    assert thinned(circuit, 1) is circuit
    assert other.parameters == dataclasses.replace(circuit.parameters, thinning=9)
    assert (other.units, other.code, other.schedule) == (circuit.units, circuit.code, circuit.schedule)
    assert thinned(other, 1) == circuit
    assert other.period == 18


# --- strengths that follow from the sizes


def test_more_gates_hold_more_neurons_down():
    assert [default_parameters(Binary(), (n, 10)).inhibitors for n in (400, 512, 513, 1000, 2352)] == [1, 1, 2, 2, 5]
    assert default_parameters(Binary(), (20, 1000, 10)).inhibitors == 2
    five = Parameters(inhibitors=5)
    assert five.largest_silent_drive == 1024 + 8192 + 5 * 16256


def test_no_potential_falls_below_what_24_bits_hold():
    for code, units in ((Binary(), (10**5, 10)), (Graded(8), (401, 100, 10)), (Graded(12), (201, 10))):
        p = default_parameters(code, units)
        assert p.inhibitors > 1
        assert p.bias - p.inhibitors * p.inhibition < 2**17


@pytest.mark.parametrize(("inputs", "quantum"), [(0, 128), (5, 128), (65, 128), (100, 128), (401, 512), (785, 1024)])
def test_the_quantum_of_a_graded_code_follows_the_number_of_inputs(inputs, quantum):
    assert default_parameters(Graded(8), (inputs, 10) if inputs else ()).theta == 8 * quantum


def test_gates_that_inhibit_besides_reach_the_same_populations_in_the_same_phases():
    one, three = (training_circuit((6, 5, 3), Parameters(inhibitors=n), form="published") for n in (1, 3))
    length = one.schedule.length

    def inhibited(circuit: object) -> list[tuple[str, int]]:
        weight = one.parameters.inhibition
        found = [p for p in circuit.projections if p.weight == weight and p.matrix is None]
        return sorted((p.post, (circuit[p.pre].phases[0] + p.latency) % length) for p in found)

    assert len(inhibited(one)) > 10
    assert inhibited(three) == sorted(3 * inhibited(one))


@pytest.mark.parametrize("k", [2, 6])
def test_thinning_and_rotating_levels_must_not_come_round_together(k):
    parameters = LearningRule(thinning=(k,)).parameters(Graded(8), (4, 3))
    with pytest.raises(InputError, match=f"^thinning is {k} but must have no common divisor with the 8 turns of"):
        training_circuit((4, 3), parameters, Graded(8))


def test_of_the_margin_both_edges_decide_which_outputs_have_an_error():
    p = LearningRule().parameters(Binary())
    circuit = training_circuit((4, 3), p)
    found = {(q.pre, q.post): q.weight for q in circuit.projections if q.post in ("d+", "d-") and q.pre[0] != "g"}
    assert found == {
        ("t", "d+"): p.copy,
        ("o_high", "d+"): -p.copy,
        ("o_low", "d-"): p.copy,
        ("t", "d-"): -p.copy,
    }


def test_in_sample_s_only_neurons_i_with_7_i_and_5_s_divisible_by_k_are_not_inhibited():
    assert Thinning(3, -5).weights(3, 4).tolist() == [[0, -5, -5, 0], [-5, 0, -5, -5], [-5, -5, 0, -5]]
