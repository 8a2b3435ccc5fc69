"""Energy models: their constants and sources, and what can't be one."""

from __future__ import annotations

import dataclasses

import pytest

from benchmarks.measure.energy_model import EnergyModel, Term, model_of, models
from pynn_backprop.errors import InputError


def test_there_is_a_model_of_every_device_that_was_asked_for():
    assert set(models()) == {
        "loihi-events",
        "loihi-sweep",
        "loihi-silicon",
        "spinnaker1",
        "spinnaker2",
        "cpu-mac",
        "gpu-mac",
    }


@pytest.mark.parametrize(
    ("model", "constants"),
    [
        ("loihi-events", {23.6, 52, 29, 1.7, 3.0, 4.0, 120}),
        ("loihi-sweep", {23.6, 52, 29, 1.7, 3.0, 4.0, 120}),
        ("loihi-silicon", {35.5, 51.2, 21.6, 69.3, 111, 3.0, 4.2}),
        ("spinnaker1", {13.3, 26}),
        ("spinnaker2", {450, 2.19}),
        ("cpu-mac", {8.6}),
        ("gpu-mac", {0.3}),
    ],
)
def test_constants_are_those_of_the_sources(model, constants):
    assert {term.value for term in models()[model].terms} == constants


@pytest.mark.parametrize("model", models().values(), ids=lambda model: model.name)
def test_every_constant_has_a_source_and_every_model_says_what_it_leaves_out(model):
    assert all(any(year in term.source for year in ("2015", "2018", "2019", "2025")) for term in model.terms)
    assert model.leaves_out
    assert model.assumes
    assert model.covers


def test_learning_by_events_and_by_sweeps_differ_in_nothing_else():
    events, sweep = (models()[name].terms for name in ("loihi-events", "loihi-sweep"))
    assert events[:-1] == sweep[:-1]
    assert (events[-1].count, sweep[-1].count) == ("plastic_updates", "plastic_sweeps")
    assert events[-1].joule == sweep[-1].joule == pytest.approx(120e-12)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"source": ""}, "has no source"),
        ({"unit": "eV"}, "unit of 'x' is 'eV' but must be one of pJ"),
        ({"count": "spike"}, "did you mean 'spikes'"),
        ({"value": 0}, "value of 'x' is 0 but must be a number above 0"),
        ({"value": True}, "must be a number above 0"),
        ({"value": float("nan")}, "must be a number above 0"),
        ({"times": 2.5}, "why_times does not say why"),
    ],
)
def test_a_term_that_can_not_be_right_is_refused(change, message):
    good = {"part": "x", "count": "spikes", "value": 1.0, "unit": "pJ", "source": "a paper, 2018"}
    assert Term(**good).joule == 1e-12
    with pytest.raises(InputError, match=message):
        Term(**{**good, **change})


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"leaves_out": []}, "does not say what it leaves out"),
        ({"terms": []}, "must have some"),
        ({"colour": "red"}, "is no energy model.*colour"),
        ({"terms": [{"part": "x"}]}, "is no energy model"),
    ],
)
def test_a_broken_file_is_named(change, message):
    good = dataclasses.asdict(models()["spinnaker1"])
    assert model_of(good) == models()["spinnaker1"]
    with pytest.raises(InputError, match=f"^mine.json.*{message}"):
        model_of({**good, **change}, "mine.json")


def test_a_file_that_lacks_a_field_is_named():
    with pytest.raises(InputError, match=r"^mine\.json is no energy model: 'terms'"):
        model_of({"name": "x"}, "mine.json")


def test_a_model_is_frozen():
    model = models()["loihi-sweep"]
    assert isinstance(model, EnergyModel)
    with pytest.raises(dataclasses.FrozenInstanceError):
        model.name = "other"
