"""The trainer: it learns what the rule learns, in runs, with callbacks, and goes on where it was interrupted."""

from __future__ import annotations

import copy

import numpy as np
import pytest
from spied_platform import (
    CIRCUIT,
    EPOCHS,
    LABELS,
    PRESENTATION,
    SEED,
    SMALL,
    WEIGHTS,
    N,
    SpiedPlatform,
    X,
    assert_equal_weights,
    trained,
    trained_until,
)

from pynn_backprop.circuit.training import training_circuit
from pynn_backprop.errors import EqualityError
from pynn_backprop.learning.evaluation import first_firing
from pynn_backprop.learning.presentation import Presentation, Record
from pynn_backprop.learning.progress import Progress
from pynn_backprop.learning.training import Trainer
from pynn_backprop.reference.rule import Rule
from pynn_backprop.weights import CheckedWeights, Weights

ORDERS = [PRESENTATION.order(N, epoch) for epoch in range(EPOCHS)]


def test_training_is_the_rule_sample_by_sample():
    weights, progress = trained()
    rule = Rule(WEIGHTS, SMALL)
    right = []
    for order in ORDERS:
        response = rule.train(X[order], LABELS[order])
        right.append(int(np.sum(first_firing(response.outputs) == LABELS[order])))
    assert_equal_weights(weights, rule.weights())
    assert progress.right.tolist() == right
    assert progress.shown == progress.total == N * EPOCHS
    assert any((weights[name] != WEIGHTS[name]).any() for name in weights)


def test_the_weights_that_are_handed_in_are_not_changed():
    before = copy.deepcopy(WEIGHTS)
    trained()
    assert_equal_weights(WEIGHTS, before)


@pytest.mark.parametrize("record", [Record(), Record(["o"])], ids=["rule", "steps"])
def test_the_order_of_the_names_of_the_weights_does_not_matter(record):
    turned = dict(reversed(WEIGHTS.items()))
    assert_equal_weights(trained(weights=turned, record=record)[0], trained()[0])


def test_one_weight_matrix_is_trained_too():
    start = {"W1": WEIGHTS["W2"]}
    weights, _ = Trainer(SpiedPlatform(), training_circuit((5, 3), SMALL)).train(X[:, :5], LABELS, start)
    rule = Rule(start, SMALL)
    order = Presentation().order(N, 0)
    rule.train(X[order, :5], LABELS[order])
    assert_equal_weights(weights, rule.weights())


def test_the_constructor_only_stores_what_it_is_given():
    marks = {name: object() for name in ("platform", "circuit", "presentation", "record", "thinning")}
    assert vars(Trainer(**marks)) == marks


def test_weights_are_read_where_they_come_in_and_where_a_platform_returns_them():
    platform = SpiedPlatform()
    weights, _ = trained(platform, record=Record(["o"], 4))
    assert len(platform.given) == 3
    assert all(isinstance(given, CheckedWeights) for given in (*platform.given, weights))


def test_what_a_platform_returns_must_be_weights_of_the_circuit():
    class Broken(SpiedPlatform):
        def build(self, *arguments):
            running = super().build(*arguments)
            running.weights = lambda: {**WEIGHTS, "W2": WEIGHTS["W2"] + 0.5}
            return running

    with pytest.raises(EqualityError, match=r"W2\[0, 0\] is .*\.5 but weights must be integers"):
        trained(Broken())


# --- runs


def test_runs_have_the_platform_s_length_and_end_with_the_epoch():
    platform = SpiedPlatform(samples_per_run=7)
    trained(platform)
    assert platform.lengths == [7, 7, 7, 2] * EPOCHS


def test_a_run_may_be_longer_than_an_epoch():
    platform = SpiedPlatform(samples_per_run=1000)
    trained(platform)
    assert platform.lengths == [N] * EPOCHS


def test_runs_end_at_every_stop():
    platform = SpiedPlatform(samples_per_run=20)
    trained(platform, stop_at=[3, 30, 25, N * EPOCHS])
    assert platform.lengths == [3, 20, 2, 5, 16, 20, 3]


def test_runs_end_where_recording_starts_and_stops():
    platform = SpiedPlatform(samples_per_run=20)
    trained(platform, record=Record(["o"], 4))
    assert platform.lengths == [4, 19, 20, 3, 19, 4]


@pytest.mark.parametrize("samples_per_run", [1, 4, 1000])
@pytest.mark.parametrize("stop_at", [(), (2, 3, 40)])
def test_how_the_runs_are_cut_does_not_matter(samples_per_run, stop_at):
    weights, progress = trained(SpiedPlatform(samples_per_run), stop_at=stop_at)
    expected, uncut = trained()
    assert_equal_weights(weights, expected)
    np.testing.assert_array_equal(progress.right, uncut.right)


@pytest.mark.parametrize("options", [{"stop_at": [3, 50]}, {"record": Record(["x"], 5)}], ids=["stop", "record"])
def test_training_shows_the_order_of_each_epoch(options):
    platform = SpiedPlatform()
    trained(platform, **options)
    x, labels = platform.shown
    expected = np.concatenate(ORDERS)
    np.testing.assert_array_equal(x, X[expected])
    np.testing.assert_array_equal(labels, LABELS[expected])


def test_without_shuffling_every_epoch_has_the_given_order():
    platform = SpiedPlatform()
    trained(platform, Presentation(EPOCHS, SEED, shuffle=False))
    np.testing.assert_array_equal(platform.shown[0], np.tile(X, (EPOCHS, 1)))
    np.testing.assert_array_equal(platform.shown[1], np.tile(LABELS, EPOCHS))


# --- callbacks


def test_callbacks_are_called_after_each_run_with_the_weights_of_that_moment():
    seen: list[tuple[int, Weights]] = []
    once = Presentation(1, SEED)
    _, progress = trained(SpiedPlatform(10), once, callbacks=[lambda p: seen.append((p.shown, p.running.weights()))])
    assert [shown for shown, _ in seen] == [10, 20, N]
    for shown, weights in seen:
        assert_equal_weights(weights, trained_until(shown, presentation=once)[0])
    assert progress.running is None


def test_the_accuracy_is_that_of_the_present_epoch():
    seen: list[tuple[int, float, int]] = []
    trained(callbacks=[lambda p: seen.append((p.shown, p.accuracy, int(p.right[(p.shown - 1) // N])))])
    assert [accuracy for _, accuracy, _ in seen] == [right / ((shown - 1) % N + 1) for shown, _, right in seen]
    assert Progress(N, EPOCHS).accuracy == 0


def test_the_circuit_is_closed_in_the_end_and_after_an_error():
    def fail(_: Progress) -> None:
        raise RuntimeError("a callback fails")

    good, bad = SpiedPlatform(), SpiedPlatform()
    trained(good)
    with pytest.raises(RuntimeError, match="a callback fails"):
        trained(bad, callbacks=[fail])
    assert [running.closed for running in (*good.built, *bad.built)] == [True, True]


# --- resuming


@pytest.mark.parametrize("cut", [1, 6, 7, N - 1, N, N + 1, 2 * N, 2 * N + 11, N * EPOCHS - 1, N * EPOCHS])
def test_a_training_that_is_resumed_gives_the_same_weights_and_counts(cut):
    half, progress = trained_until(cut)
    assert progress.shown == cut
    assert progress.right.sum() == trained_until(cut)[1].right.sum()
    platform = SpiedPlatform()
    weights, progress = trained(platform, weights=half, progress=progress)
    assert sum(platform.lengths) == N * EPOCHS - cut
    assert [running.skipped for running in platform.built] == [cut][: len(platform.built)]
    expected, uncut = trained()
    assert_equal_weights(weights, expected)
    np.testing.assert_array_equal(progress.right, uncut.right)
    assert progress.shown == N * EPOCHS


def test_a_training_may_be_resumed_from_the_number_of_samples_and_the_counts_alone():
    half, so_far = trained_until(30)
    weights, progress = trained(weights=half, progress=Progress(N, EPOCHS, shown=30, right=so_far.right.copy()))
    expected, uncut = trained()
    assert_equal_weights(weights, expected)
    np.testing.assert_array_equal(progress.right, uncut.right)


def test_a_training_that_is_done_is_returned_as_it_is():
    weights, progress = trained()
    platform = SpiedPlatform()
    again, _ = trained(platform, weights=weights, progress=progress)
    assert again is weights
    assert platform.built == []
    assert CIRCUIT.matrices == {name: matrix.shape for name, matrix in again.items()}
