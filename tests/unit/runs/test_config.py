"""A run's choices: what is allowed, what is derived from them, and that they stand once."""

from __future__ import annotations

import dataclasses
import json
import re

import numpy as np
import pytest

from pynn_backprop.circuit.learning_rule import RULES, LearningRule
from pynn_backprop.codes.binary import Binary
from pynn_backprop.codes.graded import Graded
from pynn_backprop.errors import InputError
from pynn_backprop.interfaces import Options
from pynn_backprop.learning.presentation import Presentation
from pynn_backprop.runs.choice import choice_of
from pynn_backprop.runs.config import RunConfig

OTHER = RunConfig(
    "a.simulator",
    data="d.npz",
    label="kind",
    crop=20,
    levels=1,
    test_samples=7,
    hidden=(3, 5),
    form="published",
    rule="published",
    output_error="margin",
    hidden_threshold=128,
    thinning=(1, 2),
    readout_levels=3,
    eta=4,
    w_max=100,
    initialisation="paper",
    init_weights="w.npz",
    epochs=2,
    samples=8,
    seed=9,
    shuffle=False,
    shift=1,
    validation=0.25,
    threads=4,
    variant="slow",
    layout="fused",
    checkpoint_every=10,
    record=("h", "o"),
    per_neuron=True,
    record_samples=5,
)
NEW_OF_RULES = ("rule", "output_error", "hidden_threshold", "thinning", "readout_levels")
FIELDS = dataclasses.fields(RunConfig)


def refused(**change: object) -> str:
    with pytest.raises(InputError) as error:
        RunConfig(**{"simulator": "nest", **change})
    return str(error.value)


COUNTS = ("epochs", "threads", "eta", "w_max", "checkpoint_every", "record_samples")
OPTIONAL = ("crop", "levels", "samples", "test_samples")


@pytest.mark.parametrize("name", [*COUNTS, *OPTIONAL])
@pytest.mark.parametrize("value", [0, -1, 1.5, "2", True], ids=repr)
def test_a_count_that_is_none_is_refused(name, value):
    assert refused(**{name: value}) == f"{name} is {value!r} but must be a whole number of at least 1"


@pytest.mark.parametrize("name", ["hidden", "seed"])
@pytest.mark.parametrize("value", [-1, 0.5, None], ids=repr)
def test_a_number_that_is_none_is_refused(name, value):
    assert refused(**{name: value}) == f"{name} is {value!r} but must be a whole number of at least 0"
    assert getattr(RunConfig("nest", **{name: 0}), name) == {"hidden": (), "seed": 0}[name]


@pytest.mark.parametrize("name", COUNTS)
def test_a_count_that_must_be_there_is_missed(name):
    assert refused(**{name: None}) == f"{name} is None but must be a whole number of at least 1"


@pytest.mark.parametrize("name", ["simulator", "data", "label", "variant", "init_weights"])
def test_what_must_be_text_is_text(name):
    assert refused(**{name: 5}) == f"{name} is 5 but must be text"


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (
            {"initialisation": "alife"},
            "initialisation is 'alife' but must be one of alive, paper (did you mean 'alive'?)",
        ),
        ({"layout": "wide"}, "layout is 'wide' but must be one of auto, separate, fused"),
        ({"shuffle": 0}, "shuffle is 0 but must be true or false"),
        ({"per_neuron": 1}, "per_neuron is 1 but must be true or false"),
        ({"record": "h"}, "record is 'h' but must be a list of names"),
        ({"record": ("h", 3)}, "record is ('h', 3) but must be a list of names"),
        ({"eta": 5, "w_max": 4}, "w_max is 4 but must be a whole number of at least 5"),
        ({"code": "graded"}, "code is 'graded' but must be a code, for example Graded(8)"),
    ],
    ids=str,
)
def test_other_choices_that_can_not_be_are_refused(change, message):
    assert refused(**change) == message


def test_numbers_of_numpy_are_numbers():
    assert RunConfig("nest", hidden=np.int64(3), epochs=np.int32(2)).hidden == (3,)
    assert RunConfig("nest", hidden=np.array([3, 4])).hidden == (3, 4)


@pytest.mark.parametrize(
    ("hidden", "layers"),
    [(400, (400,)), ((400,), (400,)), ([40, 30], (40, 30)), (0, ()), ((0,), ()), ((), ())],
    ids=str,
)
def test_there_is_a_number_for_each_hidden_layer(hidden, layers):
    assert RunConfig("nest", hidden=hidden).hidden == layers


@pytest.mark.parametrize(
    ("hidden", "message"),
    [
        ((400, 0), "hidden[1] is 0 but must be a whole number of at least 1"),
        ((400, 2.5), "hidden[1] is 2.5 but must be a whole number of at least 1"),
        ((-1,), "hidden is -1 but must be a whole number of at least 0"),
        ("400", "hidden is '400' but must be a whole number of at least 0"),
        ({400}, "hidden is {400} but must be a whole number of at least 0"),
    ],
    ids=str,
)
def test_hidden_layers_that_can_not_be_are_refused(hidden, message):
    assert refused(hidden=hidden) == message


def test_a_form_that_there_is_not_is_refused():
    assert refused(form="publishd") == (
        "form is 'publishd' but must be one of compact, published (did you mean 'published'?)"
    )


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"rule": "margins"}, "rule is 'margins' but must be one of margin, published (did you mean 'margin'?)"),
        ({"output_error": "none"}, "output_error is 'none' but must be one of margin, published"),
        ({"hidden_threshold": -1}, "hidden_threshold is -1 but must be a whole number of at least 0"),
        ({"thinning": (1, 10)}, "thinning[1] is 10 but must be no multiple of 5 or 7, for example 9"),
        ({"thinning": 2}, "thinning is 2 but must be one or more factors, the last one stays"),
        ({"readout_levels": 0}, "readout_levels is 0 but must be a whole number of at least 1"),
        ({"readout_levels": 65}, "readout_levels is 65 but must be a whole number from 1 to 64"),
        ({"shift": -1}, "shift is -1 but must be a whole number of at least 0"),
    ],
    ids=str,
)
def test_options_of_a_rule_that_can_not_be_are_refused(change, message):
    assert refused(**change) == message


def test_a_file_names_all_options_so_that_a_name_can_t_change_its_meaning():
    stored = RunConfig("nest").as_dict()
    assert {name: stored[name] for name in NEW_OF_RULES} == {
        "rule": "margin", "output_error": "margin", "hidden_threshold": 64, "thinning": [1], "readout_levels": 8
    }  # fmt: skip
    meant = RunConfig.from_dict({**stored, "hidden_threshold": 32, "readout_levels": 1})
    assert meant.learning_rule == LearningRule(hidden_threshold=32, readout_levels=1)
    assert RunConfig.from_dict(stored) == RunConfig("nest")


def test_an_older_file_means_the_published_rule():
    stored = {name: value for name, value in RunConfig("nest").as_dict().items() if name not in NEW_OF_RULES}
    assert RunConfig.from_dict(stored).learning_rule == RULES["published"]


# --- what is derived


def test_simulator_presentation_and_strengths_are_told_what_was_chosen():
    assert OTHER.options == Options(4, "slow", "fused")
    assert OTHER.presentation == Presentation(2, 9, shuffle=False)
    assert OTHER.learning_rule == LearningRule("margin", 128, (1, 2), 4, 100, 3)
    published = RunConfig("nest", rule="published", eta=4).learning_rule
    assert published == LearningRule("published", 0, (1,), eta=4, readout_levels=1)


def test_without_a_choice_they_have_their_own_defaults():
    config = RunConfig("nest")
    assert config.options == Options()
    assert config.learning_rule == LearningRule()
    assert config.presentation == dataclasses.replace(Presentation(), epochs=10)
    assert config.code == Binary()


# --- files


def test_the_choices_in_a_file_give_the_same_run_again():
    """All of them differ from the defaults but the code."""
    assert [f.name for f in FIELDS if f.name != "code" and getattr(OTHER, f.name) == f.default] == []
    stored = json.loads(json.dumps(OTHER.as_dict()))
    assert RunConfig.from_dict({"format": 1, **stored}) == OTHER


def test_a_file_is_flat_and_names_a_code_only_if_it_is_not_the_binary_one():
    names = {field.name for field in FIELDS}
    assert set(OTHER.as_dict()) == names - {"code"}
    assert RunConfig.needed() == names - {"code", "form", "shift", "validation", "label", "per_neuron", *NEW_OF_RULES}
    graded = dataclasses.replace(OTHER, code=Graded(4, "noise", seed=3, back_gain=1))
    assert set(graded.as_dict()) == names
    assert RunConfig.from_dict(json.loads(json.dumps(graded.as_dict()))) == graded


def test_a_file_of_before_there_were_forms_and_several_layers_is_of_the_published_form():
    stored = {name: value for name, value in OTHER.as_dict().items() if name != "form"} | {"hidden": 200}
    read = RunConfig.from_dict(stored)
    assert (read.form, read.hidden, read.code) == ("published", (200,), Binary())
    assert RunConfig("nest").form == "compact"


# --- words


def test_every_choice_says_what_it_is_in_the_docstring():
    text = RunConfig.__doc__ or ""
    for field in FIELDS:
        (said,) = re.findall(rf"^    {field.name} : .*\n        (.*)\.$", text, re.MULTILINE)
        assert re.sub("^if (True|False), ", "", said) == choice_of(field).help
