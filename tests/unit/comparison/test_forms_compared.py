"""Forms of the circuit side by side: weights and outputs equal, spikes by phase not."""

from __future__ import annotations

import numpy as np
import pytest
from altered_platform import SAMPLES, SIZES, WEIGHTS, Altered, altered_weights, changed

from pynn_backprop.circuit.training import FORMS, training_circuit
from pynn_backprop.comparison.forms import compare_forms
from pynn_backprop.comparison.forms_result import FormsComparison, forms_as_dict
from pynn_backprop.errors import InputError
from pynn_backprop.interfaces import Response
from pynn_backprop.learning.presentation import Presentation
from pynn_backprop.platforms import ReferencePlatform
from pynn_backprop.reference.rule import Rule
from pynn_backprop.spikes import Spikes

CIRCUITS = {form: training_circuit(SIZES, form=form) for form in FORMS}
LENGTHS = {form: circuit.schedule.length for form, circuit in CIRCUITS.items()}


def without_e(spikes: Spikes) -> Spikes:
    """All spikes of e are lost; the published circuit has none."""
    return {name: table[:0] if name == "e" else table for name, table in spikes.items()}


def compared(**platforms: object) -> FormsComparison:
    return compare_forms({"good": ReferencePlatform(), **platforms}, CIRCUITS, SAMPLES, WEIGHTS)  # type: ignore[dict-item]


@pytest.fixture(scope="module")
def alone() -> FormsComparison:
    return compared()


def test_both_forms_learn_what_the_rule_does(alone):
    order = Presentation().order(len(SAMPLES.x_train), 0)
    rule = Rule(WEIGHTS)
    rule.train(SAMPLES.x_train[order], SAMPLES.y_train[order])
    assert [result.name for result in alone.results] == ["compact", "published"]
    for result in alone.results:
        for name, matrix in rule.weights().items():
            np.testing.assert_array_equal(result.weights[name], matrix)
    (pair,) = alone.pairs
    assert (pair.standard, pair.other) == ("compact", "published")
    assert alone.equal
    assert sum(matrix.compared for matrix in pair.weights.values()) == 14 * 9 + 9 * 3
    assert alone.changed["W1"] > 0


def test_a_sample_without_an_error_is_quiet_behind_e_in_one_form_only(alone):
    compact, published = (result.activity for result in alone.results)
    assert compact.without_error == published.without_error > 0
    assert compact.with_error == published.with_error > 0
    assert compact.with_error + compact.without_error == len(SAMPLES.x_train)
    assert len(compact.right) == LENGTHS["compact"]
    assert not compact.right[CIRCUITS["compact"].schedule.gate + 1 :].any()
    assert published.right[5:].sum() > 0
    assert compact.wrong.sum() > compact.right.sum()


def test_a_file_holds_phases_and_spikes_of_each_form(alone):
    told = forms_as_dict(alone)
    assert told["equal"] is True
    assert told["layer_sizes"] == list(SIZES)
    for one in told["results"]:
        assert len(one["phases"]) == len(one["spikes_with_error"]) == LENGTHS[one["form"]]
    assert told["pairs"][0]["weights of W1"]["differing"] == 0


def test_on_two_platforms_each_form_s_spikes_are_compared_too():
    found = compared(other=Altered())
    names = ["compact on good", "compact on other", "published on good", "published on other"]
    assert [result.name for result in found.results] == names
    assert found.equal
    assert [result.spikes is None for result in found.results] == [True, False, True, False]
    lost = compared(other=Altered(spikes=changed("h", lambda table: table[:-1])))
    assert not lost.equal
    assert [result.spikes.total for result in lost.results if result.spikes] == [1, 1]


@pytest.mark.parametrize(
    ("platform", "wrong"),
    [
        (Altered(learnt=altered_weights("W1", (2, 3), 2)), "weights of W1"),
        (Altered(response=lambda r: Response(~r.outputs, r.potentials)), "training outputs"),
    ],
    ids=["a weight", "outputs"],
)
def test_what_differs_is_counted(platform, wrong):
    found = compared(other=platform)
    assert not found.equal
    differing = {name for pair in found.pairs for name, array in pair.arrays() if array.differing}
    assert differing == {wrong}


@pytest.mark.parametrize(
    ("platform", "words"),
    [
        (Altered(copies="7 weights of W1 differ"), "7 weights of W1 differ"),
        (Altered(spikes=without_e), "in which e did not"),
        (Altered(spikes=changed("m_h", lambda table: table + np.array([1, 0]))), "'m_h' are in phases"),
    ],
    ids=["copies", "spikes behind e", "a wrong phase"],
)
def test_what_is_wrong_with_one_form_alone_is_said(platform, words):
    found = compared(other=platform)
    assert not found.equal
    assert any(words in result.failure for result in found.results)


def test_one_form_is_nothing_to_compare():
    with pytest.raises(InputError, match="the number of forms is 1 but must be a whole number of at least 2"):
        compare_forms({"good": ReferencePlatform()}, {"compact": CIRCUITS["compact"]}, SAMPLES, WEIGHTS)
    with pytest.raises(InputError, match="the number of platforms is 0"):
        compare_forms({}, CIRCUITS, SAMPLES, WEIGHTS)
