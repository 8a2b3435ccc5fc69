"""Every spike, weight and answer in which two platforms differ is found, and the first one named."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from altered_platform import (
    CIRCUIT,
    LENGTH,
    PER_RUN,
    SAMPLES,
    SPIKES,
    WEIGHTS,
    Altered,
    against_reference,
    altered_weights,
    changed,
    in_run,
    without,
)

from pynn_backprop.comparison.compare import compare
from pynn_backprop.interfaces import Response
from pynn_backprop.platforms import ReferencePlatform

# --- spikes


@pytest.mark.parametrize("run", [0, 1, 3])
@pytest.mark.parametrize("population", ["x", "h", "o_low", "hT", "g4"])
def test_a_spike_that_is_missing_is_named(population, run):
    there = in_run(run, population)
    index = len(there) // 2
    step, neuron = there[index]
    (pair,) = against_reference(Altered(spikes=without(population, index), run=run)).pairs
    first = pair.training.first
    assert first is not None
    assert (first.population, first.neuron, first.step, first.only_in) == (population, neuron, step, "good")
    assert (first.phase, first.sample) == (step % LENGTH, step // LENGTH - 1)
    assert pair.training.differing == {**dict.fromkeys(pair.training.differing, 0), population: 1}
    assert pair.inference.total == 0
    assert not pair.equal


def test_a_spike_too_many_is_named():
    step = (PER_RUN + 2) * LENGTH  # no neuron of h may fire in phase 0
    more = changed("h", lambda table: inserted(table, step, 3))
    (pair,) = against_reference(Altered(spikes=more)).pairs
    first = pair.training.first
    assert first is not None
    assert (first.population, first.neuron, first.step, first.phase, first.only_in) == ("h", 3, step, 0, "bad")
    assert (pair.training.total, pair.equal) == (1, False)


def inserted(table: np.ndarray, step: int, neuron: int) -> np.ndarray:
    return np.array(sorted([*map(tuple, table.tolist()), (step, neuron)]))


def test_a_spike_that_comes_a_step_later_differs_twice():
    late = changed("r", lambda table: np.vstack((table[:1] + np.array([1, 0]), table[1:])))
    (pair,) = against_reference(Altered(spikes=late)).pairs
    first = pair.training.first
    assert first is not None
    assert (first.population, first.step, first.only_in) == ("r", in_run(1, "r")[0][0], "good")
    assert (pair.training.differing["r"], pair.training.total) == (2, 2)


def test_the_earliest_difference_of_all_populations_is_the_first():
    late, early = in_run(1, "x")[-1], in_run(1, "m_h")[0]
    both = lambda spikes: without("x", len(spikes["x"]) - 1)(without("m_h", 0)(spikes))  # noqa: E731
    (pair,) = against_reference(Altered(spikes=both)).pairs
    assert early[0] < late[0]
    assert pair.training.first is not None
    assert (pair.training.first.population, pair.training.first.step) == ("m_h", early[0])
    assert pair.training.total == 2


def test_the_spikes_of_a_run_that_are_lost_all_differ():
    lost = lambda spikes: {name: table[:0] for name, table in spikes.items()}  # noqa: E731
    (pair,) = against_reference(Altered(spikes=lost)).pairs
    assert pair.training.total == sum(len(in_run(1, name)) for name in SPIKES)
    assert not pair.equal


def test_a_difference_in_inference_is_found_and_is_not_one_in_training():
    (pair,) = against_reference(Altered(spikes=without("h", 0), training=False)).pairs
    assert (pair.training.total, pair.inference.total, pair.equal) == (0, 1, False)
    assert pair.first is not None
    assert pair.first[0] == "inference"


def test_spikes_around_the_first_difference_are_kept_and_no_others():
    index, run = 5, 1
    step = in_run(run, "h")[index][0]
    (pair,) = against_reference(Altered(spikes=without("h", index), run=run)).pairs
    assert pair.training.around is not None
    good, bad = pair.training.around
    assert len(good["h"]) == len(bad["h"]) + 1
    steps = np.concatenate([table[:, 0] for table in good.values()])
    assert step // LENGTH * LENGTH - LENGTH <= steps.min() <= step <= steps.max() < (step // LENGTH + 2) * LENGTH


# --- weights, copies, answers


@pytest.mark.parametrize(("name", "index"), [("W1", (13, 8)), ("W2", (0, 1))])
def test_one_weight_that_differs_is_counted(name, index):
    (pair,) = against_reference(Altered(learnt=altered_weights(name, index, 6))).pairs
    found = {matrix: (array.differing, array.largest) for matrix, array in pair.weights.items()}
    assert found == {"W1": (0, 0), "W2": (0, 0), name: (1, 6)}
    assert (pair.training.total, pair.equal) == (0, False)
    assert pair.inference.total == pair.outputs.differing == pair.potentials.differing == 0, "asked with equal weights"


@pytest.mark.parametrize("names", [("good", "bad"), ("bad", "good")])
def test_copies_that_differ_on_one_platform_are_a_failure(names):
    by_name = {"good": ReferencePlatform(), "bad": Altered(copies="W1 of x->h differs")}
    (pair,) = compare({name: by_name[name] for name in names}, CIRCUIT, SAMPLES, WEIGHTS).pairs
    assert pair.failures == ("bad: W1 of x->h differs",)
    assert not pair.equal


def flipped(response: Response) -> Response:
    outputs = response.outputs.copy()
    outputs[2, 1] ^= True
    return replace(response, outputs=outputs)


@pytest.mark.parametrize(
    ("platform", "where"),
    [
        (Altered(response=flipped), "training outputs"),
        (Altered(response=flipped, training=False, run=0), "test outputs"),
        (
            Altered(
                response=lambda r: replace(r, potentials=r.potentials + np.eye(PER_RUN, 3, dtype=int)),
                training=False,
                run=0,
            ),
            "test potentials",
        ),
    ],
)
def test_an_answer_that_differs_is_counted(platform, where):
    (pair,) = against_reference(platform).pairs
    differing = {name: array.differing for name, array in pair.arrays() if array.differing}
    assert differing == {where: 3 if "potentials" in where else 1}
    assert not pair.equal


@pytest.mark.parametrize("run", [0, 1])
def test_potentials_that_are_missing_are_no_equality(run):
    platform = Altered(response=lambda r: replace(r, potentials=None), training=False, run=run)
    (pair,) = against_reference(platform).pairs
    assert pair.potentials.compared == 0
    assert not pair.equal


def test_a_platform_without_potentials_says_so():
    platform = Altered(response=lambda r: replace(r, potentials=None), training=False, run=0, samples_per_run=100)
    (pair,) = against_reference(platform).pairs
    assert pair.failures == ("bad gives no potentials in inference",)
