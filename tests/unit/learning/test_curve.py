"""What is told of every epoch, held against a training that is done by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest
from spied_platform import CIRCUIT, EPOCHS, LABELS, PRESENTATION, WEIGHTS, N, SpiedPlatform, X, trained, trained_until

from pynn_backprop.circuit.parameters import Parameters
from pynn_backprop.circuit.training import training_circuit
from pynn_backprop.codes.graded import Graded
from pynn_backprop.learning.curve import UNKNOWN, Curve
from pynn_backprop.learning.presentation import Presentation
from pynn_backprop.learning.progress import Progress
from pynn_backprop.learning.told import told
from pynn_backprop.learning.training import Trainer
from pynn_backprop.platforms import ReferencePlatform
from pynn_backprop.reference.rule import Rule
from pynn_backprop.weights import Weights


def by_hand() -> tuple[list[int], list[float], list[float]]:
    """Error samples, share of weights changed and at the bound, of each epoch."""
    rule = Rule(WEIGHTS, CIRCUIT.parameters, CIRCUIT.code, CIRCUIT.schedule.form)
    errors, changed, bound, before = [], [], [], rule.weights()
    for epoch in range(EPOCHS):
        order = PRESENTATION.order(N, epoch)
        outputs = rule.train(X[order], LABELS[order]).outputs
        targets = np.arange(outputs.shape[1]) == LABELS[order][:, None]
        errors.append(int((outputs != targets).any(axis=1).sum()))
        pairs = [(before[name].ravel(), matrix.ravel()) for name, matrix in rule.weights().items()]
        old, new = (np.concatenate(parts) for parts in zip(*pairs, strict=True))
        changed.append(float(np.mean(old != new)))
        bound.append(float(np.mean(np.abs(new) == CIRCUIT.parameters.w_max)))
        before = rule.weights()
    return errors, changed, bound


def assert_as_by_hand(curve: Curve) -> None:
    assert (curve.error_samples.tolist(), curve.weights_changed.tolist(), curve.weights_at_bound.tolist()) == by_hand()


def test_each_epoch_is_told_as_by_hand():
    errors, changed, _ = by_hand()
    assert 0 < min(errors) <= max(errors) < N
    assert 0 < min(changed) < max(changed) < 1
    assert_as_by_hand(trained()[1].curve)


@pytest.mark.parametrize("cut", [7, 23, 30, 46, 60])
def test_a_training_that_is_taken_up_tells_the_same(cut):
    weights, progress = trained_until(cut)
    assert math.isnan(progress.curve.weights_changed[cut // N]) == (cut < 3 * N)
    _, progress = trained(weights=weights, progress=progress)
    assert_as_by_hand(progress.curve)


def test_weights_at_the_bound_are_counted():
    narrow = Parameters(theta=64, w_max=90)
    trainer = Trainer(ReferencePlatform(), training_circuit((6, 5, 3), narrow), PRESENTATION)
    start = {name: np.clip(matrix, -90, 90) for name, matrix in WEIGHTS.items()}
    weights, progress = trainer.train(X, LABELS, start)
    matrices = np.concatenate([matrix.ravel() for matrix in weights.values()])
    assert progress.curve.weights_at_bound[-1] == np.mean(np.abs(matrices) == 90) > 0


def test_an_error_sample_of_graded_outputs_is_one_that_lacks_a_neuron_or_has_one_too_many():
    code = Graded(4)
    circuit = training_circuit((6, 3), code=code)
    x = code.fire(np.random.default_rng(0).random((30, 6)))
    start, labels = {"W1": np.full((24, 12), 20)}, np.arange(30) % 3
    _, progress = Trainer(ReferencePlatform(), circuit, Presentation(1, shuffle=False)).train(x, labels, start)
    outputs = Rule(start, circuit.parameters, code).train(x, labels).outputs
    wanted = (np.arange(3) == labels[:, None]) * code.n
    assert progress.curve.error_samples.tolist() == [(code.counts(outputs) != wanted).any(axis=1).sum()]


# --- validation


class Shut(SpiedPlatform):
    """Says whether a network is open."""

    @property
    def open(self) -> bool:
        return any(not running.closed for running in self.built)


def test_held_out_samples_are_scored_after_every_epoch_while_no_network_is_open():
    platform, seen = Shut(), []

    def validate(weights: Weights) -> float:
        assert not platform.open
        seen.append(weights)
        return len(seen) / 10

    weights, progress = trained(platform, validate=validate)
    assert progress.curve.validation.tolist() == [0.1, 0.2, 0.3]
    expected, plain = trained()
    for name, matrix in expected.items():
        np.testing.assert_array_equal(weights[name], matrix)
        np.testing.assert_array_equal(seen[-1][name], matrix)
    assert_as_by_hand(progress.curve)
    assert np.isnan(plain.curve.validation).all()
    assert len(platform.built) == EPOCHS


@pytest.mark.parametrize("validated", [False, True])
def test_callbacks_of_epochs_see_all_that_is_known_of_them(validated):
    seen: list[tuple[int, bool, bool]] = []

    def note(progress: Progress) -> None:
        curve, epoch = progress.curve, progress.ended - 1
        seen.append((progress.shown, not math.isnan(curve.weights_changed[epoch]), math.isnan(curve.validation[epoch])))

    trained(epoch_callbacks=[note], validate=(lambda weights: 0.5) if validated else None)
    assert seen == [(N * epoch, True, not validated) for epoch in range(1, EPOCHS + 1)]


def test_an_epoch_at_which_training_is_stopped_is_not_validated_but_the_last_one_is():
    asked: list[Weights] = []

    def validate(weights: Weights) -> float:
        asked.append(weights)
        return 0.5

    assert trained(validate=validate, interrupted=lambda: True)[1].shown == 7
    assert trained_until(N, validate=validate)[1].shown == N
    assert asked == []
    trained_until(N * EPOCHS, validate=validate)
    assert len(asked) == EPOCHS


# --- what is not known


def test_of_an_epoch_that_was_begun_before_errors_are_counted_is_told_what_is_known():
    weights, progress = trained_until(30)
    older = Progress(N, EPOCHS, 30, progress.right.copy())
    _, progress = trained(weights=weights, progress=older)
    errors, changed, bound = by_hand()
    known = progress.curve.as_dict(EPOCHS)
    assert progress.curve.error_samples[:2].tolist() == [UNKNOWN, UNKNOWN]
    assert known == {
        "error_samples_by_epoch": [None, None, errors[2]],
        "weights_changed_by_epoch": [None, None, changed[2]],
        "weights_at_bound_by_epoch": [None, *bound[1:]],
    }
    assert "error samples" in told(progress)


def test_the_words_leave_out_what_is_not_known():
    progress = Progress(10, 2, 10, np.array([7, 0]))
    assert told(progress) == "epoch 1 of 2: 70.0% right before it was learnt"
    progress.curve = Curve(2, np.array([4]), np.array([0.25]), np.array([0.0]), np.array([0.5]))
    assert told(progress) == (
        "epoch 1 of 2: 70.0% right before it was learnt, 4 error samples of 10, 25.0% of the weights changed, "
        "0.0% at the bound, validation 50.0%"
    )
