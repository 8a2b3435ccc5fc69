"""What is equal is called equal, what is told of a comparison, and what can't be compared is refused."""

from __future__ import annotations

import json

import numpy as np
import pytest
from altered_platform import (
    CIRCUIT,
    N_TEST,
    SAMPLES,
    SPIKES,
    WEIGHTS,
    Altered,
    N,
    against_reference,
    altered_weights,
    without,
)
from matplotlib.colors import to_hex

from pynn_backprop import plots
from pynn_backprop.comparison.as_dict import as_dict
from pynn_backprop.comparison.compare import compare
from pynn_backprop.comparison.named import platforms_named
from pynn_backprop.errors import InputError
from pynn_backprop.learning.presentation import Presentation
from pynn_backprop.platforms import ReferencePlatform
from pynn_backprop.plots.style import BLUE, VERMILION
from pynn_backprop.reference.rule import Rule

# --- equal


@pytest.mark.parametrize("per_run", [1, 6, 7, 100])
def test_platforms_that_do_the_same_in_runs_of_any_length_are_equal(per_run):
    comparison = against_reference(Altered(samples_per_run=per_run))
    (pair,) = comparison.pairs
    assert comparison.equal
    assert pair.equal
    assert (pair.standard, pair.other, pair.first, pair.failures) == ("good", "bad", None, ())
    assert pair.training.compared == sum(map(len, SPIKES.values())) > 1000
    assert pair.inference.compared == sum(comparison.results[0].inference.spikes.values()) > 100
    assert [array.compared for _, array in pair.arrays()] == [14 * 9, 9 * 3, N * 3, N_TEST * 3, N_TEST * 3]
    assert comparison.results[1].training.spikes == comparison.results[0].training.spikes
    recorded = set(comparison.results[0].training.spikes)
    assert {name: len(table) for name, table in SPIKES.items() if name in recorded} == comparison.results[
        1
    ].training.spikes
    assert set(SPIKES) - recorded == {"start"}


@pytest.mark.parametrize(("seed", "shuffle"), [(0, True), (5, True), (0, False)])
def test_samples_come_in_the_order_of_the_first_epoch_of_a_training(seed, shuffle):
    comparison = against_reference(ReferencePlatform(), presentation=Presentation(seed=seed, shuffle=shuffle))
    order, rule = Presentation(seed=seed, shuffle=shuffle).order(N, 0), Rule(WEIGHTS)
    answers = rule.train(SAMPLES.x_train[order], SAMPLES.y_train[order])
    for result in comparison.results:
        np.testing.assert_array_equal(result.training.outputs, answers.outputs)
        for name, matrix in rule.weights().items():
            np.testing.assert_array_equal(result.weights[name], matrix)
        asked = rule.infer(SAMPLES.x_test)
        np.testing.assert_array_equal(result.inference.outputs, asked.outputs)
        np.testing.assert_array_equal(result.inference.potentials, asked.potentials)
    assert comparison.changed == {name: int((m != WEIGHTS[name]).sum()) for name, m in rule.weights().items()}
    assert min(comparison.changed.values()) > 0


def test_every_platform_is_compared_with_the_first():
    platforms = {"a": ReferencePlatform(), "b": Altered(spikes=without("h", 0)), "c": Altered()}
    comparison = compare(platforms, CIRCUIT, SAMPLES, WEIGHTS)
    assert [(pair.standard, pair.other, pair.equal) for pair in comparison.pairs] == [
        ("a", "b", False),
        ("a", "c", True),
    ]
    assert not comparison.equal
    assert [result.description["platform"] for result in comparison.results] == ["reference", "altered", "altered"]


def test_a_platform_and_the_one_it_is_held_against_may_change_places():
    comparison = compare(
        {"bad": Altered(spikes=without("h", 0)), "good": ReferencePlatform()}, CIRCUIT, SAMPLES, WEIGHTS
    )
    (pair,) = comparison.pairs
    assert pair.training.first is not None
    assert pair.training.first.only_in == "good"


# --- input


@pytest.mark.parametrize(
    ("names", "words"),
    [
        (["reference"], ["reference", "at least two"]),
        ([], ["none", "at least two"]),
        (["reference", "referenc"], ["'referenc'", "did you mean 'reference'"]),
        (["reference", "reference:"], ["'reference:'", "NAME:VARIANT"]),
        (["reference", ":fast"], ["':fast'", "NAME:VARIANT"]),
        (["reference", "reference:a:b:c"], ["'reference:a:b:c'", "NAME:VARIANT:LAYOUT"]),
        (["reference", "reference:fast"], ["variant", "'fast'", "auto"]),
        (["reference", "reference:auto:wide"], ["layout", "'wide'", "fused"]),
    ],
)
def test_platforms_that_can_not_be_compared_are_refused(names, words):
    with pytest.raises(InputError) as caught:
        platforms_named(names)
    assert [word for word in words if word not in str(caught.value)] == []


def test_a_platform_may_be_named_twice():
    assert list(platforms_named(["reference", "reference:auto", "reference"])) == [
        *("reference", "reference:auto", "reference (2)")
    ]


def test_one_platform_alone_can_not_be_compared():
    with pytest.raises(InputError, match=r"number of platforms is 1 .* at least 2"):
        compare({"a": ReferencePlatform()}, CIRCUIT, SAMPLES, WEIGHTS)


# --- what is told of it


def test_progress_is_told_before_building_and_after_every_run():
    told: list[tuple] = []
    compare(
        {"a": Altered(samples_per_run=12), "b": Altered(samples_per_run=100)},
        CIRCUIT,
        SAMPLES,
        WEIGHTS,
        tick=lambda *now: told.append(now),
    )
    assert told == [
        *(("a", "training", shown, N) for shown in (0, 12, 20)),
        *(("a", "inference", shown, N_TEST) for shown in (0, 8)),
        *(("b", "training", shown, N) for shown in (0, 20)),
        *(("b", "inference", shown, N_TEST) for shown in (0, 8)),
    ]


def test_a_comparison_can_be_written_as_json():
    comparison = against_reference(Altered(spikes=without("h", 0), learnt=altered_weights("W2", (1, 1), 4)))
    told = json.loads(json.dumps(as_dict(comparison), allow_nan=False))
    (pair,) = told["pairs"]
    assert (told["equal"], pair["equal"], told["samples"], told["test_samples"]) == (False, False, N, N_TEST)
    assert pair["spikes"]["training"]["first"]["population"] == "h"
    assert pair["weights of W2"] == {"compared": 27, "differing": 1, "largest": 4}
    good, bad = (platform["training"]["spikes"]["h"] for platform in told["platforms"])
    assert good == len(SPIKES["h"]) == bad + 1


def test_the_picture_shows_the_spikes_that_only_one_has():
    (pair,) = against_reference(Altered(spikes=without("h", 4))).pairs
    first, around = pair.training.first, pair.training.around
    assert first is not None
    assert around is not None
    figure = plots.difference(CIRCUIT, first, around, ("good", "bad"))
    (axes,) = figure.axes
    drawn = [
        (to_hex(c.get_color()[0]).upper(), len(c.get_segments())) for c in axes.collections if hasattr(c, "get_color")
    ]
    assert sum(bars for colour, bars in drawn if colour == BLUE) == 1
    assert sum(bars for colour, bars in drawn if colour == VERMILION) == 0
    assert sum(bars for _, bars in drawn) == sum(map(len, around[0].values()))
    (ring,) = (line for line in axes.lines if line.get_marker() == "o")
    assert ring.get_xdata()[0] == first.step
    assert str(first) in figure.get_suptitle()
