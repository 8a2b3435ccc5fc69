"""BindsNET's three-factor rule as a peer: what it is rewarded for, what learns, and what it leaves alone."""

from __future__ import annotations

import sys

import numpy as np
import pytest

from benchmarks.cases import CASES
from benchmarks.platforms.base import Task
from benchmarks.platforms.bindsnet import PLATFORM, RATES, STEPS, ThreeFactor, rewards
from pynn_backprop.errors import InputError, PlatformError


def task(hidden: int | tuple[int, ...] = 100, **changes) -> Task:
    held = CASES.named("digits")
    usual = {"samples": held.load(30, 12, 0), "units": held.units(hidden), "variant": "online", "seed": 0, "epochs": 1}
    return Task(held, **{**usual, "repeats": 1, "threads": 1, "count_samples": 0, **changes})


@pytest.fixture
def learner():
    """Makes the network of a task."""
    pytest.importorskip("bindsnet", reason="it needs the package bindsnet")
    return lambda rate=RATES[0], **changes: ThreeFactor(task(**changes), rate)


def learnt(network, samples):
    network.learn(samples.x_train, samples.y_train)
    return network.plastic.w.numpy().copy()


@pytest.mark.parametrize(
    ("fired", "wanted"),
    [
        ([3, 1, 0], [0, 0, 0]),
        ([0, 0, 0], [1, -0.5, -0.5]),
        ([2, 2, 1], [1, -1, 0]),
        ([1, 5, 0], [1, -1, 0]),
        ([1, 5, 9], [1, -0.5, -0.5]),
    ],
)
def test_outputs_that_fire_as_much_as_that_of_the_label_share_a_punishment(fired, wanted):
    np.testing.assert_array_equal(rewards(np.array(fired, np.float32), 0), np.array(wanted, np.float32))


@pytest.mark.parametrize("missing", ["torch", "bindsnet"])
def test_where_it_is_not_installed_it_says_how_to_get_it(monkeypatch, missing):
    asked = task()
    monkeypatch.setitem(sys.modules, missing, None)
    with pytest.raises(PlatformError, match=r"^BindsNET and PyTorch are needed, on Python 3\.11 or later: pip install"):
        PLATFORM.measure(asked)


def test_it_has_one_hidden_layer():
    with pytest.raises(InputError, match=r"the layers are \(192, 20, 20, 10\), but BindsNET's rule has exactly one"):
        PLATFORM.measure(task((20, 20)))


def test_weights_to_the_outputs_learn_between_their_bounds_and_no_others(learner):
    network = learner()
    fixed, before = network.fixed.w.numpy().copy(), network.plastic.w.numpy().copy()
    after = learnt(network, task().samples)
    np.testing.assert_array_equal(network.fixed.w.numpy(), fixed)
    assert np.any(after != before)
    assert after.min() >= 0
    np.testing.assert_allclose(after.sum(axis=0), 50, rtol=1e-5)


def test_a_sample_is_learnt_and_then_changes_nothing(learner):
    network, x = learner(rate=2.0), task().samples.x_train[:1]
    for label in (3, 7):
        network.learn(x.repeat(40, axis=0), np.full(40, label))
        fired = network.show(network.torch.from_numpy(x), learning=False)[0].floor().numpy()
        assert fired[label] > np.delete(fired, label).max()
        assert network.answer(x) == [label]
        before = network.plastic.w.numpy().copy()
        network.learn(x, np.array([label]))
        np.testing.assert_allclose(network.plastic.w.numpy(), before, rtol=1e-5)


def test_samples_are_left_as_they_were(learner):
    network, samples = learner(), task().samples
    before = samples.x_train.copy(), samples.x_test.copy()
    learnt(network, samples)
    network.answer(samples.x_test)
    network.neurobench(samples.x_test)
    np.testing.assert_array_equal(samples.x_train, before[0])
    np.testing.assert_array_equal(samples.x_test, before[1])


def test_the_same_seed_gives_the_same_weights_and_uses_up_no_other_random_numbers(learner):
    samples = task().samples
    first = learner()
    before = first.torch.get_rng_state().numpy().copy()
    one = learnt(first, samples)
    # Others in between, and an answer, leave nothing behind.
    first.torch.rand(3)
    second = learner()
    second.answer(samples.x_test)
    np.testing.assert_array_equal(learnt(second, samples), one)
    first.torch.set_rng_state(first.torch.from_numpy(before))
    assert np.any(learnt(learner(seed=1), samples) != one)
    np.testing.assert_array_equal(first.torch.get_rng_state().numpy(), before)


def test_answers_are_the_same_one_by_one_and_at_once(learner):
    network, samples = learner(), task().samples
    learnt(network, samples)
    at_once = network.answer(samples.x_test)
    one_by_one = np.concatenate([network.answer(x[None]) for x in samples.x_test])
    np.testing.assert_array_equal(at_once, one_by_one)
    assert len(set(at_once)) > 1


def test_what_is_counted_is_what_fired(learner):
    network, samples = learner(), task().samples
    found = network.neurobench(samples.x_test)
    np.testing.assert_array_equal(network.answer(samples.x_test), learner().answer(samples.x_test))
    operations = found["SynapticOperations"]
    assert operations["Dense"] == network.macs()["test"] == STEPS * (192 * 100 + 100 * 10)
    assert network.macs()["train"] == operations["Dense"] + STEPS * 4 * 100 * 10
    hidden_inputs = STEPS * np.count_nonzero(samples.x_test) * 100 / len(samples.x_test)
    assert hidden_inputs < operations["Effective_ACs"] < operations["Dense"]
    assert found["Footprint"] == 4 * (192 * 100 + 100 * 10 + 110)
    assert 0 < found["ActivationSparsity"] < 1
    assert 0 < found["MembraneUpdates"] <= STEPS * 110
